"""Keeping accounts: who may sign in, as whom the ledger knows them, and what they may do.

Belongs here: adding, changing and closing accounts, each recorded in the ledger. Does not belong here: rules over one
account (``account``), signing in (``doors``).
"""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger.errors import LedgerError
from ledger.events import EventType, display_name, name_key, role_key, utc_text
from service.identity.account import Account, Role
from service.identity.recording import Actor, record
from service.identity.refusals import IdentityProblem
from service.identity.store import DoorsEngine, accounts

if TYPE_CHECKING:
    from ledger.store import Ledger

Also = Callable[[sa.Connection, Account], None]
"""What else happens in the transaction of a change, to the account as it is then."""
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._+@-]{0,63}")


class Accounts:
    """The accounts of one desk. Safe for threads and processes."""

    def __init__(self, engine: DoorsEngine, ledger: Ledger, clock: Callable[[], dt.datetime]) -> None:
        self._engine, self._ledger, self._clock = engine, ledger, clock

    def all(self) -> list[Account]:
        """Every account, closed ones too, by name."""
        with self._engine.reading() as connection:
            rows = connection.execute(sa.select(accounts)).all()
        return sorted((as_account(row) for row in rows), key=lambda one: (not one.is_active, one.name.casefold()))

    def is_anybody_there(self) -> bool:
        """Whether there is an account at all."""
        with self._engine.reading() as connection:
            return connection.execute(sa.select(accounts.c.account_id).limit(1)).first() is not None

    def find(self, account_id: str) -> Account:
        """One account. Raises ``IdentityProblem`` when there is none."""
        with self._engine.reading() as connection:
            return as_account(_row(connection, accounts.c.account_id == account_id))

    def by_login(self, login: str) -> Account:
        """One account. Raises ``IdentityProblem`` when there is none."""
        with self._engine.reading() as connection:
            return as_account(_row(connection, accounts.c.login == tidy_login(login)))

    def add(
        self,
        login: str,
        name: str,
        roles: Iterable[str],
        signs_as: Iterable[str],
        password_hash: str | None,
        actor: Actor,
    ) -> Account:
        """Make an account. Raises ``IdentityProblem`` for a login or name that is taken or cannot be one."""
        made = Account(uuid.uuid4().hex, tidy_login(login), _name(name), _roles(roles), _signs_as(signs_as))
        with self._engine.writing() as connection:
            _refuse_taken(connection, made)
            connection.execute(
                accounts.insert().values(
                    **_columns(made),
                    account_id=made.account_id,
                    password_hash=password_hash,
                    created_at=utc_text(self._clock()),
                )
            )
            self._record(made, actor, {"what": "added", **_words(made)})
        return made

    def change(self, account_id: str, changes: dict[str, Any], actor: Actor, on_closing: Also) -> Account:
        """Change ``login``, ``name``, ``roles``, ``signs_as`` or ``is_active``; the account after it.

        A closed account loses its password with its closing, so that opening it again brings no old one back.
        Raises ``IdentityProblem`` as ``add`` does.
        """
        tidy: dict[str, Callable[[Any], Any]] = {
            "login": tidy_login,
            "name": _name,
            "roles": _roles,
            "signs_as": _signs_as,
            "is_active": bool,
        }
        with self._engine.writing() as connection:
            row = _row(connection, accounts.c.account_id == account_id)
            before = as_account(row)
            wanted = {name: tidy[name](value) for name, value in changes.items()}
            after = Account(**{**before.__dict__, **wanted})
            if after == before:
                return after
            _refuse_taken(connection, after)
            password_hash = row.password_hash if after.is_active else None
            where = accounts.c.account_id == account_id
            connection.execute(accounts.update().where(where).values(**_columns(after), password_hash=password_hash))
            self._record(after, actor, {"what": _kind_of_change(before, after), "changes": _difference(before, after)})
            if not after.is_active:
                on_closing(connection, after)
        return after

    def set_password_hash(self, account_id: str, password_hash: str, actor: Actor, also: Also) -> None:
        """Keep another hash and record that the password changed. Raises ``IdentityProblem`` for a closed account."""
        with self._engine.writing() as connection:
            account = as_account(_row(connection, accounts.c.account_id == account_id))
            if not account.is_active:
                raise IdentityProblem(f"The account of {account.name} is closed. Open it again first.")
            where = accounts.c.account_id == account_id
            connection.execute(accounts.update().where(where).values(password_hash=password_hash))
            self._record(account, actor, {"what": "password set", "login": account.login})
            also(connection, account)

    def _record(self, account: Account, actor: Actor, payload: dict[str, Any]) -> None:
        # Before the transaction commits: no change without its event. An event whose commit then fails is the rarer harm.
        subject = ("account", account.account_id)
        try:
            record(self._ledger, EventType.ACCOUNT_CHANGED, subject, actor, self._clock(), payload)
        except LedgerError as problem:
            raise IdentityProblem(f"Nothing was changed. {problem}") from problem


