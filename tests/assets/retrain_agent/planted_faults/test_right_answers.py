"""A text is right when it gives the right answer, and no other one, whatever its words."""

from assets.retrain_agent.planted_faults.right_answers import RightAnswers

ANSWERS = {
    "invite": "Owners invite people under Settings > Members. An invitation is valid for 7 days.",
    "export": "Owners export the workspace under Settings > Workspace > Export; the link is valid for 3 days.",
    "guests": "Guests cannot edit documents on the Free plan.",
}


def test_the_answer_itself_and_the_same_in_other_words_are_right():
    answers = RightAnswers(ANSWERS)
    assert answers.says(ANSWERS["invite"], "invite")
    assert answers.says("To invite people go to Settings > Members as an owner; the invitation lasts 7 days.", "invite")


def test_another_answer_or_half_of_it_is_not():
    answers = RightAnswers(ANSWERS)
    assert not answers.says(ANSWERS["export"], "invite")
    assert not answers.says("Please write to us.", "invite")
    assert not answers.says("Owners invite people under Settings > Members.", "invite"), "the number is missing"


def test_of_an_aged_answer_what_was_is_wrong_and_what_is_is_right():
    old = ANSWERS["guests"].replace("cannot", "can")
    answers = RightAnswers(ANSWERS, {"guests": old})
    assert not answers.says(old, "guests")
    assert answers.says("On the Free plan guests cannot edit documents, sorry.", "guests")
    assert not answers.says("On the Free plan guests can edit documents.", "guests")
    assert not answers.says(f"{old} {ANSWERS['guests']}", "guests"), "it says both"


def test_an_entry_nobody_knows_is_never_right():
    assert not RightAnswers(ANSWERS).says("anything", "new-one")
