"""Looks that were made, kept: what was decided at one stands, also when a late rating would change it.

Belongs here: the frame ``pilot_looks`` [look], in and out. Does not belong here: judging.
"""

from __future__ import annotations

import json

import pandas as pd

from assets.pilot_agent.verdict.looks import Look

COLUMNS = {
    "pilot_id": "string",
    "pilot_hash": "string",
    "week": "Int64",
    "made_as_of": "datetime64[us, UTC]",
    "verdicts": "string",
}


def looks_of(kept: pd.DataFrame | None, pilot_hash: str) -> list[Look]:
    """The looks made under one plan, in order."""
    if kept is None or kept.empty:
        return []
    mine = kept[kept["pilot_hash"] == pilot_hash].sort_values("week")
    return [Look(int(week), json.loads(text)) for week, text in zip(mine["week"], mine["verdicts"], strict=True)]


def with_look(
    kept: pd.DataFrame | None, look: Look | None, pilot_id: str, pilot_hash: str, as_of: pd.Timestamp | None
) -> pd.DataFrame:
    """The frame with a look added; one that is there already stays as it was made."""
    rows = [] if kept is None else kept.to_dict("records")
    made = {(row["pilot_hash"], int(row["week"])) for row in rows}
    if look is not None and (pilot_hash, look.week) not in made:
        verdicts = json.dumps(dict(look.verdicts), sort_keys=True)
        rows.append(dict(zip(COLUMNS, (pilot_id, pilot_hash, look.week, as_of, verdicts), strict=True)))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["made_as_of"] = pd.to_datetime(frame["made_as_of"], utc=True)
    return frame.astype(COLUMNS)
