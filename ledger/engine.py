"""Connections to the ledger's database and the transactions it allows: many readers, one writer.

Belongs here: URLs, pragmas, how appends are serialised on each engine. Does not belong here: tables, events.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, OperationalError

from ledger import schema
from ledger.errors import LedgerBusyError, LedgerError

# "understudy.ledger" as a 64-bit number; one lock for every ledger in a PostgreSQL database.
ADVISORY_LOCK_KEY = 0x4C45_4447_4552_0001
_POSTGRES_NAMES = {"postgres", "postgresql", "postgresql+psycopg2"}
_LOCK_NOT_AVAILABLE = "55P03"


def ledger_url(location: str | Path) -> sa.URL:
    """The SQLAlchemy URL of a ledger: a file path becomes SQLite, `postgresql://` becomes psycopg2.

    SQLAlchemy 2.1 reads a bare `postgresql://` as psycopg 3, which is not installed. Raises `LedgerError` for
    other databases and for SQLite in memory, which every connection would see as another, empty ledger.
    """
    if isinstance(location, Path) or "://" not in location:
        return sa.URL.create("sqlite", database=str(Path(location).absolute()))
    try:
        url = sa.make_url(location)
    except ArgumentError:
        raise LedgerError("The ledger's address cannot be read; expected postgresql://… or a file path.") from None
    if url.drivername in _POSTGRES_NAMES:
        return url.set(drivername="postgresql+psycopg2")
    if url.drivername in {"sqlite", "sqlite+pysqlite"}:
        if not url.database or url.database == ":memory:":
            raise LedgerError("A ledger cannot live in memory: give it a file, or a postgresql:// address.")
        return sa.URL.create("sqlite", database=str(Path(url.database).absolute()))
    raise LedgerError(f"A ledger lives in SQLite or PostgreSQL, not in {url.drivername!r}.")


class LedgerEngine:
    """An engine whose write transactions follow each other, across threads and processes.

    SQLite: WAL, `BEGIN IMMEDIATE`, full synchronisation, freed pages overwritten. PostgreSQL: a transaction-level
    advisory lock under READ COMMITTED, so that the head is read after the lock is held.
    """

    lock_key = ADVISORY_LOCK_KEY
    """The advisory lock of its writers on PostgreSQL; other tables in the same database have their own."""

    def __init__(self, location: str | Path, *, wait_seconds: float = 30.0) -> None:
        """Does not connect. `wait_seconds` bounds the wait for another writer before `LedgerBusyError`."""
        self.url = ledger_url(location)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._wait_ms = max(1, int(wait_seconds * 1000))
        # A failing statement ends up in logs and run records; what it carried (customers' words, names, hashes) must not.
        self._engine = sa.create_engine(self.url, pool_pre_ping=not self.is_sqlite, hide_parameters=True)
        _forget_connections_after_fork(self._engine)
        if self.is_sqlite:
            self._prepare_sqlite()

    def initialise(self) -> None:
        """Create the ledger where there is none; two first users at once end with one ledger."""
        if self.is_sqlite:
            Path(str(self.url.database)).parent.mkdir(parents=True, exist_ok=True)
            self._switch_to_wal()
        with self.reading() as connection:
            if schema.is_current(connection):
                return
        with self.writing() as connection:
            schema.create(connection)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A read transaction that sees one moment of the ledger from beginning to end."""
        with self._engine.connect() as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A write transaction that no other can overlap; commits on leaving, rolls back on an error.

        Raises `LedgerBusyError` when another writer holds the ledger for longer than the waiting time.
        """
        with self._engine.connect() as connection:
            if self.is_sqlite:
                connection = connection.execution_options(ledger_write=True)
            else:
                connection = connection.execution_options(isolation_level="READ COMMITTED")
            with self._begun(connection):
                yield connection

    def purge(self) -> bool:
        """Remove erased words from the database's own files; True when none is left in them.

        SQLite: writes the log back and cuts it (False while a reader still needs it: try again). PostgreSQL:
        rewrites the two tables that hold words under an exclusive lock; archived WAL and backups are the operator's.
        """
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if self.is_sqlite:
                is_blocked = connection.exec_driver_sql("pragma wal_checkpoint(truncate)").one()[0]
                return not is_blocked
            connection.exec_driver_sql("vacuum full ledger_payloads")
            connection.exec_driver_sql("vacuum full ledger_actors")
            return True

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    @contextmanager
    def _begun(self, connection: sa.Connection) -> Iterator[None]:
        try:
            transaction = connection.begin()
            if not self.is_sqlite:
                connection.exec_driver_sql(f"set local lock_timeout = {self._wait_ms}")
                connection.exec_driver_sql(f"select pg_advisory_xact_lock({self.lock_key})")
        except OperationalError as problem:
            if not _is_lock_timeout(problem):
                raise
            raise LedgerBusyError(
                f"Another process has been writing to the ledger for more than {self._wait_ms / 1000:g} seconds. "
                "Nothing was recorded; try again when it has finished."
            ) from problem
        with transaction:
            yield

    def _prepare_sqlite(self) -> None:
        @sa.event.listens_for(self._engine, "connect")
        def configure(dbapi_connection: Any, record: Any) -> None:
            # The driver's own transaction handling begins deferred; ours says BEGIN itself (below).
            dbapi_connection.isolation_level = None
            cursor = dbapi_connection.cursor()
            cursor.execute(f"pragma busy_timeout = {self._wait_ms}")
            cursor.execute("pragma synchronous = full")
            cursor.execute("pragma secure_delete = on")
            cursor.close()

        @sa.event.listens_for(self._engine, "begin")
        def begin(connection: sa.Connection) -> None:
            options = connection.get_execution_options()
            if options.get("isolation_level") == "AUTOCOMMIT":
                return
            connection.exec_driver_sql("begin immediate" if options.get("ledger_write") else "begin")

    def _switch_to_wal(self) -> None:
        """SQLite does not wait on its busy timeout while the journal mode changes, so two first users need this."""
        deadline = time.monotonic() + self._wait_ms / 1000
        while True:
            try:
                with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    if connection.exec_driver_sql("pragma journal_mode").scalar_one() != "wal":
                        connection.exec_driver_sql("pragma journal_mode = wal")
                return
            except OperationalError as problem:
                if not _is_lock_timeout(problem) or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)


def _is_lock_timeout(problem: OperationalError) -> bool:
    original = problem.orig
    if isinstance(original, sqlite3.Error):
        return getattr(original, "sqlite_errorcode", 0) & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    return getattr(original, "pgcode", None) == _LOCK_NOT_AVAILABLE


def _forget_connections_after_fork(engine: sa.Engine) -> None:
    """A forked child must not talk through its parent's connection (SQLAlchemy FAQ, "multiprocessing or os.fork")."""

    @sa.event.listens_for(engine, "connect")
    def remember_process(dbapi_connection: Any, record: Any) -> None:
        record.info["pid"] = os.getpid()

    @sa.event.listens_for(engine, "checkout")
    def require_same_process(dbapi_connection: Any, record: Any, proxy: Any) -> None:
        if record.info["pid"] != os.getpid():
            record.dbapi_connection = proxy.dbapi_connection = None
            raise sa.exc.DisconnectionError("This connection belongs to the parent process.")
