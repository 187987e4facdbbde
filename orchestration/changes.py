"""The changes of a desk as ledger and releases say this moment.

Belongs here: reading what accepted fixes and releases hold. Does not belong here: what becomes of a change
(``assets.retrain_agent.changes``), accepting a fix (``people.fix_desk``).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from assets.configure_behavior.releases.saved_release import ReleaseError, read_manifest
from assets.retrain_agent.changes.changes import ReleaseContent, changes
from ledger.fixes import fix_decisions
from ledger.releases import activations
from orchestration.people.knowledge_desk import ledger_of
from orchestration.releases import releases_folder

if TYPE_CHECKING:
    import pandas as pd

    from desk.loading import Desk


def changes_now(desk: Desk, as_of: pd.Timestamp | None = None) -> pd.DataFrame:
    """``frames.CHANGE`` of all accepted fixes; of releases only manifests and specs are read, and no model.

    Args:
        as_of: what was recorded for a later moment is not read; None: everything is.
    """
    with ledger_of(desk) as ledger:
        decisions, steps = fix_decisions(ledger), activations(ledger)
    names = {one.release_id for one in steps} if len(decisions) else set()
    found = {name: _content(releases_folder(desk) / name) for name in names}
    return changes(decisions, steps, {name: one for name, one in found.items() if one is not None}, as_of)


def _content(folder: Path) -> ReleaseContent | None:
    """What a release holds; None where its folder is gone or damaged, which verifying releases reports."""
    try:
        recipe = read_manifest(folder)["recipe"]
        behavior = json.loads((folder / "behavior.json").read_text(encoding="utf-8"))
        return ReleaseContent(
            entries=frozenset((str(one["entry_id"]), str(one["content_hash"])) for one in recipe["entries"]),
            behavior_hash=str(recipe["behavior"]),
            behavior=behavior,
            corrections=frozenset(recipe["data"].get("corrections", [])),
        )
    except (ReleaseError, OSError, ValueError, KeyError):
        return None
