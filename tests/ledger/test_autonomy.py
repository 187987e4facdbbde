from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from ledger.autonomy import (
    ACCEPTED,
    REJECTED,
    ScopeDecision,
    category_holds,
    decide_scope,
    restore_autonomy,
    restored_categories,
    scope_decisions,
    withdraw_autonomy,
    withdrawn_categories,
)
from ledger.erasure import erase_payload
from ledger.errors import ScopeError, SignOffError
from ledger.events import Event, EventType
from ledger.pilots import set_share, stop_category
from ledger.store import Ledger, open_ledger
from ledger.verification import verify
from tests.ledger.conftest import START

HOUR = timedelta(hours=1)
WHY = "40% (12 of 30, 24–58 %) are wrong"


def take(ledger: Ledger, category: str = "billing", hours: float = 0, **changes: Any) -> Event | None:
    fields = {"reason": WHY, "metric": "wrong_of_reviewed", "figures": {"low": 0.24}, **changes}
    return withdraw_autonomy(ledger, category, occurred_at=START + hours * HOUR, **fields)


def give(ledger: Ledger, category: str = "billing", hours: float = 5, **changes: Any) -> Event:
    fields: dict[str, Any] = {
        "by": "Ada Moreno", "role": "Support Lead", "known_roles": ["support lead"], "reason": "The entry was mended.", **changes,
    }  # fmt: skip
    return restore_autonomy(ledger, category, occurred_at=START + hours * HOUR, **fields)


def decide(ledger: Ledger, decision: str, reason: str = "", hours: float = 0, **changes: Any) -> Event:
    one = ScopeDecision(
        "a" * 16, "widen", "exports", decision, *(("automate", 2) if decision == ACCEPTED else (None, None))
    )
    fields: dict[str, Any] = {"by": "Ada Moreno", "role": "support lead", "known_roles": ["support lead"], **changes}
    return decide_scope(ledger, one, occurred_at=START + hours * HOUR, reason=reason, **fields)


def begin(ledger: Ledger, pilot: str = "spring", share: float = 0.2, hours: float = 0) -> None:
    set_share(
        ledger, pilot, share, plan_hash="b" * 64, by="Ada Moreno", role="support lead", occurred_at=START + hours * HOUR,
        known_roles=["support lead"], reason="as planned",
    )  # fmt: skip


def test_the_platform_withdraws_and_says_why(ledger: Ledger):
    take(ledger)
    one = withdrawn_categories(ledger)["billing"]
    assert (one.by, one.role, one.reason, one.metric) == ("Understudy", "platform", WHY, "wrong_of_reviewed")
    assert (one.occurred_at, one.figures) == (START, {"low": 0.24})
    assert category_holds(ledger, "spring") == {
        "billing": f"This category lost its autonomy on {START:%Y-%m-%d}: {WHY}."
    }
    assert verify(ledger).is_intact


def test_withdrawing_twice_is_once_and_the_first_reason_stands(ledger: Ledger):
    assert take(ledger) is not None
    assert take(ledger, reason="something else") is None
    assert withdrawn_categories(ledger)["billing"].reason == WHY
    assert len(list(ledger.events(event_types=[EventType.AUTONOMY_WITHDRAWN]))) == 1


def test_two_daemons_at_once_record_one_withdrawal(location: str):
    with open_ledger(location) as ledger, ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: take(ledger), range(8)))
        assert sum(one is not None for one in found) == 1
        assert len(list(ledger.events(event_types=[EventType.AUTONOMY_WITHDRAWN]))) == 1


def test_a_person_restores_and_only_once(ledger: Ledger):
    take(ledger)
    first = give(ledger)
    assert give(ledger, hours=6).sequence == first.sequence
    assert withdrawn_categories(ledger) == {}
    assert category_holds(ledger, "spring") == {}
    assert restored_categories(ledger)["billing"].reason == "The entry was mended."
    with pytest.raises(ScopeError, match="has not lost its autonomy"):
        give(ledger, by="Tomas Reyl")


