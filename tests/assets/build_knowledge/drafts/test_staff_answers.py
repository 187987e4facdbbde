"""Replies without what belongs to one customer."""

import pytest

from assets.build_knowledge.drafts.staff_answers import clean_answer, staff_answers
from tests.assets.build_knowledge.drafts.drafting_frames import Desk

ANSWER = "Open Settings, choose Export and press Start. The file arrives by mail within one day."


@pytest.mark.parametrize(
    "reply",
    [
        f"Hi [NAME], thanks for getting in touch.\n\n{ANSWER}\n\nKind regards\n[NAME]",
        f"Dear [NAME],\n{ANSWER}\n\nHope that helps!\nMara from Exampleware",
        f"Hello Jo,\n\n{ANSWER}\n\nBest wishes,\nMara\nExampleware Support",
        f"{ANSWER} I've checked your workspace and all is fine.",
        f"{ANSWER} Could you send me a screenshot?",
        f"{ANSWER}\n\nYou'll find this in our help center, too: https://help.example/articles/7",
    ],
)
def test_only_the_answer_stays(reply):
    assert clean_answer(reply).text == ANSWER


def test_lists_stay_lists_and_are_numbered_anew():
    text = "Hi,\n\n1. Open Settings.\n2. I've looked at your account.\n3. Press Export.\n\nBest\nMara"
    assert clean_answer(text).text == "1. Open Settings.\n2. Press Export."


def test_a_quoted_question_is_part_of_the_instruction():
    text = 'Please click "Forgot password?" at the bottom and wait for the mail.'
    assert clean_answer(text).text == text


def test_a_redacted_address_leaves_a_gap_that_is_reported():
    clean = clean_answer("Look in the spam folder, and ask your IT to allow [EMAIL]. The link works once.")
    assert clean.text == "Look in the spam folder. The link works once."
    assert clean.has_gap


def test_sentences_with_names_or_numbers_of_a_customer_go():
    assert (
        clean_answer("We sent it to [NAME]. Press Export to start the file.").text == "Press Export to start the file."
    )


def test_links_are_kept_aside():
    assert clean_answer("See the article: https://help.example/articles/7.").links == (
        "https://help.example/articles/7",
    )


def run(desk):
    tickets, intents, _, comments = desk.frames()
    return staff_answers(
        comments, tickets, dict(zip(intents["ticket_id"], intents["assigned_category_id"], strict=True))
    )


def test_a_reply_that_asks_back_is_no_answer():
    desk = Desk()
    desk.ticket("export", "How?", ["Which plan does your workspace have right now, Free or Pro?", ANSWER])
    desk.ticket("export", "How?", "Do you use the app or the browser, and which version of it is that?")
    assert run(desk)["answer"].tolist() == [ANSWER]


def test_the_accepted_solution_is_the_answer():
    desk = Desk()
    ticket = desk.ticket(
        "export", "How?", ["Turn it off and on again and wait until it has started once more.", ANSWER]
    )
    desk.tickets[0] |= {"solved_at": desk.comments[2]["created_at"], "solved_at_source": "accepted_answer"}
    found = run(desk).iloc[0]
    assert (found["ticket_id"], found["answer"], found["evidence"]) == (ticket, ANSWER, "accepted_solution")


def test_a_bad_rating_is_no_one_touch_reply():
    desk = Desk()
    desk.ticket("export", "How?", ANSWER, csat="bad")
    desk.ticket("export", "How?", ANSWER, csat="good")
    assert run(desk)["evidence"].tolist() == ["typical_answer", "one_touch_reply"]


def test_a_reply_mostly_about_one_customer_is_no_answer():
    desk = Desk()
    desk.ticket(
        "export",
        "How?",
        f"I have looked at your account and I see three invoices there from last year already. I'll write to you when I know more about each of them and my colleague has answered. {ANSWER}",
    )
    assert run(desk).empty
