"""What a threshold must carry before an answer may rest on it: no threshold without its bound."""

from __future__ import annotations

COLUMNS = (
    "category_id",
    "bucket",
    "risk",
    "certainty",
    "threshold",
    "certified_on",
    "count_calibration",
    "count_answered",
    "count_wrong",
    "upper_bound",
    "coverage",
    "label_source",
    "why",
)


def expectations() -> list:
    """The suite: one row a category and risk, and a threshold only where the bound proves it, in a category to answer."""
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    certified = Column("threshold").is_not_null()
    return [
        gxe.ExpectCompoundColumnsToBeUnique(
            column_list=["category_id", "risk"], meta={"claim": "one row a category and risk"}
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="threshold", min_value=0, max_value=1, meta={"claim": "a probability"}
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="certainty", min_value=0.5, max_value=1, strict_max=True, meta={"claim": "a stated certainty"}
        ),
        gxe.ExpectColumnValuesToBeBetween(column="coverage", min_value=0, max_value=1, meta={"claim": "a share"}),
        gxe.ExpectColumnValuesToNotBeNull(
            column="upper_bound", row_condition=certified, meta={"claim": "no threshold without its bound"}
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="risk",
            column_B="upper_bound",
            or_equal=True,
            row_condition=certified,
            meta={"claim": "the bound lies within the risk that was allowed"},
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="bucket",
            value_set=["automate"],
            row_condition=certified,
            meta={"claim": "only what may be automated is answered"},
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="count_calibration",
            column_B="count_answered",
            or_equal=True,
            meta={"claim": "a part of those tried"},
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="count_answered", column_B="count_wrong", or_equal=True, meta={"claim": "a part of those answered"}
        ),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=column, meta={"claim": claim})
            for column, claim in (
                ("why", "every row says why in words"),
                ("label_source", "it says where its labels come from"),
                ("certified_on", "it says what the bound is about"),
            )
        ),
    ]
