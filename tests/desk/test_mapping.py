"""The mapping block: what it accepts and what it says when it is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from desk.mapping import Mapping

COLUMNS: dict[str, Any] = {"id": "id", "created_at": "created"}


def mapping(comments: dict[str, Any] | None = None, **columns: Any) -> Mapping:
    block: dict[str, Any] = {"tickets": {"files": "questions*", "columns": {**COLUMNS, **columns}}}
    if comments is not None:
        block["comments"] = {"files": "answers*", "columns": comments}
    return Mapping.model_validate(block)


def test_a_plain_name_is_a_column() -> None:
    assert mapping(subject="title").tickets.columns["subject"].column == "title"


def test_yaml_booleans_as_keys_are_cell_texts() -> None:
    assert mapping(status={"column": "x", "values": {True: "solved"}}).tickets.columns["status"].values == {
        "true": "solved"
    }


def test_other_names_become_context_fields() -> None:
    assert "plan" in mapping(plan="Plan").tickets.columns


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"subject": {"column": "a", "constant": "b"}}, "either 'column' or 'constant'"),
        ({"subject": {}}, "either 'column' or 'constant'"),
        ({"os": {"column": "a", "packed": ";"}}, "belong together"),
        ({"subject": {"colum": "a"}}, "Extra inputs"),
        ({"created_at": {"column": "a", "time_zone": "Mars/Base"}}, "not a known time zone"),
        ({"updatd_at": "x"}, "did you mean 'updated_at'"),
    ],
)
def test_mistakes_in_columns(columns: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        mapping(**columns)


def test_needed_columns() -> None:
    with pytest.raises(ValidationError, match="must map created_at"):
        Mapping.model_validate({"tickets": {"files": "*", "columns": {"id": "id"}}})
    with pytest.raises(ValidationError, match="must map ticket_id"):
        mapping(comments={"id": "id", "created_at": "c"})
    with pytest.raises(ValidationError, match="no column 'colour'"):
        mapping(comments={"id": "id", "ticket_id": "t", "created_at": "c", "colour": "x"})


def test_encoding_is_known() -> None:
    with pytest.raises(ValidationError, match="not a known text encoding"):
        Mapping.model_validate({"tickets": {"files": "*", "encoding": "utf-9", "columns": COLUMNS}})
