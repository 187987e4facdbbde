"""The sample desk up to its release, served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desks import copy_of, demo_desk
from tests.service.api.live import Live, live


@pytest.fixture(scope="session")
def release_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with a current release; tests that change it take a copy."""
    return demo_desk(tmp_path_factory)


@pytest.fixture(scope="module")
def app(release_desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The app over a copy of it, for the tests of one module."""
    with live(copy_of(release_desk, tmp_path_factory.mktemp("live"))) as running:
        yield running
