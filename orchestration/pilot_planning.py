"""What a desk's history says for a pilot: volumes, baselines, involvement, and what the plan can show with them.

Belongs here: gathering from the lake. Does not belong here: the reckoning (``assets.pilot_agent.planning``), printing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.loading import Desk
from desk.pilot import PilotFile
from desk.pilot_blocks import Baseline
from orchestration.lake import Lake, NotMaterialised
from orchestration.pilots import PilotError
from orchestration.resources import DeskResource

if TYPE_CHECKING:
    import pandas as pd

    from assets.pilot_agent.planning.plan_pilot import PilotPlan

USUAL_INVOLVEMENT = 0.5
"""Share answered that is assumed before any replay."""


@dataclass(frozen=True)
class Reckoned:
    """What a plan can show, and the figures it was reckoned with."""

    plan: PilotPlan
    volumes: pd.DataFrame
    csat_response_rate: float
    involvement_rate: float
    is_replayed: bool


def scope_of(desk: Desk, pilot: PilotFile) -> list[str]:
    """The categories a pilot judges: those it names, else all that may be automated."""
    return pilot.categories.ids or sorted(one.id for one in desk.categories if one.bucket == "automate")


def baselines(desk: Desk, pilot: PilotFile, weeks: int) -> list[Baseline]:
    """Baselines from the weeks before the pilot.

    Raises:
        PilotError: history is not there yet.
    """
    from assets.pilot_agent.planning.baselines import baselines_from_history

    outcomes, until = _history(desk, pilot)
    return baselines_from_history(outcomes, pilot, scope_of(desk, pilot), weeks, until)


def write_baselines(desk: Desk, pilot: PilotFile, weeks: int) -> list[Baseline]:
    """Put the baselines into ``pilot.yaml`` in the place of those that are there; comments elsewhere stay.

    Raises:
        PilotError: history is not there yet, or no metric can be counted from it.
    """
    from ruamel.yaml import YAML

    from desk.loading import PILOT_FILE
    from orchestration.lake import replacing

    found = baselines(desk, pilot, weeks)
    if not found:
        raise PilotError(f"no ticket of the {weeks} weeks before {pilot.start} can be counted; give more --weeks")
    file, yaml = desk.folder / PILOT_FILE, YAML(typ="rt")
    yaml.width = 200
    document = yaml.load(file.read_text(encoding="utf-8"))
    document["baselines"] = [one.model_dump(mode="json", exclude_none=True) for one in found]
    with replacing(file) as temporary, temporary.open("w", encoding="utf-8") as handle:
        yaml.dump(document, handle)
    return found


def reckon(desk: Desk, pilot: PilotFile, per_week: Mapping[str, float]) -> Reckoned:
    """What the plan can show with history's volumes, or with the weekly tickets of a category that are given.

    Raises:
        PilotError: history is not there yet or too short, or a category is not in scope.
    """
    from assets.pilot_agent.planning.baselines import csat_response
    from assets.pilot_agent.planning.plan_pilot import plan_pilot
    from assets.pilot_agent.planning.volumes import volumes_from_history
    from assets.pilot_agent.verdict.families import OVER_ALL

    outcomes, as_of = _history(desk, pilot)
    scope = scope_of(desk, pilot)
    if not scope:
        raise PilotError("no category may be automated, so there is nothing to pilot. Sign the roadmap first.")
    if unknown := sorted(set(per_week) - set(scope)):
        raise PilotError(f"not in the pilot's scope: {', '.join(unknown)}. In scope: {', '.join(scope)}")
    mine = outcomes[outcomes["category_id"].isin(scope)]
    try:
        volumes = volumes_from_history(mine, as_of, pilot.rollout_weeks)
    except ValueError as error:
        raise PilotError(str(error)) from None
    volumes = _with_given(volumes, scope, per_week, OVER_ALL)
    involvement, is_replayed = _involvement(desk, scope)
    rates = {
        metric: float(mine[column].dropna().astype(float).mean())
        for metric, column in (
            ("resolution_rate", f"is_resolved_{pilot.resolution_kind}"), ("csat", "csat_positive"),
            ("false_resolution_rate", "is_false_resolution"),
        )
        if column in mine and mine[column].notna().any()
    }  # fmt: skip
    # What no history knows (missed escalations, a review's word) is planned with what people would hardly fall below.
    rates = {"missed_escalation_rate": 0.01, "resolution_rate": 0.85, **rates}
    response = csat_response(outcomes)
    plan = plan_pilot(pilot, volumes, csat_response_rate=response, involvement_rate=involvement, rates=rates)
    return Reckoned(plan, volumes, response, involvement, is_replayed)


def _with_given(volumes: pd.DataFrame, scope: list[str], per_week: Mapping[str, float], over_all: str) -> pd.DataFrame:
    import pandas as pd

    table = volumes.set_index("category_id")
    whole = table.loc[over_all]
    for name in scope:
        if name not in table.index:
            table.loc[name, table.columns] = pd.Series({**whole.to_dict(), "tickets_per_week": 0.0})
        if name in per_week:
            table.loc[name, "tickets_per_week"] = per_week[name]
    table.loc[over_all, "tickets_per_week"] = table.loc[scope, "tickets_per_week"].sum()
    return pd.DataFrame(table.reset_index())


def _involvement(desk: Desk, scope: list[str]) -> tuple[float, bool]:
    """Share of the scope's tickets that the newest release answers or asks back, as replay shows."""
    try:
        replay = Lake(desk.home).read("replay_answers", ["action", "category_id"])
    except NotMaterialised:
        return USUAL_INVOLVEMENT, False
    from assets.pilot_agent.answers.frames import SENT_ALONE

    mine = replay[replay["category_id"].isin(scope)]
    return (float(mine["action"].isin(SENT_ALONE).mean()), True) if len(mine) else (USUAL_INVOLVEMENT, False)


def _history(desk: Desk, pilot: PilotFile) -> tuple[pd.DataFrame, pd.Timestamp]:
    import pandas as pd

    from assets.pilot_agent.planning.baselines import history_outcomes

    lake = Lake(desk.home)
    try:
        tickets, intents = lake.read("fct_tickets"), lake.read("ticket_intents", ["ticket_id", "assigned_category_id"])
        comments = lake.read("fct_ticket_comments")
    except NotMaterialised as error:
        raise PilotError(str(error)) from None
    end = min(pd.Timestamp(pilot.start, tz="UTC"), DeskResource(folder=str(desk.folder)).as_of(tickets))
    before = tickets[tickets["created_at"] < end]
    return history_outcomes(before, intents, comments, end, pilot.settle_days), end
