"""A desk with a mistake names the file, the line and the fix."""

import os
import time

import pytest

from desk.loading import DeskError, load_desk

GOOD = """desk_id: acme
company: Acme (fictional)
helpdesks:
  - name: zendesk
    kind: zendesk
    exports: "*.ndjson.gz"
    fields: {topic: Topic}
"""


@pytest.fixture
def write(tmp_path):
    def write_files(**files: str):
        for name, text in files.items():
            (tmp_path / name.replace("_", ".")).write_text(text, encoding="utf-8")
        return tmp_path

    return write_files


def problems_of(folder) -> list[str]:
    with pytest.raises(DeskError) as caught:
        load_desk(folder)
    return caught.value.problems


def test_a_good_desk_loads_with_defaults(write):
    desk = load_desk(write(desk_yaml=GOOD))
    assert desk.settings.audit.window_days == 90
    assert desk.settings.encoder.name == "all-MiniLM-L6-v2"
    assert desk.inbox == str(desk.folder / "inbox")
    assert desk.categories == ()


def test_a_missing_desk_says_how_to_make_one(tmp_path):
    (problem,) = problems_of(tmp_path / "nowhere")
    assert "understudy init" in problem


@pytest.mark.parametrize(
    ("bad", "line", "words"),
    [
        (GOOD + "encodr: {name: x}\n", 8, "Did you mean 'encoder'?"),
        (GOOD.replace("kind: zendesk", "kind: zendesc"), 5, "zendesc"),
        (GOOD.replace("desk_id: acme\n", ""), 1, "'desk_id' is missing"),
        (GOOD + "audit: {window_days: -3}\n", 8, "window_days"),
        (GOOD.replace("kind: zendesk", "kind: generic"), 4, "mapping"),
        (GOOD + "labels:\n  fields: [Topic Name]\n", 9, "Topic Name"),
        (GOOD.replace("    fields: {topic: Topic}", "    feilds: {topic: Topic}"), 7, "Did you mean 'fields'?"),
        (GOOD + "  bad indent: [\n", 8, "not valid YAML"),
    ],
)
def test_every_mistake_names_file_line_and_fix(write, bad, line, words):
    problem = " ".join(problems_of(write(desk_yaml=bad)))
    assert "desk.yaml" in problem
    assert f"desk.yaml:{line}:" in problem
    assert words in problem


def test_all_files_are_judged_at_once(write):
    folder = write(
        desk_yaml=GOOD + "colour: red\n",
        categories_yaml="categories:\n  - {id: a, name: A, labels: [x]}\n  - {id: b, name: B, labels: [X]}\n",
        releases_csv="date,kind,name\n2026-13-40,product,Two\n",
    )
    text = "\n".join(problems_of(folder))
    assert "desk.yaml:8" in text
    assert "label x belongs to both 'a' and 'b'" in text
    assert "releases.csv:2" in text


def test_text_that_is_not_utf8_is_said(tmp_path):
    (tmp_path / "desk.yaml").write_bytes(b"company: caf\xe9\n")
    assert "UTF-8" in problems_of(tmp_path)[0]


def test_home_is_in_the_desk_unless_set(write, monkeypatch, tmp_path):
    desk = load_desk(write(desk_yaml=GOOD))
    monkeypatch.delenv("UNDERSTUDY_HOME", raising=False)
    assert desk.home == desk.folder / ".understudy"
    monkeypatch.setenv("UNDERSTUDY_HOME", str(tmp_path / "elsewhere"))
    assert desk.home == tmp_path / "elsewhere"


def test_the_documented_schemas_are_those_of_the_models(tmp_path):
    from desk.schemas import write_schemas
    from tests.conftest import ROOT

    for file in write_schemas(tmp_path):
        documented = ROOT / "docs" / "reference" / "schemas" / file.name
        assert documented.read_text() == file.read_text(), f"{file.name} is out of date: make schemas"


def test_an_edit_is_seen_at_the_next_look_and_an_unchanged_desk_is_not_read_again(tmp_path):
    write_desk = "desk_id: one\ncompany: {}\nhelpdesks: [{{name: zendesk, kind: zendesk, exports: 'z-*'}}]\n"
    (tmp_path / "desk.yaml").write_text(write_desk.format("Alpha"))
    os.utime(tmp_path / "desk.yaml", (10**9, 10**9))
    first = load_desk(tmp_path)
    assert load_desk(tmp_path) is first
    (tmp_path / "desk.yaml").write_text(write_desk.format("Betas"))
    assert load_desk(tmp_path).settings.company == "Betas"
    (tmp_path / "categories.yaml").write_text("categories: [{id: login, name: Login}]\n")
    assert [one.id for one in load_desk(tmp_path).categories] == ["login"]
    (tmp_path / "categories.yaml").write_text("categories: [{id: 7}]\n")
    with pytest.raises(DeskError):
        load_desk(tmp_path)
    (tmp_path / "categories.yaml").unlink()
    assert load_desk(tmp_path).categories == ()


def test_two_edits_within_one_tick_of_the_clock_are_two(tmp_path):
    words = "desk_id: one\ncompany: {}\nhelpdesks: [{{name: zendesk, kind: zendesk, exports: 'z-*'}}]\n"
    file, now = tmp_path / "desk.yaml", time.time_ns()
    for company in ("Alpha", "Betas"):
        file.write_text(words.format(company))
        os.utime(file, ns=(now, now))
        assert load_desk(tmp_path).settings.company == company


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"date,kind,name\n2026-01-02,product,caf\xe9\n", "UTF-8"), (b"date,kind,name\n2026-01-02,product," + b"x" * 200_000, "CSV")],
)  # fmt: skip
def test_releases_that_cannot_be_read_are_said(write, content, words):
    folder = write(desk_yaml=GOOD)
    (folder / "releases.csv").write_bytes(content)
    (problem,) = problems_of(folder)
    assert "releases.csv" in problem
    assert words in problem
