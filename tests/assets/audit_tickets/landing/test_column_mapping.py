"""Any other platform: CSV and JSON files through a column mapping into canonical tickets and comments."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from assets.audit_tickets.landing.column_mapping import read_column, unpack
from desk.mapping import ColumnSpec, Mapping
from tests.assets.audit_tickets.landing.sample_exports import (
    QUESTION_HEADER,
    forum_mapping,
    land,
    ndjson,
    question_row,
)

METADATA = ";category:x;useragent:Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:122.0) Gecko/20100101;product:y"


def spec(**values: Any) -> ColumnSpec:
    return ColumnSpec.model_validate(values)


def questions(folder: Path, text: str | bytes, name: str = "questions.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def small_mapping(**changes: Any) -> Mapping:
    columns = {"id": "id", "created_at": "created", "subject": "title"}
    tickets = {"files": "*", "columns": {**columns, **changes.pop("columns", {})}, **changes}
    return Mapping.model_validate({"tickets": tickets})


def test_packed_values_may_hold_the_separator() -> None:
    assert unpack(METADATA, ";", "useragent") == "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:122.0) Gecko/20100101"
    assert (unpack(METADATA, ";", "category"), unpack(METADATA, ";", "product")) == ("x", "y")
    assert (unpack(METADATA, ";", "agent"), unpack("", ";", "x"), unpack("plain", ";", "x")) == (None, None, None)
    assert unpack("a:1|b:2", "|", "b") == "2"


def test_steps_of_a_column() -> None:
    row = {"tags": "a; b;;", "solved": "TRUE", "meta": METADATA, "empty": "", "company": {"plan": "pro"}}
    assert read_column(row, spec(column="tags", split=";")) == ["a", "b"]
    assert read_column(row, spec(column="solved", values={"true": "solved"})) == "solved"
    assert read_column(row, spec(column="meta", packed=";", key="useragent", contains={"windows": "win"})) == "win"
    assert read_column(row, spec(column="meta", packed=";", key="product", contains={"windows": "win"})) is None
    assert read_column(row, spec(column="company.plan")) == "pro"
    assert read_column(row, spec(constant="web")) == "web"
    assert read_column(row, spec(column="empty")) is None
    assert read_column(row, spec(column="empty", values={"": "unset"})) == "unset"
    assert read_column(row, spec(column="absent.path")) is None


def test_a_question_becomes_a_canonical_ticket(tmp_path: Path) -> None:
    landed = land(questions(tmp_path, f"{QUESTION_HEADER}\n{question_row(7)}\n"), "generic", mapping=forum_mapping())
    (ticket,) = landed.payloads()
    assert ticket["id"] == "7"
    assert (ticket["created_at"], ticket["updated_at"]) == ("2024-01-01T01:04:34Z", "2024-01-02T03:22:53Z")
    assert (ticket["status"], ticket["is_spam"], ticket["tags"]) == ("open", False, ["mail", "other_1"])
    assert ticket["body_html"] == 'Hello, it says "no"\nand stops'
    assert ticket["fields"]["os"] == "windows"
    assert ticket["fields"]["topic"] == "other"
    assert ticket["fields"]["user_agent"].endswith("rv:122.0) Gecko")


def test_answers_become_comments_of_their_questions(tmp_path: Path) -> None:
    folder = tmp_path / "native"
    folder.mkdir()
    questions(folder, f"{QUESTION_HEADER}\n{question_row(7)}\n", "questions-1.csv")
    answers = (
        "id,question_id,created,content,creator,is_spam\n"
        "8,7,2024-01-01 02:00:00 +0000,Try this,user_2,true\n"
        "9,,2024-01-01 02:00:00 +0000,x,y,f\n"
    )
    questions(folder, answers, "answers-1.csv")
    questions(folder, "hello", "LICENSE.txt")
    landed = land(folder, "generic", mapping=forum_mapping())
    (comment,) = landed.payloads("comment")
    assert (comment["ticket_id"], comment["author_id"], comment["is_public"], comment["is_spam"]) == (
        "7",
        "user_2",
        True,
        True,
    )
    assert sorted(landed.reasons()) == ["orphan_comment", "unused_file"]


@pytest.mark.parametrize("cell", ["x" * 200_000, '"' * 140_000, "a,b\r\n" * 40_000])
def test_cells_beyond_the_usual_limit_land_whole(tmp_path: Path, cell: str) -> None:
    text = f"{QUESTION_HEADER}\n{question_row(1, cell)}\n{question_row(2)}\n"
    landed = land(questions(tmp_path, text), "generic", mapping=forum_mapping())
    assert landed.payloads()[0]["body_html"] == cell
    assert landed.ids() == ["1", "2"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_delimiter_newline_and_mark_are_found(tmp_path: Path, delimiter: str, newline: str, encoding: str) -> None:
    rows = [["id", "created", "title"], ["1", "2024-01-01", "Größe, oder; was"], ["2", "2024-01-02", "b"]]
    text = newline.join(delimiter.join(f'"{cell}"' if " " in cell else cell for cell in row) for row in rows)
    landed = land(questions(tmp_path, text.encode(encoding)), "generic", mapping=small_mapping())
    assert [ticket["subject"] for ticket in landed.payloads()] == ["Größe, oder; was", "b"]


def test_a_declared_encoding_is_used(tmp_path: Path) -> None:
    path = questions(tmp_path, "id,created,title\n1,2024-01-01,Größe\n".encode("cp1252"))
    assert land(path, "generic", mapping=small_mapping()).reasons() == ["bad_encoding"]
    assert land(path, "generic", mapping=small_mapping(encoding="cp1252")).payloads()[0]["subject"] == "Größe"


def test_bad_rows_are_set_aside_with_their_lines(tmp_path: Path) -> None:
    good = question_row(1)
    lines = [
        QUESTION_HEADER,
        good,  # two lines
        "2,too,few",
        question_row(3) + ",one,too,many",  # two lines
        question_row(4)[:-1],  # two lines; its last quote is missing
        question_row(5),
        question_row(6).replace("2024-01-01", "2024-13-45", 1),
        question_row(7),
        question_row(8).replace('"Hello', '"Hel"lo'),
        question_row(9),
    ]
    landed = land(questions(tmp_path, "\n".join(lines) + "\n"), "generic", mapping=forum_mapping())
    assert landed.ids() == ["1", "5", "7", "9"]
    assert [(row["line"], row["reason"]) for row in landed.rejected] == [
        (4, "wrong_column_count"),
        (5, "wrong_column_count"),
        (7, "unbalanced_quotes"),
        (11, "impossible_date"),
        (15, "unbalanced_quotes"),
    ]
    assert all("Hello" not in row["detail"] for row in landed.rejected)


def test_an_open_quote_at_the_end_loses_only_its_row(tmp_path: Path) -> None:
    text = 'id,created,title\n1,2024-01-01,a\n2,2024-01-01,"b\n3,2024-01-01,c\n'
    landed = land(questions(tmp_path, text), "generic", mapping=small_mapping())
    assert (landed.ids(), landed.reasons()) == (["1", "3"], ["unbalanced_quotes"])


def test_a_missing_column_names_itself(tmp_path: Path) -> None:
    landed = land(questions(tmp_path, "id,title\n1,a\n"), "generic", mapping=small_mapping())
    assert landed.reasons() == ["missing_column"]
    assert "'created'" in landed.rejected[0]["detail"]
    lacking = land(questions(tmp_path, "id,created\n1,2024-01-01\n"), "generic", mapping=small_mapping())
    assert lacking.payloads()[0]["subject"] is None
    assert "'title'" in lacking.manifest.warnings[0]


def test_a_column_named_twice_is_refused(tmp_path: Path) -> None:
    landed = land(questions(tmp_path, "id,created,title,title\n1,2024-01-01,a,b\n"), "generic", mapping=small_mapping())
    assert landed.reasons() == ["missing_column"]


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ({"column": "created"}, "2024-03-31 02:30:00 +0200", "2024-03-31T00:30:00Z"),
        ({"column": "created", "time_zone": "Europe/Berlin"}, "2024-07-01 12:00:00", "2024-07-01T10:00:00Z"),
        ({"column": "created", "time_format": "%d.%m.%Y %H:%M"}, "01.07.2024 12:00", "2024-07-01T12:00:00Z"),
        ({"column": "created", "time_format": "epoch_seconds"}, "1720000000", "2024-07-03T09:46:40Z"),
        ({"column": "created", "time_format": "epoch_milliseconds"}, "1720000000500", "2024-07-03T09:46:40.500000Z"),
        ({"column": "created", "time_format": "epoch_seconds"}, "1720000000500", None),
        ({"column": "created", "time_format": "%d.%m.%Y"}, "2024-07-01", None),
        ({"column": "created"}, "1720000000", None),
    ],
)
def test_times(tmp_path: Path, column: dict[str, str], cell: str, expected: str | None) -> None:
    mapping = small_mapping(columns={"created_at": column})
    landed = land(questions(tmp_path, f"id,created,title\n1,{cell},a\n"), "generic", mapping=mapping)
    if expected is None:
        assert landed.reasons() == ["impossible_date"]
    else:
        assert landed.payloads()[0]["created_at"] == expected


def test_an_unknown_status_asks_for_values(tmp_path: Path) -> None:
    mapping = small_mapping(columns={"status": {"column": "title", "values": {"done": "solved"}}})
    landed = land(
        questions(tmp_path, "id,created,title\n1,2024-01-01,done\n2,2024-01-01,weird\n"), "generic", mapping=mapping
    )
    assert (landed.ids(), landed.reasons()) == (["1"], ["unknown_value"])


@pytest.mark.parametrize("layout", ["lines", "list"])
def test_json_files_through_a_mapping(tmp_path: Path, layout: str) -> None:
    rows = [{"key": number, "made": {"at": "2024-01-01T00:00:00Z"}, "labels": ["a"], "paid": True} for number in (1, 2)]
    rows.append({"key": 3})
    content = ndjson(rows) if layout == "lines" else json.dumps(rows).encode()
    mapping = Mapping.model_validate(
        {
            "tickets": {
                "files": "*.json*",
                "columns": {"id": "key", "created_at": "made.at", "tags": "labels", "paid": "paid"},
            }
        }
    )
    landed = land(questions(tmp_path, content, "cases.jsonl"), "generic", mapping=mapping)
    assert [(ticket["id"], ticket["tags"], ticket["fields"]) for ticket in landed.payloads()] == [
        ("1", ["a"], {"paid": True}),
        ("2", ["a"], {"paid": True}),
    ]
    assert landed.reasons() == ["missing_field"]


def test_the_real_forum_lands_whole(shared_data: Path) -> None:
    folder = shared_data / "thunderbird" / "native"
    landed = land(folder, "generic", mapping=forum_mapping())
    assert landed.manifest.landed_by_kind == {"ticket": 3_047, "comment": 7_089}
    assert (landed.rejected, landed.manifest.warnings) == ([], [])
    csv.field_size_limit(10**7)
    with gzip.open(folder / "questions-2024-02.csv.gz", "rt", encoding="utf-8", newline="") as file:
        expected = {row["id"]: row for row in csv.DictReader(file)}
    tickets = {ticket["id"]: ticket for ticket in landed.payloads()}
    for id_, row in expected.items():
        assert tickets[id_]["body_html"] == (row["content"] or None)
        assert tickets[id_]["subject"] == (row["title"] or None)
        agent = tickets[id_]["fields"]["user_agent"]
        assert agent is None or f"useragent:{agent}" in row["metadata"]
    systems = [ticket["fields"]["os"] for ticket in tickets.values()]
    assert systems.count("windows") > 0.7 * len(systems)
