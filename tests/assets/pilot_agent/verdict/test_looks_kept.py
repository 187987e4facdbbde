"""A look that was made stands, whatever is known later."""

from __future__ import annotations

import pandas as pd

from assets.pilot_agent.verdict.clustered_rates import Tally
from assets.pilot_agent.verdict.looks import Look
from assets.pilot_agent.verdict.looks_kept import COLUMNS, looks_of, stops_of, with_made
from assets.pilot_agent.verdict.safety import SafetyStop
from desk.pilot_blocks import SafetyRule

AT = pd.Timestamp("2026-04-20", tz="UTC")
GOOD, BAD = Look(4, {"over all": "expand", "login": "expand"}), Look(4, {"over all": "hold"})


def with_look(kept, look, *about):
    return with_made(kept, [] if look is None else [look], [], *about)


def test_a_stop_is_kept_once_as_it_was_made():
    rule = SafetyRule(metric="answer_incorrect_rate", limit=0.05)
    first = SafetyStop("login", 1, rule, Tally(10, 40, 38, 1.1, 20.0), 0.0001, 0.002)
    kept = with_made(None, [GOOD], [first], "spring", "a" * 64, AT)
    later = SafetyStop("login", 2, rule, Tally(11, 90, 80, 1.1), 0.0002, 0.003)
    again = with_made(kept, [], [later], "spring", "a" * 64, AT + pd.Timedelta(days=7))
    pd.testing.assert_frame_equal(again, kept)
    assert stops_of(again, "a" * 64) == [first]
    assert looks_of(again, "a" * 64) == [GOOD]
    assert stops_of(again, "b" * 64) == []


def test_what_was_kept_is_read_back():
    kept = with_look(None, Look(3, {"over all": "keep_collecting"}), "spring", "a" * 64, AT)
    kept = with_look(kept, GOOD, "spring", "a" * 64, AT + pd.Timedelta(days=7))
    assert looks_of(kept, "a" * 64) == [Look(3, {"over all": "keep_collecting"}), GOOD]
    assert kept["made_as_of"].tolist() == [AT, AT + pd.Timedelta(days=7)]


def test_a_look_is_made_once():
    kept = with_look(None, GOOD, "spring", "a" * 64, AT)
    again = with_look(kept, BAD, "spring", "a" * 64, AT + pd.Timedelta(days=30))
    pd.testing.assert_frame_equal(again, kept)


def test_another_plan_has_looks_of_its_own():
    kept = with_look(with_look(None, GOOD, "spring", "a" * 64, AT), BAD, "spring", "b" * 64, AT)
    assert (looks_of(kept, "a" * 64), looks_of(kept, "b" * 64), looks_of(kept, "c" * 64)) == ([GOOD], [BAD], [])


def test_without_a_look_nothing_changes_and_an_empty_frame_is_typed():
    empty = with_look(None, None, "", "", pd.NaT)
    assert dict(empty.dtypes) == dict(with_look(None, GOOD, "spring", "a" * 64, AT).dtypes)
    assert list(empty.columns) == list(COLUMNS)
    assert looks_of(None, "a" * 64) == looks_of(empty, "a" * 64) == []
    kept = with_look(empty, GOOD, "spring", "a" * 64, AT)
    pd.testing.assert_frame_equal(with_look(kept, None, "spring", "a" * 64, AT), kept)


def test_looks_come_in_the_order_of_weeks():
    kept = with_look(with_look(None, GOOD, "s", "a", AT), Look(2, {"over all": "hold"}), "s", "a", AT)
    assert [one.week for one in looks_of(kept, "a")] == [2, 4]
