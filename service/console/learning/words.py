"""The codes of learning in words for a support lead.

Belongs here: words for kinds, diagnoses, steps and standings. Does not belong here: drawing, reading.
"""

from __future__ import annotations

import datetime as dt
import json
from urllib.parse import quote

from assets.sustain_learning import frames
from assets.sustain_learning.frames import BACK, NARROW, WIDEN
from service.console.knowledge.words import some

CHANGES = {
    frames.SPIKE: "Spike", frames.SHIFT: "New level", frames.TAXONOMY: "Labels changed",
    frames.MORE_ESCALATIONS: "More handovers", frames.CHURN_RISK: "Customers who leave",
}  # fmt: skip
DIAGNOSES = {
    frames.BY_RELEASE: "a release", frames.SUSPECTED_BUG: "suspected bug", frames.ONBOARDING: "new customers",
    frames.POLICY_OR_PRICE: "policy or price", frames.TAXONOMY_CHANGE: "labels, not customers", frames.UNKNOWN: "not known why",
}  # fmt: skip
STATUSES = {"new": ("new", "open"), "ongoing": ("goes on", "note"), "over": ("over", "")}
"""Of a signal: word and kind of its chip."""
DRIFTS = {
    frames.OUTCOME_DRIFT: "Answers turn out worse", frames.ANSWER_DRIFT: "People answer otherwise",
    frames.QUESTION_DRIFT: "Other questions arrive", frames.NEW_PHRASINGS: "Words no entry is near",
    frames.TOUCHED: "Touched by a release or policy", frames.SHARE_MOVED: "A category's share moved",
    frames.EMBEDDING_DRIFT: "What customers write moved",
}  # fmt: skip
"""Kinds of drift, what costs customers most first."""
TROUBLES = {
    frames.CSAT: ("bad rating", "bad ratings"), frames.THUMBS: ("thumb down", "thumbs down"),
    frames.ESCALATION: ("handover", "handovers"), frames.CORRECTION: ("correction", "corrections"),
    frames.REOPEN: ("customer came back", "customers came back"),
}  # fmt: skip
SCOPE_KINDS = {WIDEN: "Answer more", NARROW: "Lost its autonomy", BACK: "Give autonomy back"}
SCOPE_STATUSES = {
    "proposed": ("to decide", "open"), "walking": ("on its way", "note"), "ready": ("ready", "good"),
    "accepted": ("accepted", "good"), "rejected": ("rejected", ""), "withdrawn": ("rests on nothing any more", ""),
    "in_force": ("in force", "bad"),
}  # fmt: skip
STEPS = {
    "knowledge": ("Knowledge", "/knowledge/drafts"), "behavior": ("Behavior", "/sign-offs/behavior"),
    "shadow": ("Shadow", "/answers"), "verdict": ("Verdict", "/pilot"),
}  # fmt: skip
"""Of the short way: title and the console's page for it."""


def capitalised(sentence: str) -> str:
    """A sentence that begins with a capital; what follows stays as it is."""
    return sentence[:1].upper() + sentence[1:]


def code(value: str) -> str:
    """What is said of a code that has no words yet."""
    return capitalised(value.replace("_", " "))


def day(at: dt.datetime | None) -> str:
    """“3 June 2026”; “no day” where there is none."""
    return "no day" if at is None else f"{at.day} {at:%B %Y}"


def by_kind(text: str | None) -> str:
    """“40 corrections, 3 handovers”, the most first."""
    try:
        counted = json.loads(text or "{}")
    except ValueError:
        return ""
    if not isinstance(counted, dict):
        return ""
    rows = sorted(((str(kind), int(many)) for kind, many in counted.items() if many), key=lambda one: (-one[1], one[0]))
    return ", ".join(some(many, *TROUBLES.get(kind, (kind, kind))) for kind, many in rows)


def rate(value: float | None, low: float | None, high: float | None) -> str:
    """“59% (45 to 71%)”."""
    if value is None:
        return "–"
    ends = "" if low is None or high is None else f" ({100 * low:.0f} to {100 * high:.0f}%)"
    return f"{100 * value:.0f}%{ends}"


def entry_path(entry_id: str) -> str:
    """The page of an entry."""
    return f"/knowledge/entry/{quote(entry_id, safe='')}"


def category_path(category_id: str) -> str:
    """The entries of a category."""
    return f"/knowledge/entries?category={quote(category_id, safe='')}"


def new_entry_path(category_id: str | None) -> str:
    """The form of a new entry."""
    return f"/knowledge/new?category={quote(category_id, safe='')}" if category_id else "/knowledge/new"


def finding_path(finding_id: str) -> str:
    """A finding."""
    return f"/knowledge/findings?finding={quote(finding_id, safe='')}"


def answers_path(category_id: str) -> str:
    """Answers about a category, those that wait for a review first."""
    return f"/answers?who=all&category={quote(category_id, safe='')}"
