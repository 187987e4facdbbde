"""Pilots of a desk: which release answers, and what must hold before the agent gets a share of customers.

Belongs here: the order of steps of signing a plan and setting the share, and the releases a pilot runs on. Does not
belong here: what a plan is (``desk.pilot``), how a share is kept (``ledger.pilots``), printing (``cli.pilot``).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from assets.configure_behavior.releases.saved_release import ReleaseError, SavedRelease, read_release
from assets.pilot_agent.planning.plan_versions import plan_problem, plan_versions, registered_hash
from desk.loading import Desk, load_pilot
from desk.pilot import PilotFile, missing_for_signature, pilot_content, pilot_hash
from desk.pilot_blocks import read_share
from ledger.pilots import ShareChange, set_share, share_changes
from ledger.sign_offs import SignOffState, last_signed, record_sign_off, sign_off_state
from ledger.store import Ledger
from orchestration.kill_switch import stop_rollouts
from orchestration.lake import Lake, NotMaterialised
from orchestration.releases import folder_of
from orchestration.resources import DeskResource

if TYPE_CHECKING:
    import pandas as pd

    from assets.audit_tickets.vectors.encoder import Encoder
    from assets.configure_behavior.releases.agent_release import AgentRelease


class PilotError(Exception):
    """A pilot cannot be signed, begun or changed; ``str()`` says why and what to do."""


def required_pilot(desk: Desk) -> PilotFile:
    """The plan on file.

    Raises:
        PilotError: there is none. DeskError: it has a mistake.
    """
    pilot = load_pilot(desk.folder)
    if pilot is None:
        raise PilotError("the desk has no pilot.yaml. Make one to start from: understudy pilot init")
    return pilot


def release_in_charge(desk: Desk, encoder: Encoder) -> tuple[AgentRelease, pd.Timestamp] | None:
    """The current release and its data cut; None where none is current."""
    try:
        folder = folder_of(desk, "current")
    except ReleaseError:
        return None
    return _loaded(read_release(folder), encoder)


def release_to_replay(desk: Desk, encoder: Encoder) -> tuple[AgentRelease, pd.Timestamp]:
    """The newest release, signed or not, and its data cut: a replay sends nothing.

    Raises:
        ReleaseError: none was built.
    """
    return _loaded(read_release(folder_of(desk, "latest")), encoder)


def plan_state(desk: Desk) -> tuple[PilotFile, SignOffState, list[ShareChange]]:
    """The plan on file, its signatures, and the shares set for its id.

    Raises:
        PilotError: there is no plan.
    """
    pilot = required_pilot(desk)
    roles = desk.settings.signers["pilot"]
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        state = sign_off_state(ledger, "pilot", pilot_hash(pilot), roles)
        return pilot, state, share_changes(ledger, pilot.pilot_id)


def sign_pilot(
    desk: Desk, *, by: str, role: str, note: str, occurred_at: dt.datetime | None = None, shown: str | None = None
) -> tuple[PilotFile, SignOffState, list[str]]:
    """Sign the plan on file; returns it, its signatures, and what changed since it was last fully signed.

    Args:
        shown: the hash of what the person was shown; a plan with another one is not signed.

    Raises:
        PilotError: something is missing, or the rollout runs under another plan.
        LedgerError: the role may not sign, the name is empty, or something else was shown.
    """
    from assets.pilot_agent.planning.plan_versions import plan_changes

    pilot, _, shares = plan_state(desk)
    if missing := missing_for_signature(pilot):
        raise PilotError("pilot.yaml cannot be signed yet:\n" + "\n".join(f"  {one}" for one in missing))
    digest, begun = pilot_hash(pilot), registered_hash(shares)
    if begun is not None and begun != digest:
        raise PilotError(
            f"the rollout of '{pilot.pilot_id}' began under the plan {begun[:12]}, so this one ({digest[:12]}) cannot be "
            "registered for it any more. Put the registered plan back, or give the new one another pilot_id."
        )
    roles = desk.settings.signers["pilot"]
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        before = last_signed(ledger, "pilot", roles, other_than=digest)
        record_sign_off(
            ledger, "pilot", shown or digest, by=by, role=role, occurred_at=occurred_at or dt.datetime.now(dt.UTC),
            known_roles=roles, content=pilot_content(pilot), note=note or None,
        )  # fmt: skip
        state = sign_off_state(ledger, "pilot", digest, roles)
    changes: list[str] = []
    if before is not None and before.content is not None and before.content.get("pilot_id") == pilot.pilot_id:
        changes = plan_changes(PilotFile.model_validate(before.content), pilot)
    return pilot, state, changes


def change_share(
    desk: Desk,
    share: float | str,
    *,
    by: str,
    role: str,
    reason: str,
    occurred_at: dt.datetime | None = None,
    seen: int | None = None,
) -> list[str]:
    """Begin the rollout, raise or lower its share, or stop it (0, ``kill_switch``); returns what to tell the person.

    Stopping always works, and lowering within the registered range. Anything else needs the signed plan unchanged, a current
    release, and the shadow weeks behind, every answer of theirs tagged. Looking at all that takes a while: a stop that comes
    meanwhile holds.

    Args:
        seen: ``sequence`` of the last change of the share that the person was shown, 0 for none; by default the last one
            there is.

    Raises:
        PilotError: it may not begin, with every reason. ShareChangedError: somebody changed the share since it was seen.
        LedgerError: the role may not, or name or reason is empty.
    """
    wanted = _share_of(share)
    if wanted == 0:
        return stop_rollouts(desk, by=by, role=role, reason=reason, occurred_at=occurred_at)
    at = occurred_at or dt.datetime.now(dt.UTC)
    pilot, _, shares = plan_state(desk)
    known = seen if seen is not None else shares[-1].sequence if shares else 0
    is_lowered = bool(shares) and 0 < wanted < shares[-1].share
    if problems := _out_of_range(pilot, wanted) if is_lowered else _problems(desk, pilot, wanted, at):
        raise PilotError("\n".join(["the share was not changed:", *(f"  - {one}" for one in problems)]))
    plan = registered_hash(shares) or pilot_hash(pilot)
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        set_share(
            ledger, pilot.pilot_id, wanted, plan_hash=plan, by=by, role=role, occurred_at=at,
            known_roles=desk.settings.signers["pilot"], reason=reason, seen=known,
        )  # fmt: skip
    was = f"from {shares[-1].share:.1%}, " if shares else ""
    return [f"From {at:%Y-%m-%d %H:%M} UTC {wanted:.1%} of requesters are the agent's ({was}pilot '{pilot.pilot_id}')."]


def plans_now(resource: DeskResource, as_of: pd.Timestamp) -> pd.DataFrame:
    """``pilot_plan`` as it stands this moment: the file, what was published, and what the ledger says of both."""
    pilot, previous = resource.pilot, resource.lake.previous("pilot_plan")
    roles = resource.desk.settings.signers["pilot"]
    with resource.ledger as ledger:
        digest = "" if pilot is None else pilot_hash(pilot)
        before = last_signed(ledger, "pilot", roles, other_than=digest)
        signed = None if before is None or before.content is None else PilotFile.model_validate(before.content)
        return plan_versions(
            pilot, previous, lambda name: sign_off_state(ledger, "pilot", name, roles),
            lambda pilot_id: share_changes(ledger, pilot_id), as_of, signed,
        )  # fmt: skip


def tickets_behind_release(desk: Desk, name: str) -> set[str]:
    """Ids of the tickets a release was made from: past tickets of its index, its regression set, sources of its entries.

    Raises:
        ReleaseError: it is gone, or cannot be read.
    """
    from assets.build_knowledge.retrieval.index_files import history_tickets

    saved = read_release(folder_of(desk, name))
    sources = (source for entry in saved.entries.values() for source in entry.get("sources", []))
    drawn = {str(one["id"]) for one in sources if one.get("kind") == "ticket"}
    return drawn | {str(row["ticket_id"]) for row in saved.regression} | history_tickets(saved.folder / "index")


def _share_of(share: float | str) -> float:
    try:
        return read_share(share)
    except ValueError as error:
        raise PilotError(f"the share was not changed: {error}") from None


def _problems(desk: Desk, pilot: PilotFile, wanted: float, at: dt.datetime) -> list[str]:
    import pandas as pd

    found = _out_of_range(pilot, wanted)
    if problem := plan_problem(plans_now(DeskResource(folder=str(desk.folder)), pd.Timestamp(at))):
        found.append(problem)
    if at.date() < pilot.rollout_start:
        found.append(f"the shadow weeks last until {pilot.rollout_start}, and it is {at:%Y-%m-%d}")
    try:
        folder_of(desk, "current")
    except ReleaseError as error:
        found.append(str(error))
    found += _untagged(desk, pilot)
    return found


def _out_of_range(pilot: PilotFile, wanted: float) -> list[str]:
    low, high = pilot.share_range.low, pilot.share_range.high
    return [] if low <= wanted <= high else [f"{wanted:.4g} lies outside the registered range of {low:g} to {high:g}"]


def _untagged(desk: Desk, pilot: PilotFile) -> list[str]:
    """The shadow weeks count once every response of theirs is tagged, as far as the plan asks for it."""
    from assets.pilot_agent.answers.tag_coverage import untagged_answers

    nothing = ["no ticket was drafted in shadow yet. Run: understudy run pilot_agent"]
    resource = DeskResource(folder=str(desk.folder))
    try:
        answers = resource.lake.read("shadow_answers")
    except NotMaterialised:
        return nothing
    mine = answers[(answers["pilot_id"] == pilot.pilot_id) & (answers["phase"] == "shadow")]
    if mine.empty:
        return nothing
    with resource.ledger as ledger:
        left = untagged_answers(mine, standing_reviews(desk, ledger, mine))
    if len(left):
        return [
            f"{len(left):,} of {len(mine):,} answers of the shadow weeks are not tagged. Tag them: understudy review next"
        ]
    return []


def standing_reviews(desk: Desk, ledger: Ledger, answers: pd.DataFrame) -> pd.DataFrame:
    """What people said of answers by now: the ledger as it stands, and the helpdesk as last landed.

    Args:
        answers: rows of ``shadow_answers``.
    """
    from assets.pilot_agent.answers.answer_reviews import gather_reviews
    from assets.pilot_agent.answers.frames import REVIEW, frame_of
    from assets.pilot_agent.answers.helpdesk_reviews import HELPDESK
    from ledger.reviews import answer_reviews

    published = Lake(desk.home).previous("answer_reviews")
    of_helpdesk = frame_of([], REVIEW) if published is None else published[published["source"] == HELPDESK]
    return gather_reviews(answer_reviews(ledger, with_history=True), of_helpdesk, answers)


def _loaded(saved: SavedRelease, encoder: Encoder) -> tuple[AgentRelease, pd.Timestamp]:
    import pandas as pd

    from assets.configure_behavior.releases.release_files import load_release

    return load_release(saved.folder, encoder), pd.Timestamp(saved.recipe["as_of"]).tz_convert("UTC")
