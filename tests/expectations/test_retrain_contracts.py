"""Contracts of stage 5: good frames pass, and what they forbid is found."""

import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.fixes.proposal import KINDS, Proposal
from assets.retrain_agent.frames import EFFECT, FAILURE, FAILURE_TYPES, FIX
from expectations import failures_contract, fix_queue_contract
from expectations.validation import validate

AT = pd.Timestamp("2026-06-24T10:00", tz="UTC")
FAILED = dict.fromkeys(FAILURE) | {
    "failure_id": "0123456789abcdef", "source": "review", "ticket_id": "zendesk-1", "occurred_at": AT, "side": "train",
    "failure_type": "stale_knowledge", "type_confidence": 0.9, "evidence": ["it says so"],
}  # fmt: skip
FIXES = dict.fromkeys(FIX) | {
    "fix_id": "0123456789abcdef", "kind": "edit_entry", "title": "Change it", "why": "It is old", "rank": 1, "score": 2.0,
    "proposal": Proposal().to_json(), "status": "open",
}  # fmt: skip
DID = dict.fromkeys(EFFECT) | {
    "change_id": "C-001", "metric": "answer_quality", "method": "paired", "n": 40, "difference": 0.2, "low": 0.1, "high": 0.3,
    "p": 0.01, "verdict": "improvement", "why": "p = 0.010", "sentence": "change C-001 helped",
}  # fmt: skip


def test_the_contracts_know_the_words_of_the_stage():
    assert set(failures_contract.TYPES) == set(FAILURE_TYPES)
    assert set(fix_queue_contract.KINDS) == set(KINDS)


@pytest.mark.parametrize(
    ("contract", "columns", "row", "wrong", "told"),
    [
        ("failures_contract", FAILURE, FAILED, {"failure_type": "bad luck"}, "failure_type"),
        ("failures_contract", FAILURE, FAILED, {"type_confidence": 1.2}, "type_confidence"),
        ("failures_contract", FAILURE, FAILED, {"source": "hearsay"}, "source"),
        ("fix_queue_contract", FIX, FIXES, {"rank": None}, "rank"),
        ("fix_queue_contract", FIX, FIXES, {"status": "accepted"}, "change_id"),
        ("fix_queue_contract", FIX, FIXES, {"kind": "magic"}, "kind"),
        ("training_effects_contract", EFFECT, DID, {"low": None}, "low"),
        ("training_effects_contract", EFFECT, DID, {"difference": 12.0}, "difference"),
        ("training_effects_contract", EFFECT, DID, {"verdict": "great"}, "verdict"),
    ],
)
def test_a_good_frame_passes_and_a_wrong_one_is_told(contract, columns, row, wrong, told, tmp_path):
    assert validate(contract, frame_of([row], columns), tmp_path).passed
    assert validate(contract, frame_of([], columns), tmp_path).passed
    found = validate(contract, frame_of([{**row, **wrong}], columns), tmp_path)
    assert not found.passed
    assert told in " ".join(found.failures)
