from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from ledger import guards
from ledger.store import Ledger
from ledger.verification import verify
from tests.ledger.conftest import fill

REFUSED = [
    "update ledger_events set role = 'head of support' where sequence = 2",
    "delete from ledger_events where sequence = 3",
    "delete from ledger_events",
    "insert into ledger_events select sequence + 7, 'x', event_type, occurred_at, actor_id, role, subject_kind, "
    "subject_hash, null, event_hash, 'y' from ledger_events where sequence = 3",
    "insert into ledger_events select 4, 'x', event_type, occurred_at, actor_id, role, subject_kind, subject_hash, "
    "null, 'not the last hash', 'y' from ledger_events where sequence = 3",
    "update ledger_payloads set body = '{}'",
    "update ledger_payloads set payload_digest = 'x', salt = null, body = null",
    "delete from ledger_payloads",
    "update ledger_actors set name = 'Tomas Reyl'",
    "delete from ledger_actors",
]
REFUSED_ON_SQLITE = [
    "insert or replace into ledger_events select sequence, event_id, event_type, occurred_at, actor_id, 'x', "
    "subject_kind, subject_hash, payload_digest, previous_hash, event_hash from ledger_events where sequence = 3",
    "insert or replace into ledger_events select 4, event_id, event_type, occurred_at, actor_id, 'x', subject_kind, "
    "subject_hash, null, event_hash, 'y' from ledger_events where sequence = 3",
    "insert or replace into ledger_payloads select payload_digest, salt, '{}' from ledger_payloads",
    "insert or replace into ledger_actors select 'x', salt, name, name_key from ledger_actors",
]
REFUSED_ON_POSTGRESQL = [
    "truncate ledger_events",
    "truncate ledger_payloads",
    "truncate ledger_actors",
    "insert into ledger_payloads values ('x', null, null)",
]


def test_ordinary_sql_cannot_change_the_record(ledger: Ledger):
    fill(ledger, 3)
    own = REFUSED_ON_SQLITE if ledger.engine.is_sqlite else REFUSED_ON_POSTGRESQL
    for statement in REFUSED + own:
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), ledger.engine.writing() as connection:
            connection.exec_driver_sql(statement)
    result = verify(ledger)
    assert result.is_intact
    assert result.count_events == 3
    assert result.missing_guards == ()


def test_guards_that_were_dropped_are_named(ledger: Ledger, tamper: Callable[..., None]):
    tamper()
    result = verify(ledger)
    assert set(guards.GUARD_NAMES) <= set(result.missing_guards)
    assert result.is_intact, "nothing was changed yet"
