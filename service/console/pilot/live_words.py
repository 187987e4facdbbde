"""Reviewers' work in words: shares, intervals, agreement.

Belongs here: every sentence and number format of the live part. Does not belong here: laying it out (``live_view``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from assets.pilot_agent.report.live_tags import LiveTags, Pair, Tagged
from assets.pilot_agent.report.pilot_words import moment
from assets.pilot_agent.verdict.outcomes import REVIEWS
from service.console.pilot.figures import Live
from service.console.pilot.parts import short

TAG_WORDS = {"correct": "correct", "needs_improvement": "needs improvement", "incorrect": "incorrect"}
MARKS = {"correct": "✓", "needs_improvement": "~", "incorrect": "✗"}


def alike(one: Pair) -> str:
    """How far a pair agrees: “153 of 169 alike; kappa 0.85 (0.78 to 0.92)”."""
    same = f"{round(one.observed * one.answers):,} of {one.answers:,} alike"
    if math.isnan(one.kappa):
        return f"{same}; with one tag for all of them kappa says nothing"
    return f"{same}; kappa {one.kappa:.2f} ({one.low:.2f} to {one.high:.2f})"


def of(number: int, whole: int) -> str:
    """“29 of 34”."""
    return f"{number:,} of {whole:,}"


def by_mode(now: Live) -> str:
    """How much is tagged of drafts and of what was sent."""
    parts = [f"{str(row['title']).split(':')[0]}: {row['tagged']['count'] or '0'}" for row in now.modes]
    return "; ".join(parts) if len(parts) > 1 else "answers that people are to tag"


def share_correct(now: Live) -> str:
    """“85.3%”."""
    return rate(now.tags.whole).removesuffix(" correct")


def correct_in_full(now: Live) -> str:
    """How many of how many, with the interval."""
    whole = now.tags.whole
    if not whole.tagged:
        return "appears with the first tag"
    return f"{of(whole.by_tag['correct'], whole.tagged)} tagged; {interval(whole)}"


def agreed(now: Live) -> str:
    """How often the busiest pair saw the same."""
    if not now.tags.pairs:
        return "not measured"
    one = now.tags.pairs[0]
    return of(round(one.observed * one.answers), one.answers)


def agreed_in_full(now: Live) -> str:
    """What that is, with kappa."""
    if not now.tags.pairs:
        return "appears once two people tag the same answer"
    one = now.tags.pairs[0]
    if math.isnan(one.kappa):
        return "tagged alike by the busiest pair"
    return f"tagged alike by the busiest pair; kappa {one.kappa:.2f} ({one.low:.2f} to {one.high:.2f})"


def last_day(tags: LiveTags) -> str:
    """The day of the newest tag."""
    return "none yet" if tags.last_at is None else f"{tags.last_at:%-d %b %Y}"


def last_in_full(now: Live) -> str:
    """Its hour, and whose it is."""
    if now.tags.last_at is None:
        return "appears with the first tag"
    return f"{moment(now.tags.last_at).rsplit(', ', 1)[1]}, by {short(now.tags.last_by, 60)}"


def rate(one: Tagged) -> str:
    """“85.3% correct”."""
    return f"{one.by_tag['correct'] / one.tagged:.1%} correct" if one.tagged else "not measured"


def interval(one: Tagged) -> str:
    """“95 %: 69.9 to 93.6 %”."""
    return f"95 %: {100 * one.low:.1f} to {100 * one.high:.1f} %" if one.tagged else "nothing tagged yet"


def in_words(one: Tagged) -> str:
    """All of a group's figures, for those who listen to its bar."""
    said: Mapping[str, int] = one.by_tag
    if not one.tagged:
        return f"none of {one.answers:,} answers is tagged"
    counted = ", ".join(f"{said[tag]:,} {TAG_WORDS[tag]}" for tag in REVIEWS)
    return (
        f"{counted}, of {one.tagged:,} tagged; {rate(one)}, 95 % interval {100 * one.low:.1f} to {100 * one.high:.1f} %"
    )


def whisker(one: Tagged) -> str:
    """Where the interval lies over the bar, as a style."""
    if not one.tagged:
        return "display:none"
    return f"left:{100 * one.low:.2f}%;width:{100 * (one.high - one.low):.2f}%"
