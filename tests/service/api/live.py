"""A served desk for tests of the API: the real app over a copy of a desk, and what tests do to it behind its back."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from starlette.testclient import TestClient

from assets.configure_behavior.releases.recipe import recipe_hash
from assets.configure_behavior.releases.saved_release import read_release
from ledger.releases import record_activation
from service.app import create_app
from service.identity.tokens import Scope
from service.open_service import open_service
from service.service import Service

START_SECONDS = 300.0
SIGNER: dict[str, Any] = {"by": "Ada Moreno", "role": "support lead"}


@dataclass
class Clock:
    """The wall clock, which a test may set forward."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Live:
    """A running app. ``client`` speaks to it without credentials."""

    service: Service
    client: TestClient
    clock: Clock
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, *scopes: Scope, name: str = "shop widget") -> str:
        """The text of a token with these scopes, all without any; the same for the same name."""
        if name not in self.tokens:
            _, text = self.service.doors.issue_token(name, scopes or list(Scope), "Ada Moreno")
            self.tokens[name] = text
        return self.tokens[name]

    def post(
        self, path: str, body: Any, *, key: str | None = None, token: str | None = None, **given: Any
    ) -> httpx.Response:
        """Send JSON with a token; ``content`` and ``headers`` instead of ``body`` and its headers where given."""
        headers = {"Authorization": f"Bearer {token or self.token()}", **given.pop("headers", {})}
        if key is not None:
            headers["Idempotency-Key"] = key
        if "content" in given:
            return self.client.post(path, headers={"Content-Type": "application/json", **headers}, **given)
        return self.client.post(path, json=body, headers=headers, **given)

    def get(self, path: str) -> httpx.Response:
        """Ask with a token."""
        return self.client.get(path, headers={"Authorization": f"Bearer {self.token()}"})

    def decide(self, message: str = "How do I reset my password?", **fields: Any) -> dict[str, Any]:
        """A decision, made."""
        answer = self.post("/v1/decisions", {"message": message, **fields})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@contextmanager
def live(desk: Path, *, waits: bool = True) -> Iterator[Live]:
    """The app over a desk; with ``waits`` its release is loaded first."""
    clock = Clock()
    service = open_service(desk, clock)
    with TestClient(create_app(service), follow_redirects=False) as client:
        if waits:
            assert service.release.wait(START_SECONDS), "the release was not looked for"
            assert service.release.release_id is not None, service.release.refused
        yield Live(service, client, clock)


def another_release(desk_home: Path, *, seed: int, damage: str | None = None) -> tuple[str, str]:
    """A release that differs from the desk's first in its recipe's seeds alone; its id and the digest of its files.

    damage: a file of it that is changed afterwards.
    """
    releases = desk_home / "releases"
    first = read_release(min(one for one in releases.iterdir() if one.is_dir() and len(one.name) == 64))
    recipe = {**first.recipe, "seeds": {**first.recipe["seeds"], "of_this_test": seed}}
    release_id = recipe_hash(recipe)
    made = releases / f".making-{seed}"
    for source in first.folder.rglob("*"):
        target = made / source.relative_to(first.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_file():
            target.write_bytes(source.read_bytes())
    manifest = json.loads((made / "manifest.json").read_text())
    (made / "manifest.json").write_text(json.dumps({**manifest, "release_id": release_id, "recipe": recipe}))
    if damage is not None:
        (made / damage).write_bytes((made / damage).read_bytes() + b" ")
    made.rename(releases / release_id)
    return release_id, first.artefacts_digest


def activate(service: Service, release_id: str, artefacts: str) -> None:
    """Make a release current, without asking whether it may be."""
    record_activation(
        service.ledger, release_id, **SIGNER, occurred_at=datetime.now(UTC), known_roles=["support lead"],
        artefacts_digest=artefacts,
    )  # fmt: skip


def until(holds: Any, seconds: float = 120.0) -> bool:
    """Wait for something to hold; whether it came to."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
