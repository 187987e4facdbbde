"""A real browser and a real server for the tests of the console.

Belongs here: finding a browser, starting it without a network, serving a desk in a process of its own, watching a page for
what must never happen. Does not belong here: what the pages say.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from tests.conftest import ROOT
from tests.desks import environment

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
"""In a container, and with no way to any host but this one."""
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
START_SECONDS = 120.0
OTHER_ENDS = re.compile(
    "^(It failed|It was cut off|No new release came of it|Nothing has changed since release|No release came of it|It was held back)"
)
"""What the console says of a build that came to nothing."""


def chromium() -> str | None:
    """Where the browser is: ``UNDERSTUDY_CHROMIUM``, else the first that the path knows."""
    named = os.environ.get("UNDERSTUDY_CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless browser; skips the test, with the reason, where there is none.

    While it is open no event loop can be started in this thread: hold it no longer than the tests that need it.
    """
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright, which is not installed")
    where = chromium()
    if where is None:
        pytest.skip(f"needs a browser: none of {', '.join(NAMES)} is on the path, and UNDERSTUDY_CHROMIUM names none")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=where, args=ARGUMENTS)
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def serve(folder: Path, gate: str | None = None, **variables: str) -> Iterator[str]:
    """Serve a desk as ``understudy serve`` does, in a process of its own; gives the base address.

    Args:
        gate: ``module:function`` that makes the app of a ``Service`` instead, such as ``tests.service.stub_gate:create_app``.
        variables: into the environment of the server.

    Raises:
        AssertionError: the server ended by itself, with the end of what it said.
    """
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    log = folder / f"served-{port}.log"
    command = [sys.executable, "-m", "tests.service.serving", str(folder), str(port), gate or ""]
    surroundings = environment(OMP_NUM_THREADS="1", **variables)
    with log.open("wb") as said:
        server = subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=said, stderr=subprocess.STDOUT)
        try:
            _wait_for(base, server, log)
            yield base
            assert server.poll() is None, _end_of(log)
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@dataclass
class Watch:
    """What a page did that no page may do, and what its console complained about."""

    executed: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def watch(page: Page, base: str) -> Watch:
    """Watch a page from now on: dialogs that scripts open, requests to anywhere but the server, errors of scripts."""
    seen = Watch()

    def dismiss(dialog) -> None:
        seen.executed.append(dialog.message)
        dialog.dismiss()

    def requested(request) -> None:
        if not request.url.startswith((base, base.replace("http", "ws", 1), "data:", "blob:")):
            seen.outside.append(request.url)

    page.on("dialog", dismiss)
    page.on("request", requested)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", lambda line: seen.errors.append(line.text) if line.type == "error" else None)
    return seen


def person(browser: Browser, size: ViewportSize = WIDE) -> BrowserContext:
    """Somebody's browser, with cookies of nobody else; close it."""
    return browser.new_context(viewport=size)


PASSWORD = "Kettle-Harbour-93-violet"
PEOPLE = {
    "ada": ("Ada Moreno", ("reviewer", "knowledge_owner", "approver", "admin"), ("support lead", "reviewer")),
    "noor": ("Noor Haddad", ("reviewer",), ("reviewer",)),
    "tomas": ("Tomas Reyl", ("approver",), ("head of support",)),
}
"""By login: name, roles in the console, and as what they sign. tomas may read, and reviews nothing."""


def add_people(folder: Path) -> None:
    """Accounts for ``PEOPLE`` at a desk, all with ``PASSWORD``."""
    from service.open_service import open_service

    service = open_service(folder)
    try:
        for login, (name, roles, signs_as) in PEOPLE.items():
            service.doors.add_account(login, name, roles, signs_as, password=PASSWORD, by="Setup")
    finally:
        service.doors.close()
        service.ledger.close()


def log_in(page: Page, base: str, login: str, goal: str = "/") -> None:
    """Sign in through the form, and go on to a page."""
    page.goto(f"{base}/login?{urlencode({'next': goal})}")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(f"{base}{goal}**")


def came_to(page: Page, desk: Path, wanted: Locator, patience: float) -> None:
    """Wait, so many milliseconds, for what a build that was begun on this page should lead to. Fails at once where the page
    says that nothing came of it, and always with what page and build say.
    """
    from playwright.sync_api import TimeoutError as NotSeen

    try:
        wanted.or_(page.locator("#main").get_by_text(OTHER_ENDS)).first.wait_for(timeout=patience)
        is_there = wanted.first.is_visible()
    except NotSeen:
        is_there = False
    if not is_there:
        pytest.fail(
            f"{page.url} says:\n{page.locator('#main').inner_text()}\n\nThe build printed:\n{_last_build(desk)}"
        )


def _last_build(desk: Path) -> str:
    logs = sorted((desk / ".understudy" / "builds").glob("*.log"))
    return f"{logs[-1].with_suffix('.json').read_text()}\n{_end_of(logs[-1])}" if logs else "nothing: none was begun"


def overflows(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for(base: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, _end_of(log)
        try:
            urllib.request.urlopen(f"{base}/health", timeout=5).close()
            return
        except urllib.error.HTTPError:
            return  # it answers, and that is all we ask
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer in {START_SECONDS:.0f} s: {_end_of(log)}")


def _end_of(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-4_000:]
