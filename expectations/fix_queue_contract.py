"""What every fix must carry: what it would change, why, and who decided about it."""

from __future__ import annotations

COLUMNS = ("fix_id", "kind", "title", "why", "proposal", "rank", "status", "change_id")
KINDS = [
    "new_entry", "edit_entry", "split_entry", "phrasings", "category_examples", "trigger", "threshold", "reply_style", "note",
]  # fmt: skip


def expectations() -> list:
    """The suite: one row a fix, known kinds; open ones have ranks of their own, accepted ones their change."""
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    still_open, accepted = Column("status") == "open", Column("status") == "accepted"
    return [
        gxe.ExpectColumnValuesToBeUnique(column="fix_id", meta={"claim": "one row a fix"}),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=name, meta={"claim": f"every row has its {name}"})
            for name in ("fix_id", "kind", "title", "why", "proposal", "status")
        ),
        gxe.ExpectColumnValuesToBeInSet(column="kind", value_set=KINDS, meta={"claim": "a known kind"}),
        gxe.ExpectColumnValuesToBeInSet(
            column="status",
            value_set=["open", "accepted", "rejected", "withdrawn"],
            meta={"claim": "a known status"},
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="rank", row_condition=still_open, meta={"claim": "what waits has its place in the queue"}
        ),
        gxe.ExpectColumnValuesToBeUnique(
            column="rank", row_condition=still_open, meta={"claim": "no two fixes share a place"}
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="change_id", row_condition=accepted, meta={"claim": "an accepted fix is a change with an id"}
        ),
    ]
