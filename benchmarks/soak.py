"""Do people, a client and the pipeline get in each other's way? `make bench-soak`, after `make demo`.

A copy of a demo desk is served. For some minutes, all at once: two signed-in reviewers tag answers by keyboard in real
browsers (where none is installed, they only look at pages), a client asks for decisions, gives feedback and closes handoffs,
and full runs of the pipeline materialise the desk, the first of them all stages. It goes on until the time is over and a run
has ended. Then what everybody was told is compared with what the ledger holds.

Anything but zero problems, and anything lost, ends with exit code 1.
"""

from __future__ import annotations

import argparse
import http.client
import json
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.results_file import write_results
from benchmarks.served import (
    OPERATOR,
    ROOT,
    UNDERSTUDY,
    Served,
    copy_of_desk,
    environment,
    issue_token,
    serving,
    understudy,
)
from benchmarks.service import feedback, questions
from benchmarks.soak_reviewers import Seen, chromium, look, review

REVIEWERS = {"ada": "Ada Moreno", "noor": "Noor Haddad"}
PAUSE_SECONDS = 0.25
"""Between two requests of the client."""
LOCKED = re.compile(r"locked|LedgerBusy|has been writing to the ledger|could not obtain lock", re.IGNORECASE)
WRONG = re.compile(r" (?:ERROR|CRITICAL) |^Traceback|\b(?:GET|POST) (?!/ready )\S+ 5\d\d ")
"""In the server's log. It is not ready while it loads its release, and says so."""


@dataclass
class Client:
    """What the client was told: ids by kind of event, how long decisions took, what went wrong."""

    acknowledged: dict[str, list[str]] = field(
        default_factory=lambda: {"decision_made": [], "feedback_given": [], "handoff_closed": []}
    )
    milliseconds: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def ask_and_tell(served: Served, token: str, asked: list[dict[str, Any]], is_over: threading.Event) -> Client:
    """A client at work: a decision, what the customer thinks of it, and how a person ended what was handed over."""
    seen = Client()
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=120)

    def post(path: str, body: dict[str, Any], key: str) -> dict[str, Any] | None:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key}
        try:
            connection.request("POST", path, json.dumps(body), headers)
            response = connection.getresponse()
            words = response.read()
        except (OSError, http.client.HTTPException) as problem:
            seen.problems.append(f"{path}: {type(problem).__name__}")
            connection.close()
            return None
        if response.status != 200:
            seen.problems.append(f"{path}: HTTP {response.status} {words[:200].decode(errors='replace')}")
            return None
        found: dict[str, Any] = json.loads(words)
        return found

    for number in count():
        if is_over.wait(PAUSE_SECONDS):
            return seen
        begun = time.perf_counter()
        made = post("/v1/decisions", asked[number % len(asked)], f"decide-{number}")
        if made is None:
            continue
        seen.milliseconds.append((time.perf_counter() - begun) * 1_000)
        name = made["decision_id"]
        seen.acknowledged["decision_made"].append(name)
        said = post("/v1/feedback", feedback([name] * 4)[number % 4], f"say-{number}")
        if said is not None:
            seen.acknowledged["feedback_given"].append(said["feedback_id"])
        if made["action"] in ("draft", "escalate"):
            ended = {"resolved_by": "Tomas Reyl", "outcome": "resolved", "handle_minutes": 4}
            closed = post(f"/v1/handoffs/{name}/outcome", ended, f"close-{number}")
            if closed is not None:
                seen.acknowledged["handoff_closed"].append(closed["outcome_id"])
    raise AssertionError("counting never ends")


def materialise(desk: Path, until: float, log: Path) -> list[dict[str, Any]]:
    """Runs one after the other, at least one: all stages first, then the pilot's, until the time is over."""
    runs: list[dict[str, Any]] = []
    while not runs or time.monotonic() < until:
        target, begun = ("pilot_agent" if runs else "all"), time.monotonic()
        with log.open("ab") as said:
            done = subprocess.run(
                [UNDERSTUDY, "run", target, "--desk", str(desk)],
                cwd=ROOT, stdout=said, stderr=subprocess.STDOUT, env=environment(), check=False,
            )  # fmt: skip
        runs.append({"target": target, "seconds": round(time.monotonic() - begun), "succeeded": done.returncode == 0})
        if done.returncode:
            break
    return runs


