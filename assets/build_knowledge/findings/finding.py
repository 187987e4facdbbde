"""What a finding is: its type, reason, both sides, evidence and fix, and an id that stays while the texts do.

Belongs here: the record, its id, and the frame. Does not belong here: finding anything (the detectors), what people
decided about a finding (``finding_status``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from assets.audit_tickets.texts.redaction import redact

FindingType = Literal[
    "stale", "contradiction", "duplicate", "unowned", "dead_link", "not_customer_language", "unsafe"
]  # fmt: skip
FINDING_COLUMNS = (
    "finding_id", "type", "reason", "subject_kind", "subject_id", "subject_hash", "other_kind", "other_id",
    "other_hash", "is_blocking", "is_other_blocked", "evidence", "fix", "release_name", "found_as_of",
    "first_found_as_of", "status", "decided_by",
)  # fmt: skip
MAX_QUOTE_CHARS = 220


@dataclass(frozen=True)
class Finding:
    """One thing wrong with one article or entry, or between two.

    ``is_blocking`` keeps the subject from use: nothing is drafted from such an article, such an entry is not live.
    ``is_other_blocked`` says the same of the other side. ``key`` tells findings of one reason about one subject apart.
    """

    type: FindingType
    reason: str
    subject_kind: str
    subject_id: str
    subject_hash: str
    evidence: str
    fix: str
    is_blocking: bool
    key: str = ""
    other_kind: str | None = None
    other_id: str | None = None
    other_hash: str | None = None
    is_other_blocked: bool = False
    release_name: str | None = None

    @property
    def finding_id(self) -> str:
        """Stable while the finding is about the same content; a changed text makes it another finding."""
        parts = (
            self.type, self.reason, self.subject_kind, self.subject_id, self.subject_hash,
            self.other_kind or "", self.other_id or "", self.other_hash or "", self.key,
        )  # fmt: skip
        return f"find_{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:12]}"


def about(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a finding that name its subject, from a row of the audited texts."""
    return {name: str(row[name]) for name in ("subject_kind", "subject_id", "subject_hash")}


def quote(text: str, limit: int = MAX_QUOTE_CHARS) -> str:
    """A stretch of text as evidence: one line, no personal data, cut in the middle where it is long."""
    line = redact(" ".join(text.split())).text
    if len(line) > limit:
        line = f"{line[: limit * 2 // 3].rstrip()} … {line[-limit // 3 :].lstrip()}"
    return f"“{line}”"


def findings_frame(findings: Iterable[Finding], as_of: pd.Timestamp) -> pd.DataFrame:
    """Frame [finding] with ``FINDING_COLUMNS``, every one open and new; sorted by subject, type and id."""
    unique = {finding.finding_id: finding for finding in findings}
    ordered = sorted(unique.values(), key=lambda one: (one.subject_kind, one.subject_id, one.type, one.finding_id))
    rows = [
        {name: getattr(finding, name, None) for name in FINDING_COLUMNS}
        | {"found_as_of": as_of, "first_found_as_of": as_of, "status": "open", "decided_by": None}
        for finding in ordered
    ]
    frame = pd.DataFrame(rows, columns=list(FINDING_COLUMNS))
    for column in ("found_as_of", "first_found_as_of"):
        frame[column] = pd.to_datetime(frame[column], utc=True).astype("datetime64[us, UTC]")
    return frame.astype({"is_blocking": "bool", "is_other_blocked": "bool"})
