from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ledger.audits import COLUMNS, ItemToClose, close_items, closed_items
from ledger.erasure import erase_actor, erase_payload
from ledger.errors import SignOffError
from ledger.events import EventType
from ledger.store import Ledger
from ledger.verification import verify
from tests.ledger.conftest import START

WHO: dict[str, Any] = {
    "by": "Mira Okafor", "role": "Support Lead", "occurred_at": START, "known_roles": ["knowledge owner", "support lead"],
}  # fmt: skip


def item(number: int = 1, letter: str = "a") -> ItemToClose:
    return ItemToClose(f"{number:016x}", letter * 64, "2026-Q3", "entry", f"entry-{number}")


def test_each_item_is_an_event_about_exactly_this_content(ledger: Ledger):
    events = close_items(ledger, [item(1), item(2)], note=" Read. ", **WHO)
    assert [event.event_type for event in events] == [EventType.AUDIT_ITEM_CLOSED] * 2
    assert events[0].subject_hash == f"{1:016x}:{'a' * 64}"
    frame = closed_items(ledger)
    assert list(frame.columns) == COLUMNS
    row = frame.to_dict("records")[0]
    assert (row["item_id"], row["content_hash"], row["closed_by"]) == (f"{1:016x}", "a" * 64, "Mira Okafor")
    assert (row["closed_role"], row["closed_at"], row["note"]) == ("support lead", START, "Read.")
    assert (row["quarter"], row["subject_kind"], row["subject_id"]) == ("2026-Q3", "entry", "entry-1")


def test_the_last_word_on_a_content_counts_and_another_content_is_another_row(ledger: Ledger):
    close_items(ledger, [item(1, "a"), item(1, "b")], **WHO)
    close_items(ledger, [item(1, "a")], **{**WHO, "by": "Ada Moreno", "occurred_at": START + timedelta(days=1)})
    rows = {row["content_hash"][0]: row["closed_by"] for row in closed_items(ledger).to_dict("records")}
    assert rows == {"a": "Ada Moreno", "b": "Mira Okafor"}


def test_what_may_not_be_said_records_nothing(ledger: Ledger):
    with pytest.raises(SignOffError, match="not a role"):
        close_items(ledger, [item()], **{**WHO, "role": "intern"})
    with pytest.raises(SignOffError, match="name"):
        close_items(ledger, [item()], **{**WHO, "by": " "})
    with pytest.raises(SignOffError, match="no item of an audit"):
        close_items(ledger, [item(), ItemToClose("reset", "a" * 64, "2026-Q3", "entry", "reset")], **WHO)
    assert closed_items(ledger).empty
    assert list(ledger.events()) == []


def test_erasing_name_and_words_leaves_what_was_done(ledger: Ledger):
    (event,) = close_items(ledger, [item()], note="Ask Lena", **WHO)
    erase_actor(ledger, "Mira Okafor", by="Privacy", role="privacy", occurred_at=START)
    erase_payload(ledger, event.payload_digest, by="Privacy", role="privacy", occurred_at=START)
    (row,) = closed_items(ledger).to_dict("records")
    assert (row["item_id"], row["content_hash"]) == (f"{1:016x}", "a" * 64)
    assert row["closed_by"] != row["closed_by"]
    assert row["note"] != row["note"]
    assert verify(ledger).is_intact
