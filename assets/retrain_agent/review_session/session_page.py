"""The monthly session as one self-contained HTML page: thirty minutes, what to say, what to decide.

Belongs here: the agenda, and what the template is filled with. Does not belong here: counting (``wrong_answers``,
``shown_patterns``, ``asked_decisions``, ``past_decisions``), sentences (``session_words``), rendering, escaping and the
security policy (``audit_tickets.pages``).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from assets.audit_tickets.pages.self_contained_page import PageTemplates, render_page
from assets.audit_tickets.roadmap.roadmap_page import PageDesk
from assets.audit_tickets.roadmap.roadmap_plots import BUCKET_COLOURS, as_svg
from assets.retrain_agent.frames import FAILURE_TYPES, UNEXPLAINED
from assets.retrain_agent.review_session import session_words
from assets.retrain_agent.review_session.asked_decisions import asked_decisions
from assets.retrain_agent.review_session.past_decisions import past_decisions
from assets.retrain_agent.review_session.session_month import SessionMonth
from assets.retrain_agent.review_session.session_plots import draw_types
from assets.retrain_agent.review_session.shown_patterns import MonthPatterns, month_patterns, short
from assets.retrain_agent.review_session.wrong_answers import WrongAnswers, wrong_answers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TEMPLATES = PageTemplates("assets.retrain_agent.review_session", "session.html.j2", "session.css.j2")
MINUTES = 30
INSIGHTS = 12


@dataclass(frozen=True)
class SessionFrames:
    """What a session is made from, as published. insights: insight_id, text, category_id, month, said_by, said_at."""

    cases: pd.DataFrame
    failures: pd.DataFrame
    patterns: pd.DataFrame
    fixes: pd.DataFrame
    changes: pd.DataFrame
    effects: pd.DataFrame
    insights: pd.DataFrame
    category_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AgendaItem:
    """One part of the session. begins: minutes from its start; anchor: of the section; what: in a line."""

    title: str
    minutes: int
    begins: int
    anchor: str
    what: str


def render_session_page(frames: SessionFrames, month: SessionMonth, desk: PageDesk, as_of: pd.Timestamp) -> str:
    """The page as one HTML text: no script, no font, image or style from elsewhere.

    Args:
        as_of: until when there is data; a month that is not over then is said to be cut there.
    """
    names = {str(key): str(value) for key, value in frames.category_names.items()}
    wrong = wrong_answers(frames.cases, frames.failures, month)
    patterns = month_patterns(frames.patterns, frames.failures, month)
    asked, more = asked_decisions(frames.fixes, names)
    past = past_decisions(frames.changes, frames.effects, frames.fixes, month)
    return render_page(
        TEMPLATES,
        BUCKET_COLOURS,
        desk=desk,
        month=month,
        as_of=as_of,
        is_cut=as_of < month.end,
        headline=session_words.headline(wrong, patterns, month),
        agenda=agenda(wrong, patterns, len(asked), len(past.accepted)),
        wrong=wrong,
        picture=_picture(wrong, month) if wrong.wrong else None,
        patterns=patterns,
        asked=asked,
        more=more,
        past=past,
        insights=_insights(frames.insights, month),
        questions=questions(wrong, patterns),
        types=FAILURE_TYPES,
        names=names,
        words=session_words,
    )


def agenda(wrong: WrongAnswers, patterns: MonthPatterns, asked: int, past: int) -> list[AgendaItem]:
    """The parts with their minutes: 30 in all where every part has something, less in a quiet month."""
    parts = [
        ("What the AI got wrong", "wrong", 5, bool(wrong.wrong), "counts by type, against the month before"),
        ("What is behind it", "patterns", 10, bool(patterns.shown), f"{len(patterns.shown)} patterns with examples"),
        ("Decisions", "decisions", 8, bool(asked), f"{session_words.count(asked, 'fix', 'fixes')} to accept or reject"),
        ("What earlier decisions did", "results", 4, bool(past), session_words.count(past, "change")),
        ("What did you see?", "questions", 3, True, "what no figure shows"),
    ]
    kept = [part for part in parts if part[3]]
    # A part that is left out gives its time to the last question, up to ten minutes; the rest goes back to everybody.
    spare = MINUTES - sum(part[2] for part in kept)
    found, begins = [], 0
    for title, anchor, minutes, _, what in kept:
        minutes += min(spare, 7) if anchor == "questions" else 0
        found.append(AgendaItem(title, minutes, begins, anchor, what))
        begins += minutes
    return found


def questions(wrong: WrongAnswers, patterns: MonthPatterns) -> list[str]:
    """What to ask the team, the questions that this month's figures leave open first."""
    asked = []
    unclear = sum(one.now for one in wrong.types if one.failure_type == UNEXPLAINED)
    if unclear:
        asked.append(f"{session_words.count(unclear, 'wrong answer')} could not be explained. Does anybody know why?")
    unsaid = [one for one in patterns.shown if one.examples and not any(each.right for each in one.examples)]
    if unsaid:
        asked.append(f"Nobody has written what would be right for “{short(unsaid[0].row['name'], 120)}”. Who knows it?")
    if not wrong.judged:
        asked.append("Nobody judged an answer this month. What kept you from it?")
    return [
        *asked,
        "Which answers did you correct without saying so in a review?",
        "What has changed in the product, in prices or in rules that no entry says yet?",
        "What do customers tell you on the phone or in meetings that never becomes a ticket?",
    ]


def _insights(insights: pd.DataFrame, month: SessionMonth) -> list[dict[str, Any]]:
    mine = insights[insights["month"].astype("string") == str(month)].sort_values("said_at", kind="stable")
    return [
        {
            "text": short(row["text"], 600),
            "by": short(row["said_by"], 80) or "somebody whose name was erased",
            "at": row["said_at"],
        }
        for row in mine.tail(INSIGHTS).to_dict("records")
    ]


def _picture(wrong: WrongAnswers, month: SessionMonth) -> dict[str, str]:
    told = ", ".join(
        f"{session_words.TYPE_TITLES.get(one.failure_type, one.failure_type)} {one.now}, before {one.before}"
        for one in wrong.types
    )
    return {
        "alt": f"Wrong answers by type in {month.words} and the month before: {told}. The table below has the same figures.",
        "wide": _data_uri(draw_types(wrong, month.words, month.before.words)),
        "narrow": _data_uri(draw_types(wrong, month.words, month.before.words, compact=True)),
    }


def _data_uri(figure: Figure) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(as_svg(figure).encode("utf-8")).decode("ascii")
