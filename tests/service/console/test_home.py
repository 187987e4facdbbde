"""The first page: what waits for whom, in which order, and the stop that is always there."""

import dataclasses
import datetime as dt
import re

import pytest

from desk.loading import load_desk
from ledger.pilots import running_pilots, set_share, share_changes
from ledger.sign_offs import SignOffState
from orchestration.last_runs import last_runs
from orchestration.people.review_desk import open_ledger_of
from service.console.sign_offs.rollout import Rollout, refusal_lines, share_in_words
from service.console.sign_offs.subjects import Subject
from service.console.waiting import Desks, nothing_waits, pilot_in_words, read_desk, release_in_words, waiting_for
from service.identity.account import Account, Role
from tests.desks import SAMPLE, copy_of, copy_sample_desk, demo_desk
from tests.service.browser import PHONE, overflows, serve, watch

GATE = "tests.service.stub_gate:create_app"
PAGES = "service.console.home,service.console.sign_offs"
ADA = Account("a1", "ada", "Ada Moreno", frozenset(Role), ("support lead",))
NOOR = Account("a2", "noor", "Noor Haddad", frozenset({Role.REVIEWER}), ("reviewer",))
HOSTILE = "<img src=x onerror=alert(1)>"


def subject(kind, missing, **more):
    state = SignOffState(kind, "a" * 64, (), missing, (), True)
    return Subject(kind, ("support lead",), "a" * 64, state, **more)


BUSY = Desks(
    subjects=(subject("behavior", ("support lead",), was_signed=True), subject("release", ("support lead",))),
    rollout=Rollout({}),
    count_untagged=12,
    waiting_since=dt.datetime(2026, 6, 9, tzinfo=dt.UTC),
    count_drafts=1,
    count_blocking=3,
    refused="Release abc was made current and is not used: its files are not those that were activated.",
)


def test_the_most_urgent_comes_first():
    found = waiting_for(ADA, BUSY)
    assert [(one.path, one.count) for one in found] == [
        ("/sign-offs/release", 0),
        ("/knowledge/findings", 3),
        ("/sign-offs/behavior", 0),
        ("/sign-offs/release", 0),
        ("/answers", 12),
        ("/knowledge/drafts", 1),
    ]
    assert [one.is_urgent for one in found] == [True, True, True, False, False, False]
    assert found[4].words == "answers wait to be reviewed, the oldest since 9 June"
    assert found[5].words == "draft of new knowledge to accept, edit or reject"


def test_fixes_wait_for_who_decides_about_them_and_urgent_ones_are_pressing():
    found = waiting_for(ADA, Desks((), Rollout({}), count_fixes=5, count_urgent_fixes=1, count_unreleased=2))
    assert [(one.path, one.count, one.is_urgent) for one in found] == [
        ("/fixes", 1, True), ("/fixes", 4, False), ("/fixes/week", 2, False),
    ]  # fmt: skip
    assert waiting_for(NOOR, Desks((), Rollout({}), count_fixes=5, count_urgent_fixes=1, count_unreleased=2)) == []


def test_everybody_sees_what_is_theirs():
    assert [one.path for one in waiting_for(NOOR, BUSY)] == ["/answers"]


def test_nothing_is_said_kindly_and_who_is_next():
    idle = dataclasses.replace(BUSY, count_untagged=0)
    assert waiting_for(NOOR, idle) == []
    assert nothing_waits(NOOR, idle) == (
        "Nothing waits for you. Others have to sign the behavior by support lead and the release by support lead."
    )
    assert "no role" not in nothing_waits(ADA, dataclasses.replace(idle, subjects=()))
    assert "An admin" in nothing_waits(Account("a", "x", "X", frozenset()), idle)


def test_a_stopped_rollout_is_told_from_one_that_never_began():
    assert share_in_words(Rollout({})).startswith("The rollout has not begun")
    assert share_in_words(Rollout({"june": 0.155})) == "The agent answers 15.5 % of customers (pilot “june”) now."


def test_a_refusal_is_a_heading_and_its_reasons():
    assert refusal_lines("the share was not changed:\n  - no plan\n  - too early") == [
        "The share was not changed:",
        "no plan",
        "too early",
    ]


