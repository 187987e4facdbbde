"""What a fix would change, in one form whatever its kind: whole entries, labels of tickets, triggers, settings.

Belongs here: plain data and its JSON. Does not belong here: drawing proposals up (``propose_fixes``), trying them
(``try_fix``), writing them into a desk (``orchestration.people``).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

NEW_ENTRY, EDIT_ENTRY, SPLIT_ENTRY, PHRASINGS = "new_entry", "edit_entry", "split_entry", "phrasings"
CATEGORY_EXAMPLES, TRIGGER, THRESHOLD, REPLY_STYLE, NOTE = (
    "category_examples", "trigger", "threshold", "reply_style", "note",
)  # fmt: skip
KINDS = {
    NEW_ENTRY: "a new entry",
    EDIT_ENTRY: "an entry to change",
    SPLIT_ENTRY: "a condition to add",
    PHRASINGS: "wordings to add to an entry",
    CATEGORY_EXAMPLES: "examples that tell two categories apart",
    TRIGGER: "a trigger to change",
    THRESHOLD: "a threshold to move",
    REPLY_STYLE: "how replies are worded",
    NOTE: "something a person has to look into",
}
"""Kinds of fixes, in words."""
KNOWLEDGE_KINDS = frozenset({NEW_ENTRY, EDIT_ENTRY, SPLIT_ENTRY, PHRASINGS})
"""Kinds that the weekly micro-update takes up as they are; behavior must be signed first, labels wait for the month."""


@dataclass(frozen=True)
class ProposedEntry:
    """An entry as it would be. base_hash: content hash of the version it was drawn up on; None: a new entry."""

    entry_id: str
    category_id: str
    question: str
    answer: str
    conditions: dict[str, list[Any]] = field(default_factory=dict)
    phrasings: list[str] = field(default_factory=list)
    owner: str | None = None
    sources: list[dict[str, Any]] = field(default_factory=list)
    base_hash: str | None = None


@dataclass(frozen=True)
class ProposedLabel:
    """The right category of a training ticket. was: what it is labelled as now, None: nothing."""

    ticket_id: str
    category_id: str
    was: str | None = None


@dataclass(frozen=True)
class Proposal:
    """What a fix changes; parts that do not apply are empty.

    triggers: whole triggers as ``behavior.yaml`` has them; one of an id that exists takes its place. settings: value by
    dotted path in ``behavior.yaml``, such as ``reply.max_words`` or ``confidence.categories.invoice_copy.risk``.
    asks_for: context fields that the fix needs to be known of a customer, such as ``sso``.
    """

    entries: tuple[ProposedEntry, ...] = ()
    labels: tuple[ProposedLabel, ...] = ()
    triggers: tuple[dict[str, Any], ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    asks_for: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to accept as it stands."""
        return not (self.entries or self.labels or self.triggers or self.settings)

    @property
    def touches_behavior(self) -> bool:
        """Whether ``behavior.yaml`` would change, and with it its signatures."""
        return bool(self.triggers or self.settings)

    def to_json(self) -> str:
        """Canonical JSON."""
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Proposal:
        """Read what ``to_json`` wrote. Raises ValueError or TypeError for anything else."""
        read = json.loads(text)
        return cls(
            entries=tuple(ProposedEntry(**one) for one in read["entries"]),
            labels=tuple(ProposedLabel(**one) for one in read["labels"]),
            triggers=tuple(read["triggers"]),
            settings=dict(read["settings"]),
            asks_for=tuple(read["asks_for"]),
        )


def fix_id(pattern_id: str, kind: str, proposal: Proposal) -> str:
    """16 hex digits: the same proposal for the same pattern is the same fix."""
    return hashlib.sha256(f"{pattern_id}\n{kind}\n{proposal.to_json()}".encode()).hexdigest()[:16]
