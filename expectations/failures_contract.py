"""What every failure must carry: which kind it is, how sure that is, and why."""

from __future__ import annotations

COLUMNS = ("failure_id", "source", "occurred_at", "failure_type", "type_confidence", "side")
TYPES = [
    "knowledge_gap", "intent_misclassification", "edge_case_collision", "retrieval_miss", "stale_knowledge",
    "missed_escalation", "needless_escalation", "tone_or_length", "unexplained",
]  # fmt: skip


def expectations() -> list:
    """The suite: one row a failure, known types and sources, a confidence that is a probability."""
    from great_expectations import expectations as gxe

    needed = ("failure_id", "source", "occurred_at", "failure_type", "type_confidence")
    sets = {
        "failure_type": TYPES,
        "source": ["review", "feedback", "handoff", "reopened", "replay"],
        "side": ["train", "calibration", "holdout", "excluded"],
    }
    return [
        gxe.ExpectColumnValuesToBeUnique(column="failure_id", meta={"claim": "one row a failure"}),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=name, meta={"claim": f"every row has its {name}"})
            for name in needed
        ),
        *(
            gxe.ExpectColumnValuesToBeInSet(column=name, value_set=known, meta={"claim": f"a known {name}"})
            for name, known in sets.items()
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="type_confidence", min_value=0, max_value=1, meta={"claim": "a probability"}
        ),
    ]
