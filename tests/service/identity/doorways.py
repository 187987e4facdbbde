"""Doors for tests: a clock that moves when told to, and passwords whose hashes cost next to nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import argon2

from desk.service import ServiceSettings
from ledger.store import Ledger, open_ledger
from service.identity.account import Account, Role
from service.identity.doors import Doors
from service.identity.passwords import Passwords

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
PASSWORD = "Kettle-Harbour-93-violet"
ADDRESS = "192.0.2.7"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        return self.now

    def move(self, **span: float) -> None:
        """Forward by so many ``seconds``, ``minutes``, ``hours``."""
        self.now += dt.timedelta(**span)


def cheap_passwords(**cost: int) -> Passwords:
    """Real argon2id, with the least work it knows."""
    return Passwords(argon2.PasswordHasher(**{"time_cost": 1, "memory_cost": 8, "parallelism": 1, **cost}))


def open_doors(
    folder: Path | str, ledger: Ledger, clock: Clock, passwords: Passwords | None = None, **settings: float
) -> Doors:
    """The doors of a folder (or at a PostgreSQL address)."""
    where = folder / "service.sqlite" if isinstance(folder, Path) else folder
    return Doors.open(where, ledger, ServiceSettings(**settings), clock, passwords or cheap_passwords())


def ledger_in(folder: Path) -> Ledger:
    """A ledger of its own."""
    return open_ledger(folder / "ledger.sqlite")


def add_ada(doors: Doors) -> Account:
    """Ada Moreno, who may do everything."""
    return doors.add_account("ada", "Ada Moreno", set(Role), ["support lead"], password=PASSWORD, by="Mira Okafor")


def add_noor(doors: Doors) -> Account:
    """Noor Haddad, who reviews."""
    return doors.add_account("noor", "Noor Haddad", [Role.REVIEWER], ["reviewer"], password=PASSWORD, by="Ada Moreno")


def told(ledger: Ledger) -> list[tuple[str, dict]]:
    """Type and words of every event so far."""
    return [(event.event_type, ledger.payload(event.payload_digest) or {}) for event in ledger.events()]
