"""What every proposal about scope must carry: what it rests on, where it stands, and who decided."""

from __future__ import annotations

COLUMNS = (
    "proposal_id",
    "kind",
    "category_id",
    "from_bucket",
    "to_bucket",
    "numerator",
    "denominator",
    "rate",
    "low",
    "high",
    "step",
    "steps",
    "status",
    "decided_by",
    "decided_at",
    "sentence",
)
STATUSES = ["proposed", "walking", "ready", "accepted", "rejected", "withdrawn", "in_force"]


def expectations() -> list:
    """The suite: one row a proposal, known kinds and buckets; a rate within its interval; what was decided names a person."""
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    decided = Column("status").is_in(["accepted", "rejected"])
    return [
        gxe.ExpectColumnValuesToBeUnique(column="proposal_id", meta={"claim": "one row a proposal"}),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=name, meta={"claim": f"every row has its {name}"})
            for name in (
                "proposal_id",
                "kind",
                "category_id",
                "from_bucket",
                "to_bucket",
                "steps",
                "status",
                "sentence",
            )
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="kind", value_set=["widen", "narrow", "back"], meta={"claim": "a known kind"}
        ),
        *(
            gxe.ExpectColumnValuesToBeInSet(
                column=name, value_set=["automate", "hybrid", "escalate"], meta={"claim": "a known bucket"}
            )
            for name in ("from_bucket", "to_bucket")
        ),
        gxe.ExpectColumnValuesToBeInSet(column="status", value_set=STATUSES, meta={"claim": "a known status"}),
        *(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A=high,
                column_B=low,
                or_equal=True,
                ignore_row_if="either_value_is_missing",
                meta={"claim": claim},
            )
            for high, low, claim in (
                ("high", "rate", "a rate within its interval"),
                ("rate", "low", "a rate within its interval"),
                ("denominator", "numerator", "a share of what was judged"),
            )
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="decided_at", row_condition=decided, meta={"claim": "what was decided says when"}
        ),
    ]
