"""Drawing faults: the same seed the same faults, each about something of its own, and every one plantable."""

import random

import pytest

from assets.retrain_agent.planted_faults.fault import AgeEntry, BreakTrigger
from assets.retrain_agent.planted_faults.plant import aged_text, require_plantable
from benchmarks.failures import MUST, SEEDS
from benchmarks.failures_faults import Draw, aged_facts, narrower
from desk.behavior import Trigger
from tests.assets.retrain_agent.planted_faults.small_world import small_planter, small_world

ANSWER = "Owners invite people under Settings > Members. They cannot invite guests. An invitation is valid for 7 days."


@pytest.fixture(scope="module")
def draw():
    return Draw(small_planter(), small_world())


def test_a_seed_draws_the_same_plantable_faults_again(draw):
    planter = small_planter()
    drawn = [draw.faults(seed) for seed in range(5)]
    assert drawn == [draw.faults(seed) for seed in range(5)]
    assert len({str(one) for one in drawn}) > 1
    for faults in drawn:
        assert faults
        require_plantable(faults, planter.material, planter.base.behavior)


def test_no_two_faults_of_a_world_are_about_one_category(draw):
    for seed in range(10):
        things = [thing for fault in draw.faults(seed) for thing in draw._about(fault)]
        assert len(things) == len(set(things))


def test_aged_facts_stand_in_the_answer_and_change_it():
    seen = set()
    for seed in range(40):
        was = aged_facts(ANSWER, random.Random(seed))
        assert was
        fault = AgeEntry(kind="age_entry", entry="invite", was=was)
        assert aged_text(ANSWER, fault) != ANSWER
        assert all(true in ANSWER for true in was)
        seen |= set(was)
    assert {"Settings > Members", "for 7 days"} <= seen
    assert any("cannot" in one for one in seen)


def test_an_answer_without_facts_is_not_aged():
    assert aged_facts("Thank you, we pass it on.", random.Random(0)) == {}
    assert aged_facts("After a 429 wait; it stops at 99 %, as in 2022.", random.Random(0)) == {}


def test_narrower_triggers_are_valid_and_listen_to_less():
    trigger = Trigger(id="legal", reason="legal steps", signals=["legal"], phrases=["lawyer", "court", "solicitor"])
    changes = list(narrower(trigger, random.Random(1)))
    assert changes
    for change in changes:
        BreakTrigger(kind="break_trigger", trigger="legal", how="narrowed", change=change)
        changed = Trigger.model_validate({**trigger.model_dump(mode="json"), **change})
        assert changed != trigger
        assert set(changed.phrases) <= set(trigger.phrases)
        assert set(changed.signals) <= set(trigger.signals)


def test_what_is_reported_was_not_developed_on():
    assert min(SEEDS) >= 100
    assert set(MUST) == {"type_accuracy", "pattern_purity", "removed_by_fix"}
