from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from ledger import chain, verification
from ledger.chain import Anchor
from ledger.schema import ledger_events
from ledger.store import Ledger
from ledger.verification import BreakKind, verify
from tests.ledger.conftest import accepted, fill

Tamper = Callable[..., None]


def found(ledger: Ledger, *anchors: Anchor) -> tuple[int, BreakKind]:
    result = verify(ledger, anchors)
    assert result.first_break is not None
    assert not result.is_intact
    assert str(result.first_break.sequence) in result.first_break.message
    return result.first_break.sequence, result.first_break.kind


def test_an_untouched_ledger_is_intact(ledger: Ledger):
    assert verify(ledger).is_intact
    fill(ledger, 3)
    anchor = ledger.head()
    fill(ledger, 2)
    result = verify(ledger, [anchor, ledger.head()])
    assert result.is_intact
    assert (result.count_events, result.head) == (5, ledger.head())


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("role", "head of support"),
        ("occurred_at", "2020-01-01T00:00:00.000000Z"),
        ("subject_hash", "category_99"),
        ("event_type", "category_dismissed"),
        ("event_id", "f" * 32),
        ("event_hash", "f" * 64),
    ],
)
def test_an_edited_event_is_found(ledger: Ledger, tamper: Tamper, column: str, value: str):
    fill(ledger, 5)
    tamper(f"update ledger_events set {column} = '{value}' where sequence = 3")
    assert found(ledger) == (3, BreakKind.EVENT_EDITED)


def test_a_payload_taken_off_its_event_is_found(ledger: Ledger, tamper: Tamper):
    fill(ledger, 5)
    tamper("update ledger_events set payload_digest = null where sequence = 3")
    assert found(ledger) == (3, BreakKind.EVENT_EDITED)


def test_a_deleted_event_is_found(ledger: Ledger, tamper: Tamper):
    fill(ledger, 5)
    tamper("delete from ledger_events where sequence in (2, 3)")
    assert found(ledger) == (2, BreakKind.EVENT_DELETED)


def test_a_deleted_first_event_is_found(ledger: Ledger, tamper: Tamper):
    fill(ledger, 3)
    tamper("delete from ledger_events where sequence = 1")
    assert found(ledger) == (1, BreakKind.EVENT_DELETED)


def test_a_deletion_hidden_by_renumbering_is_found(ledger: Ledger, tamper: Tamper):
    fill(ledger, 5)
    tamper(
        "delete from ledger_events where sequence = 3",
        "update ledger_events set sequence = 3 where sequence = 4",
        "update ledger_events set sequence = 4 where sequence = 5",
    )
    assert found(ledger) == (3, BreakKind.EVENT_DELETED)


@pytest.mark.parametrize(("one", "other"), [(2, 3), (1, 2), (2, 5)])
def test_reordered_events_are_found(ledger: Ledger, tamper: Tamper, one: int, other: int):
    fill(ledger, 5)
    tamper(
        f"update ledger_events set sequence = 99 where sequence = {one}",
        f"update ledger_events set sequence = {one} where sequence = {other}",
        f"update ledger_events set sequence = {other} where sequence = 99",
    )
    assert found(ledger) == (one, BreakKind.EVENTS_REORDERED)


def test_edited_words_are_found(ledger: Ledger, tamper: Tamper):
    event = fill(ledger, 4)[2]
    tamper(f"update ledger_payloads set body = '{{}}' where payload_digest = '{event.payload_digest}'")
    assert found(ledger) == (3, BreakKind.PAYLOAD_EDITED)


@pytest.mark.parametrize("salt", ["00", "not hexadecimal"])
def test_an_edited_salt_is_found(ledger: Ledger, tamper: Tamper, salt: str):
    event = fill(ledger, 4)[2]
    tamper(f"update ledger_payloads set salt = '{salt}' where payload_digest = '{event.payload_digest}'")
    assert found(ledger) == (3, BreakKind.PAYLOAD_EDITED)


