"""What every figure of a month must carry: a value with its interval, or a sentence that says why there is none."""

from __future__ import annotations

COLUMNS = ("month", "metric", "cut", "value", "low", "high", "unit", "sentence", "numerator", "denominator")


def expectations() -> list:
    """The suite: one row a month, metric and cut; a rate is a share within its interval."""
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    rate = (Column("unit") == "rate") & Column("value").is_not_null()
    return [
        gxe.ExpectCompoundColumnsToBeUnique(
            column_list=["month", "metric", "cut"], meta={"claim": "one row a month, metric and cut"}
        ),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=name, meta={"claim": f"every row has its {name}"})
            for name in ("month", "metric", "cut", "unit", "sentence")
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="month", regex=r"^\d{4}-(0[1-9]|1[0-2])$", meta={"claim": "a month, YYYY-MM"}
        ),
        *(
            gxe.ExpectColumnValuesToBeBetween(
                column=name, min_value=0, max_value=1, row_condition=rate, meta={"claim": "a share"}
            )
            for name in ("value", "low", "high")
        ),
        *(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A=high,
                column_B=low,
                or_equal=True,
                ignore_row_if="either_value_is_missing",
                meta={"claim": "a value within its interval"},
            )
            for high, low in (("high", "value"), ("value", "low"))
        ),
    ]
