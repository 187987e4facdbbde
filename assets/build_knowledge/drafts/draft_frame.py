"""The published frame of drafts: stable ids, hashes, the sentence that says why, and what people decided.

Belongs here: from proposals to rows of `knowledge_drafts`. Does not belong here: making and joining proposals.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.build_knowledge.conditions import dump_conditions
from assets.build_knowledge.drafts.proposal import Proposal
from ledger.chain import canonical_json, sha256_hex

COLUMNS = [
    "draft_id", "category_id", "question", "answer", "conditions", "phrasings", "sources", "origin", "why", "suggested_owner", "score",
    "customer_language_score", "suggested_question", "model", "prompt_hash", "cost_usd", "content_hash", "status", "drafted_as_of",
]  # fmt: skip


def draft_id(proposal: Proposal) -> str:
    """Id of a draft, the same in every run while what it is drafted from is.

    From an article: its category, conditions and sections with their hashes. From tickets: category, conditions and
    the answer, so that one more ticket with the same answer makes no new draft.
    """
    if proposal.origin == "article_section":
        source = [[one.kind, one.id, one.hash] for one in proposal.sources if one.kind == "article"]
    else:
        source = [["answer", " ".join(fold(proposal.answer).split())]]
    name = canonical_json(
        {"category": proposal.category_id, "conditions": dump_conditions(proposal.conditions), "source": source}
    )
    return "draft_" + sha256_hex(name)[:12]


def content_hash(proposal: Proposal) -> str:
    """Hash of the fields an acceptance would be bound to, as for entries."""
    return sha256_hex(
        canonical_json(
            {
                "question": proposal.question,
                "answer": proposal.answer,
                "conditions": {name: sorted(values) for name, values in proposal.conditions.items()},
                "phrasings": list(proposal.phrasings),
                "category": proposal.category_id,
                "valid_from": None,
                "valid_until": None,
            }
        )
    )


def why(proposal: Proposal) -> str:
    """The reasons as one or more sentences."""
    parts = [*proposal.reasons, *proposal.notes]
    return " ".join(part[0].upper() + part[1:].rstrip(".") + "." for part in parts if part)


def draft_frame(
    proposals: Sequence[Proposal],
    language_scores: Sequence[tuple[float | None, str | None]],
    entries: pd.DataFrame,
    decisions: pd.DataFrame,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Rows of `knowledge_drafts`.

    Args:
        language_scores: customer-language score and suggested question, one a proposal.
        entries: `knowledge_entries`; a draft is accepted when a current entry of its category has its first source.
        decisions: what people decided: draft_id and status (accepted, rejected), one row a draft.
    """
    rejected = set(decisions.loc[decisions["status"] == "rejected", "draft_id"])
    taken = _sources_of_entries(entries)
    rows: dict[str, dict[str, Any]] = {}
    for proposal, (score, suggested) in zip(proposals, language_scores, strict=True):
        name = draft_id(proposal)
        first = proposal.sources[0]
        is_accepted = (
            proposal.category_id,
            first.kind,
            first.id,
            first.hash,
            dump_conditions(proposal.conditions),
        ) in taken
        rows.setdefault(
            name,
            {
                "draft_id": name,
                "category_id": proposal.category_id,
                "question": proposal.question,
                "answer": proposal.answer,
                "conditions": dump_conditions(proposal.conditions),
                "phrasings": list(proposal.phrasings),
                "sources": json.dumps(
                    [{"kind": s.kind, "id": s.id, "hash": s.hash} for s in proposal.sources], ensure_ascii=False
                ),
                "origin": proposal.origin,
                "why": why(proposal),
                "suggested_owner": proposal.owner,
                "score": float(proposal.score),
                "customer_language_score": score,
                "suggested_question": suggested,
                "model": None,
                "prompt_hash": None,
                "cost_usd": None,
                "content_hash": content_hash(proposal),
                "status": "accepted" if is_accepted else "rejected" if name in rejected else "open",
                "drafted_as_of": as_of,
            },
        )
    frame = pd.DataFrame(list(rows.values()), columns=COLUMNS)
    text = ["suggested_owner", "suggested_question", "model", "prompt_hash"]
    frame = frame.astype(
        dict.fromkeys(text, "str") | {"score": "float64", "customer_language_score": "float64", "cost_usd": "float64"}
    )
    return frame.sort_values(["category_id", "score", "draft_id"], ascending=[True, False, True], ignore_index=True)


def _sources_of_entries(entries: pd.DataFrame) -> set[tuple[str, str, str, str, str]]:
    """(category, kind, id, hash, conditions) of the sources of current entries."""
    found = set()
    for row in entries.to_dict("records"):
        if not row["is_current"] or row["status"] == "retired":
            continue
        for source in json.loads(row["sources"] or "[]"):
            found.add(
                (str(row["category_id"]), source.get("kind"), source.get("id"), source.get("hash"), row["conditions"])
            )
    return found
