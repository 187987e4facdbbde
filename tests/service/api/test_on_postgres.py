"""The same API where ledger and doors live in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlparse

import pytest

from desk.loading import load_desk
from ledger.live import decisions_made, feedback_given
from ledger.releases import current_release
from ledger.store import open_ledger
from ledger.verification import verify
from orchestration.lake import Lake
from tests.desks import copy_of
from tests.service.api.live import Live, activate, live

pytestmark = pytest.mark.graph


@pytest.fixture
def app(release_desk: Path, tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    desk = copy_of(release_desk, tmp_path)
    with open_ledger(Lake(load_desk(desk).home).ledger_file) as ledger:
        current = current_release(ledger)
    assert current is not None
    assert current.artefacts_digest is not None
    monkeypatch.setenv(load_desk(desk).settings.storage.postgres_url_env, postgres_url)
    with open_ledger(postgres_url) as ledger:
        assert ledger.head().sequence == 0
    with live(desk, waits=False) as running:
        activate(running.service, current.release_id, current.artefacts_digest)
        yield running


def test_decisions_feedback_and_surveys_are_recorded_there(app: Live, postgres_url: str):
    assert app.service.release.wait(300)
    while app.service.release.release_id is None:
        assert app.service.release.refused is None
        app.service.release.wait(1)
    app.token()
    body = {"message": "How do I reset my password? \x00 \U0001f511", "requester_id": "lena@example.com"}
    with ThreadPoolExecutor(6) as clients:
        answers = list(clients.map(lambda _: app.post("/v1/decisions", body, key="six"), range(6)))
    assert {one.status_code for one in answers} == {200}
    assert len({one.content for one in answers}) == 1
    decision_id = answers[0].json()["decision_id"]
    path = urlparse(app.post("/v1/surveys", {"decision_id": decision_id}).json()["url"]).path
    assert app.client.post(path, data={"rating": "bad", "comment": "\x00"}).status_code == 303
    assert app.client.get("/ready").status_code == 200
    with open_ledger(postgres_url) as ledger:
        assert [event.subject_hash for event, _, _ in decisions_made(ledger)] == [decision_id]
        assert [words["rating"] for _, _, words in feedback_given(ledger, decision_id)] == ["bad"]
        assert verify(ledger).is_intact
