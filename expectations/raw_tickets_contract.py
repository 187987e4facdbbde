"""What every landed source record promises to the models that read it."""

from __future__ import annotations

COLUMNS = ("export_id", "source", "helpdesk", "record_kind", "record_id", "record_hash", "file", "line")


def expectations() -> list:
    """The suite: identity, origin and kind of each record."""
    from great_expectations import expectations as gxe

    return [
        gxe.ExpectTableColumnsToMatchSet(
            column_set=list(COLUMNS), exact_match=False, meta={"claim": "every agreed column is there"}
        ),
        *(
            gxe.ExpectColumnValuesToNotBeNull(column=column, meta={"claim": "every record says where it came from"})
            for column in COLUMNS
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="export_id", regex="^[0-9a-f]{16}$", meta={"claim": "an export is named by the hash of its content"}
        ),
        gxe.ExpectColumnValuesToMatchRegex(
            column="record_hash", regex="^[0-9a-f]{64}$", meta={"claim": "a record carries the SHA-256 of its payload"}
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="helpdesk",
            value_set=["zendesk", "freshdesk", "intercom", "generic"],
            meta={"claim": "a known helpdesk"},
        ),
        gxe.ExpectColumnValuesToBeInSet(
            column="record_kind",
            value_set=["ticket", "comment", "user", "rating", "metric", "organization"],
            meta={"claim": "a known kind of record"},
        ),
        gxe.ExpectColumnValuesToBeBetween(column="line", min_value=1, meta={"claim": "lines are counted from one"}),
        gxe.ExpectCompoundColumnsToBeUnique(
            column_list=["export_id", "file", "line", "record_kind", "record_id"],
            meta={"claim": "no input record is landed twice"},
        ),
    ]
