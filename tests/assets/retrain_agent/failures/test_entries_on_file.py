"""Entries beside failures: live or aside, and which are variants of one question."""

from __future__ import annotations

import pandas as pd
import pytest

from assets.retrain_agent.failures.entries_on_file import are_variants, entries_on_file, facts_of
from tests.assets.retrain_agent.failures.small_cases import INVOICE, SPACE, SSO, STANDARD, entry, known


def on_file(*rows, aside=()):
    frames = known(*rows, aside=aside)
    return {one.entry_id: one for one in entries_on_file(frames.live, frames.aside)}


@pytest.mark.parametrize(
    ("why", "is_old"),
    [
        ("its review was due by 2026-05-01", True), ("it was right until 2026-05-01", True),
        ("stale (ended_value): correct it", True), ("contradiction (differs_in_number): find out which is right", True),
        ("its file says draft: it waits to be accepted", False), ("nobody has accepted this version", False),
        ("it has no owner", False), ("it is retired", False),
    ],
)  # fmt: skip
def test_why_an_entry_is_aside(why, is_old):
    found = on_file(STANDARD, aside=[{**INVOICE, "why_not_live": [why]}])["invoice"]
    assert (found.is_live, found.is_out_of_date) == (False, is_old)


def test_an_entry_that_is_live_and_aside_is_live_and_one_without_words_is_left_out():
    broken = {**SPACE, "answer": None, "why_not_live": ["its file cannot be read any more"]}
    found = on_file(STANDARD, aside=[{**STANDARD, "why_not_live": ["old"]}, broken])
    assert list(found) == ["reset-standard"]
    assert found["reset-standard"].is_live


def test_variants_answer_one_question_for_different_customers():
    found = on_file(STANDARD, SSO, INVOICE, entry("bill", "invoices", "How do I read a bill?", "Line by line."))
    assert are_variants(found["reset-standard"], found["reset-sso"], 1.0)
    assert not are_variants(found["reset-standard"], found["reset-standard"], 1.0)
    assert not are_variants(found["reset-standard"], found["invoice"], 1.0), "another category is another question"
    assert are_variants(found["invoice"], found["bill"], 0.9)
    assert not are_variants(found["invoice"], found["bill"], 0.3)


def test_facts_that_cannot_be_read_are_none():
    assert facts_of('{"plan": "pro"}') == {"plan": "pro"}
    assert [facts_of(one) for one in (None, pd.NA, "not JSON", "[1]")] == [{}, {}, {}, {}]
