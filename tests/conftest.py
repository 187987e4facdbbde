"""What every test may ask for."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
os.environ.setdefault("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
for leaking in ("UNDERSTUDY_HOME", "UNDERSTUDY_DESK", "UNDERSTUDY_AS_OF", "UNDERSTUDY_POSTGRES_URL", "DAGSTER_HOME"):
    os.environ.pop(leaking, None)

ROOT = Path(__file__).parent.parent

pytest_plugins = ["tests.fixtures_postgres"]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The public data beside the checkout; tests that need it are skipped where it is absent."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the public data in ../shared/data, which is not here")
    return folder
