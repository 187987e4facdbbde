"""The codes of the frames in words for a support lead.

Belongs here: words for types, reasons and origins, and conditions and days as sentences. Does not belong here: drawing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from desk.conditions import NEGATION

MAX_SHOWN_CHARS = 20_000
TYPES = {
    "unsafe": "Unsafe to say",
    "contradiction": "Contradiction",
    "stale": "Out of date",
    "dead_link": "Dead link",
    "unowned": "Without an owner",
    "duplicate": "Said twice",
    "not_customer_language": "Not in customers' words",
}
REASONS = {
    "differs_in_number": "two texts give different numbers",
    "differs_in_list": "two texts list different things",
    "differs_in_yes_no": "one text says yes, the other no",
    "differs_in_steps": "two texts describe different steps",
    "ended_feature": "speaks of something that has ended",
    "ended_limit": "gives a limit that has changed",
    "ended_plan": "speaks of a plan that ends",
    "ended_policy": "gives a rule that has changed",
    "ended_price": "gives a price that has changed",
    "ended_version": "speaks of an old version",
    "release_event": "a release touches it since it was last reviewed",
    "untouched": "nobody has looked at it for long",
    "past_review": "its review is overdue",
    "same_content": "two texts say the same",
    "far_from_customers": "far from how customers ask",
    "link_target_missing": "its link leads nowhere",
    "link_not_checked": "its link could not be checked",
    "no_owner": "nobody answers for it",
    "internal_name": "names what is meant for colleagues",
    "promise": "makes a promise",
}
ORIGINS = {
    "article_section": "from a help article",
    "one_touch_reply": "from what your team answered",
    "language_model": "worded by a language model",
}
STATUSES = {"draft": "Draft", "accepted": "Accepted", "retired": "Retired"}
YES_NO = {"true": "yes", "false": "no"}


def bounded(text: str | None) -> str:
    """A text of which no more is shown than a page can bear."""
    given = text or ""
    if len(given) <= MAX_SHOWN_CHARS:
        return given
    return f"{given[:MAX_SHOWN_CHARS]}\n… and {len(given) - MAX_SHOWN_CHARS:,} characters more"


def for_whom(conditions: Mapping[str, list[str]]) -> str:
    """“For everybody”, or “Only where plan is pro or team, and os is not mac”."""
    if not conditions:
        return "For everybody"
    return f"Only where {', and '.join(_condition(name, values) for name, values in conditions.items())}"


def reason(code: str) -> str:
    """A finding's reason in words."""
    return REASONS.get(code, code.replace("_", " "))


def finding_type(code: str) -> str:
    """A finding's type in words."""
    return TYPES.get(code, code.replace("_", " ").capitalize())


def origin(code: str) -> str:
    """Where a draft comes from, in words."""
    return ORIGINS.get(code, code.replace("_", " "))


def day(value: Any) -> str:
    """A day as people read it, such as 3 June 2026; “no day” where there is none."""
    if value is None or value != value:
        return "no day"
    if isinstance(value, str):
        value = dt.date.fromisoformat(value[:10])
    return f"{value.day} {value:%B %Y}"


def some(count: int, one: str, many: str) -> str:
    """“1 draft”, “1,024 drafts”."""
    return f"{count:,} {one if count == 1 else many}"


def _condition(name: str, values: list[str]) -> str:
    field = name.removeprefix(NEGATION).replace("_", " ")
    shown = [YES_NO.get(one, one) for one in values]
    return f"{field} is {'not ' if name.startswith(NEGATION) else ''}{' or '.join(shown)}"
