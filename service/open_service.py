"""Opening what a server works on: the desk's ledger, who may come in, the current release, the secret.

Belongs here: where each of them lies. Does not belong here: routes (``app``), listening (``orchestration.cli.serve``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from desk.loading import load_desk
from service.service import Service, utc_now

LEDGER_SECONDS = 10.0
"""How long a request waits for another writer: requests wait in a line, and each of them as long as the one before it."""


def open_service(folder: Path | str, clock: Callable[[], dt.datetime] = utc_now) -> Service:
    """The service of a desk; its release is loaded once the app starts. Close it, or let the app do so.

    Raises:
        DeskError: a file of the desk is wrong. LedgerError, IdentityProblem: the ledger or the accounts cannot be opened.
        SecretProblem: there is no secret to sign links with.
    """
    from ledger.store import open_ledger
    from orchestration.lake import Lake
    from service.api.current_release import CurrentRelease
    from service.identity.doors import Doors, doors_location
    from service.secret import service_secret

    desk = load_desk(folder)
    lake, settings = Lake(desk.home), desk.settings.service
    lake.prepare()
    secret = service_secret(desk.home)
    ledger = open_ledger(desk.postgres_url or lake.ledger_file, wait_seconds=LEDGER_SECONDS)
    doors = Doors.open(doors_location(desk), ledger, settings, clock)
    release = CurrentRelease(desk.folder, ledger, waiting_decisions=settings.waiting_decisions)
    return Service(desk.folder, settings, ledger, doors, release, clock, secret=secret)
