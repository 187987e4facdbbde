"""The whole human loop in a browser, as somebody new would go it: a wrong answer becomes a better release.

The sample desk after its pilot: bills moved to a portal, the agent still sends people to the settings, and a week of its
answers waits for people.
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
from tests.desks import ask, copy_of, pilot_desk
from tests.service.browser import add_people, came_to, log_in, serve, watch
from tests.service.screenshots import shoot

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.graph
PATIENCE = 900_000
"""Milliseconds for two stages of the real graph on a busy machine."""
WAIT = 60_000
SWAP_SECONDS = 120
RIGHT = (
    "Since 2026-06-23 every bill is in the payments portal, pay.brindlebase.example. Sign in there with the code that is "
    "mailed to the billing contact, and choose the year."
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = copy_of(pilot_desk(tmp_path_factory), tmp_path_factory.mktemp("loop"))
    add_people(made)
    return made


@pytest.fixture(scope="module")
def base(desk: Path) -> Iterator[str]:
    with serve(desk) as address:
        yield address


def wrong_answer(desk: Path) -> str:
    """An untagged answer of the rollout that sends people where no bill is any more, of a ticket that may teach."""
    rows = ask(
        desk,
        "select answer_id from shadow_answers join ticket_splits using (ticket_id) where category_id = 'invoice_copy' and "
        "mode = 'rollout' and split = 'train' and created_at >= '2026-07-06' and reply like '%Settings > Plan%' "
        "order by asked_at",
    )
    return str(rows[0]["answer_id"])


def test_from_a_wrong_answer_to_a_release_that_is_right(desk: Path, base: str, page: Page) -> None:
    page.set_default_timeout(WAIT)
    seen = watch(page, base)
    log_in(page, base, "ada")
    page.get_by_text("answers wait to be reviewed").wait_for()
    shoot(page, "home")

    # Tag twenty by keyboard; the dashboard follows.
    page.goto(f"{base}/pilot")
    before = tagged_on(page)
    page.goto(f"{base}/answers")
    page.wait_for_selector(".answers .shown .card")
    shoot(page, "answers")
    for _ in range(20):
        press(page, "2", "n")
    page.goto(f"{base}/pilot")
    page.wait_for_function("(wanted) => document.body.innerText.includes(wanted)", arg=f"{before + 20} of")
    shoot(page, "pilot")

    # One of them is wrong: say what is right, and change the entry it rests on.
    wrong = wrong_answer(desk)
    page.goto(f"{base}/answers?who=all&answer={wrong}")
    page.wait_for_selector(f".answers .shown[data-answer='{wrong}'] .card")
    page.wait_for_timeout(350)
    page.keyboard.press("c")
    page.wait_for_selector(".answers .sheet textarea")
    page.keyboard.type(RIGHT)
    page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="Turn this into an entry").click()
    page.get_by_role("link", name="Change this entry instead").first.wait_for()
    shoot(page, "correction")
    page.get_by_role("link", name="Change this entry instead").first.click()
    page.get_by_role("button", name="Take this as the answer").click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Changed since it was accepted").wait_for()
    shoot(page, "entry")
    entry = page.url.split("/knowledge/entry/")[1].split("?")[0]
    page.get_by_role("button", name=re.compile("^Accept this version")).click()
    page.get_by_text("Changed since it was accepted").wait_for(state="detached")

    # The next release: built, read, signed, made current.
    page.goto(f"{base}/builds")
    page.get_by_role("button", name="Build it now").click()
    page.get_by_text("The build that runs").wait_for()
    came_to(
        page, desk, page.get_by_text(re.compile("Release [0-9a-f]{12} is built: look at it and sign it.")), PATIENCE
    )
    page.get_by_role("link", name=re.compile("^Look at release")).click()
    page.get_by_text("What changed since the current release").wait_for()
    page.get_by_text("entry changed", exact=False).or_(
        page.get_by_text("Where do I get a copy of my invoice?")
    ).first.wait_for()
    shoot(page, "release")
    page.get_by_role("button", name="Sign …").click()
    page.get_by_role("button", name=re.compile("^Sign version")).click()
    page.get_by_text("Customers get it once it is made current").wait_for()
    page.get_by_role("button", name="Make current …").click()
    page.get_by_role("button", name=re.compile("^Make [0-9a-f]{12} current$")).click()
    page.get_by_text(re.compile("Release [0-9a-f]{12} is current: [0-9]+ entries")).last.wait_for(timeout=PATIENCE)

    # It is live: the server answers from it, and the entry's page says so.
    with open_ledger_of(load_desk(desk)) as ledger:
        current = current_release(ledger)
    assert current is not None
    assert current.by == "Ada Moreno"
    frozen = (desk / ".understudy" / "releases" / current.release_id / "entries.jsonl").read_text()
    assert "pay.brindlebase.example" in frozen
    # The server picks a release up by itself, some seconds after it became current.
    for _ in range(SWAP_SECONDS):
        page.goto(f"{base}/knowledge/entry/{entry}")
        page.get_by_text("In the release that answers now").wait_for()
        if page.get_by_text("yes, with exactly this text").is_visible():
            break
        page.wait_for_timeout(1_000)
    page.get_by_text("yes, with exactly this text").wait_for()
    assert (seen.executed, seen.outside, seen.errors) == ([], [], [])


def tagged_on(page: Page) -> int:
    """How many answers the dashboard calls tagged."""
    page.get_by_text("answers are tagged", exact=False).first.wait_for()
    found = re.search(r"([\d,]+) of [\d,]+ answers are tagged", page.locator("#main").inner_text())
    assert found
    return int(found.group(1).replace(",", ""))


def press(page: Page, *keys: str) -> None:
    """Press keys, having looked at the answer, until another is shown."""
    before = page.get_attribute(".answers .shown", "data-answer")
    page.wait_for_timeout(350)
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(50)
    page.wait_for_function("(was) => document.querySelector('.answers .shown').dataset.answer !== was", arg=before)
