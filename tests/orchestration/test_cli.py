"""The command as a person meets it: help, first desk, and errors that can be acted on."""

import pytest
from typer.testing import CliRunner

from desk.loading import load_desk
from orchestration.cli import app
from tests.desks import SAMPLE, understudy

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def _no_leaks(monkeypatch):
    for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)


def test_help_names_every_command():
    said = RUNNER.invoke(app, ["--help"])
    assert said.exit_code == 0
    for command in ("init", "run", "status", "query", "sign-off", "report", "categories", "ledger", "dev"):
        assert command in said.output


def test_init_makes_a_desk_that_loads_and_overwrites_nothing(tmp_path):
    desk = tmp_path / "Our Desk"
    first = RUNNER.invoke(
        app, ["init", str(desk), "--inbox", str(SAMPLE / "inbox"), "--help-center", str(SAMPLE / "help_center")]
    )
    assert first.exit_code == 0, first.output
    loaded = load_desk(desk)
    assert {helpdesk.kind for helpdesk in loaded.settings.helpdesks} == {"zendesk", "freshdesk", "intercom"}
    assert loaded.inbox == str(SAMPLE / "inbox")
    freshdesk = next(helpdesk for helpdesk in loaded.settings.helpdesks if helpdesk.kind == "freshdesk")
    assert freshdesk.fields["topic"] == "cf_topic"
    assert freshdesk.fields["plan"] == "cf_plan"
    (desk / "categories.yaml").write_text("categories: [{id: mine, name: Mine}]\n")
    second = RUNNER.invoke(app, ["init", str(desk), "--inbox", str(SAMPLE / "inbox")])
    assert second.exit_code == 0
    assert "kept" in second.output
    assert load_desk(desk).categories[0].id == "mine"


def test_init_maps_the_columns_of_any_other_platform(tmp_path, shared_data):
    desk = tmp_path / "forum"
    done = RUNNER.invoke(app, ["init", str(desk), "--inbox", str(shared_data / "thunderbird" / "native")])
    assert done.exit_code == 0, done.output
    (helpdesk,) = load_desk(desk).settings.helpdesks
    assert helpdesk.kind == "generic"
    assert helpdesk.mapping.comments.columns["ticket_id"].column == "question_id"


def test_init_without_exports_says_what_will_be_landed(tmp_path):
    done = RUNNER.invoke(app, ["init", str(tmp_path / "new")])
    assert done.exit_code == 0
    assert "zendesk-*" in done.output
    assert (tmp_path / "new" / "inbox").is_dir()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["init", "{tmp}/x", "--inbox", "{tmp}/missing"], "no such folder"),
        (["run", "poetry", "--desk", "{tmp}"], "no stage 'poetry'"),
        (["status", "--desk", "{tmp}/missing"], "understudy init"),
        (["query", "select 1 from nowhere", "--desk", "{desk}"], "nothing has been materialised"),
        (["report", "roadmap", "--desk", "{desk}"], "understudy run"),
        (["categories", "propose", "--desk", "{desk}"], "understudy run"),
        (["sign-off", "roadmap", "--by", "A", "--role", "support lead", "--desk", "{desk}"], "no decision to sign"),
    ],
)
def test_errors_say_what_to_do_and_exit_with_one(tmp_path, arguments, words):
    made = tmp_path / "desk"
    RUNNER.invoke(app, ["init", str(made)])
    done = RUNNER.invoke(app, [part.format(tmp=tmp_path, desk=made) for part in arguments])
    assert done.exit_code == 1
    assert words in " ".join(done.stderr.split())


def test_a_run_without_exports_says_where_to_put_one(tmp_path):
    RUNNER.invoke(app, ["init", str(tmp_path / "desk")])
    done = understudy("run", "all", desk=tmp_path / "desk")
    assert done.returncode == 1
    assert "no export to work on" in done.stderr


def test_a_desk_with_a_mistake_stops_the_run_with_file_and_line(tmp_path):
    RUNNER.invoke(app, ["init", str(tmp_path)])
    file = tmp_path / "desk.yaml"
    file.write_text(file.read_text().replace("languages:", "langages:"))
    done = understudy("run", "all", desk=tmp_path)
    assert done.returncode == 1
    assert "desk.yaml:4" in done.stderr
    assert "Did you mean 'languages'" in done.stderr
