"""The four things people sign, as they stand this moment: what would be signed, its hash, and who signed.

Belongs here: gathering, and what keeps something from being signed. Does not belong here: words about who is next
(``standing``), drawing, recording a signature (``signing``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from desk.loading import BEHAVIOR_FILE, PILOT_FILE, Desk, DeskError, load_behavior, load_pilot
from ledger.sign_offs import SignOffState, last_signed, sign_off_state
from ledger.store import Ledger

if TYPE_CHECKING:
    from assets.configure_behavior.releases.saved_release import SavedRelease
    from desk.behavior import BehaviorFile
    from desk.pilot import PilotFile

Kind = Literal["roadmap", "behavior", "pilot", "release"]
KINDS: tuple[Kind, ...] = ("roadmap", "behavior", "pilot", "release")
TITLES = {"roadmap": "Roadmap", "behavior": "Behavior", "pilot": "Pilot plan", "release": "Release"}
ABOUT = {
    "roadmap": "What may be answered alone, what is drafted for a person, and what always goes to a person.",
    "behavior": "How the agent speaks, when it steps aside, and how sure it must be.",
    "pilot": "What is measured during the pilot, against what, and for how long.",
    "release": "Everything that decides an answer, frozen: entries, thresholds, behavior and models.",
}
SHOWN_DIGITS = 12
"""Digits of a hash that a person compares."""


@dataclass(frozen=True)
class Subject:
    """One thing to be signed.

    ``digest`` and ``state`` are None where there is nothing: ``nothing`` then says why and what to do. ``problems`` are
    what must be corrected before anybody may sign. ``before`` is what it is compared with, ``changes`` the sentences.
    ``files`` is the digest of a release's files. ``content``: decisions, ``BehaviorFile``, ``PilotFile`` or
    ``SavedRelease``.
    """

    kind: Kind
    roles: tuple[str, ...]
    digest: str | None = None
    state: SignOffState | None = None
    content: Any = None
    nothing: str = ""
    problems: tuple[str, ...] = ()
    before: str | None = None
    was_signed: bool = False
    changes: tuple[str, ...] = ()
    files: str | None = None

    @property
    def short(self) -> str:
        """The first digits of the hash, as they are shown and repeated."""
        return (self.digest or "")[:SHOWN_DIGITS]

    @property
    def is_signed(self) -> bool:
        """Whether everybody who must has signed this very content."""
        return self.state is not None and self.state.is_complete and bool(self.state.signatures)


def read_subject(desk: Desk, ledger: Ledger, kind: Kind) -> Subject:
    """What would be signed now; a mistake in its file is said in ``nothing``."""
    readers: dict[Kind, Callable[[Desk, Ledger], Subject]] = {
        "roadmap": _roadmap,
        "behavior": _behavior,
        "pilot": _pilot,
        "release": _newest_release,
    }
    try:
        return readers[kind](desk, ledger)
    except DeskError as error:
        return Subject(
            kind, _roles(desk, kind), nothing=f"The file has a mistake, so there is nothing to sign: {error}"
        )


def read_subjects(desk: Desk, ledger: Ledger) -> list[Subject]:
    """All four, in the order in which a desk comes to them."""
    return [read_subject(desk, ledger, kind) for kind in KINDS]


def release_subject(desk: Desk, ledger: Ledger, name: str) -> Subject:
    """One release, named by its id or the first digits of it.

    Raises:
        ReleaseError: there is no such release, or it cannot be read.
    """
    from assets.configure_behavior.releases.diff import diff_releases
    from assets.configure_behavior.releases.saved_release import ReleaseError, find_release, read_release
    from ledger.releases import current_release
    from orchestration.releases import folder_of, releases_folder

    saved = read_release(folder_of(desk, name))
    roles = _roles(desk, "release")
    state = sign_off_state(ledger, "release", saved.release_id, roles)
    current = current_release(ledger)
    before: str | None = None
    changes: tuple[str, ...] = ()
    if current is not None and current.release_id != saved.release_id:
        before = current.release_id
        try:
            changes = tuple(diff_releases(read_release(find_release(releases_folder(desk), before)), saved))
        except ReleaseError as error:
            changes = (f"The current release cannot be compared with: {error}",)
    return Subject(
        "release", roles, saved.release_id, state, saved, before=before, changes=changes, files=saved.artefacts_digest
    )


def _newest_release(desk: Desk, ledger: Ledger) -> Subject:
    from assets.configure_behavior.releases.saved_release import ReleaseError

    try:
        return release_subject(desk, ledger, "latest")
    except ReleaseError as error:
        no_release = "no release was built yet" in str(error)
        nothing = "No release was built yet. Build one under “Build the next release”." if no_release else str(error)
        return Subject("release", _roles(desk, "release"), nothing=nothing)


def _roadmap(desk: Desk, ledger: Ledger) -> Subject:
    from ledger.decisions import decision_digest, decisions_from_content, diff_decisions
    from orchestration.people.sign_offs import roadmap_decisions

    roles, decisions = _roles(desk, "roadmap"), roadmap_decisions(desk)
    if not decisions:
        nothing = (
            "No category has a decision yet. Take over what the roadmap proposes, or write bucket and tier into "
            "categories.yaml."
        )
        return Subject("roadmap", roles, nothing=nothing)
    digest = decision_digest(decisions)
    return _compared(
        ledger, "roadmap", roles, digest, decisions, (),
        lambda signed: diff_decisions(decisions_from_content(signed), decisions),
    )  # fmt: skip


def _behavior(desk: Desk, ledger: Ledger) -> Subject:
    from assets.configure_behavior.behavior.diff_behavior import diff_behavior
    from desk.behavior import behavior_hash
    from orchestration.people.behavior_desk import problems_of

    roles, behavior = _roles(desk, "behavior"), unchanged_behavior(desk)
    if behavior is None:
        return Subject(
            "behavior", roles, nothing="The desk has no behavior.yaml. Start one with: understudy behavior init"
        )
    return _compared(
        ledger, "behavior", roles, behavior_hash(behavior), behavior, problems_of(desk, behavior),
        lambda signed: diff_behavior(signed, behavior),
    )  # fmt: skip


def _pilot(desk: Desk, ledger: Ledger) -> Subject:
    from assets.pilot_agent.planning.plan_versions import plan_changes, registered_hash
    from desk.pilot import PilotFile, missing_for_signature, pilot_hash
    from ledger.pilots import share_changes

    roles, pilot = _roles(desk, "pilot"), unchanged_plan(desk)
    if pilot is None:
        nothing = "The desk has no pilot.yaml. Start one with: understudy pilot init --start, and the first day."
        return Subject("pilot", roles, nothing=nothing)
    digest, problems = pilot_hash(pilot), [*missing_for_signature(pilot)]
    begun = registered_hash(share_changes(ledger, pilot.pilot_id))
    if begun is not None and begun != digest:
        problems.append(
            f"The rollout of “{pilot.pilot_id}” began under another plan ({begun[:SHOWN_DIGITS]}). Put that one back, or give "
            "this one another pilot_id."
        )
    return _compared(
        ledger, "pilot", roles, digest, pilot, problems,
        lambda signed: plan_changes(PilotFile.model_validate(signed), pilot),
    )  # fmt: skip


def _compared(
    ledger: Ledger,
    kind: Kind,
    roles: tuple[str, ...],
    digest: str,
    content: Any,
    problems: list[str] | tuple[()],
    changes_since: Callable[[Any], list[str]],
) -> Subject:
    """A subject with what changed since the last other version that everybody signed."""
    state = sign_off_state(ledger, kind, digest, roles)
    before = last_signed(ledger, kind, roles, other_than=digest)
    changes: tuple[str, ...] = ()
    if before is not None and before.content is not None:
        try:
            changes = tuple(changes_since(before.content))
        except ValueError:
            changes = ("What was signed before is of an older format and cannot be compared.",)
    elif before is not None:
        changes = ("What was signed before was erased and cannot be compared.",)
    return Subject(
        kind, roles, digest, state, content,
        problems=tuple(problems), before=before.subject_hash if before else None, was_signed=before is not None,
        changes=changes,
    )  # fmt: skip


def _roles(desk: Desk, kind: Kind) -> tuple[str, ...]:
    return tuple(desk.settings.signers.get(kind, []))


def unchanged_behavior(desk: Desk) -> BehaviorFile | None:
    """``behavior.yaml``; parsing it takes a quarter of a second, so a file that was not touched is not parsed again.

    Raises:
        DeskError: it has a mistake.
    """
    file = desk.folder / BEHAVIOR_FILE
    return _behavior_file(desk.folder, *_touched(file)) if file.is_file() else None


def unchanged_plan(desk: Desk) -> PilotFile | None:
    """``pilot.yaml``, as ``unchanged_behavior``."""
    file = desk.folder / PILOT_FILE
    return _plan_file(desk.folder, *_touched(file)) if file.is_file() else None


@lru_cache(maxsize=4)
def _behavior_file(folder: Path, touched: int, size: int) -> BehaviorFile | None:
    return load_behavior(folder)


@lru_cache(maxsize=4)
def _plan_file(folder: Path, touched: int, size: int) -> PilotFile | None:
    return load_pilot(folder)


def _touched(file: Path) -> tuple[int, int]:
    facts = file.stat()
    return facts.st_mtime_ns, facts.st_size


def red_checks(saved: SavedRelease) -> list[str] | None:
    """The blocking checks that were red when a release was built; None where that is not known."""
    import json

    from orchestration.releases import status_file

    try:
        status = json.loads(status_file(saved.folder.parent, saved.release_id).read_text(encoding="utf-8"))
        return [str(name) for name in status["red_checks"]]
    except (OSError, ValueError, TypeError, KeyError):
        return None
