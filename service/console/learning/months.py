"""The months that were reported: what a month's report says at once, and what takes longer to count.

Belongs here: published rows as cards, sentences and tables; pictures and the page to keep, counted once for everybody. Does not
belong here: counting and wording a report (``assets.sustain_learning.report``), drawing the page (``report_page``).

``published_month`` reads what the report's asset wrote. The pictures show earlier months too, which are counted anew from the
lake, and so does the page to keep: that takes seconds, and is kept until a file that they rest on changes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from assets.retrain_agent.review_session.session_month import SessionMonth
from desk.loading import load_desk
from orchestration.lake import Lake
from orchestration.learning_pages import LEARNING_TABLES, learning_page, learnt_month

if TYPE_CHECKING:
    import pandas as pd

    from assets.sustain_learning.report.page_headline import Headline
    from assets.sustain_learning.report.page_tables import Cell
    from assets.sustain_learning.report.page_trends import Picture
    from desk.loading import Desk
    from service.service import Service

KEPT_MONTHS = 3


class NoSuchMonth(LookupError):
    """No report of that month was made; ``str()`` says what to run."""


@dataclass(frozen=True)
class Month:
    """A month as its report says. months: all that were reported, the newest first; groups: tables over all by the question
    they answer; categories: rows of cells under ``columns``; is_cut: it was not over when it was counted."""

    month: str
    months: tuple[str, ...]
    words: str
    before: str
    counted_at: str
    is_cut: bool
    headline: Headline
    cards: tuple[Cell, ...]
    groups: tuple[tuple[str, tuple[Cell, ...]], ...]
    people: tuple[tuple[str, Cell, Cell], ...]
    columns: tuple[str, ...]
    categories: tuple[tuple[str, tuple[Cell, ...]], ...]


def reported_months(lake: Lake) -> tuple[str, ...]:
    """Months that were reported, the newest first."""
    if not lake.file("learning_report").is_file():
        return ()
    months = lake.read("learning_report", ["month"])["month"].dropna()
    return tuple(sorted({str(one) for one in months}, reverse=True))


def read_month(desk: Desk, month: str = "") -> Month | None:
    """A reported month, the newest where none or an unknown one is named; None where none was reported."""
    lake = Lake(desk.home)
    months = reported_months(lake)
    if not months:
        return None
    chosen = month if month in months else months[0]
    rows = lake.read("learning_report")
    missing = [name for name, table in LEARNING_TABLES.items() if not lake.file(table).is_file()]
    names = {one.id: one.name for one in desk.categories}
    return month_of(rows[rows["month"] == chosen], chosen, months, names, missing)


def month_of(
    rows: pd.DataFrame, month: str, months: Sequence[str], names: dict[str, str], missing: Sequence[str] = ()
) -> Month:
    """A month from its rows of ``learning_report``.

    Args:
        missing: parts of ``LEARNING_TABLES`` that were never published.
    """
    from assets.sustain_learning.report import page_headline, page_tables
    from assets.sustain_learning.report.learning_frames import Span
    from assets.sustain_learning.report.learning_page import UNLOOKED

    counted = rows["counted_as_of"].max()
    span = Span(SessionMonth.read(month), counted)
    figures = page_headline.figures_of(rows)
    read = page_headline.readings(figures)
    by_category, _ = page_tables.categories(figures, read, names)
    return Month(
        month=month, months=tuple(months), words=span.month.words, before=span.before.words,
        counted_at=f"{counted:%-d %B %Y}", is_cut=span.is_cut,
        headline=page_headline.headline(figures, span, names, [said for name, said in UNLOOKED.items() if name in missing]),
        cards=tuple(page_tables.cards(figures, read)),
        groups=tuple((title, tuple(cells)) for title, cells in page_tables.groups(figures, read)),
        people=tuple(page_tables.beside_people(figures)),
        columns=tuple(page_tables.title_of(one) for one in page_tables.OF_CATEGORIES),
        categories=tuple((name, tuple(cells)) for name, cells in by_category),
    )  # fmt: skip


class LearningMonths:
    """One desk's pictures and pages. Safe for threads; every method may take many seconds the first time."""

    def __init__(self, folder: Path, home: Path) -> None:
        self._folder, self._lake = folder, Lake(home)
        self._lock = threading.Lock()
        self._version: Hashable = None
        self._pictures: OrderedDict[str, tuple[Picture, ...]] = OrderedDict()
        self._drawn: OrderedDict[tuple[str, str, bool], bytes] = OrderedDict()
        self._pages: OrderedDict[str, str] = OrderedDict()

    def pictures(self, month: str) -> tuple[Picture, ...]:
        """The month's pictures, not drawn yet: trends up to it, and the effects of its changes.

        Raises:
            NoSuchMonth: it was not reported.
        """
        with self._lock:
            return self._pictures_of(month)

    def drawn(self, month: str, name: str, *, is_narrow: bool) -> bytes:
        """A picture as SVG.

        Raises:
            NoSuchMonth: it was not reported, or has no such picture.
        """
        from assets.audit_tickets.roadmap.roadmap_plots import as_svg

        with self._lock:
            picture = next((one for one in self._pictures_of(month) if one.name == name), None)
            if picture is None:
                raise NoSuchMonth(f"the report of {month} has no such picture")
            key = month, name, is_narrow
            if key not in self._drawn:
                self._drawn[key] = as_svg(picture.draw(is_narrow)).encode()
                _forget(self._drawn, 8 * KEPT_MONTHS)
            return self._drawn[key]

    def page(self, month: str) -> str:
        """The page to keep, as ``understudy report learning`` writes it.

        Raises:
            NoSuchMonth: it was not reported. DeskError: a file of the desk is wrong.
        """
        with self._lock:
            self._prepare(month)
            if month not in self._pages:
                desk = load_desk(self._folder)
                self._pages[month] = learning_page(desk, learnt_month(desk, month))
                _forget(self._pages, KEPT_MONTHS)
            return self._pages[month]

    def _pictures_of(self, month: str) -> tuple[Picture, ...]:
        self._prepare(month)
        if month not in self._pictures:
            self._pictures[month] = _counted(load_desk(self._folder), month)
            _forget(self._pictures, KEPT_MONTHS)
        return self._pictures[month]

    def _prepare(self, month: str) -> None:
        """Forget what rests on files that were written since; refuse a month nobody reported, which anybody could ask for."""
        version = tuple(self._lake.modified_at(one) for one in LEARNING_TABLES.values())
        if version != self._version:
            for kept in (self._pictures, self._drawn, self._pages):
                kept.clear()
            self._version = version
        if month not in reported_months(self._lake):
            raise NoSuchMonth(f"No report of {month[:20]!r} was made. Reports are made by: understudy run monthly")


def months_of(service: Service) -> LearningMonths:
    """What everybody who looks at this service's desk shares."""
    return _kept(service.folder, service.home)


@lru_cache(maxsize=4)
def _kept(folder: Path, home: Path) -> LearningMonths:
    return LearningMonths(folder, home)


def _counted(desk: Desk, month: str) -> tuple[Picture, ...]:
    from assets.sustain_learning.report.learning_frames import Span
    from assets.sustain_learning.report.month_counts import changes_of
    from assets.sustain_learning.report.page_trends import effects_picture, trends

    learnt = learnt_month(desk, month)
    span = Span(learnt.month, learnt.as_of)
    found = trends(learnt.report, month if span.is_cut else None)
    changes, effects = learnt.frames.changes, learnt.frames.effects
    if changes is not None and effects is not None:
        mine = effects_picture(effects[effects["change_id"].isin(changes_of(changes, span)["change_id"])])
        found = [*found, *([mine] if mine is not None else [])]
    return tuple(found)


def _forget(kept: OrderedDict, at_most: int) -> None:  # type: ignore[type-arg]
    while len(kept) > at_most:
        kept.popitem(last=False)
