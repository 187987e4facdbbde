"""What every measured effect must carry: an interval around it, or why there is none."""

from __future__ import annotations

COLUMNS = ("change_id", "metric", "method", "n", "difference", "low", "high", "p", "verdict", "why", "sentence")


def expectations() -> list:
    """The suite: one row a change, metric and method; what is measured has an interval, what is not has a reason."""
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    measured = Column("verdict") != "not_measurable"
    return [
        gxe.ExpectCompoundColumnsToBeUnique(
            column_list=["change_id", "metric", "method"], meta={"claim": "one row a change, metric and method"}
        ),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=name, meta={"claim": f"every row has its {name}"})
            for name in ("change_id", "metric", "method", "n", "verdict", "why", "sentence")
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="verdict",
            value_set=["improvement", "worse", "no_effect_shown", "not_measurable"],
            meta={"claim": "a known verdict"},
        ),
        *(
            gxe.ExpectColumnValuesToNotBeNull(
                column=name, row_condition=measured, meta={"claim": f"what is measured has its {name}"}
            )
            for name in ("difference", "low", "high", "p")
        ),
        *(
            gxe.ExpectColumnValuesToBeBetween(
                column=name, min_value=-1, max_value=1, row_condition=measured, meta={"claim": "a difference of shares"}
            )
            for name in ("difference", "low", "high")
        ),
    ]
