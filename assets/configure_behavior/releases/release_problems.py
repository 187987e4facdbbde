"""What forbids activating a release, in words: signatures, acceptances, checks, and decisions that came out otherwise.

Belongs here: the rule. Does not belong here: reading the ledger (``ledger.releases``), verifying a folder (``verify``),
refusing (whoever activates).

A release may always be built, so that it can be measured; what is listed here keeps it from answering customers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.sign_offs import SignOffState

Version = tuple[str, str]
"""An entry's id and its content hash."""


@dataclass(frozen=True)
class Approvals:
    """What people have signed of a release. ``release`` is None before anybody could sign it.

    ``accepted`` are the entry versions somebody accepted and nobody took back. ``roles`` are the desk's, by kind.
    """

    roadmap: SignOffState
    behavior: SignOffState
    accepted: Collection[Version]
    roles: Mapping[str, Sequence[str]]
    release: SignOffState | None = None


def release_problems(
    recipe: Mapping[str, Any],
    approvals: Approvals,
    red_checks: Iterable[str],
    live: Collection[Version] | None = None,
    verification: Iterable[str] = (),
) -> list[str]:
    """A sentence for everything that forbids activating the release of this recipe; empty when nothing does.

    Args:
        recipe: the release's.
        approvals: what stands in the ledger now.
        red_checks: names of blocking checks that were red when it was built.
        live: the entry versions that are live now, where that is known; an entry that left since must not answer.
        verification: what verifying its folder found.
    """
    problems = [*build_problems(recipe, approvals, red_checks)]
    if live is not None:
        gone = sorted(one["entry_id"] for one in recipe["entries"] if _version(one) not in live)
        if gone:
            problems.append(f"{_some(gone, 'entry', 'entries')} no longer live: build a release without {_them(gone)}")
    problems += list(verification)
    if approvals.release is not None:
        problems += _unsigned(approvals, "release", approvals.release, "the release", "understudy sign-off release")
    return problems


def build_problems(recipe: Mapping[str, Any], approvals: Approvals, red_checks: Iterable[str]) -> list[str]:
    """What was already missing before the release itself could be signed."""
    problems = []
    if not recipe["categories"]:
        problems.append("no category has a bucket, so nothing is decided: understudy sign-off roadmap")
    problems += _unsigned(
        approvals, "roadmap", approvals.roadmap, "the roadmap's decisions", "understudy sign-off roadmap"
    )
    problems += _unsigned(
        approvals, "behavior", approvals.behavior, "the behavior spec", "understudy sign-off behavior"
    )
    unaccepted = sorted(one["entry_id"] for one in recipe["entries"] if _version(one) not in approvals.accepted)
    if unaccepted:
        problems.append(
            f"{_some(unaccepted, 'entry', 'entries')} not accepted in this version: understudy knowledge accept"
        )
    red = sorted(red_checks)
    if red:
        problems.append(
            f"blocking checks were red when it was built: {', '.join(red)}; correct what they name, then build again"
        )
    return problems


def _unsigned(approvals: Approvals, kind: str, state: SignOffState, what: str, remedy: str) -> list[str]:
    if not approvals.roles.get(kind):
        return [f"desk.yaml names no role that signs {what}: add one under signers, {kind}"]
    if state.is_complete:
        return []
    return [
        f"{what} ({state.subject_hash[:12]}) lack{'' if what.endswith('s') else 's'} the signature of {', '.join(state.missing_roles)}: {remedy}"
    ]


def _version(entry: Mapping[str, Any]) -> Version:
    return entry["entry_id"], entry["content_hash"]


def _some(names: Sequence[str], one: str, many: str) -> str:
    shown = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
    return f"{len(names)} {one if len(names) == 1 else many} {'is' if len(names) == 1 else 'are'} ({shown})"


def _them(names: Sequence[str]) -> str:
    return "it" if len(names) == 1 else "them"
