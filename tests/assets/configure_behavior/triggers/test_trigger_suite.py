"""The suite runs every example by its trigger alone, and a trigger without examples is named."""

from assets.configure_behavior.triggers.trigger_suite import run_suite, untried_triggers
from tests.behaviors import behavior, trigger


def test_examples_that_do_what_they_must_pass():
    spec = behavior(trigger(phrases=["cancel"], fires_on=["cancel", ["cancel", "ok"]], quiet_on=["hello"]))
    results = run_suite(spec)
    assert [(one.must_fire, one.fired, one.passed) for one in results] == [(True, True, True)] * 2 + [
        (False, False, True)
    ]


def test_failures_are_said_as_sentences():
    spec = behavior(trigger(phrases=["cancel"], fires_on=["stop"], quiet_on=["cancel the upload"]))
    missed, false = [str(one) for one in run_suite(spec) if not one.passed]
    assert missed == "trigger 'one' must fire on “stop” and does not: nothing it listens for was found"
    assert false == "trigger 'one' must not fire on “cancel the upload” and does: “cancel”"


def test_an_example_brings_its_own_context_category_and_language():
    sample = {"turns": ["hello"], "context": {"plan": "pro"}, "category": "billing", "language": "de"}
    scope = {"context": {"plan": ["pro"]}, "categories": ["billing"], "languages": ["de"]}
    (result,) = run_suite(behavior(trigger(only_for=scope, fires_on=[sample])))
    assert result.passed


def test_other_triggers_do_not_help():
    other = {**trigger(phrases=["hello"]), "id": "two"}
    results = run_suite(behavior(trigger(phrases=["cancel"], fires_on=["hello"]), other))
    assert [one.passed for one in results] == [False]


def test_a_trigger_without_examples_is_a_problem():
    spec = behavior(trigger(phrases=["x"]), {**trigger(phrases=["x"], fires_on=["x"]), "id": "two"})
    first, second = untried_triggers(spec)
    assert "trigger 'one' has no example under fires_on and quiet_on" in first
    assert "trigger 'two' has no example under quiet_on" in second
