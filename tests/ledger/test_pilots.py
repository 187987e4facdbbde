from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ledger.erasure import erase_actor, erase_payload
from ledger.errors import InvalidEventError, SignOffError
from ledger.events import Event, EventType
from ledger.pilots import (
    category_stops,
    current_share,
    running_pilots,
    set_share,
    share_at,
    share_changes,
    stop_category,
)
from ledger.store import Ledger
from ledger.verification import verify
from tests.ledger.conftest import START

PLAN, OTHER = "a" * 64, "b" * 64
PRIVACY: dict[str, Any] = {"by": "Ines Falk", "role": "privacy officer", "occurred_at": START}
HOUR = timedelta(hours=1)


def put(ledger: Ledger, share: float, hours: float = 0, pilot_id: str = "spring", **changes: Any) -> Event:
    fields: dict[str, Any] = {
        "plan_hash": PLAN, "by": "Ada Moreno", "role": "Support Lead", "occurred_at": START + hours * HOUR,
        "known_roles": ["support lead", "head of support"], "reason": " As planned. ", **changes,
    }  # fmt: skip
    return set_share(ledger, pilot_id, share, **fields)


def shares(ledger: Ledger, pilot_id: str = "spring") -> list[float]:
    return [one.share for one in share_changes(ledger, pilot_id)]


def test_nothing_was_ever_set(ledger: Ledger):
    assert share_changes(ledger, "spring") == []
    assert current_share(ledger, "spring") is None
    assert running_pilots(ledger) == {}
    assert share_at([], START) is None


def test_a_share_is_an_event_with_who_why_and_under_which_plan(ledger: Ledger):
    event = put(ledger, 0.15)
    assert (event.event_type, event.subject_kind) == (EventType.ROLLOUT_SHARE_SET, "pilot")
    assert not any(word in str(event) for word in ("planned", "Moreno"))
    (one,) = share_changes(ledger, "spring")
    assert (one.pilot_id, one.share, one.plan_hash, one.occurred_at) == ("spring", 0.15, PLAN, START)
    assert (one.by, one.role, one.reason, one.sequence) == ("Ada Moreno", "support lead", "As planned.", 1)
    assert verify(ledger).is_intact


def test_the_share_of_a_moment_is_the_last_one_set_for_it(ledger: Ledger):
    for share, hours in ((0.1, 0), (0.2, 5), (0, 9), (0.12, 12)):
        put(ledger, share, hours)
    changes = share_changes(ledger, "spring")
    in_force = {hours: share_at(changes, START + hours * HOUR) for hours in (-1, 0, 4.9, 5, 8, 9, 11, 12, 99)}
    assert in_force == {-1: None, 0: 0.1, 4.9: 0.1, 5: 0.2, 8: 0.2, 9: 0, 11: 0, 12: 0.12, 99: 0.12}
    assert current_share(ledger, "spring") == 0.12


def test_a_stop_holds_although_a_clock_that_ran_ahead_dated_the_share_before_it_later(ledger: Ledger):
    put(ledger, 0.15, hours=2)
    put(ledger, 0, hours=1)
    changes = share_changes(ledger, "spring")
    assert current_share(ledger, "spring") == 0
    assert running_pilots(ledger) == {}
    # Before the share's own time nothing has begun, and what ended before it began was never there.
    assert share_at(changes, START + 1.5 * HOUR) is None
    assert [share_at(changes, START + hours * HOUR) for hours in (2, 3, 99)] == [0, 0, 0]


def test_stopping_what_has_not_begun_leaves_the_shadow_weeks_as_they_are(ledger: Ledger):
    put(ledger, 0)
    assert share_at(share_changes(ledger, "spring"), START + HOUR) is None
    put(ledger, 0.1, hours=2)
    assert share_at(share_changes(ledger, "spring"), START + 2 * HOUR) == 0.1
    put(ledger, 0, hours=3)
    assert share_at(share_changes(ledger, "spring"), START + 3 * HOUR) == 0


