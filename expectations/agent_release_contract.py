"""What a release must be before a later stage runs it."""

from __future__ import annotations

COLUMNS = ("release_id", "behavior_hash", "encoder_revision", "count_entries", "count_regression_tickets")


def expectations() -> list:
    """The suite: named by its recipe, on a spec and an encoder that are named, with the tickets that hold it to account."""
    from great_expectations import expectations as gxe

    return [
        gxe.ExpectColumnValuesToBeUnique(column="release_id", meta={"claim": "a release is kept once"}),
        gxe.ExpectColumnValuesToMatchRegex(
            column="release_id", regex=r"^[0-9a-f]{64}$", meta={"claim": "named by the hash of its recipe"}
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="behavior_hash", regex=r"^[0-9a-f]{64}$", meta={"claim": "it names its behavior spec"}
        ),
        gxe.ExpectColumnValuesToNotBeNull(column="encoder_revision", meta={"claim": "it names its encoder"}),
        gxe.ExpectColumnValuesToBeBetween(column="count_entries", min_value=0, meta={"claim": "it counts its entries"}),
        gxe.ExpectColumnValuesToBeBetween(
            column="count_regression_tickets", min_value=0, meta={"claim": "it counts its regression set"}
        ),
    ]
