from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assets.pilot_agent.assignment.assign_rollout import rollout_points
from assets.pilot_agent.live.private_words import pseudonym
from desk.loading import load_desk, load_pilot
from desk.pilot import PilotFile, pilot_content, pilot_hash
from ledger.autonomy import ACCEPTED, ScopeDecision, decide_scope, restore_autonomy, withdraw_autonomy
from ledger.live import record_decision
from ledger.pilots import set_share, stop_category
from ledger.sign_offs import record_sign_off, withdraw_sign_off
from ledger.store import Ledger, open_ledger
from service.api.recording import DecisionRecord
from service.api.sending import Ruling, Sending
from tests.desks import copy_sample_desk

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
SIGNERS = (("Ada Moreno", "support lead"), ("Tomas Reyl", "head of support"))
ANSWER = {"bucket": "automate", "category_id": "password_reset", "action": "answer"}
PLAN = """
pilot_id: summer
start: 2026-06-08
rollout_share: 20 %
primary:
- {metric: resolution_rate, kind: assumed, against: limit, limit: 50 %}
- {metric: missed_escalation_rate, against: limit, limit: 5 %}
categories: {ids: [password_reset, invoice_copy]}
"""


class Rollout:
    """A desk with a plan, and what people do to it."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self.folder, self.ledger = folder, ledger
        self.sending = Sending(folder, ledger, lambda: NOW)

    @property
    def plan(self) -> PilotFile:
        plan = load_pilot(self.folder)
        assert plan is not None
        return plan

    def write(self, text: str) -> None:
        (self.folder / "pilot.yaml").write_text(text)

    def sign(self) -> None:
        for by, role in SIGNERS:
            record_sign_off(
                self.ledger, "pilot", pilot_hash(self.plan), by=by, role=role, occurred_at=NOW - timedelta(days=9),
                known_roles=[one for _, one in SIGNERS], content=pilot_content(self.plan),
            )  # fmt: skip

    def share(self, share: float, hours: float = -1) -> None:
        set_share(
            self.ledger, "summer", share, plan_hash=pilot_hash(self.plan), by="Ada Moreno", role="support lead",
            occurred_at=NOW + timedelta(hours=hours), known_roles=["support lead"], reason="as planned",
        )  # fmt: skip

    def mode(self, requester: str | None, said: tuple[str, ...] = (), **decision: Any) -> tuple[str, bool]:
        return self.ruling(requester, said, **decision)[:2]

    def ruling(self, requester: str | None, said: tuple[str, ...] = (), **decision: Any) -> Ruling:
        return self.sending.mode({**ANSWER, **decision}, requester, [{"author": one, "text": "x"} for one in said])

    def someone(self, *, below: float | None = None, above: float | None = None) -> str:
        """A requester whose point lies there."""
        desk_id = load_desk(self.folder).settings.desk_id
        for number in range(10_000):
            address = f"customer{number}@example.com"
            point = rollout_points([pseudonym(desk_id, address)], "summer")[0]
            if (below is None or point < below) and (above is None or point > above):
                return address
        raise AssertionError("nobody lies there")


@pytest.fixture
def rollout(tmp_path: Path) -> Iterator[Rollout]:
    folder = copy_sample_desk(tmp_path, exports="nothing")
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        made = Rollout(folder, ledger)
        made.write(PLAN)
        made.sign()
        yield made


def test_without_a_plan_everything_waits_for_a_person(rollout: Rollout):
    (rollout.folder / "pilot.yaml").unlink()
    assert rollout.mode("lena@example.com") == ("shadow", False)


def test_before_the_rollout_everything_waits_for_a_person(rollout: Rollout):
    assert rollout.mode("lena@example.com") == ("shadow", False)


def test_in_the_rollout_the_draw_decides(rollout: Rollout):
    rollout.share(0.2)
    drawn, left = rollout.someone(below=0.2), rollout.someone(above=0.2)
    assert rollout.mode(drawn) == ("rollout", True)
    assert rollout.mode(drawn.upper()) == ("rollout", True)
    assert rollout.mode(drawn, action="ask") == ("rollout", True)
    assert rollout.mode(left) == ("control", False)


@pytest.mark.parametrize("action", ["draft", "escalate"])
def test_what_a_person_must_do_is_never_sent(rollout: Rollout, action: str):
    rollout.share(1.0)
    assert rollout.mode("lena@example.com", action=action) == ("rollout", False)


@pytest.mark.parametrize(
    "changes", [{"bucket": "hybrid"}, {"bucket": "escalate"}, {"bucket": None, "category_id": None},
                {"category_id": "mobile_sync"}],
)  # fmt: skip
def test_outside_the_plan_a_person_approves(rollout: Rollout, changes: dict[str, Any]):
    rollout.share(1.0)
    assert rollout.mode("lena@example.com", **changes) == ("shadow", False)


@pytest.mark.parametrize("requester", [None, "", "  "])
def test_nobody_known_is_never_drawn(rollout: Rollout, requester: str | None):
    rollout.share(1.0)
    assert rollout.mode(requester) == ("control", False)


def test_where_a_person_has_answered_a_person_goes_on(rollout: Rollout):
    rollout.share(1.0)
    assert rollout.mode("lena@example.com", said=("customer", "ai_agent")) == ("rollout", True)
    assert rollout.mode("lena@example.com", said=("customer", "agent", "customer")) == ("shadow", False)


def test_a_stop_counts_for_the_very_next_decision(rollout: Rollout):
    rollout.share(1.0)
    assert rollout.mode("lena@example.com") == ("rollout", True)
    rollout.share(0.0)
    assert rollout.mode("lena@example.com") == ("control", False)
    rollout.share(1.0)
    assert rollout.mode("lena@example.com") == ("rollout", True)


def test_a_stop_by_a_clock_that_runs_ahead_counts_at_once_and_a_share_does_not(rollout: Rollout):
    rollout.share(1.0, hours=2)
    assert rollout.mode("lena@example.com") == ("shadow", False)
    rollout.share(1.0)
    rollout.share(0.0, hours=2)
    assert rollout.mode("lena@example.com") == ("control", False)


def test_a_stopped_category_waits_for_a_person_and_the_others_go_on(rollout: Rollout):
    rollout.share(1.0)
    stop_category(
        rollout.ledger, "summer", "password_reset", by="Ada Moreno", role="support lead", occurred_at=NOW,
        known_roles=["support lead"], reason="wrong answers",
    )  # fmt: skip
    assert rollout.mode("lena@example.com") == ("shadow", False)
    assert rollout.mode("lena@example.com", category_id="invoice_copy") == ("rollout", True)


def test_a_category_without_its_autonomy_waits_at_once_and_says_why_until_it_is_restored(rollout: Rollout):
    rollout.share(1.0)
    assert rollout.ruling("lena@example.com") == ("rollout", True, None)
    withdraw_autonomy(
        rollout.ledger, "password_reset", reason="40% are wrong", metric="wrong_of_reviewed", occurred_at=NOW
    )
    ruling = rollout.ruling("lena@example.com")
    assert ruling == ("shadow", False, "This category lost its autonomy on 2026-07-01: 40% are wrong.")
    assert rollout.ruling("lena@example.com", category_id="invoice_copy") == ("rollout", True, None)
    restore_autonomy(
        rollout.ledger, "password_reset", by="Ada Moreno", role="support lead", occurred_at=NOW,
        known_roles=["support lead"], reason="mended",
    )  # fmt: skip
    assert rollout.ruling("lena@example.com") == ("rollout", True, None)


def test_the_other_arm_of_a_category_without_its_autonomy_stays_comparable(rollout: Rollout):
    rollout.share(0.2)
    withdraw_autonomy(
        rollout.ledger, "password_reset", reason="40% are wrong", metric="wrong_of_reviewed", occurred_at=NOW
    )
    assert rollout.ruling(rollout.someone(above=0.2)) == ("control", False, None)


def test_what_joins_the_scope_during_a_rollout_waits_for_a_pilot_of_its_own(rollout: Rollout):
    rollout.write(PLAN.replace("categories: {ids: [password_reset, invoice_copy]}", ""))
    rollout.sign()
    rollout.share(1.0)
    assert rollout.mode("lena@example.com", category_id="export_data") == ("rollout", True)
    decide_scope(
        rollout.ledger, ScopeDecision("a" * 16, "widen", "export_data", ACCEPTED, "automate", 2), by="Ada Moreno",
        role="support lead", occurred_at=NOW, known_roles=["support lead"], reason="",
    )  # fmt: skip
    ruling = rollout.ruling("lena@example.com", category_id="export_data")
    assert ruling[:2] == ("shadow", False)
    assert "joined the scope" in str(ruling.why)


@pytest.mark.parametrize("text", [PLAN.replace("20 %", "21 %"), PLAN + "salt: another\n", "pilot_id: [broken"])
def test_a_plan_that_is_not_the_registered_one_sends_nothing(rollout: Rollout, text: str):
    rollout.share(1.0)
    assert rollout.mode("lena@example.com") == ("rollout", True)
    rollout.write(text)
    assert rollout.mode("lena@example.com") == ("shadow", False)
    rollout.write(PLAN)
    assert rollout.mode("lena@example.com") == ("rollout", True)


def test_a_signature_taken_back_sends_nothing(rollout: Rollout):
    rollout.share(1.0)
    assert rollout.mode("lena@example.com") == ("rollout", True)
    withdraw_sign_off(
        rollout.ledger, "pilot", pilot_hash(rollout.plan), by="Ada Moreno", role="support lead", occurred_at=NOW,
    )  # fmt: skip
    assert rollout.mode("lena@example.com") == ("shadow", False)


def test_the_share_of_another_pilot_is_not_ours(rollout: Rollout):
    set_share(
        rollout.ledger, "spring", 1.0, plan_hash="a" * 64, by="Ada Moreno", role="support lead", occurred_at=NOW,
        known_roles=["support lead"], reason="as planned",
    )  # fmt: skip
    assert rollout.mode("lena@example.com") == ("shadow", False)


def test_the_plans_file_put_away_by_force_sends_nothing(rollout: Rollout):
    rollout.share(1.0)
    assert rollout.mode("lena@example.com") == ("rollout", True)
    shutil.move(rollout.folder / "pilot.yaml", rollout.folder / "elsewhere.yaml")
    assert rollout.mode("lena@example.com") == ("shadow", False)


def test_the_desks_own_files_are_seen_to_change(rollout: Rollout):
    rollout.share(1.0)
    file = rollout.folder / "desk.yaml"
    before = file.read_text()
    file.write_text(before + "nonsense: true\n")
    assert rollout.mode("lena@example.com") == ("shadow", False)
    file.write_text(before)
    assert rollout.mode("lena@example.com") == ("rollout", True)


def test_what_was_to_be_sent_and_was_stopped_is_not_sent_by_asking_again(rollout: Rollout):
    rollout.share(1.0)
    decision_id, request = "a" * 32, {"message": "x", "requester_id": "lena@example.com", "conversation": []}
    record_decision(
        rollout.ledger, decision_id, request=request, decision={**ANSWER, "release_id": "f" * 64}, mode="rollout", sends=True,
        by="shop widget", role="api client", occurred_at=NOW,
    )  # fmt: skip
    record = DecisionRecord(rollout.ledger, rollout.sending, lambda: NOW)

    def again() -> tuple[str, bool]:
        found = record.earlier(decision_id, request)
        assert found is not None
        assert found.is_replay
        return found.words["mode"], found.words["sends"]

    assert again() == ("rollout", True)
    rollout.share(0.0)
    assert again() == ("control", False)
    rollout.share(1.0)
    assert again() == ("rollout", True)


def test_asking_again_for_a_category_without_its_autonomy_says_why_nothing_is_sent(rollout: Rollout):
    rollout.share(1.0)
    request = {"message": "x", "requester_id": "lena@example.com", "conversation": []}
    record_decision(
        rollout.ledger, "a" * 32, request=request, decision={**ANSWER, "reasons": [], "release_id": "f" * 64},
        mode="rollout", sends=True, by="shop widget", role="api client", occurred_at=NOW,
    )  # fmt: skip
    withdraw_autonomy(
        rollout.ledger, "password_reset", reason="40% are wrong", metric="wrong_of_reviewed", occurred_at=NOW
    )
    found = DecisionRecord(rollout.ledger, rollout.sending, lambda: NOW).earlier("a" * 32, request)
    assert found is not None
    assert (found.words["mode"], found.words["sends"]) == ("shadow", False)
    (reason,) = found.words["decision"]["reasons"]
    assert (reason["step"], "lost its autonomy" in reason["sentence"]) == ("autonomy", True)
