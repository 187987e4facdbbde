"""What an entry must be for an answer to come from it today."""

from __future__ import annotations

COLUMNS = (
    "entry_id",
    "status",
    "is_current",
    "is_accepted",
    "is_in_date",
    "owner",
    "accepted_at",
    "review_by",
)


def expectations() -> list:
    """The suite: accepted, owned, in date, and with a day on which somebody looks again."""
    from great_expectations import expectations as gxe

    return [
        gxe.ExpectColumnValuesToBeUnique(column="entry_id", meta={"claim": "an entry is live once"}),
        gxe.ExpectColumnValuesToBeInSet(
            column="status", value_set=["accepted"], meta={"claim": "only accepted entries are live"}
        ),
        *(
            gxe.ExpectColumnValuesToBeInSet(column=column, value_set=[True], meta={"claim": claim})
            for column, claim in (
                ("is_current", "the version on file is the live one"),
                ("is_accepted", "somebody signed exactly this version"),
                ("is_in_date", "it is in date"),
            )
        ),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=column, meta={"claim": claim})
            for column, claim in (
                ("owner", "somebody owns it"),
                ("accepted_at", "it says when it was accepted"),
                ("review_by", "it says when to look again"),
            )
        ),
    ]
