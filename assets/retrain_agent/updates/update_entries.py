"""Which entries a micro-update's release holds.

Belongs here: the choice among entry versions. Does not belong here: which changes are taken up (``waiting_changes``).

A support lead who accepts a fix expects the answers of last week with that fix in them, and nothing else that nobody
replayed. So the entries are the current release's, with those of the week's changes in their place, and of the rest:

- an entry that is no longer live leaves, since it must not answer any more;
- an entry of the current release that somebody changed and accepted without a fix comes in its new version, since the old
  one is no longer live;
- a new entry that was accepted without a fix waits for the next full build, so that an urgent fix does not wait for it;
- an entry whose live version came with a change that was rolled back stays out in either version.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.retrain_agent.changes.changes import ENDED
from assets.retrain_agent.updates.waiting_changes import Version, versions_of


@dataclass(frozen=True)
class UpdateEntries:
    """versions: content hash by entry id. beside: entries that came or left without a change of the week, whose tickets
    are therefore decided otherwise. notes: what to tell about them."""

    versions: dict[str, str]
    beside: frozenset[str]
    notes: tuple[str, ...]


def update_entries(
    current: Collection[Version],
    live: pd.DataFrame,
    taken: pd.DataFrame,
    changes: pd.DataFrame,
    week_end: pd.Timestamp,
) -> UpdateEntries:
    """Choose the entry versions of the release.

    Args:
        current: those of the current release.
        live: ``live_entries``: entry_id, content_hash, accepted_at.
        taken: the changes taken up, whose versions are live. changes: all of them.
        week_end: what was accepted from then on is not read: the current release's version stays.
    """
    now = dict(zip(live["entry_id"], live["content_hash"], strict=True))
    accepted_at = dict(zip(live["entry_id"], live["accepted_at"], strict=True))
    ours = {name: content for row in taken.to_dict("records") for name, content in versions_of(_named(row))}
    taken_back = _taken_back(changes)
    versions, left, changed = dict(ours), [], []
    for name, content in sorted(current):
        if name in ours:
            continue
        if now.get(name) == content or (name in now and _is_later(accepted_at[name], week_end)):
            versions[name] = content
        elif name not in now or (name, now[name]) in taken_back:
            left.append(name)
        else:
            versions[name] = now[name]
            changed.append(name)
    others = sorted(now.keys() - versions.keys() - set(left))
    back = [name for name in left if name in now]
    notes = [
        *_note(sorted(set(left) - set(back)), "is no longer live and leaves", "are no longer live and leave"),
        *_note(back, "stays out: its live version was rolled back", "stay out: their live versions were rolled back"),
        *_note(changed, "comes in the version accepted without a fix", "come in the versions accepted without a fix"),
        *_note(others, "is new without a fix and waits for the next full build", "are new without a fix and wait for the next full build"),
    ]  # fmt: skip
    return UpdateEntries(versions, frozenset(left) | frozenset(changed), tuple(notes))


def _taken_back(changes: pd.DataFrame) -> set[Version]:
    """Versions that came with a change that ended, and with no other that stands."""
    is_ended = changes["status"] == ENDED
    ended, standing = (
        {one for row in changes[which].to_dict("records") for one in versions_of(_named(row))}
        for which in (is_ended, ~is_ended)
    )
    return ended - standing


def _named(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}


def _is_later(at: object, week_end: pd.Timestamp) -> bool:
    return isinstance(at, pd.Timestamp) and not pd.isna(at) and at >= week_end


def _note(names: list[str], one: str, many: str) -> list[str]:
    if not names:
        return []
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return [f"{'entry' if len(names) == 1 else 'entries'} {shown} {one if len(names) == 1 else many}"]
