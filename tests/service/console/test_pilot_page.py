"""The dashboard in a real browser: it follows the ledger, says what is not there yet, and runs nothing that people wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from service.console.pilot.page import SECONDS
from tests.service.browser import overflows, serve, watch
from tests.service.console.pilot_desk import HOSTILE, pilot_desk, tag, untagged
from tests.service.stub_gate import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

WAIT = 60_000
"""Milliseconds within which something must happen; what happens is asserted, never how fast."""


def served(folder: Path) -> Iterator[str]:
    with serve(folder, "tests.service.stub_gate:create_app", **{PAGES: "service.console.pilot"}) as base:
        yield base


@pytest.fixture(scope="module")
def rollout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pilot under way, in a desk with a category whose name is an attack."""
    return pilot_desk(tmp_path_factory.mktemp("rollout"), "rollout", {"invoice_copy": HOSTILE})


@pytest.fixture(scope="module")
def base(rollout: Path) -> Iterator[str]:
    yield from served(rollout)


def opened(page: Page, base: str) -> Page:
    page.goto(f"{base}/pilot")
    page.wait_for_selector(".pilot-live", timeout=WAIT)
    page.wait_for_selector(".pilot-chart svg", timeout=WAIT)
    return page


def said(page: Page) -> str:
    return page.inner_text("#main")


def tagged(page: Page) -> int:
    """How many answers the status line says are tagged."""
    return int(page.inner_text(".pilot-live [role=status]").split(":")[1].split(" of ")[0].replace(",", ""))


def test_a_tag_by_somebody_else_changes_the_page_while_it_is_open(page: Page, base: str, rollout: Path):
    seen = watch(page, base)
    opened(page, base)
    before, name = tagged(page), untagged("rollout")[0]
    page.locator(".pilot-details > summary").first.click()
    tag(rollout, name, "incorrect", reason="outdated", comment="The price is another one.", by=f"Noor {HOSTILE}")
    page.wait_for_function(
        "before => !document.querySelector('.pilot-live [role=status]').innerText.includes(': ' + before + ' of')",
        arg=f"{before:,}", timeout=WAIT,
    )  # fmt: skip
    assert tagged(page) == before + 1
    words = said(page)
    assert "1 review came in or changed since" in words
    assert "Outdated" in words
    assert f"by Noor {HOSTILE}"[:40] in words
    # What the person had open stays open, though a new reviewer is a new row in it.
    assert f"Noor {HOSTILE}"[:40] in page.locator(".pilot-details").first.inner_text()
    assert page.locator(".pilot-details").first.get_attribute("open") is not None
    assert (seen.executed, seen.outside, seen.errors) == ([], [], [])


def test_names_that_people_wrote_stand_as_text(page: Page, base: str):
    seen = watch(page, base)
    opened(page, base)
    assert HOSTILE in said(page)
    assert page.locator("#main img[src=x]").count() == 0
    assert (seen.executed, seen.outside, seen.errors) == ([], [], [])


def test_figures_lead_to_their_answers(page: Page, base: str):
    opened(page, base)
    targets = [one.get_attribute("href") for one in page.locator(".pilot-row .behind a").all()]
    assert "/answers?who=all&category=password_reset&tag=incorrect" in targets
    assert "/answers?who=untagged&category=password_reset" in targets
    assert all(str(one).startswith("/answers?") for one in targets)


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_sticks_out_and_every_chart_has_words_and_figures(page: Page, base: str, width: int):
    page.set_viewport_size({"width": width, "height": 844})
    opened(page, base)
    assert overflows(page) <= 0
    for one in page.locator("details").all():
        one.locator("summary").click()
    assert overflows(page) <= 0
    charts = page.locator(".pilot-chart").all()
    assert len(charts) >= 3
    for one in charts:
        assert len(str(one.get_attribute("aria-label"))) > 20
    # Each chart is followed by its figures.
    assert page.locator(".pilot-chart + details:has(table)").count() == len(charts)
    assert all(one.get_attribute("alt") for one in page.locator(".pilot-forest").all())


def test_another_metric_is_chosen_by_keyboard(page: Page, base: str):
    opened(page, base)
    assert "Tickets resolved without a person" in said(page)
    choice = page.get_by_label("Figure", exact=True)
    choice.focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name="CSAT", exact=True).wait_for(timeout=WAIT)
    for _ in range(20):
        if page.locator(".q-manual-focusable--focused").inner_text() == "CSAT":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_text("Positive ratings, of rated tickets").wait_for(timeout=WAIT)


def test_it_does_not_look_while_nobody_can_see_it(page: Page, base: str, rollout: Path):
    opened(page, base)
    before = tagged(page)
    hide = "Object.defineProperty(document, 'visibilityState', {value: '%s', configurable: true})"
    page.evaluate(hide % "hidden")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(500)
    tag(rollout, untagged("rollout")[1])
    page.wait_for_timeout(SECONDS * 2_500)
    assert tagged(page) == before
    page.evaluate(hide % "visible")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function(
        "before => !document.querySelector('.pilot-live [role=status]').innerText.includes(': ' + before + ' of')",
        arg=f"{before:,}", timeout=WAIT,
    )  # fmt: skip


def test_the_page_to_keep_is_a_download(context: BrowserContext, base: str):
    answer = context.request.get(f"{base}/pilot/report.html")
    assert answer.status == 200
    assert "attachment" in answer.headers["content-disposition"]
    assert "no-store" in answer.headers["cache-control"]
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "<img src=x" not in answer.text()
    assert "is in its rollout" in answer.text()


def test_before_anything_happened_it_says_what_would_make_figures_appear(page: Page, tmp_path: Path):
    for base in served(pilot_desk(tmp_path, "nothing")):
        seen = watch(page, base)
        page.goto(f"{base}/pilot")
        page.wait_for_selector(".pilot-live", timeout=WAIT)
        words = said(page)
        for sentence in (
            "No pilot is planned", "There is no answer to tag yet", "There is no verdict yet", "Nothing is measured by week yet",
            "No share has been given", "No past ticket has been replayed yet", "found fault with no answer so far",
        ):  # fmt: skip
            assert sentence in words
        assert page.locator(".pilot-chart").count() == 0
        assert seen.errors == []
