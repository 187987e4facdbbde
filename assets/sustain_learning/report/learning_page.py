"""The month's learning report as one self-contained HTML page, and its pictures as PNG for asset metadata.

Belongs here: what the template is filled with. Does not belong here: counting (``learning_report``), the first sentences
(``page_headline``), tables, pictures and decisions (``page_tables``, ``page_trends``, ``page_decisions``), rendering,
escaping and the security policy (``audit_tickets.pages``).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from assets.audit_tickets.pages.self_contained_page import PageTemplates, render_page
from assets.audit_tickets.roadmap.roadmap_page import PageDesk
from assets.audit_tickets.roadmap.roadmap_plots import BUCKET_COLOURS
from assets.retrain_agent.review_session import session_words
from assets.retrain_agent.review_session.session_month import SessionMonth
from assets.sustain_learning.report import page_decisions, page_headline, page_tables, page_trends
from assets.sustain_learning.report.learning_frames import LearningFrames, Span
from assets.sustain_learning.report.month_counts import changes_of
from assets.sustain_learning.report.page_trends import Picture

__all__ = ["PageDesk", "learning_pictures", "learning_sentences", "render_learning_page"]

TEMPLATES = PageTemplates("assets.sustain_learning.report", "learning.html.j2", "learning.css.j2")
UNLOOKED: Mapping[str, str] = {
    "drift": "drift",
    "support": "support signals",
    "scope": "what more it could answer",
    "audit": "the knowledge audit",
}
"""Parts that may be missing without the month being empty, in words."""


def render_learning_page(
    report: pd.DataFrame, frames: LearningFrames, month: SessionMonth, desk: PageDesk, as_of: pd.Timestamp
) -> str:
    """The page as one HTML text: no script, no font, image or style from elsewhere.

    Args:
        report: ``learning_report`` rows of the month and of those before it that the trends show.
        as_of: until when there is data; a month that is not over then is said to be cut there.
    """
    span, names = Span(month, as_of), _names(frames)
    figures = page_headline.figures_of(report[report["month"] == str(month)])
    read = page_headline.readings(figures)
    by_category, more_categories = page_tables.categories(figures, read, names)
    return render_page(
        TEMPLATES,
        BUCKET_COLOURS,
        desk=desk,
        span=span,
        month=month,
        as_of=as_of,
        headline=page_headline.headline(figures, span, names, _unlooked(frames)),
        cards=page_tables.cards(figures, read),
        groups=page_tables.groups(figures, read),
        people=page_tables.beside_people(figures),
        drafts=page_tables.drafts(figures),
        by_category=by_category,
        more_categories=more_categories,
        category_columns=[page_tables.title_of(one) for one in page_tables.OF_CATEGORIES],
        after=page_tables.by_cut(figures, "escalation_rate", "reason:", names),
        at_once=page_tables.by_cut(figures, page_tables.AT_ONCE, "reason:", names),
        failures=page_tables.by_cut(figures, "failure_rate", "type:", names),
        findings=page_tables.by_cut(figures, "open_findings", "type:", names),
        trouble=page_tables.by_cut(figures, "trouble_signals", "kind:", names),
        trends=page_trends.trends(report, str(month) if span.is_cut else None),
        effects=_effects(frames, span),
        changes=page_decisions.changes_part(frames, span, names),
        drift=page_decisions.drift_part(frames, span),
        signals=page_decisions.signals_part(frames, span),
        proposals=page_decisions.proposals_part(frames, span),
        decisions=page_decisions.decisions(frames, span),
        words=session_words,
    )


def learning_pictures(
    report: pd.DataFrame, frames: LearningFrames, month: SessionMonth, as_of: pd.Timestamp
) -> Mapping[str, bytes]:
    """The page's pictures as PNG by name, some twenty kilobytes each: for asset metadata."""
    span = Span(month, as_of)
    drawn = page_trends.trends(report, str(month) if span.is_cut else None)
    effects = _effects(frames, span)
    return {one.name: one.png() for one in (*drawn, *((effects,) if effects else ()))}


def learning_sentences(
    report: pd.DataFrame, frames: LearningFrames, month: SessionMonth, as_of: pd.Timestamp
) -> list[str]:
    """The month in three sentences at most, as the page begins: better, worse, and what nobody can tell."""
    figures = page_headline.figures_of(report[report["month"] == str(month)])
    said = page_headline.headline(figures, Span(month, as_of), _names(frames), _unlooked(frames))
    return [
        f"{title}: {'; '.join(parts)}."
        for title, parts in (("Better", said.better), ("Worse", said.worse), ("Nobody can tell", said.unclear))
        if parts
    ]


def _effects(frames: LearningFrames, span: Span) -> Picture | None:
    if frames.changes is None or frames.effects is None:
        return None
    mine = changes_of(frames.changes, span)["change_id"]
    return page_trends.effects_picture(frames.effects[frames.effects["change_id"].isin(mine)])


def _names(frames: LearningFrames) -> dict[str, str]:
    if frames.categories is None:
        return {}
    return dict(zip(frames.categories["category_id"].astype(str), frames.categories["name"].astype(str), strict=True))


def _unlooked(frames: LearningFrames) -> list[str]:
    return [words for name, words in UNLOOKED.items() if getattr(frames, name) is None]
