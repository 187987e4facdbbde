"""What is signed of a knowledge entry: its canonical form, its hash, and the subject an event names.

Belongs here: the canonical form of (question, answer, conditions, phrasings, category, validity). Does not belong
here: signatures (`sign_offs`), what people decided about drafts, articles and findings (`knowledge`), entry files
and how their fields are tidied (the desk).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ledger import chain
from ledger.errors import DecisionError

SEMANTIC_FIELDS = ("question", "answer", "conditions", "phrasings", "category", "valid_from", "valid_until")
"""The fields a signature is about. Owner, dates of review, sources and status may change without unsigning."""

_ENTRY_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_HASH = re.compile(r"[0-9a-f]{64}")


def entry_subject(entry_id: str, content_hash: str) -> str:
    """What an event about an entry names: "<entry id>:<content hash>"; two entries with one text stay two subjects.

    Raises `DecisionError` for an id longer than 63 characters or a hash that is none.
    """
    if not _ENTRY_ID.fullmatch(entry_id):
        raise DecisionError(
            f"The entry id {entry_id[:80]!r} must be at most 63 lower-case letters, digits, '-' or '_', such as "
            "'reset-password'."
        )
    if not _HASH.fullmatch(content_hash):
        raise DecisionError(f"{content_hash[:80]!r} is not the content hash of an entry: 64 hex digits are.")
    return f"{entry_id}:{content_hash}"


def split_subject(subject: str) -> tuple[str, str]:
    """The entry id and the content hash in what `entry_subject` made."""
    entry_id, _, content_hash = subject.rpartition(":")
    return entry_id, content_hash


def entry_content(content: Mapping[str, Any]) -> dict[str, Any]:
    """The canonical snapshot of an entry: its id and its semantic fields, nothing else. JSON-ready.

    `content` has `entry_id` and every one of `SEMANTIC_FIELDS`, already tidied (dates as ISO text or None).
    Raises `DecisionError` when one is missing.
    """
    missing = [name for name in ("entry_id", *SEMANTIC_FIELDS) if name not in content]
    if missing:
        raise DecisionError(f"An entry cannot be signed without its {', '.join(missing)}.")
    return {name: content[name] for name in ("entry_id", *SEMANTIC_FIELDS)}


def semantic_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of the semantic fields; 64 hex digits."""
    canonical = entry_content({"entry_id": "", **content})
    return chain.sha256_hex(chain.canonical_json({name: canonical[name] for name in SEMANTIC_FIELDS}))


def entry_digest(content: Mapping[str, Any]) -> str:
    """The subject whose signature is about exactly this content of this entry."""
    return entry_subject(str(entry_content(content)["entry_id"]), semantic_hash(content))
