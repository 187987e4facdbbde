"""Where accounts, sessions, tokens and failed attempts are kept: a SQLite file of their own, or the desk's PostgreSQL.

Belongs here: tables, their creation, the secret that never leaves the database. Does not belong here: what rows mean.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import sqlalchemy as sa

from ledger.engine import LedgerEngine
from service.identity.refusals import IdentityProblem

SCHEMA_VERSION = 1

metadata = sa.MetaData()
_moment = sa.String(27)  # as ledger.events.utc_text writes it: sorts as time does

accounts = sa.Table(
    "service_accounts",
    metadata,
    sa.Column("account_id", sa.String(32), primary_key=True),
    sa.Column("login", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    # The ledger knows people by their names, so two accounts must never be one person to it.
    sa.Column("name_key", sa.Text, nullable=False, unique=True),
    sa.Column("roles", sa.Text, nullable=False),
    sa.Column("signs_as", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("created_at", _moment, nullable=False),
)

sessions = sa.Table(
    "service_sessions",
    metadata,
    sa.Column("session_id", sa.String(32), primary_key=True),
    sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("account_id", sa.String(32), nullable=False, index=True),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("started_at", _moment, nullable=False),
    sa.Column("last_used_at", _moment, nullable=False),
)

tokens = sa.Table(
    "service_tokens",
    metadata,
    sa.Column("token_id", sa.String(32), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("scopes", sa.Text, nullable=False),
    sa.Column("created_at", _moment, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("expires_at", _moment),
    sa.Column("revoked_at", _moment),
)

attempts = sa.Table(
    "service_attempts",
    metadata,
    sa.Column("attempt_id", sa.String(32), primary_key=True),
    sa.Column("login_key", sa.String(64), nullable=False, index=True),
    sa.Column("address_key", sa.String(64), nullable=False, index=True),
    sa.Column("at", _moment, nullable=False, index=True),
)

secret_values = sa.Table(
    "service_secrets",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("value", sa.String(64), nullable=False),
)

schema_version = sa.Table(
    "service_schema_version",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
)


class DoorsEngine(LedgerEngine):
    """The ledger's way of connecting, for tables of our own. Never waits for the ledger's writers."""

    # "understudy.doors": on PostgreSQL our writers queue among themselves, not behind a long append.
    lock_key = 0x444F_4F52_5300_0001

    def __init__(self, location: str | Path, *, wait_seconds: float = 30.0) -> None:
        super().__init__(location, wait_seconds=wait_seconds)

    def initialise(self) -> None:
        """Create the tables where there are none; two first users at once end with one set.

        Raises:
            IdentityProblem: they are from a newer version.
        """
        if self.is_sqlite:
            file = Path(str(self.url.database))
            file.parent.mkdir(parents=True, exist_ok=True)
            # Before SQLite makes it: for the owner's eyes only; its log files inherit this.
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
            self._switch_to_wal()
        with self.reading() as connection:
            if _is_current(connection):
                return
        with self.writing() as connection:
            if not _is_current(connection):
                metadata.create_all(connection)
                connection.execute(schema_version.insert().values(version=SCHEMA_VERSION))

    def secret(self, name: str) -> bytes:
        """32 random bytes kept under ``name``, made at their first use; for keyed hashes and signatures."""
        query = sa.select(secret_values.c.value).where(secret_values.c.name == name)
        with self.reading() as connection:
            found = connection.execute(query).scalar_one_or_none()
        if found is None:
            with self.writing() as connection:
                found = connection.execute(query).scalar_one_or_none()
                if found is None:
                    found = secrets.token_hex(32)
                    connection.execute(secret_values.insert().values(name=name, value=found))
        return bytes.fromhex(found)


def _is_current(connection: sa.Connection) -> bool:
    if not sa.inspect(connection).has_table(schema_version.name):
        return False
    version = connection.execute(sa.select(schema_version.c.version)).scalar_one_or_none()
    if version is not None and version > SCHEMA_VERSION:
        raise IdentityProblem(
            f"The accounts were written by a newer version of Understudy (form {version}; this one knows {SCHEMA_VERSION}). "
            "Update Understudy."
        )
    return version == SCHEMA_VERSION
