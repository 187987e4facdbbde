"""What every ``understudy behavior`` command works on: the spec, the desk around it, and the version signed before.

Does not belong here: printing (``behavior``), signing (``sign_offs``), what a check is (``assets.configure_behavior``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desk.behavior import BehaviorFile, behavior_hash
from desk.loading import BEHAVIOR_FILE, Desk, read_behavior

if TYPE_CHECKING:
    from assets.configure_behavior.behavior.behavior_problems import KnownEntries
    from ledger.sign_offs import SignedContent


class BehaviorProblem(Exception):
    """Something was asked for that cannot be done; ``str()`` says why and what to do."""


def required_behavior(desk: Desk) -> BehaviorFile:
    """The desk's spec.

    Raises:
        DeskError: there is none, or it has a mistake.
    """
    return read_behavior(desk.folder / BEHAVIOR_FILE)


def write_starter(desk: Desk) -> list[str]:
    """Write a spec to start from; an existing one is left as it is. Returns what to tell."""
    from orchestration.lake import replacing
    from orchestration.people.behavior_starter import starter_behavior

    file = desk.folder / BEHAVIOR_FILE
    if file.exists():
        return [f"kept   {file}"]
    with replacing(file) as temporary:
        temporary.write_text(starter_behavior(desk.settings.company, desk.settings.languages), encoding="utf-8")
    return [f"wrote  {file}", "Next: edit it, then understudy behavior check"]


def known_entries(desk: Desk) -> KnownEntries:
    """The entries on file, and the fields that live ones depend on; before any is live, those on file."""
    from assets.build_knowledge.conditions import load_conditions
    from assets.configure_behavior.behavior.behavior_problems import KnownEntries, condition_fields
    from orchestration.lake import Lake
    from orchestration.people.knowledge_desk import read_entries

    entries, _ = read_entries(desk)
    live = Lake(desk.home).previous("live_entries")
    if live is not None and len(live):
        conditions = [load_conditions(text) for text in live["conditions"]]
    else:
        conditions = [entry.conditions for entry in entries]
    return KnownEntries({entry.id for entry in entries}, condition_fields(conditions))


def entry_questions(desk: Desk) -> dict[str, str]:
    """The question of every entry on file, by id."""
    from orchestration.people.knowledge_desk import read_entries

    return {entry.id: entry.question for entry in read_entries(desk)[0]}


def problems_of(desk: Desk, behavior: BehaviorFile) -> list[str]:
    """Everything a person must correct in the spec, as sentences."""
    from assets.configure_behavior.behavior.behavior_problems import behavior_problems

    return behavior_problems(
        behavior,
        categories={category.id for category in desk.categories},
        languages=desk.settings.languages,
        entries=known_entries(desk),
    )


def signed_before(desk: Desk, behavior: BehaviorFile) -> SignedContent | None:
    """The last other version that everybody signed who must; None where there is none."""
    from ledger.sign_offs import last_signed
    from orchestration.resources import DeskResource

    roles = desk.settings.signers.get("behavior", [])
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        return last_signed(ledger, "behavior", roles, other_than=behavior_hash(behavior))


def changes(desk: Desk, files: Sequence[Path]) -> tuple[str, list[str]]:
    """What is compared, and the changes as sentences.

    Args:
        files: none: the last signed version with the desk's; one: it with the desk's; two: the first with the second.

    Raises:
        BehaviorProblem: nothing to compare with. DeskError: a file has a mistake.
    """
    from assets.configure_behavior.behavior.diff_behavior import diff_behavior

    if len(files) > 2:
        raise BehaviorProblem(f"{len(files)} files were given; two can be compared")
    if files:
        before = read_behavior(files[0].expanduser())
        after = read_behavior(files[1].expanduser()) if len(files) == 2 else required_behavior(desk)
        second = files[1] if len(files) == 2 else desk.folder / BEHAVIOR_FILE
        return f"From {files[0]} to {second}", diff_behavior(before, after)
    behavior = required_behavior(desk)
    signed = signed_before(desk, behavior)
    if signed is None:
        raise BehaviorProblem(
            "no other version of the spec was signed by everybody who must, so there is nothing to compare with. Give a "
            "file: understudy behavior diff before.yaml"
        )
    if signed.content is None:
        raise BehaviorProblem(f"the content of the version signed before ({signed.subject_hash[:12]}) was erased")
    return f"Since the signed version {signed.subject_hash[:12]}", diff_behavior(signed.content, behavior)
