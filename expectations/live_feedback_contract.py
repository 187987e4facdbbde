"""What everything said of a live decision must carry: about which decision, of which kind, on which scale."""

from __future__ import annotations

COLUMNS = (
    "event_id", "sequence", "decision_id", "kind", "given_at", "rating", "rating_scale", "is_positive", "comment",
    "right_answer", "outcome", "handle_minutes", "is_erased",
)  # fmt: skip


def expectations() -> list:
    """The suite: one row an event, known kinds, scales and outcomes; erased words are all gone."""
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    kept, erased = (Column("is_erased") == False), (Column("is_erased") == True)  # noqa: E712
    closed = kept & (Column("kind") == "handoff")
    needed = {
        "event_id": "every event has its id",
        "decision_id": "it is about a decision",
        "given_at": "it says when it was given",
        "is_erased": "it says whether its words are there",
    }
    sets = {
        "kind": ["thumbs", "csat", "escalation", "correction", "handoff"],
        "rating_scale": ["thumbs", "score", "good_bad"],
        "outcome": ["resolved", "unresolved", "duplicate", "no_reply"],
    }
    return [
        gxe.ExpectColumnValuesToBeUnique(column="event_id", meta={"claim": "one row an event"}),
        gxe.ExpectColumnValuesToBeUnique(column="sequence", meta={"claim": "one row an event of the ledger"}),
        *(gxe.ExpectColumnValuesToNotBeNull(column=name, meta={"claim": claim}) for name, claim in needed.items()),
        gxe.ExpectColumnValuesToNotBeNull(
            column="kind", row_condition=kept, meta={"claim": "every event says of which kind it is"}
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="outcome", row_condition=closed, meta={"claim": "a closed handoff says how it ended"}
        ),
        *(
            gxe.ExpectColumnValuesToBeInSet(column=name, value_set=known, meta={"claim": f"a known {name}"})
            for name, known in sets.items()
        ),
        *(
            gxe.ExpectColumnValuesToBeNull(
                column=name, row_condition=erased, meta={"claim": "nothing is left of erased words"}
            )
            for name in ("rating", "comment", "right_answer", "outcome")
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="rating",
            row_condition=Column("kind") == "thumbs",
            meta={"claim": "a thumb points up or down"},
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="rating",
            value_set=[-1, 1],
            row_condition=Column("rating_scale") == "thumbs",
            meta={"claim": "a thumb points up or down"},
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="rating",
            min_value=1,
            max_value=5,
            row_condition=Column("rating_scale") == "score",
            meta={"claim": "a score lies on its scale"},
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="handle_minutes", min_value=0, meta={"claim": "nobody works less than no time"}
        ),
    ]
