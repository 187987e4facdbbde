"""Signals from outside, drift, and entries by trouble, as plain data: read on a thread, as the last run left them.

Belongs here: frames of the stage as rows for people. Does not belong here: drawing, the audit and the scope, about which people
decide (``auditing``, ``scoping``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestration.lake import Lake
from service.console.fixes.reading import list_of, moment_of, number_of, text_of, truth_of
from service.console.learning.examples import Example, examples_of, training_texts
from service.console.learning.words import DRIFTS

if TYPE_CHECKING:
    import pandas as pd

    from desk.loading import Desk

OVER = "over"


@dataclass(frozen=True)
class Signal:
    """Something that happens outside, as ``frames.SUPPORT_SIGNAL`` has it. aside: examples that are not shown."""

    signal_id: str
    change: str
    diagnosis: str
    sentence: str
    status: str
    is_explained: bool
    release_name: str
    started_at: dt.datetime | None
    found_at: dt.datetime | None
    ended_at: dt.datetime | None
    examples: tuple[Example, ...] = ()
    aside: int = 0


@dataclass(frozen=True)
class Drifted:
    """What has drifted, as ``frames.DRIFT`` has it. about: the entry's question, else the category's name, else ""."""

    kind: str
    sentence: str
    about: str
    entry_id: str | None
    category_id: str | None
    owner: str
    found_at: dt.datetime | None
    examples: tuple[Example, ...] = ()
    aside: int = 0


@dataclass(frozen=True)
class Troubled:
    """An entry and the trouble it causes, as ``frames.TROUBLE`` has it."""

    rank: int
    entry_id: str
    question: str
    category_id: str | None
    owner: str
    count_answers: int
    count_trouble: int
    count_before: int
    rate: float | None
    low: float | None
    high: float | None
    per_month: float | None
    minutes: float | None
    by_kind: str


@dataclass(frozen=True)
class DriftView:
    """What drifted and what troubles; None where it was not looked for yet. count_steady: looked at, and as it was."""

    drifted: tuple[Drifted, ...] | None
    count_steady: int
    troubled: tuple[Troubled, ...] | None
    count_calm: int
    names: Mapping[str, str]


def read_signals(desk: Desk) -> tuple[Signal, ...] | None:
    """Signals, the newest first; None where nobody has looked yet."""
    lake = Lake(desk.home)
    frame = lake.previous("support_signals")
    return None if frame is None else signals_of(frame, training_texts(lake, _named(frame)))


def signals_of(frame: pd.DataFrame, texts: Mapping[str, str]) -> tuple[Signal, ...]:
    """The rows of ``support_signals``, the newest first.

    Args:
        texts: of tickets that may be shown.
    """
    found = [_signal(row, texts) for row in _rows(frame)]
    return tuple(sorted(found, key=lambda one: (-_seconds(one.found_at), -_seconds(one.started_at), one.signal_id)))


def read_drift(desk: Desk) -> DriftView:
    """What drifted, and which entries cause trouble."""
    lake = Lake(desk.home)
    names = {one.id: one.name for one in desk.categories}
    drift, trouble = lake.previous("knowledge_drift"), lake.previous("entry_trouble")
    questions = _questions(lake)
    drifted: tuple[Drifted, ...] | None = None
    count_steady = 0
    if drift is not None:
        is_drift = drift["is_drift"].fillna(False).astype(bool)
        told = drift[is_drift]
        drifted, count_steady = (
            drifted_of(told, questions, names, training_texts(lake, _named(told))),
            int((~is_drift).sum()),
        )
    troubled = None if trouble is None else troubled_of(trouble)
    calm = 0 if trouble is None or troubled is None else len(trouble) - len(troubled)
    return DriftView(drifted, count_steady, troubled, calm, names)


def drifted_of(
    frame: pd.DataFrame, questions: Mapping[str, str], names: Mapping[str, str], texts: Mapping[str, str]
) -> tuple[Drifted, ...]:
    """Rows of ``knowledge_drift`` that drifted: what costs customers most first, and the newest of a kind first."""
    order = {kind: place for place, kind in enumerate(DRIFTS)}
    found = [_drifted(row, questions, names, texts) for row in _rows(frame)]
    return tuple(sorted(found, key=lambda one: (order.get(one.kind, len(order)), -_seconds(one.found_at))))


def troubled_of(frame: pd.DataFrame) -> tuple[Troubled, ...]:
    """Rows of ``entry_trouble`` with any trouble, by rank."""
    found = [_troubled(row) for row in _rows(frame)]
    return tuple(sorted((one for one in found if one.count_trouble), key=lambda one: one.rank))


def _signal(row: Mapping[str, Any], texts: Mapping[str, str]) -> Signal:
    shown, aside = examples_of(list_of(row["example_ticket_ids"]), texts)
    return Signal(
        signal_id=str(row["signal_id"]), change=text_of(row["change"]) or "", diagnosis=text_of(row["diagnosis"]) or "",
        sentence=text_of(row["sentence"]) or "", status=text_of(row["status"]) or "",
        is_explained=bool(truth_of(row["is_explained"])), release_name=text_of(row["release_name"]) or "",
        started_at=moment_of(row["started_at"]), found_at=moment_of(row["found_at"]), ended_at=moment_of(row["ended_at"]),
        examples=shown, aside=aside,
    )  # fmt: skip


def _drifted(
    row: Mapping[str, Any], questions: Mapping[str, str], names: Mapping[str, str], texts: Mapping[str, str]
) -> Drifted:
    entry, category = text_of(row["entry_id"]), text_of(row["category_id"])
    shown, aside = examples_of(list_of(row["example_ticket_ids"]), texts)
    about = questions.get(entry or "", entry or "") or names.get(category or "", category or "")
    return Drifted(
        kind=text_of(row["kind"]) or "", sentence=text_of(row["sentence"]) or "", about=about, entry_id=entry,
        category_id=category, owner=text_of(row["owner"]) or "", found_at=moment_of(row["found_as_of"]), examples=shown,
        aside=aside,
    )  # fmt: skip


def _troubled(row: Mapping[str, Any]) -> Troubled:
    return Troubled(
        rank=_count(row["rank"]), entry_id=str(row["entry_id"]), question=text_of(row["question"]) or str(row["entry_id"]),
        category_id=text_of(row["category_id"]), owner=text_of(row["owner"]) or "", count_answers=_count(row["count_answers"]),
        count_trouble=_count(row["count_trouble"]), count_before=_count(row["count_trouble_before"]),
        rate=number_of(row["trouble_rate"]), low=number_of(row["low"]), high=number_of(row["high"]),
        per_month=number_of(row["trouble_per_month"]), minutes=number_of(row["handle_minutes"]),
        by_kind=text_of(row["by_kind"]) or "",
    )  # fmt: skip


def _questions(lake: Lake) -> dict[str, str]:
    """Questions of entries as the last run had them, those out of use too."""
    found: dict[str, str] = {}
    for name in ("entries_set_aside", "live_entries"):
        if lake.file(name).is_file():
            frame = lake.read(name, ["entry_id", "question"])
            found |= {
                str(one): text_of(question) or ""
                for one, question in zip(frame["entry_id"], frame["question"], strict=True)
            }
    return found


def _named(frame: pd.DataFrame) -> set[str]:
    return {one for given in frame["example_ticket_ids"] for one in list_of(given)}


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[Any] = frame.to_dict("records")
    return rows


def _seconds(at: dt.datetime | None) -> float:
    return 0.0 if at is None else at.timestamp()


def _count(value: Any) -> int:
    number = number_of(value)
    return 0 if number is None else int(number)
