"""What the page of a pilot is made from, and how far the pilot is.

Belongs here: the frames as one object, which plan they belong to, and the stages a pilot passes. Does not belong here:
reading them from the lake, sentences (``pilot_words``), tables (``pilot_tables``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import partial
from typing import Any, Literal

import pandas as pd

from assets.audit_tickets.roadmap.roadmap_words import PageSignOff
from assets.pilot_agent.answers.frames import ANSWER, ASSIGNMENT, PLAN, REPLAY, REVIEW, frame_of
from assets.pilot_agent.planning.plan_versions import current_plan
from assets.pilot_agent.verdict.families import OVER_ALL
from assets.pilot_agent.verdict.pilot_metrics import COLUMNS as METRICS
from assets.pilot_agent.verdict.pilot_verdict import CONDITION_COLUMNS, VERDICT_COLUMNS
from assets.pilot_agent.verdict.published_verdict import ABOUT, NOTE_COLUMNS
from desk.pilot import PilotFile
from ledger.pilots import ShareChange

Stage = Literal["nothing", "planned", "signed", "shadow", "rollout", "judged"]

PLAN_NOTE = "plan"
"""Kind of a note on why the plan on file may not run; such a pilot is not judged."""


def _empty(columns: Iterable[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns))


@dataclass(frozen=True)
class PilotFindings:
    """The frames of a pilot; what is not there yet is empty.

    plan, answers, reviews, assignments, replay: as ``answers.frames`` has them. verdict, conditions, notes: as
    ``verdict.published_verdict`` has them. metrics: ``pilot_metrics``. sign_off: of the plan that is shown
    (``shown_plan``). share_changes: of its pilot, in order. stopped_categories: of it, by id. category_names by id.
    """

    plan: pd.DataFrame = field(default_factory=partial(frame_of, (), PLAN))
    verdict: pd.DataFrame = field(default_factory=partial(_empty, (*ABOUT, *VERDICT_COLUMNS)))
    conditions: pd.DataFrame = field(default_factory=partial(_empty, ("pilot_id", *CONDITION_COLUMNS)))
    notes: pd.DataFrame = field(default_factory=partial(_empty, NOTE_COLUMNS))
    metrics: pd.DataFrame = field(default_factory=partial(_empty, METRICS))
    answers: pd.DataFrame = field(default_factory=partial(frame_of, (), ANSWER))
    reviews: pd.DataFrame = field(default_factory=partial(frame_of, (), REVIEW))
    assignments: pd.DataFrame = field(default_factory=partial(frame_of, (), ASSIGNMENT))
    replay: pd.DataFrame = field(default_factory=partial(frame_of, (), REPLAY))
    sign_off: PageSignOff = field(default_factory=PageSignOff)
    share_changes: Sequence[ShareChange] = ()
    stopped_categories: Sequence[str] = ()
    category_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ShownPlan:
    """The plan a page is about: the one the rollout runs under, else the one that is written now.

    pilot: None where its content cannot be read any more. current_hash: of what ``pilot.yaml`` says now.
    """

    pilot_id: str
    pilot_hash: str
    pilot: PilotFile | None
    is_signed: bool
    missing_roles: Sequence[str]
    current_hash: str
    as_of: pd.Timestamp
    shadow_start: pd.Timestamp
    rollout_start: pd.Timestamp
    rollout_end: pd.Timestamp
    share_now: float | None

    @property
    def was_changed(self) -> bool:
        """Whether ``pilot.yaml`` says something else by now than what was signed."""
        return self.is_signed and self.current_hash != self.pilot_hash


def shown_plan(plans: pd.DataFrame) -> ShownPlan | None:
    """The plan to show, from ``pilot_plan``; None where nothing is written."""
    if plans.empty:
        return None
    current = current_plan(plans)
    now = plans.iloc[-1] if current is None else current
    registered = plans[(plans["pilot_id"] == now["pilot_id"]) & (plans["pilot_hash"] == now["registered_hash"])]
    row = registered.iloc[-1] if len(registered) else now
    share = row["share_now"]
    return ShownPlan(
        pilot_id=str(row["pilot_id"]),
        pilot_hash=str(row["pilot_hash"]),
        pilot=None if pd.isna(row["content"]) else PilotFile.model_validate(json.loads(row["content"])),
        is_signed=bool(len(registered)) and bool(row["is_signed"]),
        missing_roles=tuple(row["missing_roles"]),
        current_hash=str(now["pilot_hash"]),
        as_of=row["as_of"],
        shadow_start=row["shadow_start"],
        rollout_start=row["rollout_start"],
        rollout_end=row["rollout_end"],
        share_now=None if pd.isna(share) else float(share),
    )


def of_pilot(found: PilotFindings, plan: ShownPlan) -> PilotFindings:
    """The same with the rows of one pilot only, its reviews by its answers."""
    kept: dict[str, Any] = {
        # A note on a plan that may not run names no pilot.
        one.name: frame[frame["pilot_id"].isin([plan.pilot_id, ""])].reset_index(drop=True)
        for one in fields(found)
        if one.name != "plan"
        and isinstance(frame := getattr(found, one.name), pd.DataFrame)
        and "pilot_id" in frame.columns
    }
    mine = kept.get("answers", found.answers)["answer_id"]
    reviews = found.reviews[found.reviews["answer_id"].isin(mine)].reset_index(drop=True)
    return replace(found, **{**kept, "reviews": reviews})


def stage_of(plan: ShownPlan | None, verdict: pd.DataFrame) -> Stage:
    """How far the pilot is, by its clock, the share it was given and its verdict over all."""
    if plan is None:
        return "nothing"
    if not plan.is_signed:
        return "planned"
    whole = verdict[verdict["group"] == OVER_ALL]
    if len(whole) and (whole["verdict"] != "keep_collecting").any():
        return "judged"
    if plan.share_now is not None:
        return "rollout"
    return "shadow" if plan.as_of >= plan.shadow_start else "signed"
