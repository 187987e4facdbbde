"""How many decisions a second does the service make, and how long does one take? `make bench-service`, after `make demo`.

The real `understudy serve` on a copy of a demo desk, with a token of its own. Asked are the customers' own messages of that
desk (redacted), with the plan of each as context, at 1, 8 and 32 clients that each wait for their answer before they ask
again; every request has a key of its own, as a careful client's has, so that the ledger is also asked whether it is known.
Every decision is durable before it is answered. Then feedback on those decisions at 8 clients. The clients are a process of
their own on the same machine: what they take, the server has not.

A level begins with requests that are not counted. `cpu_milliseconds` is what the server's threads together worked for one
answer: a machine that is doing other things shows less in it than in the times. At the end the ledger is read, and must hold
every decision that was answered.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from itertools import cycle, islice
from os import cpu_count
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.results_file import write_results
from benchmarks.served import ROOT, Served, copy_of_desk, issue_token, serving

CLIENTS = (1, 8, 32)
CLIENTS_OF_FEEDBACK = 8
WARM_UP_SECONDS = 3.0
COUNT_MESSAGES = 400
MAX_MESSAGE_CHARS = 2_000


def questions(desk: Path) -> list[dict[str, Any]]:
    """Requests for decisions: messages of customers, each with what is known of them, in an order of no meaning."""
    from orchestration.lake import Lake

    lake = Lake(desk / ".understudy")
    texts = lake.read("ticket_vectors", ["ticket_id", "text_hash", "text"])
    tickets = lake.read("fct_tickets", ["ticket_id", "plan", "channel", "requester_id"])
    both = texts.merge(tickets, on="ticket_id").sort_values("text_hash").head(COUNT_MESSAGES)
    return [
        {
            "message": str(row.text)[:MAX_MESSAGE_CHARS],
            "context": {"plan": row.plan} if isinstance(row.plan, str) else {},
            "requester_id": f"benchmark:{row.requester_id}",
            "ticket_id": str(row.ticket_id),
            "channel": "chat",
        }
        for row in both.itertuples()
    ]


def feedback(ids: list[str]) -> list[dict[str, Any]]:
    """Requests that say something of decisions, of every kind in turn."""
    said: list[dict[str, Any]] = [
        {"kind": "thumbs", "thumbs": "up"},
        {"kind": "csat", "score": 4, "comment": "Quick, thank you."},
        {"kind": "escalation", "reason": "The answer is about another plan."},
        {"kind": "correction", "right_answer": "Choose Settings, then Billing, then Invoices."},
    ]
    return [{**words, "decision_id": name} for words, name in zip(islice(cycle(said), len(ids)), ids, strict=True)]


def measured(
    served: Served, token: str, path: str, clients: int, seconds: float, requests: list[dict[str, Any]]
) -> tuple[dict[str, Any], list[str]]:
    """Figures of one level, and the ids that were answered, those of warming up among them."""
    plan = {"host": "127.0.0.1", "port": served.port, "token": token, "path": path, "clients": clients}
    warmed = _drive({**plan, "seconds": WARM_UP_SECONDS, "requests": requests})
    before = served.cpu_seconds()
    found = _drive({**plan, "seconds": seconds, "requests": requests})
    worked = served.cpu_seconds() - before
    times, statuses = found["milliseconds"], found["statuses"]
    if not times:
        raise SystemExit(f"{path} answered nothing at {clients} clients: {statuses}")
    record = {
        "clients": clients,
        "answered": len(times),
        "per_second": round(len(times) / found["seconds"], 1),
        **{f"p{share}_ms": round(float(np.percentile(times, share)), 1) for share in (50, 95, 99)},
        "cpu_milliseconds": round(1_000 * worked / len(times), 1),
        "refused_503": statuses.get("503", 0),
        "errors": sum(count for status, count in statuses.items() if status not in ("200", "503")),
    }
    return record, [*warmed["ids"], *found["ids"]]


def lost_decisions(desk: Path, answered: set[str]) -> int:
    """How many answered decisions the ledger does not hold."""
    from ledger.live import decisions_made
    from ledger.store import open_ledger
    from orchestration.lake import Lake

    with open_ledger(Lake(desk / ".understudy").ledger_file) as ledger:
        return len(answered - {event.subject_hash for event, _, _ in decisions_made(ledger)})


def main() -> None:
    """Run, print a table, write benchmarks/results/service.json."""
    from rich.console import Console
    from rich.table import Table

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--desk", type=Path, help="a demo desk; it is copied. Default: demo, else one is made (minutes)"
    )
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each level is measured")
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    desk = options.desk or (Path("demo") if Path("demo/desk.yaml").is_file() else None)
    console = Console()
    table = Table("asked", "clients", "a second", "p50 ms", "p95 ms", "p99 ms", "CPU ms", "503", "errors")
    levels: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="understudy-bench-") as folder:
        copy = copy_of_desk(desk, Path(folder))
        token, asked = issue_token(copy, "benchmark"), questions(copy)
        answered: list[str] = []
        with serving(copy) as served:
            for clients in CLIENTS:
                console.print(f"{clients} clients ask for decisions ...")
                record, ids = measured(served, token, "/v1/decisions", clients, options.seconds, asked)
                levels.append(record)
                answered += ids
                table.add_row("decisions", *_cells(record))
            console.print(f"{CLIENTS_OF_FEEDBACK} clients give feedback ...")
            said, _ = measured(served, token, "/v1/feedback", CLIENTS_OF_FEEDBACK, options.seconds, feedback(answered))
            table.add_row("feedback", *_cells(said))
        lost = lost_decisions(copy, set(answered))
    console.print(table)
    console.print(f"{len(set(answered)):,} decisions were answered; the ledger lacks {lost:,} of them.")
    record = {
        "decisions": levels,
        "feedback": said,
        "decisions_lost": lost,
        "messages": len(asked),
        "cpus": cpu_count(),
        "clients_share_the_machine": True,
    }
    if not options.dry:
        packages = ("fastapi", "uvicorn", "nicegui", "torch", "sentence-transformers", "sqlalchemy")
        console.print(f"written to {write_results('service', record, *packages, seed=None)}")
    if lost:
        sys.exit(1)


def _drive(plan: dict[str, Any]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.service_client"],
        cwd=ROOT, input=json.dumps(plan), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"the clients failed: {done.stderr[-2_000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _cells(record: dict[str, Any]) -> list[str]:
    names = ("clients", "per_second", "p50_ms", "p95_ms", "p99_ms", "cpu_milliseconds", "refused_503", "errors")
    return [f"{record[name]:,}" for name in names]


if __name__ == "__main__":
    main()
