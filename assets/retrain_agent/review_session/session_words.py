"""A session's sentences and number formats.

Belongs here: every sentence of the page that depends on data. Does not belong here: HTML (``templates/session.html.j2``),
counting.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from assets.retrain_agent.frames import (
    EDGE_CASE_COLLISION,
    FEEDBACK,
    HANDOFF,
    INTENT_MISCLASSIFICATION,
    KNOWLEDGE_GAP,
    MISSED_ESCALATION,
    NEEDLESS_ESCALATION,
    REOPENED,
    RETRIEVAL_MISS,
    REVIEW,
    STALE_KNOWLEDGE,
    TONE_OR_LENGTH,
    UNEXPLAINED,
)
from assets.retrain_agent.patterns.pattern_trend import TRENDS
from assets.retrain_agent.review_session.session_month import SessionMonth
from assets.retrain_agent.review_session.shown_patterns import Example, MonthPatterns, ShownPattern
from assets.retrain_agent.review_session.wrong_answers import WrongAnswers

TYPE_TITLES = {
    KNOWLEDGE_GAP: "No entry answers it",
    INTENT_MISCLASSIFICATION: "Taken for something else",
    EDGE_CASE_COLLISION: "Right for other customers",
    RETRIEVAL_MISS: "The entry was not found",
    STALE_KNOWLEDGE: "The entry is not true any more",
    MISSED_ESCALATION: "A person was needed",
    NEEDLESS_ESCALATION: "Handed over without need",
    TONE_OR_LENGTH: "Said in the wrong way",
    UNEXPLAINED: "Cause unclear",
}
SOURCES = {
    REVIEW: "by reviewers",
    FEEDBACK: "by the customer",
    HANDOFF: "by whoever took over",
    REOPENED: "by whether the customer came back",
}
AGAINST = {
    "more": "more than the month before",
    "fewer": "fewer than the month before",
    "alike": "no difference shown",
    "unknown": "nothing to compare with",
}
DONE = {"answer": "It answered", "ask": "It asked back", "draft": "It drafted", "escalate": "It called a person"}


def headline(wrong: WrongAnswers, patterns: MonthPatterns, month: SessionMonth) -> list[str]:
    """What the month was like, in two or three sentences."""
    if not wrong.judged:
        return [
            f"Nobody judged an answer of {month.words}, so nothing can be said of what the AI got wrong. That is not the same as "
            "nothing going wrong: review a sample with understudy review."
        ]
    if not wrong.wrong:
        return [
            f"Of {count(wrong.judged, 'judged answer')} in {month.words} none was wrong (at most {percent(wrong.high)} would "
            "be, by chance). There is little to discuss; the last question still is worth asking."
        ]
    said = [
        f"Of {count(wrong.judged, 'judged answer')} in {month.words} {wrong.wrong:,} {'was' if wrong.wrong == 1 else 'were'} "
        f"wrong: {percent(wrong.share)} ({interval(wrong.low, wrong.high)})."
    ]
    if wrong.judged_before:
        said.append(
            f"In {month.before.words} it was {percent(wrong.share_before)} ({wrong.wrong_before:,} of {wrong.judged_before:,})."
        )
    else:
        said.append(f"In {month.before.words} nobody judged an answer, so there is nothing to compare with.")
    if patterns.shown:
        covered = sum(one.count for one in patterns.shown)
        said.append(
            f"Of the wrong ones in {month.words} {covered:,} {'belongs' if covered == 1 else 'belong'} to "
            f"{count(len(patterns.shown), 'pattern')}, shown below."
        )
    return said


def judged_in_words(wrong: WrongAnswers) -> str:
    """“Judged: 838 by reviewers (431 wrong), 12 by the customer (3 wrong).”"""
    parts = [
        f"{judged:,} {SOURCES.get(source, 'by ' + source)} ({bad:,} wrong)" for source, judged, bad in wrong.by_source
    ]
    return f"Judged: {', '.join(parts)}. Answers that nobody judged are not counted." if parts else ""


def pattern_figures(one: ShownPattern) -> str:
    """“99 wrong answers to 87 customers in the month; about 350 minutes of people's time a month; first seen …”."""
    parts = [f"{count(one.count, 'wrong answer')} to {count(one.customers, 'customer')} in the month"]
    minutes = one.row["minutes_per_month"]
    if minutes is not None and not pd.isna(minutes) and round(float(minutes)):
        parts.append(f"about {count(round(float(minutes)), 'minute')} of people's time in the last 28 days")
    if (trend := TRENDS.get(str(one.row["trend"]))) is not None:
        parts.append(trend)
    return "; ".join(parts)


def said(example: Example) -> str:
    """What the AI did, before what it said: “It answered”, “It called a person: …”."""
    done = DONE.get(example.action, "It decided")
    if example.action == "escalate":
        return f"{done}{': ' + example.handoff_reason if example.handoff_reason else ''}"
    return done


def right(example: Example, names: dict[str, str]) -> str:
    """What would have been right, in a person's words where there are any; "" where nobody said."""
    if example.right:
        return example.right
    if example.should_escalate and example.action != "escalate":
        return "A person should have taken over."
    if example.right_category_id and example.right_category_id != example.category_id:
        return f"It is about {names.get(example.right_category_id, example.right_category_id.replace('_', ' '))}."
    if example.should_escalate is False and example.action == "escalate":
        return "No person was needed."
    return ""


def day(value: Any) -> str:
    """“2 June”."""
    return "" if value is None or pd.isna(value) else f"{value:%-d %B}"


def count(number: int, word: str, words: str | None = None) -> str:
    """“1 week”, “2 weeks”."""
    return f"{number:,} {word if number == 1 else words or word + 's'}"


def percent(value: float) -> str:
    """“12%”; with a decimal below ten; “–” for none."""
    if math.isnan(value):
        return "–"
    return f"{100 * value:.0f}%" if value >= 0.1 or value == 0 else f"{100 * value:.1f}%"


def interval(low: float, high: float) -> str:
    """“47 to 55%”."""
    return "–" if math.isnan(low) else f"{percent(low).removesuffix('%')} to {percent(high)}"
