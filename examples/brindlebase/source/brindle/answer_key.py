"""The truth beside the desk, which no asset may read: for the simulated reviewer, and to measure detectors against."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import yaml

from brindle import helpcenter, planted
from brindle.model import Ticket
from brindle.texts import load_categories


def table(columns: list[str], rows: list[list[Any]]) -> str:
    """CSV text."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue()


def _ticket_row(ticket: Ticket) -> list[Any]:
    other = ticket.merged_into or ticket.duplicate_of
    return [
        ticket.helpdesk,
        ticket.id,
        ticket.category,
        ticket.entry or "",
        json.dumps(ticket.true_condition, sort_keys=True),
        json.dumps(ticket.context, sort_keys=True),
        str(bool(ticket.reasons)).lower(),
        ";".join(ticket.reasons),
        ticket.outcome,
        ticket.language,
        str(ticket.is_spam).lower(),
        str(ticket.is_automated).lower(),
        f"{other.helpdesk}:{other.id}" if other else "",
        ticket.mood or "",
        ticket.person.key,
        ticket.opening_key,
        ";".join(ticket.planted),
    ]


def _personal_rows(ticket: Ticket, cutoff: int) -> list[list[Any]]:
    rows = []
    for position, message in enumerate(ticket.visible(cutoff)):
        comment = "description" if position == 0 and ticket.helpdesk == "freshdesk" else message.id
        rows += [[ticket.helpdesk, ticket.id, comment, kind, text] for kind, text in sorted(set(message.found))]
    return rows


def entries() -> list[dict[str, Any]]:
    """The right entries of all categories, in the order of the texts."""
    found = []
    for category in load_categories().values():
        for entry in category.raw["entries"]:
            found.append(
                {
                    "id": entry["id"],
                    "category": category.id,
                    "question": entry["question"],
                    "conditions": entry["conditions"],
                    "answer": entry["answer"],
                    "must_escalate": entry.get("escalate") or category.raw.get("escalate"),
                    "articles": helpcenter.links().get(entry["id"], []),
                }
            )
    return found


def files(tickets: list[Ticket], cuts: dict[str, int]) -> dict[str, str]:
    """All generated files of the answer key by name."""
    seen = [t for t in tickets if t.created <= cuts[t.helpdesk]]
    columns = [
        "helpdesk",
        "ticket_id",
        "true_category",
        "true_entry",
        "condition",
        "context",
        "should_escalate",
        "escalation_reasons",
        "outcome",
        "language",
        "is_spam",
        "is_automated",
        "duplicate_of",
        "mood",
        "person",
        "opening",
        "planted",
    ]
    personal = [row for t in seen for row in _personal_rows(t, cuts[t.helpdesk])]
    defects = [
        [d["type"], ";".join(map(str, [a["id"], *d.get("with", [])])), d["why"]]
        for a in helpcenter.load()
        for d in a.get("defects", [])
    ]
    return {
        "tickets.csv.gz": table(columns, [_ticket_row(t) for t in seen]),
        "personal_data.csv.gz": table(["helpdesk", "ticket_id", "comment_id", "type", "string"], personal),
        "knowledge_defects.csv": table(["defect", "article_ids", "explanation"], defects),
        "condition_pairs.csv": table(
            [
                "category",
                "question",
                "deciding",
                "entry_a",
                "conditions_a",
                "entry_b",
                "conditions_b",
                "phrasings",
            ],
            planted.condition_pairs(),
        ),
        "trigger_conversations.csv": table(
            ["id", "reason", "must_escalate", "language", "turns"], planted.trigger_conversations()
        ),
        "entries.yaml": "# The right answers, written by hand in source/texts. Fictional. No asset may read this.\n"
        + yaml.safe_dump({"entries": entries()}, sort_keys=False, allow_unicode=True, width=110),
    }
