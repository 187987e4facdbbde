"""The learning report of a month, made from what lies in the lake: as rows, as a page, and as metadata of its asset.

Belongs here: reading the frames that a report needs, which month is meant, and writing the page. Does not belong here:
counting and drawing (``assets.sustain_learning.report``), other pages (``people.pages``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.retrain_agent.review_session.session_month import SessionMonth
from assets.sustain_learning.report.learning_frames import LearningFrames
from orchestration.lake import Lake, NotMaterialised, replacing
from orchestration.resources import DeskResource

if TYPE_CHECKING:
    import dagster as dg
    import pandas as pd

    from desk.loading import Desk

LEARNING_TABLES = {
    "answers": "fct_ai_answers",
    "tickets": "fct_tickets",
    "entries": "knowledge_entries",
    "findings": "knowledge_findings",
    "categories": "accepted_categories",
    "cases": "judged_answers",
    "failures": "failures",
    "fixes": "fix_queue",
    "changes": "changes",
    "effects": "training_effects",
    "decisions": "live_decisions",
    "signals": "feedback_signals",
    "drift": "knowledge_drift",
    "audit": "knowledge_audit",
    "support": "support_signals",
    "scope": "scope_proposals",
    "reports": "learning_report",
}
"""The parts of a learning report, and the published tables they are read from."""
COLUMNS = {
    "tickets": ["ticket_id", "requester_id", "created_at", "is_in_audit"],
    "cases": ["case_id", "source", "requester_id", "occurred_at", "is_wrong"],
    "failures": ["failure_id", "source", "failure_type"],
}
"""All that is needed of tables with long texts or very many columns."""
SENTENCES, REPORT, PAGE = "in_short", "figures", "page"
MOST_PICTURE_BYTES = 60_000
"""A picture in metadata goes into the event log with every run."""


@dataclass(frozen=True)
class LearntMonth:
    """A month's report and what it was made from. report: rows of the month and of those before it, for the trends."""

    month: SessionMonth
    as_of: pd.Timestamp
    frames: LearningFrames
    report: pd.DataFrame

    @property
    def rows(self) -> pd.DataFrame:
        """The month's own rows."""
        return self.report[self.report["month"] == str(self.month)].reset_index(drop=True)

    @property
    def published(self) -> pd.DataFrame:
        """What ``learning_report`` publishes: earlier reports, with this month's rows among them."""
        from assets.sustain_learning.report.learning_report import with_month

        return with_month(self.frames.reports, self.rows)


def learnt_month(desk: Desk, month: str | None = None) -> LearntMonth:
    """Count a month from what the lake holds now; what a stage has not published yet is left out, and said to be.

    Args:
        month: YYYY-MM, or a partition's first day; None: the last one that was reported, else the last that is over.

    Raises:
        MonthError: it is none. NotMaterialised: no ticket was ever read. ValueError: no ticket has a time.
    """
    from assets.sustain_learning.report.learning_report import report_of_months

    resource = DeskResource(folder=str(desk.folder))
    as_of = resource.as_of(resource.lake.read("fct_tickets", ["updated_at", "created_at"]))
    frames = learning_frames(resource.lake)
    which = _last(frames, as_of) if month is None else SessionMonth.read(_as_month(month))
    return LearntMonth(which, as_of, frames, report_of_months(which, frames, as_of))


def learning_frames(lake: Lake) -> LearningFrames:
    """What the stages published; None for what is not there."""
    there: dict[str, Any] = {}
    for part, name in LEARNING_TABLES.items():
        try:
            there[part] = lake.read(name, COLUMNS.get(part))
        except NotMaterialised:
            there[part] = None
    return LearningFrames(**there)


def write_learning_page(desk: Desk, month: str | None = None, output: Path | None = None) -> Path:
    """Write the month's page with what is in the lake by now; returns where.

    Args:
        month: as ``learnt_month`` takes it. output: default: in the desk's home, learning-YYYY-MM.html.

    Raises:
        MonthError: it is no month. NotMaterialised: no ticket was ever read. ValueError: no ticket has a time.
    """
    return write_page_of(desk, learnt_month(desk, month), output)


def write_page_of(desk: Desk, learnt: LearntMonth, output: Path | None = None) -> Path:
    """Write the page of a month that was counted; returns where."""
    page = (output.expanduser() if output else Lake(desk.home).reports / f"learning-{learnt.month}.html").absolute()
    html = learning_page(desk, learnt)
    with replacing(page) as temporary:
        temporary.write_text(html, encoding="utf-8")
    return page


def learning_page(desk: Desk, learnt: LearntMonth) -> str:
    """The page as HTML."""
    from assets.sustain_learning.report.learning_page import PageDesk, render_learning_page

    shown = PageDesk(desk.settings.company, desk.settings.fictional)
    return render_learning_page(learnt.report, learnt.frames, learnt.month, shown, learnt.as_of)


def learning_metadata(desk: Desk, learnt: LearntMonth) -> dict[str, dg.MetadataValue | str]:
    """What the asset shows in Dagster: the month in short, the page's path, its figures, and its pictures in place.

    Writes the page. A picture that is too large for an event log is left to the page.
    """
    import dagster as dg

    from assets.sustain_learning.report.learning_page import learning_pictures, learning_sentences
    from orchestration.previews import picture, preview

    rows = learnt.rows
    sentences = learning_sentences(learnt.report, learnt.frames, learnt.month, learnt.as_of)
    drawn = learning_pictures(learnt.report, learnt.frames, learnt.month, learnt.as_of)
    over_all = rows[rows["cut"] == "all"][["metric", "value", "low", "high", "before", "difference"]]
    return {
        SENTENCES: dg.MetadataValue.md("\n".join(f"- {_plain(one)}" for one in sentences) or "nothing to report"),
        PAGE: dg.MetadataValue.path(str(write_page_of(desk, learnt))),
        REPORT: preview(over_all, 45),
        **{name: picture(png) for name, png in drawn.items() if len(png) <= MOST_PICTURE_BYTES},
    }


def _last(frames: LearningFrames, as_of: pd.Timestamp) -> SessionMonth:
    reported = [] if frames.reports is None else sorted(str(one) for one in frames.reports["month"].dropna().unique())
    return SessionMonth.read(reported[-1]) if reported else SessionMonth.of(as_of).before


def _as_month(text: str) -> str:
    """A partition is named by its first day."""
    return text.strip().removesuffix("-01") if text.strip().count("-") == 2 else text


def _plain(text: str) -> str:
    """A name may hold what Markdown would obey."""
    for special in "\\`*_[]<>|":
        text = text.replace(special, "\\" + special)
    return text
