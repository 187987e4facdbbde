"""What the versions of the behavior spec must be before a release is built on one."""

from __future__ import annotations

COLUMNS = ("behavior_hash", "content", "is_current", "count_triggers", "count_examples", "first_seen_as_of")


def expectations() -> list:
    """The suite: versions named by their content, one of them on file, each with triggers and a voice."""
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    return [
        gxe.ExpectColumnValuesToBeUnique(column="behavior_hash", meta={"claim": "a version is kept once"}),
        gxe.ExpectColumnValuesToMatchRegex(
            column="behavior_hash", regex=r"^[0-9a-f]{64}$", meta={"claim": "named by the hash of its content"}
        ),
        gxe.ExpectColumnValuesToNotBeNull(column="content", meta={"claim": "its content is kept"}),
        gxe.ExpectColumnValuesToNotBeNull(column="first_seen_as_of", meta={"claim": "it says since when"}),
        gxe.ExpectColumnValuesToBeBetween(
            column="count_triggers", min_value=1, meta={"claim": "it knows when to step aside"}
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="count_examples", min_value=3, max_value=5, meta={"claim": "three to five replies set the voice"}
        ),
        gxe.ExpectColumnValuesToNotBeNull(column="is_current", meta={"claim": "it says whether it is on file"}),
        gxe.ExpectColumnValuesToBeUnique(
            column="is_current",
            row_condition=Column("is_current") == True,  # noqa: E712 - builds a condition, compares nothing
            meta={"claim": "one version is on file"},
        ),
        gxe.ExpectTableRowCountToBeBetween(min_value=1, meta={"claim": "there is a spec"}),
    ]
