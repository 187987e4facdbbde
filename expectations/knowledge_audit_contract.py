"""What every item of an audit must carry: whose it is, why it is there, by when, and what came of it."""

from __future__ import annotations

COLUMNS = (
    "item_id",
    "quarter",
    "owner",
    "subject_kind",
    "subject_id",
    "title",
    "rank",
    "opened_at",
    "due_at",
    "status",
    "done_at",
    "done_how",
)


def expectations() -> list:
    """The suite: one row an item, an owner and a due date; what is done says when and how."""
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    done = Column("status") == "done"
    return [
        gxe.ExpectColumnValuesToBeUnique(column="item_id", meta={"claim": "one row an item"}),
        gxe.ExpectCompoundColumnsToBeUnique(
            column_list=["quarter", "subject_kind", "subject_id"], meta={"claim": "a subject once a quarter"}
        ),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=name, meta={"claim": f"every row has its {name}"})
            for name in ("item_id", "quarter", "owner", "subject_id", "title", "opened_at", "due_at", "status")
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="quarter", regex=r"^\d{4}-Q[1-4]$", meta={"claim": "a quarter, YYYY-Qn"}
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="subject_kind", value_set=["entry", "article", "category"], meta={"claim": "a known kind of subject"}
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="status", value_set=["open", "overdue", "done"], meta={"claim": "a known status"}
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="due_at",
            column_B="opened_at",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            meta={"claim": "due after it was opened"},
        ),
        *(
            gxe.ExpectColumnValuesToNotBeNull(
                column=name, row_condition=done, meta={"claim": f"what is done has its {name}"}
            )
            for name in ("done_at", "done_how")
        ),
    ]
