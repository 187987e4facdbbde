"""Whether an answer of the replay was right, by what people did with the same ticket.

Belongs here: reading one row of ``replay_answers``. Does not belong here: what people said of live answers
(``word_on_answer``), metrics of the replay.

A trigger that fires is the desk's own rule, and a category that always goes to a person is its decision: that people
answered such a ticket does not make handing it over wrong. Nor does a second colleague in a ticket make an answer wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import as_list
from assets.retrain_agent.failures.word_on_answer import Word
from assets.retrain_agent.frames import REPLAY

ESCALATE = "escalate"


def of_replay(row: Mapping[str, Any], replies: Mapping[str, str]) -> Word | None:
    """What people's handling of the ticket says of a decision; None where it says nothing.

    Args:
        row: of ``replay_answers``.
        replies: what a person answered, by ticket_id.
    """
    right = tuple(str(one) for one in [*as_list(row["linked_entry_ids"]), *as_list(row["same_answer_ids"])])
    words = replies.get(str(row["ticket_id"]))
    by_rule = any(str(one).startswith(("trigger:", "page:")) for one in as_list(row["steps"]))
    if row["action"] == ESCALATE:
        if by_rule or row["bucket"] == ESCALATE or _is(row["was_escalated"]) or not right:
            return None
        return Word(REPLAY, True, None, words, right, False)
    if not pd.isna(row["is_entry_right"]):
        is_wrong = not bool(row["is_entry_right"])
        return Word(REPLAY, is_wrong, None, words if is_wrong else None, right)
    if not pd.isna(row["is_category_right"]) and not bool(row["is_category_right"]):
        return Word(REPLAY, True, None, words)
    return None


def _is(value: Any) -> bool:
    return not pd.isna(value) and bool(value)
