"""Releases of a desk: approved by what stands in its ledger, made current, taken back.

Belongs here: gathering approvals, and the order of steps of signing, activating and rolling back. Does not belong here:
building (``release_building``), what a release is (``assets.configure_behavior.releases``), how an activation is kept
(``ledger.releases``), printing (``cli.releases``).

Which blocking checks were red when a release was built stands beside its folder, in ``<release id>.status.json``: it is
a fact about the building, not about the release, so that it is in no hash and the next building may correct it. It is
written before the folder is in place: a folder without it is not activated.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.configure_behavior.releases.regression_set import Decide
from assets.configure_behavior.releases.release_problems import Approvals, release_problems
from assets.configure_behavior.releases.saved_release import (
    ReleaseError,
    SavedRelease,
    artefact_problems,
    find_release,
    read_release,
    release_folders,
)
from assets.configure_behavior.releases.verify import verify_release
from desk.loading import Desk
from ledger import releases as recorded
from ledger.events import display_name
from ledger.knowledge import accepted_entries
from ledger.sign_offs import SignOffState, sign_off_state
from ledger.signable import require_known_role
from ledger.store import Ledger
from orchestration.lake import Lake, NotMaterialised
from orchestration.resources import DeskResource

if TYPE_CHECKING:
    from assets.audit_tickets.vectors.encoder import Encoder


class ReleaseRefused(ReleaseError):
    """A release must not be built signed, or not be made current; ``problems`` say why, one a line in ``str()``."""

    def __init__(self, what: str, problems: Sequence[str]) -> None:
        super().__init__("\n".join([f"{what}:", *(f"  - {one}" for one in problems)]))
        self.problems = list(problems)


class CurrentChanged(ReleaseError):
    """Another release is current than the person was shown; nothing was changed."""


def releases_folder(desk: Desk) -> Path:
    """Where the releases of a desk lie."""
    return desk.home / "releases"


def approvals_of(desk: Desk, recipe: Mapping[str, Any], release_id: str, ledger: Ledger) -> Approvals:
    """What people signed of a release, as the ledger stands."""
    roles = desk.settings.signers
    accepted = accepted_entries(ledger)

    def state(kind: str, digest: str) -> SignOffState:
        return sign_off_state(ledger, kind, digest, roles.get(kind, []))  # type: ignore[call-overload]

    return Approvals(
        roadmap=state("roadmap", recipe["roadmap"]),
        behavior=state("behavior", recipe["behavior"]),
        accepted=set(zip(accepted["entry_id"], accepted["content_hash"], strict=True)),
        roles={str(kind): list(names) for kind, names in roles.items()},
        release=state("release", release_id),
    )


def activation_problems(
    desk: Desk, saved: SavedRelease, ledger: Ledger, *, must_be_live: bool = True, verification: Iterable[str] = ()
) -> list[str]:
    """Everything that forbids making a release current, in words.

    Args:
        must_be_live: whether it has to be as good as was shown today: no entry left, and a month's candidate was compared
            with the release that is current. Going back to an older release may be the lesser evil.
        verification: what verifying its folder found.
    """
    from orchestration.incumbent import outdated_comparison

    red, unknown = _red_checks(saved)
    approvals = approvals_of(desk, saved.recipe, saved.release_id, ledger)
    live = live_versions(desk) if must_be_live else None
    current = recorded.current_release(ledger)
    current_id = None if current is None else current.release_id
    return [
        *release_problems(saved.recipe, approvals, red, live, verification),
        *unknown,
        *(outdated_comparison(Lake(desk.home), saved.release_id, current_id) if must_be_live else ()),
        *recorded.artefact_differences(
            ledger, saved.release_id, saved.artefacts_digest, desk.settings.signers.get("release", [])
        ),
    ]


def live_versions(desk: Desk) -> set[tuple[str, str]] | None:
    """The entry versions that are live now; None where nothing was ever audited."""
    try:
        live = Lake(desk.home).read("live_entries", ["entry_id", "content_hash"])
    except NotMaterialised:
        return None
    return set(zip(live["entry_id"], live["content_hash"], strict=True))


def sign_release(
    desk: Desk, release: str, by: str, role: str, note: str = "", *, shown_files: str | None = None
) -> list[str]:
    """Sign a release; returns what to tell the person.

    Args:
        shown_files: the digest of the files that the person was shown; other ones are not signed.

    Raises:
        ReleaseError: there is no such release, its files were changed, or others were shown.
        LedgerError: the role may not sign, or the name is empty.
    """
    saved = read_release(folder_of(desk, release))
    if problems := artefact_problems(saved.folder):
        raise ReleaseRefused(f"release {saved.release_id[:12]} is not what was built, so nobody may sign it", problems)
    if shown_files is not None and shown_files != saved.artefacts_digest:
        raise ReleaseError(
            f"the files of release {saved.release_id[:12]} have changed since they were shown. Look at it again, then sign."
        )
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        roles = desk.settings.signers["release"]
        recorded.sign_release(
            ledger,
            saved.recipe,
            saved.release_id,
            saved.artefacts_digest,
            by=by,
            role=role,
            occurred_at=dt.datetime.now(dt.UTC),
            known_roles=roles,
            note=note or None,
        )
        state = sign_off_state(ledger, "release", saved.release_id, roles)
    said = [f"{by} signed release {saved.release_id[:12]} as {role} ({len(saved.entries)} entries)."]
    return [*said, f"Still to sign: {', '.join(state.missing_roles)}." if state.missing_roles else "Fully signed."]


def activate(
    desk: Desk,
    release: str,
    encoder: Encoder,
    by: str,
    role: str,
    note: str = "",
    decide: Decide | None = None,
    *,
    instead_of: str | None = None,
) -> list[str]:
    """Make a release current; returns what to tell the person.

    Args:
        instead_of: id of the release that was current when the person decided, empty where none was; None: whichever is.

    Raises:
        CurrentChanged: another one is current by now.
        ReleaseRefused: a signature is missing, a check was red, an entry left, or the folder does not verify.
        ReleaseError: there is no such release.
        LedgerError: the role may not activate, or the name is empty.
    """
    _require_signer(desk, by, role)
    saved = read_release(folder_of(desk, release))
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        current = recorded.current_release(ledger)
        if current is not None and current.release_id == saved.release_id:
            raise ReleaseError(f"release {saved.release_id[:12]} is current already")
        _require_current(ledger, instead_of)
        found = verify_release(saved.folder, encoder, decide)
        problems = activation_problems(desk, saved, ledger, verification=found.problems)
        if problems:
            raise ReleaseRefused(f"release {saved.release_id[:12]} cannot be activated", problems)
        _require_current(ledger, instead_of)
        _record(desk, ledger, saved, by, role, note, is_rollback=False)
    before = f" It replaces {current.release_id[:12]}." if current else ""
    notes = [f"note: {one}" for one in found.notes]
    return [f"Release {saved.release_id[:12]} is current: {len(saved.entries)} entries.{before}", *notes]


def roll_back(
    desk: Desk,
    encoder: Encoder,
    by: str,
    role: str,
    note: str = "",
    decide: Decide | None = None,
    *,
    instead_of: str | None = None,
) -> list[str]:
    """Make the last valid release before the current one current again, in one step; returns what to tell.

    An entry that is no longer live does not hold this back, and is said.

    Args:
        instead_of: as ``activate``; two people who go back from the same release go back one step, not two.

    Raises:
        CurrentChanged: another one is current by now.
        ReleaseRefused: none of the earlier releases is valid.
        ReleaseError: there is none to go back to.
        LedgerError: the role may not, or the name is empty.
    """
    _require_signer(desk, by, role)
    said: list[str] = []
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        current, before = recorded.current_release(ledger), recorded.releases_before(ledger)
        if current is None or not before:
            raise ReleaseError("there is no release before the current one to go back to")
        _require_current(ledger, instead_of)
        refused: list[str] = []
        for release_id in before:
            try:
                saved = read_release(find_release(releases_folder(desk), release_id))
                found = verify_release(saved.folder, encoder, decide)
                problems = activation_problems(desk, saved, ledger, must_be_live=False, verification=found.problems)
            except ReleaseError as error:
                problems = [str(error)]
            if problems:
                refused.append(f"{release_id[:12]}: {problems[0]}")
                continue
            _require_current(ledger, instead_of)
            _record(desk, ledger, saved, by, role, note, is_rollback=True)
            said = [f"Release {release_id[:12]} is current again, instead of {current.release_id[:12]}."]
            said += [f"skipped {one}" for one in refused]
            live = live_versions(desk)
            gone = [
                one for one, row in saved.entries.items() if live is not None and (one, row["content_hash"]) not in live
            ]
            if gone:
                said.append(f"note: {len(gone)} of its entries are no longer live: {', '.join(sorted(gone)[:5])}")
            return said
    raise ReleaseRefused("no earlier release is valid", refused)


def folder_of(desk: Desk, release: str) -> Path:
    """The folder of a release named by the first digits of its id, or by ``current`` or ``latest`` (the last built that no
    comparison with the current one keeps back).

    Raises:
        ReleaseError: there is none, or several begin so.
    """
    releases = releases_folder(desk)
    if release == "current":
        with DeskResource(folder=str(desk.folder)).ledger as ledger:
            current = recorded.current_release(ledger)
        if current is None:
            raise ReleaseError("no release is current yet. Make one so: understudy release activate")
        return find_release(releases, current.release_id)
    if release == "latest":
        built = [one for one in release_folders(releases) if _is_ready(releases, one.name)]
        if not built:
            raise ReleaseError("no release was built yet. Run: understudy release build")
        return max(built, key=lambda one: status_file(releases, one.name).stat().st_mtime_ns)
    return find_release(releases, release)


def _record(
    desk: Desk, ledger: Ledger, saved: SavedRelease, by: str, role: str, note: str, *, is_rollback: bool
) -> None:
    recorded.record_activation(
        ledger,
        saved.release_id,
        by=by,
        role=role,
        occurred_at=dt.datetime.now(dt.UTC),
        known_roles=desk.settings.signers["release"],
        artefacts_digest=saved.artefacts_digest,
        note=note or None,
        is_rollback=is_rollback,
    )


def _require_current(ledger: Ledger, instead_of: str | None) -> None:
    current = recorded.current_release(ledger)
    now = current.release_id if current else ""
    if instead_of is not None and now != instead_of:
        which = f"release {now[:12]} is current now" if now else "no release is current now"
        raise CurrentChanged(f"Somebody was faster: {which}, so nothing was changed. Look at it, then decide again.")


def _require_signer(desk: Desk, by: str, role: str) -> None:
    """Refuse before minutes of verifying what would be refused after them."""
    require_known_role(role, desk.settings.signers["release"], signs="releases")
    display_name(by)


def _is_ready(releases: Path, release_id: str) -> bool:
    """Whether a release was built to its end, and no replay holds it back."""
    try:
        status = json.loads(status_file(releases, release_id).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return False
    except ValueError:
        return True  # a damaged status is said where the release is to be activated
    return not status.get("held")


def status_file(releases: Path, release_id: str) -> Path:
    """What stands beside a release's folder about its building."""
    return releases / f"{release_id}.status.json"


def _red_checks(saved: SavedRelease) -> tuple[list[str], list[str]]:
    """The checks that were red when it was built, and a sentence where that is not known."""
    file = status_file(saved.folder.parent, saved.release_id)
    try:
        status = json.loads(file.read_text(encoding="utf-8"))
        return [str(name) for name in status["red_checks"]], []
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return [], ["it is not known which checks were red when it was built; build it again"]
