"""What every answer of a pilot must carry: why it was said, by which release, from which versions, in which mode."""

from __future__ import annotations

COLUMNS = (
    "answer_id", "pilot_id", "ticket_id", "turn", "created_at", "asked_at", "decided_at", "phase", "mode", "arm", "share",
    "action", "bucket", "confidence", "threshold", "reply", "steps", "reasons", "release_id", "encoder_revision",
    "behavior_hash", "question",
)  # fmt: skip


def expectations() -> list:
    """The suite: no answer without its reasons and versions, nothing sent outside the agent's arm or without a threshold."""
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    in_rollout, answered = Column("mode") == "rollout", Column("action") == "answer"
    needed = {
        "answer_id": "every answer has its id",
        "ticket_id": "every answer has its ticket",
        "mode": "every answer has its mode",
        "action": "every answer has its action",
        "release_id": "every answer has its release",
        "reasons": "every answer has its reasons",
        "encoder_revision": "every answer names the encoder",
        "behavior_hash": "every answer names the behavior spec",
        "decided_at": "it says when it was decided",
        "question": "it says what was asked",
    }
    return [
        gxe.ExpectColumnValuesToBeUnique(column="answer_id", meta={"claim": "one row an answer"}),
        *(gxe.ExpectColumnValuesToNotBeNull(column=name, meta={"claim": claim}) for name, claim in needed.items()),
        gxe.ExpectColumnValuesToBeInSet(
            column="mode", value_set=["shadow", "rollout", "control"], meta={"claim": "a known mode"}
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="action", value_set=["answer", "ask", "draft", "escalate"], meta={"claim": "a known action"}
        ),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=name, row_condition=in_rollout, meta={"claim": claim})
            for name, claim in (
                ("arm", "nothing is sent outside an arm"),
                ("bucket", "nothing is sent without a bucket"),
            )
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="arm", value_set=["ai"], row_condition=in_rollout, meta={"claim": "sent to the agent's arm alone"}
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="bucket",
            value_set=["automate"],
            row_condition=in_rollout,
            meta={"claim": "only what may be automated is sent by itself"},
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="reply", row_condition=answered, meta={"claim": "an answer says something"}
        ),
        gxe.ExpectColumnValuesToNotBeNull(
            column="threshold", row_condition=answered, meta={"claim": "no answer without a certified threshold"}
        ),
        gxe.ExpectColumnValuesToBeBetween(
            column="turn", min_value=1, max_value=3, meta={"claim": "three turns at most"}
        ),
        gxe.ExpectColumnValuesToBeBetween(column="share", min_value=0, max_value=1, meta={"claim": "a share"}),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="asked_at",
            column_B="created_at",
            or_equal=True,
            meta={"claim": "asked no earlier than the ticket"},
        ),
    ]
