"""Small frames and an embedder for tests of drafting. All people and products are invented."""

import hashlib
import json

import numpy as np
import pandas as pd

from assets.build_knowledge.drafts.sentences import content_stems

AS_OF = pd.Timestamp("2026-06-01", tz="UTC")
DIMENSIONS = 512


def embed(texts):
    """Unit vectors of word stems: like texts are those that share words."""
    rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for row, text in enumerate(texts):
        for stem in content_stems(text) or [text]:
            rows[row, int(hashlib.sha256(stem.encode()).hexdigest(), 16) % DIMENSIONS] += 1.0
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


class Desk:
    """Collects tickets and gives the frames of stage 1."""

    def __init__(self):
        self.tickets, self.comments, self.splits, self.intents = [], [], [], []

    def ticket(self, category, asks, answer=None, split="train", days_ago=10, language="en", **facts):
        """Add a ticket with one question and, where given, one answer (or several, in order)."""
        number = len(self.tickets) + 1
        ticket_id = f"desk:{number}"
        created = AS_OF - pd.Timedelta(days=days_ago) - pd.Timedelta(minutes=number)
        context = {name: value for name, value in facts.items() if name not in ("csat", "is_one_touch_resolution")}
        self.tickets.append(
            {
                "ticket_id": ticket_id,
                "created_at": created,
                "requester_id": f"person-{number}",
                "is_in_audit": True,
                "solved_at": None,
                "solved_at_source": "none",
                "is_one_touch_resolution": facts.get("is_one_touch_resolution", True),
                "csat": facts.get("csat"),
                "count_reopens": 0,
                "plan": context.get("plan"),
                "sso": context.get("sso"),
                "os": context.get("os"),
                "context": json.dumps(context),
            }
        )
        answers = [] if answer is None else [answer] if isinstance(answer, str) else list(answer)
        for place, (role, text) in enumerate([("requester", asks), *(("staff", one) for one in answers)], 1):
            self.comments.append(
                {
                    "comment_id": f"desk:{number}-{place}",
                    "ticket_id": ticket_id,
                    "position": place,
                    "author_role": role,
                    "is_public": True,
                    "created_at": created + pd.Timedelta(minutes=place),
                    "subject": None,
                    "text": text,
                    "language": language,
                    "text_hash": hashlib.sha256(text.encode()).hexdigest(),
                }
            )
        self.splits.append({"ticket_id": ticket_id, "split": split})
        self.intents.append({"ticket_id": ticket_id, "assigned_category_id": category, "candidate_id": None})
        return ticket_id

    def frames(self):
        """tickets, intents, splits, comments."""
        tickets = pd.DataFrame(self.tickets)
        tickets["solved_at"] = pd.to_datetime(tickets["solved_at"], utc=True)
        return tickets, pd.DataFrame(self.intents), pd.DataFrame(self.splits), pd.DataFrame(self.comments)


def roadmap(**buckets):
    """A roadmap row a category: `roadmap(export="hybrid")`."""
    return pd.DataFrame(
        [
            {
                "category_id": name,
                "name": name.replace("_", " ").capitalize(),
                "kind": "category",
                "rank": place,
                "bucket": bucket,
                "tier": None,
                "owner": "Ines Falk",
                "training_order": place,
                "count_tickets": 100 - place,
            }
            for place, (name, bucket) in enumerate(buckets.items(), 1)
        ]
    )


def section(article, text, title="A title", headings=(), conditions="{}", position=0, **more):
    """A row of help_center_articles."""
    digest = hashlib.sha256(f"{title}{headings}{text}{conditions}".encode()).hexdigest()
    return {
        "section_id": f"{article}#{digest[:12]}",
        "article_id": article,
        "title": title,
        "headings": list(headings),
        "position": position,
        "text": text,
        "conditions": conditions,
        "locale": "en",
        "url": None,
        "owner": None,
        "section_hash": digest,
        "retired_as_of": None,
        **more,
    }


def articles(*sections):
    """help_center_articles of these sections."""
    return pd.DataFrame(list(sections) or [section("file:none", "")]).iloc[: len(sections)]


def findings(*rows):
    """knowledge_findings; each row a dict that may leave out what does not matter."""
    usual = {
        "subject_kind": "article",
        "status": "open",
        "is_blocking": True,
        "other_id": None,
        "is_other_blocked": False,
        "evidence": "a quote",
        "reason": "past_review",
    }
    columns = ["type", "subject_id", *usual]
    return pd.DataFrame([{**usual, **row} for row in rows], columns=columns)


def entries(*rows):
    """knowledge_entries; each row a dict that may leave out what does not matter."""
    usual = {
        "entry_id": "an-entry",
        "category_id": "export",
        "question": "How?",
        "answer": "Like this.",
        "conditions": "{}",
        "phrasings": [],
        "sources": "[]",
        "status": "accepted",
        "is_current": True,
        "owner": "Ines Falk",
    }
    return pd.DataFrame([{**usual, **row} for row in rows], columns=list(usual))


def decisions(**by_draft):
    """Ledger decisions: draft id to status."""
    return pd.DataFrame(list(by_draft.items()), columns=["draft_id", "status"])
