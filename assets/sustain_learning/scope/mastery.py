"""Whether what is automated is mastered, so that more may follow.

Belongs here: the rule of ``learning.mastered``. Does not belong here: which categories follow (``scope_proposals``), the way
they walk (``short_way``).

A category is mastered when over the window the lower end of its resolution rate reaches the limit and the upper end of its
wrong answers stays below the other, both clustered by requester. Its tier is, when mastered categories make the wanted share of
the tier's tickets. What was hardly judged is not mastered: to be sure is asked for here, not to be unsuspicious.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.sustain_learning.scope.given_answers import Rate, between, given_answers, rate_of, reviewed_wrong
from assets.sustain_learning.scope.scope_frames import AUTOMATE, Autonomy, CategoryFacts, ScopeFrames, category_facts
from desk.learning import Mastered

FIRST_TIER = 1


@dataclass(frozen=True)
class Mastery:
    """How far the automated tiers are mastered. tier: the highest that answers by itself (of a desk without tiers: 1); share: of
    its tickets and those of the tiers below, in mastered categories; resolution: over these categories together; lacking: a
    sentence for each other one."""

    is_mastered: bool
    tier: int
    share: float
    mastered: tuple[str, ...]
    resolution: Rate
    wrong: Rate
    lacking: tuple[str, ...]
    sentence: str


def mastery(frames: ScopeFrames, autonomy: Autonomy, rule: Mastered, at_least: int, as_of: pd.Timestamp) -> Mastery:
    """How far what is automated is mastered.

    Args:
        rule: ``desk.settings.learning.mastered``.
        at_least: reviewed answers without which nothing is said of a category.
        as_of: nothing later is looked at.
    """
    given = given_answers(frames, as_of)
    tier = automated_tier(category_facts(frames.categories, frames.roadmap), given)
    mine = [one for one in category_facts(frames.categories, frames.roadmap) if is_automated(one, tier)]
    after = as_of - pd.Timedelta(days=rule.window_days)
    outcomes = _resolved(frames.outcomes, after, as_of)
    judged = between(given, after, as_of)
    lacking = {one.category_id: _lacking(one, outcomes, judged, autonomy, rule, at_least) for one in mine}
    mastered = [name for name, why in lacking.items() if not why]
    weights = {one.category_id: one.tickets for one in mine}
    if not sum(weights.values()):
        weights = dict.fromkeys(weights, 1)
    share = sum(weights[name] for name in mastered) / sum(weights.values()) if weights else 0.0
    is_mastered = bool(mine) and share >= rule.share_of_categories
    whys = tuple(f"{one.name}: {lacking[one.category_id]}." for one in mine if lacking[one.category_id])
    return Mastery(
        is_mastered, tier, share, tuple(mastered), _rate(outcomes, mastered),
        reviewed_wrong(judged[judged["category_id"].isin(mastered)]), whys,
        _sentence(len(mine), len(mastered), share, rule, is_mastered),
    )  # fmt: skip


def automated_tier(facts: Sequence[CategoryFacts], given: pd.DataFrame) -> int:
    """The highest tier of which something answers by itself; before anything does, the lowest that is automated."""
    alone = set(given.loc[given["is_alone"].fillna(False).astype(bool), "category_id"])
    tiers = [(one.tier or FIRST_TIER, one.category_id in alone) for one in facts if one.bucket == AUTOMATE]
    answering = [tier for tier, is_alone in tiers if is_alone]
    return max(answering) if answering else min((tier for tier, _ in tiers), default=FIRST_TIER)


def is_automated(one: CategoryFacts, tier: int) -> bool:
    """Whether a category belongs to the tiers up to this one."""
    return one.bucket == AUTOMATE and (one.tier or FIRST_TIER) <= tier


def _resolved(outcomes: pd.DataFrame, after: pd.Timestamp, as_of: pd.Timestamp) -> pd.DataFrame:
    """Tickets the agent took part in whose end is known [category_id, requester_id, is_resolved], as ``metrics`` counts them."""
    columns = ["category_id", "requester_id", "is_resolved"]
    if outcomes.empty:
        return pd.DataFrame({name: pd.Series(dtype="object") for name in columns})
    mine = outcomes[(outcomes["created_at"] > after) & (outcomes["created_at"] <= as_of)]
    mine = mine[mine["is_involved"].fillna(False).astype(bool)]
    is_escalated = mine["is_escalated"].fillna(False).astype(bool)
    known = mine[mine["is_resolved"].notna() | is_escalated]
    handed = known["is_escalated"].fillna(False).astype(bool)
    solved = known["is_resolved"].astype("boolean").fillna(False).astype(bool) & ~handed
    return known[["category_id", "requester_id"]].assign(is_resolved=solved)


def _rate(outcomes: pd.DataFrame, category_ids: Sequence[str]) -> Rate:
    mine = outcomes[outcomes["category_id"].isin(list(category_ids))]
    return rate_of(np.asarray(mine["is_resolved"], dtype=bool), mine["requester_id"])


def _lacking(
    one: CategoryFacts,
    outcomes: pd.DataFrame,
    judged: pd.DataFrame,
    autonomy: Autonomy,
    rule: Mastered,
    at_least: int,
) -> str:
    """Why a category is not mastered; empty where it is."""
    if one.category_id in autonomy.withdrawn:
        return "it lost its autonomy"
    resolution, wrong = (
        _rate(outcomes, [one.category_id]),
        reviewed_wrong(judged[judged["category_id"] == one.category_id]),
    )
    whys = []
    if resolution.count.denominator < at_least:
        whys.append(f"the agent took part in {resolution.count.denominator} tickets, too few to say what it resolves")
    elif resolution.low < rule.resolution_at_least:
        whys.append(f"resolves {resolution.in_words}, and {rule.resolution_at_least:.0%} must be shown")
    if wrong.count.denominator < at_least:
        whys.append(f"{wrong.count.denominator} reviewed answers of the {at_least} that are needed")
    elif wrong.high > rule.wrong_at_most:
        whys.append(f"wrong {wrong.in_words}, and more than {rule.wrong_at_most:.0%} must be ruled out")
    return "; ".join(whys)


def _sentence(count: int, mastered: int, share: float, rule: Mastered, is_mastered: bool) -> str:
    if not count:
        return "Nothing is automated yet, so there is nothing to master."
    said = (
        f"{mastered} of {count} automated categories are mastered, with {share:.0%} of their tickets; "
        f"{rule.share_of_categories:.0%} are asked for."
    )
    return f"{said} More may follow." if is_mastered else f"{said} Nothing follows before that."
