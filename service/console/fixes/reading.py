"""What the pages of fixes show, read in one go: it runs on a thread, and takes lake and ledger as they are now.

Belongs here: frames and the decisions made since they were written, as plain data. Does not belong here: drawing, deciding.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assets.retrain_agent.fixes.proposal import KNOWLEDGE_KINDS, Proposal
from orchestration.lake import Lake

if TYPE_CHECKING:
    import pandas as pd

    from desk.loading import Desk
    from ledger.store import Ledger

OPEN, ACCEPTED, REJECTED = "open", "accepted", "rejected"


@dataclass(frozen=True)
class Pattern:
    """Failures that belong together, as ``frames.PATTERN`` has them."""

    pattern_id: str
    name: str
    failure_type: str
    type_confidence: float | None
    category_id: str | None
    right_category_id: str | None
    condition: Mapping[str, Any]
    trigger_id: str | None
    failure_ids: tuple[str, ...]
    example_ids: tuple[str, ...]
    count_failures: int
    count_requesters: int
    count_training: int
    first_at: dt.datetime | None
    last_at: dt.datetime | None
    minutes_source: str | None
    trend: str | None
    trend_ratio: float | None
    trend_low: float | None
    trend_high: float | None


@dataclass(frozen=True)
class Fix:
    """A proposed fix with its pattern, as ``frames.FIX`` has it and people decided since. proposal: None: unreadable."""

    fix_id: str
    kind: str
    title: str
    why: str
    failure_type: str | None
    category_id: str | None
    proposal: Proposal | None
    rank: int | None
    tickets_per_month: float | None
    minutes_per_month: float | None
    harm: float | None
    is_urgent: bool
    status: str
    change_id: str | None
    decided_by: str | None
    decided_at: dt.datetime | None
    note: str | None
    is_insight: bool
    pattern: Pattern | None


@dataclass(frozen=True)
class Change:
    """An accepted fix and how far it got. sentences: of its effects, as far as they were measured. is_measured_before: all of
    them were measured before customers had it, and say so."""

    change_id: str
    fix_id: str | None
    kind: str
    title: str
    category_ids: tuple[str, ...]
    entry_ids: tuple[str, ...]
    labelled_ticket_ids: tuple[str, ...]
    touches_behavior: bool
    is_urgent: bool
    accepted_by: str | None
    accepted_at: dt.datetime
    release_id: str | None
    released_at: dt.datetime | None
    ended_at: dt.datetime | None
    status: str
    sentences: tuple[str, ...] = ()
    is_measured_before: bool = False

    @property
    def is_for_the_week(self) -> bool:
        """Whether a week's release takes it up; labels wait for the month."""
        return self.kind in KNOWLEDGE_KINDS or self.touches_behavior or bool(self.entry_ids)


@dataclass(frozen=True)
class Week:
    """What a weekly run came to, as ``frames.UPDATE`` has it."""

    monday: str
    status: str
    why: tuple[str, ...]
    release_id: str | None
    change_ids: tuple[str, ...]
    count_affected: int
    count_mended: int
    count_broken: int
    count_regression: int
    count_regression_changed: int


@dataclass(frozen=True)
class Insight:
    """What somebody said that the figures do not show."""

    text: str
    category_id: str | None
    said_by: str | None
    said_at: dt.datetime


@dataclass(frozen=True)
class Queue:
    """Everything of the queue. is_there: failures were looked for. insights: those that no run has put into the queue yet."""

    is_there: bool
    fixes: tuple[Fix, ...]
    changes: tuple[Change, ...]
    week: Week | None
    insights: tuple[Insight, ...]
    names: Mapping[str, str]

    def fix(self, fix_id: str) -> Fix | None:
        """The fix of this id."""
        return next((one for one in self.fixes if one.fix_id == fix_id), None)

    def change(self, change_id: str | None) -> Change | None:
        """The change of this id."""
        return next((one for one in self.changes if one.change_id == change_id), None)

    @property
    def open(self) -> tuple[Fix, ...]:
        """What waits for a decision, the first of the ranking first."""
        return tuple(one for one in self.fixes if one.status == OPEN)

    @property
    def unreleased(self) -> tuple[Change, ...]:
        """Changes that no release has that customers have."""
        return tuple(one for one in self.changes if one.status == ACCEPTED)