@pytest.mark.parametrize(
    "statement",
    [
        "delete from ledger_payloads where payload_digest = '{}'",
        "update ledger_payloads set salt = null, body = null where payload_digest = '{}'",
    ],
)
def test_words_that_vanish_without_an_erasure_are_found(ledger: Ledger, tamper: Tamper, statement: str):
    event = fill(ledger, 4)[1]
    tamper(statement.format(event.payload_digest))
    assert found(ledger) == (2, BreakKind.PAYLOAD_MISSING)


def test_an_edited_name_is_found(ledger: Ledger, tamper: Tamper):
    fill(ledger, 2)
    event = ledger.append(accepted(3, actor="Tomas Reyl"))
    tamper(f"update ledger_actors set name = 'Ana Vidal' where actor_id = '{event.actor_id}'")
    assert found(ledger) == (3, BreakKind.NAME_EDITED)


def test_a_deleted_name_is_found(ledger: Ledger, tamper: Tamper):
    fill(ledger, 2)
    tamper("delete from ledger_actors")
    assert found(ledger) == (1, BreakKind.NAME_MISSING)


def test_a_cut_tail_is_found_by_an_anchor_alone(ledger: Ledger, tamper: Tamper):
    fill(ledger, 5)
    anchor = Anchor.parse(str(ledger.head()))
    tamper("delete from ledger_events where sequence > 3")
    assert verify(ledger).is_intact, "the chain alone cannot know that it was longer"
    assert found(ledger, anchor) == (4, BreakKind.TAIL_CUT)


def test_an_emptied_ledger_is_found_by_an_anchor(ledger: Ledger, tamper: Tamper):
    fill(ledger, 2)
    anchor = ledger.head()
    tamper("delete from ledger_events")
    assert found(ledger, anchor) == (1, BreakKind.TAIL_CUT)


def rewritten(ledger: Ledger, sequence: int, role: str) -> list[str]:
    """Statements of a tamperer who knows the hash: change one event and recompute everything after it."""
    with ledger.reading() as connection:
        rows = connection.execute(sa.select(ledger_events).order_by(ledger_events.c.sequence)).all()
    previous, statements = chain.GENESIS_HASH, []
    for row in rows:
        fields: dict[str, Any] = {**row._mapping, "previous_hash": previous}
        fields.pop("event_hash")
        if row.sequence == sequence:
            fields["role"] = role
        previous = chain.event_hash(**fields)
        statements.append(
            f"update ledger_events set role = '{fields['role']}', previous_hash = '{fields['previous_hash']}', "
            f"event_hash = '{previous}' where sequence = {row.sequence}"
        )
    return statements


def test_an_event_rewritten_with_its_hash_breaks_the_link(ledger: Ledger, tamper: Tamper):
    fill(ledger, 5)
    tamper(*rewritten(ledger, 3, "head of support")[:3])
    assert found(ledger) == (4, BreakKind.LINK_BROKEN)


def test_a_history_rewritten_to_its_end_is_found_by_an_anchor(ledger: Ledger, tamper: Tamper):
    fill(ledger, 5)
    anchor = ledger.head()
    tamper(*rewritten(ledger, 3, "head of support"))
    assert verify(ledger).is_intact, "the chain alone cannot know"
    assert found(ledger, anchor) == (5, BreakKind.HISTORY_REWRITTEN)


def test_the_first_of_several_breaks_is_reported(ledger: Ledger, tamper: Tamper):
    events = fill(ledger, 6)
    tamper(
        "update ledger_events set role = 'x' where sequence = 5",
        f"update ledger_payloads set body = '{{}}' where payload_digest = '{events[1].payload_digest}'",
        "delete from ledger_events where sequence = 4",
    )
    assert found(ledger) == (2, BreakKind.PAYLOAD_EDITED)


def test_rows_are_fetched_in_portions_and_progress_is_told(ledger: Ledger, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(verification, "_ROWS_AT_ONCE", 2)
    fill(ledger, 5)
    told: list[tuple[int, int]] = []
    assert verify(ledger, on_progress=lambda done, total: told.append((done, total))).is_intact
    assert told == [(2, 5), (4, 5), (5, 5)]
