"""Doors over an empty ledger."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.store import Ledger
from service.identity.doors import Doors
from tests.service.identity.doorways import Clock, ledger_in, open_doors


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path) -> Iterator[Ledger]:
    with ledger_in(tmp_path) as opened:
        yield opened


@pytest.fixture
def doors(tmp_path, ledger, clock) -> Iterator[Doors]:
    with open_doors(tmp_path, ledger, clock) as opened:
        yield opened
