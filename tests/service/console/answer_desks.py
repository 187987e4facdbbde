"""A small desk with answers to review, made by hand."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import ANSWER, frame_of
from desk.loading import load_desk
from ledger.reviews import AnswerReview, record_reviews, standing_reviews, withdraw_review
from ledger.store import Ledger
from orchestration.lake import write_parquet
from service.console.answers.sitting import Reviewer, Sitting
from service.console.answers.stock import Stock, load_stock
from service.console.claims import Claims
from tests.assets.pilot_agent.answers.review_frames import answer
from tests.orchestration.pilot_lakes import ledger_of, make

KNOWN_ROLES = ("reviewer", "support lead")
NOON = dt.datetime(2026, 3, 9, 12, 0, tzinfo=dt.UTC)
ADA, NOOR = Reviewer("a1", "Ada Moreno", "support lead"), Reviewer("a2", "Noor Haddad", "reviewer")
READER = Reviewer("a3", "Tomas Reyl", None)


class Clock:
    """A clock that a test sets forward."""

    def __init__(self, now: dt.datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)


def review_desk(folder: Path, *rows: dict[str, Any]) -> Path:
    """A desk with these answers, three drafts ``a1`` to ``a3`` unless others are given, and one entry."""
    made = make(folder)
    fill(made, *(rows or tuple(answer(f"a{number}") for number in (1, 2, 3))))
    return made


def fill(desk: Path, *rows: dict[str, Any]) -> None:
    """Publish these answers."""
    lake = load_desk(desk).home / "lake"
    write_parquet(frame_of(rows, ANSWER), lake / "shadow_answers.parquet")
    entry = {
        "entry_id": "log-in", "content_hash": "f" * 8, "question": "How do I log in?",
        "conditions": json.dumps({"plan": ["free", "pro"]}),
    }  # fmt: skip
    write_parquet(pd.DataFrame([entry]), lake / "live_entries.parquet")


def stock_of(desk: Path, ledger: Ledger) -> Stock:
    return load_stock(load_desk(desk), ledger)


def sitting_of(
    desk: Path, ledger: Ledger, reviewer: Reviewer = ADA, claims: Claims | None = None, clock: Clock | None = None
) -> Sitting:
    """A reviewer at a desk; claims last five minutes."""
    at = clock or Clock()
    held = claims or Claims(dt.timedelta(minutes=5), at)
    return Sitting(stock_of(desk, ledger), held, reviewer, lambda: KNOWN_ROLES, at)


def say_so(ledger: Ledger, answer_id: str, tag: str = "correct", by: str = "Noor Haddad", **more: Any) -> None:
    """Somebody reviews an answer at a terminal."""
    record_reviews(
        ledger, [AnswerReview(answer_id, tag, **more)], by=by, role="reviewer", occurred_at=NOON,
        known_roles=KNOWN_ROLES, source="terminal", replaces=True,
    )  # fmt: skip


def take_back(ledger: Ledger, answer_id: str, by: str = "Noor Haddad") -> None:
    withdraw_review(ledger, answer_id, by=by, role="reviewer", occurred_at=NOON, known_roles=KNOWN_ROLES)


def stands(desk: Path, answer_ids: list[str], by: str) -> dict[str, AnswerReview]:
    """What somebody says of these answers, as the ledger of a desk has it."""
    with ledger_of(desk) as ledger:
        return standing_reviews(ledger, answer_ids, by)
