"""Harm and minutes."""

from assets.retrain_agent.frames import FAILURE_TYPES
from assets.retrain_agent.patterns.pattern_harm import HARM, harm_of, minutes_per_month


def test_every_type_has_its_harm_and_the_worst_is_a_person_who_was_not_called():
    assert set(HARM) == set(FAILURE_TYPES)
    assert max(HARM, key=HARM.get) == "missed_escalation"
    assert min(HARM, key=HARM.get) == "tone_or_length"
    assert all(0 < one <= 1 for one in HARM.values())


def test_what_was_only_drafted_does_less_harm_than_what_was_said():
    assert (
        harm_of("stale_knowledge", "answer")
        > harm_of("stale_knowledge", "draft")
        > harm_of("stale_knowledge", "escalate")
        > 0
    )
    assert harm_of("needless_escalation", "escalate") == HARM["needless_escalation"]
    assert harm_of("something new", None) == HARM["unexplained"]


def test_minutes_rest_on_what_is_known():
    assert minutes_per_month(6.0, [10.0, None, 20.0]) == (90.0, "mean of the 2 of 3 failures with a handle time")
    assert minutes_per_month(6.0, [None]) == (None, "no handle time is known")
