"""``understudy report learning``: the page, its month, and what the asset shows, on what lies in the lake."""

import pytest
from typer.testing import CliRunner

from desk.loading import load_desk
from orchestration.cli import app
from orchestration.lake import Lake, write_parquet
from orchestration.learning_pages import LEARNING_TABLES, learning_metadata, learnt_month, write_learning_page
from tests.assets.audit_tickets.roadmap.test_roadmap_page import Tags
from tests.assets.sustain_learning.report.invented_months import AS_OF, full
from tests.orchestration.test_review_session_cli import DESK

ONLY = ("answers", "tickets", "categories", "changes", "effects", "scope")


@pytest.fixture
def desk(tmp_path, monkeypatch):
    for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME", "UNDERSTUDY_AS_OF", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "300")
    (tmp_path / "desk.yaml").write_text(DESK, encoding="utf-8")
    return load_desk(tmp_path)


@pytest.fixture
def lake(desk):
    lake, frames = Lake(desk.home), full()
    lake.prepare()
    for part in ONLY:
        frame = getattr(frames, part)
        if part == "tickets":
            frame = frame.assign(updated_at=AS_OF)
        write_parquet(frame, lake.folder / f"{LEARNING_TABLES[part]}.parquet")
    return lake


def report(desk, *arguments):
    return CliRunner().invoke(app, ["report", "learning", "--desk", str(desk.folder), *arguments])


def test_the_last_month_that_is_over_is_written_with_what_is_there(desk, lake):
    said = report(desk)
    assert said.exit_code == 0, said.output
    file = lake.reports / "learning-2026-07.html"
    assert str(file) in said.output
    text = Tags(file.read_text(encoding="utf-8")).text
    assert "What July 2026 taught: Acme" in text
    assert "Not looked at yet: drift, support signals and the knowledge audit" in text
    assert "Invoice copy lost its autonomy on 25 July." in text


def test_a_month_and_a_place_may_be_given(desk, lake, tmp_path):
    file = tmp_path / "out" / "june.html"
    assert report(desk, "--month", "2026-06", "--output", str(file)).exit_code == 0
    assert "What June 2026 taught" in file.read_text(encoding="utf-8")
    assert str(learnt_month(desk, "2026-06-01").month) == "2026-06", "a partition's first day"


def test_the_month_reported_last_is_the_default(desk, lake):
    write_parquet(learnt_month(desk, "2026-06").published, lake.folder / "learning_report.parquet")
    assert write_learning_page(desk).name == "learning-2026-06.html"


def test_what_is_no_month_and_a_desk_without_tickets_say_what_to_do(desk, lake):
    assert "is no month" in report(desk, "--month", "2026-6").output
    (lake.folder / "fct_tickets.parquet").unlink()
    said = report(desk)
    assert said.exit_code == 1
    assert "understudy run" in said.output


def test_what_is_published_grows_by_a_month_and_keeps_the_others(desk, lake):
    june = learnt_month(desk, "2026-06").published
    assert june["month"].unique().tolist() == ["2026-06"]
    write_parquet(june, lake.folder / "learning_report.parquet")
    both = learnt_month(desk, "2026-07").published
    assert both["month"].drop_duplicates().tolist() == ["2026-06", "2026-07"]
    assert len(both[both["month"] == "2026-06"]) == len(june)


def test_the_asset_shows_the_month_in_place(desk, lake):
    shown = learning_metadata(desk, learnt_month(desk, "2026-07"))
    assert shown["page"].path.endswith("learning-2026-07.html")
    assert shown["in_short"].md_str.startswith("- ")
    assert "| metric |" in shown["figures"].md_str.replace("\\", "")
    assert shown["resolved"].md_str.startswith("![plot](data:image/png;base64,")
