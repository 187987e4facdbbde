"""Slowing down whoever guesses passwords.

Belongs here: counting failed attempts for a login and from an address, and how long the next must wait. Kept in the
database, so that a restart forgives nothing. Does not belong here: checking passwords.

An attempt is counted before its password is looked at, and forgotten when it was right: many at once gain nothing. A success
forgets the failures of its own login only, so that nobody clears the way to other accounts by signing in to theirs.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import ipaddress
import math
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from ledger.events import utc_moment, utc_text
from service.identity.refusals import TooManyAttempts
from service.identity.store import attempts

REMEMBERED = dt.timedelta(hours=24)
FREE_FOR_LOGIN = 5
FREE_FOR_ADDRESS = 20
"""Failures before the first wait; an office may share one address."""
LONGEST_WAIT = 900
"""Seconds. Longer would let a stranger keep somebody out for good."""


@dataclass(frozen=True)
class Attempts:
    """Failed attempts. ``key`` hides what was typed: people type passwords into the wrong field."""

    key: bytes

    def begin(self, connection: sa.Connection, login: str, address: str, now: dt.datetime) -> None:
        """Count an attempt in the caller's write transaction.

        Raises:
            TooManyAttempts: it is not to be listened to yet; it is not counted then.
        """
        connection.execute(attempts.delete().where(attempts.c.at <= utc_text(now - REMEMBERED)))
        login_key, address_key = self._hidden(f"login:{login}"), self._hidden(f"address:{network_of(address)}")
        waits = (
            _seconds_left(connection, attempts.c.login_key, login_key, FREE_FOR_LOGIN, now),
            _seconds_left(connection, attempts.c.address_key, address_key, FREE_FOR_ADDRESS, now),
        )
        if max(waits) > 0:
            raise TooManyAttempts(max(waits))
        row = {"attempt_id": uuid.uuid4().hex, "login_key": login_key, "address_key": address_key, "at": utc_text(now)}
        connection.execute(attempts.insert().values(row))

    def forget(self, connection: sa.Connection, login: str) -> None:
        """The right password came: the failures of this login no longer count."""
        connection.execute(attempts.delete().where(attempts.c.login_key == self._hidden(f"login:{login}")))

    def _hidden(self, text: str) -> str:
        return hmac.new(self.key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def wait_after(failures: int, free: int) -> int:
    """Seconds that must pass after the last of so many failures: 0, then 2, 4, 8 … to the longest."""
    if failures < free:
        return 0
    return min(LONGEST_WAIT, 2 ** min(failures - free + 1, 20))


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 network of an IPv6 one, which one household owns whole."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address) + "/64"
    return str(parsed)


def _seconds_left(connection: sa.Connection, column: sa.Column, key: str, free: int, now: dt.datetime) -> int:
    query = sa.select(sa.func.count(), sa.func.max(attempts.c.at)).where(column == key)
    row = connection.execute(query).one()
    failures, last = int(row[0]), str(row[1])
    wait = wait_after(failures, free)
    if wait == 0:
        return 0
    until = utc_moment(last) + dt.timedelta(seconds=wait)
    # A clock that was set back must not lengthen a wait.
    return min(wait, math.ceil((until - now).total_seconds()))
