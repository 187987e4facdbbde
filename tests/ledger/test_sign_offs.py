from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ledger.decisions import decision_digest, decisions_from_content, diff_decisions
from ledger.erasure import erase_actor, erase_payload
from ledger.errors import NotInLedgerError, SignOffError
from ledger.events import Event
from ledger.sign_offs import last_signed, record_sign_off, sign_off_state, signed_content, withdraw_sign_off
from ledger.store import Ledger
from ledger.verification import verify
from tests.ledger.conftest import START

ROLES = ["Support Lead", "head of support"]
OLD = [("password_reset", "hybrid", 1, "Mira Okafor"), ("refund", "escalate", None, None)]
NEW = [("password_reset", "automate", 1, "Mira Okafor"), ("refund", "escalate", None, None)]


def sign(ledger: Ledger, by: str = "Mira Okafor", role: str = "support lead", **changes: Any) -> Event:
    fields: dict[str, Any] = {"occurred_at": START, "known_roles": ROLES, "content": OLD, "by": by, "role": role}
    fields |= changes
    subject_hash = fields.pop("subject_hash", None) or decision_digest(fields["content"])
    return record_sign_off(ledger, "roadmap", subject_hash, **fields)


def state(ledger: Ledger, content: Any = OLD, roles: Any = ROLES) -> Any:
    return sign_off_state(ledger, "roadmap", decision_digest(content), roles)


def test_signing_role_by_role_completes_it(ledger: Ledger):
    assert state(ledger).missing_roles == ("Support Lead", "head of support")
    event = sign(ledger, role="SUPPORT  lead", note=" Looks right. ")
    partial = state(ledger)
    assert (partial.signed_roles, partial.missing_roles) == (("Support Lead",), ("head of support",))
    assert not partial.is_complete
    sign(ledger, "Tomas Reyl", "Head of Support", occurred_at=START + timedelta(hours=1))
    whole = state(ledger)
    assert whole.is_complete
    assert whole.distinct_people
    assert [(s.role, s.by, s.note, s.occurred_at) for s in whole.signatures] == [
        ("Support Lead", "Mira Okafor", "Looks right.", START),
        ("head of support", "Tomas Reyl", None, START + timedelta(hours=1)),
    ]
    assert whole.signatures[0].event_id == event.event_id
    assert verify(ledger).is_intact


def test_a_changed_decision_is_unsigned_again_and_changing_it_back_is_signed(ledger: Ledger):
    sign(ledger)
    assert state(ledger, NEW).signatures == ()
    assert state(ledger, list(reversed(OLD))).signed_roles == ("Support Lead",)


def test_one_person_in_two_roles_is_visible(ledger: Ledger):
    sign(ledger, "Mira Okafor", "support lead")
    sign(ledger, "MIRA  OKAFOR", "head of support")
    both = state(ledger)
    assert both.is_complete
    assert not both.distinct_people
    sign(ledger, "Tomas Reyl", "support lead")
    assert state(ledger).distinct_people, "now each role can be counted to another person"


def test_signing_again_keeps_one_signature_with_the_latest_note(ledger: Ledger):
    sign(ledger, note="first")
    sign(ledger, note="second", occurred_at=START + timedelta(days=1))
    assert [s.note for s in state(ledger).signatures] == ["second"]


def test_a_key_makes_a_retry_harmless(ledger: Ledger):
    first = sign(ledger, idempotency_key="form-1")
    assert sign(ledger, idempotency_key="form-1", occurred_at=START + timedelta(days=1)) == first


def test_a_signature_can_be_withdrawn_and_given_again(ledger: Ledger):
    sign(ledger)
    sign(ledger, "Tomas Reyl", "support lead")
    who: dict[str, Any] = {"by": "mira okafor", "role": "Support lead", "occurred_at": START + timedelta(days=1)}
    withdraw_sign_off(ledger, "roadmap", decision_digest(OLD), note="Wrong tier.", **who)
    assert [s.by for s in state(ledger).signatures] == ["Tomas Reyl"]
    with pytest.raises(SignOffError, match="nothing to withdraw"):
        withdraw_sign_off(ledger, "roadmap", decision_digest(OLD), **who)
    sign(ledger, occurred_at=START + timedelta(days=2))
    assert [s.by for s in state(ledger).signatures] == ["Tomas Reyl", "Mira Okafor"]


