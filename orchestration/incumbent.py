"""The release that a candidate has to beat, and from when on holdout tickets may still judge.

Belongs here: reading that off activations and the releases' folders, and whether a comparison still holds. Does not belong here: comparing
(``assets.retrain_agent.candidate``), building the candidate (``candidates``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from assets.configure_behavior.releases.release_files import load_release
from assets.configure_behavior.releases.saved_release import ReleaseError, find_release, read_release
from assets.retrain_agent.candidate.promotion import NOT_BUILT
from orchestration.releases import releases_folder
from orchestration.resources import DeskResource

if TYPE_CHECKING:
    from assets.audit_tickets.vectors.encoder import Encoder
    from assets.configure_behavior.releases.agent_release import AgentRelease
    from ledger.releases import Activation
    from orchestration.lake import Lake


@dataclass(frozen=True)
class Incumbent:
    """What a candidate has to beat; holdout_from: the data cut of the last release that was promoted on holdout tickets."""

    release: AgentRelease | None
    recipe: dict[str, Any] | None
    holdout_from: pd.Timestamp | None


def incumbent_of(desk: DeskResource, encoder: Encoder, made: Sequence[Activation]) -> Incumbent:
    """The current release, and the newest data cut of any that was promoted. One that was rolled back used its holdout
    tickets up all the same; a weekly update is not judged on them and uses none."""
    if not made:
        return Incumbent(None, None, None)
    folder = releases_folder(desk.desk)
    updates = desk.lake.previous("micro_updates")
    weekly = set() if updates is None else set(updates["release_id"].dropna())
    cuts = []
    for release_id in dict.fromkeys(one.release_id for one in made):
        if release_id in weekly:
            continue
        try:
            cuts.append(pd.Timestamp(str(read_release(find_release(folder, release_id)).recipe["as_of"])))
        except ReleaseError:
            if release_id == made[-1].release_id:
                raise
    place = find_release(folder, made[-1].release_id)
    return Incumbent(load_release(place, encoder), read_release(place).recipe, max(cuts) if cuts else None)


def is_outdated(candidate: pd.Series, current_id: str | None) -> str:
    """Why a month's verdict says nothing any more, in words; empty where it still does.

    Args:
        candidate: a row of ``frames.CANDIDATE``. current_id: the release that is current now.
    """
    compared = candidate["incumbent_id"]
    if candidate["verdict"] == NOT_BUILT or (isinstance(compared, str) and compared == current_id):
        return ""
    if (pd.isna(compared) and current_id is None) or candidate["release_id"] == current_id:
        return ""
    with_what = compared[:12] if isinstance(compared, str) else "no release"
    now = "none is current" if current_id is None else f"{current_id[:12]} is current"
    return f"it was compared with {with_what}, and now {now}; build the month's candidate again: understudy run monthly"


def outdated_comparison(lake: Lake, release_id: str, current_id: str | None) -> list[str]:
    """A sentence where a release is a month's candidate and was compared with another than the current one; else none."""
    months = lake.previous("candidate_release")
    if months is None:
        return []
    mine = months[months["release_id"] == release_id].sort_values("month")
    outdated = is_outdated(mine.iloc[-1], current_id) if len(mine) else ""
    return [f"candidate_release: {outdated}"] if outdated else []
