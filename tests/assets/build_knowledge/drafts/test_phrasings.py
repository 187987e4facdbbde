"""Common and different phrasings, without near-duplicates and without placeholders."""

import pandas as pd

from assets.build_knowledge.drafts.customer_questions import MAX_QUESTION_CHARS, customer_questions
from assets.build_knowledge.drafts.phrasings import belonging, choose_diverse, mine_phrasings, phrasings_of_entries
from tests.assets.build_knowledge.drafts.drafting_frames import Desk, embed, entries

ASKED = [
    "How do I reset my password?",
    "how do i reset my password",
    "How can I reset a password?",
    "The reset link for my password expired",
    "The reset link expired again",
    "Login code rejected after password change",
    "Password change rejects my login code",
    "Zebra umbrella kettle",
]


def frame(questions, languages=None):
    return pd.DataFrame(
        {"question": questions, "language": languages or ["en"] * len(questions), "strength": [3.0] * len(questions)}
    )


def test_the_commonest_comes_first_and_no_two_are_alike():
    chosen = [ASKED[row] for row in choose_diverse(ASKED, embed(ASKED), count=5)]
    assert "reset" in chosen[0].lower()
    folded = {one.lower().rstrip("?") for one in chosen}
    assert len(folded) == len(chosen)
    assert len({"how do i reset my password", "how can i reset a password"} & folded) <= 1


def test_one_odd_customer_is_no_phrasing():
    chosen = [ASKED[row] for row in choose_diverse(ASKED, embed(ASKED), count=8, share_common=0.4)]
    assert "Zebra umbrella kettle" not in chosen


def test_other_languages_follow_the_main_one_and_are_kept_apart():
    asked = [*ASKED[:4], "Wie setze ich mein Passwort zurück?", "Passwort vergessen, was nun?"]
    found = mine_phrasings(frame(asked, ["en"] * 4 + ["de"] * 2), embed(asked), "en", count=3, others=2)
    german = [place for place, one in enumerate(found) if "asswort" in one]
    assert german
    assert min(german) > max(place for place, one in enumerate(found) if "password" in one.lower())


def test_nothing_asked_gives_nothing():
    assert choose_diverse([], embed(["x"])[:0]) == []
    assert mine_phrasings(frame([]), embed(["x"])[:0], "en") == []


def test_a_sentence_that_is_added_to_anything_belongs_nowhere():
    asked = [
        "invoice download pdf",
        "invoice pdf copy",
        "invoice copy download",
        "sync phone tablet",
        "sync tablet now",
    ]
    categories = pd.Series(["a", "a", "a", "b", "b"]).to_numpy()
    share = belonging(categories, embed(asked), neighbours=2)
    assert share[0] == 1.0
    assert share[3] == 0.5


def test_entries_get_only_phrasings_they_lack():
    questions = frame(ASKED).assign(category_id="password")
    given = entries({"entry_id": "reset", "category_id": "password", "phrasings": ["How do I reset my password?"]})
    found = phrasings_of_entries(
        given, questions, embed(ASKED), embed(["How do I reset my password?"]), "en", least=0.4
    )
    assert len(found)
    assert "How do I reset my password?" not in set(found["phrasing"])
    assert found["place"].tolist() == list(range(1, len(found) + 1))


def test_the_sentence_that_asks_is_found_without_greeting_story_or_personal_data():
    desk = Desk()
    for ways in ("How do I export all documents?", "Export all documents, how?", "Can I export the documents?"):
        desk.ticket(
            "export",
            f"Dear support team,\n\nI work with [NAME] in a bakery. I've tried three browsers already. {ways} My number is [PHONE].\n\nThanks a lot\n[NAME]",
        )
    for way in ("The app crashes at start", "Crash after the update of the app"):
        desk.ticket("crash", f"Hello,\n{way}. I've tried three browsers already.")
    _, intents, _, comments = desk.frames()
    found = customer_questions(comments, dict(zip(intents["ticket_id"], intents["assigned_category_id"], strict=True)))
    assert found["question"].tolist()[:3] == [
        "How do I export all documents?",
        "Export all documents, how?",
        "Can I export the documents?",
    ]
    assert not found["question"].str.contains(r"\[").any()
    assert found["question"].str.len().max() <= MAX_QUESTION_CHARS


def test_a_mail_without_a_question_gives_none():
    desk = Desk()
    desk.ticket("export", "Hello,\nthank you very much!\nBest regards\n[NAME]")
    _, _, _, comments = desk.frames()
    assert customer_questions(comments, {"desk:1": "export"}).empty
