"""What every entry version promises, whatever people write in their files."""

from __future__ import annotations

COLUMNS = (
    "entry_id",
    "content_hash",
    "category_id",
    "question",
    "answer",
    "conditions",
    "status",
    "is_current",
    "is_accepted",
    "accepted_at",
)


def expectations() -> list:
    """The suite: a version is named by its content, says something, and is accepted only with a date."""
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    return [
        gxe.ExpectCompoundColumnsToBeUnique(
            column_list=["entry_id", "content_hash"], meta={"claim": "one row a version"}
        ),
        gxe.ExpectColumnValuesToBeUnique(
            column="entry_id",
            row_condition=Column("is_current") == True,  # noqa: E712 - builds a condition, compares nothing
            meta={"claim": "an entry has one version on file"},
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="content_hash", regex="^[0-9a-f]{64}$", meta={"claim": "a version is named by its content"}
        ),
        *(
            gxe.ExpectColumnValueLengthsToBeBetween(column=column, min_value=1, meta={"claim": "says something"})
            for column in ("category_id", "question", "answer")
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="conditions", regex=r"^\{.*\}$", meta={"claim": "conditions are a JSON object"}
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="status", value_set=["draft", "accepted", "retired"], meta={"claim": "a known status"}
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="accepted_at",
            row_condition=Column("is_accepted") == True,  # noqa: E712
            meta={"claim": "an acceptance has its time"},
        ),
    ]
