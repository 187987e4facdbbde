"""What a roadmap must be like before people are asked to sign it."""

from __future__ import annotations

RATES = ("share_of_volume", "one_touch_rate", "csat", "csat_response_rate", "reopen_rate")
COLUMNS = (
    "category_id",
    "name",
    "rank",
    "count_tickets",
    "bucket",
    "proposed_bucket",
    "has_enough_examples",
    "kind",
    "count_reasons",
    *RATES,
)


def expectations() -> list:
    """The suite: every category once, in a bucket with reasons, with rates that are rates."""
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    buckets = ["automate", "hybrid", "escalate"]
    return [
        gxe.ExpectColumnValuesToBeUnique(column="category_id", meta={"claim": "every category once"}),
        gxe.ExpectColumnValuesToBeUnique(column="rank", meta={"claim": "no two categories share a rank"}),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=column, meta={"claim": "always known"})
            for column in ("category_id", "name", "rank", "count_tickets", "bucket", "proposed_bucket")
        ),
        gxe.ExpectColumnValuesToBeInSet(column="bucket", value_set=buckets, meta={"claim": "a known bucket"}),
        gxe.ExpectColumnValuesToBeInSet(column="proposed_bucket", value_set=buckets, meta={"claim": "a known bucket"}),
        gxe.ExpectColumnValuesToBeBetween(
            column="count_reasons", min_value=1, meta={"claim": "every proposed bucket has its reasons"}
        ),
        gxe.ExpectColumnValuesToNotBeInSet(
            column="proposed_bucket",
            value_set=["automate"],
            row_condition=Column("has_enough_examples") == False,  # noqa: E712 - builds a condition, compares nothing
            meta={"claim": "nothing is proposed for automation without enough examples"},
        ),
        gxe.ExpectColumnValuesToNotBeInSet(
            column="proposed_bucket",
            value_set=["automate"],
            row_condition=Column("kind") == "candidate",
            meta={"claim": "a category nobody accepted is never proposed for automation"},
        ),
        *(
            gxe.ExpectColumnValuesToBeBetween(
                column=column, min_value=0.0, max_value=1.0, meta={"claim": "a rate lies between 0 and 1"}
            )
            for column in RATES
        ),
    ]
