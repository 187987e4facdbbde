"""Findings remember when they were first seen and what people decided."""

import pandas as pd

from assets.build_knowledge.findings.finding import FINDING_COLUMNS, Finding, findings_frame
from assets.build_knowledge.findings.finding_status import with_status
from ledger.knowledge import audit_decisions, dismiss_finding, verify_article
from ledger.store import open_ledger
from tests.assets.build_knowledge.findings.audited import NOW, day

YEAR = pd.Timedelta(days=365)


def finding(subject="a1", reason="untouched", kind="article", **given):
    values = {"evidence": "It is old.", "fix": "Read it.", "is_blocking": True} | given
    return Finding("stale", reason, kind, subject, f"hash-{subject}", **values)


def decided(*rows):
    frame = pd.DataFrame(rows, columns=["decision", "subject_hash", "decided_by", "decided_at"])
    frame["decided_at"] = pd.to_datetime(frame["decided_at"], utc=True)
    return frame


def states(findings, decisions=None, previous=None):
    frame = with_status(findings_frame(findings, NOW), previous, decisions, NOW, YEAR)
    return {row.subject_id: (row.status, row.decided_by) for row in frame.itertuples()}


def test_the_frame_has_the_contracts_columns():
    assert list(findings_frame([], NOW).columns) == list(FINDING_COLUMNS)
    frame = findings_frame([finding(), finding()], NOW)
    assert len(frame) == 1
    assert frame["finding_id"].str.fullmatch(r"find_[0-9a-f]{12}").all()


def test_a_finding_keeps_the_day_it_was_first_seen():
    before = findings_frame([finding()], day("2026-01-01"))
    after = with_status(findings_frame([finding(), finding("a2")], NOW), before, None, NOW, YEAR)
    assert dict(zip(after["subject_id"], after["first_found_as_of"], strict=True)) == {
        "a1": day("2026-01-01"),
        "a2": NOW,
    }
    assert (after["found_as_of"] == NOW).all()


def test_verifying_clears_suspicion_and_no_error():
    decisions = decided(
        ("article_verified", "hash-a1", "Ada", "2026-05-01"), ("article_verified", "hash-a2", "Ada", "2026-05-01")
    )
    assert states([finding(), finding("a2", "ended_price"), finding("a3")], decisions) == {
        "a1": ("verified", "Ada"),
        "a2": ("open", None),
        "a3": ("open", None),
    }


def test_a_verification_of_long_ago_has_run_out():
    assert states([finding()], decided(("article_verified", "hash-a1", "Ada", "2024-01-01"))) == {"a1": ("open", None)}


def test_a_decision_stands_when_its_name_has_been_erased():
    decisions = decided(("article_verified", "hash-a1", None, "2026-05-01"))
    assert states([finding()], decisions) == {"a1": ("verified", None)}


def test_decisions_come_from_the_ledger(tmp_path):
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    who = {"by": "Ada", "role": "support lead", "occurred_at": NOW.to_pydatetime(), "known_roles": ["support lead"]}
    verify_article(ledger, "a1", "hash-a1", **who)
    one = finding("a2", "ended_price")
    dismiss_finding(ledger, one.finding_id, note="Checked.", **who)
    found = states([finding(), one], audit_decisions(ledger))
    assert found == {"a1": ("verified", "Ada"), "a2": ("dismissed", "Ada")}


def test_dismissing_clears_one_finding():
    one = finding(reason="ended_price")
    assert states([one], decided(("finding_dismissed", one.finding_id, "Ben", "2026-05-01"))) == {
        "a1": ("dismissed", "Ben")
    }


def test_a_review_that_is_due_is_not_settled_by_verifying():
    decisions = decided(("entry_verified", "hash-e1", "Ada", "2026-05-01"))
    assert states([finding("e1", "past_review", "entry")], decisions) == {"e1": ("open", None)}
    assert states([finding("e1", "unknown_age", "entry")], decisions) == {"e1": ("verified", "Ada")}
