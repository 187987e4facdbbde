"""The traffic of the sample desk's simulated pilot: which tickets come in which week, and what is true of each.

Belongs here: volumes, the cases of a week, the truth by ticket. Does not belong here: how a ticket goes on
(``simulated_pilot_stories``), files (``simulated_pilot``). No asset may import this.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from desk.loading import Desk, load_pilot
from desk.pilot import PilotFile
from examples.brindlebase.source.pilot import (
    BAD,
    GOOD,
    SEED,
    TOO_SMALL,
    PilotCase,
    helpdesk_ticket_id,
    pilot_cases,
    pilot_texts,
)
from examples.simulated_pilot_stories import STILL_NOT

SHADOW_WEEK = {GOOD: 30, BAD: 30, TOO_SMALL: 3}
ROLLOUT_WEEK = {GOOD: 320, BAD: 345, TOO_SMALL: 3}
"""New tickets a week. The good and the bad category are made far busier in the rollout than history knows them, so that
two weeks decide them; the small one stays as it was."""
OTHERS_WEEK = 50
"""All other categories together, about as many as in history."""
WEEKS_AFTER = 1
"""Weeks that are there after the pilot, as busy as those of shadow: what waits for people when the demo has ended."""
FOLLOW_UPS = 100_000
"""What is added to a ticket's number for the new ticket of a customer who comes back."""


class NoPilot(ValueError):
    """The desk has no pilot to simulate."""


def plan_of(desk: Desk) -> PilotFile:
    """The plan whose weeks are played.

    Raises:
        NoPilot: the desk has none.
    """
    plan = load_pilot(desk.folder)
    if plan is None:
        raise NoPilot(f"{desk.folder} has no pilot.yaml; copy the one of examples/brindlebase beside desk.yaml")
    return plan


def weeks_after(desk: Desk) -> range:
    """The weeks that come after the pilot's own."""
    own = weeks_of(desk)
    return range(own.stop, own.stop + WEEKS_AFTER)


def weeks_of(desk: Desk) -> range:
    """All weeks of the pilot, from 0: shadow first."""
    plan = plan_of(desk)
    return range(plan.shadow_weeks + plan.rollout_weeks)


def cases_of(desk: Desk, weeks: range) -> list[PilotCase]:
    """The tickets of these weeks, made anew and untouched, in order of time."""
    plan = plan_of(desk)
    parts = [
        (plan.start.isoformat(), plan.shadow_weeks, _counts(SHADOW_WEEK, plan.shadow_weeks)),
        (plan.rollout_start.isoformat(), plan.rollout_weeks, _counts(ROLLOUT_WEEK, plan.rollout_weeks)),
        (_after(plan).isoformat(), WEEKS_AFTER, _counts(SHADOW_WEEK, WEEKS_AFTER)),
    ]
    first = _epoch(plan)
    return [one for one in pilot_cases(SEED, parts) if (one.ticket.created - first) // (7 * 24 * 3600) in weeks]


def follow_up(case: PilotCase, at: int) -> PilotCase:
    """The new ticket in which a customer who was not helped asks the same again at ``at`` (epoch seconds)."""
    old = case.ticket
    ticket = replace(
        old, number=old.number + FOLLOW_UPS, created=at, messages=[], statuses=[(at, "open")], csat=None,
        handle_minutes=None,
    )  # fmt: skip
    rng = random.Random(f"{SEED}/follow-up/{case.number}")
    thread = type(case.thread)(rng, ticket, case.category, case.thread.common, {})
    thread.add("requester", f"{STILL_NOT[old.language]} {old.messages[0].text}")
    reaction = {**case.truth["reaction"], "returns_in_days_if_right": None, "returns_in_days_if_wrong": None}
    truth = {**case.truth, "ticket_id": f"pilot-{ticket.number:06d}", "reaction": reaction}
    return PilotCase(ticket.number, ticket, case.category, thread, truth)


def pilot_truths(desk: Desk) -> dict[str, Mapping[str, Any]]:
    """The truth by the platform's ticket id; a customer who comes back asks what he asked before."""
    found: dict[str, Mapping[str, Any]] = {}
    for case in cases_of(desk, weeks_of(desk)):
        found[helpdesk_ticket_id(case.ticket)] = case.truth
        found[helpdesk_ticket_id(replace(case.ticket, number=case.number + FOLLOW_UPS))] = case.truth
    return found


def _counts(busy: Mapping[str, int], weeks: int) -> dict[str, int]:
    weights = {one.id: one.raw["weight"] for one in pilot_texts()[0].values() if one.id not in busy}
    others = {name: round(weight / sum(weights.values()) * OTHERS_WEEK * weeks) for name, weight in weights.items()}
    return others | {name: count * weeks for name, count in busy.items()}


def _after(plan: PilotFile) -> dt.date:
    return plan.rollout_start + dt.timedelta(weeks=plan.rollout_weeks)


def _epoch(plan: PilotFile) -> int:
    return int(dt.datetime.combine(plan.start, dt.time(), dt.UTC).timestamp())
