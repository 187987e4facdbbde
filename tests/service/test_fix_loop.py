"""The way of a failure in a browser, as people of three roles would go it: a review, the queue, an accepted fix, a release, and
what the change did; all of it without leaving the console.

The sample desk after its pilot: bills moved to a portal, the agent still sends people to the settings, and nobody has looked
for failures yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk.loading import load_desk
from ledger.releases import current_release
from orchestration.people.review_desk import open_ledger_of
from tests.desks import copy_of, pilot_desk
from tests.service.browser import PHONE, WIDE, add_people, came_to, log_in, person, serve, watch
from tests.service.screenshots import shoot
from tests.service.test_human_loop import PATIENCE, RIGHT, WAIT, wrong_answer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.graph
ADDED = "If it asks for a code twice, write to us."
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
FIX = re.compile("^Change the entry “Where do I get a copy of my invoice")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = copy_of(pilot_desk(tmp_path_factory), tmp_path_factory.mktemp("fix_loop"))
    add_people(made)
    return made


@pytest.fixture(scope="module")
def base(desk: Path) -> Iterator[str]:
    with serve(desk) as address:
        yield address


def test_from_a_review_to_a_released_change_and_its_effect(desk: Path, base: str, browser: Browser, page: Page) -> None:
    page.set_default_timeout(WAIT)
    reviewing = person(browser)
    reviewer = reviewing.new_page()
    reviewer.set_default_timeout(WAIT)
    seen = [watch(page, base), watch(reviewer, base)]

    # A reviewer says that an answer is wrong and what is right, and has failures looked for.
    wrong = wrong_answer(desk)
    log_in(reviewer, base, "noor")
    say_what_is_right(reviewer, base, wrong)
    reviewer.goto(f"{base}/fixes")
    reviewer.get_by_text("Nobody has looked for failures yet.", exact=False).wait_for()
    reviewer.get_by_role("button", name="Look for failures anew").click()
    reviewer.get_by_text("Looking for failures").wait_for()
    came_to(reviewer, desk, reviewer.get_by_role("link", name=FIX), PATIENCE)
    reviewer.get_by_text("Failures were last looked for on", exact=False).wait_for()

    # The failure stands in its pattern, and a reviewer may not decide about it.
    reviewer.goto(f"{base}/answers?who=all&answer={wrong}")
    reviewer.get_by_text("This goes wrong more often", exact=False).wait_for()
    reviewer.get_by_role("link", name=FIX).click()
    reviewer.get_by_text("What would have been right, says Noor Haddad").first.wait_for(state="attached")
    reviewer.get_by_text("This needs the role knowledge owner", exact=False).wait_for()
    reviewing.close()

    # It is what would help most. The knowledge owner reads it, edits it a little, and accepts.
    log_in(page, base, "ada", "/fixes")
    first = page.locator(".fix-line").first
    first.get_by_role("link", name=FIX).wait_for()
    assert first.locator(".place").inner_text() == "1"
    assert first.get_by_text("urgent", exact=True).is_visible()
    shoot(page, "fixes")
    first.get_by_role("link", name=FIX).click()
    page.get_by_text("The customer asked", exact=False).first.wait_for()
    assert page.locator(".fix-example .quote.ours").first.is_visible(), "what a person said would have been right"
    assert any("Settings > Plan" in one for one in page.locator("del").all_inner_texts())
    assert any("pay.brindlebase.example" in one for one in page.locator("ins").all_inner_texts())
    shoot(page, "fix")
    fits_a_phone(page)
    page.get_by_role("button", name="Edit first").click()
    answers = page.get_by_label("Answer, as customers are told it")
    answers.first.wait_for()
    for one in answers.all():
        one.fill(f"{one.input_value()} {ADDED}")
    page.get_by_role("button", name="Accept with these words").click()
    page.get_by_text("Accepted: it is change C-001.").wait_for()

    # The week's release: built here, read, signed, made current.
    page.get_by_role("button", name="Build the week's release").click()
    page.get_by_text("The build that runs").wait_for()
    built = page.get_by_role("link", name=re.compile("^Read, sign and make current: release [0-9a-f]{12}$"))
    came_to(page, desk, built, PATIENCE)
    page.get_by_text(re.compile("a release was built with C-001")).wait_for()
    page.get_by_role("link", name=re.compile("^Read, sign and make current")).click()
    page.get_by_text("What changed since the current release").wait_for()
    page.get_by_role("button", name="Sign …").click()
    page.get_by_role("button", name=re.compile("^Sign version")).click()
    page.get_by_text("Customers get it once it is made current").wait_for()
    page.get_by_role("button", name="Make current …").click()
    page.get_by_role("button", name=re.compile("^Make [0-9a-f]{12} current$")).click()
    page.get_by_text(re.compile("Release [0-9a-f]{12} is current: [0-9]+ entries")).last.wait_for(timeout=PATIENCE)
    with open_ledger_of(load_desk(desk)) as ledger:
        current = current_release(ledger)
    assert current is not None
    frozen = (desk / ".understudy" / "releases" / current.release_id / "entries.jsonl").read_text(encoding="utf-8")
    assert ADDED in frozen

    # The change is with customers. What it did was measured before, and the page says so until it is measured anew.
    page.goto(f"{base}/fixes/changes/C-001")
    page.get_by_text("customers have it", exact=True).wait_for()
    page.get_by_role("link", name=f"Release {current.release_id[:12]}").wait_for()
    page.get_by_text("before customers had it", exact=False).wait_for()
    assert page.get_by_text("not released yet", exact=False).count() == 0
    page.get_by_role("button", name="Measure effects anew").click()
    unmoved = page.get_by_text("(live, against categories it did not touch) cannot be judged", exact=False)
    came_to(page, desk, unmoved, PATIENCE)
    page.get_by_text("before customers had it", exact=False).wait_for(state="detached")
    effect = page.locator(".effect").filter(has_text="the same tickets, replayed before and after").first
    assert re.search(r"\+\d+ points \[\d+, \d+\]\s+an improvement", effect.inner_text())
    mended, broken = re.search(r"(\d+) mended, (\d+) broken", page.locator("#main").inner_text()).groups()  # type: ignore[union-attr]
    assert int(mended) > 0
    assert int(broken) == 0
    shoot(page, "change")
    fits_a_phone(page)

    # The queue says the same, and no longer asks.
    page.goto(f"{base}/fixes")
    page.get_by_role("link", name=re.compile("^C-001: ")).wait_for()
    page.get_by_text(re.compile("^Change C-001 .*points")).first.wait_for()
    assert page.locator(".fix-line").get_by_role("link", name=FIX).count() == 0
    assert [(one.executed, one.outside, one.errors) for one in seen] == [([], [], [])] * 2


def say_what_is_right(page: Page, base: str, answer: str) -> None:
    """Call an answer wrong, by keyboard, with what would have been right."""
    page.goto(f"{base}/answers?who=all&answer={answer}")
    page.wait_for_selector(f".answers .shown[data-answer='{answer}'] .card")
    page.wait_for_timeout(350)
    page.keyboard.press("c")
    page.wait_for_selector(".answers .sheet textarea")
    page.keyboard.type(RIGHT)
    page.keyboard.press("Control+Enter")
    page.get_by_text("You said: incorrect", exact=False).wait_for()


def fits_a_phone(page: Page) -> None:
    """The page as it stands has nothing out of sight on a phone."""
    page.set_viewport_size(PHONE)
    page.wait_for_function(FITS)  # the navigation slides away first
    page.set_viewport_size(WIDE)
