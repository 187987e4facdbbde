"""Looks and safety stops that were made, kept: what was decided then stands, also when a late rating or tag would change it.

Belongs here: the frame ``pilot_looks`` [look or stop], in and out. Does not belong here: judging.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from assets.pilot_agent.verdict.clustered_rates import Tally
from assets.pilot_agent.verdict.looks import Look
from assets.pilot_agent.verdict.safety import SafetyStop
from desk.pilot_blocks import SafetyRule

COLUMNS = {
    "pilot_id": "string",
    "pilot_hash": "string",
    "kind": "string",
    "week": "Int64",
    "group": "string",
    "made_as_of": "datetime64[us, UTC]",
    "verdicts": "string",
}
"""kind: look or stop. group: what a stop is about, null for a look. verdicts: JSON, of a look by group, of a stop the rule
and the counts that broke it."""
LOOK, STOP = "look", "stop"


def looks_of(kept: pd.DataFrame | None, pilot_hash: str) -> list[Look]:
    """The looks made under one plan, in order."""
    return [Look(int(row["week"]), json.loads(row["verdicts"])) for row in _of(kept, pilot_hash, LOOK)]


def stops_of(kept: pd.DataFrame | None, pilot_hash: str) -> list[SafetyStop]:
    """The safety stops made under one plan."""
    found = []
    for row in _of(kept, pilot_hash, STOP):
        said = json.loads(row["verdicts"])
        rule, count = SafetyRule(**said.pop("rule")), Tally(**said.pop("count"))
        found.append(SafetyStop(group=str(row["group"]), week=int(row["week"]), rule=rule, count=count, **said))
    return found


def with_made(
    kept: pd.DataFrame | None,
    looks: Sequence[Look],
    stops: Sequence[SafetyStop],
    pilot_id: str,
    pilot_hash: str,
    as_of: pd.Timestamp | None,
) -> pd.DataFrame:
    """The frame with looks and stops added; one that is there already stays as it was made."""
    rows = [] if kept is None else [{name: row.get(name) for name in COLUMNS} for row in kept.to_dict("records")]
    made = {_key(row) for row in rows}
    new: list[dict[str, Any]] = [
        {"kind": LOOK, "week": one.week, "group": None, "verdicts": json.dumps(dict(one.verdicts), sort_keys=True)}
        for one in looks
    ]
    new += [
        {
            "kind": STOP,
            "week": one.week,
            "group": one.group,
            "verdicts": json.dumps(
                {"rule": one.rule.model_dump(), "count": asdict(one.count), "p_value": one.p_value, "alpha": one.alpha}
            ),
        }
        for one in stops
    ]
    for row in new:
        row |= {"pilot_id": pilot_id, "pilot_hash": pilot_hash, "made_as_of": as_of}
        if _key(row) not in made:
            rows.append(row)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["made_as_of"] = pd.to_datetime(frame["made_as_of"], utc=True)
    return frame.astype(COLUMNS)


def _of(kept: pd.DataFrame | None, pilot_hash: str, kind: str) -> list[dict[str, Any]]:
    if kept is None or kept.empty:
        return []
    mine = kept[(kept["pilot_hash"] == pilot_hash) & (kept["kind"] == kind)].sort_values("week")
    return [{str(name): value for name, value in row.items()} for row in mine.to_dict("records")]


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    # A group is stopped once; a look is made once a week.
    if row["kind"] == STOP:
        return row["pilot_hash"], STOP, row["group"]
    return row["pilot_hash"], LOOK, int(str(row["week"]))