def compare(desk: Path, client: Client, reviewers: list[Seen]) -> dict[str, Any]:
    """What was acknowledged beside what the ledger holds, and whether its chain is whole."""
    from ledger.events import EventType
    from ledger.live import decisions_made, feedback_given, handoffs_closed
    from ledger.store import open_ledger
    from ledger.verification import verify
    from orchestration.lake import Lake

    with open_ledger(Lake(desk / ".understudy").ledger_file) as ledger:
        recorded = {
            "decision_made": {event.subject_hash for event, _, _ in decisions_made(ledger)},
            "feedback_given": {event.event_id for event, _, _ in feedback_given(ledger)},
            "handoff_closed": {event.event_id for event, _, _ in handoffs_closed(ledger)},
        }
        said: dict[str, set[str]] = {login: set() for login in REVIEWERS}
        for login, name in REVIEWERS.items():
            actor = ledger.actor_id(name)
            if actor is not None:
                reviewed = ledger.events(event_types=[EventType.ANSWER_REVIEWED], actor_id=actor)
                said[login] = {event.subject_hash for event in reviewed}
        chain = verify(ledger)
    lake, tagged = Lake(desk / ".understudy"), [set(one.tagged) for one in reviewers]
    return {
        "acknowledged": {kind: len(ids) for kind, ids in client.acknowledged.items()},
        "lost": sum(len(set(ids) - recorded[kind]) for kind, ids in client.acknowledged.items()),
        "tags": sum(len(one.tagged) for one in reviewers),
        "tags_lost": sum(len(set(one.tagged) - said[one.login]) for one in reviewers),
        "tagged_by_both": len(tagged[0] & tagged[1]),
        "chain_is_intact": chain.is_intact,
        **{name: len(lake.read(name)) for name in ("live_decisions", "live_feedback", "rejected_live_events")},
    }


def lines_that_say_so(pattern: re.Pattern[str], *logs: Path) -> list[str]:
    """Lines of logs that match."""
    found = []
    for log in logs:
        if log.is_file():
            found += [
                line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if pattern.search(line)
            ]
    return found


def soak(desk: Path, minutes: float) -> tuple[dict[str, Any], list[str]]:
    """Everything at once on a copy of a desk; its figures, and every problem in words."""
    password, browser = secrets.token_urlsafe(24), chromium()
    for login, name in REVIEWERS.items():
        understudy(
            "account", "add", login, "--name", name, "--role", "reviewer", "--signs-as", "reviewer", "--by", OPERATOR,
            "--password-file", "-", desk=desk, stdin=password,
        )  # fmt: skip
    token, asked, run_log = issue_token(desk, "soak client"), questions(desk), desk.parent / "runs.log"
    with serving(desk) as served, ThreadPoolExecutor(4) as people:
        is_over, until = threading.Event(), time.monotonic() + 60 * minutes
        reviewing = [
            people.submit(review, served.base, login, password, browser, is_over)
            if browser
            else people.submit(look, served.base, login, password, is_over)
            for login in REVIEWERS
        ]
        asking = people.submit(ask_and_tell, served, token, asked, is_over)
        begun = time.monotonic()
        try:
            runs = materialise(desk, until, run_log)
            time.sleep(max(0.0, until - time.monotonic()))
        finally:
            is_over.set()
        reviewers, client = [one.result() for one in reviewing], asking.result()
        lasted = time.monotonic() - begun
        log = served.log
    problems = [f"{one.login}: {words}" for one in reviewers for words in one.problems]
    problems += [f"client: {words}" for words in client.problems]
    problems += [f"run {one['target']} failed; see {run_log}" for one in runs if not one["succeeded"]]
    locked = lines_that_say_so(LOCKED, log, run_log, desk / ".understudy" / "logs" / "run.log")
    wrong = lines_that_say_so(WRONG, log)
    problems += [f"log: {line}" for line in {*locked, *wrong}]
    record = {
        "minutes": round(lasted / 60, 1),
        "reviewers": "two browsers" if browser else "two sessions without a browser",
        "runs": runs,
        **compare(desk, client, reviewers),
        "pages": sum(one.pages for one in reviewers),
        "tag_ms": _spread([value for one in reviewers for value in one.milliseconds]),
        "decision_ms": _spread(client.milliseconds),
        "refused_in_words": sum(len(one.told) for one in reviewers),
        "lock_errors": len(locked),
        "problems": len(problems),
    }
    return record, problems


def main() -> None:
    """Run, say what happened, write benchmarks/results/soak.json."""
    from rich.console import Console

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--desk", type=Path, default=Path("demo"), help="a demo desk with its pilot; it is copied")
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory(prefix="understudy-soak-") as folder:
        copy = copy_of_desk(options.desk, Path(folder), is_unlimited=False)
        console.print(
            f"two reviewers, a client and the pipeline for {options.minutes:g} minutes and the end of a run ..."
        )
        record, problems = soak(copy, options.minutes)
        if problems:
            kept = Path(tempfile.mkdtemp(prefix="understudy-soak-logs-"))
            for log in ("served.log", "runs.log"):
                (kept / log).write_bytes((Path(folder) / log).read_bytes())
            console.print(f"logs: {kept}")
    console.print_json(json.dumps(record))
    for words in problems[:40]:
        console.print(words, markup=False, highlight=False, soft_wrap=True, style="red")
    if not options.dry:
        packages = ("fastapi", "uvicorn", "nicegui", "playwright", "dagster", "duckdb")
        console.print(f"written to {write_results('soak', record, *packages, seed=None)}")
    lost = ("lost", "tags_lost", "tagged_by_both", "rejected_live_events")
    is_whole = record["chain_is_intact"] and not any(record[name] for name in lost)
    sys.exit(0 if is_whole and not problems else 1)


def _spread(values: list[float]) -> dict[str, float]:
    return {f"p{share}": round(float(np.percentile(values, share)), 1) for share in (50, 95, 99)} if values else {}


if __name__ == "__main__":
    main()
