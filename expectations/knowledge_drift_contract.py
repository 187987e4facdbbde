"""What every look for drift must carry: a test with its effect, and words only where something has drifted."""

from __future__ import annotations

COLUMNS = (
    "drift_id",
    "kind",
    "n_reference",
    "n_recent",
    "effect",
    "p",
    "p_adjusted",
    "is_drift",
    "sentence",
    "release_name",
)
KINDS = [
    "question_drift", "answer_drift", "outcome_drift", "new_phrasings", "share_moved", "embedding_drift", "touched_by_event",
]  # fmt: skip


def expectations() -> list:
    """The suite: one row a thing that was looked at; what is called drift has an effect, and a p that was adjusted for all looks."""
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    tested = Column("kind") != "touched_by_event"
    drifted = Column("is_drift") == True  # noqa: E712  (the row condition is built from this comparison)
    return [
        gxe.ExpectColumnValuesToBeUnique(column="drift_id", meta={"claim": "one row a thing that was looked at"}),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=name, meta={"claim": f"every row has its {name}"})
            for name in ("drift_id", "kind", "is_drift", "sentence")
        ),
        gxe.ExpectColumnValuesToBeInSet(column="kind", value_set=KINDS, meta={"claim": "a known kind"}),
        *(
            gxe.ExpectColumnValuesToBeBetween(column=name, min_value=0, max_value=1, meta={"claim": "a probability"})
            for name in ("p", "p_adjusted")
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="p_adjusted",
            column_B="p",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            meta={"claim": "many looks make none surer"},
        ),
        *(
            gxe.ExpectColumnValuesToNotBeNull(
                column=name, row_condition=tested & drifted, meta={"claim": f"what is called drift has its {name}"}
            )
            for name in ("effect", "p_adjusted", "n_reference", "n_recent")
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="release_name",
            row_condition=Column("kind") == "touched_by_event",
            meta={"claim": "an event has its name"},
        ),
    ]
