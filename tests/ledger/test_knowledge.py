from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import pytest

from ledger.entries import entry_subject, semantic_hash
from ledger.erasure import erase_actor, erase_payload
from ledger.errors import DecisionError, SignOffError
from ledger.events import EventType
from ledger.knowledge import (
    EntryAcceptance,
    accept_entries,
    accepted_entries,
    audit_decisions,
    dismiss_finding,
    dismissed_findings,
    draft_decisions,
    reject_drafts,
    verified_articles,
    verify_article,
)
from ledger.sign_offs import sign_off_state, signed_content, withdraw_sign_off
from ledger.store import Ledger
from ledger.verification import verify
from tests.ledger.conftest import START

ROLES = ["knowledge owner", "support lead"]
WHO: dict[str, Any] = {"by": "Mira Okafor", "role": "Support Lead", "occurred_at": START, "known_roles": ROLES}


def content(**changes: Any) -> dict[str, Any]:
    return {
        "question": "How do I reset my password?",
        "answer": "Press *Reset*.",
        "conditions": {"sso": ["true"]},
        "phrasings": ["locked out"],
        "category": "password_reset",
        "valid_from": None,
        "valid_until": None,
        **changes,
    }


def acceptance(entry_id: str = "reset", draft_id: str | None = None, **changes: Any) -> EntryAcceptance:
    return EntryAcceptance(entry_id, content(**changes), date(2026, 11, 20), draft_id)


def test_an_acceptance_is_bound_to_entry_and_content(ledger: Ledger):
    (event,) = accept_entries(ledger, [acceptance()], note="Fine.", **WHO)
    assert event.event_type == EventType.KNOWLEDGE_ENTRY_ACCEPTED
    assert event.subject_hash == f"reset:{semantic_hash(content())}"
    (row,) = accepted_entries(ledger).to_dict("records")
    assert (row["entry_id"], row["content_hash"]) == ("reset", semantic_hash(content()))
    assert (row["accepted_by"], row["accepted_role"], row["note"]) == ("Mira Okafor", "support lead", "Fine.")
    assert row["accepted_at"] == START
    assert row["review_by"].date() == date(2026, 11, 20)
    assert signed_content(ledger, "knowledge_entry", event.subject_hash) == {"entry_id": "reset", **content()}
    assert verify(ledger).is_intact


def test_words_stay_out_of_the_chain_and_can_be_erased(ledger: Ledger):
    accept_entries(ledger, [acceptance()], note="Call me at home.", **WHO)
    verify_article(ledger, "zendesk:1", "a" * 64, note="Right.", **WHO)
    dismiss_finding(ledger, "find_0a", note="Both are right.", **WHO)
    privacy: dict[str, Any] = {"by": "Ines Falk", "role": "privacy officer", "occurred_at": START}
    for event in list(ledger.events()):
        assert "home" not in str(event)
        assert "Okafor" not in str(event)
        if event.payload_digest:
            erase_payload(ledger, event.payload_digest, **privacy)
    erase_actor(ledger, "Mira Okafor", **privacy)
    (row,) = accepted_entries(ledger).to_dict("records")
    assert row["content_hash"] == semantic_hash(content()), "the entry stays accepted"
    assert accepted_entries(ledger)[["accepted_by", "note", "review_by"]].isna().all(axis=None)
    assert verified_articles(ledger)["article_hash"].tolist() == ["a" * 64]
    assert dismissed_findings(ledger)["finding_id"].tolist() == ["find_0a"]
    assert verify(ledger).is_intact


def test_another_content_another_entry_and_a_withdrawn_signature_are_not_accepted(ledger: Ledger):
    accept_entries(ledger, [acceptance()], **WHO)
    assert semantic_hash(content(answer="Press it twice.")) not in set(accepted_entries(ledger)["content_hash"])
    subject = acceptance().to_sign().subject_hash
    accept_entries(ledger, [acceptance("twin")], **WHO)
    assert sorted(accepted_entries(ledger)["entry_id"]) == ["reset", "twin"], "one text, two subjects"
    withdraw_sign_off(
        ledger, "knowledge_entry", subject, by="Mira Okafor", role="support lead", occurred_at=START, note="Too early."
    )
    assert accepted_entries(ledger)["entry_id"].tolist() == ["twin"]


def test_accepting_again_renews_the_review_and_the_latest_signature_counts(ledger: Ledger):
    accept_entries(ledger, [acceptance()], **WHO)
    later = EntryAcceptance("reset", content(), date(2027, 5, 1))
    accept_entries(ledger, [later], **{**WHO, "by": "Tomas Reyl", "occurred_at": START + timedelta(days=160)})
    (row,) = accepted_entries(ledger).to_dict("records")
    assert (row["accepted_by"], row["review_by"].date()) == ("Tomas Reyl", date(2027, 5, 1))
    state = sign_off_state(ledger, "knowledge_entry", later.to_sign().subject_hash, ["support lead"])
    assert state.is_complete
    assert [one.note for one in state.signatures] == [None, None]
    assert sum(event.event_type == "content_recorded" for event in ledger.events()) == 1, "once per content"


