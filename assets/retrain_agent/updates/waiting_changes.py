"""Which accepted changes a weekly micro-update takes up, and what keeps the others waiting.

Belongs here: the choice among ``changes``. Does not belong here: what the release then holds (``update_entries``).

Knowledge is taken up as it was accepted. A change of behavior must be signed first, like any spec; labels teach the
category model and wait for the month, and so does a category that the current release does not know. What was rolled back
does not come back by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import as_list, typed
from assets.retrain_agent.changes.changes import ENDED, RELEASED
from assets.retrain_agent.frames import CHANGE

Version = tuple[str, str]
"""An entry's id and its content hash."""


@dataclass(frozen=True)
class Incumbent:
    """What the choice needs to know of the current release."""

    entries: Collection[Version]
    categories: Collection[str]
    behavior_hash: str


@dataclass(frozen=True)
class Waiting:
    """taken: ``frames.CHANGE`` of those to take up, in the order of acceptance. behavior_hash: the spec to take up with
    them, None: the current release's. notes: a sentence for every change that goes on waiting, also for a later week."""

    taken: pd.DataFrame
    behavior_hash: str | None
    notes: tuple[str, ...]


def waiting_changes(
    changes: pd.DataFrame,
    incumbent: Incumbent,
    live: Mapping[str, str],
    categories: Mapping[str, str],
    signed: Collection[str],
    week_end: pd.Timestamp,
) -> Waiting:
    """Choose among the changes that were accepted before the week's end and that the current release lacks.

    Args:
        changes: ``frames.CHANGE``, in the order of acceptance, as they are published.
        incumbent: the current release.
        live: content hash by entry id, of ``live_entries``. categories: category by entry id, of the same.
        signed: hashes of the specs that were signed in full before the week's end.
    """
    # Clocks go back at times, so that the order is the one of the changes, never the one of their times.
    standing: list[dict[str, Any]] = [
        {str(k): v for k, v in row.items()} for row in changes[changes["status"] != ENDED].to_dict("records")
    ]
    unheld = [row for row in standing if not _is_held(row, incumbent)]
    open_ = [row for row in unheld if row["accepted_at"] < week_end]
    # Each change is written into the spec that holds those before it, so that the last signed one holds them all.
    specs = [str(row["behavior_hash"]) for row in open_ if _asks_for_spec(row, incumbent)]
    last_signed = max((place for place, name in enumerate(specs) if name in signed), default=-1)
    taken, notes, seen = [], [], 0
    for row in open_:
        is_spec_signed = True
        if _asks_for_spec(row, incumbent):
            is_spec_signed, seen = seen <= last_signed, seen + 1
        problem = _problem(row, is_spec_signed, incumbent, live, categories)
        if problem is None:
            taken.append(str(row["change_id"]))
        else:
            notes.append(f"{row['change_id']} waits: {problem}")
        if problem is None and as_list(row["labelled_ticket_ids"]):
            notes.append(f"the labels of {row['change_id']} wait for the month, when categories are learnt anew")
    notes += [
        f"{row['change_id']} was accepted on {row['accepted_at']:%Y-%m-%d}, after this week, and waits for its own"
        for row in unheld
        if row["accepted_at"] >= week_end
    ]
    chosen = typed(changes[changes["change_id"].isin(taken)], CHANGE)
    with_spec = [row for row in open_ if row["change_id"] in taken and _asks_for_spec(row, incumbent)]
    return Waiting(chosen, specs[last_signed] if with_spec else None, tuple(notes))


def versions_of(change: Mapping[str, Any]) -> list[Version]:
    """The entry versions that were accepted with a change."""
    return [
        (str(a), str(b)) for a, b in zip(as_list(change["entry_ids"]), as_list(change["entry_hashes"]), strict=True)
    ]


def _is_held(row: Mapping[str, Any], incumbent: Incumbent) -> bool:
    """Whether the current release holds all of a change that a release can hold."""
    versions, spec = versions_of(row), row["behavior_hash"]
    if not versions and not isinstance(spec, str):
        return bool(row["status"] == RELEASED)  # labels: whether its category model learnt them
    return all(one in incumbent.entries for one in versions) and not _asks_for_spec(row, incumbent)


def _asks_for_spec(row: Mapping[str, Any], incumbent: Incumbent) -> bool:
    """Whether a change was written into a spec that the current release does not have.

    A change that was released stays so with whatever spec came after it.
    """
    spec = row["behavior_hash"]
    return isinstance(spec, str) and bool(spec) and spec != incumbent.behavior_hash and row["status"] != RELEASED


def _problem(
    row: Mapping[str, Any],
    is_spec_signed: bool,
    incumbent: Incumbent,
    live: Mapping[str, str],
    categories: Mapping[str, str],
) -> str | None:
    """Why a change goes on waiting; None: it is taken up."""
    versions = versions_of(row)
    if not versions and not _asks_for_spec(row, incumbent):
        if as_list(row["labelled_ticket_ids"]):
            return "its labels are learnt from with the month's retraining"
        return "there is nothing in it that a release could hold"
    for name, content in versions:
        if live.get(name) != content:
            now = "is not live" if name not in live else "was changed since it was accepted"
            return f"its entry {name} {now}"
        if categories[name] not in incumbent.categories:
            return f"its category {categories[name]} is not in the current release; the month's retraining brings it"
    return (
        None if is_spec_signed else "the behavior spec it was written into is not signed: understudy sign-off behavior"
    )
