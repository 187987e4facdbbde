"""Schemathesis against the served sample desk: whatever the schema allows is taken, and whatever it does not is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.served import Served, copy_of_desk, issue_token, serving
from ledger.live import decisions_made, feedback_given
from ledger.store import open_ledger
from ledger.verification import verify
from orchestration.lake import Lake
from tests.conftest import ROOT

pytestmark = pytest.mark.graph

SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
OPEN = ("/health", "/ready")


@pytest.fixture(scope="module")
def desk(release_desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_desk(release_desk, tmp_path_factory.mktemp("schema"))


@pytest.fixture(scope="module")
def token(desk: Path) -> str:
    return issue_token(desk, "schema test")


@pytest.fixture(scope="module")
def served(desk: Path, token: str) -> Iterator[Served]:
    with serving(desk) as server:
        yield server


@pytest.fixture(scope="module")
def document(served: Served) -> dict[str, Any]:
    with urllib.request.urlopen(f"{served.base}/openapi.json", timeout=60) as answer:
        return dict(json.load(answer))


def test_schemathesis_finds_nothing(served: Served, token: str, desk: Path, tmp_path: Path):
    config = tmp_path / "schemathesis.toml"
    config.write_text(f'[auth.openapi.token]\nbearer = "{token}"\n')
    done = subprocess.run(
        [SCHEMATHESIS, "--config-file", config, "run", f"{served.base}/openapi.json", "--checks", "all",
         "--max-examples", "12", "--generation-deterministic", "--continue-on-failure", "--no-color"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "tests.service.api.schema_hooks"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
    assert "7 selected / 7 total" in done.stdout
    assert token not in served.log.read_text()
    with open_ledger(Lake(desk / ".understudy").ledger_file) as ledger:
        assert sum(1 for _ in decisions_made(ledger)) > 20
        assert sum(1 for _ in feedback_given(ledger)) > 0
        assert verify(ledger).is_intact


def test_every_operation_says_how_it_is_asked_and_refused(document: dict[str, Any]):
    problem = {"$ref": "#/components/schemas/Problem"}
    assert len(document["paths"]) == 7
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["description"]
            assert operation.get("security", []) == ([] if path in OPEN else [{"token": []}]), path
            refusals = {status: said for status, said in operation["responses"].items() if status >= "400"}
            assert ("401" in refusals) is (path not in OPEN)
            for said in refusals.values():
                assert said["content"] == {"application/problem+json": {"schema": problem}}


def test_requests_have_examples(document: dict[str, Any]):
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        if "post" not in methods:
            continue
        body = methods["post"]["requestBody"]["content"]["application/json"]
        named = schemas.get(body["schema"].get("$ref", "").rpartition("/")[2], {})
        assert body.get("examples") or body["schema"].get("examples") or named.get("examples"), path
