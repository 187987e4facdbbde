"""What a month's figures say together: what got better, what got worse, and what nobody can tell.

Belongs here: reading many differences at once without taking chance for news, and the first sentences of the page. Does not
belong here: the figures (``learning_report``), tables (``page_tables``).

Ten figures, and as many a category, are compared every month: one in twenty would "move" by chance. So a difference is news
only where it stands after false discoveries are held over all that are compared, those over all and those by category each
for themselves (Benjamini and Hochberg 1995): of ten that are said to have moved, about one at most is chance, on average. The p-value is read
back from the interval. One that would stand alone and not among the others is called "perhaps".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import pandas as pd

from assets.pilot_agent.verdict.pilot_metrics import HANDLE_TIME
from assets.retrain_agent.review_session.session_words import percent
from assets.sustain_learning.report.learning_frames import Span
from assets.sustain_learning.report.metric_words import KEY, cut_words, short_of
from assets.sustain_learning.report.report_rows import ALL, RATE, Figure
from assets.sustain_learning.report.report_sentences import number

BETTER, WORSE, PERHAPS_BETTER, PERHAPS_WORSE, ALIKE, UNKNOWN = (
    "better", "worse", "perhaps_better", "perhaps_worse", "alike", "unknown",
)  # fmt: skip
READINGS: Mapping[str, str] = {
    BETTER: "better",
    WORSE: "worse",
    PERHAPS_BETTER: "perhaps better; among so many figures it may be chance",
    PERHAPS_WORSE: "perhaps worse; among so many figures it may be chance",
    ALIKE: "no difference shown",
    UNKNOWN: "nothing to compare with",
}
FALSE_DISCOVERIES, ALONE = 0.1, 0.05
LEAST_TICKETS = 10
"""Fewer than this a month say nothing about a category."""
NAMED = 4
_Key = tuple[str, str]


@dataclass(frozen=True)
class Headline:
    """Sentences, each list possibly empty. compared: how many figures were held against chance together."""

    better: tuple[str, ...]
    worse: tuple[str, ...]
    unclear: tuple[str, ...]
    compared: int


def figures_of(rows: pd.DataFrame) -> list[Figure]:
    """The rows of one month as figures."""
    found = []
    for row in rows.to_dict("records"):
        values: dict[str, Any] = {name: row[name] for name in Figure.__dataclass_fields__}
        better = values["higher_is_better"]
        found.append(Figure(**{**values, "higher_is_better": None if pd.isna(better) else bool(better)}))
    return found


def readings(figures: Sequence[Figure]) -> dict[_Key, str]:
    """How each compared figure moved, one of ``READINGS``: all of them, and each category's, held against chance together."""
    found = {}
    for one in figures:
        if one.higher_is_better is not None and one.unit in (RATE, "minutes") and one.cut == ALL:
            # Beside the main figures: what moved alone is never more than "perhaps".
            found[one.metric, one.cut] = UNKNOWN if math.isnan(one.difference_low) else _reading(one, _p(one), 1.0)
    for part in (True, False):
        compared = [one for one in figures if _is_compared(one) and (one.cut == ALL) is part]
        ps = [_p(one) for one in compared]
        for one, p, q in zip(compared, ps, _held(ps), strict=True):
            found[one.metric, one.cut] = _reading(one, p, q)
    return found


def _reading(one: Figure, p: float, q: float) -> str:
    is_better = (one.difference > 0) == one.higher_is_better
    if q <= FALSE_DISCOVERIES:
        return BETTER if is_better else WORSE
    if p <= ALONE:
        return PERHAPS_BETTER if is_better else PERHAPS_WORSE
    return ALIKE


def headline(figures: Sequence[Figure], span: Span, names: Mapping[str, str], missing: Sequence[str] = ()) -> Headline:
    """The month in a few sentences.

    Args:
        missing: parts of the report that have not been looked for yet, in words.
    """
    read = readings(figures)
    unclear = [_without_answers(figures, span)] if not _has_answers(figures) else _unclear(figures, read, span)
    unclear += [f"not looked at yet: {_listed(missing)}"] if missing else []
    return Headline(
        tuple(_moved(figures, read, BETTER, names)),
        tuple(_moved(figures, read, WORSE, names)),
        tuple(one for one in unclear if one),
        sum(_is_compared(one) for one in figures),
    )


