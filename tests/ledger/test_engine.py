from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger import schema
from ledger.engine import LedgerEngine, ledger_url
from ledger.errors import LedgerBusyError, LedgerError, LedgerSchemaError
from ledger.store import Ledger, open_ledger
from tests.ledger.conftest import accepted


@pytest.mark.parametrize("name", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_postgresql_addresses_name_the_driver(name: str):
    url = ledger_url(f"{name}://understudy:p%40ss@db:5433/understudy?sslmode=require")
    assert url.render_as_string(hide_password=False) == (
        "postgresql+psycopg2://understudy:p%40ss@db:5433/understudy?sslmode=require"
    )


def test_paths_become_sqlite(tmp_path: Path):
    path = tmp_path / "a #?%20 folder" / "ledger.sqlite"
    assert ledger_url(path).database == ledger_url(str(path)).database == str(path)
    assert ledger_url(f"sqlite:///{tmp_path}/l.sqlite").database == f"{tmp_path}/l.sqlite"
    with open_ledger(path) as ledger:
        ledger.append(accepted(1))
    assert path.is_file()


@pytest.mark.parametrize(
    "address", ["sqlite://", "sqlite:///:memory:", "mysql://db/x", "postgresql+asyncpg://db/x", "://"]
)
def test_other_addresses_are_refused(address: str):
    with pytest.raises(LedgerError):
        ledger_url(address)


def test_sqlite_is_durable_and_shared(tmp_path: Path):
    with open_ledger(tmp_path / "ledger.sqlite") as ledger, ledger.reading() as connection:
        pragmas: dict[str, str | int] = {
            name: connection.exec_driver_sql(f"pragma {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "secure_delete")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


def test_a_writer_that_waits_too_long_is_told(location: str):
    with open_ledger(location) as first, open_ledger(location, wait_seconds=0.05) as second:
        with first.engine.writing(), pytest.raises(LedgerBusyError, match="Nothing was recorded"):
            second.append(accepted(1))
        assert second.append(accepted(1)).sequence == 1


def test_readers_do_not_wait_for_a_writer(location: str):
    with open_ledger(location) as first, open_ledger(location, wait_seconds=0.05) as second:
        first.append(accepted(1))
        with first.engine.writing() as connection:
            first.append_within(connection, [accepted(2)])
            assert second.head().sequence == 1
        assert second.head().sequence == 2


def test_an_error_inside_a_transaction_leaves_nothing(ledger: Ledger):
    def fail_half_way() -> None:
        with ledger.engine.writing() as connection:
            ledger.append_within(connection, [accepted(1)])
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert ledger.head().sequence == 0
    with ledger.reading() as connection:
        assert connection.execute(sa.select(schema.ledger_payloads)).all() == []


def test_many_first_users_at_once(location: str):
    start, problems = threading.Barrier(6), []

    def open_first() -> None:
        engine = LedgerEngine(location)
        try:
            start.wait()
            engine.initialise()
            Ledger(engine).append(accepted(1))
        except Exception as problem:  # reported by the assertion below
            problems.append(problem)
        finally:
            engine.close()

    threads = [threading.Thread(target=open_first) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with open_ledger(location) as ledger:
        assert ledger.head().sequence == 6


def test_a_newer_ledger_is_not_touched(location: str):
    with open_ledger(location) as ledger, ledger.engine.writing() as connection:
        connection.execute(schema.ledger_schema_version.update().values(version=schema.SCHEMA_VERSION + 1))
    with pytest.raises(LedgerSchemaError, match="Upgrade Understudy"):
        open_ledger(location)


def test_an_unreadable_file_is_not_taken_for_an_empty_ledger(tmp_path: Path):
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"this is not a database, it is a letter" * 100)
    with pytest.raises(sa.exc.DatabaseError) as caught:
        open_ledger(path)
    assert isinstance(caught.value.orig, sqlite3.DatabaseError)
    assert path.read_bytes().startswith(b"this is not")


def test_a_failing_statement_does_not_tell_what_it_carried(tmp_path):
    engine = LedgerEngine(tmp_path / "ledger.sqlite")
    engine.initialise()
    with pytest.raises(sa.exc.SQLAlchemyError) as failed, engine.writing() as connection:
        connection.execute(sa.text("insert into nowhere values (:words)"), {"words": "what a customer wrote"})
    assert "what a customer wrote" not in str(failed.value)
    engine.close()
