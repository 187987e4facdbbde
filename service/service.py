"""What every request and page works on: the desk, its ledger, who may come in, and the release that decides.

Belongs here: holding them together and closing them. Does not belong here: routes (``api``, ``console``), how each is kept.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from desk.loading import Desk, DeskError, load_desk
from desk.service import ServiceSettings
from service.console.claims import Claims

if TYPE_CHECKING:
    from ledger.store import Ledger
    from service.api.current_release import CurrentRelease
    from service.identity.doors import Doors

IN_SCOPE = "understudy.service"
"""Under which a request's scope holds the service."""


def utc_now() -> dt.datetime:
    """The wall clock, with its time zone."""
    return dt.datetime.now(dt.UTC)


@dataclass
class Service:
    """One server's parts. ``ledger`` stays open; the desk is read anew at every access, so that an edit needs no restart."""

    folder: Path
    settings: ServiceSettings
    ledger: Ledger
    doors: Doors
    release: CurrentRelease
    clock: Callable[[], dt.datetime] = utc_now
    secret: str = field(default="", repr=False)
    """Signs links that need no login (``service.secret``)."""
    claims: Claims = field(init=False)

    def __post_init__(self) -> None:
        self.claims = Claims(dt.timedelta(minutes=self.settings.claim_minutes), self.clock)

    @property
    def desk(self) -> Desk:
        """The desk as its files say now.

        Raises:
            DeskError: a file is wrong; says file, line and fix.
        """
        return load_desk(self.folder)

    @cached_property
    def home(self) -> Path:
        """Where the desk keeps its state, for what is asked often: it does not move while its ledger is open.

        Raises:
            DeskError: a file of the desk is wrong.
        """
        return self.desk.home

    @property
    def company(self) -> str:
        """The company's name; empty while a file of the desk is wrong: whoever can correct it is told elsewhere, and the stop
        must stay within reach.
        """
        try:
            return self.desk.settings.company
        except DeskError:
            return ""

    def close(self) -> None:
        """Stop deciding, and give back connections."""
        self.release.close()
        self.doors.close()
        self.ledger.close()
