"""What the pages of learning show, from small frames: order, words, and which tickets may be shown."""

from __future__ import annotations

import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import frame_of
from assets.sustain_learning import frames
from desk.loading import load_desk
from orchestration.lake import Lake, write_parquet
from service.console.learning import words
from service.console.learning.examples import examples_of, training_texts
from service.console.learning.months import read_month
from service.console.learning.reading import drifted_of, read_drift, read_signals, signals_of, troubled_of
from service.console.learning.scoping import proposals_of, read_scope
from service.console.learning.waits import LearningWaits, read_waits
from service.console.sign_offs.rollout import Rollout
from service.console.waiting import Desks, waiting_for
from service.identity.account import Account, Role
from tests.orchestration.pilot_lakes import ledger_of
from tests.service.console.learning.learning_desk import NOW, bare_desk, drifted, proposal, publish, signal, trouble

OWNER = Account("a1", "ida", "Ida Brandt", frozenset({Role.KNOWLEDGE_OWNER}), ("knowledge owner",))
APPROVER = Account("a2", "tomas", "Tomas Reyl", frozenset({Role.APPROVER}), ("support lead",))
READER = Account("a3", "noor", "Noor Haddad", frozenset(), ())


@pytest.fixture
def lake(tmp_path):
    found = Lake(tmp_path / "lake")
    found.prepare()
    return found


def test_only_training_tickets_are_shown_in_words(lake):
    assert training_texts(lake, ["a", "b"]) == {}, "a desk whose tickets are not split yet"
    splits = pd.DataFrame([("a", "train"), ("b", "holdout"), ("c", "calibration")], columns=["ticket_id", "split"])
    write_parquet(splits, lake.folder / "ticket_splits.parquet")
    texts = pd.DataFrame([(one, f"text {one}") for one in "abcd"], columns=["ticket_id", "text"])
    write_parquet(texts, lake.folder / "ticket_vectors.parquet")
    assert training_texts(lake, ["a", "b", "c", "d"]) == {"a": "text a"}
    shown, aside = examples_of(["b", "a"], {"a": "text a"})
    assert ([one.text for one in shown], aside) == (["text a"], 1)


def test_signals_are_newest_first():
    rows = [signal("old", found_at=NOW - pd.Timedelta(days=3)), signal("unknown", found_at=None), signal("new")]
    found = signals_of(frame_of(rows, frames.SUPPORT_SIGNAL), {"zd:1": "text"})
    assert [one.signal_id for one in found] == ["new", "old", "unknown"]
    assert [len(one.examples) for one in found] == [1, 1, 1]
    assert {one.aside for one in found} == {1}
    assert signals_of(frame_of([], frames.SUPPORT_SIGNAL), {}) == ()


def test_what_costs_customers_most_is_first_among_what_drifted():
    rows = [drifted("a", kind=frames.SHARE_MOVED, entry_id=None), drifted("b", kind=frames.OUTCOME_DRIFT)]
    found = drifted_of(frame_of(rows, frames.DRIFT), {"reset": "How?"}, {"login": "Logging in"}, {})
    assert [(one.kind, one.about) for one in found] == [("outcome_drift", "How?"), ("share_moved", "Logging in")]


def test_entries_without_trouble_are_counted_only():
    rows = [trouble("calm", 1, count_trouble=0), trouble("b", 3), trouble("a", 2)]
    assert [one.entry_id for one in troubled_of(frame_of(rows, frames.TROUBLE))] == ["a", "b"]


def test_proposals_to_decide_come_first():
    rows = [
        proposal(proposal_id="1" * 16, status="rejected"),
        proposal(proposal_id="2" * 16, kind=frames.NARROW, status="in_force"),
        proposal(),
    ]
    found = proposals_of(frame_of(rows, frames.SCOPE).to_dict("records"), {"1" * 16: "Not now."})
    assert [(one.status, one.can_be_decided) for one in found] == [
        ("proposed", True),
        ("in_force", False),
        ("rejected", False),
    ]
    assert found[2].reason == "Not now."
    assert [one.step for one in found[0].steps] == ["knowledge", "verdict"]
    assert proposals_of([proposal(steps="no json")], {})[0].steps == ()


def test_counts_and_rates_are_words():
    assert words.by_kind('{"correction": 1, "csat": 7, "thumbs": 0}') == "7 bad ratings, 1 correction"
    assert (words.by_kind("{"), words.by_kind(None), words.by_kind("[]")) == ("", "", "")
    assert words.rate(0.586, 0.45, 0.71) == "59% (45 to 71%)"
    assert words.rate(None, None, None) == "–"
    assert words.entry_path("a/b?c") == "/knowledge/entry/a%2Fb%3Fc"
    assert set(words.DRIFTS) == set(frames.DRIFT_KINDS)
    assert set(words.DIAGNOSES) == set(frames.DIAGNOSES)
    assert set(words.CHANGES) == set(frames.SIGNAL_CHANGES)
    assert set(words.TROUBLES) == set(frames.SIGNAL_KINDS)


def test_nothing_is_there_on_a_new_desk(tmp_path):
    desk = load_desk(bare_desk(tmp_path / "desk"))
    with ledger_of(desk.folder) as ledger:
        assert read_waits(desk, ledger) == LearningWaits()
        assert read_scope(desk, ledger).proposals is None
    assert read_month(desk) is None
    assert read_signals(desk) is None
    found = read_drift(desk)
    assert (found.drifted, found.troubled) == (None, None)


def test_empty_frames_are_nothing_to_look_at(tmp_path):
    folder = bare_desk(tmp_path / "desk")
    for name, columns in (
        ("support_signals", frames.SUPPORT_SIGNAL), ("knowledge_drift", frames.DRIFT), ("entry_trouble", frames.TROUBLE),
        ("scope_proposals", frames.SCOPE), ("learning_report", frames.LEARNING), ("knowledge_audit", frames.AUDIT_ITEM),
    ):  # fmt: skip
        publish(folder, name, columns, [])
    desk = load_desk(folder)
    with ledger_of(folder) as ledger:
        assert read_waits(desk, ledger) == LearningWaits()
        assert read_scope(desk, ledger).proposals == ()
    assert (read_month(desk), read_signals(desk), read_drift(desk).drifted) == (None, (), ())


def test_what_waits_is_for_who_can_do_it_and_what_is_overdue_presses():
    desk = Desks((), Rollout({}), learning=LearningWaits(2, 7, 1, 1, 3))
    assert [(one.path, one.count, one.is_urgent) for one in waiting_for(OWNER, desk)] == [
        ("/learning/audit", 2, True), ("/learning/audit", 5, False), ("/learning/signals", 3, False),
    ]  # fmt: skip
    assert [(one.path, one.words) for one in waiting_for(APPROVER, desk)] == [
        ("/learning/scope", "proposal on what the agent may answer by itself"),
        ("/learning/scope", "category has lost its autonomy: people send every answer"),
        ("/learning/signals", "new signals from outside"),
    ]
    assert waiting_for(READER, desk) == []
