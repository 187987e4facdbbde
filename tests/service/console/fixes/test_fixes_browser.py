"""The way of a failure in a real browser: from the queue over its proposal to a change, and nothing customers wrote runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assets.retrain_agent import frames
from desk.loading import load_desk
from ledger.fixes import fix_decisions
from ledger.insights import insights
from orchestration.people.fix_desk import accept
from orchestration.people.knowledge_desk import Reviewer
from orchestration.people.knowledge_history import acceptances
from tests.orchestration.pilot_lakes import ledger_of, make
from tests.service.browser import PHONE, overflows, serve, watch
from tests.service.console.answer_desks import NOON
from tests.service.console.fixes.fixes_desk import (
    ENTRY,
    FIXES,
    HOSTILE,
    RIGHT,
    effect,
    entry_now,
    fixes_desk,
    publish,
    replayed,
)
from tests.service.stub_gate import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE = 60_000
"""Milliseconds within which something must happen; what happens is asserted, never how fast."""
SERVED = "service.console.fixes,service.console.answers,service.console.home"


@pytest.fixture
def desk(tmp_path) -> Path:
    return fixes_desk(tmp_path)


@pytest.fixture
def base(desk) -> Iterator[str]:
    with serve(desk, "tests.service.stub_gate:create_app", **{PAGES: SERVED}) as address:
        yield address


def come_in(page: Page, base: str, path: str, login: str = "ada") -> None:
    page.set_default_timeout(PATIENCE)
    page.context.add_cookies([{"name": "stub_login", "value": login, "url": base}])
    page.goto(f"{base}{path}")


def decisions(desk: Path) -> list[tuple[str, str, str | None]]:
    with ledger_of(desk) as ledger:
        frame = fix_decisions(ledger)
    rows = (
        frame[["fix_id", "status", "change_id"]]
        .astype(object)
        .where(frame[["fix_id", "status", "change_id"]].notna(), None)
    )
    return [tuple(row) for row in rows.values.tolist()]


def test_a_failure_goes_from_its_review_to_an_accepted_change(desk, base, page):
    seen = watch(page, base)
    come_in(page, base, "/answers?who=all&answer=a1")
    page.get_by_text("This goes wrong more often", exact=False).wait_for()
    page.get_by_role("link", name="Say where invoices are", exact=False).click()
    page.wait_for_url(f"**/fixes/{FIXES['stale']}")
    page.get_by_text(f"Question 2 {HOSTILE}").wait_for()
    assert page.get_by_text("Question 3", exact=False).count() == 0, "its ticket measures the agent"
    page.get_by_text("1 more is counted and not shown", exact=False).wait_for()
    assert page.locator("del").all_inner_texts() == [ENTRY.answer]
    assert page.locator("ins").all_inner_texts() == [RIGHT]

    page.get_by_role("button", name="Edit first").click()
    answer = page.get_by_label("Answer, as customers are told it")
    answer.fill("")
    page.get_by_role("button", name="Accept with these words").click()
    page.get_by_text("The answer is empty. Write what customers are told.").wait_for()
    answer.fill(f"{RIGHT} {HOSTILE}")
    page.get_by_role("button", name="Accept with these words").click()
    page.get_by_text("Accepted: it is change C-001.").wait_for()
    page.get_by_role("button", name="Build the week's release").wait_for()

    assert decisions(desk) == [(FIXES["stale"], "accepted", "C-001")]
    entry = entry_now(desk)
    assert entry.answer == f"{RIGHT} {HOSTILE}"
    [signed] = acceptances(load_desk(desk), entry.id)
    assert (signed.by, signed.content_hash) == ("Ada Moreno", entry.content_hash)

    page.get_by_role("link", name="C-001: how far it got", exact=False).click()
    page.wait_for_url("**/fixes/changes/C-001")
    page.get_by_text("It is in no release that customers have yet.", exact=False).wait_for()
    page.goto(f"{base}/")
    page.get_by_text("accepted change waits for the week's release").wait_for()
    assert (seen.executed, seen.outside, seen.errors) == ([], [], [])


def test_a_fix_is_rejected_with_a_reason_and_leaves_the_queue(desk, base, page):
    come_in(page, base, "/fixes")
    page.get_by_role("link", name="Look into this").click()
    page.get_by_role("button", name="Close it …").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Close it").click()
    page.get_by_text("Say it in a few words", exact=False).wait_for()
    dialog.get_by_label("What was done about it", exact=False).fill("Nothing can be done.")
    dialog.get_by_role("button", name="Close it").click()
    page.get_by_text("Rejected by Ada Moreno", exact=False).wait_for()
    assert decisions(desk) == [(FIXES["note"], "rejected", None)]
    page.goto(f"{base}/fixes")
    page.get_by_role("link", name="Tell invoices from logging in").wait_for()
    assert page.get_by_role("link", name="Look into this").count() == 0


def test_labels_may_be_left_out_before_they_are_accepted(desk, base, page):
    come_in(page, base, f"/fixes/{FIXES['labels']}")
    page.get_by_label("Take ticket 1").click()
    page.get_by_role("button", name="Accept as it is").click()
    page.get_by_text("Accepted: it is change C-001.").wait_for()
    page.get_by_text("The month's retrain learns from these tickets", exact=False).wait_for()
    with ledger_of(desk) as ledger:
        assert list(fix_decisions(ledger)["labelled_ticket_ids"]) == [["zd:2"]]


def test_what_changed_under_the_page_is_not_accepted(desk, base, page):
    come_in(page, base, f"/fixes/{FIXES['stale']}")
    page.get_by_role("button", name="Accept as it is").wait_for()
    file = desk / "knowledge" / ENTRY.file
    file.write_text(file.read_text(encoding="utf-8").replace("Open Settings", "Open Preferences"), encoding="utf-8")
    page.get_by_role("button", name="Accept as it is").click()
    page.get_by_text("not what you were shown", exact=False).first.wait_for()
    page.get_by_text("It cannot be accepted as things stand:").wait_for()
    assert decisions(desk) == []
    assert entry_now(desk).answer.startswith("Open Preferences")


def test_who_may_not_decide_is_told_so_and_may_say_what_they_saw(desk, base, page):
    come_in(page, base, f"/fixes/{FIXES['stale']}", "noor")
    page.get_by_text("This needs the role knowledge owner", exact=False).wait_for()
    assert page.get_by_role("button", name="Accept as it is").count() == 0
    page.goto(f"{base}/fixes")
    page.get_by_label("What you saw").fill(f"Choirs ask for a discount. {HOSTILE}")
    page.get_by_role("button", name="Record it").click()
    page.get_by_text("Said, and in the queue with the next run").wait_for()
    page.get_by_text(f"Choirs ask for a discount. {HOSTILE}").wait_for()
    with ledger_of(desk) as ledger:
        assert list(insights(ledger)["said_by"]) == ["Noor Haddad"]


def test_every_page_shows_hostile_words_as_words_and_fits_a_phone(desk, base, page):
    accept(load_desk(desk), FIXES["labels"], Reviewer("Noor Haddad", "support lead", NOON))
    rows = [effect("resolution_rate", "improvement", 0.12, 0.05, 0.19), effect("csat", "worse", -0.1, -0.2, -0.02)]
    publish(desk, "training_effects", frames.EFFECT, rows)
    publish(desk, "change_replays", frames.REPLAYED, [replayed("zd:1", False, True), replayed("zd:2", None, False)])
    week = {
        **dict.fromkeys(frames.UPDATE), "week": "2026-03-02", "change_ids": ["C-001"], "status": "held", "why": [HOSTILE],
        "count_affected": 2, "count_mended": 1, "count_broken": 1, "count_regression": 3, "count_regression_changed": 1,
    }  # fmt: skip
    publish(desk, "micro_updates", frames.UPDATE, [week])
    seen = watch(page, base)
    come_in(page, base, "/fixes")
    for size in (None, PHONE):
        if size is not None:
            page.set_viewport_size(size)
        for path in (
            "/fixes?status=all",
            f"/fixes/{FIXES['stale']}",
            f"/fixes/{FIXES['labels']}",
            "/fixes/changes/C-001",
            "/fixes/week",
        ):
            page.goto(f"{base}{path}")
            page.get_by_text(HOSTILE, exact=False).first.wait_for()
            assert overflows(page) <= 0, path
    assert (seen.executed, seen.outside, seen.errors) == ([], [], [])


def test_a_desk_without_failures_says_what_to_run(tmp_path, page):
    empty = make(tmp_path)
    with serve(empty, "tests.service.stub_gate:create_app", **{PAGES: SERVED}) as base:
        come_in(page, base, "/fixes")
        page.get_by_text("understudy run retrain_agent", exact=False).wait_for()
        assert page.get_by_role("button", name="Look for failures anew").is_enabled()
        page.get_by_text("No week's release was built yet.").wait_for()
        page.goto(f"{base}/fixes/0000000000000000")
        page.get_by_text("There is no such fix.", exact=False).wait_for()
