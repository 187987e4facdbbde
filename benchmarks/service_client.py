"""Many clients of one server, in a process of their own: it reads a plan as JSON, and prints what happened as JSON.

Belongs here: connections that stay open, one request after another on each, and the time until the whole answer is there.
Does not belong here: what is asked and what the figures mean (``service``). HTTP is spoken directly: a client library would
take as much of the machine as the server it measures.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Seen:
    """Answers by status, how long each 200 took, and the ids in them."""

    statuses: Counter[str] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)


async def ask(host: str, port: int, head: str, requests: list[dict[str, Any]], until: float, seen: Seen) -> None:
    """One client: its requests over and over, each under a key of its own, until the time is over."""
    reader, writer = await asyncio.open_connection(host, port)
    number = 0
    try:
        while time.monotonic() < until:
            said = requests[number % len(requests)]
            number += 1
            body = json.dumps(said).encode()
            key = f"{said.get('kind', 'decide')}-{id(writer):x}-{number}-{until:.3f}"
            start = time.perf_counter()
            writer.write(f"{head}Idempotency-Key: {key}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            status, answer = await _response(reader)
            seen.statuses[str(status)] += 1
            if status == 200:
                seen.milliseconds.append((time.perf_counter() - start) * 1_000)
                seen.ids.append(answer["decision_id"])
            elif status in (429, 503):
                await asyncio.sleep(0.2)
    except (OSError, asyncio.IncompleteReadError, ValueError) as problem:
        seen.statuses[type(problem).__name__] += 1
    finally:
        writer.close()


async def _response(reader: asyncio.StreamReader) -> tuple[int, dict[str, Any]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    fields = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
    return int(head[0].split()[1]), json.loads(await reader.readexactly(int(fields["content-length"])))


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Run all clients of a plan: host, port, token, path, clients, seconds, requests (dealt out among the clients)."""
    head = (
        f"POST {plan['path']} HTTP/1.1\r\nHost: {plan['host']}:{plan['port']}\r\nAuthorization: Bearer {plan['token']}\r\n"
        "Content-Type: application/json\r\nAccept: application/json\r\n"
    )
    seen, begun = Seen(), time.monotonic()
    until = begun + plan["seconds"]
    dealt = [plan["requests"][at :: plan["clients"]] for at in range(plan["clients"])]
    await asyncio.gather(*(ask(plan["host"], plan["port"], head, mine, until, seen) for mine in dealt))
    return {
        "seconds": time.monotonic() - begun,
        "statuses": dict(seen.statuses),
        "milliseconds": seen.milliseconds,
        "ids": seen.ids,
    }


if __name__ == "__main__":
    json.dump(asyncio.run(run(json.load(sys.stdin))), sys.stdout)
