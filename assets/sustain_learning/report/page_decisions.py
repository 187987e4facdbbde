"""What happened beside the figures, and what people must decide next, each with the command that does it.

Belongs here: choosing rows of fixes, changes, drift, signals, proposals and audits, cut to a length. Does not belong here:
finding any of them, HTML.

Examples of drift and signals are left to the consoles and commands: a page that is sent around names no ticket.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.retrain_agent.review_session.session_words import count, day
from assets.retrain_agent.review_session.shown_patterns import short
from assets.sustain_learning.audit_work.audited import UNOWNED
from assets.sustain_learning.report.learning_frames import LearningFrames, Span
from assets.sustain_learning.report.month_counts import changes_of

SHOWN, FIXES, WIDENINGS = 8, 3, 2
_QUOTED = re.compile(r"`([A-Za-z0-9_-]+)`")
"""A category's id, as effects name it."""


@dataclass(frozen=True)
class Told:
    """One thing that was found or done. what: in a few words; sentence; when: “3 July”, or ""; state: of it."""

    what: str
    sentence: str
    when: str = ""
    state: str = ""


@dataclass(frozen=True)
class Asked:
    """One decision. why: what hangs on it; command: that shows or does it; console: the page, "" where there is none."""

    what: str
    why: str
    command: str
    console: str = ""


@dataclass(frozen=True)
class Part:
    """Rows of one kind. is_known: whether it was looked for at all; more: rows that are not shown."""

    rows: tuple[Told, ...]
    is_known: bool
    more: int = 0


def changes_part(frames: LearningFrames, span: Span, names: Mapping[str, str]) -> Part:
    """Changes of the month with their effects, as the effects' own sentences have them."""
    if frames.changes is None:
        return Part((), False)
    mine = changes_of(frames.changes, span)
    rows = [
        Told(
            short(row["title"], 160), " ".join(_effects(frames.effects, str(row["change_id"]), names)), day(row["accepted_at"]),
            f"{short(row['change_id'], 20)}, {_standing(row['released_at'], row['ended_at'], span)}",
        )
        for row in mine.to_dict("records")
    ]  # fmt: skip
    return Part(tuple(rows[:SHOWN]), True, max(0, len(rows) - SHOWN))


def drift_part(frames: LearningFrames, span: Span) -> Part:
    """What was found to drift in the month, the clearest first."""
    if frames.drift is None:
        return Part((), False)
    found = frames.drift[frames.drift["is_drift"].fillna(False).astype(bool) & span.now(frames.drift["found_as_of"])]
    found = found.sort_values(["p_adjusted", "drift_id"], kind="stable", na_position="last")
    rows = [Told(short(row["kind"], 40).replace("_", " "), short(row["sentence"], 400)) for row in _records(found)]
    return Part(tuple(rows), True, max(0, len(found) - SHOWN))


def signals_part(frames: LearningFrames, span: Span) -> Part:
    """Support signals found in the month or going on in it, the newest first."""
    if frames.support is None:
        return Part((), False)
    support = frames.support
    goes_on = (support["found_at"] < span.end) & ~(support["ended_at"] < span.month.start).fillna(False)
    found = support[goes_on.fillna(False)].sort_values(
        ["found_at", "signal_id"], ascending=[False, True], kind="stable"
    )
    rows = [
        Told(
            short(row["diagnosis"], 40).replace("_", " "), short(row["sentence"], 400), day(row["found_at"]),
            short(row["status"], 20),
        )
        for row in _records(found)
    ]  # fmt: skip
    return Part(tuple(rows), True, max(0, len(found) - SHOWN))


def proposals_part(frames: LearningFrames, span: Span) -> Part:
    """What is proposed on what the AI may answer, and what it lost or got back in the month."""
    if frames.scope is None:
        return Part((), False)
    known = frames.scope[(frames.scope["proposed_as_of"] <= span.end).fillna(False)]
    is_open = known["status"].isin(["proposed", "walking", "ready", "in_force"])
    found = known[is_open | span.now(known["proposed_as_of"]) | span.now(known["decided_at"])]
    found = found.sort_values(["kind", "tickets_per_month"], ascending=[True, False], kind="stable")
    rows = [
        Told(
            short(row["kind"], 20), short(row["sentence"], 400), day(row["proposed_as_of"]),
            short(row["status"], 20).replace("_", " "),
        )
        for row in _records(found)
    ]  # fmt: skip
    return Part(tuple(rows), True, max(0, len(found) - SHOWN))


def decisions(frames: LearningFrames, span: Span) -> list[Asked]:
    """What waits for a person now, the weightiest first."""
    return [*_scope(frames), *_audit(frames, span), *_fixes(frames), *_unexplained(frames, span)][:SHOWN]


