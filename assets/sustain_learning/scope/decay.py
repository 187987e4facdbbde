"""When a category that answers by itself decays, and when one that did has recovered.

Belongs here: the rule of ``learning.decayed``, category by category, with a sentence for each. Does not belong here: taking the
autonomy back (``orchestration.autonomy``), proposals (``scope_proposals``).

Nothing is called from noise: fewer judged answers than the desk asks for prove nothing; the lower end of the 95 % Wilson interval
must lie above the limit, with one requester's answers counting for less than they are (``clustered_rates``); and because it is
looked at every day, so many wrong ones must be rarer at the limit (exact, Korn and Graubard 1998) than ``CHANCE``. Simulated over
a year of daily looks at one to three reviews a day, a category with 10 % wrong answers against a limit of 15 % is then taken back
in fewer than 1 of 100 years, one with 30 % after 17 to 48 days, one with 50 % after 7 to 20; the interval alone takes back the
first in up to 11 of 100. To come back the
upper end must lie below the same limit: what cannot rule out the level that cost the autonomy has not recovered. What was
judged before a person restored a category counts for nothing afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from assets.pilot_agent.verdict.clustered_rates import p_not_above
from assets.sustain_learning.scope.given_answers import Rate, between, given_answers, reviewed_wrong, trouble_alone
from assets.sustain_learning.scope.scope_frames import AUTOMATE, Autonomy, ScopeFrames, category_facts, coverage_of
from desk.learning import Decayed

WRONG_REVIEWED, WRONG_ALONE, LIVE_ENTRIES = "wrong_of_reviewed", "wrong_of_sent", "live_entries"
METRICS = {
    WRONG_REVIEWED: "wrong among the answers that reviewers judged",
    WRONG_ALONE: "answers sent without a person that somebody found wrong",
    LIVE_ENTRIES: "live entries of those a category needs",
}
"""What a category is judged by, in words."""
CHANCE = 0.05 / 13
"""How rare a count must be at the limit: a year has 13 windows of four weeks, all of which may be looked at."""
FIGURES = ("numerator", "denominator", "rate", "low", "high", "bar")
"""What a withdrawal keeps of what it rests on, as ``frames.SCOPE`` names it."""


@dataclass(frozen=True)
class Standing:
    """How a category that answers by itself stands. is_enough: enough was judged to say anything; rate: of ``metric``, None for
    entries, whose numerator and denominator are ``have`` and ``needs``; sentence: for people, without the category's name."""

    category_id: str
    name: str
    metric: str
    is_decayed: bool
    is_enough: bool
    rate: Rate | None
    have: int
    needs: int
    bar: float
    sentence: str

    @property
    def figures(self) -> dict[str, float]:
        """``FIGURES``, as far as there are any."""
        found: dict[str, float] = {"numerator": self.have, "denominator": self.needs, "bar": self.bar}
        if self.rate is not None and self.needs:
            found |= {"rate": self.rate.count.rate, "low": self.rate.low, "high": self.rate.high}
        return found


def standings(frames: ScopeFrames, autonomy: Autonomy, rule: Decayed, as_of: pd.Timestamp) -> list[Standing]:
    """Every category that has answered by itself and may, by id: whether it decays.

    Args:
        rule: ``desk.settings.learning.decayed``.
        as_of: nothing later is looked at.
    """
    given = given_answers(frames, as_of)
    alone = set(given.loc[given["is_alone"].fillna(False).astype(bool), "category_id"])
    found = []
    for one in category_facts(frames.categories, frames.roadmap):
        if one.bucket != AUTOMATE or one.category_id not in alone or one.category_id in autonomy.withdrawn:
            continue
        mine = given[given["category_id"] == one.category_id]
        after = as_of - pd.Timedelta(days=rule.window_days)
        if one.category_id in autonomy.restored:
            after = max(after, pd.Timestamp(autonomy.restored[one.category_id].occurred_at))
        found.append(_standing(one.category_id, one.name, between(mine, after, as_of), frames.coverage, rule))
    return found


