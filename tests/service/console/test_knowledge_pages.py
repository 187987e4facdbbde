"""Knowledge in a real browser: what was shown is what is signed, nobody writes over anybody, and nothing customers wrote runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk.loading import load_desk
from ledger.knowledge import accepted_entries, dismissed_findings, draft_decisions
from orchestration.lake import Lake
from orchestration.people.knowledge_desk import ledger_of
from orchestration.people.knowledge_files import open_entry, save_entry
from orchestration.people.knowledge_history import acceptances
from tests.desks import copy_of, demo_desk
from tests.service.browser import PHONE, WIDE, overflows, serve, watch
from tests.service.console.knowledge_desk import (
    ATTACKS,
    DRAFTS,
    ENTRY,
    FINDING,
    HOSTILE,
    MEASURES,
    RIGHT,
    TEACHES,
    entries_about,
    entry_of,
    prepare,
)
from tests.service.stub_gate import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PATIENCE = 60_000
"""Milliseconds within which something must happen; what happens is asserted, never how fast."""


@pytest.fixture
def desk(tmp_path_factory, tmp_path) -> Path:
    return prepare(copy_of(demo_desk(tmp_path_factory), tmp_path))


@pytest.fixture
def base(desk) -> Iterator[str]:
    with serve(desk, "tests.service.stub_gate:create_app", **{PAGES: "service.console.knowledge"}) as address:
        yield address


def come_in(page: Page, base: str, login: str = "ada") -> None:
    page.set_default_timeout(PATIENCE)
    page.context.add_cookies([{"name": "stub_login", "value": login, "url": base}])


def draft_shown(page: Page, name: str) -> None:
    page.locator(f"[data-draft={name}]").wait_for()


def press(page: Page, key: str) -> None:
    page.locator("body").press(key)


def decisions(desk: Path) -> dict[str, str]:
    with ledger_of(load_desk(desk)) as ledger:
        frame = draft_decisions(ledger)
    return {one: status for one, status in zip(frame["draft_id"], frame["status"], strict=True) if one in DRAFTS}


def accepted(desk: Path, name: str) -> list[list[str]]:
    with ledger_of(load_desk(desk)) as ledger:
        frame = accepted_entries(ledger)
    mine = frame[(frame["entry_id"] == name) & (frame["accepted_by"] == "Ada Moreno")]
    return mine[["accepted_role", "content_hash"]].values.tolist()


def test_drafts_are_decided_by_keys_and_each_key_counts_for_what_was_shown(desk, base, page):
    come_in(page, base)
    seen = watch(page, base)
    page.goto(f"{base}/knowledge/drafts")
    draft_shown(page, DRAFTS[0])
    page.get_by_text(HOSTILE, exact=False).first.wait_for()
    press(page, "a")
    press(page, "a")
    page.get_by_text("Accepted by Ada Moreno as support lead.", exact=False).first.wait_for()
    press(page, "a")  # The draft stays on the screen, decided: nothing else is accepted by it.
    press(page, "j")
    draft_shown(page, DRAFTS[1])
    press(page, "r")
    page.get_by_label("Why nobody needs it").fill("We never will.")
    page.get_by_role("dialog").get_by_role("button", name="Reject").click()
    page.get_by_text("Rejected. It is not offered again.").first.wait_for()
    assert decisions(desk) == {DRAFTS[0]: "accepted", DRAFTS[1]: "rejected"}
    [entry] = entries_about(desk, "Can I undo an import?")
    history = acceptances(load_desk(desk), entry.id)
    assert [(one.by, one.content_hash) for one in history] == [("Ada Moreno", entry.content_hash)], "signed once"
    assert HOSTILE in entry.answer
    assert (seen.executed, seen.outside, seen.errors) == ([], [], [])


def test_a_desk_without_drafts_says_what_to_run(desk, base, page):
    Lake(load_desk(desk).home).file("knowledge_drafts").unlink()
    come_in(page, base)
    page.goto(f"{base}/knowledge/drafts")
    page.get_by_text("Nothing was drafted yet. Run: understudy run build_knowledge").wait_for()
    page.get_by_role("link", name="Entries").wait_for()


def test_a_draft_is_changed_before_it_is_accepted_and_mistakes_are_said_at_their_field(desk, base, page):
    come_in(page, base)
    page.goto(f"{base}/knowledge/drafts?category=import_data")
    draft_shown(page, DRAFTS[0])
    press(page, "j")
    draft_shown(page, DRAFTS[1])
    press(page, "e")
    answer = page.get_by_label("Answer, as customers are told it")
    answer.fill("")
    page.get_by_role("button", name="Save and accept").click()
    page.get_by_text("The answer is empty. Write what customers are told.").wait_for()
    answer.fill("From Confluence and Notion, as Markdown.")
    page.get_by_role("button", name="Add a condition").click()
    page.get_by_label("What").nth(1).fill("Region")
    page.get_by_label("One of these, separated by commas").nth(1).fill("EU, UK")
    page.get_by_role("button", name="Save and accept").click()
    page.get_by_text("Accepted by Ada Moreno as support lead.", exact=False).first.wait_for()
    [entry] = entries_about(desk, "Can I import from a wiki?")
    assert (entry.answer, entry.draft_id) == ("From Confluence and Notion, as Markdown.", DRAFTS[1])
    assert entry.conditions == {"plan": ["pro"], "region": ["eu", "uk"]}
    assert accepted(desk, entry.id) == [["support lead", entry.content_hash]]


def test_an_edited_entry_is_unsigned_shown_with_its_changes_and_accepted(desk, base, page):
    before = entry_of(desk, ENTRY)
    come_in(page, base)
    page.goto(f"{base}/knowledge/entry/{ENTRY}")
    page.get_by_text("yes, with exactly this text").wait_for()
    page.get_by_role("button", name="Edit").click()
    page.get_by_text("unsigns it", exact=False).wait_for()
    page.get_by_label("Answer, as customers are told it").fill(f"{before.answer} Ask us for an offer.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Changed since it was accepted").wait_for()
    page.get_by_text("yes, with an older text", exact=False).wait_for()
    decide = page.locator("section", has=page.get_by_role("button", name="Accept this version"))
    assert decide.locator("ins").all_inner_texts() == [" Ask us for an offer."]
    assert decide.locator("del").count() == 0
    assert accepted(desk, ENTRY) == []
    page.get_by_role("button", name="Accept this version").click()
    page.get_by_role("button", name="Accept again").wait_for()
    after = entry_of(desk, ENTRY)
    assert after.answer == f"{before.answer} Ask us for an offer."
    assert accepted(desk, ENTRY) == [["support lead", after.content_hash]]
    page.get_by_text("Ada Moreno accepted this version as support lead", exact=False).wait_for()


def test_the_second_of_two_editors_is_told_what_changed_and_loses_nothing(desk, base, page):
    come_in(page, base)
    page.goto(f"{base}/knowledge/entry/{ENTRY}?edit=1")
    mine = page.get_by_label("Answer, as customers are told it")
    mine.fill("My answer.")
    loaded = load_desk(desk)
    save_entry(loaded, open_entry(loaded, ENTRY), {"question": "How can I change to another plan?"})
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Somebody has changed this entry since you opened it. Nothing of yours is saved yet.").wait_for()
    assert entry_of(desk, ENTRY).answer != "My answer."
    page.get_by_role("button", name="Go on from what is there now").click()
    page.get_by_text("Nothing of yours is saved yet", exact=False).wait_for(state="detached")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Changed since it was accepted").wait_for()
    saved = entry_of(desk, ENTRY)
    assert (saved.question, saved.answer) == ("How can I change to another plan?", "My answer.")


def test_a_version_that_came_after_the_page_is_not_accepted_unseen(desk, base, page):
    come_in(page, base)
    page.goto(f"{base}/knowledge/entry/{ENTRY}")
    button = page.get_by_role("button", name="Accept again")
    button.wait_for()
    loaded = load_desk(desk)
    save_entry(loaded, open_entry(loaded, ENTRY), {"answer": "Something nobody read."})
    button.click()
    page.get_by_text("What is there now is not what you were shown", exact=False).wait_for()
    page.get_by_role("button", name="Accept this version").wait_for()
    page.locator("ins", has_text="Something").first.wait_for()
    assert accepted(desk, ENTRY) == []


def test_a_finding_is_dismissed_with_a_reason_and_the_entry_is_live_again(desk, base, page):
    come_in(page, base)
    seen = watch(page, base)
    page.goto(f"{base}/knowledge/entry/{ENTRY}")
    page.get_by_text("Not live").wait_for()
    page.goto(f"{base}/knowledge/findings?finding={FINDING}")
    page.get_by_text("Entry: How do I upgrade my plan?").wait_for()
    page.locator("ins.mark", has_text="It takes effect at once").wait_for()
    page.get_by_role("button", name="Dismiss").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Dismiss").click()
    page.get_by_text("Say why it is no fault.").wait_for()
    dialog.get_by_label("Why it is no fault").fill("It does take effect at once.")
    dialog.get_by_role("button", name="Dismiss").click()
    page.get_by_text("An entry that only this kept from use is live again.", exact=False).wait_for()
    with ledger_of(load_desk(desk)) as ledger:
        found = dismissed_findings(ledger).set_index("finding_id").loc[FINDING]
    assert (found["dismissed_by"], found["note"]) == ("Ada Moreno", "It does take effect at once.")
    page.goto(f"{base}/knowledge/entry/{ENTRY}")
    page.get_by_text("Live", exact=True).wait_for()
    assert (seen.executed, seen.outside, seen.errors) == ([], [], [])


def test_a_correction_becomes_a_signed_entry_with_its_ticket_as_source(desk, base, page):
    come_in(page, base)
    page.goto(f"{base}/knowledge/new?answer={TEACHES}")
    assert page.get_by_label("Answer, as customers are told it").input_value() == RIGHT
    page.get_by_label("Question, as a customer would ask it").fill("How do I take an import back?")
    page.get_by_label("Owner").fill("Dele Akinfold")
    page.get_by_text("What was known of this customer").click()
    page.get_by_role("button", name="plan: pro").click()
    page.get_by_role("button", name="Save and accept").click()
    page.wait_for_url(re.compile("/knowledge/entry/how-do-i-take-an-import-back"))
    page.get_by_text("Only where plan is pro").wait_for()
    [entry] = entries_about(desk, "How do I take an import back?")
    assert (entry.answer, entry.status, entry.owner) == (RIGHT, "accepted", "Dele Akinfold")
    assert [one.kind for one in entry.sources] == ["ticket"]
    assert accepted(desk, entry.id) == [["support lead", entry.content_hash]]


def test_a_second_press_makes_no_second_entry(desk, base, page):
    come_in(page, base)
    page.goto(f"{base}/knowledge/new")
    page.get_by_label("Category").click()
    page.get_by_role("option", name="Import data").click()
    page.get_by_label("Question, as a customer would ask it").fill("May I import twice at once?")
    page.get_by_label("Answer, as customers are told it").fill("One after the other.")
    page.get_by_role("button", name="Save, accept later").dblclick()
    page.wait_for_url(re.compile("/knowledge/entry/may-i-import-twice"))
    page.get_by_text("One after the other.").first.wait_for()
    assert len(entries_about(desk, "May I import twice at once?")) == 1


def test_an_entry_is_changed_from_a_correction_instead(desk, base, page):
    come_in(page, base)
    page.goto(f"{base}/knowledge/new?answer={TEACHES}")
    page.get_by_role("link", name="Change this entry instead").first.click()
    page.get_by_role("button", name="Take this as the answer").click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Changed since it was accepted").wait_for()
    saved = entry_of(desk, ENTRY)
    assert saved.answer == RIGHT
    assert [one.kind for one in saved.sources][-1] == "ticket"


def test_no_word_of_a_ticket_that_measures_the_agent_is_offered(desk, base, page):
    come_in(page, base)
    page.goto(f"{base}/knowledge/new?answer={MEASURES}")
    page.get_by_text("It is set aside to measure how good the agent is.", exact=False).wait_for()
    assert page.get_by_role("textbox").count() == 0
    page.get_by_text("Corrections of this category that may teach").wait_for()
    page.goto(f"{base}/knowledge/entry/{ENTRY}?edit=1&answer={MEASURES}")
    page.get_by_text("It is set aside to measure how good the agent is.", exact=False).wait_for()
    assert RIGHT not in page.locator("#main").inner_text()


def test_whoever_may_not_decide_reads_and_decides_nothing(desk, base, page):
    come_in(page, base, "noor")
    page.goto(f"{base}/knowledge/drafts")
    draft_shown(page, DRAFTS[0])
    page.get_by_text("This needs the role knowledge owner; Noor Haddad has not got it.").wait_for()
    press(page, "a")
    page.goto(f"{base}/knowledge/entry/{ENTRY}?edit=1")
    page.get_by_text("As customers read it").wait_for()
    assert page.get_by_role("button", name=re.compile("Accept|Edit|Save")).count() == 0
    assert decisions(desk) == {}


PLACES = (
    "/knowledge",
    "/knowledge/drafts",
    "/knowledge/entries",
    f"/knowledge/findings?finding={FINDING}",
    f"/knowledge/entry/{ENTRY}",
    f"/knowledge/entry/{ENTRY}?edit=1&answer={ATTACKS}",
    f"/knowledge/new?answer={ATTACKS}",
    f"/knowledge/new?answer={MEASURES}",
    "/knowledge/new",
    "/knowledge/entry/<img src=x onerror=alert(1)>",
    "/knowledge/new?answer=<img src=x onerror=alert(1)>&category=<b>",
    "/knowledge/drafts?category=<script>alert(1)</script>",
)


def test_every_page_shows_attacks_as_text_fits_both_widths_and_names_its_fields(desk, base, browser: Browser):
    loaded = load_desk(desk)
    save_entry(
        loaded, open_entry(loaded, ENTRY), {"question": f"How? {HOSTILE}", "answer": HOSTILE, "phrasings": [HOSTILE]}
    )
    for size in (WIDE, PHONE):
        context = browser.new_context(viewport=size)
        page = context.new_page()
        come_in(page, base)
        seen = watch(page, base)
        for place in PLACES:
            page.goto(f"{base}{place}")
            page.locator("#main .tabs").wait_for()
            page.wait_for_load_state("networkidle")
            assert overflows(page) == 0, f"{place} at {size['width']}"
            assert page.locator("#main img, #main script").count() == 0, place
            unnamed = page.evaluate(
                "[...document.querySelectorAll('#main input:not([type=hidden]), #main textarea, #main button')]"
                ".filter(e => !(e.labels?.length || e.getAttribute('aria-label') || e.textContent.trim())).map(e => e.outerHTML)"
            )
            assert unnamed == [], place
        assert (seen.executed, seen.outside) == ([], [])
        assert seen.errors == []
        context.close()
