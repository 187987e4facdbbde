from __future__ import annotations

from typing import Any

import pytest

from ledger.erasure import erase_actor, erase_payload
from ledger.errors import IdempotencyConflictError, InvalidEventError, NotInLedgerError
from ledger.events import Event, EventType
from ledger.live import (
    as_recorded,
    close_handoff,
    decision_event,
    decisions_made,
    feedback_given,
    handoffs_closed,
    read_decision,
    record_decision,
    record_feedback,
)
from ledger.store import Ledger
from ledger.verification import verify
from tests.ledger.conftest import START

ONE, TWO = "1" * 32, "2" * 32
CLIENT: dict[str, Any] = {"by": "shop widget", "role": "api client", "occurred_at": START}
REQUEST = {
    "message": "Wie ändere ich mein Passwort? 🔑",
    "conversation": [{"author": "customer", "text": "Hallo"}],
    "context": {"plan": "pro", "seats": 4},
    "requester_id": "r-7",
    "ticket_id": None,
    "channel": "chat",
}
DECIDED = {"action": "answer", "confidence": 0.1 + 0.2, "release_id": "a" * 64, "entries": [], "reply": "So geht es: …"}


def record(ledger: Ledger, decision_id: str = ONE, **changes: Any) -> Event:
    given = {"request": REQUEST, "decision": DECIDED, "mode": "rollout", "sends": True, **CLIENT, **changes}
    return record_decision(ledger, decision_id, **given)


def test_a_decision_is_read_back_as_it_was_recorded(ledger: Ledger):
    event = record(ledger)
    assert (event.event_type, event.subject_kind, event.subject_hash) == (EventType.DECISION_MADE, "decision", ONE)
    assert not any(word in str(event) for word in ("Passwort", "r-7", "widget"))
    one = read_decision(ledger, ONE)
    assert one is not None
    assert (one.event, one.by, one.request, one.decision) == (event, "shop widget", REQUEST, DECIDED)
    assert (one.mode, one.release_id, one.sends) == ("rollout", "a" * 64, True)
    assert verify(ledger).is_intact


def test_what_was_never_decided_is_none(ledger: Ledger):
    record(ledger)
    assert read_decision(ledger, TWO) is None
    assert read_decision(ledger, "no id of a decision; drop table") is None


def test_erased_words_leave_the_decision_without_them(ledger: Ledger):
    event = record(ledger)
    erase_payload(ledger, str(event.payload_digest), by="Ines Falk", role="privacy officer", occurred_at=START)
    erase_actor(ledger, "shop widget", by="Ines Falk", role="privacy officer", occurred_at=START)
    one = read_decision(ledger, ONE)
    assert one is not None
    assert one.event == event
    assert (one.words, one.by, one.request, one.decision, one.mode, one.release_id, one.sends) == (None,) * 7
    assert list(decisions_made(ledger)) == [(event, None, {})]


def test_one_key_makes_one_decision_and_another_request_with_it_is_refused(ledger: Ledger):
    first = record(ledger, idempotency_key="k")
    assert record(ledger, idempotency_key="k") == first
    with pytest.raises(IdempotencyConflictError):
        record(ledger, idempotency_key="k", request={**REQUEST, "message": "Something else"})
    assert len(list(decisions_made(ledger))) == 1


@pytest.mark.parametrize(
    ("decision_id", "changes"),
    [
        ("short", {}),
        (ONE.upper().replace("1", "A"), {}),
        (ONE, {"mode": "live"}),
        (ONE, {"decision": {**DECIDED, "confidence": float("nan")}}),
        (ONE, {"request": {**REQUEST, "message": "x" * 1_100_000}}),
    ],
)
def test_what_the_ledger_cannot_hold_is_refused(ledger: Ledger, decision_id: str, changes: dict[str, Any]):
    with pytest.raises(InvalidEventError):
        record(ledger, decision_id, **changes)
    assert ledger.head().sequence == 0


def test_words_come_back_in_the_order_every_later_reader_sees():
    event = decision_event(ONE, request=REQUEST, decision=DECIDED, mode="shadow", sends=False, **CLIENT)
    words = as_recorded(event)
    assert words["decision"] == DECIDED
    assert list(words["decision"]) == sorted(DECIDED)


def test_feedback_of_every_kind_is_about_its_decision(ledger: Ledger):
    record(ledger)
    record(ledger, TWO)
    said: list[tuple[str, dict[str, Any]]] = [
        ("thumbs", {"thumbs": "up"}),
        ("csat", {"score": 5, "comment": None}),
        ("escalation", {"reason": "Wanted a person."}),
        ("correction", {"right_answer": "Press it twice.", "right_entry_id": "reset-password"}),
    ]
    for kind, words in said:
        record_feedback(ledger, ONE, kind=kind, words=words, **CLIENT)
    record_feedback(ledger, TWO, kind="csat", words={"rating": "bad"}, **CLIENT)
    found = [words for _, by, words in feedback_given(ledger, ONE) if by == "shop widget"]
    assert [one["kind"] for one in found] == [kind for kind, _ in said]
    assert found[1] == {"kind": "csat", "score": 5}
    last = ledger.head().sequence
    assert [words["rating"] for _, _, words in feedback_given(ledger, after_sequence=last - 1)] == ["bad"]
    assert list(feedback_given(ledger, after_sequence=last)) == []


def test_feedback_on_nothing_or_of_no_kind_is_refused(ledger: Ledger):
    with pytest.raises(NotInLedgerError, match=TWO):
        record_feedback(ledger, TWO, kind="thumbs", words={"thumbs": "up"}, **CLIENT)
    record(ledger)
    with pytest.raises(InvalidEventError, match="stars"):
        record_feedback(ledger, ONE, kind="stars", words={}, **CLIENT)
    assert list(feedback_given(ledger)) == []


def test_the_same_feedback_with_one_key_counts_once(ledger: Ledger):
    record(ledger)
    for _ in range(2):
        record_feedback(ledger, ONE, kind="thumbs", words={"thumbs": "up"}, idempotency_key="f", **CLIENT)
    assert len(list(feedback_given(ledger))) == 1


def test_a_handoff_that_was_closed_twice_is_told_twice_in_order(ledger: Ledger):
    record(ledger)
    close_handoff(ledger, ONE, resolved_by="Ada Moreno", outcome="unresolved", **CLIENT)
    close_handoff(
        ledger, ONE, resolved_by="Ada Moreno", outcome="resolved", was_needed=False, handle_minutes=4.5, **CLIENT
    )
    assert [words for _, _, words in handoffs_closed(ledger, ONE)] == [
        {"resolved_by": "Ada Moreno", "outcome": "unresolved"},
        {"resolved_by": "Ada Moreno", "outcome": "resolved", "was_needed": False, "handle_minutes": 4.5},
    ]


def test_a_handoff_of_nothing_or_with_an_unknown_outcome_is_refused(ledger: Ledger):
    with pytest.raises(NotInLedgerError):
        close_handoff(ledger, ONE, resolved_by="Ada Moreno", outcome="resolved", **CLIENT)
    record(ledger)
    with pytest.raises(InvalidEventError, match="solved"):
        close_handoff(ledger, ONE, resolved_by="Ada Moreno", outcome="solved", **CLIENT)
