from __future__ import annotations

import hashlib
from typing import Any

import pytest

from ledger import chain
from ledger.chain import Anchor
from ledger.errors import InvalidEventError, LedgerError

FIELDS: dict[str, Any] = {
    "sequence": 1,
    "event_id": "0" * 32,
    "event_type": "category_accepted",
    "occurred_at": "2026-03-02T09:00:00.000000Z",
    "actor_id": "a" * 64,
    "role": "support lead",
    "subject_kind": "category",
    "subject_hash": "password_reset",
    "payload_digest": None,
    "previous_hash": chain.GENESIS_HASH,
}


def test_canonical_json_is_one_text_per_value():
    assert chain.canonical_json({"b": [1, 2.5, None, True], "a": "é\x00→"}) == (
        '{"a":"\\u00e9\\u0000\\u2192","b":[1,2.5,null,true]}'
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1: "one"}, {"deep": [{None: 1}]}, {"a": object()}])
def test_values_without_one_spelling_are_refused(value: object):
    with pytest.raises(InvalidEventError):
        chain.canonical_json(value)


def test_hostile_nesting_is_refused_not_fatal():
    value: list[object] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(InvalidEventError, match="nested too deeply"):
        chain.canonical_json(value)


def test_event_hash_is_pinned():
    """A change here makes every existing ledger unverifiable: raise CHAIN_VERSION and keep the old form instead."""
    expected = "d761d2602663da48892270c9add0d0dcba52fc8aa2cb889c1cee3f68eef4ea98"
    assert chain.event_hash(**FIELDS) == expected


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_every_field_is_in_the_hash(field: str):
    changed = {**FIELDS, field: 2 if field == "sequence" else "f" * 64}
    assert chain.event_hash(**changed) != chain.event_hash(**FIELDS)


def test_salted_digest_is_sha256_of_salt_then_body():
    assert chain.salted_digest("00ff", "{}") == hashlib.sha256(b"\x00\xff{}").hexdigest()
    assert chain.new_salt() != chain.new_salt()
    assert len(bytes.fromhex(chain.new_salt())) == 32


def test_anchor_survives_being_written_down():
    anchor = Anchor(12, "9" * 64)
    assert Anchor.parse(f" {anchor}\n") == anchor


@pytest.mark.parametrize("text", ["", "12", "12:abc", "-1:" + "a" * 64, "1:" + "A" * 64])
def test_anchor_refuses_other_text(text: str):
    with pytest.raises(LedgerError, match="not a ledger anchor"):
        Anchor.parse(text)
