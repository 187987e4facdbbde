"""The simulated pilot of the sample desk: new tickets arrive, customers answer questions, people and customers react.

Each function writes finished export files into the inbox of a copy of the sample desk, as a helpdesk would give them, for
the pipeline to land; in this order, once for shadow and once (or by the week) for the rollout:

1. ``write_pilot_arrivals``: new tickets as they came.
2. ``write_pilot_replies``: customers answered what the agent asked; until it writes none.
3. ``write_pilot_outcomes``: what was sent, and what happened then.

What the agent did is read from the published frames, what may be sent from the outbox of the moment; what was sent is
recorded in the ledger as delivered, as a helpdesk's adapter would. Seeded: the same decisions give the same files. No asset may import this: it knows the truth.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pandas as pd

from desk.loading import Desk
from examples.brindlebase.source.pilot import SEED, PilotCase, Ticket, helpdesk_lines, helpdesk_ticket_id
from examples.simulated_answer_review import Judge
from examples.simulated_pilot_stories import Sent, Story
from examples.simulated_pilot_truth import cases_of, follow_up
from ledger.deliveries import record_delivery
from orchestration.cli.outbox_files import outbox_now
from orchestration.lake import Lake
from orchestration.resources import DeskResource

ADAPTER = "Simulated helpdesk adapter"
SUFFIXES = {"zendesk": "ndjson.gz", "intercom": "jsonl.gz"}
MAX_TURNS = 3
"""Decisions on one ticket; a question in the last one is answered by the customer and read by a person."""
_END = 4_000_000_000
_FINISHED_SECONDS = 24 * 3600
"""Age that a written file is given, so that it looks finished at once."""


def write_pilot_arrivals(desk: Desk, weeks: range, *, until: dt.datetime | None = None) -> list[Path]:
    """Put the new tickets of these weeks (from 0) into the inbox, as they came: one message, nobody has answered.

    ``until``: leaves out what came later. Returns the files; what was written before is not written again.
    """
    tickets = [one.ticket for one in cases_of(desk, weeks) if one.ticket.created <= _epoch(until)]
    return _write(desk, "arrivals", weeks, tickets, _END)


def write_pilot_replies(desk: Desk, weeks: range) -> int:
    """Let customers answer the questions that the agent asked by itself and that still wait; returns how many did."""
    decided, judge = _Decided(desk), Judge(desk)
    by_turn: dict[int, list[Ticket]] = {}
    delivered: dict[str, int] = {}
    for case in cases_of(desk, weeks):
        sent = decided.sent(case, judge)
        turn = len(sent)
        if not _waits(sent):
            continue
        delivered |= Story(case, SEED).ask(sent).delivered
        by_turn.setdefault(turn, []).append(case.ticket)
    for turn, tickets in sorted(by_turn.items()):
        _write(desk, f"replies-{turn}", weeks, tickets, _END)
    _record(desk, delivered, decided)
    return sum(map(len, by_turn.values()))


def write_pilot_outcomes(
    desk: Desk, weeks: range, *, until: dt.datetime | None = None, questions_wait: bool = False
) -> list[Path]:
    """Put the tickets of these weeks into the inbox as they stand in the end, or at ``until``.

    ``questions_wait``: leaves out tickets whose last word is a question of the agent that may still be decided again.

    Where a reply was sent, it stands in the ticket: the agent's own by the agent, an approved or edited draft by a person.
    Everything else people answer. A customer who opens a new ticket about the same is decided by the next run of the
    pipeline like everybody else, and answered when this is called again.
    """
    decided, judge, cutoff = _Decided(desk), Judge(desk), _epoch(until)
    tickets: list[Ticket] = []
    delivered: dict[str, int] = {}
    for case in cases_of(desk, weeks):
        sent = decided.sent(case, judge)
        if questions_wait and _waits(sent):
            continue
        # Whoever was asked back is followed to the end once; a new ticket of theirs would come too late to be answered.
        told = Story(case, SEED).tell(sent, may_open_new=not (sent and sent[0].is_question))
        tickets.append(case.ticket)
        delivered |= told.delivered
        if told.new_ticket_at is None or told.new_ticket_at > cutoff:
            continue
        again = follow_up(case, told.new_ticket_at)
        tickets.append(again.ticket)
        if decided.knows(again):
            delivered |= Story(again, SEED).tell(decided.sent(again, judge), may_open_new=False).delivered
    files = _write(desk, "outcomes", weeks, [one for one in tickets if one.created <= cutoff], cutoff)
    _record(desk, {name: at for name, at in delivered.items() if at <= cutoff}, decided)
    return files


def _waits(sent: Sequence[Sent]) -> bool:
    """Whether the agent alone has spoken, with nothing but questions, and may decide once more."""
    is_open = 0 < len(sent) < MAX_TURNS
    return is_open and all(one.is_question and one.by_agent and one.reply for one in sent)


class _Decided:
    """What was decided about pilot tickets and may be sent, from the published frames."""

    def __init__(self, desk: Desk) -> None:
        lake = Lake(desk.home)
        answers = lake.read("shadow_answers").sort_values(["ticket_id", "turn"])
        self.by_ticket: dict[str, list[dict[str, Any]]] = {}
        for row in cast("list[dict[str, Any]]", answers.to_dict("records")):
            self.by_ticket.setdefault(row["ticket_id"], []).append(row)
        self.replies: dict[str, str] = {
            row["answer_id"]: str(row["reply"])
            for row in outbox_now(desk).to_dict("records")
            if row["status"] != "withheld" and not pd.isna(row["reply"])
        }

    def knows(self, case: PilotCase) -> bool:
        """Whether the ticket was decided."""
        return helpdesk_ticket_id(case.ticket) in self.by_ticket

    def sent(self, case: PilotCase, judge: Judge) -> list[Sent]:
        """The decisions on one ticket, turn by turn, each as it reached the customer."""
        found = []
        for row in self.by_ticket.get(helpdesk_ticket_id(case.ticket), []):
            reply = self.replies.get(row["answer_id"])
            asks_for = judge.asks_for(reply or "")
            found.append(
                Sent(
                    answer_id=row["answer_id"],
                    reply=reply,
                    by_agent=row["mode"] == "rollout",
                    is_question=reply is not None and (row["action"] == "ask" or bool(asks_for)),
                    asks_for=asks_for,
                    is_right=reply is not None and judge.is_right(reply, row, case.truth),
                )
            )
        return found


def _record(desk: Desk, delivered: Mapping[str, int], decided: _Decided) -> None:
    """Record what was sent when, in the ledger."""
    roles = desk.settings.signers["review"]
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        for answer_id, at in sorted(delivered.items(), key=lambda one: (one[1], one[0])):
            record_delivery(
                ledger, [answer_id], by=ADAPTER, role=roles[0], occurred_at=dt.datetime.fromtimestamp(at, dt.UTC),
                known_roles=roles, replies={answer_id: decided.replies[answer_id]},
            )  # fmt: skip


def _write(desk: Desk, step: str, weeks: range, tickets: Iterable[Ticket], cutoff: int) -> list[Path]:
    """One finished export a helpdesk; the name holds a hash of the content, so that nothing lands twice."""
    files = []
    for helpdesk, records in helpdesk_lines(list(tickets), cutoff).items():
        if not records:
            continue
        content = "".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in records).encode()
        digest = hashlib.sha256(content).hexdigest()[:8]
        name = f"{helpdesk}-pilot-{step}-week-{weeks.start}-to-{weeks.stop - 1}-{digest}.{SUFFIXES[helpdesk]}"
        file = Path(desk.inbox) / name
        if not file.exists():
            file.write_bytes(gzip.compress(content, 9, mtime=0))
            then = time.time() - _FINISHED_SECONDS
            os.utime(file, (then, then))
        files.append(file)
    return files


def _epoch(until: dt.datetime | None) -> int:
    return _END if until is None else int(until.timestamp())
