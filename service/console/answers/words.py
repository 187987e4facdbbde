"""How the queue says things to a person.

Belongs here: sentences about answers, reviews and conditions. Does not belong here: drawing them.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from ledger.reviews import AnswerReview
from service.console.answers.filters import level
from service.console.answers.item import SHOWN_CHARS, Item, Said

TAGS = {"correct": "Correct", "needs_improvement": "Needs improvement", "incorrect": "Incorrect"}
TAG_KINDS = {"correct": "good", "needs_improvement": "open", "incorrect": "bad"}
REASONS = {
    "wrong_answer": "Wrong answer",
    "wrong_category": "Misread the question",
    "wrong_condition": "Wrong for this customer",
    "missing_step": "A step is missing",
    "outdated": "Out of date",
    "tone": "Tone",
    "too_long": "Too long",
    "should_have_escalated": "Should have been handed over",
    "needless_escalation": "Need not have been handed over",
    "other": "Something else",
}
DONE = {"answer": "Answered", "ask": "Asked back", "draft": "Drafted for a person", "escalate": "Handed over"}
DONE_KINDS = {"answer": "good", "ask": "note", "draft": "open", "escalate": "bad"}
AUTHORS = {"customer": "Customer", "ai_agent": "Understudy", "agent": "Support"}
LANGUAGES = {
    "en": "English", "de": "German", "es": "Spanish", "fr": "French", "it": "Italian", "pt": "Portuguese", "nl": "Dutch",
    "pl": "Polish", "ja": "Japanese", "zh": "Chinese", "ar": "Arabic", "ru": "Russian", "tr": "Turkish", "ko": "Korean",
}  # fmt: skip
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def shown(text: str | None, limit: int = SHOWN_CHARS) -> str:
    """A text to read: bounded, and with what would turn its direction round, or could not be seen, made visible."""
    words = text or ""
    left = len(words) - limit
    cut = words[:limit].replace("\r\n", "\n")
    return _UNSEEN.sub("\ufffd", cut) + (f"\n… {left:,} more characters are not shown." if left > 0 else "")


def one_line(text: str | None, limit: int = 90) -> str:
    """The beginning of a text on one line."""
    words = " ".join(shown(text, limit * 4).split())
    return words[: limit - 1] + "…" if len(words) > limit else words


def moment(at: dt.datetime) -> str:
    """9 Jul 2026, 20:32 (UTC)."""
    return f"{at.day} {at:%b %Y, %H:%M}"


def sureness(item: Item) -> str:
    """How sure the agent was, and had to be; empty where nothing was scored."""
    if item.confidence is None:
        return ""
    needed = f"; {item.threshold:.0%} needed to answer alone" if item.threshold is not None else ""
    return f"{level(item.confidence).capitalize()} confidence: {item.confidence:.0%} sure{needed}"


def fate(item: Item, said: Sequence[Said] = ()) -> str:
    """What became, or becomes, of the reply, as far as ``said`` decides it; a reject outweighs an approval."""
    if item.is_sent_alone:
        return "Sent to the customer without a person."
    for decision, words in (
        ("reject", "Not sent: rejected by"),
        ("edit", "Sent as edited by"),
        ("approve", "Approved by"),
    ):
        if by := [one.reviewer for one in said if one.decision == decision]:
            return f"{words} {shown(people(by), 200)}."
    if item.action == "escalate":
        return (
            "Suggested to the person who takes over." if item.reply else "A person takes over; nothing was suggested."
        )
    return "Not sent yet: calling it correct sends it." if item.reply else "There is no reply."


def conditions(value: Any) -> str:
    """For whom an entry holds, from its conditions as JSON."""
    try:
        read = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return ""
    if not isinstance(read, dict) or not read:
        return "for everybody"
    parts = [
        f"{name} is {' or '.join(map(str, values)) if isinstance(values, list) else values}"
        for name, values in read.items()
    ]
    return "where " + " and ".join(parts)


def review_words(said: Said | AnswerReview, item: Item | None = None, *, with_tag: bool = True) -> str:
    """A review in a line: "incorrect, out of date, not to be sent"."""
    parts = [TAGS[said.tag].lower()] if with_tag and said.tag in TAGS else []
    if said.reason:
        parts.append(REASONS.get(said.reason, said.reason.replace("_", " ")).lower())
    sent = {"approve": "approved to be sent", "edit": "sent as edited", "reject": "not to be sent"}
    if said.decision and (item is None or not item.is_sent_alone or said.decision == "edit"):
        parts.append(sent.get(said.decision, said.decision))
    return ", ".join(parts)


def people(names: Iterable[str]) -> str:
    """Ada Moreno, Noor Haddad and Tomas Reyl."""
    once = list(dict.fromkeys(names))
    return once[0] if len(once) == 1 else f"{', '.join(once[:-1])} and {once[-1]}" if once else "nobody"
