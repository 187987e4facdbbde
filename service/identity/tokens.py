"""API tokens: what a program shows instead of a person's login.

Belongs here: issuing, finding and revoking, each recorded in the ledger. Only a token's SHA-256 is kept: it is 256 random
bits, which no table of guesses covers. Does not belong here: which route needs which scope (``api``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import secrets
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger.errors import LedgerError
from ledger.events import EventType, display_name, name_key, utc_moment, utc_text
from service.identity.recording import Actor, record
from service.identity.refusals import IdentityProblem
from service.identity.store import DoorsEngine, tokens

if TYPE_CHECKING:
    from ledger.store import Ledger

IN_SCOPE = "understudy.token"
"""Under which a request's scope holds the token."""
PREFIX = "und_"
_TEXT = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")


class Scope(StrEnum):
    """What a token may be used for."""

    DECISIONS_WRITE = "decisions:write"
    FEEDBACK_WRITE = "feedback:write"
    HANDOFFS_WRITE = "handoffs:write"
    RELEASES_READ = "releases:read"


@dataclass(frozen=True)
class Token:
    """A token as a request shows it, without its secret."""

    token_id: str
    name: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class KeptToken:
    """A token as people list it."""

    token_id: str
    name: str
    scopes: frozenset[str]
    created_at: dt.datetime
    created_by: str
    expires_at: dt.datetime | None
    revoked_at: dt.datetime | None

    def is_good(self, now: dt.datetime) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


class Tokens:
    """The tokens of one desk. Safe for threads and processes."""

    def __init__(self, engine: DoorsEngine, ledger: Ledger, clock: Callable[[], dt.datetime]) -> None:
        self._engine, self._ledger, self._clock = engine, ledger, clock

    def all(self) -> list[KeptToken]:
        """Every token, revoked ones too, the newest first."""
        with self._engine.reading() as connection:
            rows = connection.execute(sa.select(tokens).order_by(tokens.c.created_at.desc())).all()
        return [_as_kept(row) for row in rows]

    def issue(
        self, name: str, scopes: Iterable[str], expires_at: dt.datetime | None, actor: Actor
    ) -> tuple[Token, str]:
        """A new token and its secret text, which is shown once and kept nowhere.

        Raises:
            IdentityProblem: an unknown scope or none, a name that a good token has, an end that has passed.
        """
        now, text = self._clock(), PREFIX + secrets.token_urlsafe(32)
        made = Token(uuid.uuid4().hex[:16], _name(name), _scopes(scopes))
        if expires_at is not None and expires_at <= now:
            raise IdentityProblem("The token would have ended already: give an end that lies ahead.")
        row = {
            "token_id": made.token_id,
            "name": made.name,
            "secret_hash": _digest(text),
            "scopes": json.dumps(sorted(made.scopes)),
            "created_at": utc_text(now),
            "created_by": display_name(actor.name),
            "expires_at": None if expires_at is None else utc_text(expires_at),
        }
        with self._engine.writing() as connection:
            good = [one for one in map(_as_kept, connection.execute(sa.select(tokens))) if one.is_good(now)]
            if name_key(made.name) in {name_key(one.name) for one in good}:
                raise IdentityProblem(
                    f"There is a token named {made.name} already. Revoke it first, or choose another name."
                )
            connection.execute(tokens.insert().values(row))
            ends = {"expires_at": row["expires_at"]}
            self._record(
                made.token_id, actor, {"what": "issued", "name": made.name, "scopes": sorted(made.scopes), **ends}
            )
        return made, text

    def revoke(self, token_id: str, actor: Actor) -> KeptToken:
        """End a token for good. Raises ``IdentityProblem`` when there is none, or it was revoked before."""
        with self._engine.writing() as connection:
            row = connection.execute(sa.select(tokens).where(tokens.c.token_id == token_id)).first()
            if row is None:
                raise IdentityProblem("There is no such token. List them with: understudy token list")
            if row.revoked_at is not None:
                raise IdentityProblem(f"The token {row.name} was revoked before.")
            at = utc_text(self._clock())
            connection.execute(tokens.update().where(tokens.c.token_id == token_id).values(revoked_at=at))
            self._record(token_id, actor, {"what": "revoked", "name": row.name})
            row = connection.execute(sa.select(tokens).where(tokens.c.token_id == token_id)).one()
        return _as_kept(row)

    def behind(self, text: str) -> Token | None:
        """The token behind a secret text, None for one that is unknown, revoked or over."""
        if not _TEXT.fullmatch(text):
            return None
        with self._engine.reading() as connection:
            row = connection.execute(sa.select(tokens).where(tokens.c.secret_hash == _digest(text))).first()
        if row is None or not (kept := _as_kept(row)).is_good(self._clock()):
            return None
        return Token(kept.token_id, kept.name, kept.scopes)

    def _record(self, token_id: str, actor: Actor, payload: dict[str, Any]) -> None:
        try:
            record(self._ledger, EventType.TOKEN_CHANGED, ("token", token_id), actor, self._clock(), payload)
        except LedgerError as problem:
            raise IdentityProblem(f"Nothing was changed. {problem}") from problem


def _name(name: str) -> str:
    try:
        return display_name(name)
    except LedgerError:
        raise IdentityProblem("A token needs a name that says what uses it, such as 'helpdesk adapter'.") from None


def _scopes(scopes: Iterable[str]) -> frozenset[str]:
    found = frozenset(str(one) for one in scopes)
    unknown = sorted(found - set(Scope))
    if unknown or not found:
        raise IdentityProblem(
            f"{'No scope ' + repr(unknown[0]) if unknown else 'A token needs a scope'}. There are: {', '.join(Scope)}."
        )
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _as_kept(row: Any) -> KeptToken:
    def moment(text: str | None) -> dt.datetime | None:
        return None if text is None else utc_moment(text)

    return KeptToken(
        row.token_id,
        row.name,
        frozenset(json.loads(row.scopes)),
        utc_moment(row.created_at),
        row.created_by,
        moment(row.expires_at),
        moment(row.revoked_at),
    )
