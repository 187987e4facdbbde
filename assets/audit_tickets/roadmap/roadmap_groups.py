"""Which categories and candidates the roadmap has a row for, and which ticket belongs to which.

Belongs here: joining tickets with their intents and split, and listing accepted categories, categories that only the
helpdesk names, and open candidates. Does not belong here: measuring them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from assets.audit_tickets.roadmap.buckets import BUCKETS


def tickets_with_group(
    fct_tickets: pd.DataFrame,
    intents: pd.DataFrame,
    candidates: pd.DataFrame,
    splits: pd.DataFrame,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """`fct_tickets` up to `as_of` with category_id, group_id (category, else open candidate) and split, by ticket_id.

    Ordered here, because a mean depends in its last digit on the order of what is added up.
    """
    open_ids = set(candidates.loc[candidates["status"] == "open", "candidate_id"])
    by_ticket = intents.set_index("ticket_id")
    tickets = fct_tickets[fct_tickets["created_at"] <= as_of].sort_values("ticket_id", ignore_index=True)
    tickets["category_id"] = tickets["ticket_id"].map(by_ticket["assigned_category_id"]).astype("object")
    candidate = tickets["ticket_id"].map(by_ticket["candidate_id"]).astype("object")
    tickets["group_id"] = tickets["category_id"].where(
        tickets["category_id"].notna(), candidate.where(candidate.isin(open_ids), None)
    )
    tickets["split"] = tickets["ticket_id"].map(splits.set_index("ticket_id")["split"])
    return tickets


def list_groups(accepted: pd.DataFrame, candidates: pd.DataFrame, history: pd.DataFrame) -> list[dict[str, Any]]:
    """One dict a row of the roadmap: what people decided, and the phrases and example tickets that come with it.

    A category that the helpdesk's labels name but `categories.yaml` does not is listed without a decision.
    """
    groups = []
    for row in accepted.to_dict("records"):
        groups.append(
            {
                "category_id": row["category_id"],
                "name": row.get("name") or row["category_id"],
                "kind": "category",
                "decided_bucket": row["bucket"] if row.get("bucket") in BUCKETS else None,
                "tier": row.get("tier") if pd.notna(row.get("tier")) else None,
                "owner": row.get("owner") if isinstance(row.get("owner"), str) else None,
                "description": row.get("description") if isinstance(row.get("description"), str) else "",
                "phrases": _as_list(row.get("examples")),
                "preferred_examples": [],
            }
        )
    known = {group["category_id"] for group in groups}
    for category_id in sorted(set(history["category_id"].dropna()) - known):
        name = str(category_id).replace("_", " ").replace("-", " ").strip().capitalize()
        groups.append(undecided_group(category_id, name or str(category_id), "category"))
    for row in candidates[candidates["status"] == "open"].to_dict("records"):
        phrases, tickets = _as_list(row.get("examples")), _as_list(row.get("example_ticket_ids"))
        groups.append(undecided_group(row["candidate_id"], row["name"], "candidate", phrases, tickets))
    return groups


def undecided_group(
    category_id: str, name: str, kind: str, phrases: list[str] | None = None, tickets: list[str] | None = None
) -> dict[str, Any]:
    """A row that nobody has decided about."""
    return {
        "category_id": category_id,
        "name": name,
        "kind": kind,
        "decided_bucket": None,
        "tier": None,
        "owner": None,
        "description": "",
        "phrases": phrases or [],
        "preferred_examples": tickets or [],
    }


def _as_list(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, (list, tuple, np.ndarray)) else []
