"""The versions behind a release's id, from its manifest: no model is loaded.

Does not belong here: reading releases (``configure_behavior.releases.saved_release``).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from assets.configure_behavior.releases.saved_release import ReleaseError, is_release_id, read_manifest
from assets.pilot_agent.live.live_decisions import Versions

UNKNOWN = {"release_as_of": None, "encoder_revision": None, "behavior_hash": None}
"""Of a release whose folder is not here any more."""


def release_versions(releases: Path) -> Versions:
    """A function from a release's id to release_as_of, encoder_revision and behavior_hash.

    Args:
        releases: the folder with the releases' folders.
    """

    @cache
    def versions(release_id: str) -> dict[str, Any]:
        if not is_release_id(release_id):
            return UNKNOWN
        try:
            recipe = read_manifest(releases / release_id)["recipe"]
        except ReleaseError:
            return UNKNOWN
        return {
            "release_as_of": pd.Timestamp(recipe["as_of"]),
            "encoder_revision": recipe["encoder"]["revision"],
            "behavior_hash": recipe["behavior"],
        }

    return versions
