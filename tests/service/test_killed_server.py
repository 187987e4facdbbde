"""What the server has acknowledged is in the ledger, whenever it is killed; what it had not can be sent again.

The real command in a process of its own, ended with SIGKILL while clients are waiting for it, ten times. The ledger's file
is read directly between two lives of the server.
"""

from __future__ import annotations

import http.client
import json
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from benchmarks.served import Served, issue_token, start_server
from ledger.events import EventType
from ledger.store import Ledger, open_ledger
from ledger.verification import verify
from orchestration.lake import Lake
from tests.desks import copy_of, demo_desk

pytestmark = pytest.mark.graph

ACKNOWLEDGED_BEFORE_A_KILL = (1, 9, 14, 5, 11, 20, 3, 8, 16, 12)
"""When to kill: after so many answers of one life. The clients have their next requests under way then."""
ASKING = 3
MESSAGES = (
    ("How do I reset my password?", {"sso": False}), ("How do I cancel?", {"plan": "pro"}),
    ("Where is the invoice for March?", {}), ("I want my money back or I call my lawyer", {"plan": "free"}),
)  # fmt: skip
SAID = (
    {"kind": "thumbs", "thumbs": "down"}, {"kind": "csat", "score": 5, "comment": "Quick and right."},
    {"kind": "escalation", "reason": "It is about another plan."},
    {"kind": "correction", "right_answer": "Choose Settings, then Billing."},
)  # fmt: skip


@dataclass(frozen=True)
class Call:
    """One request; what it says goes with its key."""

    path: str
    key: str
    body: dict[str, Any] = field(compare=False)


@dataclass
class Book:
    """What was sent and what was answered, as the clients remember it. Safe for threads."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    answered: dict[Call, dict[str, Any]] = field(default_factory=dict)
    cut_off: list[Call] = field(default_factory=list)
    refused: list[tuple[Call, int, bytes]] = field(default_factory=list)

    def decisions(self) -> list[str]:
        with self.lock:
            return [answer["decision_id"] for call, answer in self.answered.items() if call.path.endswith("decisions")]


@dataclass
class Client:
    """A program with one connection, which sends one request after another."""

    served: Served
    token: str
    connection: http.client.HTTPConnection | None = None

    def send(self, call: Call) -> tuple[int, bytes]:
        """Status and body. Raises OSError or HTTPException where the server went away."""
        self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=60)
        headers = {
            "Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "Idempotency-Key": call.key
        }  # fmt: skip
        self.connection.request("POST", call.path, json.dumps(call.body), headers)
        response = self.connection.getresponse()
        return response.status, response.read()


def ask_until_cut_off(client: Client, book: Book, make, enough: threading.Event, wanted: int) -> None:
    """Send what ``make`` makes until the server is gone; say when enough was answered."""
    for number in range(10_000):
        call = make(number)
        try:
            status, body = client.send(call)
        except (OSError, http.client.HTTPException):
            with book.lock:
                book.cut_off.append(call)
            return
        with book.lock:
            if status == 200:
                book.answered[call] = json.loads(body)
            else:
                book.refused.append((call, status, body))
            if len(book.answered) >= wanted:
                enough.set()


def load(served: Served, token: str, book: Book, life: int, known: list[str], wanted: int) -> list[threading.Thread]:
    """Clients at work: three ask for decisions, one says what it thinks of earlier ones."""
    enough = threading.Event()

    def asks(who: int):
        def make(number: int) -> Call:
            message, context = MESSAGES[(number + who) % len(MESSAGES)]
            body = {
                "message": f"{message} ({life}.{who}.{number})",
                "context": context,
                "requester_id": f"zendesk:{who}",
            }
            return Call("/v1/decisions", f"decide-{life}-{who}-{number}", body)

        return make

    def says(number: int) -> Call:
        about = [*known, *book.decisions()]
        words = {**SAID[number % len(SAID)], "decision_id": about[number % len(about)]}
        return Call("/v1/feedback", f"say-{life}-{number}", words)

    makers = [asks(who) for who in range(ASKING)] + ([says] if known else [])
    threads = [
        threading.Thread(
            target=ask_until_cut_off, args=(Client(served, token), book, make, enough, wanted), daemon=True
        )
        for make in makers
    ]
    for thread in threads:
        thread.start()
    assert enough.wait(120), f"too slow, or refused: {book.refused[:3]}; {served.log.read_text()[-2_000:]}"
    return threads


def recorded(ledger: Ledger) -> dict[str, set[str]]:
    """Ids of what is in the ledger: decisions by subject, feedback by event."""
    kinds = {EventType.DECISION_MADE: "subject_hash", EventType.FEEDBACK_GIVEN: "event_id"}
    return {
        str(kind): {getattr(event, name) for event in ledger.events(event_types=[kind])} for kind, name in kinds.items()
    }


def everything_acknowledged_is_there(folder: Path, book: Book) -> None:
    with open_ledger(Lake(folder / ".understudy").ledger_file) as ledger:
        found, chain = recorded(ledger), verify(ledger)
    assert chain.is_intact, chain.first_break
    for call, answer in book.answered.items():
        if call.path.endswith("decisions"):
            assert answer["decision_id"] in found["decision_made"], call
        else:
            assert answer["feedback_id"] in found["feedback_given"], call


def test_ten_kills_lose_nothing_that_was_acknowledged(tmp_path_factory):
    desk = copy_of(demo_desk(tmp_path_factory), tmp_path_factory.mktemp("killed"))
    token = issue_token(desk, "clients")
    everything, count_cut_off = Book(), 0
    served = start_server(desk)
    try:
        for life, wanted in enumerate(ACKNOWLEDGED_BEFORE_A_KILL):
            book = Book()
            threads = load(served, token, book, life, everything.decisions(), wanted)
            served.kill()
            for thread in threads:
                thread.join(60)
                assert not thread.is_alive()
            assert book.refused == []
            count_cut_off += len(book.cut_off)
            everything_acknowledged_is_there(desk, book)

            served = start_server(desk, served.port, served.log)
            client = Client(served, token)
            for call, answer in book.answered.items():
                status, body = client.send(call)
                assert (status, json.loads(body)) == (200, answer), "the same key, the same response"
            for call in book.cut_off:
                status, body = client.send(call)
                assert status == 200, body
                book.answered[call] = json.loads(body)
                assert client.send(call) == (200, body)
            everything.answered |= book.answered
        everything_acknowledged_is_there(desk, everything)
    finally:
        served.kill()
    assert count_cut_off >= len(ACKNOWLEDGED_BEFORE_A_KILL), "no request was under way when the server was killed"
    with open_ledger(Lake(desk / ".understudy").ledger_file) as ledger:
        events = list(ledger.events(event_types=[EventType.DECISION_MADE, EventType.FEEDBACK_GIVEN]))
    assert len(events) == len(everything.answered), "each key made one event, sent once or again"
