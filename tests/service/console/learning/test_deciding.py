"""A person's word on the audit and the scope is about what they were shown: what changed meanwhile is refused in words."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
from pathlib import Path

import pytest

from assets.sustain_learning import frames
from desk.loading import load_desk
from ledger.audits import closed_items
from ledger.autonomy import scope_decisions, withdrawn_categories
from ledger.errors import LedgerError
from orchestration.people.knowledge_desk import Reviewer
from service.console.learning.auditing import ItemsChanged, confirm_shown, ordered, quiet, read_audit, shares
from service.console.learning.scoping import ScopeChanged, accept_shown, read_scope, reject_shown, restore_shown
from tests.orchestration.pilot_lakes import ledger_of
from tests.service.console.learning.learning_desk import BILLING, LATE, proposal, publish

AT = dt.datetime(2026, 9, 2, 9, tzinfo=dt.UTC)
LEAD = Reviewer("Mira Okafor", "support lead", AT)


@pytest.fixture
def desk(made, tmp_path, monkeypatch):
    for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("UNDERSTUDY_AS_OF", LATE)
    return load_desk(Path(shutil.copytree(made, tmp_path / "desk")))


def shown_by(desk):
    return {str(one.row["subject_id"]): one for one in read_audit(desk, "", None).work.items}


def test_what_is_overdue_is_first_and_owners_with_most_of_it(desk):
    items = read_audit(desk, "2026-Q9", None).work.items
    assert ordered(items)[0].is_overdue
    assert [int(one.row["rank"]) for one in ordered(items)] == sorted(int(one.row["rank"]) for one in items)
    by_owner = shares(items)
    assert by_owner[0].owner == "Ada Moreno"
    assert sum(one.count_overdue for one in by_owner) == len(items)
    assert {one.row["subject_id"] for one in quiet(items)} == {"share", "pay"}


def test_items_are_confirmed_as_they_were_shown(desk):
    shown = shown_by(desk)
    said = confirm_shown(desk, [shown["share"], shown["pay"]], LEAD)
    assert said[-1] == "Mira Okafor confirmed 2 items of the audit of 2026-Q3 as support lead."
    with pytest.raises(ItemsChanged, match=r"is done meanwhile: (confirmed|accepted anew) by Mira Okafor"):
        confirm_shown(desk, [shown["pay"]], LEAD)
    with ledger_of(desk.folder) as ledger:
        assert len(closed_items(ledger)) == 2


def test_an_entry_that_was_edited_meanwhile_is_not_confirmed(desk):
    shown = shown_by(desk)
    file = desk.folder / "knowledge" / "share.md"
    file.write_text(file.read_text().replace("Then wait.", "Then go."))
    with pytest.raises(ItemsChanged, match="says something else than you were shown"):
        confirm_shown(desk, [shown["share"], shown["pay"]], LEAD)
    with pytest.raises(LedgerError):
        confirm_shown(desk, [shown["pay"]], dataclasses.replace(LEAD, role="visitor"))
    with ledger_of(desk.folder) as ledger:
        assert closed_items(ledger).empty


def read(desk):
    with ledger_of(desk.folder) as ledger:
        return read_scope(desk, ledger)


def test_a_proposal_is_decided_once_and_as_it_was_shown(desk):
    [shown] = read(desk).proposals
    accepted = accept_shown(desk, shown, LEAD)
    assert "joins the scope" in accepted[0]
    with pytest.raises(ScopeChanged, match="is accepted meanwhile by Mira Okafor"):
        reject_shown(desk, shown, LEAD, "Not now.")
    with ledger_of(desk.folder) as ledger:
        assert scope_decisions(ledger)[["proposal_id", "decision"]].values.tolist() == [[BILLING, "accepted"]]


def test_a_proposal_that_rests_on_something_else_now_is_refused(desk):
    [shown] = read(desk).proposals
    publish(desk.folder, "scope_proposals", frames.SCOPE, [proposal(sentence="Half of it is wrong.")])
    with pytest.raises(ScopeChanged, match="has changed meanwhile"):
        accept_shown(desk, shown, LEAD)
    assert "automate" not in (desk.folder / "categories.yaml").read_text().split("billing")[1]


def test_autonomy_is_given_back_once(desk):
    [lost] = read(desk).lost
    with ledger_of(desk.folder) as ledger:
        restore_shown(desk, ledger, lost, LEAD, "The entry was mended.")
        assert withdrawn_categories(ledger) == {}
        with pytest.raises(ScopeChanged, match="gave this category its autonomy back meanwhile"):
            restore_shown(desk, ledger, lost, LEAD, "Again.")
    [restored] = read(desk).restored
    assert (restored.by, restored.reason) == ("Mira Okafor", "The entry was mended.")
