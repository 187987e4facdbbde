"""One built release for the tests that only look at it, and copies for those that damage it."""

import shutil
from pathlib import Path

import pytest

from assets.configure_behavior.releases.build_release import BuiltRelease, build_release
from tests.assets.configure_behavior.releases.small_parts import parts


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> BuiltRelease:
    return build_release(parts(), tmp_path_factory.mktemp("releases"))


@pytest.fixture
def copy(built, tmp_path) -> Path:
    """The folder of a release that may be damaged."""
    return Path(shutil.copytree(built.folder, tmp_path / "releases" / built.folder.name))
