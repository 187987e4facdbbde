"""Signed-in browsers: a random cookie value each, of which only a hash is kept.

Belongs here: beginning, finding and ending sessions, and when they run out. Does not belong here: passwords, cookies'
attributes (``login``), who may do what.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from desk.service import ServiceSettings
from ledger.events import utc_moment, utc_text
from service.identity.account import Account
from service.identity.accounts import as_account
from service.identity.store import accounts, sessions

_COOKIE_VALUE = re.compile(r"[A-Za-z0-9_-]{43}")
_WRITTEN_EVERY = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Session:
    """A signed-in browser. ``session_id`` names it and opens nothing."""

    session_id: str
    account_id: str
    address: str
    started_at: dt.datetime
    last_used_at: dt.datetime


@dataclass(frozen=True)
class Sessions:
    """Sessions within the caller's transactions; ``settings`` says how long they last."""

    settings: ServiceSettings

    def begin(self, connection: sa.Connection, account_id: str, address: str, now: dt.datetime) -> tuple[str, Session]:
        """A new session; its cookie value (256 random bits, never kept) and what is kept."""
        value = secrets.token_urlsafe(32)
        made = Session(uuid.uuid4().hex, account_id, address[:64], now, now)
        at = utc_text(now)
        row = {**made.__dict__, "secret_hash": _digest(value), "started_at": at, "last_used_at": at}
        connection.execute(sessions.insert().values(row))
        return value, made

    def behind(self, connection: sa.Connection, cookie_value: str, now: dt.datetime) -> tuple[Session, Account] | None:
        """The running session behind a cookie and its account as it stands, or None."""
        if not _COOKIE_VALUE.fullmatch(cookie_value):
            return None
        return self._running(connection, sessions.c.secret_hash == _digest(cookie_value), now)

    def find(self, connection: sa.Connection, session_id: str, now: dt.datetime) -> tuple[Session, Account] | None:
        """A running session by its id and its account as it stands, or None."""
        return self._running(connection, sessions.c.session_id == session_id, now)

    def of(self, connection: sa.Connection, account_id: str, now: dt.datetime) -> list[Session]:
        """An account's running sessions, the last used first."""
        rows = connection.execute(sa.select(sessions).where(sessions.c.account_id == account_id)).all()
        running = [one for one in map(_as_session, rows) if self._runs(one, now)]
        return sorted(running, key=lambda one: one.last_used_at, reverse=True)

    def is_use_worth_writing(self, session: Session, now: dt.datetime) -> bool:
        """Whether the kept last use is old enough to be written anew: not at every click, but well before it ends."""
        idle = dt.timedelta(minutes=self.settings.idle_minutes)
        return now - session.last_used_at >= min(_WRITTEN_EVERY, idle / 4)

    def write_use(self, connection: sa.Connection, session_id: str, now: dt.datetime) -> None:
        """Note that a session was used now."""
        where = (sessions.c.session_id == session_id, sessions.c.last_used_at < utc_text(now))
        connection.execute(sessions.update().where(*where).values(last_used_at=utc_text(now)))

    def end(self, connection: sa.Connection, session_id: str) -> bool:
        """End a session; whether there was one."""
        return bool(connection.execute(sessions.delete().where(sessions.c.session_id == session_id)).rowcount)

    def end_expired(self, connection: sa.Connection, now: dt.datetime) -> None:
        """Forget sessions that have run out."""
        absolute, idle = self._oldest(now)
        is_over = sa.or_(sessions.c.started_at <= utc_text(absolute), sessions.c.last_used_at <= utc_text(idle))
        connection.execute(sessions.delete().where(is_over))

    def ends_at(self, session: Session) -> dt.datetime:
        """When the session is over even if it is used."""
        return session.started_at + dt.timedelta(hours=self.settings.session_hours)

    def _running(
        self, connection: sa.Connection, condition: sa.ColumnElement[bool], now: dt.datetime
    ) -> tuple[Session, Account] | None:
        both = sa.select(sessions, accounts).join(accounts, accounts.c.account_id == sessions.c.account_id)
        row = connection.execute(both.where(condition, accounts.c.is_active)).first()
        if row is None or not self._runs(session := _as_session(row), now):
            return None
        return session, as_account(row)

    def _runs(self, session: Session, now: dt.datetime) -> bool:
        absolute, idle = self._oldest(now)
        return session.started_at > absolute and session.last_used_at > idle

    def _oldest(self, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
        """Begun, and last used, no later than this is over."""
        hours, minutes = self.settings.session_hours, self.settings.idle_minutes
        return now - dt.timedelta(hours=hours), now - dt.timedelta(minutes=minutes)


def csrf_of(cookie_value: str) -> str:
    """The value that forms of a session carry: nobody without the cookie can know it, and it does not open the session."""
    return hashlib.sha256(b"understudy.csrf:" + cookie_value.encode()).hexdigest()


def _digest(cookie_value: str) -> str:
    return hashlib.sha256(cookie_value.encode()).hexdigest()


def _as_session(row: Any) -> Session:
    times = utc_moment(row.started_at), utc_moment(row.last_used_at)
    return Session(row.session_id, row.account_id, row.address, *times)
