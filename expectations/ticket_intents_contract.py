"""What a ticket's category must be like for a roadmap to count it."""

from __future__ import annotations

COLUMNS = (
    "ticket_id",
    "model_version",
    "confidence",
    "is_unknown",
    "assigned_category_id",
    "assigned_by",
    "split",
)


def expectations() -> list:
    """The suite: one verdict a ticket, a probability that is one, and 'unknown' that means it."""
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    return [
        gxe.ExpectColumnValuesToBeUnique(column="ticket_id", meta={"claim": "one verdict a ticket"}),
        gxe.ExpectColumnValuesToNotBeNull(column="model_version", meta={"claim": "the model that judged is named"}),
        gxe.ExpectColumnUniqueValueCountToBeBetween(
            column="model_version", min_value=0, max_value=1, meta={"claim": "one model judged all of them"}
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="confidence", min_value=0.0, max_value=1.0, meta={"claim": "confidence is a probability"}
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="assigned_by",
            value_set=["label", "correction", "model", "unknown"],
            meta={"claim": "who decided is known"},
        ),
        gxe.ExpectColumnValuesToBeNull(
            column="assigned_category_id",
            row_condition=Column("assigned_by") == "unknown",
            meta={"claim": "an unknown ticket has no category"},
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="assigned_category_id",
            row_condition=Column("assigned_by") != "unknown",
            meta={"claim": "a decided ticket has a category"},
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="split",
            value_set=["train", "calibration", "holdout", "excluded"],
            meta={"claim": "every ticket has its side of the split"},
        ),
    ]
