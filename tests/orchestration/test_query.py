"""SQL over everything published, and over nothing else."""

import csv
import io
import json

import pandas as pd
import pytest
from rich.console import Console

from orchestration.cli.query import QueryError, print_answer, query
from orchestration.lake import Lake, write_parquet


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path / "it's home")
    lake.prepare()
    frame = pd.DataFrame({"ticket_id": ["z:1", "z:2"], "tags": [["a", "b"], []], "count_replies": [2, None]})
    write_parquet(frame, lake.marts / "fct_tickets.parquet")
    write_parquet(pd.DataFrame({"body": ["secret"]}), lake.private / "int_comment_texts.parquet")
    return lake


def test_marts_are_tables(lake):
    assert query(lake, "select count(*) as n from fct_tickets").to_pylist() == [{"n": 2}]


def test_private_tables_need_asking(lake):
    with pytest.raises(QueryError, match="--include-private"):
        query(lake, "select * from int_comment_texts")
    assert query(lake, "select body from int_comment_texts", include_private=True).num_rows == 1


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_parquet('{private}')",
        "select * from read_csv('/etc/passwd')",
        "copy fct_tickets to '{out}'",
        "install httpfs",
        "set enable_external_access = true",
    ],
)
def test_a_query_reaches_no_other_file(lake, tmp_path, sql):
    place = sql.format(private=lake.private / "int_comment_texts.parquet", out=tmp_path / "out.csv")
    with pytest.raises(QueryError):
        query(lake, place)
    assert not (tmp_path / "out.csv").exists()


def test_a_misspelt_table_is_helped(lake):
    with pytest.raises(QueryError, match="Did you mean fct_tickets"):
        query(lake, "select * from fct_ticket")


def test_wrong_sql_is_said(lake):
    with pytest.raises(QueryError, match="syntax error"):
        query(lake, "selec 1")


def test_nothing_materialised_says_what_to_run(tmp_path):
    empty = Lake(tmp_path)
    empty.prepare()
    with pytest.raises(QueryError, match="understudy run"):
        query(empty, "select * from fct_tickets")


@pytest.mark.parametrize("output", ["json", "csv", "table"])
def test_every_format_prints_the_rows(lake, output):
    stream = io.StringIO()
    console = Console(file=stream, width=100)
    print_answer(query(lake, "select * from fct_tickets order by ticket_id"), output, console, stream)
    text = stream.getvalue()
    if output == "json":
        rows = [json.loads(line) for line in text.splitlines()]
        assert rows[0]["tags"] == ["a", "b"]
        assert rows[1]["count_replies"] is None
    elif output == "csv":
        assert list(csv.reader(io.StringIO(text)))[1] == ["z:1", "a; b", "2"]
    else:
        assert "z:1" in text
        assert "2 rows" in text
