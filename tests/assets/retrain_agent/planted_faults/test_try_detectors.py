"""One fault from planting to fix, through the stage's own functions, on a desk of a few dozen tickets."""

import pandas as pd

from assets.retrain_agent import frames
from assets.retrain_agent.planted_faults.fault import read_faults
from assets.retrain_agent.planted_faults.measures import measure_found
from assets.retrain_agent.planted_faults.planted_failures import break_world
from assets.retrain_agent.planted_faults.try_detectors import first_fixes, try_detectors
from tests.assets.retrain_agent.planted_faults.small_world import small_planter, small_world


def test_a_removed_entry_is_found_typed_and_mended():
    planter, world = small_planter(), small_world()
    faults = read_faults("[{kind: remove_entry, entry: invoice-copy}]")
    found = try_detectors(planter, world, break_world(planter, world, faults))
    assert len(found.failures) >= 10
    assert {row["fault"] for row in found.failures} == {"remove_entry invoice-copy"}
    figures = measure_found({0: found})
    assert figures["type_accuracy"] >= 0.8
    assert figures["pattern_purity"] == 1.0
    assert figures["removed_by_fix"] >= 0.7
    assert found.counts["broken_by_fixes"] == 0
    assert not found.problems


def test_the_first_fix_of_a_pattern_is_the_best_one_that_changes_something():
    from assets.retrain_agent.fixes.proposal import NEW_ENTRY, NOTE, Proposal, ProposedEntry

    nothing = Proposal().to_json()
    entry = Proposal(entries=(ProposedEntry("new-one", "billing", "Where?", "There, in the settings."),)).to_json()
    rows = [
        {"fix_id": "a", "pattern_id": "p", "kind": NOTE, "proposal": nothing, "score": 9.0},
        {"fix_id": "b", "pattern_id": "p", "kind": NEW_ENTRY, "proposal": entry, "score": 1.0},
        {"fix_id": "c", "pattern_id": "p", "kind": NEW_ENTRY, "proposal": entry, "score": 2.0},
        {"fix_id": "d", "pattern_id": "q", "kind": NOTE, "proposal": nothing, "score": 2.0},
    ]
    frame = pd.DataFrame([{name: row.get(name) for name in frames.FIX} for row in rows])
    assert {name: row["fix_id"] for name, row in first_fixes(frame).items()} == {"p": "c"}
