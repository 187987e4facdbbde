"""One desk with all that is learnt in it, made once for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.console.learning.learning_desk import OPENED, learning_desk


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The desk; tests that decide something take a copy, or leave the rest to others."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("UNDERSTUDY_DESK", "UNDERSTUDY_HOME", "DAGSTER_HOME"):
            environment.delenv(name, raising=False)
        environment.setenv("UNDERSTUDY_AS_OF", OPENED)
        yield learning_desk(tmp_path_factory.mktemp("learning") / "desk")
