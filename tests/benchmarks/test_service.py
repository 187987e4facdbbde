"""The arithmetic and the clients of the service's benchmarks; the server itself is tested elsewhere."""

from __future__ import annotations

import asyncio
import json

from benchmarks.served import environment
from benchmarks.service import feedback
from benchmarks.service_client import run
from benchmarks.soak import LOCKED, WRONG, lines_that_say_so


async def _served(statuses: list[int], plan: dict) -> tuple[dict, list[dict]]:
    """What the clients report of a server that answers with these statuses in turn, and what it was asked."""
    asked: list[dict] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if line)
                body = json.loads(await reader.readexactly(int(fields["Content-Length"])))
                status = statuses[len(asked) % len(statuses)]
                asked.append({**body, "key": fields["Idempotency-Key"], "token": fields["Authorization"]})
                words = json.dumps({"decision_id": f"d{len(asked)}"}).encode()
                writer.write(b"HTTP/1.1 %d x\r\nContent-Length: %d\r\n\r\n" % (status, len(words)) + words)
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        found = await run({"host": "127.0.0.1", "port": port, "token": "t", "path": "/v1/decisions", **plan})
    return found, asked


def test_every_answer_is_counted_once_by_its_status_and_every_request_has_its_own_key():
    plan = {"clients": 3, "seconds": 0.5, "requests": [{"message": str(number)} for number in range(9)]}
    found, asked = asyncio.run(_served([200, 200, 422], plan))
    assert sum(found["statuses"].values()) == len(asked) > 9
    assert set(found["statuses"]) == {"200", "422"}
    assert len(found["milliseconds"]) == len(found["ids"]) == found["statuses"]["200"]
    assert len({one["key"] for one in asked}) == len(asked)
    assert {one["message"] for one in asked} == {str(number) for number in range(9)}
    assert {one["token"] for one in asked} == {"Bearer t"}


def test_a_server_that_goes_away_is_counted_and_ends_the_client():
    async def gone() -> dict:
        async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.close()

        server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            plan = {"clients": 2, "seconds": 60, "requests": [{"message": "a"}, {"message": "b"}]}
            return await run({"host": "127.0.0.1", "port": port, "token": "t", "path": "/", **plan})

    found = asyncio.run(gone())
    assert found["ids"] == []
    assert sum(found["statuses"].values()) == 2


def test_feedback_is_of_every_kind_and_about_each_decision_once():
    said = feedback([f"{number:032x}" for number in range(8)])
    assert {one["kind"] for one in said} == {"thumbs", "csat", "escalation", "correction"}
    assert len({one["decision_id"] for one in said}) == 8


def test_a_log_tells_of_locks_and_mistakes_and_of_nothing_else(tmp_path):
    log = tmp_path / "served.log"
    log.write_text(
        "2026-06-01T09:00:00 INFO understudy.access: POST /v1/decisions 200 24 ms client\n"
        "2026-06-01T09:00:01 INFO understudy.access: POST /v1/decisions 503 1 ms client\n"
        "2026-06-01T09:00:02 ERROR understudy.console: a page's action failed\n"
        "Traceback (most recent call last):\n"
        "sqlite3.OperationalError: database is locked\n"
    )
    assert len(lines_that_say_so(WRONG, log, tmp_path / "not there")) == 3
    assert lines_that_say_so(LOCKED, log) == ["sqlite3.OperationalError: database is locked"]


def test_nothing_of_another_desk_leaks_into_the_server(monkeypatch):
    monkeypatch.setenv("UNDERSTUDY_HOME", "/somewhere/else")
    monkeypatch.setenv("UNDERSTUDY_AS_OF", "2020-01-01")
    assert not [name for name in environment() if name.startswith("UNDERSTUDY_")]
