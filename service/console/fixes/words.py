"""The codes of the fix queue in words for a support lead.

Belongs here: words for types, kinds, trends, harm, weeks and changes. Does not belong here: drawing, reading.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from assets.retrain_agent import frames
from assets.retrain_agent.fixes import proposal
from assets.retrain_agent.review_session.session_words import TYPE_TITLES
from service.console.knowledge.words import some

if TYPE_CHECKING:
    from service.console.fixes.reading import Change, Fix, Pattern, Week

KINDS = {
    proposal.NEW_ENTRY: "New entry",
    proposal.EDIT_ENTRY: "Changed entry",
    proposal.SPLIT_ENTRY: "Condition to add",
    proposal.PHRASINGS: "Wordings to add",
    proposal.CATEGORY_EXAMPLES: "Examples for categories",
    proposal.TRIGGER: "Changed trigger",
    proposal.THRESHOLD: "Moved threshold",
    proposal.REPLY_STYLE: "How replies are worded",
    proposal.NOTE: "To look into",
}
STATUSES = {
    "open": "To decide", "accepted": "Accepted", "rejected": "Rejected", "withdrawn": "Not needed any more", "all": "All",
}  # fmt: skip
CHANGE_STATUSES = {
    "accepted": ("accepted, in no release yet", "open"),
    "released": ("customers have it", "good"),
    "ended": ("ended", ""),
}
TRENDS = {
    "new": "new",
    "rising": "more often than before",
    "steady": "as often as before",
    "falling": "less often than before",
    "unclear": "too few to say whether it grows",
    "gone": "has stopped",
}
SOURCES = {
    frames.REVIEW: "a reviewer",
    frames.FEEDBACK: "the customer's feedback",
    frames.HANDOFF: "the person who took over",
    frames.REOPENED: "the customer, who came back",
    frames.REPLAY: "what people answered in the past",
    frames.INSIGHT: "somebody in a review session",
}
ACTIONS = {
    "answer": "answered", "ask": "asked back", "draft": "drafted for a person", "escalate": "handed it to a person",
}  # fmt: skip


def failure_type(code: str | None) -> str:
    """The title of a type of failure."""
    return TYPE_TITLES.get(code or "", (code or "").replace("_", " ").capitalize())


def capitalised(sentence: str) -> str:
    """A sentence that begins with a capital; what follows stays as it is."""
    return sentence[:1].upper() + sentence[1:]


def kind(code: str) -> str:
    """What kind of fix."""
    return KINDS.get(code, code.replace("_", " ").capitalize())


def harm(value: float | None) -> str:
    """How bad one such failure is."""
    if value is None:
        return ""
    if value >= 0.75:
        return "severe for the customer"
    if value >= 0.5:
        return "serious for the customer"
    return "annoying for the customer" if value >= 0.25 else "slight for the customer"


def time_spent(minutes: float | None) -> str:
    """People's time a month."""
    if minutes is None:
        return ""
    if minutes >= 120:
        return f"{minutes / 60:,.0f} hours of people's time a month"
    return f"{some(round(minutes), 'minute', 'minutes')} of people's time a month"


def volume(tickets: float | None) -> str:
    """How many tickets a month."""
    if tickets is None:
        return ""
    return "less than one ticket a month" if 0 < tickets < 1 else f"{some(round(tickets), 'ticket', 'tickets')} a month"


def in_figures(fix: Fix) -> str:
    """How often, how much time, how bad, and whether it grows, on one line."""
    trend = TRENDS.get(fix.pattern.trend or "", "") if fix.pattern is not None else ""
    found = [volume(fix.tickets_per_month), time_spent(fix.minutes_per_month), harm(fix.harm), trend]
    return " · ".join(one for one in found if one)


def trend_in_words(pattern: Pattern) -> str:
    """How often it happens now, in the last four weeks, against the four before, with the interval."""
    words = capitalised(TRENDS.get(pattern.trend or "", ""))
    if pattern.trend_ratio is None or pattern.trend in ("new", "gone", None):
        return words
    low, high = pattern.trend_low, pattern.trend_high
    range_ = f" (95 % interval {low:.2g} to {high:.2g})" if low is not None and high is not None else ""
    return f"{words}: {pattern.trend_ratio:.2g} times the four weeks before, per judged answer{range_}"


def week_in_words(week: Week | None) -> str:
    """What the newest weekly run came to."""
    if week is None:
        return "No week's release was built yet."
    when = f"week of {day(dt.datetime.fromisoformat(week.monday))}"
    if week.status == "nothing":
        return f"In the {when} nothing was built: no accepted change could be taken up."
    mended = (
        f"Of {some(week.count_affected, 'ticket', 'tickets')} that they are about, replayed, {week.count_mended:,} "
        f"{'is' if week.count_mended == 1 else 'are'} right only with them and {week.count_broken:,} only without."
    )
    kept = (
        f"Of {week.count_regression:,} tickets that must not change, "
        f"{'none' if not week.count_regression_changed else f'{week.count_regression_changed:,}'} came out otherwise."
    )
    names = ", ".join(week.change_ids)
    if week.status == "built":
        return f"In the {when} a release was built with {names}. {mended} {kept}"
    return f"In the {when} the release with {names} was held back. {mended} {kept}"


def change_in_words(change: Change) -> str:
    """Where a change stands, in a sentence."""
    who = f"Accepted by {change.accepted_by or 'an erased person'} on {day(change.accepted_at)}."
    if change.status == "released" and change.released_at is not None:
        return f"{who} Customers have it since {day(change.released_at)}."
    if change.status == "ended":
        return (
            f"{who} It ended{f' on {day(change.ended_at)}' if change.ended_at else ''}: it was rolled back or replaced."
        )
    return f"{who} It is in no release that customers have yet."


def day(at: dt.datetime) -> str:
    """“3 June 2026”."""
    return f"{at.day} {at:%B %Y}"
