"""What differs between two texts: nothing is lost, and only what changed is marked."""

import random

import pytest

from desk.entry import Entry
from service.console.knowledge.differences import entry_changes, marked_quotes, word_runs
from service.console.knowledge.finding_pages import quotes_in
from service.console.knowledge.words import MAX_SHOWN_CHARS, bounded, for_whom


def before_of(runs) -> str:
    return "".join(one.text for one in runs if one.kind != "new")


def after_of(runs) -> str:
    return "".join(one.text for one in runs if one.kind != "gone")


def test_words_that_changed_are_marked_and_no_others():
    runs = word_runs("Press Reset.\nThe link lives 24 hours.", "Press Reset.\nThe link lives 60 minutes.")
    assert [one.text for one in runs if one.kind == "gone"] == ["24", "hours"]
    assert [one.text for one in runs if one.kind == "new"] == ["60", "minutes"]


def test_a_text_that_was_rewritten_is_shown_as_gone_and_new_and_an_added_sentence_is_not():
    before, after = "Open Settings, then Plan and billing.", "Sign in at the portal and pick a year."
    assert [(one.kind, one.text) for one in word_runs(before, after)] == [("gone", before), ("new", after)]
    assert [one.kind for one in word_runs(before, f"{before} {after}")] == ["same", "new"]


@pytest.mark.parametrize("seed", range(60))
def test_both_texts_can_be_read_out_of_the_runs(seed):
    pick = random.Random(seed)
    pieces = ["reset", "plan", "\n", " ", ".", "é", "<b>", "  ", "\n\n", "pro"]
    one = "".join(pick.choices(pieces, k=pick.randint(0, 30)))
    two = "".join(pick.choices(pieces, k=pick.randint(0, 30)))
    runs = word_runs(one, two)
    assert before_of(runs) == one
    assert after_of(runs) == two


def test_equal_texts_have_no_change():
    assert {one.kind for one in word_runs("a\nb", "a\nb")} == {"same"}
    assert word_runs("", "") == ()


def test_changed_fields_are_named_as_people_call_them():
    entry = Entry(id="a", category="c", question="Q?", answer="A.", phrasings=["p"])
    changed = entry.changed(answer="B.", conditions={"sso": ["true"]}, owner="Ida")
    assert [one.title for one in entry_changes(entry, changed)] == ["Answer", "For whom"]


def test_quotes_are_found_across_marks_and_line_ends():
    text = "1. Open Settings.\n\nThe link is **valid** for\n24 hours. Bye."
    runs = marked_quotes(text, ["The link is valid for 24 hours."], "The link works for 60 minutes.")
    assert "".join(one.text for one in runs) == text
    marked = " ".join(one.text for one in runs if one.kind == "new")
    assert "24" in marked
    assert "hours" in marked
    assert "Open" not in marked


def test_a_cut_quote_counts_as_its_ends():
    assert quotes_in("It says “Go to Settings … press Save.” and “Yes.”") == ["Go to Settings", "press Save.", "Yes."]


def test_conditions_read_as_a_sentence():
    assert for_whom({}) == "For everybody"
    assert for_whom({"not_os": ["mac"], "plan": ["pro", "team"], "sso": ["true"]}) == (
        "Only where os is not mac, and plan is pro or team, and sso is yes"
    )


def test_no_more_is_shown_than_a_page_can_bear():
    assert bounded("x" * MAX_SHOWN_CHARS) == "x" * MAX_SHOWN_CHARS
    assert len(bounded("x" * 10 * MAX_SHOWN_CHARS)) < MAX_SHOWN_CHARS + 100
