"""The tables and cards of the learning page: a figure, its interval, the month before, and what to read from it.

Belongs here: which figures stand where. Does not belong here: pictures (``page_trends``), decisions (``page_decisions``),
HTML.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assets.audit_tickets.roadmap.roadmap_examples import shorten
from assets.pilot_agent.verdict.pilot_metrics import AT_ONCE, HANDLE_TIME
from assets.retrain_agent.review_session.session_words import interval, percent
from assets.sustain_learning.report.metric_words import METRICS, cut_words, title_of
from assets.sustain_learning.report.page_headline import ALIKE, BETTER, PERHAPS_BETTER, PERHAPS_WORSE, UNKNOWN, WORSE
from assets.sustain_learning.report.report_rows import ALL, RATE, Figure
from assets.sustain_learning.report.report_sentences import difference_words, number

MARKS: Mapping[str, tuple[str, str]] = {
    BETTER: ("▲", "better"),
    WORSE: ("▼", "worse"),
    PERHAPS_BETTER: ("△", "perhaps better"),
    PERHAPS_WORSE: ("▽", "perhaps worse"),
    ALIKE: ("=", "no difference shown"),
    UNKNOWN: ("?", "nothing to compare with"),
    "": ("", ""),
}
"""A mark and words for each reading: never a colour alone."""
CARDS = (
    "resolution_rate_confirmed", "resolution_rate_assumed", "resolution_rate_verified", "answer_incorrect_rate",
    "escalation_rate", "csat", "involvement_of_all_tickets", "live_entries",
)  # fmt: skip
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Did it help?", ("resolution_rate_confirmed", "resolution_rate_assumed", "resolution_rate_verified", "false_resolution_rate_assumed", "csat", "csat_response_rate", "thumbs_rate")),
    ("Was it right?", ("answer_quality", "answer_needs_improvement_rate", "answer_incorrect_rate", "review_share", "failure_rate")),
    ("Who did the work?", ("tickets", "tickets_a_day", "involvement_of_all_tickets", "involvement_rate", "automation_rate_confirmed", "automation_rate_assumed", "automation_rate_verified", "escalation_rate", AT_ONCE, "missed_escalation_rate", HANDLE_TIME)),
    ("What does it know?", ("live_entries", "entries_overdue", "entries_set_aside", "entries_waiting", "open_findings", "audit_items_open", "audit_items_overdue", "changes_accepted", "changes_released")),
)  # fmt: skip
OF_CATEGORIES = ("resolution_rate_assumed", "answer_incorrect_rate", "escalation_rate", "csat")
SHOWN_CATEGORIES, LEAST_TICKETS = 12, 5
_Read = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Cell:
    """One figure as it is shown. value: “66%”; counted: “54 of 82”; ends: “55 to 76%”; change: “−3 points [−16, 10]”; mark,
    reading: what to read from it, "" where nothing."""

    title: str
    means: str
    value: str
    counted: str
    ends: str
    before: str
    change: str
    mark: str
    reading: str
    state: str

    @property
    def is_known(self) -> bool:
        """Whether there is a value."""
        return self.value != "–"


def cards(figures: Sequence[Figure], read: _Read) -> list[Cell]:
    """The eight figures of the first screen."""
    mine = {one.metric: one for one in figures if one.cut == ALL}
    return [cell(mine.get(name, Figure(name)), read) for name in CARDS]


def groups(figures: Sequence[Figure], read: _Read) -> list[tuple[str, list[Cell]]]:
    """The month's figures over all, by the question they answer; a metric nobody has counted is left out."""
    mine = {one.metric: one for one in figures if one.cut == ALL}
    found = [
        (title, [cell(mine[name], read) for name in names if name in mine and _is_worth(mine[name])])
        for title, names in GROUPS
    ]
    return [one for one in found if one[1]]


def by_cut(figures: Sequence[Figure], metric: str, prefix: str, names: Mapping[str, str]) -> list[Cell]:
    """Figures of a metric by what it is cut by (the beginning of the cut), the largest first."""
    mine = [one for one in figures if one.metric == metric and one.cut.startswith(prefix) and (one.value or one.before)]
    mine.sort(key=lambda one: (-_or_zero(one.value), -_or_zero(one.before), one.cut))
    return [cell(one, {}, cut_words(one.cut, names)) for one in mine]


def beside_people(figures: Sequence[Figure]) -> list[tuple[str, Cell, Cell]]:
    """Figures that mean the same where people answer alone: the AI's and people's, of the same weeks."""
    people = {one.metric: one for one in figures if one.cut == "arm:control" and one.is_known}
    mine = {one.metric: one for one in figures if one.cut == ALL and one.is_known}
    shared = [name for name in METRICS if name in people and name in mine]
    return [(title_of(name), cell(mine[name], {}), cell(people[name], {})) for name in shared]


def drafts(figures: Sequence[Figure]) -> list[Cell]:
    """What is known of drafts that a person had to send, and of the live service, which are never added to the rest."""
    return [
        cell(one, {}, f"{title_of(one.metric, one.cut)} ({cut_words(one.cut, {})})")
        for one in figures
        if one.cut.startswith("phase:") and one.is_known
    ]


def categories(
    figures: Sequence[Figure], read: _Read, names: Mapping[str, str]
) -> tuple[list[tuple[str, list[Cell]]], int]:
    """Categories with answers in the month, those with most first, and how many more there are; a row has a cell a metric."""
    mine: dict[str, dict[str, Figure]] = {}
    for one in figures:
        if one.metric in OF_CATEGORIES and one.cut != ALL and ":" not in one.cut and one.is_known:
            mine.setdefault(one.cut, {})[one.metric] = one
    ranked = sorted(mine, key=lambda name: (-max(one.denominator for one in mine[name].values()), name))
    kept = [name for name in ranked if max(one.denominator for one in mine[name].values()) >= LEAST_TICKETS]
    rows = [
        (
            shorten(names.get(name, name.replace("_", " ")), 60),
            [cell(mine[name].get(metric, Figure(metric, name)), read) for metric in OF_CATEGORIES],
        )
        for name in kept[:SHOWN_CATEGORIES]
    ]
    return rows, len(ranked) - len(rows)


def cell(one: Figure, read: _Read, title: str | None = None) -> Cell:
    """A figure as it is shown."""
    state = read.get((one.metric, one.cut), "") if one.is_known else ""
    mark, reading = MARKS[state]
    is_rate, is_time = one.unit == RATE, one.metric == HANDLE_TIME
    counted = ends = ""
    if is_rate and one.is_known:
        counted, ends = f"{one.numerator:,.0f} of {one.denominator:,.0f}", interval(one.low, one.high)
    elif is_time and one.is_known:
        counted = f"{one.denominator:,.0f} tickets"
        ends = "" if math.isnan(one.low) else f"{one.low:.1f} to {one.high:.1f}"
    shown = percent if is_rate else (lambda value: "–" if math.isnan(value) else f"{value:.1f}") if is_time else number
    return Cell(
        title=title or title_of(one.metric, one.cut), means=METRICS[one.metric].means if one.metric in METRICS else "",
        value=shown(one.value), counted=counted, ends=ends, before=shown(one.before),
        change="" if math.isnan(one.difference) else difference_words(one), mark=mark, reading=reading, state=state,
    )  # fmt: skip


def _is_worth(one: Figure) -> bool:
    """A figure of nothing in both months tells nothing, unless it is a rate that should be there."""
    return one.unit == RATE or bool(_or_zero(one.value) or _or_zero(one.before)) or one.metric == "live_entries"


def _or_zero(value: float) -> float:
    return 0.0 if math.isnan(value) else value
