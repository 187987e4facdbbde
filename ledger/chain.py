"""Canonical JSON and the hashes of the chain: pure functions over plain values.

Belongs here: how bytes are made from values and how an event's hash is computed. Does not belong here:
reading, writing or walking a store (`store`, `verification`).

Hash chaining after Haber & Stornetta, "How to time-stamp a digital document" (1991); salted commitments so that
an erased short text cannot be guessed back from its digest.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from typing import Any

from ledger.errors import InvalidEventError, LedgerError

GENESIS_HASH = "0" * 64
SALT_BYTES = 32
MAX_PAYLOAD_CHARS = 1_048_576
CHAIN_VERSION = 1


@dataclass(frozen=True)
class Anchor:
    """The head of the chain at one moment: keep it somewhere else to detect a cut tail or a rewritten history."""

    sequence: int
    event_hash: str

    def __str__(self) -> str:
        return f"{self.sequence}:{self.event_hash}"

    @classmethod
    def parse(cls, text: str) -> Anchor:
        """Read what `str(anchor)` wrote ("<sequence>:<64 hex>"). Raises `LedgerError` otherwise."""
        if not re.fullmatch(r"[0-9]{1,18}:[0-9a-f]{64}", text.strip()):
            raise LedgerError(f"{text[:100]!r} is not a ledger anchor; one reads like '12:9f2c…' with 64 hex digits.")
        sequence, event_hash = text.strip().split(":")
        return cls(int(sequence), event_hash)


GENESIS = Anchor(0, GENESIS_HASH)


def canonical_json(value: Any) -> str:
    """One text per value: sorted keys, no spaces, ASCII only (so no store or transport can change a byte).

    Accepts dict (text keys), list, tuple, str, bool, int, finite float and None; tuples are written as lists.
    Raises `InvalidEventError` for anything else, NaN and infinities included.
    """
    try:
        _require_text_keys(value)
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    except (TypeError, ValueError) as problem:
        raise InvalidEventError(f"This content cannot be written to the ledger: {problem}.") from problem
    except RecursionError:
        raise InvalidEventError("This content is nested too deeply to be written to the ledger.") from None


def _require_text_keys(value: Any) -> None:
    """json.dumps turns the keys 1, True and None into text, so two different values would share one digest."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError(f"the key {key!r} is not text")
            _require_text_keys(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _require_text_keys(inner)


def sha256_hex(text: str) -> str:
    """SHA-256 of the UTF-8 bytes of `text`, 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def new_salt() -> str:
    """A fresh random salt of 32 bytes, as 64 hex digits."""
    return secrets.token_hex(SALT_BYTES)


def salted_digest(salt: str, body: str) -> str:
    """sha256(salt bytes || canonical JSON): a commitment to `body` that says nothing once the salt is erased."""
    return hashlib.sha256(bytes.fromhex(salt) + body.encode("utf-8")).hexdigest()


def event_hash(
    *,
    sequence: int,
    event_id: str,
    event_type: str,
    occurred_at: str,
    actor_id: str,
    role: str,
    subject_kind: str,
    subject_hash: str,
    payload_digest: str | None,
    previous_hash: str,
) -> str:
    """The hash of one event over all its fields and the hash before it; 64 hex digits."""
    fields = {
        "chain_version": CHAIN_VERSION,
        "sequence": sequence,
        "event_id": event_id,
        "event_type": event_type,
        "occurred_at": occurred_at,
        "actor_id": actor_id,
        "role": role,
        "subject_kind": subject_kind,
        "subject_hash": subject_hash,
        "payload_digest": payload_digest,
        "previous_hash": previous_hash,
    }
    return sha256_hex(canonical_json(fields))
