"""Contracts of stage 5 know the words of the stage, and hold for a lake in which nothing went wrong yet."""

import pytest

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.fixes.proposal import KINDS
from assets.retrain_agent.frames import EFFECT, FAILURE, FAILURE_TYPES, FIX
from expectations import failures_contract, fix_queue_contract
from expectations.validation import validate


def test_the_contracts_know_the_words_of_the_stage():
    assert set(failures_contract.TYPES) == set(FAILURE_TYPES)
    assert set(fix_queue_contract.KINDS) == set(KINDS)


@pytest.mark.parametrize(
    ("contract", "columns"),
    [("failures_contract", FAILURE), ("fix_queue_contract", FIX), ("training_effects_contract", EFFECT)],
)
def test_a_frame_without_rows_passes(contract, columns, tmp_path):
    assert validate(contract, frame_of([], columns), tmp_path).passed
