"""One desk, one instance: SQLite by default, PostgreSQL by one setting, safe for two first users."""

import subprocess
import sys

import dagster as dg
import pytest
import yaml

from desk.loading import load_desk
from orchestration.instance import driver_url, instance_settings, prepare_environment
from tests.conftest import ROOT

DESK = "desk_id: acme\ncompany: Acme\nhelpdesks: [{name: zd, kind: zendesk, exports: '*'}]\n"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME", "DAGSTER_HOME", "UNDERSTUDY_POSTGRES_URL_DAGSTER"):
        monkeypatch.setenv(name, "")  # so that what the test sets is undone
        monkeypatch.delenv(name)
    (tmp_path / "desk.yaml").write_text(DESK)
    return load_desk(tmp_path)


@dg.asset
def greeting() -> None:
    """A thing to materialise."""


def test_sqlite_by_default(desk):
    home = prepare_environment(desk)
    settings = yaml.safe_load((home / "dagster.yaml").read_text())
    assert "sqlite" in settings["storage"]
    assert settings["telemetry"] == {"enabled": False}
    assert settings["concurrency"]["pools"]["default_limit"] == 1
    with dg.DagsterInstance.get() as instance:
        assert dg.materialize([greeting], instance=instance).success
        assert instance.get_runs_count() == 1


def test_postgresql_by_one_setting(desk, postgres_url, monkeypatch):
    monkeypatch.setenv("UNDERSTUDY_POSTGRES_URL", postgres_url.replace("+psycopg2", ""))
    prepare_environment(desk)
    with dg.DagsterInstance.get() as instance:
        assert dg.materialize([greeting], instance=instance).success
    with dg.DagsterInstance.get() as again:
        assert again.get_runs_count() == 1
        assert again.get_latest_materialization_event(dg.AssetKey("greeting")) is not None
    import sqlalchemy as sa

    engine = sa.create_engine(driver_url(postgres_url))
    with engine.connect() as connection:
        assert connection.execute(sa.text("select count(*) from runs")).scalar() == 1
    engine.dispose()
    assert not (desk.home / "dagster" / "storage" / "runs.db").exists()


def test_the_url_never_stands_in_the_file(desk):
    settings = instance_settings("postgresql://ada:secret@db/understudy", desk.home, "UNDERSTUDY_POSTGRES_URL")
    assert "secret" not in yaml.safe_dump(settings)


def test_two_first_users_at_once(desk):
    code = (
        "from desk.loading import load_desk; from orchestration.instance import prepare_environment;"
        f"prepare_environment(load_desk({str(desk.folder)!r}));"
        "import dagster as dg; dg.DagsterInstance.get().get_runs_count(); print('ok')"
    )
    users = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    outputs = [user.communicate(timeout=120) for user in users]
    assert [out.strip() for out, _ in outputs] == ["ok"] * 3, outputs
