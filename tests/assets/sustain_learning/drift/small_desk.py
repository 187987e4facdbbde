"""A desk of three entries and four months of tickets, for the tests of drift; everybody in it is invented."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.frames import CASE
from assets.sustain_learning.drift.knowledge_drift import knowledge_drift
from desk.conditions import dump_conditions

AS_OF = pd.Timestamp("2026-07-01T00:00Z")
RECENT = AS_OF - pd.Timedelta(days=28)
START = RECENT - pd.Timedelta(days=84)
DIMENSIONS = 24
MATTERS = ("reset", "invoice", "export", "printing")
"""The last has no entry."""
ANSWERS = {
    "reset": "Open the login page, enter your address and choose Forgot password; the link works for sixty minutes.",
    "invoice": "Owners download every invoice as document under Settings, Billing, Invoices; the newest stands first.",
    "export": "Choose Export in the menu of the space; the archive is mailed and can be fetched for seven days.",
}
PORTAL = "Bills are kept in the new payments portal; sign in there with the code mailed to your billing contact."
SIDES = ("train", "train", "train", "train", "train", "train", "train", "calibration", "holdout", "train")


def direction(place: int) -> np.ndarray:
    """A unit vector of its own for each matter."""
    return np.eye(DIMENSIONS)[place]


@dataclass
class SmallDesk:
    """What is published of the desk; ``ask`` adds a ticket, ``drift`` looks."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    vectors: list[np.ndarray] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    cases: list[list[Any]] = field(default_factory=list)
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(11))

    def ask(
        self,
        matter: str,
        at: pd.Timestamp,
        *,
        reply: str | None = None,
        is_wrong: bool | None = None,
        turned: float = 0.0,
        side: str | None = None,
    ) -> str:
        """A ticket of a matter; ``turned`` towards another way of asking the same."""
        number = len(self.rows)
        name = f"zendesk:{number}"
        vector = direction(MATTERS.index(matter)) + 0.12 * self.rng.normal(size=DIMENSIONS)
        vector[10] += turned
        self.vectors.append(vector / np.linalg.norm(vector))
        self.rows.append(
            {
                "ticket_id": name, "requester_id": f"customer {number}", "created_at": at, "is_in_audit": True,
                "side": side or SIDES[number % len(SIDES)], "category": matter, "text": f"{matter} question {number}",
            }
        )  # fmt: skip
        if reply is not None:
            self.comments.append(
                {
                    "comment_id": f"{name}#1", "ticket_id": name, "position": 2, "author_role": "staff", "is_public": True,
                    "created_at": at + pd.Timedelta(hours=1), "subject": "", "text": reply, "language": "en",
                    "text_hash": f"hash {number}",
                }
            )  # fmt: skip
        if is_wrong is not None:
            row = dict.fromkeys(CASE) | {
                "case_id": f"case {number:04}", "source": "review", "ticket_id": name, "answer_id": f"answer {number}",
                "requester_id": f"customer {number}", "occurred_at": at, "side": self.rows[-1]["side"], "action": "answer",
                "category_id": matter, "entry_ids": [matter], "entry_hashes": [f"hash of {matter}"], "is_wrong": is_wrong,
            }  # fmt: skip
            self.cases.append([row[one] for one in CASE])
        return name

    def frames(self) -> dict[str, Any]:
        """Every frame that ``knowledge_drift`` takes, but as_of and previous."""
        asked = pd.DataFrame(
            self.rows, columns=["ticket_id", "requester_id", "created_at", "is_in_audit", "side", "category", "text"]
        )
        asked["created_at"] = pd.to_datetime(asked["created_at"], utc=True)
        facts = {
            "solved_at": pd.NaT, "solved_at_source": None, "is_one_touch_resolution": True, "csat": None,
            "count_reopens": 0, "context": json.dumps({}), "plan": None, "sso": None, "os": None,
        }  # fmt: skip
        entries = pd.DataFrame(
            [
                {
                    "entry_id": name, "content_hash": f"hash of {name}", "category_id": name, "question": f"How do I {name}?",
                    "answer": answer, "conditions": dump_conditions({}), "owner": f"Owner of {name}", "is_current": True,
                }
                for name, answer in ANSWERS.items()
            ]
        )  # fmt: skip
        ids = asked["ticket_id"]
        return {
            "tickets": asked[["ticket_id", "requester_id", "created_at", "is_in_audit"]].assign(**facts),
            "intents": pd.DataFrame(
                {"ticket_id": ids, "predicted_category_id": asked["category"], "is_unknown": False,
                 "assigned_category_id": asked["category"]}
            ),
            "splits": pd.DataFrame({"ticket_id": ids, "split": asked["side"]}),
            "texts": pd.DataFrame({"ticket_id": ids, "text": asked["text"], "language": "en"}),
            "vectors": np.array(self.vectors, dtype=np.float32).reshape(-1, DIMENSIONS),
            "comments": pd.DataFrame(
                self.comments,
                columns=["comment_id", "ticket_id", "position", "author_role", "is_public", "created_at", "subject", "text",
                         "language", "text_hash"],
            ),
            "live_entries": entries,
            "entries": entries,
            "knowledge": pd.DataFrame({"entry_id": list(ANSWERS)}),
            "knowledge_vectors": np.array([direction(MATTERS.index(one)) for one in ANSWERS], dtype=np.float32),
            "findings": pd.DataFrame(
                columns=["finding_id", "subject_kind", "subject_id", "release_name", "status", "evidence", "found_as_of"]
            ),
            "judged": frame_of(self.cases, CASE),
            "releases": pd.DataFrame(columns=["date", "kind", "name", "version", "description", "affects"]),
        }  # fmt: skip

    def drift(self, previous: pd.DataFrame | None = None, as_of: pd.Timestamp = AS_OF, **others: Any) -> pd.DataFrame:
        """What ``knowledge_drift`` finds."""
        return knowledge_drift(**(self.frames() | others), previous=previous, as_of=as_of)


def usual(desk: SmallDesk, matter: str, *, before: int = 60, now: int = 20, **asked: Any) -> None:
    """Tickets of a matter at the same pace in both windows."""
    for number in range(before):
        desk.ask(matter, START + pd.Timedelta(hours=2 + number * 84 * 24 / before), **asked)
    for number in range(now):
        desk.ask(matter, RECENT + pd.Timedelta(hours=2 + number * 28 * 24 / now), **asked)
