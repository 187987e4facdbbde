"""What the tests of the live side may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.service.browser import launched, person

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page


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
