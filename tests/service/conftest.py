"""What the tests of the live side may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.service.browser import launched, person
from tests.service.identity.doorways import Clock
from tests.service.small_gate import served

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page
    from starlette.testclient import TestClient

    from service.service import Service


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless browser for the tests of one module; they are skipped, with the reason, where none is found.

    Not for the whole session: while it is open, no test in this thread can start an event loop.
    """
    with launched() as opened:
        yield opened


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A person at a desk of their own: cookies of nobody else, 1280 pixels wide."""
    opened = person(browser)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab of that person."""
    return context.new_page()


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until a test moves it."""
    return Clock()


@pytest.fixture
def both(tmp_path: Path, clock: Clock) -> Iterator[tuple[Service, TestClient]]:
    """A small server behind the real gate, and a browser without cookies before it."""
    with served(tmp_path, clock) as made:
        yield made
