"""The review queue in a real browser: a day at the keyboard, two people at once, and tickets that attack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.assets.pilot_agent.answers.review_frames import answer
from tests.service.browser import PHONE, Watch, add_people, log_in, overflows, person, serve, watch
from tests.service.console.answer_desks import ledger_of, review_desk, say_so, stands

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WAIT = 60_000
"""Milliseconds within which something must happen; what happens is asserted, never how fast."""
LOGIN = [f"a{number}" for number in range(100, 124)]
EXPORT = [f"a{number}" for number in range(200, 212)]
HOSTILE = [
    "<script>alert('script')</script>",
    "<img src=x onerror=\"alert('image')\">",
    "![pixel](https://evil.example/pixel.png) <iframe src=https://evil.example></iframe>",
    "{{7*7}} ${7*7} {{constructor.constructor('alert(1)')()}}",
    "[click](javascript:alert('link')) <a href=\"javascript:alert('link')\">click</a>",
    "\u202egnp.exe\u202c and \u2066isolated\u2069",
    "w" * 30_000,
]
BILLING = [f"a{number}" for number in range(300, 300 + len(HOSTILE))]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three categories, one for each of the tests that write."""
    hostile = [
        answer(
            name, category_id="billing", question=text, reply=text, handoff_reason=text, plan=text[:200],
            context='{"page": "<img src=x onerror=alert(2)>", "<b>name</b>": "{{7*7}}"}', language="<script>",
            conversation='[{"author": "<img src=x onerror=alert(3)>", "text": "<script>alert(4)</script>"}]',
            reasons='[{"step": "x", "sentence": "<img src=x onerror=alert(5)>"}]', entry_ids=["<script>", "log-in"],
            entry_hashes=["1", "2"], ticket_id="<b>zd:1</b>", handoff_queue="<i>q</i>", channel="<script>",
        )
        for name, text in zip(BILLING, HOSTILE, strict=True)
    ]  # fmt: skip
    made = review_desk(
        tmp_path_factory.mktemp("answers"), *(answer(name) for name in LOGIN),
        *(answer(name, category_id="export") for name in EXPORT), *hostile,
    )  # fmt: skip
    add_people(made)
    return made


@pytest.fixture(scope="module")
def base(desk: Path) -> Iterator[str]:
    with serve(desk) as address:
        yield address


def opened(page: Page, base: str, category: str, login: str = "ada", **more: str) -> Page:
    """Sign in and open the queue of a category."""
    log_in(page, base, login)
    asked = "&".join(f"{name}={value}" for name, value in {"category": category, **more}.items())
    page.goto(f"{base}/answers?{asked}")
    page.wait_for_selector(".answers .shown .card", timeout=WAIT)
    return page


def shown(page: Page) -> str:
    return page.get_attribute(".answers .shown", "data-answer") or ""


def press(page: Page, *keys: str) -> str:
    """Press keys, having looked at the answer, until another is shown; its id."""
    before = shown(page)
    page.wait_for_timeout(350)
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_function(
        "(was) => document.querySelector('.answers .shown').dataset.answer !== was", arg=before, timeout=WAIT
    )
    return shown(page)


def status(page: Page, words: str) -> None:
    page.wait_for_selector(f".answers .status:has-text('{words}')", timeout=WAIT)


def test_a_day_at_the_keyboard(page: Page, base: str, desk: Path) -> None:
    seen = watch(page, base)
    opened(page, base, "login")
    assert shown(page) == LOGIN[0]
    assert "0 of 24 tagged" in page.inner_text(".answers .progress")
    for place in range(20):
        after = press(page, *(["1"] if place % 4 else ["3", "5"]))
        assert after == LOGIN[place + 1]
    assert "20 of 24 tagged, 20 by you today" in page.inner_text(".answers .progress")
    said = stands(desk, LOGIN, "Ada Moreno")
    assert len(said) == 20
    assert {(one.tag, one.reason, one.decision) for one in said.values()} == {
        ("correct", None, "approve"), ("incorrect", "outdated", "reject"),
    }  # fmt: skip

    # One is corrected: what would have been right, and on to an entry.
    page.keyboard.press("c")
    page.wait_for_selector(".answers .sheet textarea", timeout=WAIT)
    page.keyboard.type("Use the reset link. 1 2 3 j k u")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Turn this into an entry", timeout=WAIT)
    assert shown(page) == LOGIN[20]
    href = page.get_attribute("a:has-text('Turn this into an entry')", "href") or ""
    assert href.endswith(f"/knowledge/new?answer={LOGIN[20]}")
    corrected = stands(desk, LOGIN, "Ada Moreno")[LOGIN[20]]
    assert (corrected.tag, corrected.right_answer) == ("incorrect", "Use the reset link. 1 2 3 j k u")

    # One is undone: it is before her again, and nothing is said of it.
    press(page, "j")
    assert press(page, "1") == LOGIN[22]
    assert press(page, "u") == LOGIN[21]
    status(page, "Taken back")
    assert LOGIN[21] not in stands(desk, LOGIN, "Ada Moreno")

    # One is edited, and the rest done: the queue says so.
    page.keyboard.press("e")
    page.wait_for_selector(".answers .sheet textarea", timeout=WAIT)
    page.fill(".answers .sheet textarea", "Dear customer, use the reset link.")
    press(page, "Control+Enter")
    edited = stands(desk, LOGIN, "Ada Moreno")[LOGIN[21]]
    assert (edited.decision, edited.edited_reply) == ("edit", "Dear customer, use the reset link.")
    press(page, "1")
    assert press(page, "1") == ""
    page.wait_for_selector("text=Every answer of this kind is tagged.", timeout=WAIT)
    assert page.locator(".answers .shown a[href='/pilot']").count() == 1
    assert seen == Watch()


