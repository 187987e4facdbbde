"""What a test makes of one failure: a type, how sure, and the sentences a person can check.

Belongs here: plain data and the words of sentences. Does not belong here: any test.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assets.audit_tickets.roadmap.roadmap_examples import shorten

QUOTED_CHARS = 160


@dataclass(frozen=True)
class Finding:
    """confidence: 0..1, about the share of failures with such evidence that are of this type (measured with planted
    faults). evidence: sentences. condition: values by field that the failing customers share."""

    failure_type: str
    confidence: float
    evidence: tuple[str, ...]
    target_entry_id: str | None = None
    condition: Mapping[str, Sequence[str]] | None = None
    trigger_id: str | None = None
    right_category_id: str | None = None

    def condition_json(self) -> str | None:
        """Canonical JSON, None where there is no condition."""
        if not self.condition:
            return None
        return json.dumps({name: sorted(values) for name, values in self.condition.items()}, sort_keys=True)

    def also(self, *sentences: str) -> Finding:
        """The same with more evidence."""
        return replace(self, evidence=(*self.evidence, *sentences))


def quote(text: str) -> str:
    """At most ``QUOTED_CHARS`` of a text on one line, in quotation marks."""
    return f"“{shorten(' '.join(text.split()), QUOTED_CHARS)}”"


def named(values: Sequence[str], most: int = 4) -> str:
    """“a”, “b” and 2 more."""
    shown = ", ".join(f"“{one}”" for one in values[:most])
    return shown + (f" and {len(values) - most} more" if len(values) > most else "")


def in_words(condition: Mapping[str, Sequence[str]]) -> str:
    """``plan = free or pro and sso = true``."""
    return " and ".join(f"{name} = {' or '.join(map(str, values))}" for name, values in sorted(condition.items()))