def test_the_latest_decision_on_a_draft_counts(ledger: Ledger):
    reject_drafts(ledger, ["draft_1", "draft_2"], note="Not ours.", **WHO)
    accept_entries(ledger, [acceptance(draft_id="draft_2")], **WHO)
    rows = draft_decisions(ledger).set_index("draft_id")
    assert rows["status"].to_dict() == {"draft_1": "rejected", "draft_2": "accepted"}
    assert rows.loc["draft_1", "note"] == "Not ours."
    assert rows.loc["draft_2", "entry_id"] == "reset"
    assert rows.loc["draft_1", "decided_by"] == "Mira Okafor"


def test_a_verified_article_is_its_content(ledger: Ledger):
    verify_article(ledger, "file:guides/reset.md", "a" * 64, **WHO)
    verify_article(ledger, "file:guides/reset.md", "a" * 64, note="Still right.", **WHO)
    (row,) = verified_articles(ledger).to_dict("records")
    assert (row["article_id"], row["article_hash"], row["note"]) == ("file:guides/reset.md", "a" * 64, "Still right.")


def test_what_clears_findings_is_one_frame_without_acceptances(ledger: Ledger):
    assert list(audit_decisions(ledger).columns) == ["decision", "subject_hash", "decided_by", "decided_at"]
    accept_entries(ledger, [acceptance()], **WHO)
    verify_article(ledger, "zendesk:1", "a" * 64, **WHO)
    dismiss_finding(ledger, "find_1", note="Fine.", **WHO)
    assert audit_decisions(ledger).to_dict("records") == [
        {"decision": "article_verified", "subject_hash": "a" * 64, "decided_by": "Mira Okafor", "decided_at": START},
        {"decision": "finding_dismissed", "subject_hash": "find_1", "decided_by": "Mira Okafor", "decided_at": START},
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"role": "intern"}, "'intern' is not a role that signs .*knowledge owner, support lead"),
        ({"by": " "}, "who is deciding"),
        ({"known_roles": []}, "names no role"),
        ({"note": " "}, "A reason is needed"),
    ],
)
def test_what_must_not_be_decided_is_refused_and_nothing_recorded(ledger: Ledger, changes, sentence):
    who = {**WHO, "note": "Because.", **changes}
    for decide in (
        lambda: reject_drafts(ledger, ["draft_1"], **who),
        lambda: dismiss_finding(ledger, "find_1", **who),
    ):
        with pytest.raises(SignOffError, match=sentence):
            decide()
    if "note" not in changes:
        with pytest.raises(SignOffError, match=sentence):
            verify_article(ledger, "zendesk:1", "a" * 64, **who)
        with pytest.raises(SignOffError, match=sentence):
            accept_entries(ledger, [acceptance(), acceptance("twin", "draft_1")], **who)
    assert ledger.head().sequence == 0


@pytest.mark.parametrize("entry_id", ["", "Reset", "a/b", "x" * 64])
def test_an_id_that_no_event_can_name_is_refused(entry_id):
    with pytest.raises(DecisionError, match="at most 63"):
        entry_subject(entry_id, "a" * 64)
    with pytest.raises(DecisionError, match="64 hex"):
        entry_subject("reset", "a")


def test_an_entry_without_all_its_fields_is_not_signed(ledger: Ledger):
    incomplete = {key: value for key, value in content().items() if key != "conditions"}
    with pytest.raises((DecisionError, KeyError)):
        accept_entries(ledger, [EntryAcceptance("reset", incomplete)], **WHO)


def test_nothing_decided_gives_empty_frames(ledger: Ledger):
    for read in (accepted_entries, audit_decisions, draft_decisions, verified_articles, dismissed_findings):
        frame = read(ledger)
        assert frame.empty
        assert len(frame.columns) > 3


def test_many_are_signed_in_one_quick_transaction(ledger: Ledger):
    many = [acceptance(f"entry-{number}", f"draft_{number}") for number in range(100)]
    started = time.perf_counter()
    assert len(accept_entries(ledger, many, **WHO)) == 100
    assert time.perf_counter() - started < 5
    assert len(accepted_entries(ledger)) == 100
    with pytest.raises(SignOffError):
        accept_entries(ledger, [acceptance("new"), *many], **{**WHO, "role": "intern"})
    assert len(accepted_entries(ledger)) == 100
