"""The sample desk's triggers on the answer key's conversations: nothing planted is missed, and look-alikes stay quiet."""

import time

from assets.configure_behavior.triggers.find_triggers import find_triggers
from assets.configure_behavior.triggers.trigger_suite import run_suite, untried_triggers
from benchmarks.triggers import conversations, measure_conversations
from desk.loading import load_behavior
from tests.desks import SAMPLE

BEHAVIOR = load_behavior(SAMPLE)


def test_no_planted_escalation_is_missed():
    measured = measure_conversations(BEHAVIOR)
    assert sum(count for _, count in measured["handed_over"].values()) >= 60
    missed = {reason: counts for reason, counts in measured["handed_over"].items() if counts[0] < counts[1]}
    assert not missed, measured["wrong"]


def test_look_alikes_seldom_fire():
    false, count = measure_conversations(BEHAVIOR)["false_alarms"]
    assert count >= 50
    assert false / count <= 0.04


def test_every_example_of_the_spec_does_what_it_must():
    assert not untried_triggers(BEHAVIOR)
    assert not [str(result) for result in run_suite(BEHAVIOR) if not result.passed]


def test_a_message_takes_milliseconds():
    messages = [turns for _, turns in conversations()]
    known = {"context": {"plan": "pro", "page": "/pricing"}, "category_id": "upgrade_plan", "language": "en"}
    for turns in messages[:5]:
        find_triggers(turns[-1], turns[:-1], BEHAVIOR, **known)
    started = time.perf_counter()
    for turns in messages:
        find_triggers(turns[-1], turns[:-1], BEHAVIOR, **known)
    assert (time.perf_counter() - started) / len(messages) < 0.02