def read_queue(desk: Desk, ledger: Ledger) -> Queue:
    """The queue as it stands this moment."""
    from ledger.fixes import fix_decisions

    lake = Lake(desk.home)
    frame = lake.previous("fix_queue")
    decisions = {str(row["fix_id"]): row for row in _rows(fix_decisions(ledger))}
    patterns = {one.pattern_id: one for one in map(_pattern, _rows(lake.previous("failure_patterns")))}
    fixes = [_decided(_fix(row, patterns), decisions) for row in _rows(frame)]
    changes = _changes(desk)
    return Queue(
        is_there=frame is not None,
        fixes=tuple(sorted(fixes, key=lambda one: (one.rank is None, one.rank or 0, one.title))),
        changes=tuple(changes),
        week=_newest_week(lake),
        insights=tuple(_new_insights(ledger, frame)),
        names={one.id: one.name for one in desk.categories},
    )


def count_open(desk: Desk, ledger: Ledger) -> tuple[int, int] | None:
    """Fixes that wait for a decision, and how many of them are urgent; None where nothing was looked for yet."""
    from orchestration.people.fix_desk import undecided

    frame = _columns(Lake(desk.home), "fix_queue", ["fix_id", "status", "is_urgent"])
    if frame is None:
        return None
    left = undecided(frame, ledger)
    return len(left), int(left["is_urgent"].fillna(False).astype(bool).sum())


def count_unreleased(desk: Desk) -> int:
    """Accepted changes that wait for a week's release."""
    return sum(one.status == ACCEPTED and one.is_for_the_week for one in _changes(desk))


def text_of(value: Any) -> str | None:
    """A text, None where there is none."""
    return value if isinstance(value, str) and value else None


