from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.loading import load_desk
from ledger.live import decisions_made
from service.api import current_release, health
from service.waiting import TooManyWaiting, Worker
from tests.desks import copy_of, copy_sample_desk
from tests.service.api.live import Live, activate, another_release, live, until

pytestmark = pytest.mark.graph


@pytest.fixture(scope="module")
def changing(release_desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live(copy_of(release_desk, tmp_path_factory.mktemp("changing"))) as running:
        yield running


def home(app: Live) -> Path:
    return load_desk(app.service.folder).home


def test_what_decides_is_told_without_secrets(changing: Live):
    said = changing.get("/v1/releases/current").json()
    release = changing.service.release.deciding
    assert release is not None
    assert said["release_id"] == release.saved.release_id
    assert said["count_entries"] == len(release.saved.entries) == sum(one["entries"] for one in said["categories"])
    assert {one["bucket"] for one in said["categories"]} == {"automate", "hybrid", "escalate"}
    assert said["behavior_hash"] == release.saved.recipe["behavior"]
    assert (said["activated_as"], said["refused"]) == ("support lead", False)
    assert datetime.fromisoformat(said["since"]) == changing.service.release.since


def test_another_release_decides_without_a_restart(changing: Live):
    first = changing.decide()["release_id"]
    second, artefacts = another_release(home(changing), seed=2)
    activate(changing.service, second, artefacts)
    assert until(lambda: changing.service.release.release_id == second)
    assert changing.decide()["release_id"] == second != first
    assert changing.get("/v1/releases/current").json()["release_id"] == second
    activate(changing.service, first, artefacts)
    assert until(lambda: changing.decide()["release_id"] == first)


@pytest.mark.parametrize("what", ["damaged", "other files", "another recipe", "absent"])
def test_a_release_that_cannot_be_trusted_changes_nothing(changing: Live, what: str, caplog):
    before = changing.decide()["release_id"]
    seed = 10 + len(what)
    made, artefacts = another_release(home(changing), seed=seed, damage="behavior.json" if what == "damaged" else None)
    folder = home(changing) / "releases" / made
    if what == "another recipe":
        manifest = json.loads((folder / "manifest.json").read_text())
        manifest["recipe"]["seeds"]["of_this_test"] = -1
        (folder / "manifest.json").write_text(json.dumps(manifest))
    if what == "absent":
        shutil.rmtree(folder)
    activate(changing.service, made, "f" * 64 if what == "other files" else artefacts)
    assert until(lambda: made[:12] in (changing.service.release.refused or ""))
    assert changing.decide()["release_id"] == before == changing.service.release.release_id
    ready = changing.client.get("/ready")
    assert (ready.status_code, ready.json()["refused"]) == (200, True)
    assert str(folder) not in ready.text
    assert changing.get("/v1/releases/current").json()["refused"] is True
    assert any(made[:12] in record.getMessage() for record in caplog.records)


def test_a_refused_release_that_is_put_back_decides_after_all(changing: Live, monkeypatch):
    monkeypatch.setattr(current_release, "TRY_AGAIN_SECONDS", 0.2)
    made, artefacts = another_release(home(changing), seed=30, damage="behavior.json")
    activate(changing.service, made, artefacts)
    assert until(lambda: made[:12] in (changing.service.release.refused or ""))
    file = home(changing) / "releases" / made / "behavior.json"
    file.write_bytes(file.read_bytes()[:-1])
    assert until(lambda: changing.service.release.release_id == made)
    assert changing.service.release.refused is None
    assert changing.client.get("/ready").json()["refused"] is False


def test_without_a_release_everything_else_is_served(tmp_path: Path):
    with live(copy_sample_desk(tmp_path, exports="nothing"), waits=False) as app:
        assert app.service.release.wait(60)
        refused = app.post("/v1/decisions", {"message": "x"})
        assert (refused.status_code, refused.headers["content-type"]) == (503, "application/problem+json")
        assert "No release is current" in refused.json()["detail"]
        assert int(refused.headers["retry-after"]) > 0
        assert app.get("/v1/releases/current").status_code == 404
        ready = app.client.get("/ready")
        assert (ready.status_code, ready.json()["missing"]) == (503, ["no release is current"])
        assert app.client.get("/health").json() == {"status": "ok"}
        assert app.client.get("/login").status_code == 200
        assert list(decisions_made(app.service.ledger)) == []


def test_a_first_release_that_is_broken_is_told(release_desk: Path, tmp_path: Path):
    desk = copy_of(release_desk, tmp_path)
    for file in (load_desk(desk).home / "releases").glob("*/behavior.json"):
        file.write_text("{}")
    with live(desk, waits=False) as app:
        assert app.service.release.wait(300)
        assert app.client.get("/ready").json()["missing"] == ["the current release cannot be used"]
        assert app.post("/v1/decisions", {"message": "x"}).status_code == 503
        assert "behavior.json" in str(app.service.release.refused)


def test_a_full_queue_refuses_and_the_servers_own_work_passes():
    import threading

    worker, may_end = Worker("test", 2), threading.Event()
    try:
        waiting = [worker.submit(may_end.wait), worker.submit(str, 1)]
        with pytest.raises(TooManyWaiting):
            worker.submit(str, 2)
        insisted = worker.insist(str, 3)
        may_end.set()
        assert [one.result(10) for one in waiting] == [True, "1"]
        assert insisted.result(10) == "3"
        assert asyncio.run(worker.run(str, 4)) == "4"
    finally:
        may_end.set()
        worker.close()


def test_more_decisions_than_may_wait_are_refused_to_be_tried_again(changing: Live, monkeypatch):
    monkeypatch.setattr(changing.service.release._worker, "_at_most", 0)
    refused = changing.post("/v1/decisions", {"message": "x"})
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "1"


def test_since_is_in_utc(changing: Live):
    since = changing.service.release.since
    assert since is not None
    assert since.tzinfo == UTC


def test_a_full_disk_is_not_ready(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 2**62)
    with live(copy_sample_desk(tmp_path, exports="nothing"), waits=False) as app:
        assert "the ledger's disk is full" in app.client.get("/ready").json()["missing"]
