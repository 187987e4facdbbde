"""What every replayed ticket must carry: the release that answered it, why, and by what it was judged."""

from __future__ import annotations

COLUMNS = (
    "ticket_id", "release_id", "action", "reasons", "encoder_revision", "behavior_hash", "question", "judged_by",
    "confidence",
)  # fmt: skip


def expectations() -> list:
    """The suite: one row a holdout ticket and release, with reasons, versions and the source of the judgement."""
    from great_expectations import expectations as gxe

    names = (
        "ticket_id",
        "release_id",
        "action",
        "reasons",
        "encoder_revision",
        "behavior_hash",
        "question",
        "judged_by",
    )
    return [
        gxe.ExpectCompoundColumnsToBeUnique(
            column_list=["ticket_id", "release_id"], meta={"claim": "one row a ticket and release"}
        ),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=name, meta={"claim": f"every row has its {name}"})
            for name in names
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="judged_by", value_set=["link", "reply", "none"], meta={"claim": "a known judge, never a review"}
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="confidence", min_value=0, max_value=1, meta={"claim": "a probability"}
        ),
    ]
