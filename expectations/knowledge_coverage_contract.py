"""What coverage must be like before people rely on it."""

from __future__ import annotations

COLUMNS = (
    "category_id",
    "bucket",
    "count_live_entries",
    "count_entries_with_enough_phrasings",
    "count_owned",
    "entries_needed",
    "is_covered",
    "rank",
)


def expectations() -> list:
    """The suite: every category to be trained once, counts that fit, and 'covered' that means it."""
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    return [
        gxe.ExpectColumnValuesToBeUnique(column="category_id", meta={"claim": "every category once"}),
        gxe.ExpectColumnValuesToBeUnique(column="rank", meta={"claim": "a place of its own"}),
        gxe.ExpectColumnValuesToBeInSet(
            column="bucket", value_set=["automate", "hybrid"], meta={"claim": "only what may be trained"}
        ),
        *(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="count_live_entries", column_B=column, or_equal=True, meta={"claim": "a part of the live ones"}
            )
            for column in ("count_entries_with_enough_phrasings", "count_owned")
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="entries_needed",
            value_set=[0],
            row_condition=Column("is_covered") == True,  # noqa: E712 - builds a condition, compares nothing
            meta={"claim": "a covered category needs no further entry"},
        ),
    ]
