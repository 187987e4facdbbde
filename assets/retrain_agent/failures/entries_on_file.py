"""Entries on file, live ones and those set aside, as failures are laid beside them.

Belongs here: one list of both, for whom each holds, which are variants of one question. Does not belong here: likeness of
texts (``sight``), deciding anything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.build_knowledge.conditions import Conditions, applies, load_conditions, overlap
from assets.build_knowledge.variants import share_phrasings
from assets.pilot_agent.answers.frames import as_list

_OUT_OF_DATE = ("its review was due", "it was right until", "not in date", "stale", "contradiction", "deprecated")
"""What ``why_not_live`` says of an entry that is no longer true, or that nobody has confirmed in time."""


@dataclass(frozen=True)
class OnFile:
    """An entry. wordings: its question and how customers ask it, those of its variants too; why: sentences on why it is
    set aside, empty for a live one."""

    entry_id: str
    content_hash: str
    category_id: str
    question: str
    answer: str
    conditions: Conditions
    wordings: tuple[str, ...]
    why: tuple[str, ...] = ()

    @property
    def is_live(self) -> bool:
        """Whether the agent may answer with it."""
        return not self.why

    @property
    def is_out_of_date(self) -> bool:
        """Whether it was set aside for its age or its truth, and not because nobody has accepted it."""
        said = " ".join(self.why).casefold()
        return any(one in said for one in _OUT_OF_DATE)

    def holds_for(self, context: Mapping[str, object]) -> bool | None:
        """Whether it holds for this customer; None where that is not known."""
        return applies(self.conditions, context)


def entries_on_file(live: pd.DataFrame, aside: pd.DataFrame) -> list[OnFile]:
    """Live entries first, then those set aside; one that is both (an older version of it) is live.

    Raises:
        KeyError: a frame lacks a column of ``live_entries``.
    """
    found = [_entry(row, ()) for row in share_phrasings(live).to_dict("records")] if len(live) else []
    names = {one.entry_id for one in found}
    rest = aside[~aside["entry_id"].astype(str).isin(names)].dropna(subset=["answer", "question"])
    for row in rest.to_dict("records"):
        why = tuple(str(one) for one in as_list(row.get("why_not_live"))) or ("it is set aside",)
        found.append(_entry(row, why))
    return found


def are_variants(one: OnFile, other: OnFile, likeness: float, least: float = 0.8) -> bool:
    """Whether two entries answer one question for different customers.

    They do where their questions are the same, or where they can never hold for the same customer and ask alike.

    Args:
        likeness: cosine of their questions.
    """
    if one.entry_id == other.entry_id or one.category_id != other.category_id:
        return False
    if _same(one.question) == _same(other.question):
        return True
    never_meet = not overlap(one.conditions, other.conditions)
    return never_meet or (likeness >= least and one.answer != other.answer)


def facts_of(context: Any) -> dict[str, Any]:
    """What is known of a customer; nothing where it cannot be read."""
    if not isinstance(context, str):
        return {}
    try:
        facts = json.loads(context)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def _entry(row: Mapping[Any, Any], why: tuple[str, ...]) -> OnFile:
    wordings = dict.fromkeys(str(one) for one in [row["question"], *as_list(row["phrasings"])])
    return OnFile(
        entry_id=str(row["entry_id"]),
        content_hash=str(row["content_hash"]),
        category_id=str(row["category_id"]),
        question=str(row["question"]),
        answer=str(row["answer"]),
        conditions=load_conditions(row["conditions"]),
        wordings=tuple(wordings),
        why=why,
    )


def _same(question: str) -> str:
    return " ".join(question.casefold().split()).rstrip("?!. ")
