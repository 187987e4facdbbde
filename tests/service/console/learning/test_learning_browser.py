"""The pages of learning in a real browser: who may decide, what is decided, and nothing that customers wrote runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger.audits import closed_items
from ledger.autonomy import scope_decisions, withdrawn_categories
from tests.orchestration.pilot_lakes import ledger_of
from tests.service.browser import PHONE, WIDE, overflows, serve, watch
from tests.service.console.learning.learning_desk import HOSTILE, LATE, bare_desk
from tests.service.stub_gate import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE = 60_000
"""Milliseconds within which something must happen; what happens is asserted, never how fast."""
SERVED = "service.console.learning,service.console.home"
PATHS = ("/learning", "/learning/signals", "/learning/drift", "/learning/audit", "/learning/scope")


@pytest.fixture(scope="module")
def base(made: Path) -> Iterator[str]:
    with serve(made, "tests.service.stub_gate:create_app", **{PAGES: SERVED, "UNDERSTUDY_AS_OF": LATE}) as address:
        yield address


def come_in(page: Page, base: str, path: str, login: str = "ada") -> None:
    page.set_default_timeout(PATIENCE)
    page.context.add_cookies([{"name": "stub_login", "value": login, "url": base}])
    page.goto(f"{base}{path}")
    page.wait_for_selector(".living", state="attached")
    page.wait_for_function("!document.querySelector('#main').innerText.includes('One moment')")


def opened(page: Page) -> str:
    """Everything that the page says, with all that folds open."""
    page.evaluate("document.querySelectorAll('#main details').forEach(one => { one.open = true; })")
    return page.inner_text("#main")


def test_what_people_wrote_stands_as_text_and_nothing_sticks_out(base: str, page: Page):
    seen = watch(page, base)
    for path in PATHS:
        for size in (WIDE, PHONE):
            page.set_viewport_size(size)
            come_in(page, base, path)
            said = opened(page)
            assert overflows(page) <= 0, (path, size)
        assert path == "/learning" or HOSTILE in said, path
        assert page.locator("#main img[src=x]").count() == 0
        assert "kept aside" not in said, "a ticket that measures the agent"
    come_in(page, base, "/learning/signals")
    assert f"teaches {HOSTILE}" in opened(page)
    assert "1 example is not shown" in page.inner_text("#main")
    assert (seen.executed, seen.outside, seen.errors) == ([], [], [])


def test_a_month_is_chosen_shown_with_pictures_and_kept_as_one_page(base: str, page: Page):
    seen = watch(page, base)
    come_in(page, base, "/learning?month=2026-06")
    page.get_by_text("Resolved, the customer says so").first.wait_for()
    image = page.get_by_role("img", name="Right or wrong, as reviewers see it", exact=False)
    image.scroll_into_view_if_needed()
    page.wait_for_function("one => one.complete && one.naturalWidth > 0", arg=image.element_handle())
    choice = page.get_by_role("combobox", name="Month")
    assert choice.input_value() == "June 2026"
    choice.click()
    page.get_by_role("option", name="July 2026").click()
    page.wait_for_url("**/learning?month=2026-07")
    kept = page.get_by_role("link", name="All of it as one page to keep or print").get_attribute("href")
    assert kept == "/learning/report/2026-07"
    answer = page.context.request.get(f"{base}{kept}")
    assert answer.status == 200
    assert "What July 2026 taught" in answer.text()
    assert "sandbox" in answer.headers["content-security-policy"]
    assert page.context.request.get(f"{base}/learning/report/2020-01").status == 404
    assert page.context.request.get(f"{base}/learning/picture/2026-07/nothing.svg").status == 404
    assert (seen.executed, seen.outside, seen.errors) == ([], [], [])


def test_who_may_not_decide_reads_and_is_told_why(base: str, page: Page):
    come_in(page, base, "/learning/audit", "noor")
    page.get_by_text("This needs the role knowledge owner; Noor Haddad has not got it.", exact=False).wait_for()
    assert page.get_by_role("button", name="Confirm", exact=False).count() == 0
    come_in(page, base, "/learning/scope", "noor")
    page.get_by_text("This needs the role approver; Noor Haddad has not got it.").first.wait_for()
    assert page.get_by_role("button", name="Accept …").count() == 0
    assert page.get_by_role("button", name="Give the autonomy back …").count() == 0
    come_in(page, base, "/learning/scope", "tomas")
    page.get_by_text("This is for support lead to decide; Tomas Reyl signs as head of support.").first.wait_for()


def test_the_audit_is_confirmed_and_the_scope_decided(base: str, page: Page, made: Path):
    come_in(page, base, "/")
    page.get_by_text("items of the audit are overdue").wait_for()
    page.get_by_text("category has lost its autonomy: people send every answer").wait_for()

    come_in(page, base, "/learning/audit?owner=Ben Osei")
    page.get_by_role("button", name="Read and confirm 1 entry …").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Press *pay*.", exact=False).wait_for()
    dialog.get_by_role("button", name="Confirm").click()
    page.get_by_text("Ada Moreno confirmed 1 item of the audit of 2026-Q3 as support lead.").wait_for()
    with ledger_of(made) as ledger:
        assert closed_items(ledger)["subject_id"].tolist() == ["pay"]

    come_in(page, base, "/learning/scope")
    page.get_by_role("button", name="Reject …").click()
    page.get_by_role("dialog").get_by_role("button", name="Reject").click()
    page.get_by_text("Say it in a few words", exact=False).wait_for()
    page.get_by_label("Why it is not wanted").fill(f"Prices change. {HOSTILE}")
    page.get_by_role("dialog").get_by_role("button", name="Reject").click()
    page.get_by_text("Nothing is proposed now.").wait_for()
    page.get_by_role("button", name="Give the autonomy back …").click()
    page.get_by_label("Why it may answer by itself again").fill("It was mended.")
    page.get_by_role("button", name="Give it back").click()
    page.get_by_text("No category is without its autonomy now.").wait_for()
    assert HOSTILE in opened(page)
    with ledger_of(made) as ledger:
        assert scope_decisions(ledger)["decision"].tolist() == ["rejected"]
        assert withdrawn_categories(ledger) == {}


def test_a_new_desk_is_told_what_to_run(tmp_path: Path, page: Page):
    folder = bare_desk(tmp_path / "desk")
    with serve(folder, "tests.service.stub_gate:create_app", **{PAGES: SERVED}) as base:
        seen = watch(page, base)
        for path in PATHS:
            come_in(page, base, path)
            said = page.inner_text("#main")
            assert "understudy run " in said, said
            assert "could not be read" not in said
        assert page.context.request.get(f"{base}/learning/report/2026-07").status == 404
        assert (seen.executed, seen.outside, seen.errors) == ([], [], [])
