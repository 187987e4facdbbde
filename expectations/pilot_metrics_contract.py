"""What every published rate must carry: numerator, denominator, window, and an interval that holds it."""

from __future__ import annotations

COLUMNS = (
    "phase", "cut", "value", "category_id", "metric", "arm", "numerator", "denominator", "rate", "low", "high",
    "window_start", "window_end", "design_effect",
)  # fmt: skip


def expectations() -> list:
    """The suite over every rate; handle time, a mean of minutes, only has to lie in its interval."""
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    is_rate = Column("metric") != "handle_time_minutes"
    names = (
        "phase",
        "cut",
        "value",
        "metric",
        "arm",
        "numerator",
        "denominator",
        "rate",
        "low",
        "high",
        "window_start",
        "window_end",
    )
    return [
        *(gxe.ExpectColumnValuesToNotBeNull(column=name, meta={"claim": f"every row has its {name}"}) for name in names),
        gxe.ExpectColumnValuesToBeBetween(
            column="rate", min_value=0, max_value=1, row_condition=is_rate, meta={"claim": "a share"}
        ),
        gxe.ExpectColumnValuesToBeBetween(column="denominator", min_value=1, meta={"claim": "something was measured"}),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="denominator", column_B="numerator", or_equal=True, row_condition=is_rate,
            meta={"claim": "a part of those counted"},
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="rate", column_B="low", or_equal=True, meta={"claim": "not below its interval"}
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="high", column_B="rate", or_equal=True, meta={"claim": "not above its interval"}
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="window_end", column_B="window_start", or_equal=True, meta={"claim": "a window"}
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="design_effect", min_value=1, row_condition=is_rate, meta={"claim": "repeat requesters never help"}
        ),
    ]  # fmt: skip
