"""What changed between two specs is said in words, part by part."""

import copy

import pytest

from assets.configure_behavior.behavior.diff_behavior import diff_behavior
from desk.behavior import BehaviorFile, behavior_content
from tests.behaviors import behavior, trigger

BEFORE = behavior(
    trigger(phrases=["leave", "go"], signals=["refund"], amount_above=100),
    {**trigger(signals=["legal"]), "id": "two"},
    pages=[{"id": "pricing", "where": {"pages": ["/pricing*"]}, "means": "compares"}],
    clarify={"plan": "Which plan?"},
)


def changed(change) -> list[str]:
    content = copy.deepcopy(behavior_content(BEFORE))
    change(content)
    after = BehaviorFile.model_validate(content)
    assert diff_behavior(BEFORE, after) == diff_behavior(behavior_content(BEFORE), behavior_content(after))
    return diff_behavior(BEFORE, after)


def test_nothing_changed_says_nothing():
    assert diff_behavior(BEFORE, BEFORE) == []


def test_settings_are_named_with_both_values():
    assert changed(lambda c: c["tone"].update(formality=0.9)) == ["tone, formality: 0.5 → 0.9"]
    assert changed(lambda c: c["persona"].update(name="Ada")) == ["persona, name: “Robin” → “Ada”"]
    assert changed(lambda c: c["triggers"][0].update(amount_above=200.0)) == [
        "trigger 'one', amount of money it fires above: 100.0 → 200.0"
    ]
    assert changed(lambda c: c["triggers"][1].update(is_urgent=True)) == ["trigger 'two', urgency: no → yes"]
    assert changed(lambda c: c["confidence"]["automate"].update(risk=0.02)) == [
        "confidence, automate, risk: 0.05 → 0.02"
    ]
    assert changed(lambda c: c["clarify"]["plan"].update(de="Welcher Tarif?")) == [
        "clarifying question, plan, de: none → “Welcher Tarif?”"
    ]
    assert changed(lambda c: c["handoff"].update(queues={"refunds": "billing"})) == [
        "handoff, queues, refunds: none → “billing”"
    ]


def test_lists_say_what_came_and_what_went():
    assert changed(lambda c: c["triggers"][0].update(phrases=["leave", "quit"])) == [
        "trigger 'one', phrases: added “quit”",
        "trigger 'one', phrases: removed “go”",
    ]
    assert changed(lambda c: c["triggers"][0].update(phrases=["go", "leave"])) == [
        "trigger 'one', phrases: another order"
    ]


def test_triggers_and_pages_are_followed_by_id():
    assert changed(lambda c: c["triggers"].pop(0)) == ["trigger 'one' was removed: “A person decides.”"]
    assert changed(lambda c: c["triggers"].append({**trigger(signals=["press"]), "id": "new"})) == [
        "trigger 'new' was added: “A person decides.”"
    ]
    assert changed(lambda c: c["triggers"].reverse()) == ["the order of the triggers changed; it is now: two, one"]
    assert changed(lambda c: c["pages"][0]["where"].update(pages=["/p"]))[0].startswith(
        "page rule 'pricing', where, pages"
    )
    assert changed(lambda c: c["pages"].clear()) == ["page rule 'pricing' was removed: “compares”"]


def test_examples_are_followed_by_their_situation():
    assert changed(lambda c: c["examples"][0].update(reply="Another reply altogether.")) == [
        "the example reply “case 1” was rewritten"
    ]
    assert changed(lambda c: c["examples"][0].update(situation="new case")) == [
        "the example reply “case 1” was removed",
        "the example reply “new case” was added",
    ]


@pytest.mark.parametrize("name", sorted(behavior_content(BEFORE)))
def test_no_part_of_a_spec_can_change_unsaid(name):
    other = behavior(
        trigger(phrases=["other"]),
        persona={"name": "Ada"},
        tone={"languages": ["de"]},
        reply={"max_words": 50},
        examples=[{"situation": str(n), "customer": "c", "reply": "r"} for n in range(4)],
        confidence={"certainty": 0.9},
        clarify={"os": "Which system?"},
        pages=[{"id": "x", "where": {"languages": ["de"]}, "means": "m"}],
        handoff={"default_queue": "x"},
    )
    content = {**behavior_content(BEFORE), name: behavior_content(other)[name]}
    assert diff_behavior(BEFORE, content)
