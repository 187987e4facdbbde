"""Rates over worlds, and intervals that know which failures stand and fall together."""

import pytest

from assets.retrain_agent.planted_faults.measures import measure_found, rate
from assets.retrain_agent.planted_faults.try_detectors import Found


def failure(fault, found, expected="knowledge_gap", side="train", is_removed=True):
    return {
        "ticket_id": "t", "fault": fault, "kind": fault.split()[0], "expected": expected, "found": found,
        "confidence": 0.9, "side": side, "is_removed": is_removed,
    }  # fmt: skip


def pattern(name="p", **faults):
    return {
        "pattern_id": name,
        "name": "n",
        "type": "knowledge_gap",
        "faults": faults,
        "fix": "new_entry",
        "fix_title": "t",
    }


def world(failures, patterns):
    counts = {"right": 10, "broken": 3, "ambiguous": 1, "before": 0, "broken_by_fixes": 0, "failures_seen": 4}
    return Found(failures, patterns, [{"name": "a"}], counts)


def test_rates_are_counted_over_failures_and_patterns():
    worlds = {
        0: world([failure("remove a", "knowledge_gap")] * 3 + [failure("remove a", "retrieval_miss", is_removed=False)], [pattern(a=3)]),
        1: world([failure("age b", "stale_knowledge", "stale_knowledge", side="holdout")] * 4, [pattern(b=3, c=1), pattern(b=9, none=9)]),
    }  # fmt: skip
    figures = measure_found(worlds)
    assert figures["type_accuracy"] == pytest.approx(7 / 8)
    assert figures["removed_by_fix"] == pytest.approx(7 / 8)
    assert figures["pattern_purity"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["pattern_purity_with_others"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["removed_elsewhere"] == 1.0
    assert figures["by_kind"]["remove"]["found"] == {"knowledge_gap": 3, "retrieval_miss": 1}
    assert figures["counts"]["right"] == 20


def test_a_pattern_that_is_shared_by_two_faults_is_not_pure_and_several_causes_count_for_none():
    assert measure_found({0: world([failure("remove a", "x")], [pattern(a=8, b=1)])})["pattern_purity"] == 0.0
    assert measure_found({0: world([failure("remove a", "x")], [pattern(a=9, b=1)])})["pattern_purity"] == 1.0
    assert measure_found({0: world([failure("remove a", "x")], [pattern(a=2, several=5)])})["pattern_purity"] == 1.0


def test_failures_of_one_fault_are_one_piece_of_evidence():
    together = rate("r", [("a", 1.0, 1.0)] * 50 + [("b", 0.0, 1.0)] * 50)
    apart = rate("r", [(str(n), float(n % 2), 1.0) for n in range(100)])
    assert together["r"] == apart["r"] == 0.5
    assert together["r_high"] - together["r_low"] > 2 * (apart["r_high"] - apart["r_low"])


def test_agreement_of_few_is_not_certainty():
    found = rate("r", [("a", 1.0, 1.0)] * 30 + [("b", 1.0, 1.0)] * 30)
    assert found["r"] == found["r_high"] == 1.0
    assert found["r_low"] < 0.5


def test_without_rows_there_is_no_rate():
    assert rate("r", []) == {"r": None, "r_low": None, "r_high": None}
    assert measure_found({})["type_accuracy"] is None
