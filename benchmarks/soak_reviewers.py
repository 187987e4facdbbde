"""Reviewers of a soak test: real browsers that tag answers by keyboard, or, without a browser, people who only look at pages.

Belongs here: what one reviewer does, what they were told was recorded, and everything that went wrong before their eyes. Does
not belong here: who else is at work, and whether it was kept (``soak``).
"""

from __future__ import annotations

import http.cookiejar
import os
import re
import shutil
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip
PATIENCE = 60_000
"""Milliseconds in which a page must react."""
READING = 700
"""Milliseconds that a reviewer looks at an answer before they press a key: quicker than anybody reads."""
PAGES = ("/", "/answers", "/pilot", "/knowledge", "/sign-offs")
_PROBLEMS = "() => [...document.querySelectorAll('.q-notification.bg-negative')].map((one) => one.innerText)"
_LOST = "() => { const one = document.getElementById('popup'); return !!one && one.getAttribute('aria-hidden') === 'false' }"


@dataclass
class Seen:
    """What one reviewer did and saw. tagged: ids of answers that the page took the tag of; problems: what went wrong."""

    login: str
    tagged: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    pages: int = 0
    problems: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """What the page refused in words, such as that somebody else was faster."""


def chromium() -> str | None:
    """Where a browser is that playwright can drive; None where there is none."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return None
    named = os.environ.get("UNDERSTUDY_CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


def review(base: str, login: str, password: str, browser: str, is_over: threading.Event) -> Seen:
    """Tag answers by keyboard until it is over; now and then look at another page, or take a tag back."""
    from playwright.sync_api import Error, sync_playwright

    seen = Seen(login)
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=browser, args=ARGUMENTS)
        page = opened.new_context(viewport={"width": 1280, "height": 800}).new_page()
        _watch(page, seen)
        try:
            page.goto(f"{base}/login?next=/answers")
            page.fill("input[name=login]", login)
            page.fill("input[name=password]", password)
            page.click("button[type=submit]")
            page.wait_for_url(f"{base}/answers**", timeout=PATIENCE)
            step = 0
            while not is_over.is_set():
                step += 1
                if step % 25 == 0:
                    _look_around(page, base, seen, PAGES[step // 25 % len(PAGES)])
                else:
                    _tag(page, base, seen, step)
                seen.problems += page.evaluate(_PROBLEMS)
                if page.evaluate(_LOST):
                    seen.problems.append("the page lost its connection")
        except Error as problem:
            seen.problems.append(f"the browser gave up: {problem.message.splitlines()[0]}")
        finally:
            opened.close()
    return seen


def look(base: str, login: str, password: str, is_over: threading.Event) -> Seen:
    """Sign in and look at one page after the other, without a browser."""
    seen, jar = Seen(login), http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def fetch(path: str, fields: dict[str, str] | None = None) -> str:
        body = None if fields is None else urllib.parse.urlencode(fields).encode()
        headers = {"Accept": "text/html", "Origin": base, "Sec-Fetch-Site": "same-origin"}
        request = urllib.request.Request(base + path, body, headers)
        with opener.open(request, timeout=60) as answer:
            return str(answer.read().decode())

    try:
        form = re.search(r'name="form" value="([^"]+)"', fetch("/login"))
        fetch("/login", {"form": form.group(1) if form else "", "next": "/", "login": login, "password": password})
        while not is_over.wait(1.0):
            path = PAGES[seen.pages % len(PAGES)]
            begun = time.perf_counter()
            if "<main" not in fetch(path) and 'id="app"' not in fetch(path):
                seen.problems.append(f"{path} was no page")
            seen.milliseconds.append((time.perf_counter() - begun) * 1_000)
            seen.pages += 1
    except (OSError, urllib.error.HTTPError) as problem:
        seen.problems.append(f"{type(problem).__name__}: {problem}")
    return seen


def _watch(page: Page, seen: Seen) -> None:
    """Note what the browser complains about and every answer that says an error."""

    def responded(response: Any) -> None:
        if response.status >= 400:
            seen.problems.append(f"HTTP {response.status} for {urllib.parse.urlsplit(response.url).path}")

    page.on("response", responded)
    page.on("pageerror", lambda error: seen.problems.append(f"a script failed: {error}"))
    page.on("console", lambda line: seen.problems.append(f"console: {line.text}") if line.type == "error" else None)


def _tag(page: Page, base: str, seen: Seen, step: int) -> None:
    """One answer: mostly correct, now and then incorrect with a reason; at the end of the queue begin anew."""
    answer = _shown(page)
    if answer is None:
        # Everything is tagged: look through all of them, as somebody would who reads what others said.
        page.goto(f"{base}/answers?who=all")
        seen.pages += 1
        page.wait_for_selector(".answers .shown .card", timeout=PATIENCE)
        for _ in range(5):
            page.wait_for_timeout(READING)
            page.keyboard.press("j")
        page.goto(f"{base}/answers")
        page.wait_for_selector(".answers .shown", timeout=PATIENCE)
        return
    page.wait_for_timeout(READING)
    said_before = page.inner_text(".answers .status")
    begun = time.perf_counter()
    for key in ("1",) if step % 4 else ("3", "5"):
        page.keyboard.press(key)
        if key == "3":
            page.wait_for_selector(".answers .sheet .act", timeout=PATIENCE)
    if _moved_on(page, answer, said_before):
        seen.milliseconds.append((time.perf_counter() - begun) * 1_000)
        seen.tagged.append(answer)
        return
    refused = page.inner_text(".answers .status")
    seen.told.append(refused)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    if not _moved_on(page, answer, refused):
        seen.problems.append("the page stayed at an answer")
        page.reload()


def _moved_on(page: Page, answer: str, said_before: str) -> bool:
    """Whether another answer is shown within a while; a sentence that refuses ends the waiting."""
    from playwright.sync_api import TimeoutError as Late

    waits = """([was, before]) => {
      const now = document.querySelector('.answers .shown'), line = document.querySelector('.answers .status');
      const said = line ? line.innerText : '';
      return (now && (now.dataset.answer || '') !== was) || (said && said !== before && !said.startsWith('Recorded'));
    }"""
    try:
        page.wait_for_function(waits, arg=[answer, said_before], timeout=PATIENCE)
    except Late:
        return False
    return _shown(page) != answer


def _shown(page: Page) -> str | None:
    """The id of the shown answer, None at the end of the queue."""
    page.wait_for_selector(".answers .shown", timeout=PATIENCE)
    return page.get_attribute(".answers .shown", "data-answer") or None


def _look_around(page: Page, base: str, seen: Seen, path: str) -> None:
    """Another page, and back to the answers."""
    for where in (path, "/answers"):
        page.goto(f"{base}{where}")
        page.wait_for_selector("main", timeout=PATIENCE)
        seen.pages += 1
    page.wait_for_selector(".answers .shown", timeout=PATIENCE)
