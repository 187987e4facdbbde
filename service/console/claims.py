"""Who has which draft before them, so that two people do not review the same one unknowingly.

Belongs here: short claims in the memory of the one server. Does not belong here: what was recorded (the ledger decides
that, since a terminal may review at the same time).
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """A person has an item before them until a moment."""

    account_id: str
    name: str
    until: dt.datetime


class Claims:
    """Claims by item id. Safe for threads. A claim that is not renewed runs out by itself."""

    def __init__(self, lasts: dt.timedelta, clock: Callable[[], dt.datetime]) -> None:
        self._lasts, self._clock = lasts, clock
        self._lock = threading.Lock()
        self._claims: dict[str, Claim] = {}

    def take(self, item_id: str, account_id: str, name: str) -> Claim | None:
        """Claim or renew an item; the other person's claim where somebody else has it, None where it is ours now."""
        with self._lock:
            now = self._clock()
            held = self._claims.get(item_id)
            if held is not None and held.account_id != account_id and held.until > now:
                return held
            self._claims[item_id] = Claim(account_id, name, now + self._lasts)
            return None

    def give_back(self, account_id: str, item_ids: Iterable[str] | None = None) -> None:
        """End this person's claims: of these items, or all of theirs."""
        with self._lock:
            mine = [name for name, claim in self._claims.items() if claim.account_id == account_id]
            for name in mine if item_ids is None else set(mine) & set(item_ids):
                del self._claims[name]

    def of_others(self, account_id: str) -> dict[str, Claim]:
        """What others have before them now, by item id."""
        with self._lock:
            now = self._clock()
            self._claims = {name: claim for name, claim in self._claims.items() if claim.until > now}
            return {name: claim for name, claim in self._claims.items() if claim.account_id != account_id}