def recovered(given: pd.DataFrame, since: pd.Timestamp, as_of: pd.Timestamp, rule: Decayed) -> tuple[bool, Rate, str]:
    """Whether what the agent would have sent since a moment is shown to be below the limit; the rate, and why.

    Args:
        given: ``given_answers`` of one category.
    """
    rate = reviewed_wrong(between(given, since, as_of))
    judged = rate.count.denominator
    if judged < rule.at_least:
        return False, rate, f"{judged} of the {rule.at_least} reviewed answers that are needed"
    if rate.high > rule.wrong_above:
        return (
            False,
            rate,
            f"{rate.in_words} of the reviewed answers are wrong; up to {rule.wrong_above:.0%} must be ruled out",
        )
    return True, rate, f"{rate.in_words} of the reviewed answers are wrong, shown to be below {rule.wrong_above:.0%}"


def decaying(found: Sequence[Standing]) -> list[Standing]:
    """Those that lose their autonomy."""
    return [one for one in found if one.is_decayed]


def _standing(category_id: str, name: str, mine: pd.DataFrame, coverage: pd.DataFrame, rule: Decayed) -> Standing:
    reviewed, alone = reviewed_wrong(mine), trouble_alone(mine)
    lacking = _lacking(coverage, category_id)
    if lacking is not None:
        have, needs = lacking
        said = f"{have} live {_entries(have)} left, and {needs} are needed"
        return Standing(category_id, name, LIVE_ENTRIES, True, True, None, have, needs, float(needs), said)
    worst = next(
        (
            (metric, rate)
            for metric, rate in ((WRONG_REVIEWED, reviewed), (WRONG_ALONE, alone))
            if rate.count.denominator >= rule.at_least
            and rate.low > rule.wrong_above
            and p_not_above(rate.count, rule.wrong_above) <= CHANCE
        ),
        None,
    )
    if worst is not None:
        metric, rate = worst
        days = f"in the last {rule.window_days} days"
        what = f"reviewed {days} are wrong" if metric == WRONG_REVIEWED else f"sent by itself {days} were found wrong"
        said = f"{rate.in_words} of the answers {what}, and {rule.wrong_above:.0%} is the limit"
        return _of_rate(category_id, name, metric, rate, rule, said, is_decayed=True, is_enough=True)
    if reviewed.count.denominator < rule.at_least:
        judged = reviewed.count.denominator
        said = (
            f"{judged} {'answer' if judged == 1 else 'answers'} reviewed in the last {rule.window_days} days; {rule.at_least} are "
            "needed to say whether it decays"
        )
        return _of_rate(category_id, name, WRONG_REVIEWED, reviewed, rule, said, is_decayed=False, is_enough=False)
    said = (
        f"{reviewed.in_words} of the answers reviewed in the last {rule.window_days} days are wrong, which does not show more than "
        f"{rule.wrong_above:.0%}"
    )
    return _of_rate(category_id, name, WRONG_REVIEWED, reviewed, rule, said, is_decayed=False, is_enough=True)


def _of_rate(
    category_id: str, name: str, metric: str, rate: Rate, rule: Decayed, said: str, *, is_decayed: bool, is_enough: bool
) -> Standing:
    count = rate.count
    return Standing(
        category_id,
        name,
        metric,
        is_decayed,
        is_enough,
        rate,
        count.numerator,
        count.denominator,
        rule.wrong_above,
        said,
    )


def _lacking(coverage: pd.DataFrame, category_id: str) -> tuple[int, int] | None:
    """(live entries, those that are needed) of a category that has too few."""
    row = coverage_of(coverage, category_id)
    if row is None or not int(str(row["entries_needed"])):
        return None
    have = int(str(row["count_live_entries"]))
    return have, have + int(str(row["entries_needed"]))


def _entries(count: int) -> str:
    return "entry" if count == 1 else "entries"
