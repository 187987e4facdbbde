"""What every test may ask for."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
# Two processes share the suite; threads of both that wait for the same cores make everything several times slower.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 2) // 2)))
for leaking in ("UNDERSTUDY_HOME", "UNDERSTUDY_DESK", "UNDERSTUDY_AS_OF", "UNDERSTUDY_POSTGRES_URL", "DAGSTER_HOME"):
    os.environ.pop(leaking, None)

ROOT = Path(__file__).parent.parent

pytest_plugins = ["tests.fixtures_postgres"]

LONGEST = (
    "service/test_fix_loop.py",
    "orchestration/test_killed_runs.py",
    "service/test_human_loop.py",
    "orchestration/test_sample_desk_run.py",
    "orchestration/test_daemon.py",
    "orchestration/test_sample_release.py",
    "orchestration/test_sample_knowledge.py",
    "service/test_killed_server.py",
    "orchestration/test_bench_failures_cli.py",
    "assets/retrain_agent/trials/test_trial_release.py",
    "service/api/test_schema.py",
    "orchestration/test_sample_pilot.py",
    "service/console/test_sign_offs.py",
    "service/console/test_home.py",
    "service/console/test_knowledge_pages.py",
    "expectations/test_contracts.py",
    "dbt_project/test_pilot_marts.py",
)
"""Files that take minutes, in the order in which they are begun: two processes that share the suite file by file end together
when the small files come last. The first makes the sample desk with its pilot, for which the others then need not wait; what
is begun beside it needs no such desk."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; all else stays in its order."""
    place = {ROOT / "tests" / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The public data beside the checkout; tests that need it are skipped where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the public data in ../shared/data, which is not here")
    return folder
