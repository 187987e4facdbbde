"""Faults from outside: what is understood, and that every mistake is named with its place."""

import json

import pytest

from assets.retrain_agent import frames
from assets.retrain_agent.planted_faults.fault import MAX_FAULTS, FaultError, read_faults

EVERY_KIND = """
faults:
  - {kind: remove_entry, entry: invoice-copy, since: 2026-03-20}
  - {kind: swap_labels, categories: [login, billing], share: 0.6, seed: 3}
  - {kind: merge_conditions, entries: [reset-own, reset-sso]}
  - {kind: age_entry, entry: invite, was: {"7 days": "3 days"}}
  - {kind: age_entry, entry: export, overdue: true}
  - {kind: break_trigger, trigger: legal, how: removed}
  - {kind: break_trigger, trigger: press, how: narrowed, change: {only_for: {languages: [en]}}}
  - {kind: break_trigger, trigger: person, how: too_broad, change: {phrases: [invoice]}}
"""


def test_every_kind_is_read_and_knows_the_type_of_its_failures():
    faults = read_faults(EVERY_KIND)
    assert [one.expected for one in faults] == [
        frames.KNOWLEDGE_GAP,
        frames.INTENT_MISCLASSIFICATION,
        frames.EDGE_CASE_COLLISION,
        frames.STALE_KNOWLEDGE,
        frames.STALE_KNOWLEDGE,
        frames.MISSED_ESCALATION,
        frames.MISSED_ESCALATION,
        frames.NEEDLESS_ESCALATION,
    ]
    assert f"{faults[0].since:%Y-%m-%d}" == "2026-03-20"
    assert len({one.name for one in faults}) == len(faults)


def test_json_and_a_bare_list_are_read_alike():
    rows = [{"kind": "remove_entry", "entry": "invoice-copy"}]
    assert read_faults(json.dumps(rows)) == read_faults(json.dumps({"faults": rows}))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must hold a list of faults"),
        ("faults: []", "must hold a list of faults"),
        ("{kind: remove_entry, entry: a}", "must hold a list of faults"),
        ("[1, 2", "cannot be read as YAML or JSON"),
        ("[remove_entry]", "fault 1: it is no mapping"),
        ("[{kind: vanish, entry: a}]", "'vanish' is no kind of fault; write kind: one of remove_entry"),
        ("[{entry: a}]", "'None' is no kind of fault"),
        ("[{kind: remove_entry}]", "'entry' is missing"),
        ("[{kind: remove_entry, entry: a, id: 3}]", "'id' is not known here"),
        ("[{kind: swap_labels, categories: [a]}]", "categories"),
        ("[{kind: swap_labels, categories: [a, a]}]", "cannot be swapped with itself"),
        ("[{kind: swap_labels, categories: [a, b], share: 1.2}]", "share"),
        ("[{kind: merge_conditions, entries: [a, a]}]", "named twice"),
        ("[{kind: age_entry, entry: a}]", "say either 'was'"),
        ("[{kind: age_entry, entry: a, overdue: true, was: {x: y}}]", "say either 'was'"),
        ("[{kind: age_entry, entry: a, was: {x: x}}]", "must be words that differ"),
        ("[{kind: break_trigger, trigger: a, how: removed, change: {phrases: [b]}}]", "leave 'change' out"),
        ("[{kind: break_trigger, trigger: a, how: narrowed}]", "needs 'change'"),
        ("[{kind: break_trigger, trigger: a, how: too_broad, change: {id: b}}]", "keeps its own"),
        ("[{kind: break_trigger, trigger: a, how: sideways}]", "how"),
        ("[{kind: remove_entry, entry: a, since: soon}]", "since"),
    ],
)
def test_what_is_wrong_is_said(text, said):
    with pytest.raises(FaultError, match=r"faults\.yaml") as error:
        read_faults(text, "faults.yaml")
    assert said in str(error.value)


def test_all_mistakes_are_named_at_once():
    with pytest.raises(FaultError) as error:
        read_faults("[{kind: vanish}, {kind: remove_entry, entry: a}, {kind: remove_entry}]")
    assert len(error.value.problems) == 2
    assert "fault 1" in error.value.problems[0]
    assert "fault 3" in error.value.problems[1]


def test_more_faults_than_can_be_told_apart_are_refused():
    rows = [{"kind": "remove_entry", "entry": f"entry-{number}"} for number in range(MAX_FAULTS + 1)]
    with pytest.raises(FaultError, match=f"at most {MAX_FAULTS}"):
        read_faults(json.dumps(rows))