def number_of(value: Any) -> float | None:
    """A number, None where there is none."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value == value else None


def moment_of(value: Any) -> dt.datetime | None:
    """A moment, None where there is none."""
    import pandas as pd

    return None if value is None or pd.isna(value) else pd.Timestamp(value).to_pydatetime()


def list_of(value: Any) -> tuple[str, ...]:
    """A list of texts."""
    return () if value is None or isinstance(value, str | float) else tuple(str(one) for one in value)


def truth_of(value: Any) -> bool | None:
    """A truth value, None where nobody knows."""
    import pandas as pd

    return None if value is None or pd.isna(value) else bool(value)


def _rows(frame: pd.DataFrame | None) -> list[dict[str, Any]]:
    rows: list[Any] = [] if frame is None else frame.to_dict("records")
    return rows


def _columns(lake: Lake, name: str, columns: list[str]) -> pd.DataFrame | None:
    return lake.read(name, columns) if lake.file(name).is_file() else None


def _pattern(row: Mapping[str, Any]) -> Pattern:
    return Pattern(
        pattern_id=str(row["pattern_id"]), name=text_of(row["name"]) or "", failure_type=text_of(row["failure_type"]) or "",
        type_confidence=number_of(row["type_confidence"]), category_id=text_of(row["category_id"]),
        right_category_id=text_of(row["right_category_id"]), condition=_json(row["condition"]),
        trigger_id=text_of(row["trigger_id"]), failure_ids=list_of(row["failure_ids"]), example_ids=list_of(row["example_ids"]),
        count_failures=_count(row["count_failures"]), count_requesters=_count(row["count_requesters"]),
        count_training=_count(row["count_training"]), first_at=moment_of(row["first_at"]), last_at=moment_of(row["last_at"]),
        minutes_source=text_of(row["minutes_source"]), trend=text_of(row["trend"]), trend_ratio=number_of(row["trend_ratio"]),
        trend_low=number_of(row["trend_low"]), trend_high=number_of(row["trend_high"]),
    )  # fmt: skip


def _fix(row: Mapping[str, Any], patterns: Mapping[str, Pattern]) -> Fix:
    return Fix(
        fix_id=str(row["fix_id"]), kind=str(row["kind"]), title=text_of(row["title"]) or "", why=text_of(row["why"]) or "",
        failure_type=text_of(row["failure_type"]), category_id=text_of(row["category_id"]), proposal=_proposal(row["proposal"]),
        rank=None if number_of(row["rank"]) is None else int(row["rank"]),
        tickets_per_month=number_of(row["tickets_per_month"]), minutes_per_month=number_of(row["minutes_per_month"]),
        harm=number_of(row["harm"]), is_urgent=bool(truth_of(row["is_urgent"])), status=str(row["status"]),
        change_id=text_of(row["change_id"]), decided_by=text_of(row["decided_by"]), decided_at=moment_of(row["decided_at"]),
        note=text_of(row["note"]), is_insight=text_of(row["insight_id"]) is not None,
        pattern=patterns.get(text_of(row["pattern_id"]) or ""),
    )  # fmt: skip


def _decided(fix: Fix, decisions: Mapping[str, Mapping[str, Any]]) -> Fix:
    """The fix with what people decided, which counts at once and not with the next run. An accepted proposal is shown as
    the person left it."""
    row = decisions.get(fix.fix_id)
    if row is None:
        return fix
    return replace(
        fix, status=str(row["status"]), change_id=text_of(row["change_id"]), decided_by=text_of(row["decided_by"]),
        decided_at=moment_of(row["decided_at"]), note=text_of(row["note"]), proposal=_proposal(row["proposal"]) or fix.proposal,
    )  # fmt: skip


def _changes(desk: Desk) -> list[Change]:
    """Every change as ledger and releases say this moment, the newest first, with the effects that the last run measured."""
    from orchestration.changes import changes_now

    sentences: dict[str, list[str]] = {}
    live: set[str] = set()
    """Changes that were measured as released ones are: with a line for every live metric, measurable or not."""
    for row in _rows(_columns(Lake(desk.home), "training_effects", ["change_id", "method", "sentence"])):
        sentences.setdefault(str(row["change_id"]), []).append(text_of(row["sentence"]) or "")
        live |= {str(row["change_id"])} if row["method"] == "live" else set()
    found = [
        _change(row, tuple(sentences.get(str(row["change_id"]), ())), str(row["change_id"]) in live)
        for row in _rows(changes_now(desk))
    ]
    return sorted(found, key=lambda one: (len(one.change_id), one.change_id), reverse=True)


def _change(row: Mapping[str, Any], sentences: tuple[str, ...], is_live: bool) -> Change:
    accepted_at = moment_of(row["accepted_at"])
    assert accepted_at is not None
    return Change(
        change_id=str(row["change_id"]), fix_id=text_of(row["fix_id"]), kind=text_of(row["kind"]) or "",
        title=text_of(row["title"]) or "", category_ids=list_of(row["category_ids"]), entry_ids=list_of(row["entry_ids"]),
        labelled_ticket_ids=list_of(row["labelled_ticket_ids"]), touches_behavior=text_of(row["behavior_hash"]) is not None,
        is_urgent=bool(truth_of(row["is_urgent"])), accepted_by=text_of(row["accepted_by"]), accepted_at=accepted_at,
        release_id=text_of(row["release_id"]), released_at=moment_of(row["released_at"]), ended_at=moment_of(row["ended_at"]),
        status=str(row["status"]), sentences=sentences,
        is_measured_before=bool(sentences) and not is_live and moment_of(row["released_at"]) is not None,
    )  # fmt: skip


def _newest_week(lake: Lake) -> Week | None:
    rows = sorted(_rows(lake.previous("micro_updates")), key=lambda row: str(row["week"]))
    if not rows:
        return None
    row = rows[-1]
    return Week(
        str(row["week"]), str(row["status"]), list_of(row["why"]), text_of(row["release_id"]), list_of(row["change_ids"]),
        *(_count(row[name]) for name in _COUNTS),
    )  # fmt: skip


_COUNTS = ("count_affected", "count_mended", "count_broken", "count_regression", "count_regression_changed")


def _new_insights(ledger: Ledger, frame: pd.DataFrame | None) -> list[Insight]:
    from ledger.insights import insights

    known = set() if frame is None else {str(one) for one in frame["insight_id"].dropna()}
    rows = [row for row in _rows(insights(ledger)) if str(row["insight_id"]) not in known and text_of(row["text"])]
    found = [
        Insight(str(row["text"]), text_of(row["category_id"]), text_of(row["said_by"]), at)
        for row in rows
        if (at := moment_of(row["said_at"])) is not None
    ]
    return sorted(found, key=lambda one: one.said_at, reverse=True)


def _proposal(text: Any) -> Proposal | None:
    try:
        return Proposal.from_json(text)
    except (ValueError, TypeError, KeyError):
        return None


def _json(text: Any) -> Mapping[str, Any]:
    try:
        read = json.loads(text) if isinstance(text, str) else {}
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _count(value: Any) -> int:
    number = number_of(value)
    return 0 if number is None else int(number)
