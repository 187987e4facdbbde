from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest

from ledger.chain import GENESIS
from ledger.errors import IdempotencyConflictError, NotInLedgerError
from ledger.events import EventType
from ledger.store import Ledger, open_ledger
from tests.ledger.conftest import START, accepted, fill


def test_events_are_numbered_and_linked(ledger: Ledger):
    assert ledger.head() == GENESIS
    written = fill(ledger, 3)
    assert [event.sequence for event in written] == [1, 2, 3]
    assert [event.previous_hash for event in written] == [GENESIS.event_hash, *(e.event_hash for e in written[:2])]
    assert (ledger.head().sequence, ledger.head().event_hash) == (3, written[2].event_hash)
    assert list(ledger.events()) == written


def test_what_was_written_is_there_after_reopening(location: str):
    with open_ledger(location) as first:
        event = first.append(accepted(1))
    with open_ledger(location) as second:
        assert second.event(event.event_id) == event
        assert second.event(event.event_id).occurred_at == START + timedelta(minutes=1)
        assert second.payload(event.payload_digest) == {"name": "Category 1"}
        assert second.actor_name(event.actor_id) == "Mira Okafor"


def test_words_stay_out_of_the_chain(ledger: Ledger):
    event = ledger.append(accepted(1, actor="Wilhelmina", payload={"note": "Quicksilver"}))
    assert "wilhelmina" not in repr(event).lower()
    assert "quicksilver" not in repr(event).lower()


def test_hostile_words_come_back_as_they_were(ledger: Ledger):
    payload = {"note": "'; drop table ledger_events; --\x00\ud800 \u202e <b>🙂</b>", "n": [1.5, None, {"a": True}]}
    event = ledger.append(accepted(1, payload=payload))
    assert ledger.payload(event.payload_digest) == payload


def test_same_words_twice_have_different_digests(ledger: Ledger):
    first, second = (ledger.append(accepted(n, payload={"note": "yes"})) for n in (1, 2))
    assert first.payload_digest != second.payload_digest
    assert first.actor_id == second.actor_id


def test_events_are_filtered(ledger: Ledger):
    fill(ledger, 3)
    other = ledger.append(accepted(2, event_type=EventType.CATEGORY_RENAMED, actor="Tomas Reyl", payload=None))
    assert other.payload_digest is None
    assert ledger.payload(None) is None
    assert [e.sequence for e in ledger.events(subject_kind="category", subject_hash="category_2")] == [2, 4]
    assert [e.sequence for e in ledger.events(event_types=[EventType.CATEGORY_RENAMED])] == [4]
    assert [e.sequence for e in ledger.events(actor_id=ledger.actor_id("tomas reyl"))] == [4]
    assert [e.sequence for e in ledger.events(after_sequence=2)] == [3, 4]


def test_a_key_used_twice_makes_one_event(ledger: Ledger):
    first = ledger.append(accepted(1, idempotency_key="k"))
    later = accepted(1, idempotency_key="k", occurred_at=START + timedelta(days=1), actor="MIRA OKAFOR")
    assert ledger.append(later) == first
    assert ledger.append_all([later, accepted(2, idempotency_key="k2"), later])[2] == first
    assert ledger.head().sequence == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"payload": {"name": "Another"}},
        {"payload": None},
        {"actor": "Tomas Reyl"},
        {"role": "head of support"},
        {"subject_hash": "category_9"},
        {"event_type": EventType.CATEGORY_DISMISSED},
    ],
)
def test_a_key_used_for_something_else_is_refused(ledger: Ledger, changes: dict[str, object]):
    ledger.append(accepted(1, idempotency_key="k"))
    with pytest.raises(IdempotencyConflictError, match="already used for event 1"):
        ledger.append_all([accepted(2), accepted(1, idempotency_key="k", **changes)])
    assert ledger.head().sequence == 1, "a batch is written whole or not at all"


def test_what_is_not_there_is_said(ledger: Ledger):
    for look_up in (ledger.event, ledger.payload, ledger.actor_name):
        with pytest.raises(NotInLedgerError):
            look_up("f" * 64)
    assert ledger.actor_id("Nobody Known") is None


def test_the_password_is_not_shown():
    from ledger.engine import LedgerEngine

    ledger = Ledger(LedgerEngine("postgresql://understudy:hunter2@localhost/understudy"))
    assert "hunter2" not in repr(ledger)


def test_importing_the_ledger_stays_light():
    modules = "ledger.store, ledger.sign_offs, ledger.verification, ledger.export, ledger.erasure, ledger.decisions"
    check = f"import sys, {modules}; print([m for m in ('dagster', 'pandas', 'assets', 'desk') if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
