"""What the vectors of knowledge must be: those of the live entries, each once, and no other."""

from __future__ import annotations

COLUMNS = ("vector_id", "entry_id", "kind", "count_vectors", "encoder_revision")


def expectations() -> list:
    """The suite, over every text that should have a vector and every vector there is."""
    from great_expectations import expectations as gxe

    return [
        gxe.ExpectColumnValuesToBeUnique(column="vector_id", meta={"claim": "one row a text"}),
        gxe.ExpectColumnValuesToNotBeNull(
            column="entry_id", meta={"claim": "every vector belongs to a live entry: none is left over"}
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="count_vectors", value_set=[1], meta={"claim": "every live text has exactly one vector"}
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="kind", value_set=["question", "phrasing", "passage"], meta={"claim": "a known kind of text"}
        ),
        gxe.ExpectColumnUniqueValueCountToBeBetween(
            column="encoder_revision", min_value=0, max_value=1, meta={"claim": "one encoder made all of them"}
        ),
    ]
