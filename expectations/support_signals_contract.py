"""What every support signal must carry: when it began and was found, how sure it is, and a diagnosis in words."""

from __future__ import annotations

COLUMNS = (
    "signal_id",
    "change",
    "dimension",
    "value",
    "started_at",
    "found_at",
    "p",
    "diagnosis",
    "is_explained",
    "release_name",
    "sentence",
    "status",
)
CHANGES = ["spike", "shift", "taxonomy_change", "more_escalations", "churn_risk"]
DIAGNOSES = ["release", "suspected_bug", "onboarding", "policy_or_price", "taxonomy_change", "unknown"]


def expectations() -> list:
    """The suite: one row an anomaly, found no earlier than it began, with a known diagnosis; what a release explains names it."""
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    return [
        gxe.ExpectColumnValuesToBeUnique(column="signal_id", meta={"claim": "one row an anomaly"}),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=name, meta={"claim": f"every row has its {name}"})
            for name in (
                "signal_id",
                "change",
                "dimension",
                "value",
                "started_at",
                "found_at",
                "diagnosis",
                "is_explained",
                "sentence",
                "status",
            )
        ),
        gxe.ExpectColumnValuesToBeInSet(column="change", value_set=CHANGES, meta={"claim": "a known kind of change"}),
        gxe.ExpectColumnValuesToBeInSet(column="diagnosis", value_set=DIAGNOSES, meta={"claim": "a known diagnosis"}),
        gxe.ExpectColumnValuesToBeInSet(
            column="status", value_set=["new", "ongoing", "over"], meta={"claim": "a known status"}
        ),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="found_at",
            column_B="started_at",
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            meta={"claim": "nothing is found before it began"},
        ),
        gxe.ExpectColumnValuesToBeBetween(column="p", min_value=0, max_value=1, meta={"claim": "a probability"}),
        gxe.ExpectColumnValuesToNotBeNull(
            column="release_name",
            row_condition=Column("diagnosis") == "release",
            meta={"claim": "the release is named"},
        ),
    ]
