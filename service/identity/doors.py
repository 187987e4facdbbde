"""Everything about who may come in, over one database: accounts, sessions, tokens and failed attempts together.

Belongs here: what takes several of them, such as signing in, or closing an account with its sessions. Does not belong here:
HTTP (``gate``, ``login``), how each is kept (the modules beside this one).

Every call blocks: on the database always, for about 0.1 s where a password is looked at. On a server it belongs on a thread.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from desk.service import ServiceSettings
from ledger.events import EventType
from service.identity.account import Account
from service.identity.accounts import Accounts, as_account, tidy_login
from service.identity.attempts import Attempts
from service.identity.passwords import Passwords, check_new_password
from service.identity.recording import ADMIN, ONESELF, Actor, record
from service.identity.refusals import IdentityProblem, PasswordRefused, WrongLogin
from service.identity.sessions import Session, Sessions, csrf_of
from service.identity.store import DoorsEngine, accounts
from service.identity.tokens import KeptToken, Token, Tokens
from service.identity.visitor import SessionEnded, Visitor

if TYPE_CHECKING:
    from desk.loading import Desk
    from ledger.store import Ledger

FILE = "service.sqlite"
"""Beside the lake, where the desk has no PostgreSQL."""


def doors_location(desk: Desk) -> str | Path:
    """Where the doors of a desk are kept: its PostgreSQL, else a file in its home."""
    return desk.postgres_url or desk.home / FILE


class Doors:
    """Who may come in. Safe for threads and processes; a change made by one is seen by the others at their next call."""

    def __init__(
        self,
        engine: DoorsEngine,
        ledger: Ledger,
        settings: ServiceSettings,
        clock: Callable[[], dt.datetime],
        passwords: Passwords,
    ) -> None:
        self._engine, self._ledger, self._clock, self._passwords = engine, ledger, clock, passwords
        self._accounts = Accounts(engine, ledger, clock)
        self._tokens = Tokens(engine, ledger, clock)
        self._sessions = Sessions(settings)
        self._attempts = Attempts(engine.secret("attempts"))
        # Noting a use must not make a click wait for the disk.
        self._later = ThreadPoolExecutor(1, thread_name_prefix="doors")

    @classmethod
    def open(
        cls,
        location: str | Path,
        ledger: Ledger,
        settings: ServiceSettings,
        clock: Callable[[], dt.datetime],
        passwords: Passwords | None = None,
    ) -> Doors:
        """Open the doors kept at a file path (SQLite) or a ``postgresql://`` address, making them at their first use.

        ``ledger`` stays the caller's to close. Raises ``LedgerError`` for an address that cannot hold them,
        ``IdentityProblem`` when a newer version wrote them.
        """
        engine = DoorsEngine(location)
        engine.initialise()
        return cls(engine, ledger, settings, clock, passwords or Passwords())

    def __enter__(self) -> Doors:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write what is still to be noted, and give back connections."""
        self._later.shutdown(wait=True)
        self._engine.close()

    # Accounts

    def accounts(self) -> list[Account]:
        """Every account, active ones first."""
        return self._accounts.all()

    def account(self, account_id: str) -> Account:
        """One account. Raises ``IdentityProblem``."""
        return self._accounts.find(account_id)

    def account_by_login(self, login: str) -> Account:
        """One account. Raises ``IdentityProblem``."""
        return self._accounts.by_login(login)

    def has_accounts(self) -> bool:
        """Whether anybody could ever sign in."""
        return self._accounts.is_anybody_there()

    def add_account(
        self,
        login: str,
        name: str,
        roles: Iterable[str],
        signs_as: Iterable[str] = (),
        *,
        password: str | None,
        by: str,
        role: str = ADMIN,
    ) -> Account:
        """Make an account; without a password nobody can sign in to it yet.

        Raises:
            IdentityProblem: what is wanted cannot be; says what to change. PasswordRefused is one of these.
        """
        password_hash = None
        if password is not None:
            check_new_password(password, tidy_login(login), name)
            password_hash = self._passwords.hash(password)
        return self._accounts.add(login, name, roles, signs_as, password_hash, Actor(by, role))

    def edit_account(self, account_id: str, *, by: str, role: str = ADMIN, **changes: Any) -> Account:
        """Change ``login``, ``name``, ``roles``, ``signs_as``, or open a closed account again (``is_active=True``).

        Running sessions have the new roles at their next step. Raises ``IdentityProblem``.
        """
        actor = Actor(by, role)
        return self._accounts.change(account_id, changes, actor, self._ending_sessions(actor, "account closed"))

    def close_account(self, account_id: str, *, by: str, role: str = ADMIN) -> Account:
        """Close an account: its sessions end, its password is forgotten, what it did stays. Raises ``IdentityProblem``."""
        return self.edit_account(account_id, by=by, role=role, is_active=False)

    def set_password(self, account_id: str, password: str, *, by: str, role: str = ADMIN) -> None:
        """Give an account another password; all its sessions end. Raises ``IdentityProblem``."""
        account = self._accounts.find(account_id)
        check_new_password(password, account.login, account.name)
        password_hash, actor = self._passwords.hash(password), Actor(by, role)
        end_sessions = self._ending_sessions(actor, "password changed")

        def also(connection: sa.Connection, account: Account) -> None:
            self._attempts.forget(connection, account.login)
            end_sessions(connection, account)

        self._accounts.set_password_hash(account_id, password_hash, actor, also)

    def change_own_password(self, session_id: str, old: str, new: str, address: str) -> None:
        """A signed-in person changes their password; all their sessions end, this one too.

        Guesses of the old password count as failed sign-ins.

        Raises:
            SessionEnded: nobody is signed in. WrongLogin, TooManyAttempts: about the old password. IdentityProblem: the
                new one is refused.
        """
        account = self.account_of(session_id)
        check_new_password(new, account.login, account.name)
        if old == new:
            raise PasswordRefused("Choose a password that is not the old one.")
        self._check(account.login, old, address)
        self.set_password(account.account_id, new, by=account.name, role=ONESELF)

    # Sessions

    def sign_in(self, login: str, password: str, address: str) -> tuple[str, Visitor]:
        """Begin a session; the value for its cookie, and who came in.

        Raises:
            WrongLogin: whatever of the two is wrong, and for a closed account. TooManyAttempts: not listened to yet.
            LedgerError: the ledger could not record it; nobody came in.
        """
        account_id, kept = self._check(login, password, address)
        new_hash = self._passwords.hash(password) if self._passwords.needs_rehash(kept) else kept
        now = self._clock()
        with self._engine.writing() as connection:
            row = connection.execute(sa.select(accounts).where(accounts.c.account_id == account_id)).first()
            # Closed, or given another password, while the old one was looked at.
            if row is None or not row.is_active or row.password_hash != kept:
                raise WrongLogin()
            account = as_account(row)
            if new_hash != kept:
                where = accounts.c.account_id == account_id
                connection.execute(accounts.update().where(where).values(password_hash=new_hash))
            self._attempts.forget(connection, account.login)
            self._sessions.end_expired(connection, now)
            value, session = self._sessions.begin(connection, account_id, address, now)
            payload = {"account": account_id, "login": account.login}
            subject = ("session", session.session_id)
            record(self._ledger, EventType.SIGNED_IN, subject, Actor(account.name, ONESELF), now, payload)
        return value, self._visitor(value, session)

    def visitor(self, cookie_value: str, *, is_use: bool = True) -> Visitor | None:
        """Who is behind a session's cookie, None when it opens nothing (any more). Counts as a use unless told otherwise."""
        now = self._clock()
        with self._engine.reading() as connection:
            found = self._sessions.behind(connection, cookie_value, now)
        if found is None:
            return None
        if is_use:
            self._note_use(found[0], now)
        return self._visitor(cookie_value, found[0])

    def account_of(self, session_id: str, *, is_use: bool = True) -> Account:
        """The account behind a running session as it stands. Counts as a use unless told otherwise.

        Raises:
            SessionEnded: it runs no more.
        """
        now = self._clock()
        with self._engine.reading() as connection:
            found = self._sessions.find(connection, session_id, now)
        if found is None:
            raise SessionEnded("The session is over. Sign in again.")
        if is_use:
            self._note_use(found[0], now)
        return found[1]

    def sign_out(self, session_id: str) -> bool:
        """End a session; whether it still ran. Raises ``LedgerError``."""
        with self._engine.reading() as connection:
            found = self._sessions.find(connection, session_id, self._clock())
        if found is None:
            return False
        return self._end(found[0], Actor(found[1].name, ONESELF), "signed out")

    def sessions_of(self, account_id: str) -> list[Session]:
        """An account's running sessions, the last used first."""
        with self._engine.reading() as connection:
            return self._sessions.of(connection, account_id, self._clock())

    def end_session(self, account_id: str, session_id: str, *, by: str, role: str = ONESELF) -> bool:
        """End one session of an account; whether there was one."""
        mine = {one.session_id: one for one in self.sessions_of(account_id)}
        return session_id in mine and self._end(mine[session_id], Actor(by, role), "ended")

    def sign_out_everywhere(self, account_id: str, *, by: str, role: str = ONESELF) -> int:
        """End all sessions of an account; how many there were."""
        with self._engine.writing() as connection:
            running = self._sessions.of(connection, account_id, self._clock())
            return sum(self._end_within(connection, one, Actor(by, role), "signed out everywhere") for one in running)

    def ends_at(self, session: Session) -> dt.datetime:
        """When a session is over even if it is used."""
        return self._sessions.ends_at(session)

    # Tokens

    def tokens(self) -> list[KeptToken]:
        """Every token, revoked ones too, the newest first."""
        return self._tokens.all()

    def issue_token(
        self, name: str, scopes: Iterable[str], by: str, expires: dt.datetime | None = None, *, role: str = ADMIN
    ) -> tuple[Token, str]:
        """A new token and its secret text, to be shown this once. Raises ``IdentityProblem``."""
        return self._tokens.issue(name, scopes, expires, Actor(by, role))

    def revoke_token(self, token_id: str, by: str, *, role: str = ADMIN) -> KeptToken:
        """End a token for good. Raises ``IdentityProblem``."""
        return self._tokens.revoke(token_id, Actor(by, role))

    def token(self, text: str) -> Token | None:
        """The token behind a secret text, None for one that is unknown, revoked or over."""
        return self._tokens.behind(text)

    def _check(self, login: str, password: str, address: str) -> tuple[str, str]:
        """Account id and kept hash of an active account with this password. Raises ``WrongLogin``, ``TooManyAttempts``."""
        try:
            tidy, can_be_one = tidy_login(login), True
        except IdentityProblem:
            tidy, can_be_one = login[:200], False
        with self._engine.writing() as connection:
            self._attempts.begin(connection, tidy, address, self._clock())
            # PostgreSQL takes no NUL; what cannot be a login is not looked for.
            query = sa.select(accounts).where(accounts.c.login == tidy)
            row = connection.execute(query).first() if can_be_one else None
        kept = row.password_hash if row is not None and row.is_active else None
        if not self._passwords.is_right(password, kept) or row is None or kept is None:
            raise WrongLogin()
        return row.account_id, kept

    def _visitor(self, cookie_value: str, session: Session) -> Visitor:
        return Visitor(
            session.session_id, csrf_of(cookie_value), functools.partial(self.account_of, session.session_id)
        )

    def _note_use(self, session: Session, now: dt.datetime) -> None:
        if self._sessions.is_use_worth_writing(session, now):
            self._later.submit(self._write_use, session.session_id, now)

    def _write_use(self, session_id: str, now: dt.datetime) -> None:
        with self._engine.writing() as connection:
            self._sessions.write_use(connection, session_id, now)

    def _end(self, session: Session, actor: Actor, why: str) -> bool:
        with self._engine.writing() as connection:
            return self._end_within(connection, session, actor, why)

    def _end_within(self, connection: sa.Connection, session: Session, actor: Actor, why: str) -> bool:
        if not self._sessions.end(connection, session.session_id):
            return False
        payload = {"account": session.account_id, "why": why}
        subject = ("session", session.session_id)
        record(self._ledger, EventType.SIGNED_OUT, subject, actor, self._clock(), payload)
        return True

    def _ending_sessions(self, actor: Actor, why: str) -> Callable[[sa.Connection, Account], None]:
        def end(connection: sa.Connection, account: Account) -> None:
            for session in self._sessions.of(connection, account.account_id, self._clock()):
                self._end_within(connection, session, actor, why)

        return end
