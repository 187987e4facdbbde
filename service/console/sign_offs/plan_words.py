"""A pilot's plan and its changes as sentences for the people who sign it.

Belongs here: words made from ``pilot.yaml``. Does not belong here: what the volume can show (``pilot_planning``), the
verdict (``assets.pilot_agent``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from desk.pilot import PilotFile
from desk.pilot_blocks import Target
from service.console.sign_offs.standing import listed

METRICS = {
    "resolution_rate": "resolved tickets",
    "false_resolution_rate": "customers who came back with the same within a week",
    "missed_escalation_rate": "tickets that should have gone to a person and did not",
    "escalation_rate": "tickets handed to a person",
    "csat": "satisfied customers among those who rated",
    "answer_quality": "answers that reviewers called correct",
    "answer_incorrect_rate": "answers that reviewers called incorrect",
    "handle_time": "minutes people spend on a ticket",
}
HARMS = {
    "answer_incorrect_rate": "incorrect answers",
    "missed_escalation_rate": "missed handovers to a person",
    "false_resolution_rate": "customers who come back with the same",
}
KINDS = {
    "assumed": "resolved means that the customer did not come back",
    "verified": "resolved means that a reviewer called the answer correct",
    "confirmed": "resolved means that the customer said so",
}
SHARES = ("share", "margin", "limit", "low", "high", "expected", "alpha", "power")
"""Ends of the paths whose values are shares."""
_PLACE = re.compile(r"^(primary|baselines|safety\.rules)\[(\d+)\]\.?(.*)$")


def condition_in_words(target: Target) -> str:
    """What must hold of one metric."""
    name, more = METRICS.get(target.metric, target.metric), target.higher_is_better
    if target.against == "limit":
        bound = f"at {'least' if more else 'most'} {percent(target.limit or 0)}"
        return f"{_first(name)}: {bound}"
    against = "where people answer" if target.against == "control" else "people's past figure"
    return f"{_first(name)}: at most {points(target.margin or 0)} {'below' if more else 'above'} {against}"


def where_in_words(target: Target) -> str:
    """Where a condition must hold."""
    return "in each category" if target.tested_at == "category" else "over all categories together"


def facts(pilot: PilotFile, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What the plan registers besides its conditions, as pairs of heading and words."""
    low, high = pilot.share_range.low, pilot.share_range.high
    sample = pilot.minimum_sample
    looks = listed([str(one) for one in pilot.look_weeks])
    scope = [names.get(one, one) for one in pilot.categories.ids]
    rows = [
        ("Shadow", f"{pilot.shadow_weeks} weeks from {pilot.start:%-d %B %Y}: the agent drafts, and people send"),
        ("Rollout", f"{pilot.rollout_weeks} weeks from {pilot.rollout_start:%-d %B %Y}"),
        (
            "Share of customers",
            f"{percent(pilot.rollout_share)}; may be set between {percent(low)} and {percent(high)}",
        ),
        ("Categories", listed(scope) if scope else "all that the release may answer alone"),
        ("Small categories", f"judged alone from {pilot.categories.min_answered} answered tickets on, else together"),
        ("Looked at", f"after {looks} weeks of rollout, and on no other day"),
        ("Resolution", KINDS.get(pilot.resolution_kind, pilot.resolution_kind)),
        (
            "At least",
            f"{sample.answered} answered, {sample.rated} rated and {sample.reviewed} reviewed tickets; "
            f"{percent(sample.review_share)} of the answers tagged",
        ),
        ("Chance of a wrong yes", f"{percent(pilot.alpha)} at most"),
        ("Also reported", listed([METRICS.get(one, one) for one in pilot.secondary]) or "nothing more"),
    ]
    stops = [f"{HARMS.get(one.metric, one.metric)} above {percent(one.limit)}" for one in pilot.safety.rules]
    return [*rows, ("Ends at once with", listed(stops, "or") or "nothing")]


def plan_change_in_words(sentence: str, pilot: PilotFile) -> str:
    """A sentence of ``plan_changes`` with the setting's path said in words."""
    path, _, rest = sentence.partition(": ")
    is_share = path.endswith(SHARES)
    was, now = (_share(one) if is_share else one for one in rest.partition(" -> ")[::2])
    return f"{_setting(path, pilot)}: {was} → {now}"


def percent(share: float) -> str:
    """``15 %``."""
    return f"{share * 100:.4g} %"


def points(share: float) -> str:
    """``5 points``."""
    return f"{share * 100:.4g} {'point' if share == 0.01 else 'points'}"


def _share(text: str) -> str:
    try:
        return percent(float(text))
    except ValueError:
        return text


def _setting(path: str, pilot: PilotFile) -> str:
    found = _PLACE.match(path)
    if not found:
        return _first(path.replace(".", ", ").replace("_", " "))
    block, place, rest = found[1], int(found[2]), found[3].replace(".", ", ").replace("_", " ")
    blocks: dict[str, Sequence[Any]] = {
        "primary": pilot.primary,
        "baselines": pilot.baselines,
        "safety.rules": pilot.safety.rules,
    }
    rows = blocks[block]
    what = {"primary": "condition", "baselines": "figure of people", "safety.rules": "safety rule"}[block]
    about = f" ({METRICS.get(rows[place].metric, rows[place].metric)})" if place < len(rows) else ""
    return _first(f"{what} {place + 1}{about}{', ' if rest else ''}{rest}")


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]
