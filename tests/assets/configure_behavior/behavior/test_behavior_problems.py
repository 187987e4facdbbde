"""What a spec lacks is named, with what to do; a complete one has no problem."""

import pytest

from assets.configure_behavior.behavior.behavior_problems import KnownEntries, behavior_problems, condition_fields
from tests.behaviors import REPLY, behavior, trigger

GOOD = {"phrases": ["cancel"], "fires_on": ["cancel"], "quiet_on": ["hello"]}
ENTRIES = KnownEntries({"reset-sso", "reset-standard"}, ["plan", "sso"])
ASKS = {"plan": "Which plan?", "sso": "Which login?"}


def problems(*triggers, categories=("refunds",), languages=("en",), entries=None, **changes):
    spec = behavior(*(triggers or (trigger(**GOOD),)), **changes)
    return behavior_problems(spec, categories=categories, languages=languages, entries=entries)


def test_a_complete_spec_has_none():
    assert problems(clarify=ASKS, entries=ENTRIES) == []


def test_examples_that_fail_and_triggers_without_any_are_named():
    (failed,) = problems(trigger(phrases=["cancel"], fires_on=["stop"], quiet_on=["hello"]))
    assert "must fire on “stop” and does not" in failed
    (untried,) = problems(trigger(phrases=["cancel"]))
    assert "has no example" in untried


def test_example_replies_must_keep_to_the_tone():
    (problem,) = problems(tone={"languages": ["en"], "greeting": "Hi", "closing": "Bye", "avoid": ["kind regards"]})[:1]
    assert problem.startswith("example 1 (“case 1”) breaks the tone it is to set: It says “kind regards”")


@pytest.mark.parametrize(
    ("triggers", "changes", "place"),
    [
        ([trigger(**GOOD, only_for={"categories": ["refund"]}, except_for=None)], {}, "trigger 'one'"),
        ([trigger(**GOOD, except_for={"categories": ["refund"]})], {}, "trigger 'one'"),
        ([trigger(**{**GOOD, "fires_on": [{"turns": ["cancel"], "category": "refund"}]})], {}, "trigger 'one'"),
        ([], {"confidence": {"categories": {"refund": {"risk": 0.02}}}}, "confidence"),
        ([], {"pages": [{"id": "p", "where": {"pages": ["/"]}, "means": "m", "prefer_categories": ["refund"]}]}, "page rule 'p'"),
        ([], {"handoff": {"queues": {"refund": "billing"}, "message": "Wait."}}, "handoff: queues"),
    ],
)  # fmt: skip
def test_categories_nobody_accepted_are_named_with_what_was_meant(triggers, changes, place):
    said = [one for one in problems(*triggers, **changes) if "categories.yaml" in one]
    assert said == [f"{place} names category 'refund', which is not in categories.yaml. Did you mean 'refunds'?"]


def test_entries_offered_must_be_on_file_once_there_is_knowledge():
    page = {"id": "login", "where": {"pages": ["/login"]}, "means": "m", "offer_entries": ["reset-ss"]}
    assert problems(pages=[page]) == []
    (problem,) = problems(pages=[page], entries=ENTRIES, clarify=ASKS)
    assert "offers entry 'reset-ss', which is not on file. Did you mean 'reset-sso'?" in problem


def test_every_language_needs_its_texts():
    said = problems(languages=("en", "de"))
    assert any("language de is not under tone: languages" in one for one in said)
    tone = {"languages": ["en", "de"], "greeting": {"en": "Hi"}, "closing": {"en": "Bye", "de": "Tschüss"}}
    page = {"id": "p", "where": {"pages": ["/"]}, "means": "m", "opening": {"en": "Welcome"}}
    said = problems(languages=("en", "de"), tone=tone, clarify={"plan": "Which plan?"}, pages=[page])
    assert "tone has no greeting in de; write one" in said
    assert "the question for plan is missing in de" in said
    assert "the opening of page rule 'p' is missing in de" in said
    assert any(one.startswith("handoff: message is missing in de") for one in said)


def test_a_customer_must_be_told_that_a_person_takes_over():
    assert any("handoff: message is empty" in one for one in problems(handoff={}))


def test_facts_that_decide_need_a_question():
    (problem,) = problems(entries=ENTRIES, clarify={"plan": "Which plan?"})
    assert "live entries depend on sso" in problem


def test_condition_fields_are_those_asked_about():
    assert condition_fields([{"plan": ["pro"]}, {"not_plan": ["free"], "sso": ["true"]}, {}]) == ["plan", "sso"]


def test_the_examples_of_the_test_spec_are_fine():
    assert REPLY
    assert not [one for one in problems() if one.startswith("example")]
