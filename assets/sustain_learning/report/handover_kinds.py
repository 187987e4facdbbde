"""Why an answer went to a person, in a handful of kinds that stay the same from month to month.

Belongs here: reading the rules that decided. Does not belong here: counting (``month_rates``).

The reasons themselves name categories and entries and are too many to compare: 60 of 565 handovers in one pilot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import as_list

TRIGGER, HYBRID, UNSURE, UNCLEAR, BUCKET, JOINED, APPROVAL, STOPPED, OTHER = (
    "trigger", "hybrid", "unsure", "unclear", "always_a_person", "person_replied", "needs_approval", "rollout_stopped",
    "other",
)  # fmt: skip
HANDOVER_KINDS: Mapping[str, str] = {
    TRIGGER: "the customer said something that calls for a person, such as cancelling or legal steps",
    HYBRID: "the category is one where the AI drafts and a person sends",
    UNSURE: "the AI was not sure enough to answer alone",
    UNCLEAR: "the message resembles nothing the AI knows",
    BUCKET: "the category always goes to a person",
    JOINED: "a person replied as well",
    APPROVAL: "a person has to approve first",
    STOPPED: "the rollout was stopped before the reply was sent",
    OTHER: "for another reason",
}
"""Kinds of handover, in words."""


def handover_kinds(answers: pd.DataFrame) -> pd.Series:
    """The kind of each answer (n,), by the rules that were asked; ``other`` where they do not tell.

    Args:
        answers: ``fct_ai_answers``: action, steps, escalation_reason.
    """
    rows = zip(answers["action"], answers["steps"], answers["escalation_reason"], strict=True)
    kinds = [_kind(_word(action), _word(reason), as_list(steps)) for action, steps, reason in rows]
    return pd.Series(kinds, index=answers.index, dtype="string")


def _word(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)


def _kind(action: str | None, reason: str | None, steps: Iterable[Any]) -> str:
    asked = [str(one) for one in steps]
    if action in ("answer", "ask"):
        return reason if reason in (JOINED, APPROVAL, STOPPED) else OTHER
    if any(one.startswith(("trigger:", "page:")) for one in asked):
        return TRIGGER
    if action == "draft":
        # A draft in a hybrid category rests on no threshold; one that is short of it was to be sent.
        return UNSURE if asked and asked[-1] == "threshold" else HYBRID
    if action == "escalate" and "category" in asked:
        return BUCKET if "bucket" in asked else UNCLEAR
    return OTHER
