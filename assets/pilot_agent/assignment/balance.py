"""Are the two arms alike in what the draw could not know: plan, language, channel?

Belongs here: comparing shares between arms, clustered by requester. Does not belong here: outcomes.

A standardised difference says how large a difference is (Austin 2009: 0.1 is worth a look), a test whether chance explains
it. The test is Pearson's on shares of tickets, with the second-order correction of Rao and Scott (1984) for requesters
who come back: one requester with fifty tickets on one plan is one draw, not fifty. P-values are corrected over covariates
(Holm 1979). A value with fewer than five expected tickets in an arm is counted among "other".
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, lgamma

import numpy as np
import pandas as pd

from assets.pilot_agent.verdict.outcomes import AI

ALPHA = 0.01
WORTH_A_LOOK = 0.1
LEAST_EXPECTED = 5
COVARIATES = ("plan", "language", "channel")
COLUMNS = (
    "covariate", "value", "ai_numerator", "ai_denominator", "ai_share", "control_numerator", "control_denominator",
    "control_share", "standardised_difference", "chi_square", "freedom", "design_effect", "p_value", "p_corrected",
    "is_balanced", "sentence",
)  # fmt: skip


def balance(tickets: pd.DataFrame, covariates: Sequence[str] = COVARIATES) -> pd.DataFrame:
    """Balance of the arms [covariate x value], ``COLUMNS``; test and sentence repeat in all rows of a covariate.

    Args:
        tickets: [requester_id, arm, <covariates>]; null is the value "unknown". Tickets of unknown requesters are not
            drawn and left out.
    """
    known = tickets[tickets["requester_id"].notna() & (tickets["requester_id"] != "")]
    is_ai = (known["arm"] == AI).to_numpy(dtype=bool)
    requester = np.asarray(pd.factorize(known["requester_id"])[0])
    found = {}
    for name in covariates:
        values = _values(known[name], is_ai)
        found[name] = (values, *_rao_scott(values, is_ai, requester))
    corrected = _holm({name: one[1][3] for name, one in found.items()})
    rows = []
    for name, (values, test, table) in found.items():
        chi_square, freedom, effect, p_value = test
        is_balanced = corrected[name] >= ALPHA
        differences = _standardised(table)
        sentence = _sentence(name, list(values.categories), table, differences, corrected[name], is_balanced)
        for place, value in enumerate(values.categories):
            (ai, control), (all_ai, all_control) = table[place], table.sum(axis=0)
            rows.append(
                (name, value, int(ai), int(all_ai), _divide(ai, all_ai), int(control), int(all_control),
                 _divide(control, all_control), differences[place], chi_square, freedom, effect, p_value,
                 corrected[name], is_balanced, sentence)
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _values(column: pd.Series, is_ai: np.ndarray) -> pd.Categorical:
    values = column.astype("object").where(column.notna(), "unknown").astype(str)
    smaller = min(is_ai.mean(), 1 - is_ai.mean()) if len(values) else 0.0
    counts = values.value_counts()
    rare = set(counts[counts * smaller < LEAST_EXPECTED].index)
    if len(rare) > 1 or (rare and len(counts) > 2):
        values = values.where(~values.isin(rare), "other")
    return pd.Categorical(values.astype("object"))


def _rao_scott(
    values: pd.Categorical, is_ai: np.ndarray, requester: np.ndarray
) -> tuple[tuple[float, float, float, float], np.ndarray]:
    """Corrected chi-square, its degrees of freedom, the mean design effect and the p-value; and the table (k, 2)."""
    from scipy.stats import chi2

    k, nan = len(values.categories), float("nan")
    table = np.zeros((k, 2))
    np.add.at(table, (values.codes, (~is_ai).astype(int)), 1)
    if k < 2 or not table.sum(axis=0).all():
        return (nan, nan, nan, 1.0), table
    pooled = (table.sum(axis=1) / table.sum())[:-1]
    sizes = table.sum(axis=0)
    independent = (np.diag(pooled) - np.outer(pooled, pooled)) * (1 / sizes[0] + 1 / sizes[1])
    clustered = np.zeros_like(independent)
    shares = table / sizes
    for arm, which in enumerate((is_ai, ~is_ai)):
        codes = np.unique(requester[which], return_inverse=True)[1]
        counts = np.zeros((codes.max() + 1, k))
        np.add.at(counts, (codes, values.codes[which]), 1)
        parts = (counts - counts.sum(axis=1, keepdims=True) * shares[:, arm])[:, :-1] / sizes[arm]
        groups = len(parts)
        clustered += parts.T @ parts * groups / max(groups - 1, 1)
    distance = (shares[:, 0] - shares[:, 1])[:-1]
    inverse = np.linalg.pinv(independent)
    plain = float(distance @ inverse @ distance)
    effects = np.clip(np.linalg.eigvals(inverse @ clustered).real, 0, None)
    if not effects.sum():
        # Each arm holds one value alone, so that nothing varies: how likely is it that requesters fall apart like this?
        drawn, others = len(np.unique(requester[is_ai])), len(np.unique(requester[~is_ai]))
        ways = lgamma(drawn + others + 1) - lgamma(drawn + 1) - lgamma(others + 1)
        return (plain, float(k - 1), nan, exp(-ways) if plain > 0 else 1.0), table
    freedom = float(effects.sum() ** 2 / np.square(effects).sum())
    statistic = plain * float(effects.sum() / np.square(effects).sum())
    return (statistic, freedom, float(effects.mean()), float(chi2.sf(statistic, freedom))), table


def _standardised(table: np.ndarray) -> list[float]:
    sizes = table.sum(axis=0)
    if not sizes.all():
        return [float("nan")] * len(table)
    first, second = (table / sizes).T
    spread = np.sqrt((first * (1 - first) + second * (1 - second)) / 2)
    return [float((a - b) / s) if s else 0.0 for a, b, s in zip(first, second, spread, strict=True)]


def _holm(p_values: dict[str, float]) -> dict[str, float]:
    # By hand: statsmodels' multipletests collects garbage at every call, which takes a tenth of a second.
    corrected: dict[str, float] = {}
    largest = 0.0
    for place, name in enumerate(sorted(p_values, key=lambda one: p_values[one])):
        largest = max(largest, min(1.0, (len(p_values) - place) * p_values[name]))
        corrected[name] = largest
    return corrected


def _sentence(
    name: str, values: list[str], table: np.ndarray, differences: list[float], p_value: float, is_balanced: bool
) -> str:
    if len(values) < 2 or not table.sum(axis=0).all():
        return f"{name}: nothing to compare."
    place = int(np.argmax(np.abs(differences)))
    ai, control = (table[place] / table.sum(axis=0)).tolist()
    largest = f"{values[place]} makes {ai:.1%} of the agent's arm and {control:.1%} of the other"
    if not is_balanced:
        return (
            f"{name}: the arms differ by more than chance explains (p {p_value:.1g}): {largest}. "
            "Look for tickets that bypass the draw."
        )
    size = ", a difference worth a look that chance explains" if abs(differences[place]) > WORTH_A_LOOK else ""
    return f"{name}: balanced; at most, {largest}{size}."


def _divide(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")
