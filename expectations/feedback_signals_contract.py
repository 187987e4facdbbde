"""What every signal must carry: what it is about, who it comes from, and that nothing is counted twice."""

from __future__ import annotations

COLUMNS = ("signal_id", "kind", "source", "occurred_at", "ticket_id", "is_trouble", "words")
KINDS = ["csat", "thumbs", "escalation", "correction", "reopen"]


def expectations() -> list:
    """The suite: one row a signal, known kinds, a time, something it is about, and no addresses in people's words."""
    from great_expectations import expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    del Column
    return [
        gxe.ExpectColumnValuesToBeUnique(column="signal_id", meta={"claim": "one row a signal"}),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=name, meta={"claim": f"every row has its {name}"})
            for name in ("signal_id", "kind", "source", "occurred_at", "is_trouble")
        ),
        gxe.ExpectColumnValuesToBeInSet(column="kind", value_set=KINDS, meta={"claim": "a known kind"}),
        gxe.ExpectColumnValuesToBeInSet(
            column="source", value_set=["pilot", "live", "helpdesk"], meta={"claim": "a known source"}
        ),
        gxe.ExpectColumnValuesToNotMatchRegex(
            column="words", regex=r"[\w.+-]+@[\w-]+\.\w", meta={"claim": "no address in people's words"}
        ),
    ]
