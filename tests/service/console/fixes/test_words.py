"""Codes, figures and weeks as a support lead reads them."""

import datetime as dt

import pytest

from assets.retrain_agent import frames
from assets.retrain_agent.effects.effect import Effect, not_measurable
from assets.retrain_agent.fixes.proposal import KINDS
from assets.retrain_agent.patterns.pattern_trend import TRENDS
from service.console.fixes import words
from service.console.fixes.effects_chart import Scale, form_of
from service.console.fixes.reading import Change, Week


def test_every_type_and_kind_has_words():
    assert {
        one for one in frames.FAILURE_TYPES if words.failure_type(one) != one.replace("_", " ").capitalize()
    } == set(frames.FAILURE_TYPES)
    assert set(words.TRENDS) == set(TRENDS)
    assert set(words.KINDS) == set(KINDS)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(45.0, "45 minutes of people's time a month"), (840.0, "14 hours of people's time a month"), (None, "")],
)
def test_people_s_time_is_in_minutes_until_it_is_hours(minutes, said):
    assert words.time_spent(minutes) == said


def test_less_than_a_ticket_is_not_none():
    assert words.volume(0.4) == "less than one ticket a month"
    assert words.volume(1.0) == "1 ticket a month"
    assert words.volume(0.0) == "0 tickets a month"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("nothing", "In the week of 9 March 2026 nothing was built: no accepted change could be taken up."),
        ("built", "In the week of 9 March 2026 a release was built with C-001, C-002. Of 6 tickets that they are about, "
                  "replayed, 5 are right only with them and 1 only without. Of 133 tickets that must not change, none came "
                  "out otherwise."),
    ],
)  # fmt: skip
def test_a_week_is_said_in_a_sentence(status, said):
    assert words.week_in_words(Week("2026-03-09", status, (), None, ("C-001", "C-002"), 6, 5, 1, 133, 0)) == said
    assert words.week_in_words(None) == "No week's release was built yet."


def test_a_change_that_was_taken_back_says_so():
    at = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)
    made = Change("C-001", None, "edit_entry", "T", (), (), (), False, False, None, at, "e" * 64, at, at, "ended")
    assert words.change_in_words(made) == (
        "Accepted by an erased person on 9 March 2026. It ended on 9 March 2026: it was rolled back or replaced."
    )


def effect(verdict, difference, low, high):
    return Effect("C-001", "resolution_rate", "paired", 40, 6, difference, low, high, 0.01, verdict, "why")


def test_a_forest_holds_every_interval_and_zero_on_one_scale():
    scale = Scale.over([effect("improvement", 0.12, 0.05, 0.19), effect("worse", -0.03, -0.05, -0.01)])
    places = [scale.place(one) for one in (-0.05, 0.0, 0.05, 0.19)]
    assert places == sorted(places)
    assert 0 < places[0] < places[-1] < 100
    assert scale.place(0.05) - scale.place(0.0) == pytest.approx(scale.place(0.0) - scale.place(-0.05), abs=0.02)


def test_what_cannot_be_judged_has_no_place_on_the_scale():
    scale = Scale.over(
        [not_measurable("C-001", "csat", "live", 3, "too few"), effect("no_effect_shown", 0.0, 0.0, 0.0)]
    )
    assert scale.place(0.0) == 50.0


def test_marks_follow_the_verdict_and_not_the_sign():
    assert [form_of(effect(one, -0.1, -0.2, -0.05)) for one in ("improvement", "worse", "no_effect_shown")] == [
        "good", "bad", "open",
    ]  # fmt: skip
