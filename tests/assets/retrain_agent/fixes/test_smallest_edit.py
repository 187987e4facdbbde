"""How little of an answer changes when people say something else."""

import pytest

from assets.retrain_agent.fixes.smallest_edit import SENTENCES, VALUES, WHOLE, smallest_edit

OLD = """1. On the login page enter your address and press Continue.
2. Open the mail. The link works once, for 30 minutes.

- Look in your spam folder.

Neither support nor an admin
can see a password."""


def test_a_sentence_that_people_say_differently_is_swapped_and_the_rest_stays_as_it_is_set():
    edit = smallest_edit(OLD, OLD.replace("30 minutes", "60 minutes"), says_the_same=True)

    assert edit is not None
    assert edit.way == SENTENCES
    assert edit.answer == OLD.replace("30 minutes", "60 minutes")
    assert edit.swapped == (("The link works once, for 30 minutes.", "The link works once, for 60 minutes."),)


def test_a_value_is_swapped_where_people_say_the_same_in_other_words():
    right = "Use the newest mail; its link works once and for 60 minutes. Nobody in support can see a password."

    edit = smallest_edit(OLD, right, says_the_same=True)

    assert edit is not None
    assert (edit.way, edit.swapped) == (VALUES, (("30 minutes", "60 minutes"),))
    assert edit.answer == OLD.replace("30 minutes", "60 minutes")


def test_the_value_of_another_matter_is_not_taken_over():
    right = "Files are kept in the trash for 60 minutes."

    edit = smallest_edit(OLD, right, says_the_same=True)

    assert edit is not None
    assert (edit.way, edit.answer) == (WHOLE, right)


def test_the_same_said_shorter_changes_nothing():
    right = (
        "Enter your address, press Continue and open the mail; look in the spam folder. Support cannot see passwords."
    )

    assert smallest_edit(OLD, right, says_the_same=True) is None


def test_another_answer_takes_the_whole_place():
    right = "Invoices lie in the payments portal since June. Sign in with the mailed code."

    edit = smallest_edit("Download invoices under Settings > Billing.", right, says_the_same=False)

    assert edit is not None
    assert (edit.way, edit.answer) == (WHOLE, right)


@pytest.mark.parametrize("right", [OLD, OLD.upper(), "  " + OLD.replace("\n", "\n\n")])
def test_the_same_words_change_nothing(right: str):
    assert smallest_edit(OLD, right, says_the_same=True) is None
