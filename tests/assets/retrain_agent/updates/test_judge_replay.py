"""What people said of an answer judges another one, and what nobody said stays open."""

import pytest

from assets.retrain_agent.updates.judge_replay import Said, Standard, is_right, outdated_versions
from assets.retrain_agent.updates.same_words import SameWords
from tests.assets.retrain_agent.updates.small_frames import case, cases
from tests.encoders import HashingEncoder

OLD = "Invoices are under Settings > Billing > Invoices, where the workspace owner can download them."
NEW = "Sign in to the payments portal with the code mailed to the billing contact and pick the year of the invoice."
RIGHT = (
    "They are in the payments portal: sign in with the code that is mailed to the billing contact and pick the year."
)
PASSWORD = "Choose Forgot password on the login page and follow the link in the mail. The link works for 60 minutes."
AGED = "Choose Forgot password on the login page and follow the link in the mail. The link works for 24 hours."
ANSWERS = {("e1", "h1"): OLD, ("e1", "h2"): NEW, ("e2", "h1"): PASSWORD, ("e2", "old"): AGED}
WORDS = SameWords(ANSWERS.values(), [*ANSWERS.values(), RIGHT, "The link works for 60 minutes only, choose Forgot password on the login page."], HashingEncoder().encode)  # fmt: skip


def standard(outdated=()) -> Standard:
    return Standard(WORDS, ANSWERS, set(outdated))


def said(action="answer", entry="e1", content="h1", category="invoice_copy", reply=None, considered=None) -> Said:
    answer = ANSWERS.get((entry, content)) if entry else None
    words = {} if answer is None else {entry: answer}
    return Said(action, category, entry, content if entry else None, answer, reply or answer, considered or words)


def judged(row, what, outdated=()):
    return is_right(row, what, standard(outdated))


def test_the_same_said_again_is_judged_as_before():
    assert judged(case(), said()) is True
    assert judged(case(is_wrong=True, said_reason="wrong_answer"), said()) is False
    assert judged(case(is_wrong=True, said_reason="outdated", right_answer=RIGHT), said(action="draft")) is False
    asked = case(action="ask", reply="Which plan is it?", is_wrong=True, right_answer=RIGHT)
    assert judged(asked, said(action="ask", content="h2", reply="Which plan is it?")) is False


def test_words_of_a_person_decide_whatever_entry_says_them():
    wrong = case(is_wrong=True, said_reason="outdated", right_answer=RIGHT)
    assert judged(wrong, said(content="h2")) is True
    assert judged(wrong, said(entry="e2")) is False
    assert judged(wrong, said(action="draft", content="h2")) is True
    assert judged(wrong, said(action="escalate", entry=None)) is False
    assert judged(wrong, said(action="escalate", content="h2")) is True


def test_an_aged_value_is_not_what_a_person_said():
    words = "The link works for 60 minutes only, choose Forgot password on the login page."
    wrong = case(is_wrong=True, said_reason="wrong_category", right_answer=words)
    assert judged(wrong, said(entry="e2", content="h1")) is True
    assert judged(wrong, said(entry="e2", content="old")) is False


def test_entries_that_people_named_count_like_words():
    wrong = case(is_wrong=True, right_entry_ids=["e2"])
    assert judged(wrong, said(entry="e2")) is True
    assert judged(wrong, said(content="h2")) is False


def test_nobody_said_what_would_be_right_so_that_something_else_stays_open():
    assert judged(case(is_wrong=True, said_reason="wrong_answer"), said(entry="e2")) is None
    assert judged(case(is_wrong=True, said_reason="too_long"), said(reply="Hi, " + OLD)) is None


def test_who_needs_a_person_gets_one_and_who_does_not_does_not():
    missed = case(is_wrong=True, said_reason="should_have_escalated", should_escalate=True)
    assert judged(missed, said(action="escalate", entry=None)) is True
    assert judged(missed, said(entry="e2")) is False
    needless = case(action="escalate", entry_ids=[], entry_hashes=[], is_wrong=True, said_reason="needless_escalation", should_escalate=False, right_answer=RIGHT)  # fmt: skip
    assert judged(needless, said(action="escalate", content="h2")) is False
    assert judged(needless, said(content="h2")) is True
    assert judged(needless, said(entry="e2")) is False
    rightly = case(action="escalate", entry_ids=[], entry_hashes=[], should_escalate=True)
    assert judged(rightly, said(action="escalate", content="h2")) is True
    assert judged(rightly, said()) is False


def test_what_was_answered_well_is_not_handed_over():
    assert judged(case(), said(action="escalate")) is False
    assert judged(case(action="draft"), said(action="escalate")) is True


def test_the_category_alone_counts_where_it_was_the_matter():
    wrong = case(is_wrong=True, said_reason="wrong_category", right_category_id="password_reset")
    assert judged(wrong, said(entry="e2", category="password_reset")) is True
    assert judged(wrong, said()) is False
    assert judged(wrong, said(action="escalate", entry=None, category="password_reset")) is None


def test_a_question_that_leads_to_the_right_answer_is_no_answer_yet():
    wrong = case(is_wrong=True, right_answer=RIGHT)
    leads = said(action="ask", reply="Which plan?", considered={"e1": NEW, "e2": PASSWORD})
    assert judged(wrong, leads) is None
    assert judged(wrong, said(action="ask", reply="Which plan?", considered={"e2": PASSWORD})) is False


def test_a_draft_that_suggests_a_question_says_no_entry():
    drafted = case(action="draft", reply="Hi, which plan is it?", entry_ids=["e2"])
    assert judged(drafted, said(action="draft", reply="Hi, which plan is it?")) is True
    assert judged(drafted, said(action="draft", reply="Hi, which role is yours?")) is None
    assert judged(drafted, said(action="draft", entry="e2")) is None


def test_what_was_right_stays_right_only_with_an_answer_that_says_the_same():
    assert judged(case(), said(content="h2")) is False
    assert judged(case(), said(entry="e2")) is False
    assert judged(case(right_answer=RIGHT), said(content="h2")) is True
    assert judged(case(entry_hashes=["gone"]), said(content="h2")) is None


def test_praise_of_what_is_outdated_by_now_is_no_measure():
    assert judged(case(), said(content="h2"), outdated=[("e1", "h1")]) is None
    assert judged(case(), said(), outdated=[("e1", "h1")]) is True


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ([True, True], {("e1", "h1")}),
        ([True, False, True, True], {("e1", "h1")}),
        ([True], set()),
        ([True, True, False, False, False], set()),
    ],
)
def test_a_version_is_outdated_where_most_who_judged_it_since_say_so(later, expected):
    earlier = [case(number) for number in range(1, 21)]
    rows = [
        case(30 + number, is_wrong=old, said_reason="outdated" if old else None) for number, old in enumerate(later)
    ]
    assert outdated_versions(cases(*earlier, *rows)) == expected


def test_one_customer_alone_makes_nothing_outdated():
    rows = [case(number, is_wrong=True, said_reason="outdated", requester_id="same") for number in range(5)]
    assert outdated_versions(cases(*rows)) == set()
    assert outdated_versions(cases()) == set()