def _scope(frames: LearningFrames) -> Iterator[Asked]:
    if frames.scope is None:
        return
    scope = frames.scope
    ready = scope[scope["kind"].isin(["widen", "back"]) & (scope["status"] == "ready")]
    withdrawn = scope[(scope["kind"] == "narrow") & (scope["status"] == "in_force")]
    begun = scope[(scope["kind"] == "widen") & scope["status"].isin(["proposed", "walking"])]
    begun = begun.sort_values("tickets_per_month", ascending=False, kind="stable").head(WIDENINGS)
    for part, what in (
        (withdrawn, "A category lost its autonomy: mend it, or leave it to people"),
        (ready, "Let the AI answer more"),
        (begun, "Walk the short way with a new category"),
    ):
        for row in _records(part):
            yield Asked(what, short(row["sentence"], 300), f"understudy scope show {short(row['proposal_id'], 8)[:8]}")


def _audit(frames: LearningFrames, span: Span) -> Iterator[Asked]:
    if frames.audit is None:
        return
    undone = frames.audit[frames.audit["status"].isin(["open", "overdue"])]
    if undone.empty:
        return
    late = undone[(undone["due_at"] < span.as_of).fillna(False)]
    due = undone["due_at"].min()
    unowned = int((undone["owner"] == UNOWNED).fillna(False).sum())
    whose = count(undone.loc[undone["owner"] != UNOWNED, "owner"].nunique(), "owner")
    why = f"{count(len(undone), 'open item')} of {whose}{f', {unowned:,} of which are nobody’s' if unowned else ''}; "
    why += (
        f"{count(len(late), 'is', 'are')} overdue: what is not looked at in time stops being fresh."
        if len(late)
        else f"the first due on {day(due)}."
    )
    yield Asked("Work off the knowledge audit", why, "understudy knowledge work")


def _fixes(frames: LearningFrames) -> Iterator[Asked]:
    if frames.fixes is None:
        return
    waiting = frames.fixes[frames.fixes["status"] == "open"].sort_values(["rank", "fix_id"], kind="stable")
    for row in _records(waiting.head(FIXES)):
        tickets = row["tickets_per_month"]
        told = "" if pd.isna(tickets) else f"About {count(round(float(tickets)), 'ticket')} a month. "
        urgent = "Urgent. " if not pd.isna(row["is_urgent"]) and bool(row["is_urgent"]) else ""
        yield Asked(
            short(row["title"], 200), f"{urgent}{told}".strip(), f"understudy fix show {short(row['fix_id'], 8)[:8]}",
            "Fixes",
        )  # fmt: skip
    if len(waiting) > FIXES:
        yield Asked(f"{count(len(waiting) - FIXES, 'more fix', 'more fixes')}", "", "understudy fix list", "Fixes")


def _unexplained(frames: LearningFrames, span: Span) -> Iterator[Asked]:
    if frames.support is None:
        return
    support = frames.support
    is_open = ~support["is_explained"].fillna(False).astype(bool) & support["status"].isin(["new", "ongoing"])
    for row in _records(support[is_open & (support["found_at"] <= span.end).fillna(False)].head(2)):
        yield Asked(
            "Does anybody know what is behind this signal?", short(row["sentence"], 300),
            f'understudy insight add "what was seen" --month {span.month} --by NAME --role ROLE', "Fixes",
        )  # fmt: skip


def _effects(effects: pd.DataFrame | None, change_id: str, names: Mapping[str, str]) -> Iterator[str]:
    """Sentences without the change's name before them; those that cannot be judged in one."""
    if effects is None:
        return
    mine = effects[effects["change_id"] == change_id]
    unmeasured = 0
    for row in mine.to_dict("records"):
        if row["verdict"] == "not_measurable":
            unmeasured += 1
            continue
        sentence = short(row["sentence"], 500)
        head, colon, tail = sentence.partition("): ")
        tail = tail if colon and head.startswith(f"change {change_id} (") else sentence
        tail = _QUOTED.sub(lambda found: short(names.get(found[1], found[1].replace("_", " ")), 60), tail)
        yield f"{tail[:1].upper()}{tail[1:].rstrip('.')}."
    if mine.empty:
        yield "Its effect is not measured yet."
    elif unmeasured:
        yield f"{count(unmeasured, 'more effect', 'more effects')} cannot be judged yet: too few tickets."


def _standing(released_at: pd.Timestamp, ended_at: pd.Timestamp, span: Span) -> str:
    if not pd.isna(ended_at):
        return f"ended on {day(ended_at)}"
    if pd.isna(released_at):
        return "in no release yet"
    if released_at >= span.month.end:
        return "released after this month"
    return f"with customers since {day(released_at)}"


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.head(SHOWN).to_dict("records")]
