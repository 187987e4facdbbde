"""Customers who answered the agent's question before a person did: the next turn to decide.

Belongs here: finding them in the comments. Does not belong here: deciding (``draft_answers``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import pandas as pd

from assets.configure_behavior.decisions.decision import Turn
from assets.pilot_agent.answers.frames import ROLLOUT

MAX_TURNS = 3
MAX_CHARS = 4_000


@dataclass(frozen=True)
class FollowUp:
    """What a customer wrote after a question of the agent, with everything said before, oldest first."""

    ticket_id: str
    turn: int
    asked_at: pd.Timestamp
    text: str
    conversation: tuple[Turn, ...]


def follow_ups(answers: pd.DataFrame, comments: pd.DataFrame) -> list[FollowUp]:
    """The turns that wait, ordered by ticket.

    Args:
        answers: rows of ``shadow_answers`` of one pilot.
        comments: ``redacted_comments``: ticket_id, author_role, is_public, created_at, position, text.

    A turn waits where the last one asked in rollout mode, and the customer wrote publicly after the message that was
    decided, with no person in between. What a customer adds before the question was sent counts too: it is read with it.
    The opening never does, though some helpdesks date it a moment after its ticket.
    """
    last = answers.sort_values("turn").drop_duplicates("ticket_id", keep="last")
    asking = last[(last["mode"] == ROLLOUT) & (last["action"] == "ask") & (last["turn"] < MAX_TURNS)]
    if asking.empty:
        return []
    is_ours = comments["ticket_id"].isin(set(asking["ticket_id"])) & (comments["position"] > 1)
    public = comments[is_ours & comments["is_public"].astype(bool)]
    said = {str(ticket): part for ticket, part in public.sort_values(["created_at", "position"]).groupby("ticket_id")}
    found = []
    for row in asking.sort_values("ticket_id").to_dict("records"):
        after = said.get(row["ticket_id"])
        if after is None:
            continue
        after = after[after["created_at"] > row["asked_at"]]
        if (after["author_role"] == "staff").any():
            continue
        wrote = after[(after["author_role"] == "requester") & (after["text"].fillna("").str.strip() != "")]
        if wrote.empty:
            continue
        earlier = [Turn(**turn) for turn in json.loads(row["conversation"])]
        found.append(
            FollowUp(
                ticket_id=row["ticket_id"],
                turn=int(row["turn"]) + 1,
                asked_at=wrote["created_at"].iloc[-1],
                text="\n".join(wrote["text"])[:MAX_CHARS],
                conversation=(*earlier, Turn("customer", row["question"]), Turn("ai_agent", row["reply"])),
            )
        )
    return found
