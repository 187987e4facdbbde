"""What text must be like before anything is embedded, shown or learnt from it."""

from __future__ import annotations

COLUMNS = (
    "comment_id",
    "ticket_id",
    "author_role",
    "created_at",
    "subject",
    "text",
    "language",
    "text_hash",
    "redactor_version",
)
EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"


def expectations() -> list:
    """The suite: one row a comment, known roles, and no address or active markup left."""
    from great_expectations import expectations as gxe

    return [
        gxe.ExpectColumnValuesToBeUnique(column="comment_id", meta={"claim": "one row a comment"}),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=column, meta={"claim": "always known"})
            for column in (
                "comment_id",
                "ticket_id",
                "author_role",
                "created_at",
                "text",
                "text_hash",
                "redactor_version",
            )
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="author_role", value_set=["requester", "staff", "bot", "system"], meta={"claim": "a known role"}
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="language", regex="^(?:[a-z]{2,3}|und)$", meta={"claim": "an ISO 639 language code"}
        ),
        gxe.ExpectColumnValuesToNotMatchRegex(
            column="text", regex=EMAIL, meta={"claim": "no e-mail address survives redaction"}
        ),
        gxe.ExpectColumnValuesToNotMatchRegex(
            column="subject", regex=EMAIL, meta={"claim": "no e-mail address survives redaction in a subject"}
        ),
        gxe.ExpectColumnUniqueValueCountToBeBetween(
            column="redactor_version", min_value=0, max_value=1, meta={"claim": "one redactor redacted everything"}
        ),
    ]
