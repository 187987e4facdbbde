"""``understudy sign-off`` and ``understudy ledger``: what is signed, by whom, and whether the record is whole.

Does not belong here: how a signature is kept (``ledger``), what the roadmap proposes (``assets.audit_tickets``).
"""

import datetime as dt

from desk.behavior import BehaviorFile, behavior_content, behavior_hash
from desk.loading import Desk, load_behavior, load_desk
from ledger.decisions import Decision, decision_digest, decisions_from_content, diff_decisions
from ledger.sign_offs import SignOffState, last_signed, record_sign_off, sign_off_state
from ledger.verification import verify
from orchestration.resources import DeskResource


class NothingToSign(Exception):
    """There is no decision to sign yet; ``str()`` says how to make some."""


def roadmap_decisions(desk: Desk) -> list[Decision]:
    """What people decided in categories.yaml: bucket, tier and owner of every category that has a bucket."""
    return [Decision(one.id, one.bucket, one.tier, one.owner) for one in desk.categories if one.bucket]


def roadmap_signatures(desk: Desk) -> SignOffState:
    """Who has signed the roadmap's decisions as they stand, and which roles are missing."""
    return DeskResource(folder=str(desk.folder)).signatures("roadmap", decision_digest(roadmap_decisions(desk)))


def sign_roadmap(
    desk: Desk, *, by: str, role: str, note: str, accept_proposals: bool, shown: str | None = None
) -> list[str]:
    """Record one signature on the decisions as they stand; returns what to tell the person.

    Args:
        shown: the hash of what the person was shown; decisions with another one are not signed.

    Raises:
        NothingToSign: no category has a decision, and the proposals were not accepted.
        LedgerError: the role may not sign, the name is empty, or something else was shown.
    """
    said: list[str] = []
    if accept_proposals:
        from orchestration.people.category_file import accept_proposed_buckets

        said += accept_proposed_buckets(desk)
        desk = load_desk(desk.folder)
    decisions = roadmap_decisions(desk)
    if not decisions:
        raise NothingToSign(
            "no category in categories.yaml has a bucket, so there is no decision to sign. Read the roadmap "
            "(understudy report roadmap), set bucket and tier there, or accept what it proposes with --accept-proposals."
        )
    roles = desk.settings.signers.get("roadmap", [])
    digest = shown or decision_digest(decisions)
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        before = last_signed(ledger, "roadmap", roles, other_than=digest)
        record_sign_off(
            ledger,
            "roadmap",
            digest,
            by=by,
            role=role,
            occurred_at=dt.datetime.now(dt.UTC),
            known_roles=roles,
            content=decisions,
            note=note or None,
        )
        state = sign_off_state(ledger, "roadmap", digest, roles)
    if before is not None and before.content is not None:
        changes = diff_decisions(decisions_from_content(before.content), decisions)
        said += ["Changed since it was last fully signed:", *(f"  {change}" for change in changes)]
    said.append(f"{by} signed {len(decisions)} decisions as {role} (content {digest[:12]}).")
    said.append(signatures_in_words(state))
    return said


def behavior_signatures(desk: Desk, behavior: BehaviorFile) -> SignOffState:
    """Who has signed this very spec, and which roles are missing."""
    return DeskResource(folder=str(desk.folder)).signatures("behavior", behavior_hash(behavior))


def sign_behavior(desk: Desk, *, by: str, role: str, note: str, shown: str | None = None) -> list[str]:
    """Record one signature on ``behavior.yaml`` as it stands; returns what to tell the person.

    Args:
        shown: the hash of what the person was shown; a spec with another one is not signed.

    Raises:
        NothingToSign: there is no spec, or something in it must be corrected first.
        DeskError: the spec cannot be read. LedgerError: the role may not sign, the name is empty, or something else was
            shown.
    """
    from assets.configure_behavior.behavior.diff_behavior import diff_behavior
    from orchestration.people.behavior_desk import problems_of, signed_before

    behavior = load_behavior(desk.folder)
    if behavior is None:
        raise NothingToSign("the desk has no behavior.yaml. Make one to start from: understudy behavior init")
    if problems := problems_of(desk, behavior):
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise NothingToSign(f"behavior.yaml is not complete, so there is nothing to sign yet. Correct first:\n{listed}")
    roles = desk.settings.signers.get("behavior", [])
    digest = shown or behavior_hash(behavior)
    before = signed_before(desk, behavior)
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        record_sign_off(
            ledger,
            "behavior",
            digest,
            by=by,
            role=role,
            occurred_at=dt.datetime.now(dt.UTC),
            known_roles=roles,
            content=behavior_content(behavior),
            note=note or None,
        )
        state = sign_off_state(ledger, "behavior", digest, roles)
    said = []
    if before is not None and before.content is not None:
        said += ["Changed since it was last fully signed:"]
        said += [f"  {change}" for change in diff_behavior(before.content, behavior)]
    said.append(f"{by} signed the behavior spec as {role} (content {digest[:12]}).")
    said.append(signatures_in_words(state))
    return said


def sign_pilot_plan(desk: Desk, *, by: str, role: str, note: str, shown: str | None = None) -> list[str]:
    """Record one signature on ``pilot.yaml`` as it stands; returns what to tell the person.

    Args:
        shown: the hash of what the person was shown; a plan with another one is not signed.

    Raises:
        PilotError: there is no plan, something in it is missing, or the rollout runs under another.
        DeskError: the plan has a mistake. LedgerError: the role may not sign, the name is empty, or something else was
            shown.
    """
    from orchestration.pilots import sign_pilot

    pilot, state, changes = sign_pilot(desk, by=by, role=role, note=note, shown=shown)
    said = ["Changed since it was last fully signed:", *(f"  {one}" for one in changes)] if changes else []
    said.append(f"{by} signed the plan of pilot '{pilot.pilot_id}' as {role} (content {state.subject_hash[:12]}).")
    return [*said, signatures_in_words(state)]


def signatures_in_words(state: SignOffState) -> str:
    """One sentence: fully signed, or who is missing."""
    if not state.is_complete:
        return f"Still to sign: {', '.join(state.missing_roles)}."
    names = ", ".join(f"{one.by or 'an erased person'} ({one.role})" for one in state.signatures)
    again = "" if state.distinct_people else " One person signed more than one role."
    return f"Fully signed by {names}.{again}"


def verify_ledger(desk: Desk) -> tuple[bool, str]:
    """Walk the chain: whether it is whole, and a sentence."""
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        found = verify(ledger)
    if found.first_break is not None:
        return False, f"the ledger was changed after the fact: {found.first_break.message}"
    if found.missing_guards:
        return False, f"the ledger's guards against editing are gone: {', '.join(found.missing_guards)}"
    return True, f"The ledger is whole: {found.count_events:,} events, head {found.head}."