def test_figures_from_before_a_restoration_take_nothing_back(ledger: Ledger):
    take(ledger)
    restored = give(ledger)
    assert take(ledger, hours=6, seen=0) is None
    assert withdrawn_categories(ledger) == {}
    assert take(ledger, hours=7, seen=restored.sequence) is not None
    assert list(withdrawn_categories(ledger)) == ["billing"]
    assert restored_categories(ledger) == {}


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"role": "visitor"}, SignOffError), ({"by": " "}, SignOffError), ({"reason": " "}, ScopeError)],
)
def test_a_restoration_needs_a_role_a_name_and_a_reason(ledger: Ledger, changes: dict[str, Any], error: type):
    take(ledger)
    with pytest.raises(error):
        give(ledger, **changes)
    assert list(withdrawn_categories(ledger)) == ["billing"]


def test_a_withdrawal_needs_a_reason_and_a_category(ledger: Ledger):
    with pytest.raises(ScopeError, match="A reason is needed"):
        take(ledger, reason="  ")
    with pytest.raises(SignOffError):
        take(ledger, category="no such thing")
    assert withdrawn_categories(ledger) == {}


def test_erased_words_leave_the_withdrawal_in_force(ledger: Ledger):
    event = take(ledger)
    assert event is not None
    assert event.payload_digest is not None
    erase_payload(ledger, event.payload_digest, by="Ines Falk", role="privacy officer", occurred_at=START)
    one = withdrawn_categories(ledger)["billing"]
    assert (one.reason, one.metric, one.figures) == (None, None, {})
    assert category_holds(ledger, "spring")["billing"].endswith(f"on {START:%Y-%m-%d}.")


def test_what_people_stopped_holds_in_its_pilot_and_a_withdrawal_in_all(ledger: Ledger):
    stop_category(
        ledger, "spring", "exports", by="Ada Moreno", role="support lead", occurred_at=START, known_roles=["support lead"],
        reason="wrong prices",
    )  # fmt: skip
    take(ledger)
    assert set(category_holds(ledger, "spring")) == {"exports", "billing"}
    assert "was stopped on" in category_holds(ledger, "spring")["exports"]
    assert set(category_holds(ledger, "autumn")) == {"billing"}


def test_what_joins_the_scope_waits_for_a_pilot_that_begins_later(ledger: Ledger):
    begin(ledger, "spring")
    decide(ledger, ACCEPTED, hours=1)
    assert "joined the scope" in category_holds(ledger, "spring")["exports"]
    assert category_holds(ledger, "autumn") == {}
    begin(ledger, "autumn", hours=2)
    assert category_holds(ledger, "autumn") == {}


def test_a_rejected_proposal_holds_nothing(ledger: Ledger):
    begin(ledger)
    decide(ledger, REJECTED, "Prices change in May.", hours=1)
    assert category_holds(ledger, "spring") == {}


def test_decisions_are_kept_with_their_reason(ledger: Ledger):
    decide(ledger, REJECTED, "Prices change in May.")
    (row,) = scope_decisions(ledger).to_dict("records")
    assert (row["decision"], row["reason"], row["decided_by"]) == ("rejected", "Prices change in May.", "Ada Moreno")
    decide(ledger, ACCEPTED, hours=1)
    (row,) = scope_decisions(ledger).to_dict("records")
    assert (row["decision"], row["to_bucket"], row["tier"], row["kind"]) == ("accepted", "automate", 2, "widen")


def test_deciding_twice_is_once_and_acceptance_is_not_rejected(ledger: Ledger):
    first = decide(ledger, ACCEPTED)
    assert decide(ledger, ACCEPTED, by="Tomas Reyl", hours=1).sequence == first.sequence
    with pytest.raises(ScopeError, match="was accepted before"):
        decide(ledger, REJECTED, "No.")
    assert len(scope_decisions(ledger)) == 1


def test_a_rejection_needs_a_reason_and_a_role(ledger: Ledger):
    with pytest.raises(ScopeError, match="A reason is needed"):
        decide(ledger, REJECTED, " ")
    with pytest.raises(SignOffError):
        decide(ledger, ACCEPTED, role="visitor")
    assert scope_decisions(ledger).empty
    assert str(scope_decisions(ledger)["decided_at"].dtype) == "datetime64[us, UTC]"
