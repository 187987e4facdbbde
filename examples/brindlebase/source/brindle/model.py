"""What a generated ticket is before any helpdesk's shape: messages with times, and the truth for the answer key."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from brindle.people import Person

STAFF_IDS = {
    "Priya": 11,
    "Tomasz": 12,
    "Marta": 13,
    "Jonas": 14,
    "Siobhan": 15,
    "Dele": 16,
    "Renate": 17,
    "Luisa": 18,
}
TEAMS = {
    "billing_dispute": "billing",
    "refund_above_limit": "billing",
    "legacy_contract": "contracts",
    "cancelling": "contracts",
    "legal": "legal",
    "security": "security",
    "data_deletion": "privacy",
    "press": "press",
    "identity_check": "the account team",
    "outage": "incident desk",
}


def iso(seconds: int) -> str:
    """Epoch seconds as ISO-8601 with Z."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def when(text: str) -> int:
    """ISO date or date-time (UTC) as epoch seconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@dataclass
class Message:
    """One message or note. ``kind`` is comment, note, assignment, close, open or merge."""

    at: int
    author: str  # requester | staff | bot | system
    author_name: str
    text: str
    html: str
    public: bool = True
    kind: str = "comment"
    found: list[tuple[str, str]] = field(default_factory=list)
    id: int = 0
    is_accepted: bool = False  # the customer said that this reply solved it


@dataclass
class Ticket:
    """One ticket with its thread and its truth. ``number`` orders all tickets by time of creation."""

    number: int
    helpdesk: str
    category: str
    entry: str | None
    person: Person
    staff: str
    language: str
    subject: str
    created: int
    channel: str
    context: dict[str, Any]  # the truth
    shown: dict[str, Any]  # what the helpdesk's fields say
    messages: list[Message] = field(default_factory=list)
    statuses: list[tuple[int, str]] = field(default_factory=list)
    csat: tuple[int, str, str | None] | None = None  # (at, good|bad, comment)
    tags: list[str] = field(default_factory=list)
    topic: str | None = None
    true_condition: dict[str, Any] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)  # why a person should take over
    outcome: str = "resolved"
    mood: str | None = None
    planted: list[str] = field(default_factory=list)
    opening_key: str = ""
    is_spam: bool = False
    is_automated: bool = False
    is_deleted: bool = False
    merged_into: Ticket | None = None
    duplicate_of: Ticket | None = None
    priority: str = "normal"
    id: int = 0
    handle_minutes: float | None = None  # what people worked on it; None where nobody measured

    def status_at(self, cutoff: int) -> str:
        """The status at ``cutoff``: new, open, pending, solved, closed or deleted."""
        return [s for at, s in sorted(self.statuses) if at <= cutoff][-1]

    def last_change(self, cutoff: int) -> int:
        """Time of the last message, status or rating up to ``cutoff``."""
        times = [m.at for m in self.messages] + [at for at, _ in self.statuses] + ([self.csat[0]] if self.csat else [])
        return max(t for t in times if t <= cutoff)

    def visible(self, cutoff: int) -> list[Message]:
        """Messages up to ``cutoff`` in order of time."""
        return sorted((m for m in self.messages if m.at <= cutoff), key=lambda m: m.at)

    def first_at(self, cutoff: int, author: str = "staff") -> int | None:
        """Time of the first public comment of ``author`` up to ``cutoff``."""
        times = [m.at for m in self.visible(cutoff) if m.author == author and m.public and m.kind == "comment"]
        return times[0] if times else None

    def reopens_at(self, cutoff: int) -> int:
        """How often the ticket went from solved back to open up to ``cutoff``."""
        seen = [s for at, s in sorted(self.statuses) if at <= cutoff]
        return sum(a == "solved" and b == "open" for a, b in itertools.pairwise(seen))

    def solved_at(self, cutoff: int) -> int | None:
        """The last time it was solved up to ``cutoff``, if it still is."""
        times = [at for at, s in sorted(self.statuses) if at <= cutoff and s == "solved"]
        return times[-1] if times and self.status_at(cutoff) in ("solved", "closed") else None

    def channel_name(self) -> str:
        """Zendesk's word for the channel."""
        return {"portal": "web"}.get(self.channel, self.channel)
