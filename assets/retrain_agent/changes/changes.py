"""What became of every accepted fix: whether a release took it to customers, and whether it is still there.

Belongs here: the frame ``changes``, from decisions, activations and what releases hold. Does not belong here: reading ledger
and folders (``orchestration.changes``), which changes wait for a release (``updates``), what a change did (``effects``).

A change is there while the current release holds all that was accepted: each entry in exactly the accepted version, the
triggers and settings it wrote, or, where it only corrected labels, a category model that learnt them. So it ends with a
rollback to a release without it, and with a later change that takes its place; it is there again once such a release is
current again. Which of two things came first is read from the ledger's order, not from clocks: those go back at times.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from pydantic import ValidationError

from assets.pilot_agent.answers.frames import as_list, frame_of
from assets.retrain_agent.fixes.proposal import Proposal
from assets.retrain_agent.frames import CHANGE
from desk.behavior import Trigger
from ledger.releases import Activation

ACCEPTED, RELEASED, ENDED = "accepted", "released", "ended"


@dataclass(frozen=True)
class ReleaseContent:
    """What a release holds, as far as changes are told by it. entries: (entry id, content hash); behavior: as
    ``desk.behavior.behavior_content`` gives it; corrections: ids of the changes whose labels its category model learnt."""

    entries: frozenset[tuple[str, str]]
    behavior_hash: str
    behavior: Mapping[str, Any]
    corrections: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Stretch:
    """A time in which the current release held a change. release_id: the first one of it; until: None while it lasts."""

    release_id: str
    since: dt.datetime
    until: dt.datetime | None


@dataclass(frozen=True)
class _Accepted:
    change_id: str
    entries: frozenset[tuple[str, str]]
    behavior_hash: str | None
    triggers: tuple[dict[str, Any], ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    has_labels: bool = False


def changes(
    decisions: pd.DataFrame,
    activations: Sequence[Activation],
    contents: Mapping[str, ReleaseContent],
    as_of: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """``frames.CHANGE``, one row an accepted fix, in the order of acceptance.

    release_id and released_at are of the time in which the change is there now, or was last: of a change that was rolled back
    and came again, the day it came again, so that what is measured from it is measured on customers who had it.

    Args:
        decisions: ``ledger.fixes.fix_decisions``.
        activations: ``ledger.releases.activations``.
        contents: by release id; of a release that is not among them nobody knows what it holds, and what was so before it
            counts as going on.
        as_of: what was recorded for a later moment is not read; None: everything is.
    """
    rows = []
    for row in decisions.to_dict("records"):
        if row["status"] != ACCEPTED or (as_of is not None and row["decided_at"] > as_of):
            continue
        stretches = list(_stretches(row, activations, contents, as_of))
        last = stretches[-1] if stretches else None
        rows.append(
            {
                **{name: row.get(name) for name in CHANGE},
                "accepted_by": row["decided_by"],
                "accepted_at": row["decided_at"],
                "release_id": last and last.release_id,
                "released_at": last and last.since,
                "ended_at": last and last.until,
                "status": ACCEPTED if last is None else RELEASED if last.until is None else ENDED,
            }
        )
    return frame_of(sorted(rows, key=lambda one: int(str(one["change_id"]).removeprefix("C-"))), CHANGE)


def _stretches(
    row: Mapping[Any, Any],
    activations: Sequence[Activation],
    contents: Mapping[str, ReleaseContent],
    as_of: pd.Timestamp | None,
) -> Iterator[Stretch]:
    accepted, now = _read(row), pd.Timestamp(row["decided_at"]).to_pydatetime()
    begun: Stretch | None = None
    in_order = sorted(activations, key=lambda one: one.sequence)
    before = [one for one in in_order if one.sequence < row["sequence"]]
    for one in [*before[-1:], *in_order[len(before) :]]:
        if as_of is not None and one.occurred_at > as_of:
            continue
        if (content := contents.get(one.release_id)) is None:
            continue
        now = max(now, one.occurred_at)
        if _holds(content, accepted):
            begun = begun or Stretch(one.release_id, now, None)
        elif begun is not None:
            yield Stretch(begun.release_id, begun.since, now)
            begun = None
    if begun is not None:
        yield begun


def _holds(content: ReleaseContent, accepted: _Accepted) -> bool:
    if accepted.entries or accepted.behavior_hash:
        return accepted.entries <= content.entries and _has_behavior(content, accepted)
    return accepted.has_labels and accepted.change_id in content.corrections


def _has_behavior(content: ReleaseContent, accepted: _Accepted) -> bool:
    """Whether a spec says what a change wrote into it; other changes of the spec, before or after, do not matter."""
    if accepted.behavior_hash in (None, content.behavior_hash):
        return True
    if not (accepted.triggers or accepted.settings):
        return False  # what it wrote was erased: only the very same spec is sure to hold it
    triggers = {one["id"]: one for one in content.behavior.get("triggers", [])}
    return all(triggers.get(one["id"]) == one for one in accepted.triggers) and all(
        _at(content.behavior, path) == value for path, value in accepted.settings.items()
    )


def _at(behavior: Mapping[str, Any], path: str) -> Any:
    place: Any = behavior
    for part in path.split("."):
        place = place.get(part) if isinstance(place, Mapping) else None
    return place


def _read(row: Mapping[Any, Any]) -> _Accepted:
    versions = zip(as_list(row["entry_ids"]), as_list(row["entry_hashes"]), strict=True)
    behavior_hash = row["behavior_hash"] if isinstance(row["behavior_hash"], str) else None
    try:
        proposal = Proposal.from_json(row["proposal"])
        triggers = tuple(Trigger.model_validate(one).model_dump(mode="json") for one in proposal.triggers)
        settings = proposal.settings
    except (ValueError, TypeError, KeyError, ValidationError):
        triggers, settings = (), {}
    return _Accepted(
        change_id=str(row["change_id"]),
        entries=frozenset((str(name), str(content_hash)) for name, content_hash in versions),
        behavior_hash=behavior_hash,
        triggers=triggers,
        settings=settings,
        has_labels=bool(as_list(row["labelled_ticket_ids"])),
    )
