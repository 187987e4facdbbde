"""A real daemon: an export dropped into the inbox lands by itself, and the stage follows."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestration.lake import Lake
from tests.conftest import ROOT
from tests.desks import SAMPLE, ask, copy_sample_desk, environment

pytestmark = pytest.mark.graph


@pytest.fixture
def daemon(tmp_path):
    desk = copy_sample_desk(tmp_path, exports="nothing")
    shutil.rmtree(desk / "inbox")
    (desk / "inbox").mkdir()
    prepare = "from desk.loading import load_desk; from orchestration.instance import prepare_environment; import sys; prepare_environment(load_desk(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", prepare, str(desk)], cwd=ROOT, check=True, env=environment())
    home = desk / ".understudy"
    extra = {"UNDERSTUDY_DESK": str(desk), "UNDERSTUDY_HOME": str(home), "DAGSTER_HOME": str(home / "dagster")}
    log = (tmp_path / "daemon.log").open("w")
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "dagster-daemon"), "run", "-w", "workspace.yaml"],
        cwd=ROOT,
        env=environment(**extra),
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    yield desk, tmp_path / "daemon.log"
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    log.close()


def test_a_growing_export_waits_and_a_whole_one_flows_through(daemon):
    desk, log = daemon
    lake = Lake(desk / ".understudy")
    whole = (SAMPLE / "inbox" / "zendesk-2026-05.ndjson.gz").read_bytes()
    growing = desk / "inbox" / "zendesk-2026-05.ndjson.gz"
    growing.write_bytes(whole[: len(whole) // 2])
    shutil.copytree(SAMPLE / "inbox" / "freshdesk-2026-03", desk / "inbox" / "freshdesk-2026-03")
    deadline = time.monotonic() + 300
    while not lake.file("training_roadmap").is_file():
        assert time.monotonic() < deadline, log.read_text()[-4000:]
        time.sleep(2)
    assert ask(desk, "select distinct source from fct_tickets") == [{"source": "freshdesk"}]
    assert len(list(lake.manifests.glob("*.json"))) == 1