def test_only_the_signer_in_that_role_on_that_hash_can_withdraw(ledger: Ledger):
    sign(ledger)
    for by, role, content in (
        ("Tomas Reyl", "support lead", OLD),
        ("Mira Okafor", "head of support", OLD),
        ("Mira Okafor", "support lead", NEW),
        ("", "support lead", OLD),
    ):
        with pytest.raises(SignOffError):
            withdraw_sign_off(ledger, "roadmap", decision_digest(content), by=by, role=role, occurred_at=START)
    assert state(ledger).signed_roles == ("Support Lead",)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"role": "intern"}, r"'intern' is not a role that signs the roadmap. The roles that sign it: Support Lead, h"),
        ({"role": " "}, "in what role"),
        ({"by": " "}, "who is deciding"),
        ({"known_roles": []}, "names no role"),
        ({"subject_hash": "f" * 64}, "has changed since it was shown"),
        ({"occurred_at": None}, "time zone"),
    ],
)
def test_what_must_not_be_signed_is_refused_in_a_sentence(ledger: Ledger, changes: dict[str, Any], sentence: str):
    with pytest.raises(SignOffError, match=sentence):
        sign(ledger, **changes)
    assert ledger.head().sequence == 0


def test_unknown_things_are_not_signed(ledger: Ledger):
    with pytest.raises(SignOffError, match="'lunch' is not something to sign"):
        sign_off_state(ledger, "lunch", "f" * 64, ROLES)


def test_signatures_in_roles_no_longer_asked_for_are_shown_and_not_counted(ledger: Ledger):
    sign(ledger)
    changed_desk = state(ledger, roles=["head of support"])
    assert not changed_desk.is_complete
    assert [s.role for s in changed_desk.signatures] == ["support lead"]
    assert state(ledger, roles=[]).is_complete


def test_what_was_signed_can_be_compared_later(ledger: Ledger):
    sign(ledger)
    sign(ledger, "Tomas Reyl", "head of support")
    sign(ledger, content=NEW)
    assert sum(1 for event in ledger.events() if event.event_type == "content_recorded") == 2, "once per hash"
    latest = last_signed(ledger, "roadmap")
    complete = last_signed(ledger, "roadmap", ROLES)
    before = last_signed(ledger, "roadmap", other_than=decision_digest(NEW))
    assert latest is not None
    assert complete is not None
    assert before is not None
    assert (before.subject_hash, before.content) == (complete.subject_hash, complete.content)
    assert latest.subject_hash == decision_digest(NEW)
    assert diff_decisions(decisions_from_content(complete.content), NEW) == ["password_reset: bucket hybrid → automate"]


def test_a_withdrawn_signature_is_not_the_last_signed(ledger: Ledger):
    assert last_signed(ledger, "roadmap") is None
    sign(ledger)
    withdraw_sign_off(ledger, "roadmap", decision_digest(OLD), by="Mira Okafor", role="support lead", occurred_at=START)
    assert last_signed(ledger, "roadmap") is None
    assert signed_content(ledger, "roadmap", decision_digest(OLD))[0]["category_id"] == "password_reset"
    with pytest.raises(NotInLedgerError, match="was ever signed"):
        signed_content(ledger, "roadmap", decision_digest(NEW))


def test_erasing_name_note_and_snapshot_leaves_the_signature(ledger: Ledger):
    sign(ledger, note="Call me at home.")
    for event in list(ledger.events()):
        if event.payload_digest is not None:
            erase_payload(ledger, event.payload_digest, by="Ines Falk", role="privacy officer", occurred_at=START)
    erase_actor(ledger, "Mira Okafor", by="Ines Falk", role="privacy officer", occurred_at=START)
    erased = state(ledger)
    assert erased.signed_roles == ("Support Lead",)
    assert [(s.by, s.note) for s in erased.signatures] == [(None, None)]
    assert signed_content(ledger, "roadmap", decision_digest(OLD)) is None
    assert verify(ledger).is_intact


def test_decisions_may_be_given_once_only(ledger: Ledger):
    sign(ledger, content=iter(OLD), subject_hash=decision_digest(OLD))
    assert len(signed_content(ledger, "roadmap", decision_digest(OLD))) == 2
