"""Whether a candidate may take the incumbent's place, apart from signatures: the frame ``candidate_release``.

Belongs here: the comparison on holdout tickets, and the verdict with its reasons. Does not belong here: what is right for a
ticket (``holdout_outcomes``), what is worse on the regression set (``regression_losses``), signatures and activation (people).

The candidate has to beat the incumbent: on the same tickets its decision must be the better one for the customer more often
than the worse one, by an exact sign test (Dixon and Mood 1946; McNemar's, where there are two levels) and with an interval
that leaves zero out, both clustered by requester (``effects.paired``). The tickets are of the holdout and came after the last
promotion's data, so that none has decided before; a tie keeps the incumbent. Every month in which a candidate is refused looks
again at the tickets gathered so far: the promise, one false promotion in forty looks, is a look's and not a year's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from assets.configure_behavior.triggers.trigger_suite import run_suite
from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.candidate.holdout_outcomes import MISLED, SETTLED
from assets.retrain_agent.candidate.regression_losses import RegressionComparison
from assets.retrain_agent.effects import paired
from assets.retrain_agent.frames import CANDIDATE

if TYPE_CHECKING:
    from desk.behavior import BehaviorFile

PROMOTABLE, REFUSED, NOT_BUILT = "promotable", "refused", "not_built"
ALPHA, POWER = 0.05, 0.8
LEAST_DISCORDANT = 6
"""With fewer tickets that one of the two decides better, even all in a row cannot be told from luck: 2 / 2^5 is above 5 %."""
SHOWN = 5


@dataclass(frozen=True)
class Comparison:
    """Candidate against incumbent on the same tickets; difference, low and high in shares of tickets, NaN without any.

    count_unjudged: tickets replayed of which nobody can say what was right; misled: pairs of "was told something wrong";
    settled: pairs of "was settled"."""

    pairs: paired.Pairs
    difference: float
    low: float
    high: float
    p: float
    count_unjudged: int
    misled: paired.Pairs
    settled: paired.Pairs

    @property
    def gained(self) -> int:
        """Tickets that the candidate decides better."""
        return int(self.pairs.gained.sum())

    @property
    def lost(self) -> int:
        """Tickets that the incumbent decides better."""
        return int(self.pairs.lost.sum())

    @property
    def is_better(self) -> bool:
        """Whether the improvement cannot be told by luck."""
        return self.low > 0 and self.p <= ALPHA


def compare(outcomes: pd.DataFrame) -> Comparison:
    """Compare both releases on replayed holdout tickets.

    Args:
        outcomes: ``holdout_outcomes.OUTCOME``: ticket_id, requester_id, level_before, level_after; null where nobody can say.

    Raises:
        PairsError: a ticket is there twice with different outcomes.
    """
    is_judged = outcomes["level_before"].notna() & outcomes["level_after"].notna()
    before, after = outcomes["level_before"][is_judged], outcomes["level_after"][is_judged]

    def read(first: pd.Series, second: pd.Series) -> paired.Pairs:
        names = outcomes.loc[is_judged, ["ticket_id", "requester_id"]]
        return paired.read_pairs(names.assign(before=first.astype("boolean"), after=second.astype("boolean")))

    # A pair says only which decision was better: on equal levels both count as good.
    pairs = read(before >= after, after >= before)
    low, high = paired.interval(pairs)
    return Comparison(
        pairs,
        pairs.difference,
        low,
        high,
        paired.exact_test(pairs)[0],
        int((~is_judged).sum()),
        misled=read(before == MISLED, after == MISLED),
        settled=read(before == SETTLED, after == SETTLED),
    )


def promotion_problems(
    comparison: Comparison, regression: RegressionComparison, behavior: BehaviorFile, holdout_from: pd.Timestamp | None
) -> list[str]:
    """Everything but signatures that keeps a candidate from taking over, in words; empty: nothing does.

    Args:
        behavior: the candidate's, whose triggers run their suite.
        holdout_from: the last promotion's data cut; None: there was none.
    """
    return [*_holdout_problems(comparison, holdout_from), *_regression_problems(regression), *_suite_problems(behavior)]


def candidate_row(
    month: str,
    *,
    release_id: str | None,
    incumbent_id: str | None,
    verdict: str,
    why: Sequence[str],
    comparison: Comparison | None = None,
    regression: RegressionComparison | None = None,
    count_corrections: int = 0,
    count_label_errors: int = 0,
    data_until: pd.Timestamp | None = None,
    holdout_from: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """``frames.CANDIDATE`` of one month; counts are 0 and figures null where nothing was compared."""
    has_pairs = comparison is not None and comparison.pairs.n > 0
    figures = (
        (comparison.difference, comparison.low, comparison.high, comparison.p)
        if comparison is not None and has_pairs
        else (math.nan,) * 4
    )
    row = (
        month, release_id, incumbent_id, verdict, list(why),
        0 if comparison is None else comparison.pairs.n,
        0 if comparison is None else comparison.gained,
        0 if comparison is None else comparison.lost,
        *figures,
        0 if regression is None else regression.count_changed,
        0 if regression is None else len(regression.worse),
        count_corrections, count_label_errors, data_until, holdout_from,
    )  # fmt: skip
    return frame_of([row], CANDIDATE)


def in_words(comparison: Comparison) -> str:
    """What the comparison found, for people."""
    n = comparison.pairs.n
    if not n:
        return "no holdout ticket could be judged"
    parts = [
        f"of {_tickets(n)} the candidate decides {comparison.gained} better and {comparison.lost} worse: "
        f"{comparison.difference * 100:+.1f} points [{comparison.low * 100:.1f}, {comparison.high * 100:.1f}], "
        f"p = {_p(comparison.p)}"
    ]
    fewer, more = int(comparison.misled.lost.sum()), int(comparison.misled.gained.sum())
    if fewer or more:
        parts.append(f"{fewer} customers are no longer told something wrong, {more} are newly")
    gained, lost = int(comparison.settled.gained.sum()), int(comparison.settled.lost.sum())
    if gained or lost:
        parts.append(f"{gained} more are settled without need of a person's work, {lost} no longer")
    if comparison.count_unjudged:
        parts.append(f"{comparison.count_unjudged} more could not be judged")
    return "; ".join(parts)


def tickets_to_decide(comparison: Comparison) -> int | None:
    """Judged tickets, those so far among them, that would show the difference seen with 80 % power if it is the true one;
    None where what was seen tells no number: no gain, or too few tickets that differ.

    Normal approximation for matched pairs (Connor 1987), times the design effect of requesters with several tickets.
    """
    pairs, seen = comparison.pairs, comparison.difference
    if pairs.n_discordant < LEAST_DISCORDANT or not seen > 0:
        return None
    from statistics import NormalDist

    normal = NormalDist()
    differing = pairs.n_discordant / pairs.n
    alpha, power = normal.inv_cdf(1 - ALPHA / 2), normal.inv_cdf(POWER)
    root = alpha * math.sqrt(differing) + power * math.sqrt(max(differing - seen**2, 0.0))
    needed = (root / seen) ** 2 * paired.design_effect(pairs)[0]
    return math.ceil(needed) if needed > pairs.n else None


def _holdout_problems(comparison: Comparison, holdout_from: pd.Timestamp | None) -> list[str]:
    since = "" if holdout_from is None else f" since the last promotion's data ({holdout_from:%Y-%m-%d})"
    n, problems = comparison.pairs.n, []
    if not n:
        lacking = (
            f"{_tickets(comparison.count_unjudged)} came{since}, and of none it is known what would have been right; review "
            "some of them"
            if comparison.count_unjudged
            else f"no holdout ticket came{since}"
        )
        return [f"nothing shows whether the candidate is better: {lacking}"]
    if comparison.is_better:
        pass
    elif comparison.high < 0 and comparison.p <= ALPHA:
        problems.append(f"worse than the incumbent: {in_words(comparison)}")
    else:
        problems.append(
            f"no better than the incumbent on {_tickets(n)}{since}; keep collecting: {in_words(comparison)}"
        )
        if (needed := tickets_to_decide(comparison)) is not None:
            problems[-1] += f"; if the difference is as it looks, about {needed:,} judged tickets would show it"
    low, _ = paired.interval(comparison.misled)
    if low > 0 and paired.exact_test(comparison.misled)[0] <= ALPHA:
        more, fewer = int(comparison.misled.gained.sum()), int(comparison.misled.lost.sum())
        problems.append(f"it tells more customers something wrong: {more} that the incumbent does not, against {fewer}")
    return problems


def _regression_problems(regression: RegressionComparison) -> list[str]:
    if not regression.worse:
        return []
    count = len(regression.worse)
    left = f" (and {count - SHOWN} more)" if count > SHOWN else ""
    return [
        f"{count} of {regression.count_compared} frozen tickets {'is' if count == 1 else 'are'} decided worse: "
        f"{'; '.join(regression.worse[:SHOWN])}{left}"
    ]


def _suite_problems(behavior: BehaviorFile) -> list[str]:
    failed = [str(one) for one in run_suite(behavior) if not one.passed]
    left = f" (and {len(failed) - SHOWN} more)" if len(failed) > SHOWN else ""
    return [f"the trigger suite is red: {'; '.join(failed[:SHOWN])}{left}"] if failed else []


def _tickets(count: int) -> str:
    return f"{count:,} holdout ticket{'' if count == 1 else 's'}"


def _p(value: float) -> str:
    return "below 0.001" if value < 0.001 else f"{value:.3f}"