def test_two_at_once_never_have_the_same_one(browser: Browser, base: str, desk: Path) -> None:
    first, second = person(browser), person(browser)
    try:
        ada, noor = first.new_page(), second.new_page()
        opened(ada, base, "export")
        opened(noor, base, "export", login="noor")
        places = {"ada": [shown(ada)], "noor": [shown(noor)]}
        for _ in range(3):
            places["ada"].append(press(ada, "1"))
            places["noor"].append(press(noor, "1"))
        assert not set(places["ada"]) & set(places["noor"])
        assert len(set(places["ada"] + places["noor"])) == 8

        # What another has open is said, and takes no tag.
        noor.goto(f"{base}/answers?who=all&answer={places['ada'][-1]}")
        noor.wait_for_selector("text=Ada Moreno has this one open right now", timeout=WAIT)
        noor.wait_for_timeout(350)
        noor.keyboard.press("1")
        status(noor, "nothing was recorded")

        # What somebody tagged at a terminal meanwhile is not spoken over unknowingly.
        with ledger_of(desk) as ledger:
            say_so(ledger, shown(ada), "incorrect", by="Tomas Reyl")
        mine = shown(ada)
        ada.wait_for_timeout(350)
        ada.keyboard.press("1")
        ada.wait_for_selector("text=Tomas Reyl tagged this one since you opened it", timeout=WAIT)
        assert stands(desk, [mine], "Ada Moreno") == {}
        press(ada, "y")
        assert stands(desk, [mine], "Ada Moreno")[mine].tag == "correct"
    finally:
        first.close()
        second.close()


def test_a_key_that_bounces_tags_one_answer(page: Page, base: str, desk: Path) -> None:
    opened(page, base, "export", login="noor")
    before = stands(desk, EXPORT, "Noor Haddad")
    one = shown(page)
    press(page, "1", "1", "1")
    page.wait_for_timeout(700)
    assert stands(desk, EXPORT, "Noor Haddad").keys() - before.keys() == {one}


def test_hostile_tickets_show_as_text_and_nothing_runs(page: Page, base: str) -> None:
    seen = watch(page, base)
    opened(page, base, "billing", who="all")
    for place, text in enumerate(HOSTILE):
        assert shown(page) == BILLING[place]
        page.evaluate("document.querySelectorAll('.answers details').forEach((one) => one.open = true)")
        words = page.inner_text(".answers .shown")
        visible = text[:20_000].translate(dict.fromkeys(map(ord, "\u202e\u202c\u2066\u2069"), "\ufffd"))
        assert words.count(visible) >= 2, text[:80]  # as the question, and as the reply
        for also in ("<script>alert(4)</script>", "<img src=x onerror=alert(5)>", "{{7*7}}", "<b>zd:1</b>"):
            assert also in words
        assert page.locator(".answers :is(script, img, iframe, a[href^='javascript'])").count() == 0
        assert overflows(page) <= 0
        page.keyboard.press("e")
        page.wait_for_selector(".answers .sheet textarea", timeout=WAIT)
        page.keyboard.press("Escape")
        page.wait_for_selector(".answers .sheet textarea", state="detached", timeout=WAIT)
        if place + 1 < len(HOSTILE):
            press(page, "j")
    assert seen == Watch()


def test_who_only_reads_gets_no_keys(page: Page, base: str, desk: Path) -> None:
    opened(page, base, "billing", login="tomas", who="all")
    assert page.locator(".answers .bar-box").count() == 0
    with ledger_of(desk) as ledger:
        before = ledger.head()
    page.wait_for_timeout(350)
    page.keyboard.press("1")
    press(page, "j")
    with ledger_of(desk) as ledger:
        assert ledger.head() == before


def test_on_a_phone_everything_is_there_and_nothing_sticks_out(browser: Browser, base: str) -> None:
    held = person(browser, PHONE)
    try:
        page = held.new_page()
        opened(page, base, "billing", who="all", login="noor")
        assert overflows(page) <= 0
        for name in ("Correct", "Needs improvement", "Incorrect", "Edit", "Next", "Undo", "Filters", "List"):
            assert page.get_by_role("button", name=name).first.is_visible(), name
        before = shown(page)
        page.get_by_role("button", name="Next").click()
        page.wait_for_function(
            "(was) => document.querySelector('.answers .shown').dataset.answer !== was", arg=before, timeout=WAIT
        )
        page.wait_for_timeout(350)
        page.get_by_role("button", name="Incorrect").click()
        page.get_by_role("button", name="Out of date").wait_for(timeout=WAIT)
        assert overflows(page) <= 0
        page.get_by_role("button", name="Back").click()
        page.get_by_role("button", name="Correct", exact=True).wait_for(timeout=WAIT)
    finally:
        held.close()


def test_filters_stand_in_the_address(page: Page, base: str) -> None:
    opened(page, base, "billing", who="all")
    page.keyboard.press("/")
    page.wait_for_function("document.activeElement?.closest('.filters') !== null", timeout=WAIT)
    page.get_by_label("Category").click()
    page.get_by_role("option", name="Export").click()
    page.wait_for_url("**category=export**", timeout=WAIT)
    page.wait_for_selector(".answers .shown :text('of 12')", timeout=WAIT)
    assert "who=all" in page.url
    page.reload()
    page.wait_for_selector(".answers .shown :text('of 12')", timeout=WAIT)