def test_pilots_do_not_mix_not_even_those_whose_names_begin_alike(ledger: Ledger):
    put(ledger, 0.1)
    put(ledger, 0.2, pilot_id="spring-2")
    put(ledger, 0, pilot_id="spring-3")
    put(ledger, 0.15, 1, plan_hash=OTHER, pilot_id="autumn")
    assert (shares(ledger), shares(ledger, "spring-2"), shares(ledger, "spring-9")) == ([0.1], [0.2], [])
    assert running_pilots(ledger) == {"spring": PLAN, "spring-2": PLAN, "autumn": OTHER}
    put(ledger, 0, 2)
    assert set(running_pilots(ledger)) == {"spring-2", "autumn"}


def test_the_longest_id_a_plan_may_have_fits(ledger: Ledger):
    put(ledger, 1, pilot_id="x" * 50)
    assert shares(ledger, "x" * 50) == [1.0]


def test_erased_words_leave_share_and_plan(ledger: Ledger):
    event = put(ledger, 0.15)
    assert event.payload_digest is not None
    erase_payload(ledger, event.payload_digest, **PRIVACY)
    erase_actor(ledger, "Ada Moreno", **PRIVACY)
    (one,) = share_changes(ledger, "spring")
    assert (one.by, one.reason) == (None, None)
    assert (one.share, one.plan_hash, one.role) == (0.15, PLAN, "support lead")
    assert running_pilots(ledger) == {"spring": PLAN}
    assert verify(ledger).is_intact


@pytest.mark.parametrize(
    ("share", "changes", "says"),
    [
        (1.5, {}, "A share of 150 % is not possible"),
        (-0.1, {}, "A share of -10 % is not possible"),
        (float("nan"), {}, "is not possible"),
        (0.1, {"role": "intern"}, "intern"),
        (0.1, {"by": " "}, "A name is needed"),
        (0.1, {"reason": "  "}, "A reason is needed"),
    ],
)
def test_what_must_not_be_recorded_is_one_error_and_no_event(ledger: Ledger, share, changes, says):
    with pytest.raises(SignOffError, match=r"Nothing was recorded|not a role") as caught:
        put(ledger, share, **changes)
    assert says in str(caught.value)
    assert not list(ledger.events())


def test_a_time_without_a_zone_is_refused(ledger: Ledger):
    with pytest.raises((SignOffError, InvalidEventError), match="time zone"):
        put(ledger, 0.1, occurred_at=START.replace(tzinfo=None))
    assert not list(ledger.events())


def stop(ledger: Ledger, category: str, hours: float = 0, pilot_id: str = "spring", **changes: Any) -> Event:
    fields: dict[str, Any] = {
        "by": "Ada Moreno", "role": "Support Lead", "occurred_at": START + hours * HOUR,
        "known_roles": ["support lead"], "reason": " Wrong prices. ", **changes,
    }  # fmt: skip
    return stop_category(ledger, pilot_id, category, **fields)


def test_a_category_is_stopped_once_in_one_pilot_and_the_shares_stay(ledger: Ledger):
    put(ledger, 0.15)
    assert category_stops(ledger, "spring") == {}
    stop(ledger, "billing", 1)
    stop(ledger, "billing", 2)
    stop(ledger, "login", 3, pilot_id="autumn")
    (one,) = category_stops(ledger, "spring").values()
    assert (one.category_id, one.occurred_at, one.by, one.reason) == (
        "billing", START + HOUR, "Ada Moreno", "Wrong prices.",
    )  # fmt: skip
    assert shares(ledger) == [0.15]


@pytest.mark.parametrize("changes", [{"reason": " "}, {"role": "agent"}, {"by": ""}])
def test_a_stop_that_nobody_may_make_is_no_event(ledger: Ledger, changes):
    with pytest.raises(SignOffError):
        stop(ledger, "billing", **changes)
    assert category_stops(ledger, "spring") == {}
