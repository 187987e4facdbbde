from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from ledger.decisions import (
    Decision,
    decision_digest,
    decisions_content,
    decisions_from_content,
    decisions_from_frame,
    diff_decisions,
)
from ledger.errors import DecisionError

SIGNED = [
    ("password_reset", "hybrid", 1, "Mira Okafor"),
    ("cancel_account", "escalate", None, None),
    ("plan_upgrade", "automate", 2, "José Lindqvist"),
]


def test_digests_are_pinned():
    """A change here unsigns every roadmap that was ever signed."""
    assert decision_digest([]) == "a917b82a9ca048d77533a110096afefd8b2685c32bc173957646cefaf3b61156"
    assert decision_digest(SIGNED) == "43d9f00ae8e0a12fe55121d55d8aaa20d98d40b3cf1aa1c3a1fea940ea5a7df1"


def test_order_does_not_count():
    digests = {decision_digest(order) for order in itertools.permutations(SIGNED)}
    assert len(digests) == 1


@pytest.mark.parametrize(
    "same",
    [
        ("plan_upgrade", "automate", 2, "Jose\u0301 Lindqvist"),
        (" plan_upgrade ", "Automate", 2.0, "José  Lindqvist "),
        ("plan_upgrade", "automate", np.int64(2), "José\u00a0Lindqvist"),
        ("plan_upgrade", "automate", "2", "José Lindqvist"),
    ],
)
def test_spelling_does_not_count(same: tuple[object, ...]):
    assert decision_digest([*SIGNED[:2], same]) == decision_digest(SIGNED)  # type: ignore[list-item]


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA, pd.NaT, "", "  ", np.float64("nan")])
def test_every_way_of_saying_undecided_is_one(nothing: object):
    assert Decision("cancel_account", nothing, nothing, nothing) == Decision("cancel_account")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    [
        ("password_reset", "automate", 1, "Mira Okafor"),
        ("password_reset", "hybrid", 2, "Mira Okafor"),
        ("password_reset", "hybrid", 1, "Tomas Reyl"),
        ("password_reset", None, 1, "Mira Okafor"),
        ("password_resets", "hybrid", 1, "Mira Okafor"),
    ],
)
def test_a_changed_decision_is_another_digest_and_a_sentence(other: tuple[object, ...]):
    changed = [other, *SIGNED[1:]]
    assert decision_digest(changed) != decision_digest(SIGNED)  # type: ignore[arg-type]
    assert diff_decisions(SIGNED, changed)  # type: ignore[arg-type]


def test_fields_do_not_run_into_each_other():
    assert decision_digest([("a", "b", None, "c")]) != decision_digest([("a", None, None, "b c")])
    assert decision_digest([("a", "b", None, None), ("c", None, None, None)]) != decision_digest(
        [("a", "b c", None, None)]
    )


def test_differences_are_sentences():
    new = [
        ("password_reset", "automate", 1, "Tomas Reyl"),
        ("plan_upgrade", "automate", 2, "Jose\u0301 Lindqvist"),
        ("refund", "escalate", 3, None),
    ]
    assert diff_decisions(SIGNED, new) == [
        "cancel_account: removed (was bucket escalate, tier none, owner none)",
        "password_reset: bucket hybrid → automate",
        "password_reset: owner Mira Okafor → Tomas Reyl",
        "refund: added (bucket escalate, tier 3, owner none)",
    ]
    assert diff_decisions(SIGNED, reversed(SIGNED)) == []


def test_volumes_in_the_frame_are_not_signed():
    frame = pd.DataFrame(SIGNED, columns=["category_id", "decided_bucket", "tier", "owner"])
    louder = frame.assign(count_tickets=[900, 4, 77]).sample(frac=1, random_state=3)
    assert decision_digest(decisions_from_frame(louder, bucket_column="decided_bucket")) == decision_digest(SIGNED)
    with pytest.raises(DecisionError, match="missing: bucket"):
        decisions_from_frame(frame)


def test_a_snapshot_reads_back():
    content = decisions_content(SIGNED)
    assert decision_digest(decisions_from_content(content)) == decision_digest(SIGNED)


@pytest.mark.parametrize(
    ("decisions", "sentence"),
    [
        ([("a", None, None, None), (" a", "automate", None, None)], "'a' is decided twice"),
        ([("", "automate", 1, None)], "names no category"),
        ([("a", "automate", "first", None)], "must be a whole number"),
        ([("a", "automate", 1.5, None)], "must be a whole number"),
        ([("a", "automate", True, None)], "must be a whole number"),
        ([("a", "automate", float("inf"), None)], "must be a whole number"),
    ],
)
def test_unclear_decisions_are_refused(decisions: list[tuple[object, ...]], sentence: str):
    with pytest.raises(DecisionError, match=sentence):
        decision_digest(decisions)  # type: ignore[arg-type]