def _has_answers(figures: Sequence[Figure]) -> bool:
    return any(one.metric == "involvement_rate" and one.cut == ALL and one.numerator > 0 for one in figures)


def _without_answers(figures: Sequence[Figure], span: Span) -> str:
    drafts = next((one for one in figures if one.cut == "phase:shadow" and one.is_known), None)
    if drafts is not None:
        return f"The AI drafted in {span.month.words} and sent nothing by itself, so customers say nothing about it."
    return f"The AI answered no customer by itself in {span.month.words}: there is nothing to judge it by."


def _moved(figures: Sequence[Figure], read: Mapping[_Key, str], which: str, names: Mapping[str, str]) -> list[str]:
    """Over all first; a category speaks where its figure over all does not, and is named beside it where it does."""
    mine = [one for one in figures if _is_compared(one) and read.get((one.metric, one.cut)) == which]
    mine.sort(key=lambda one: (one.cut != ALL, KEY.index(one.metric) if one.cut == ALL else _p(one), one.cut))
    said, over_all = [], {one.metric for one in mine if one.cut == ALL}
    told: set[str] = set()
    for one in mine:
        if one.cut != ALL and (one.metric in over_all or one.cut in told):
            continue
        told |= {one.cut} - {ALL}
        worst = next((each for each in mine if each.metric == one.metric and each.cut != ALL), None)
        also = "" if one.cut != ALL or worst is None else f", above all {cut_words(worst.cut, names)}"
        where = "" if one.cut == ALL else f" about {cut_words(one.cut, names)}"
        said.append(f"{short_of(one.metric)}{where}: {_from_to(one)}{also}")
    return [*said[:NAMED], *([f"and {len(said) - NAMED} more, in the table"] if len(said) > NAMED else [])]


def _unclear(figures: Sequence[Figure], read: Mapping[_Key, str], span: Span) -> list[str]:
    key = {one.metric: one for one in figures if one.metric in KEY and one.cut == ALL}
    if all(math.isnan(one.before) for one in key.values()):
        return [f"whether anything changed: the AI answered nobody in {span.before.words}"]
    said = []
    unmeasured = [short_of(name) for name, one in key.items() if not one.is_known]
    if unmeasured:
        said.append(f"{_listed(unmeasured)}: nothing to count from")
    perhaps = {PERHAPS_BETTER: "better", PERHAPS_WORSE: "worse"}
    for name, one in key.items():
        if (reading := read.get((name, ALL), "")) in perhaps:
            said.append(f"{short_of(name)}: {_from_to(one)}, perhaps {perhaps[reading]}, perhaps chance")
    alike = [one for name, one in key.items() if read.get((name, ALL)) == ALIKE]
    if alike:
        shown = _listed([short_of(one.metric) for one in alike])
        said.append(f"no difference shown: {shown}")
    return said


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _from_to(one: Figure) -> str:
    if one.metric == HANDLE_TIME:
        return f"{number(round(one.before, 1))} → {number(round(one.value, 1))}"
    return f"{percent(one.before)} → {percent(one.value)}"


def _is_compared(one: Figure) -> bool:
    if one.metric not in KEY or one.higher_is_better is None or math.isnan(one.difference_low):
        return False
    return one.cut == ALL or (":" not in one.cut and one.denominator >= LEAST_TICKETS)


def _p(one: Figure) -> float:
    """Two-sided, from the interval: by its half on the side of zero, since score intervals are not symmetric."""
    half = one.difference - one.difference_low if one.difference > 0 else one.difference_high - one.difference
    if one.difference == 0:
        return 1.0
    if half <= 0:
        return 0.0
    return 2 * (1 - NormalDist().cdf(abs(one.difference) / half * NormalDist().inv_cdf(0.975)))


def _held(ps: Sequence[float]) -> list[float]:
    if not ps:
        return []
    from scipy.stats import false_discovery_control

    return [float(one) for one in false_discovery_control(ps, method="bh")]
