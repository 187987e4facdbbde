"""Releases in the ledger: what is current, what a rollback goes back to, and which files were signed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ledger.erasure import erase_actor, erase_payload
from ledger.errors import SignOffError
from ledger.events import Event
from ledger.releases import (
    activations,
    artefact_differences,
    current_release,
    record_activation,
    releases_before,
    sign_release,
    signed_artefacts,
)
from ledger.sign_offs import sign_off_state
from ledger.signable import document_digest
from ledger.store import Ledger
from ledger.verification import verify
from tests.ledger.conftest import START

ROLES = ["support lead", "head of support"]
RECIPE = {"entries": [{"entry_id": "reset", "content_hash": "a" * 64}], "seeds": {"intents": 0}}
FILES = "f" * 64


def release(letter: str) -> str:
    return letter * 64


def activate(ledger: Ledger, letter: str, *, is_rollback: bool = False, **changes: Any) -> Event:
    fields: dict[str, Any] = {
        "by": "Mira Okafor",
        "role": "support lead",
        "occurred_at": START,
        "known_roles": ROLES,
        "artefacts_digest": FILES,
    }
    return record_activation(ledger, release(letter), is_rollback=is_rollback, **{**fields, **changes})


def sign(ledger: Ledger, role: str = "support lead", files: str = FILES, **changes: Any) -> Event:
    fields: dict[str, Any] = {"by": "Mira Okafor", "occurred_at": START, "known_roles": ROLES, **changes}
    return sign_release(ledger, RECIPE, document_digest(RECIPE), files, role=role, **fields)


def test_nothing_is_current_before_the_first_activation(ledger: Ledger):
    assert current_release(ledger) is None
    assert activations(ledger) == []
    assert releases_before(ledger) == []


def test_the_last_activation_is_current_and_says_what_it_replaced(ledger: Ledger):
    activate(ledger, "a")
    activate(ledger, "b", note=" Better answers. ", occurred_at=START + timedelta(hours=1), role="Support  Lead")
    current = current_release(ledger)
    assert current is not None
    assert (current.release_id, current.replaces, current.is_rollback) == (release("b"), release("a"), False)
    assert (current.by, current.role, current.note) == ("Mira Okafor", "support lead", "Better answers.")
    assert current.artefacts_digest == FILES
    assert current.occurred_at == START + timedelta(hours=1)
    assert [one.release_id for one in activations(ledger)] == [release("a"), release("b")]
    assert verify(ledger).is_intact


@pytest.mark.parametrize(
    ("steps", "before"),
    [
        ("a", ""),
        ("ab", "a"),
        ("abc", "ba"),
        ("abc<b", "a"),
        ("abc<b<a", ""),
        ("abc<bd", "ba"),
        ("abca", "cb"),
        ("ab<ab", "a"),
    ],
)
def test_a_rollback_takes_back_and_does_not_flip_between_two(ledger: Ledger, steps: str, before: str):
    is_rollback = False
    for step in steps:
        if step != "<":
            activate(ledger, step, is_rollback=is_rollback)
        is_rollback = step == "<"
    assert releases_before(ledger) == [release(letter) for letter in before]


def test_a_role_that_may_not_and_an_empty_name_activate_nothing(ledger: Ledger):
    with pytest.raises(SignOffError, match="intern"):
        activate(ledger, "a", role="intern")
    with pytest.raises(SignOffError, match="Nothing was activated"):
        activate(ledger, "a", by=" ")
    assert current_release(ledger) is None


def test_a_signature_holds_the_files_that_were_signed(ledger: Ledger):
    release_id = document_digest(RECIPE)
    assert signed_artefacts(ledger, release_id, ROLES) == {}
    sign(ledger)
    sign(ledger, "head of support", "e" * 64, by="Tomas Reyl", note="After the demo.")
    assert sign_off_state(ledger, "release", release_id, ROLES).is_complete
    assert signed_artefacts(ledger, release_id, ROLES) == {"support lead": FILES, "head of support": "e" * 64}
    (sentence,) = artefact_differences(ledger, release_id, FILES, ROLES)
    assert sentence.startswith("head of support signed other files (eeeeeeeeeeee)")
    sign(ledger, "head of support", FILES, by="Tomas Reyl", occurred_at=START + timedelta(hours=1))
    assert artefact_differences(ledger, release_id, FILES, ROLES) == []


def test_another_recipe_than_the_id_is_not_signed(ledger: Ledger):
    with pytest.raises(SignOffError, match="has changed since it was shown"):
        sign_release(
            ledger, {**RECIPE, "seeds": {}}, document_digest(RECIPE), FILES,
            by="Mira Okafor", role="support lead", occurred_at=START, known_roles=ROLES,
        )  # fmt: skip


def test_erased_words_leave_what_is_current(ledger: Ledger):
    signed = sign(ledger)
    event = activate(ledger, "a", note="private")
    activate(ledger, "b")
    assert event.payload_digest is not None
    assert signed.payload_digest is not None
    who: dict[str, Any] = {"by": "Data Officer", "role": "data protection", "occurred_at": START}
    erase_payload(ledger, event.payload_digest, **who)
    erase_payload(ledger, signed.payload_digest, **who)
    erase_actor(ledger, "Mira Okafor", **who)
    first, second = activations(ledger)
    assert (first.by, first.note, first.artefacts_digest) == (None, None, None)
    assert (second.release_id, second.replaces) == (release("b"), release("a"))
    (sentence,) = artefact_differences(ledger, document_digest(RECIPE), FILES, ROLES)
    assert "sign the release again" in sentence
