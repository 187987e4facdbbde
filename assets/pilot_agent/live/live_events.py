"""Which recorded events become which rows, and what of the last time is kept.

Belongs here: going through what is new in the ledger, forgetting words that were erased, setting aside what cannot be read.
Does not belong here: one row's columns (``live_decisions``, ``live_feedback``), recording (``ledger.live``).

Everything recorded is landed or set aside, never dropped. What was landed stays as it is, except that erased words go. Only
where the rules that redact have changed is everything read again, and from the first event that could not be read on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from assets.audit_tickets.texts import redaction
from assets.pilot_agent.answers.frames import LIST, frame_of, typed
from assets.pilot_agent.live.frames import HANDOFF, LIVE_DECISION, LIVE_FEEDBACK, REJECTED
from assets.pilot_agent.live.live_decisions import Versions, live_decision
from assets.pilot_agent.live.live_feedback import live_feedback
from assets.pilot_agent.live.live_types import LIVE_TYPES
from assets.pilot_agent.live.private_words import Redactor
from assets.pilot_agent.live.recorded_decision import Unreadable
from ledger.events import Event, EventType
from ledger.live import Told, decisions_made, feedback_given, handoffs_closed, read_decision

if TYPE_CHECKING:
    from ledger.store import Ledger

_KEPT_OF_ERASED = frozenset(
    ("decision_id", "event_id", "sequence", "decided_at", "given_at", "source", "is_erased", "redactor_version")
)
_REDACTORS_KEPT = 4_096


@dataclass(frozen=True)
class Landed:
    """``live_decisions``, ``live_feedback`` and ``rejected_live_events``, each in the order of the ledger."""

    decisions: pd.DataFrame = field(default_factory=lambda: frame_of([], LIVE_DECISION))
    feedback: pd.DataFrame = field(default_factory=lambda: frame_of([], LIVE_FEEDBACK))
    rejected: pd.DataFrame = field(default_factory=lambda: frame_of([], REJECTED))


def land_live_events(
    ledger: Ledger,
    events: pd.DataFrame,
    desk_id: str,
    versions: Versions,
    previous: Landed | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Landed:
    """Project what the service recorded onto frames.

    Args:
        ledger: read up to its head of now; it may be ahead of ``events``.
        events: ``ledger_events``, which says what was erased.
        desk_id: salts pseudonyms.
        versions: facts of a release by its id.
        previous: what this function made the last time.
        on_progress: called with (events gone through, events to go through).
    """
    version, through = redaction.REDACTOR_VERSION, ledger.head().sequence
    before, after = _kept(previous or Landed(), version)
    before = _forget(before, events)
    decided: list[dict[str, Any]] = []
    said: list[dict[str, Any]] = []
    rejected: list[dict[str, Any]] = []
    known = {*before.decisions["decision_id"]}

    @lru_cache(_REDACTORS_KEPT)
    def redactor(decision_id: str) -> Redactor:
        recorded = read_decision(ledger, decision_id)
        return Redactor.of(None if recorded is None else recorded.request)

    def told(stream: Iterable[Told]) -> Iterable[Told]:
        for event, by, words in stream:
            if event.sequence > through:
                return
            if on_progress is not None:
                on_progress(event.sequence - after, through - after)
            yield event, by, words

    for event, by, words in told(decisions_made(ledger, after_sequence=after)):
        try:
            if event.subject_hash in known:
                raise Unreadable("a decision of this id was recorded before")
            row = live_decision(event, by, words, Redactor.of(_request(words)), desk_id, versions)
            decided.append({**row, "redactor_version": version})
        except Unreadable as problem:
            rejected.append(_rejected(event, problem))
        known.add(event.subject_hash)
    for stream in (feedback_given, handoffs_closed):
        for event, by, words in told(stream(ledger, after_sequence=after)):
            try:
                if event.subject_hash not in known:
                    raise Unreadable("the decision it is about is not in the ledger")
                row = live_feedback(event, by, words, redactor(event.subject_hash))
                said.append({**row, "redactor_version": version})
            except Unreadable as problem:
                rejected.append(_rejected(event, problem))
    return Landed(
        _with(before.decisions, decided, LIVE_DECISION),
        _with(before.feedback, said, LIVE_FEEDBACK),
        _with(before.rejected, rejected, REJECTED),
    )


def landing_problems(events: pd.DataFrame, landed: Landed) -> tuple[list[str], int]:
    """What of ``ledger_events`` was lost or landed twice, in words, and how many live events wait for the next landing:
    those after the last one that was landed.
    """
    ours = events.loc[events["event_type"].isin([str(one) for one in LIVE_TYPES]), "sequence"]
    seen = pd.concat([frame["sequence"] for frame in (landed.decisions, landed.feedback, landed.rejected)])
    last = int(seen.max()) if len(seen) else 0
    lost, doubled = (ours[ours <= last][~ours.isin(set(seen))], seen[seen.duplicated()])
    problems = [
        f"{len(found):,} live events were {what}, the first is event {found.min()} of the ledger"
        for what, found in (("neither landed nor set aside", lost), ("landed twice", doubled))
        if len(found)
    ]
    return problems, int((ours > last).sum())


def _kept(previous: Landed, version: str) -> tuple[Landed, int]:
    """What of the last time stands, and the sequence up to which it does."""
    frames = (previous.decisions, previous.feedback, previous.rejected)
    is_current = all((frame["redactor_version"] == version).all() for frame in frames[:2])
    if not is_current:
        return Landed(), 0
    if len(previous.rejected):
        up_to = int(previous.rejected["sequence"].min()) - 1
    else:
        up_to = max((int(frame["sequence"].max()) for frame in frames if len(frame)), default=0)
    return Landed(*(frame[frame["sequence"] <= up_to] for frame in frames)), up_to


def _forget(landed: Landed, events: pd.DataFrame) -> Landed:
    """Without words, and names of clients, that were erased since."""

    def gone(event_type: EventType, column: str) -> set[int]:
        subjects = set(events.loc[events["event_type"] == str(event_type), "subject_hash"])
        return set(events.loc[events[column].isin(subjects), "sequence"]) if subjects else set()

    words, names = gone(EventType.PAYLOAD_ERASED, "payload_digest"), gone(EventType.ACTOR_ERASED, "actor_id")

    def without(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
        is_erased, is_nameless = frame["sequence"].isin(words), frame["sequence"].isin(names)
        if not (is_erased | is_nameless).any():
            return frame
        frame = frame.copy()
        frame.loc[is_nameless, "source"] = pd.NA
        for name in columns.keys() - _KEPT_OF_ERASED:
            # A handoff is one by its event's type, which stays.
            lost = is_erased & (frame[name] != HANDOFF).fillna(True) if name == "kind" else is_erased
            frame[name] = frame[name].where(~lost, pd.NA if columns[name] != LIST else None)
        frame.loc[is_erased, "is_erased"] = True
        return frame

    return Landed(without(landed.decisions, LIVE_DECISION), without(landed.feedback, LIVE_FEEDBACK), landed.rejected)


def _with(before: pd.DataFrame, rows: list[dict[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    added = frame_of(rows, columns)
    both = pd.concat([typed(before, columns), added], ignore_index=True) if len(before) else added
    return typed(both.sort_values("sequence", kind="stable"), columns)


def _request(words: Mapping[str, Any]) -> Mapping[str, Any] | None:
    request = words.get("request")
    return request if isinstance(request, Mapping) else None


def _rejected(event: Event, problem: Unreadable) -> dict[str, Any]:
    return {
        "event_id": event.event_id,
        "sequence": event.sequence,
        "event_type": event.event_type,
        "decision_id": event.subject_hash,
        "occurred_at": event.occurred_at,
        "reason": str(problem),
    }
