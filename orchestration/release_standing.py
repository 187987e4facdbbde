"""How the releases of a desk stand: which lie in its home, and whether they are what was built.

Belongs here: the frame ``agent_release`` and verifying many. Does not belong here: signing, making one current
(``releases``), building (``release_building``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assets.configure_behavior.releases.build_release import release_frame_row
from assets.configure_behavior.releases.saved_release import artefact_problems, find_release, release_folders
from assets.configure_behavior.releases.verify import verify_release
from desk.loading import Desk
from ledger.releases import current_release
from orchestration.release_building import BuildReport
from orchestration.releases import releases_folder
from orchestration.resources import DeskResource

if TYPE_CHECKING:
    import pandas as pd

    from assets.audit_tickets.vectors.encoder import Encoder


def releases_frame(desk: Desk, report: BuildReport, previous: pd.DataFrame | None) -> pd.DataFrame:
    """``agent_release`` [release]: the one just built last, those built before it that still lie in the home.

    ``is_signed`` and ``problems`` are as they were when a release was built.
    """
    import pandas as pd

    there = {folder.name for folder in release_folders(releases_folder(desk))}
    built = report.built
    state = DeskResource(folder=str(desk.folder)).signatures("release", built.release_id)
    row = release_frame_row(built, report.problems, state.is_complete)
    rows: list[Any] = [] if previous is None else previous.to_dict("records")
    kept = [one for one in rows if one["folder"] in there and one["release_id"] != built.release_id]
    return pd.DataFrame([*kept, row])[list(row)]


def verify_releases(desk: Desk, release_ids: list[str], encoder: Encoder) -> dict[str, list[str]]:
    """Problems by release id: of the newest (the last given) and the current one all that can be verified, of the
    others the hashes of their files."""
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        current = current_release(ledger)
    whole = {*release_ids[-1:], *([current.release_id] if current else [])}
    folder = releases_folder(desk)
    found = {}
    for release_id in dict.fromkeys([*release_ids, *whole]):
        place = find_release(folder, release_id)
        found[release_id] = (
            list(verify_release(place, encoder).problems) if release_id in whole else artefact_problems(place)
        )
    return found
