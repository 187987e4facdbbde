"""The ledger's tables and how they come to exist.

Belongs here: columns, keys, the schema version, creation that two first users can do at once. Does not belong
here: the triggers that keep the tables append-only (`guards`), connections (`engine`).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    inspect,
    select,
)

from ledger import guards
from ledger.errors import LedgerSchemaError

SCHEMA_VERSION = 1

metadata = MetaData()

# BIGINT keys in SQLite are not the rowid; INTEGER ones are, which keeps the walk in order a plain table scan.
_sequence_type = BigInteger().with_variant(Integer, "sqlite")

ledger_events = Table(
    "ledger_events",
    metadata,
    Column("sequence", _sequence_type, primary_key=True, autoincrement=False),
    Column("event_id", String(32), nullable=False, unique=True),
    Column("event_type", String(64), nullable=False),
    Column("occurred_at", String(27), nullable=False),
    Column("actor_id", String(64), nullable=False),
    Column("role", String(80), nullable=False),
    Column("subject_kind", String(64), nullable=False),
    Column("subject_hash", String(128), nullable=False),
    Column("payload_digest", String(64), unique=True),
    # Unique, so that even a writer that skipped the lock cannot fork the chain.
    Column("previous_hash", String(64), nullable=False, unique=True),
    Column("event_hash", String(64), nullable=False, unique=True),
    Index("ledger_events_by_subject", "subject_kind", "subject_hash", "sequence"),
    Index("ledger_events_by_type", "event_type", "sequence"),
    Index("ledger_events_by_actor", "actor_id", "sequence"),
)

ledger_payloads = Table(
    "ledger_payloads",
    metadata,
    Column("payload_digest", String(64), primary_key=True),
    Column("salt", String(64)),
    Column("body", Text),
)

ledger_actors = Table(
    "ledger_actors",
    metadata,
    Column("actor_id", String(64), primary_key=True),
    Column("salt", String(64)),
    Column("name", Text),
    Column("name_key", Text, unique=True),
)

ledger_schema_version = Table(
    "ledger_schema_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
)


def stored_version(connection: Connection) -> int | None:
    """The schema version in this database, or None where there is no ledger yet."""
    if not inspect(connection).has_table(ledger_schema_version.name):
        return None
    return connection.execute(select(ledger_schema_version.c.version)).scalar_one_or_none()


def is_current(connection: Connection) -> bool:
    """Whether tables are there in this version's shape. Raises `LedgerSchemaError` when they are newer."""
    version = stored_version(connection)
    if version is not None and version > SCHEMA_VERSION:
        raise LedgerSchemaError(
            f"This ledger was written by a newer Understudy (schema {version}; this one knows {SCHEMA_VERSION}). "
            "Upgrade Understudy to open it."
        )
    return version == SCHEMA_VERSION


def create(connection: Connection) -> None:
    """Create tables, guards and version inside the caller's write transaction; harmless when they exist."""
    if is_current(connection):
        return
    metadata.create_all(connection)
    for statement in guards.statements(connection.dialect.name):
        connection.exec_driver_sql(statement)
    connection.execute(ledger_schema_version.insert().values(version=SCHEMA_VERSION))
