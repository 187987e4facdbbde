"""The decisions a session is asked for: open fixes in their order, each with what it would change.

Belongs here: a proposal in words. Does not belong here: ranking (``fix_queue``), recording a decision.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.build_knowledge.drafts.proposal import count_phrase
from assets.retrain_agent.fixes.proposal import KINDS, Proposal, ProposedEntry
from assets.retrain_agent.patterns.pattern_names import condition_words
from assets.retrain_agent.review_session.shown_patterns import short

DECISIONS = 6
MAX_ANSWER = 600
_FIGURES = re.compile(r"\A[\d,]+ failures? of [\d,]+ customers?\b[^.]*\.(?:\s+|\Z)")
"""``fixes.fix.volume_sentence``."""


@dataclass(frozen=True)
class ProposedText:
    """An entry as it would be, cut to a length. what: “New entry in Invoice copy”; for_whom: "" for everybody."""

    what: str
    question: str
    answer: str
    for_whom: str


@dataclass(frozen=True)
class AskedDecision:
    """One open fix. fix_id: its first eight digits, as commands take them; changes: sentences on what would change; can_be_accepted:
    whether there is anything in it to accept as it stands."""

    rank: int
    fix_id: str
    whole_id: str
    title: str
    kind: str
    why: tuple[str, ...]
    changes: tuple[str, ...]
    texts: tuple[ProposedText, ...]
    is_urgent: bool
    tickets_per_month: float | None
    minutes_per_month: float | None
    can_be_accepted: bool


def asked_decisions(
    open_fixes: pd.DataFrame, category_names: Mapping[str, str], most: int = DECISIONS
) -> tuple[list[AskedDecision], int]:
    """The first open fixes by rank, and how many more there are.

    Args:
        open_fixes: ``fix_queue``; rows that are not open are left out.
    """
    rows = open_fixes[open_fixes["status"] == "open"].sort_values(["rank", "fix_id"], kind="stable")
    found = [
        _decision({str(k): v for k, v in row.items()}, category_names) for row in rows.head(most).to_dict("records")
    ]
    return found, max(0, len(rows) - most)


def beside_figures(why: str) -> str:
    """The reasons of a fix without the sentence of figures that they begin with, for where the figures stand beside them."""
    return _FIGURES.sub("", why, count=1)


def _decision(row: Mapping[str, Any], names: Mapping[str, str]) -> AskedDecision:
    try:
        proposal = Proposal.from_json(str(row["proposal"]))
        changes = tuple(proposal_sentences(proposal, names))
        texts = tuple(_text(one, names) for one in proposal.entries[:3])
        can_be_accepted = not proposal.is_empty
    except (ValueError, TypeError, KeyError):
        changes = ("What is proposed cannot be read; run the stage again.",)
        texts, can_be_accepted = (), False
    return AskedDecision(
        rank=0 if pd.isna(row["rank"]) else int(row["rank"]),
        fix_id=str(row["fix_id"])[:8],
        whole_id=str(row["fix_id"]),
        title=short(row["title"], 200),
        kind=KINDS.get(str(row["kind"]), str(row["kind"])),
        why=tuple(short(line, 420) for line in beside_figures(str(row["why"] or "")).splitlines() if line.strip())[:4],
        changes=changes,
        texts=texts,
        is_urgent=bool(row["is_urgent"]) if not pd.isna(row["is_urgent"]) else False,
        tickets_per_month=None if pd.isna(row["tickets_per_month"]) else float(row["tickets_per_month"]),
        minutes_per_month=None if pd.isna(row["minutes_per_month"]) else float(row["minutes_per_month"]),
        can_be_accepted=can_be_accepted,
    )


def proposal_sentences(proposal: Proposal, names: Mapping[str, str]) -> list[str]:
    """What a proposal changes beside the texts of entries, in sentences."""
    said = []
    for one in proposal.entries:
        # Of an entry on file most wordings are there already; what is new among them is said in the reasons.
        if one.phrasings and one.base_hash is None:
            shown = "; ".join(f"“{short(words, 90)}”" for words in one.phrasings[:3])
            more = len(one.phrasings) - 3
            said.append(f"Customers ask it like this: {shown}{f' and {more} more' if more > 0 else ''}.")
    counts = Counter((one.was, one.category_id) for one in proposal.labels)
    for (was, right), count in sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0]))):
        instead = f" instead of {_named(was, names)}" if was else ""
        said.append(f"{count_phrase(count, 'ticket', 'tickets')} would teach {_named(right, names)}{instead}.")
    for trigger in proposal.triggers:
        said.append(_trigger(trigger))
    for path, value in sorted(proposal.settings.items()):
        said.append(f"The setting {short(path, 80)} would be {short(json.dumps(value, ensure_ascii=False), 80)}.")
    if proposal.asks_for:
        fields = ", ".join(short(one, 40).replace("_", " ") for one in proposal.asks_for)
        said.append(f"The agent has to know of each customer: {fields}.")
    if proposal.touches_behavior:
        said.append("behavior.yaml changes, and has to be signed again.")
    return said


def _trigger(trigger: Mapping[str, Any]) -> str:
    name = short(str(trigger.get("id", "")).replace("_", " "), 60)
    phrases = [f"“{short(one, 60)}”" for one in trigger.get("phrases") or []]
    heard = [short(str(one).replace("_", " "), 40) for one in trigger.get("signals") or []]
    listens = ", ".join([*heard, *phrases[-6:]])
    more = f" and {len(phrases) - 6} more" if len(phrases) > 6 else ""
    reason = short(trigger.get("reason"), 160).rstrip(".")
    return (
        f"The trigger {name} ({reason}) would listen for {listens}{more}."
        if listens
        else f"The trigger {name}: {reason}."
    )


def _text(one: ProposedEntry, names: Mapping[str, str]) -> ProposedText:
    what = "New entry" if one.base_hash is None else f"Entry {short(one.entry_id, 60)}"
    return ProposedText(
        what=f"{what} in {_named(one.category_id, names)}",
        question=short(one.question, 200),
        answer=short(one.answer, MAX_ANSWER),
        for_whom=short(condition_words(json.dumps(one.conditions)), 160),
    )


def _named(category_id: str | None, names: Mapping[str, str]) -> str:
    return short(names.get(str(category_id), str(category_id).replace("_", " ")), 60)
