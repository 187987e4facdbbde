"""One real ``dbt build`` over a few invented records in all four shapes, shared by the tests beside this file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dbt_project.lakes import BuiltLake, dbt, write_lake
from tests.dbt_project.records import ALL_RECORDS, DESK_FIELDS, DESK_MARKERS


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> BuiltLake:
    """The marts of the invented desk, models, data tests and unit tests all passed."""
    home = tmp_path_factory.mktemp("desk home")
    write_lake(home, ALL_RECORDS, DESK_FIELDS, DESK_MARKERS)
    # As in a desk that has no pilot: what the pilot's models read is not there.
    dbt(home, "build", "--exclude", "tag:pilot_agent")
    return BuiltLake(home)


@pytest.fixture
def project() -> Path:
    return Path(__file__).parent.parent.parent / "dbt_project"
