"""Invented tickets about a few topics, made of interchangeable words, for tests of categories."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from tests.encoders import HashingEncoder

TOPICS = {
    "password": ["reset my password", "forgot login password", "password link expired", "cannot log in with password"],
    "invoice": [
        "download the invoice pdf",
        "invoice shows wrong address",
        "need invoice for march",
        "invoice tax number",
    ],
    "import": [
        "import contacts from Outlook",
        "contacts import csv fails",
        "import address book csv",
        "Outlook contacts import",
    ],
    "printer": [
        "printer prints blank pages",
        "print labels on printer",
        "printer paper jam label",
        "blank label printer",
    ],
}
FILLERS = [
    "today",
    "on my laptop",
    "since the update",
    "in the office",
    "for a colleague",
    "again",
    "on Monday",
    "at home",
]


def make_tickets(topics: list[str], count: int, seed: int = 0, source: str = "desk") -> pd.DataFrame:
    """``count`` tickets a topic: ticket_id, text, text_hash, language, topic, created_at; ids do not depend on order."""
    rng = np.random.default_rng(seed)
    rows = []
    for topic in topics:
        for _ in range(count):
            words = [*rng.choice(TOPICS[topic], 2, replace=False), *rng.choice(FILLERS, 2, replace=False)]
            text = f"{str(words[0]).capitalize()}\nHello, I want to {words[0]} {words[2]}. Also {words[1]} {words[3]}. {rng.integers(1e9)}"
            digest = hashlib.sha256(text.encode()).hexdigest()
            rows.append((f"{source}:{digest[:12]}", text, digest, "en", topic, pd.Timestamp("2026-05-01", tz="UTC")))
    columns = ["ticket_id", "text", "text_hash", "language", "topic", "created_at"]
    return pd.DataFrame(rows, columns=columns).drop_duplicates("ticket_id").reset_index(drop=True)


def vectors_of(tickets: pd.DataFrame) -> np.ndarray:
    """Vectors of the tickets' texts by the tests' encoder."""
    return HashingEncoder(128).encode(tickets["text"].tolist())


def splits_of(tickets: pd.DataFrame) -> pd.DataFrame:
    """A split by hash: 70 / 15 / 15."""
    share = [int(ticket.split(":")[1][:6], 16) / 16**6 for ticket in tickets["ticket_id"]]
    side = ["train" if s < 0.7 else "calibration" if s < 0.85 else "holdout" for s in share]
    return pd.DataFrame({"ticket_id": tickets["ticket_id"], "split": side, "group_id": tickets["ticket_id"]})
