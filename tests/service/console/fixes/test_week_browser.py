"""The week's release in a real browser: whoever builds it and wherever, the page says how it stands and what came of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk.loading import load_desk
from orchestration.lake import Lake
from service.console.builds.records import Build, Builds
from service.console.builds.starting import EFFECTS, WEEKLY, start_build
from tests.service.browser import came_to, serve, watch
from tests.service.console.fixes.fixes_desk import fixes_desk
from tests.service.stub_gate import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE = 60_000
"""Milliseconds within which something must happen; what happens is asserted, never how fast."""
SECONDS = PATIENCE / 1_000
GOES_ON = "import pathlib, sys, time\nwhile not pathlib.Path(sys.argv[-1], 'go').exists(): time.sleep(0.1)"
FAILS = f"{GOES_ON}\nprint('\\nerror: knowledge_is_fresh is red'); sys.exit(1)"
ENDS = "print('measured')"
NOTHING_CAME = "No new release came of it: nothing waited, or it was held back."


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fixes_desk(tmp_path_factory.mktemp("week"))


@pytest.fixture(scope="module")
def base(desk: Path) -> Iterator[str]:
    with serve(desk, "tests.service.stub_gate:create_app", **{PAGES: "service.console.fixes"}) as address:
        yield address


@pytest.fixture
def week(desk: Path, base: str, page: Page) -> Page:
    """The page of the week before somebody who may build it, and no build begun."""
    (desk / "go").unlink(missing_ok=True)
    for file in Builds.of(desk / ".understudy").folder.glob("*.json"):
        file.unlink()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{base}/fixes/week")
    page.get_by_role("button", name="Build the week's release").wait_for()
    return page


def begin(desk: Path, program: str, stages: Sequence[str] = WEEKLY) -> Build:
    """A build that somebody begins elsewhere: not this page, and not its server."""
    return start_build(load_desk(desk), "Rita Vale", [sys.executable, "-c", program], stages)


def let_go(desk: Path) -> None:
    (desk / "go").touch()


def ended(desk: Path) -> None:
    builds, until = Builds.of(desk / ".understudy"), time.monotonic() + SECONDS
    while builds.is_running():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_build_that_was_begun_elsewhere_is_followed_to_its_end(desk, base, week):
    seen = watch(week, base)
    begin(desk, GOES_ON)
    came_to(week, desk, week.get_by_text("The build that runs"), PATIENCE)
    week.get_by_text("Started by Rita Vale", exact=False).wait_for()
    assert week.get_by_role("button", name="Build the week's release").is_disabled()
    let_go(desk)
    week.get_by_text(NOTHING_CAME, exact=False).wait_for()
    assert week.get_by_role("button", name="Build the week's release").is_enabled()
    assert (seen.executed, seen.outside, seen.errors) == ([], [], [])


def test_a_failure_is_said_on_the_page_and_to_whoever_comes_back(desk, base, week):
    begin(desk, FAILS)
    week.get_by_text("The build that runs").wait_for()
    let_go(desk)
    week.get_by_text("It failed at “The week's release: accepted fixes, replayed”.", exact=False).wait_for()
    week.get_by_text("error: knowledge_is_fresh is red", exact=False).first.wait_for()
    week.reload()
    week.get_by_text("It failed at", exact=False).wait_for()
    begin(desk, ENDS, EFFECTS)
    ended(desk)
    week.goto(f"{base}/fixes/week")
    week.get_by_text("It failed at", exact=False).wait_for()
    assert week.get_by_text("The build that runs").count() == 0


def test_a_part_that_could_not_be_read_comes_by_itself(desk, base, week):
    file = Lake(desk / ".understudy").file("micro_updates")
    file.write_bytes(b"half a file")
    week.get_by_role("alert").get_by_text("It is tried again by itself.", exact=False).wait_for()
    file.unlink()
    week.get_by_role("button", name="Build the week's release").wait_for()
    assert week.get_by_role("alert").count() == 0
