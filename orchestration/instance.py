"""The one Dagster instance a desk has: its generated ``dagster.yaml``, made under a lock.

Runs started by ``understudy run`` and by the daemon land in the same storage, so both show in the UI.
"""

import os
import sys
from pathlib import Path

import dagster as dg
import yaml
from filelock import FileLock

from desk.loading import Desk
from orchestration.lake import replacing


def instance_settings(postgres_url: str | None, home: Path, environment_variable: str) -> dict:
    """The content of ``dagster.yaml``: storage, pools of one where something is written, telemetry off."""
    settings: dict = {
        "telemetry": {"enabled": False},
        "concurrency": {"pools": {"default_limit": 1, "granularity": "op"}, "runs": {"max_concurrent_runs": 4}},
        "run_monitoring": {"enabled": True, "start_timeout_seconds": 300, "cancel_timeout_seconds": 60},
        "sensors": {"use_threads": False},
        "nux": {"enabled": False},
    }
    if postgres_url:
        settings["storage"] = {"postgres": {"postgres_url": {"env": f"{environment_variable}_DAGSTER"}}}
    else:
        settings["storage"] = {"sqlite": {"base_dir": str(home / "dagster" / "storage")}}
    return settings


def prepare_environment(desk: Desk) -> Path:
    """Point this process, and those it starts, at one desk: returns its ``DAGSTER_HOME``.

    Writes ``dagster.yaml`` when it is new or changed, and initialises storage under a lock, because two first
    users at once can break a fresh SQLite store.
    """
    home = desk.home
    dagster_home = home / "dagster"
    dagster_home.mkdir(parents=True, exist_ok=True)
    os.environ["UNDERSTUDY_DESK"] = str(desk.folder)
    os.environ["UNDERSTUDY_HOME"] = str(home)
    os.environ["DAGSTER_HOME"] = str(dagster_home)
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    variable = desk.settings.storage.postgres_url_env
    if desk.postgres_url:
        os.environ[f"{variable}_DAGSTER"] = driver_url(desk.postgres_url)
    content = yaml.safe_dump(instance_settings(desk.postgres_url, home, variable), sort_keys=False)
    file = dagster_home / "dagster.yaml"
    with FileLock(dagster_home / "dagster.yaml.lock"):
        if not file.is_file() or file.read_text() != content:
            with replacing(file) as temporary:
                temporary.write_text(content)
        with dg.DagsterInstance.get() as instance:
            instance.get_runs_count()
            instance.all_asset_keys()
    return dagster_home


def driver_url(url: str) -> str:
    """A PostgreSQL URL that names psycopg2, which dagster-postgres needs and SQLAlchemy no longer assumes."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg2://" + url.removeprefix(prefix)
    return url


def lineage_command(port: int) -> list[str]:
    """What serves the lineage UI and runs the daemon on one instance, on this machine only."""
    workspace = Path(__file__).parent.parent / "workspace.yaml"
    dagster = Path(sys.executable).parent / "dagster"
    return [str(dagster), "dev", "-w", str(workspace), "-h", "127.0.0.1", "-p", str(port)]
