"""Who was drawn into which arm, by requester: the frame ``rollout_assignments``.

Belongs here: one row a requester out of the answers given. Does not belong here: the draw (``assign_rollout``), whether
it came out even (``realised_share``, ``balance``).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from assets.pilot_agent.answers.frames import ASSIGNMENT, frame_of
from assets.pilot_agent.assignment.assign_rollout import rollout_points
from assets.pilot_agent.assignment.balance import balance
from assets.pilot_agent.assignment.realised_share import realised_share
from desk.pilot import PilotFile
from ledger.pilots import ShareChange


def rollout_assignments(answers: pd.DataFrame, pilot: PilotFile, shares: Sequence[ShareChange]) -> pd.DataFrame:
    """``frames.ASSIGNMENT`` [requester with a ticket in the rollout], by requester.

    Args:
        answers: ``shadow_answers``. pilot: the registered plan. shares: ``share_changes`` of it.
    """
    mine = openings_in_rollout(answers, pilot.pilot_id)
    known = mine[mine["requester_id"].notna()].sort_values(["created_at", "ticket_id"])
    now = shares[-1].share if shares else None
    points = dict(
        zip(
            known["requester_id"], rollout_points(known["requester_id"].astype(str), pilot.assignment_salt), strict=True
        )
    )
    rows = [
        (pilot.pilot_id, requester, float(points[requester]), part["arm"].iloc[-1], part["arm"].iloc[0],
         part["ticket_id"].iloc[0], part["created_at"].iloc[0], float(part["share"].iloc[0]), now, len(part))
        for requester, part in known.groupby("requester_id", sort=True)
    ]  # fmt: skip
    return frame_of(rows, ASSIGNMENT)


def openings_in_rollout(answers: pd.DataFrame, pilot_id: str) -> pd.DataFrame:
    """First turns of the tickets that were assigned to an arm, one row a ticket."""
    is_first = (answers["turn"] == 1) & answers["arm"].notna() & (answers["pilot_id"] == pilot_id)
    return answers[is_first.fillna(False)].drop_duplicates("ticket_id")


def draw_in_words(answers: pd.DataFrame, pilot: PilotFile) -> list[tuple[str, str, bool]]:
    """Whether share and arms came out as drawn: (kind, sentence, is in order); kind is assignment or balance.

    The share is looked at for every time with one share above 0; balance over all tickets of these times.
    """
    mine = openings_in_rollout(answers, pilot.pilot_id)
    mine = mine[mine["share"] > 0]
    if mine.empty:
        return [("assignment", "No ticket has been assigned to an arm yet.", True)]
    found = []
    for share, part in mine.groupby("share", sort=True):
        # A share that was set twice counts as one time: the draw is the same, and so is what it must give.
        try:
            one = realised_share(part, float(str(share)))
        except ValueError as error:  # a requester in both arms: said here, and named by the check on arms
            found.append(("assignment", f"The draw cannot be judged: {error}.", False))
            continue
        found.append(("assignment", one.sentence, one.is_as_drawn))
    rows = balance(mine).drop_duplicates("covariate")
    found += [("balance", str(row.sentence), bool(row.is_balanced)) for row in rows.itertuples()]
    return found


def mixed_requesters(answers: pd.DataFrame, pilot: PilotFile) -> list[str]:
    """Sentences on tickets whose arm is not the one the hash gives, and on answers that went to the control arm."""
    mine = openings_in_rollout(answers, pilot.pilot_id)
    known = mine[mine["requester_id"].notna()]
    points = rollout_points(known["requester_id"].astype(str), pilot.assignment_salt)
    drawn = pd.Series(points < known["share"].to_numpy(dtype=float), index=known.index)
    wrong = known[drawn != (known["arm"] == "ai")]
    found = (
        [f"{len(wrong):,} tickets are in another arm than drawn, such as {wrong['ticket_id'].iloc[0]}"]
        if len(wrong)
        else []
    )
    unknown = mine[mine["requester_id"].isna() & (mine["arm"] == "ai")]
    if len(unknown):
        found.append(f"{len(unknown):,} tickets of unknown requesters are in the agent's arm")
    sent = answers[(answers["mode"] == "rollout") & (answers["arm"] != "ai").fillna(True)]
    if len(sent):
        found.append(
            f"{len(sent):,} answers were sent outside the agent's arm, such as for {sent['ticket_id'].iloc[0]}"
        )
    sides = known.groupby(["requester_id", "share"])["arm"].nunique()
    if (mixed := int((sides > 1).sum())) > 0:
        found.append(f"{mixed:,} requesters are in both arms under one share")
    return found