def test_a_new_desk_is_read_without_a_run(tmp_path):
    desk = load_desk(copy_sample_desk(tmp_path, "freshdesk*"))
    with open_ledger_of(desk) as ledger:
        found = read_desk(desk, ledger)
    assert (found.count_untagged, found.count_drafts, found.count_blocking) == (None, None, None)
    assert release_in_words(found).startswith("No release is current yet")
    assert pilot_in_words(found) == "No pilot is planned."
    assert last_runs(desk) is None


@pytest.fixture
def desk(tmp_path_factory, tmp_path):
    """The demo's desk with a rollout that runs."""
    folder = copy_of(demo_desk(tmp_path_factory), tmp_path)
    (folder / "pilot.yaml").write_bytes((SAMPLE / "pilot.yaml").read_bytes())
    loaded = load_desk(folder)
    with open_ledger_of(loaded) as ledger:
        set_share(
            ledger, "june", 0.2, plan_hash="a" * 64, by="Ada Moreno", role="support lead",
            occurred_at=dt.datetime(2026, 6, 22, tzinfo=dt.UTC), known_roles=["support lead"], reason="shadow went well",
        )  # fmt: skip
    return folder


def test_last_runs_are_those_of_the_instance(desk):
    found = last_runs(load_desk(desk))
    assert {"build_knowledge", "configure_behavior"} <= {one.job for one in found.runs}
    assert all(one.succeeded and one.ended_at is not None for one in found.runs)
    assert not any(one.is_blocking for one in found.red_checks)
    # A check is as old as its last run: what people signed since is not in it, so it says when that was.
    latest = max(one.ended_at for one in found.runs)
    assert found.red_checks
    assert all(one.ran_at <= latest for one in found.red_checks)


def test_the_rollout_is_stopped_from_the_first_page(desk, browser):
    with serve(desk, gate=GATE, STUB_PAGES=PAGES) as base:
        context = browser.new_context(viewport=PHONE)
        page = context.new_page()
        page.set_default_timeout(60_000)
        seen = watch(page, base)
        context.add_cookies([{"name": "stub_login", "value": "tomas", "url": base}])
        page.goto(base)
        page.get_by_text("If something is wrong, tell an approver").wait_for()
        assert page.get_by_role("button", name="Stop now …").count() == 0

        context.add_cookies([{"name": "stub_login", "value": "ada", "url": base}])
        page.goto(base)
        page.get_by_text("What waits for you, Ada").wait_for()
        page.get_by_text("The last runs").wait_for()
        page.get_by_text(re.compile(r"^As of \d+ \w+ \d{4}, \d\d:\d\d UTC: ")).first.wait_for()
        assert overflows(page) <= 0
        page.get_by_role("button", name="Stop now …").click()
        page.get_by_role("button", name="Stop now", exact=True).click()
        page.get_by_text("A reason is needed").wait_for()
        loaded = load_desk(desk)
        with open_ledger_of(loaded) as ledger:
            assert running_pilots(ledger) == {"june": "a" * 64}
        page.get_by_role("textbox", name="Why").fill(f"wrong prices {HOSTILE}")
        page.get_by_role("button", name="Stop now", exact=True).click()
        page.get_by_role("button", name="Stop now …").wait_for(state="detached")
        page.goto(f"{base}/sign-offs/pilot")
        page.get_by_text(f"wrong prices {HOSTILE}").wait_for()
        page.get_by_text("The rollout is stopped: the agent answers nobody").wait_for()
        with open_ledger_of(loaded) as ledger:
            assert running_pilots(ledger) == {}
            last = share_changes(ledger, "june")[-1]
        assert (last.share, last.by, last.role, last.reason) == (
            0,
            "Ada Moreno",
            "support lead",
            f"wrong prices {HOSTILE}",
        )
        assert (seen.executed, seen.outside, seen.errors) == ([], [], [])
        context.close()


def test_a_share_that_may_not_be_set_says_every_reason(desk, browser):
    with serve(desk, gate=GATE, STUB_PAGES=PAGES) as base:
        page = browser.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{base}/sign-offs/pilot")
        page.get_by_label("Share in %").fill("90")
        page.get_by_role("textbox", name="Why").fill("more")
        page.get_by_role("button", name="Change the share …").click()
        page.get_by_role("button", name="Set 90 %").click()
        page.get_by_role("alert").get_by_text("0.9 lies outside the registered range of 0.1 to 0.2").wait_for()
        with open_ledger_of(load_desk(desk)) as ledger:
            assert [one.share for one in share_changes(ledger, "june")] == [0.2]
        page.close()
