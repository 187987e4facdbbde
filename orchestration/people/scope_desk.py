"""The agent's scope as people decide about it, in the terminal and in the console alike.

Belongs here: what is proposed, one proposal with its way, accepting, rejecting, restoring. Does not belong here: arguments and
printing (``cli.scope``), which proposals there are (``assets.sustain_learning.scope``), taking autonomy back (``autonomy``).

Accepting writes ``categories.yaml`` first and the ledger then; killed in between, accepting again finishes it. Either way
nothing is answered by itself before the roadmap is signed again and the category has walked the short way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assets.pilot_agent.answers.frames import as_list, frame_of
from assets.sustain_learning.frames import BACK, NARROW, SCOPE, WIDEN
from assets.sustain_learning.scope.proposal_rows import IN_FORCE, PROPOSED, WITHDRAWN
from assets.sustain_learning.scope.scope_frames import ScopeFrames
from assets.sustain_learning.scope.scope_proposals import scope_notes
from assets.sustain_learning.scope.short_way import Step, steps_of
from ledger.autonomy import (
    ACCEPTED,
    REJECTED,
    ScopeDecision,
    decide_scope,
    restore_autonomy,
    restored_categories,
    scope_decisions,
    withdrawn_categories,
)
from ledger.events import display_name
from ledger.signable import require_known_role
from orchestration.autonomy import autonomy_of
from orchestration.lake import Lake, NotMaterialised
from orchestration.people.category_file import decide_category
from orchestration.people.knowledge_desk import (
    KnowledgeProblem,
    Reviewer,
    ledger_of,
    nothing_called,
    records,
    resource_of,
)
from orchestration.people.knowledge_files import one_writer

if TYPE_CHECKING:
    import pandas as pd

    from desk.loading import Desk
    from ledger.store import Ledger

STAGE = "understudy run sustain_learning"


class ScopeProblem(KnowledgeProblem):
    """A proposal cannot be shown or decided; ``str()`` says why and what to do."""


@dataclass(frozen=True)
class ShownProposal:
    """A proposal with all that a person decides by. row: of ``frames.SCOPE``, its status brought up to date with the ledger."""

    row: Mapping[str, Any]
    steps: tuple[Step, ...]

    @property
    def proposal_id(self) -> str:
        """The whole id."""
        return str(self.row["proposal_id"])

    @property
    def kind(self) -> str:
        """widen, narrow or back."""
        return str(self.row["kind"])

    @property
    def category_id(self) -> str:
        """What it is about."""
        return str(self.row["category_id"])


def proposals(desk: Desk) -> pd.DataFrame:
    """``scope_proposals`` as the last run left it, with what people decided and what was withdrawn since.

    Raises:
        ScopeProblem: nothing was ever proposed.
    """
    try:
        frame = Lake(desk.home).read("scope_proposals")
    except NotMaterialised:
        raise ScopeProblem(f"the agent's scope was not looked at yet. Run: {STAGE}") from None
    with ledger_of(desk) as ledger:
        return _up_to_date(frame, ledger)


def proposal_of(desk: Desk, name: str) -> ShownProposal:
    """The proposal whose id begins with ``name``, else the one open about the category of that name.

    Raises:
        ScopeProblem: there is none, or several fit.
    """
    rows = records(proposals(desk))
    wanted = name.strip().lower()
    found = [row for row in rows if wanted and str(row["proposal_id"]).startswith(wanted)]
    found = found or [row for row in rows if row["category_id"] == wanted and row["status"] != WITHDRAWN]
    if not found:
        raise ScopeProblem(f"there is no proposal '{name[:80]}'. See: understudy scope list")
    if len(found) > 1:
        raise ScopeProblem(f"'{name[:80]}' fits {len(found)} proposals; give more digits of the id")
    return ShownProposal(found[0], tuple(steps_of(str(found[0]["steps"]))))


def notes(desk: Desk) -> list[str]:
    """How the scope stands by what is published now: whether what is automated is mastered, what is next, what decays.

    Raises:
        ScopeProblem: a stage before has not run yet.
    """
    try:
        frames = read_frames(desk)
        as_of = resource_of(desk).as_of(Lake(desk.home).read("fct_tickets", ["updated_at", "created_at"]))
    except NotMaterialised as error:
        raise ScopeProblem(str(error)) from None
    with ledger_of(desk) as ledger:
        return scope_notes(frames, autonomy_of(ledger), desk.settings.learning, as_of)


def read_frames(desk: Desk) -> ScopeFrames:
    """What the scope is judged by, from the lake. Raises ``NotMaterialised``."""
    lake = Lake(desk.home)
    return ScopeFrames(
        categories=lake.read("accepted_categories"),
        roadmap=lake.read("training_roadmap"),
        coverage=lake.read("knowledge_coverage"),
        thresholds=lake.read("confidence_thresholds"),
        spec=lake.read("behavior_spec"),
        answers=lake.read("shadow_answers"),
        reviews=lake.read("answer_reviews"),
        decisions=lake.read("live_decisions"),
        judged=lake.read("judged_answers"),
        outcomes=lake.read("fct_ai_answers"),
        verdicts=lake.read("pilot_verdict"),
        looks=lake.read("pilot_looks"),
    )


def proposal_lines(shown: ShownProposal) -> list[str]:
    """A proposal in words: what it says, what it rests on, and its way."""
    row = shown.row
    said = [f"{shown.proposal_id}  {shown.kind}  {row['status']}", str(row["sentence"])]
    said += [f"  {one}" for one in as_list(row["reasons"])]
    if shown.steps:
        said.append("The way:")
    for one in shown.steps:
        said.append(f"  {'done' if one.is_done else 'open'}  {one.step}: {one.why}")
        if one.what_to_do:
            said.append(f"        {one.what_to_do}")
    return said


def accept(desk: Desk, name: str, reviewer: Reviewer) -> list[str]:
    """Accept a proposal: a widening is written into ``categories.yaml``, one to come back restores the autonomy. Accepting
    again finishes what was cut off. Returns what to tell, with what comes next.

    Raises:
        ScopeProblem: there is none, or nothing in it to accept. LedgerError: the role may not, or the name is empty; nothing is
            written then.
    """
    shown = proposal_of(desk, name)
    if shown.kind == NARROW:
        raise ScopeProblem(
            "this was taken back by itself and needs nobody's consent. To give it back: understudy scope restore "
            f"{shown.category_id}"
        )
    if shown.kind == BACK:
        return restore(desk, shown.category_id, reviewer, reviewer.note or "It has recovered.")
    if shown.row["status"] == WITHDRAWN:
        raise ScopeProblem(
            "what this proposal rested on is gone, so there is nothing to accept. See: understudy scope list"
        )
    roles = desk.settings.signers["roadmap"]
    display_name(reviewer.by)
    require_known_role(reviewer.role, roles, signs="the roadmap")
    tier = None if _is_null(shown.row["tier"]) else int(shown.row["tier"])
    bucket = str(shown.row["to_bucket"])
    with one_writer(desk):
        try:
            is_written = decide_category(desk, shown.category_id, bucket=bucket, tier=tier)
        except KeyError:
            raise ScopeProblem(
                f"categories.yaml has no category '{shown.category_id}' any more, so nothing was accepted"
            ) from None
        with ledger_of(desk) as ledger:
            decide_scope(
                ledger, ScopeDecision(shown.proposal_id, shown.kind, shown.category_id, ACCEPTED, bucket, tier),
                by=reviewer.by, role=reviewer.role, occurred_at=reviewer.at, known_roles=roles, reason=reviewer.note,
            )  # fmt: skip
    said = [f"{reviewer.by} accepted {shown.proposal_id[:8]} as {reviewer.role}: {shown.category_id} joins the scope."]
    if is_written:
        said.append(f"Wrote into categories.yaml: {shown.category_id}: {bucket}" + (f", tier {tier}." if tier else "."))
    said.append("Nothing is answered by itself yet. What comes next:")
    said.append(f"  1. sign the roadmap again ({', '.join(roles)}): understudy sign-off roadmap")
    open_ = [one for one in shown.steps if not one.is_done]
    said += [f"  {place}. {one.step}: {_after_acceptance(one)}" for place, one in enumerate(open_, 2)]
    return said


def reject(desk: Desk, name: str, reviewer: Reviewer, reason: str) -> list[str]:
    """Record that a proposal is not wanted, and why; it is not offered again. Returns what to tell.

    Raises:
        ScopeProblem: there is none, or it is not one to reject. LedgerError: the role may not, a name or reason is missing, or it
            was accepted.
    """
    shown = proposal_of(desk, name)
    if shown.kind == NARROW:
        raise ScopeProblem(
            f"this was taken back by itself. To give it back: understudy scope restore {shown.category_id}"
        )
    roles = desk.settings.signers["roadmap" if shown.kind == WIDEN else "pilot"]
    with one_writer(desk), ledger_of(desk) as ledger:
        decide_scope(
            ledger, ScopeDecision(shown.proposal_id, shown.kind, shown.category_id, REJECTED), by=reviewer.by,
            role=reviewer.role, occurred_at=reviewer.at, known_roles=roles, reason=reason,
        )  # fmt: skip
    return [f"{reviewer.by} rejected {shown.proposal_id[:8]} as {reviewer.role}: {shown.category_id} stays as it is."]


def restore(desk: Desk, category: str, reviewer: Reviewer, reason: str) -> list[str]:
    """Let the agent answer a category by itself again; returns what to tell. What waits since stays with people.

    Raises:
        ScopeProblem: there is no such category, or its knowledge still falls short, so that the next run would take it back.
        LedgerError: the role may not, a name or reason is missing, or nothing was withdrawn.
    """
    known = [one.id for one in desk.categories]
    if category not in known:
        raise ScopeProblem(nothing_called(category, "category", known))
    with ledger_of(desk) as ledger:
        if category in withdrawn_categories(ledger) and (missing := _missing_entries(desk, category)):
            raise ScopeProblem(
                f"'{category}' still needs {missing} more live entries, and the next run would take its autonomy back. First: "
                f"understudy knowledge draft --category {category} --write"
            )
        restore_autonomy(
            ledger, category, by=reviewer.by, role=reviewer.role, occurred_at=reviewer.at,
            known_roles=desk.settings.signers["pilot"], reason=reason,
        )  # fmt: skip
    return [
        f"{reviewer.by} restored '{category}' as {reviewer.role}. New messages are answered as the pilot allows; what was held "
        "back stays with people. Only what is judged from now on counts for or against it."
    ]


def _up_to_date(frame: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """The rows with the last word of the ledger laid over them."""
    decided = {str(row["proposal_id"]): row for row in records(scope_decisions(ledger))}
    withdrawn, restored = withdrawn_categories(ledger), restored_categories(ledger)
    rows = []
    for row in records(frame):
        decision = decided.get(str(row["proposal_id"]))
        if decision is not None and row["status"] in (PROPOSED, REJECTED):
            row |= {name: decision[name] for name in ("decided_by", "decided_at")} | {"status": decision["decision"]}
        turn = restored.get(str(row["category_id"]))
        is_open = row["kind"] in (NARROW, BACK) and row["status"] in (PROPOSED, IN_FORCE)
        if is_open and turn is not None and row["category_id"] not in withdrawn:
            row |= {
                "status": ACCEPTED if row["kind"] == BACK else WITHDRAWN,
                "decided_by": turn.by,
                "decided_at": turn.occurred_at,
            }
        rows.append(row)
    return frame_of([[row[name] for name in SCOPE] for row in rows], SCOPE)


def _after_acceptance(one: Step) -> str:
    """What a step asks for, once the proposal is accepted."""
    if one.what_to_do.startswith("understudy scope accept"):
        return "a threshold is sought with the next run: understudy run configure_behavior"
    return f"{one.why}. {one.what_to_do}".strip()


def _missing_entries(desk: Desk, category: str) -> int:
    coverage = Lake(desk.home).previous("knowledge_coverage")
    if coverage is None:
        return 0
    mine = coverage.loc[coverage["category_id"] == category, "entries_needed"]
    return 0 if mine.empty else int(mine.iloc[0])


def _is_null(value: Any) -> bool:
    import pandas as pd

    return bool(pd.isna(value))
