"""The share and its stops from the console: by whom, in which role, and only over what was shown."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pandas as pd
import pytest

from desk.loading import load_desk
from ledger.pilots import ShareChangedError, category_stops, running_pilots, set_share, share_changes
from orchestration.lake import write_parquet
from orchestration.people.review_desk import open_ledger_of
from orchestration.pilots import PilotError
from service.console.sign_offs import share_steps
from service.console.sign_offs.category_stops import PATH, read_stops
from service.console.sign_offs.rollout import Rollout, read_rollout
from service.console.sign_offs.standing import role_now
from service.console.waiting import Desks, waiting_for
from service.identity.account import Account, NotAllowed, Role
from tests.orchestration.pilot_lakes import lake_of, ledger_of, make_ready, shares
from tests.service.browser import overflows, serve, watch

ADA = Account("a1", "ada", "Ada Moreno", frozenset({Role.APPROVER}), ("Support Lead",))
IVO = Account("a3", "ivo", "Ivo Lind", frozenset({Role.REVIEWER}), ("support lead",))
HEAD = {"role": "head of support", "reason": "As planned."}
LEAD = {"role": "support lead", "reason": "As planned."}


@pytest.fixture
def desk(tmp_path, monkeypatch):
    for name in ("UNDERSTUDY_HOME", "UNDERSTUDY_AS_OF", "UNDERSTUDY_DESK", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    return make_ready(tmp_path)


@pytest.fixture
def running(desk):
    share_steps.change_shown_share(desk, ADA, "first-pilot", 0.15, seen=0, **LEAD)
    return desk


def seen(folder):
    with ledger_of(folder) as ledger:
        return share_changes(ledger, "first-pilot")[-1].sequence


def verdict(folder, **by_group):
    rows = [{"pilot_id": "first-pilot", "group": group, "verdict": word} for group, word in by_group.items()]
    write_parquet(pd.DataFrame(rows), lake_of(folder).folder / "pilot_verdict.parquet")


def stops_of(folder):
    loaded = load_desk(folder)
    with open_ledger_of(loaded) as ledger:
        return read_stops(loaded, ledger, read_rollout(loaded, ledger))


def test_a_role_counts_only_while_it_is_the_accounts():
    known = ["support lead", "head of support"]
    assert role_now(ADA, "support lead", known) == "support lead"
    for account, role in ((ADA, "head of support"), (ADA, None), (IVO, "support lead")):
        with pytest.raises(NotAllowed):
            role_now(account, role, known)
    with pytest.raises(NotAllowed, match="signs in no role"):
        role_now(dataclasses.replace(ADA, signs_as=()), "support lead", known)


def test_who_does_not_sign_in_that_role_sets_and_stops_nothing(running):
    before = shares(running)
    for account, how in ((ADA, HEAD), (IVO, LEAD)):
        with pytest.raises(NotAllowed):
            share_steps.change_shown_share(running, account, "first-pilot", 0.1, seen=seen(running), **how)
        with pytest.raises(NotAllowed):
            share_steps.stop_everything(running, account, **how)
        with pytest.raises(NotAllowed):
            share_steps.stop_category(running, account, "login", **how)
    assert shares(running) == before
    assert stops_of(running).stopped == ()


def test_a_stop_that_came_after_the_page_is_not_undone_by_it(running):
    shown = seen(running)
    share_steps.stop_everything(running, ADA, role="support lead", reason="wrong prices")
    for share in (0.2, 0.1):
        with pytest.raises(ShareChangedError, match="stopped the rollout"):
            share_steps.change_shown_share(running, ADA, "first-pilot", share, seen=shown, **LEAD)
    with ledger_of(running) as ledger:
        assert running_pilots(ledger) == {}
    share_steps.change_shown_share(running, ADA, "first-pilot", 0.1, seen=seen(running), **LEAD)
    share_steps.change_shown_share(running, ADA, "first-pilot", 0.0, seen=shown, **LEAD)
    assert [one.share for one in shares(running)] == [0.15, 0, 0.1, 0]


def test_a_share_is_not_set_for_a_pilot_that_was_not_shown(running):
    with pytest.raises(PilotError, match="not the plan of “another” any more"):
        share_steps.change_shown_share(running, ADA, "another", 0.1, seen=0, **LEAD)


def test_the_ledger_itself_refuses_a_share_over_one_that_was_not_seen(tmp_path):
    lake_of(tmp_path)
    words = {"plan_hash": "a" * 64, "by": "Ada Moreno", "role": "support lead", "known_roles": ["support lead"],
             "occurred_at": dt.datetime(2026, 6, 22, tzinfo=dt.UTC), "reason": "As planned."}  # fmt: skip
    with ledger_of(tmp_path) as ledger:
        first = set_share(ledger, "june", 0.1, seen=0, **words)
        set_share(ledger, "july", 0.1, seen=0, **words)
        with pytest.raises(ShareChangedError):
            set_share(ledger, "june", 0.2, seen=0, **words)
        set_share(ledger, "june", 0.2, seen=first.sequence, **words)
        assert [one.share for one in share_changes(ledger, "june")] == [0.1, 0.2]


def test_one_category_is_offered_until_it_is_stopped(running):
    assert stops_of(running).choices == {"export": "Export", "login": "Login"}
    share_steps.stop_category(running, ADA, "login", role="support lead", reason="wrong prices")
    found = stops_of(running)
    assert found.choices == {"export": "Export"}
    assert [(one.category_id, one.by, one.role, one.reason) for one in found.stopped] == [
        ("login", "Ada Moreno", "support lead", "wrong prices")
    ]
    with ledger_of(running) as ledger:
        assert running_pilots(ledger)


def test_what_the_verdict_takes_back_is_said_until_it_is_stopped(running):
    verdict(running, **{"over all": "hold", "login": "roll_back", "export": "hold", "billing": "roll_back"})
    assert stops_of(running).taken_back == ("Billing", "Login")
    assert "billing" in stops_of(running).choices, "no longer automated by the file, and answered by the release"
    for category in ("login", "billing"):
        share_steps.stop_category(running, ADA, category, role="support lead", reason="the verdict")
    assert stops_of(running).taken_back == ()
    verdict(running, **{"over all": "roll_back", "export": "roll_back"})
    assert stops_of(running).taken_back == ("everything",)
    share_steps.stop_everything(running, ADA, role="support lead", reason="the verdict")
    assert stops_of(running).taken_back == ()


def test_home_says_it_first_to_who_can_act():
    desk = Desks(subjects=(), rollout=Rollout({"june": 0.2}), taken_back=("Login",), count_untagged=3)
    ada = dataclasses.replace(ADA, roles=frozenset(Role))
    first = waiting_for(ada, desk)[0]
    assert (first.words, first.path, first.is_urgent) == (
        "The verdict takes Login back, and the agent still answers it", PATH, True,
    )  # fmt: skip
    assert [one.path for one in waiting_for(IVO, desk)] == ["/answers"]
    said = "The verdict takes everything back, and the agent still answers customers"
    assert waiting_for(ada, dataclasses.replace(desk, taken_back=("everything",)))[0].words == said


def test_a_category_is_stopped_on_the_page_of_the_plan(running, browser):
    verdict(running, **{"over all": "hold", "login": "roll_back"})
    with serve(running, gate="tests.service.stub_gate:create_app",
               STUB_PAGES="service.console.home,service.console.sign_offs") as base:  # fmt: skip
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.set_default_timeout(60_000)
        spy = watch(page, base)
        page.goto(base)
        page.get_by_text("The verdict takes Login back, and the agent still answers it").first.wait_for()
        page.get_by_role("link", name="Stop it").click()
        page.get_by_role("button", name="Stop a category …").click()
        page.get_by_role("button", name="Stop this category").click()
        page.get_by_text("Choose a category.").wait_for()
        page.get_by_label("Category", exact=True).click()
        page.get_by_role("option", name="Login").click()
        page.get_by_role("dialog").get_by_role("textbox", name="Why").fill("wrong <b>prices</b>")
        page.get_by_role("button", name="Stop this category").click()
        page.get_by_role("region", name="Stopped categories").get_by_text("wrong <b>prices</b>").wait_for()
        assert page.get_by_text("The verdict takes").count() == 0
        page.goto(f"{base}/sign-offs/release/nope")
        page.get_by_role("alert").get_by_text("there is no release 'nope'").wait_for()
        assert page.get_by_text("there is no release").count() == 1, "said once, where it stays"
        assert overflows(page) <= 0
        assert (spy.executed, spy.outside, spy.errors) == ([], [], [])
        page.close()
    with ledger_of(running) as ledger:
        assert list(category_stops(ledger, "first-pilot")) == ["login"]
