"""What the ticket volume can and cannot show, before anyone starts.

Belongs here: expected counts, half-widths, testable margins, power and weeks needed, as a frame and in words. Does not
belong here: where volumes come from (``volumes``), judging (``verdict``).

Numbers are for an agent that truly equals its reference (or has the rate the plan expects of it), at the p-value the last
look needs with the caution for several categories at its strictest; with several looks a good agent has further chances
before. Formulas and their sources stand in ``needed_sample``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import pandas as pd

from assets.pilot_agent.planning.volumes import pooled
from assets.pilot_agent.verdict.conditions import baseline_of
from assets.pilot_agent.verdict.families import OVER_ALL, SMALL, Group, group_categories, shares
from assets.pilot_agent.verdict.looks import level
from assets.pilot_agent.verdict.needed_sample import (
    needed_against_rate,
    needed_below_limit,
    power_against_rate,
    power_below_limit,
)
from assets.pilot_agent.verdict.pilot_verdict import WORDS
from desk.pilot import PilotFile
from desk.pilot_blocks import Target

_NORMAL = NormalDist()
COLUMNS = (
    "group", "members", "metric", "against", "level", "weeks", "expected_answered", "expected_ai", "expected_reference",
    "design_effect", "assumed_rate", "half_width", "testable", "registered", "alpha", "power", "weeks_needed",
    "is_decidable", "sentence",
)  # fmt: skip
SUREST = 0.99
"""Nobody is taken to be surer than that: a history without a single failure does not show that there are none."""
LIMIT_SHARE = 3
"""Where a plan expects nothing of a rate with a limit, a third of the limit is assumed."""


@dataclass(frozen=True)
class PilotPlan:
    """What a pilot can show.

    frame: ``COLUMNS`` [group x condition]. testable: the smallest margin (or, against a limit, the worst true rate) that
    is shown with the registered power; half_width: of the agent's rate, 95 %. sentences: for people.
    """

    frame: pd.DataFrame
    sentences: tuple[str, ...]

    def is_decidable(self, group: str = OVER_ALL) -> bool:
        """Whether the plan can decide a category, or over all."""
        is_whole = self.frame["group"] == OVER_ALL
        rows = self.frame[is_whole]
        if group != OVER_ALL and not is_whole.all():
            rows = self.frame[~is_whole & self.frame["members"].map(lambda members: group in members)]
        return bool(len(rows)) and bool(rows["is_decidable"].all())


def plan_pilot(
    pilot: PilotFile,
    volumes: pd.DataFrame,
    *,
    csat_response_rate: float,
    involvement_rate: float,
    rates: Mapping[str, float] | None = None,
) -> PilotPlan:
    """Reckon what a plan can show.

    Args:
        pilot: the plan.
        volumes: as ``volumes_from_history`` gives them, the row 'over all' included.
        csat_response_rate: share of tickets that are rated.
        involvement_rate: share of the agent's arm that the agent answers, as replay shows.
        rates: rates of people by metric where the plan holds no baseline yet.

    Raises:
        ValueError: a rate that is needed is nowhere, or volumes lack a category in scope.
    """
    table = volumes.set_index("category_id")
    names = pilot.categories.ids or [name for name in table.index if name != OVER_ALL]
    if absent := [name for name in [OVER_ALL, *names] if name not in table.index]:
        raise ValueError(
            f"no volume for {', '.join(absent)}; hand in a row for every category in scope and '{OVER_ALL}'"
        )
    reckoning = _Reckoning(pilot, csat_response_rate, involvement_rate, rates or {})
    weights = shares(names)
    by_name = {str(name): row for name, row in table.iterrows()}
    answered = {name: int(reckoning.answered(by_name[name])) for name in names}
    groups = [Group(OVER_ALL, tuple(names), True)]
    if len(names) > 1:
        groups += group_categories(answered, pilot.categories.min_answered)
    rows, sentences = [], []
    for group in groups:
        volume = pooled(table, list(group.members)) if group.name == SMALL else by_name[group.name]
        weight = weights[OVER_ALL] if group.name == OVER_ALL else sum(weights[name] for name in group.members)
        own = [
            reckoning.row(group, volume, target, weight)
            for target in pilot.primary
            if target.tested_at == "category" or group.name == OVER_ALL
        ]
        rows += own
        sentences += reckoning.say(group, volume, own)
    return PilotPlan(pd.DataFrame(rows, columns=list(COLUMNS)), tuple(sentences))


class _Reckoning:
    def __init__(self, pilot: PilotFile, response: float, involvement: float, rates: Mapping[str, float]) -> None:
        self.pilot, self.response, self.involvement, self.rates = pilot, response, involvement, rates

    def answered(self, volume: pd.Series) -> float:
        """Tickets the agent is expected to answer."""
        return self._volume(volume) * self.pilot.rollout_share * self.involvement

    def row(self, group: Group, volume: pd.Series, target: Target, weight: float) -> tuple[Any, ...]:
        pilot = self.pilot
        looks = tuple(pilot.look_weeks)
        alpha = level(looks, len(looks) - 1, pilot.alpha * (weight if target.tested_at == "category" else 1.0))
        part = self._counted(target)
        all_tickets = self._volume(volume) * part
        ai = all_tickets * pilot.rollout_share * (1.0 if target.against == "control" else self.involvement)
        effect = 1 + (volume["tickets_per_requester"] - 1) * part * volume["alike"]
        members = () if group.name == OVER_ALL else group.members
        baseline = baseline_of(pilot, target.metric, members)
        if target.against == "baseline" and not baseline.denominator:
            raise ValueError(f"no baseline of {target.metric} to plan against; write it into the plan first")
        reference = (
            all_tickets * (1 - pilot.rollout_share) if target.against == "control" else float(baseline.denominator)
        )
        assumed = self._rate(target, baseline.rate)
        n = ai / effect
        half = _NORMAL.inv_cdf(0.975) * math.sqrt(assumed * (1 - assumed) / n) if n else math.inf
        testable, power, needed = self._power(target, n, reference / effect, baseline.effective, assumed, alpha)
        weeks_needed = needed / n * pilot.rollout_weeks if n else math.inf
        enough = self._is_enough(group, volume, target, ai)
        registered = float((target.limit if target.against == "limit" else target.margin) or 0)
        is_decidable = enough and power >= pilot.power
        return (
            group.name, group.members, target.metric, target.against, target.tested_at, pilot.rollout_weeks,
            self.answered(volume), ai, reference if target.against != "limit" else math.nan, effect, assumed, half,
            testable, registered, alpha, power, weeks_needed, is_decidable,
            self._sentence(target, ai, half, testable, registered, power, weeks_needed),
        )  # fmt: skip

    def _power(
        self, target: Target, n: float, control: float, frozen: float, assumed: float, alpha: float
    ) -> tuple[float, float, float]:
        """Testable margin or rate, power for what is registered, and effective tickets needed for it."""
        wanted, up = self.pilot.power, target.higher_is_better
        z = _NORMAL.inv_cdf(1 - alpha) + _NORMAL.inv_cdf(wanted)
        if target.against == "limit":
            limit = float(target.limit or 0)
            bad, worst = (1 - assumed, 1 - limit) if up else (assumed, limit)
            low, high = 0.0, worst
            for _ in range(30):
                middle = (low + high) / 2
                low, high = (middle, high) if power_below_limit(n, middle, worst, alpha) >= wanted else (low, middle)
            needed = needed_below_limit(bad, worst, alpha, wanted)
            return (1 - low if up else low), power_below_limit(n, bad, worst, alpha), needed
        margin = float(target.margin or 0)
        people = self._people(target)
        truth, other = (assumed, people) if up else (1 - assumed, 1 - people)
        is_frozen = target.against == "baseline"
        behind = frozen if is_frozen else control
        if n <= 0 or behind <= 0:
            return math.inf, 0.0, math.inf
        spread = math.sqrt(truth * (1 - truth) / n + other * (1 - other) / behind)
        growing = {"fixed": frozen} if is_frozen else {"ratio": control / n}
        return (
            z * spread - (truth - other),
            power_against_rate(truth, other, margin, alpha, n, behind),
            needed_against_rate(truth, other, margin, alpha, wanted, **growing),
        )

    def _is_enough(self, group: Group, volume: pd.Series, target: Target, ai: float) -> bool:
        need, answered = self.pilot.minimum_sample, self.answered(volume)
        if group.name != OVER_ALL:
            return answered >= self.pilot.categories.min_answered
        return answered >= max(need.answered, need.reviewed) and (target.metric != "csat" or ai >= need.rated)

    def _volume(self, volume: pd.Series) -> float:
        return float(volume["tickets_per_week"]) * self.pilot.rollout_weeks

    def _counted(self, target: Target) -> float:
        """Share of tickets that count at all."""
        return self.response if target.metric == "csat" else 1.0

    def _people(self, target: Target) -> float:
        baseline = self.pilot.baseline(target.metric)
        found = self.rates.get(target.metric) if baseline is None else baseline.rate
        if found is None:
            raise ValueError(
                f"how good people are in {target.metric} is nowhere: write its baseline, or hand in its rate"
            )
        return min(max(float(found), 1 - SUREST), SUREST)

    def _rate(self, target: Target, own: float) -> float:
        if target.expected is not None:
            return target.expected
        if target.against == "limit":
            limit = float(target.limit or 0)
            return 1 - (1 - limit) / LIMIT_SHARE if target.higher_is_better else limit / LIMIT_SHARE
        return self._people(target) if math.isnan(own) else min(max(own, 1 - SUREST), SUREST)

    def _sentence(
        self, target: Target, ai: float, half: float, testable: float, registered: float, power: float, weeks: float
    ) -> str:
        name = "CSAT" if target.metric == "csat" else WORDS[target.metric].capitalize()
        unit = "ratings" if target.metric == "csat" else "tickets"
        given = f"at {self.response:.0%} response " if target.metric == "csat" else ""
        counted = f"{name}: {given}about {ai:,.0f} {unit} of the agent's arm, known to ± {100 * half:.1f} points"
        longer = (
            "no length of pilot decides that"
            if math.isinf(weeks)
            else f"{math.ceil(weeks):,} weeks at this share would be needed"
        )
        if target.against == "limit":
            if power >= self.pilot.power:
                return f"{counted}; a true rate up to {testable:.1%} is shown to keep the limit of {registered:.1%}."
            return f"{counted}; too few to show that the limit of {registered:.1%} is kept: {longer}."
        margin = "no margin is" if math.isinf(testable) else f"a margin of {100 * testable:.1f} points is"
        if power >= self.pilot.power:
            return f"{counted}; {margin} testable, and {100 * registered:.1f} are registered."
        only = margin if math.isinf(testable) else f"only {margin}"
        return f"{counted}; {only} testable. For the registered {100 * registered:.1f} points {longer}."

    def say(self, group: Group, volume: pd.Series, rows: list[tuple[Any, ...]]) -> list[str]:
        pilot, answered = self.pilot, self.answered(volume)
        title = "Over all" if group.name == OVER_ALL else group.name
        if group.name == SMALL:
            title = f"Small categories together ({', '.join(group.members)})"
        arm = self._volume(volume) * pilot.rollout_share
        head = (
            f"{title}: about {arm:,.0f} tickets in the agent's arm in {pilot.rollout_weeks} weeks at {pilot.rollout_share:.0%}, "
            f"{answered:,.0f} of them answered by it"
        )
        if not group.is_large_enough:
            need = pilot.categories.min_answered
            weeks = need / answered * pilot.rollout_weeks if answered else math.inf
            when = f"after about {math.ceil(weeks):,} weeks" if weeks < 520 else "at no foreseeable time"
            return [
                f"{title}: too small. About {answered:,.0f} answered tickets where {need:,} are needed; judged {when}."
            ]
        verdict = (
            "decidable" if all(row[COLUMNS.index("is_decidable")] for row in rows) else "not decidable as registered"
        )
        return [f"{head}: {verdict}.", *(f"{title}, {_lower(row[-1])}" for row in rows)]


def _lower(sentence: str) -> str:
    return sentence if sentence.startswith("CSAT") else sentence[0].lower() + sentence[1:]