def tidy_login(login: str) -> str:
    """A login as it is kept. Raises ``IdentityProblem`` for what cannot be one."""
    tidy = login.strip().lower()
    if not _LOGIN.fullmatch(tidy):
        raise IdentityProblem(
            "A login is up to 64 of a-z, 0-9, '.', '_', '-', '+' and '@', beginning with a letter or digit; such as ada.moreno."
        )
    return tidy


def as_account(row: Any) -> Account:
    """An account from a row of its table; a role that this version does not know counts for nothing."""
    roles = frozenset(Role(one) for one in json.loads(row.roles) if one in set(Role))
    return Account(row.account_id, row.login, row.name, roles, tuple(json.loads(row.signs_as)), row.is_active)


def _row(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> Any:
    row = connection.execute(sa.select(accounts).where(condition)).first()
    if row is None:
        raise IdentityProblem("There is no such account. List them with: understudy account list")
    return row


def _name(name: str) -> str:
    try:
        return display_name(name)
    except LedgerError as problem:
        raise IdentityProblem(str(problem)) from problem


def _roles(roles: Iterable[str]) -> frozenset[Role]:
    wanted = frozenset(str(one) for one in roles)
    unknown = sorted(wanted - set(Role))
    if unknown or not wanted:
        problem = f"There is no role {unknown[0]!r}" if unknown else "An account needs at least one role"
        raise IdentityProblem(f"{problem}. The roles: {', '.join(Role)}.")
    return frozenset(Role(one) for one in wanted)


def _signs_as(roles: Iterable[str]) -> tuple[str, ...]:
    """Roles as desk.yaml spells them, each once, in their order."""
    try:
        kept = {role_key(one): one.strip() for one in roles}
    except LedgerError as problem:
        raise IdentityProblem(str(problem)) from problem
    return tuple(kept.values())


def _refuse_taken(connection: sa.Connection, wanted: Account) -> None:
    others = sa.select(accounts.c.login, accounts.c.name).where(
        accounts.c.account_id != wanted.account_id,
        sa.or_(accounts.c.login == wanted.login, accounts.c.name_key == name_key(wanted.name)),
    )
    other = connection.execute(others).first()
    if other is None:
        return
    if other.login == wanted.login:
        raise IdentityProblem(f"The login {wanted.login} is taken, by {other.name}.")
    raise IdentityProblem(
        f"{other.name} has an account already, with the login {other.login}. The ledger knows people by their names: "
        "give this one a name that tells them apart."
    )


def _columns(account: Account) -> dict[str, Any]:
    return {
        "login": account.login,
        "name": account.name,
        "name_key": name_key(account.name),
        "roles": json.dumps(sorted(account.roles)),
        "signs_as": json.dumps(list(account.signs_as), ensure_ascii=False),
        "is_active": account.is_active,
    }


def _words(account: Account) -> dict[str, Any]:
    roles, signs_as = sorted(str(one) for one in account.roles), list(account.signs_as)
    return {
        "login": account.login,
        "name": account.name,
        "roles": roles,
        "signs_as": signs_as,
        "is_active": account.is_active,
    }


def _difference(before: Account, after: Account) -> dict[str, Any]:
    old, new = _words(before), _words(after)
    return {name: {"from": old[name], "to": new[name]} for name in new if old[name] != new[name]}


def _kind_of_change(before: Account, after: Account) -> str:
    if before.is_active == after.is_active:
        return "edited"
    return "opened again" if after.is_active else "closed"
