"""Which answers a reviewer wants before them, and how that stands in the address of the page.

Belongs here: the filters, their words, and applying them. Does not belong here: drawing them (``filter_bar``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from urllib.parse import urlencode

from service.console.answers.item import Item, Said

ANY = ""
NO_CATEGORY = "-"
WHO = {
    "untagged": "Nobody yet",
    "second": "Others, not me",
    "mine": "Me",
    "all": "Anybody",
}
MODE = {ANY: "All", "drafts": "Waiting for approval", "sent": "Sent"}
CONFIDENCE = {
    ANY: "Any",
    "low": "Low, under 60%",
    "medium": "Medium, 60 to 85%",
    "high": "High, 85% and more",
}
ACTION = {
    ANY: "Anything",
    "answer": "Answered",
    "ask": "Asked back",
    "draft": "Drafted for a person",
    "escalate": "Handed over",
}
TAG = {ANY: "Any", "correct": "Correct", "needs_improvement": "Needs improvement", "incorrect": "Incorrect"}
"""By whomever: an answer that two people tagged differently is under both."""
AGE = {
    ANY: "Any",
    "day": "Newest day",
    "week": "Newest 7 days",
    "over_week": "Older than 7 days",
    "over_month": "Older than 30 days",
}
"""Counted back from the newest message there is: where exports arrive once a day, that is what 'newest' means."""
MEDIUM, HIGH = 0.6, 0.85
_SPANS = {"day": 1, "week": 7, "over_week": 7, "over_month": 30}
_KNOWN = {"who": WHO, "mode": MODE, "tag": TAG, "confidence": CONFIDENCE, "action": ACTION, "age": AGE}


@dataclass(frozen=True)
class Filters:
    """What is asked for; each value is a key of its words above, ``category`` the id of a category or ``NO_CATEGORY``."""

    who: str = "untagged"
    mode: str = ANY
    category: str = ANY
    action: str = ANY
    tag: str = ANY
    confidence: str = ANY
    age: str = ANY

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Filters:
        """From the address; what nobody knows is left at its default, so that an old link still opens."""
        given = {name: asked[name][:200] for one in fields(cls) if (name := one.name) in asked}
        return cls(**{name: value for name, value in given.items() if name not in _KNOWN or value in _KNOWN[name]})

    def query(self, **more: str) -> str:
        """For the address: ``?who=mine&…``, without what is at its default."""
        plain = Filters()
        said = {name: value for name, value in asdict(self).items() if value != getattr(plain, name)} | more
        return f"?{urlencode(said)}" if said else ""


def level(confidence: float | None) -> str:
    """low, medium or high; what was not scored is low."""
    if confidence is None or confidence < MEDIUM:
        return "low"
    return "high" if confidence >= HIGH else "medium"


def in_scope(items: Iterable[Item], said: Mapping[str, Sequence[Said]], filters: Filters) -> list[Item]:
    """The items of this kind, whoever tagged them: what progress is counted over."""
    found = list(items)
    newest = max((one.asked_at for one in found), default=None)
    return [one for one in found if _is_of_kind(one, said.get(one.answer_id, ()), filters, newest)]


def is_wanted(said: Sequence[Said], who: str, me: str) -> bool:
    """Whether an answer of which this was said belongs before this reviewer."""
    by = [one for one in said if one.tag is not None]
    mine = any(one.is_by(me) for one in by)
    if who == "untagged":
        return not by
    if who == "second":
        return bool(by) and not mine
    return mine if who == "mine" else True


def _is_of_kind(item: Item, said: Sequence[Said], filters: Filters, newest: dt.datetime | None) -> bool:
    if filters.category != ANY and (item.category_id or NO_CATEGORY) != filters.category:
        return False
    if filters.action not in (ANY, item.action):
        return False
    if filters.tag != ANY and all(one.tag != filters.tag for one in said):
        return False
    if filters.confidence not in (ANY, level(item.confidence)):
        return False
    if filters.mode == "sent" and not item.is_sent_alone:
        return False
    if filters.mode == "drafts" and (not item.is_decided_by_people or any(one.decision for one in said)):
        return False
    if filters.age == ANY or newest is None:
        return True
    is_older = newest - item.asked_at > dt.timedelta(days=_SPANS[filters.age])
    return is_older == filters.age.startswith("over_")
