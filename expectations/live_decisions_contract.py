"""What every live decision must carry: what was asked and done, in which mode, why, and by which release."""

from __future__ import annotations

COLUMNS = (
    "decision_id", "sequence", "decided_at", "mode", "sends", "requester_id", "action", "bucket", "confidence", "threshold",
    "reply", "steps", "reasons", "release_id", "language", "is_erased",
)  # fmt: skip


def expectations() -> list:
    """The suite: nothing without its reasons, nothing sent alone outside the rollout; erased words are all gone."""
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    kept, erased, sent = (Column("is_erased") == False), (Column("is_erased") == True), (Column("sends") == True)  # noqa: E712
    needed = {
        "mode": "every decision has its mode",
        "sends": "it says whether its reply was to go out",
        "action": "every decision has its action",
        "reasons": "every decision has its reasons",
        "release_id": "every decision has its release",
        "language": "every decision has its language",
    }
    return [
        gxe.ExpectColumnValuesToBeUnique(column="decision_id", meta={"claim": "one row a decision"}),
        gxe.ExpectColumnValuesToBeUnique(column="sequence", meta={"claim": "one row an event"}),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=name, meta={"claim": claim})
            for name, claim in (
                ("decision_id", "every decision has its id"),
                ("decided_at", "it says when it was decided"),
                ("is_erased", "it says whether its words are there"),
            )
        ),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=name, row_condition=kept, meta={"claim": claim})
            for name, claim in needed.items()
        ),
        *(
            gxe.ExpectColumnValuesToBeNull(
                column=name, row_condition=erased, meta={"claim": "nothing is left of erased words"}
            )
            for name in ("action", "reply", "reasons", "requester_id")
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="decision_id", regex="^[0-9a-f]{32}$", meta={"claim": "an id, not words"}
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="requester_id", regex="^[0-9a-f]{16}$", meta={"claim": "a pseudonym, not an address"}
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="mode", value_set=["shadow", "rollout", "control"], meta={"claim": "a known mode"}
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="action", value_set=["answer", "ask", "draft", "escalate"], meta={"claim": "a known action"}
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="mode", value_set=["rollout"], row_condition=sent, meta={"claim": "only the rollout sends by itself"}
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="action",
            value_set=["answer", "ask"],
            row_condition=sent,
            meta={"claim": "only answers and questions are sent by themselves"},
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="reply", row_condition=sent, meta={"claim": "what is sent says something"}
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="threshold",
            row_condition=Column("action") == "answer",
            meta={"claim": "no answer without a certified threshold"},
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="confidence", min_value=0, max_value=1, meta={"claim": "a probability"}
        ),
    ]
