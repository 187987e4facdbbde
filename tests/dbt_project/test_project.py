"""How the dbt project behaves as a program: without a home, on an empty lake, without a setting; and its layout."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from orchestration.stages import OWNERS
from tests.dbt_project.lakes import BuiltLake, dbt, write_lake
from tests.dbt_project.pilots import empty_frames, write_frames
from tests.dbt_project.records import DESK_FIELDS


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> BuiltLake:
    home = tmp_path_factory.mktemp("empty")
    write_lake(home, [], DESK_FIELDS, [])
    dbt(home, "run", "--exclude", "tag:pilot_agent")
    return BuiltLake(home)


def test_empty_lake_publishes_empty_marts(empty: BuiltLake) -> None:
    rows = {file.stem: pq.read_metadata(file).num_rows for file in (empty.home / "lake/marts").glob("*.parquet")}
    assert rows == {"fct_tickets": 0, "fct_ticket_comments": 0, "dim_requesters": 0, "dim_categories": 1}
    assert pq.read_metadata(empty.home / "lake/private/int_comment_texts.parquet").num_rows == 0


def test_a_desk_whose_pilot_has_not_begun_publishes_empty_facts(empty: BuiltLake) -> None:
    write_frames(empty.home, empty_frames())
    dbt(empty.home, "build", "--select", "tag:pilot_agent", "--exclude-resource-type", "unit_test")
    for name in ("fct_ai_answers", "fct_pilot_daily"):
        assert pq.read_metadata(empty.home / f"lake/marts/{name}.parquet").num_rows == 0
    schema = pq.read_schema(empty.home / "lake/marts/fct_ai_answers.parquet")
    assert str(schema.field("steps").type).startswith("list<")


def test_missing_desk_id_stops_the_build_with_words(empty: BuiltLake) -> None:
    write_lake(empty.home, [], [row for row in DESK_FIELDS if row[1] != "_desk_id"], [])
    said = dbt(empty.home, "run", "--select", "int_people", fails=True)
    assert "desk_fields must hold exactly one row with field _desk_id" in said


def test_assets_carry_key_group_and_owner(empty: BuiltLake) -> None:
    manifest = json.loads((empty.home / "dbt/target/manifest.json").read_text())
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    for node in models:
        stage = "pilot_agent" if "pilot_agent" in node["path"] else "audit_tickets"
        assert node["meta"]["dagster"] == {"group": stage, "owners": OWNERS[stage]}, node["name"]
        assert ("pilot_agent" in node["tags"]) == (stage == "pilot_agent"), node["name"]
    assert all(node["description"] for node in models)
    keys = {source["config"]["meta"]["dagster"]["asset_key"][0] for source in manifest["sources"].values()}
    assert keys == {"raw_tickets", "desk_fields", "desk_markers", "accepted_categories", *empty_frames()}


def test_parse_works_before_any_home_exists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    monkeypatch.setenv("DBT_LOG_PATH", str(tmp_path / "logs"))
    dbt(None, "--quiet", "parse")
    assert (tmp_path / "target/manifest.json").is_file()
    assert not (tmp_path / ".understudy").exists()


def test_every_model_has_its_description_beside_it(project: Path) -> None:
    for sql in sorted((project / "models").rglob("*.sql")):
        text = sql.with_suffix(".yml").read_text()
        assert re.search(rf"- name: {sql.stem}\n    description:(?: >\n     )? *One row per", text), sql.name


def test_every_singular_test_says_why(project: Path) -> None:
    tests = sorted((project / "tests").glob("*.sql"))
    assert tests
    for test in tests:
        assert test.name.startswith("assert_")
        assert test.read_text().startswith("-- "), f"{test.name} does not say why it exists"


def test_nothing_installs_an_extension(project: Path) -> None:
    files = [file for pattern in ("*.sql", "*.yml") for file in project.rglob(pattern) if "target" not in file.parts]
    installing = re.compile(r"\binstall\s+\w|^\s*extensions:", re.IGNORECASE | re.MULTILINE)
    assert not [file.name for file in files if installing.search(file.read_text())]
