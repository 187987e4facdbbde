"""A ledger on each engine, and ways to write to it behind its back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ledger.events import Event, EventType, NewEvent
from ledger.store import Ledger, open_ledger

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a ledger can be opened, once on each engine."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite")
    return str(request.getfixturevalue("postgres_schema_url"))


@pytest.fixture
def postgres_schema_url(postgres_server_url: str) -> Iterator[str]:
    """An empty schema of this test's own: much faster to make than a database, and also how teams share a server."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(postgres_server_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"create schema {name}")
    url = sa.make_url(postgres_server_url).update_query_dict({"options": f"-csearch_path={name}"})
    yield url.render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"drop schema {name} cascade")


@pytest.fixture
def ledger(location: str) -> Iterator[Ledger]:
    """An empty ledger, on each engine in turn."""
    with open_ledger(location) as opened:
        yield opened


@pytest.fixture
def tamper(ledger: Ledger) -> Callable[..., None]:
    """Run SQL as an owner of the database would who wants to change the record: guards off first."""

    def run(*statements: str) -> None:
        # An engine of its own: a file that was tampered with is opened afresh.
        engine = sa.create_engine(ledger.engine.url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            if ledger.engine.is_sqlite:
                names: sa.ScalarResult[str] = connection.exec_driver_sql(
                    "select name from sqlite_master where type = 'trigger'"
                ).scalars()
                for name in list(names):
                    connection.exec_driver_sql(f"drop trigger {name}")
            else:
                for table in ("ledger_events", "ledger_payloads", "ledger_actors"):
                    connection.exec_driver_sql(f"alter table {table} disable trigger user")
            for statement in statements:
                connection.exec_driver_sql(statement)

    return run


def accepted(number: int, **changes: Any) -> NewEvent:
    """One small event: category number `number` was accepted."""
    fields: dict[str, Any] = {
        "event_type": EventType.CATEGORY_ACCEPTED,
        "subject_kind": "category",
        "subject_hash": f"category_{number}",
        "actor": "Mira Okafor",
        "role": "support lead",
        "occurred_at": START + timedelta(minutes=number),
        "payload": {"name": f"Category {number}"},
    }
    return NewEvent(**{**fields, **changes})


def fill(ledger: Ledger, count: int) -> list[Event]:
    """Write events number 1 to `count`."""
    return ledger.append_all([accepted(number) for number in range(1, count + 1)])
