"""Tickets of invented desks, day by day, for the watch on volumes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from assets.sustain_learning.signals.signal_material import SignalMaterial

FIRST = pd.Timestamp("2025-01-06", tz="UTC")
RELEASES = ["date", "kind", "name", "version", "description", "affects"]
MATTERS = {
    "invoice": "Invoice copy\nWhere do I find the invoice for my last payment, the accounting needs a receipt",
    "login": "Cannot sign in\nThe login page refuses my password and the reset link never arrives",
    "export": "Export documents\nHow do I export all documents of a workspace as files",
    "mobile": "Mobile app\nThe phone app does not sync notes while I am travelling",
    "share": "Share a board\nHow do I share a board with a guest outside of my team",
    "calendar": "Calendar feed\nThe calendar feed shows meetings in the wrong timezone",
}


def make_tickets(days, per_day=18, seed=0, first=FIRST, matters=tuple(MATTERS), weekend=0.6):
    """Tickets at random times: ticket_id, created_at, requester_id, text, language, plan, os, source, topic, tags."""
    rng = np.random.default_rng(seed)
    rows = []
    for day in range(days):
        date = first + pd.Timedelta(days=day)
        for _ in range(rng.poisson(per_day * (weekend if date.weekday() > 4 else 1.1))):
            matter = matters[rng.integers(len(matters))]
            rows.append((date + pd.Timedelta(seconds=int(rng.integers(0, 86_400))), MATTERS[matter], matter))
    return framed(rows, seed)


def framed(rows, seed=0, start=0):
    rng = np.random.default_rng(seed + 1)
    return pd.DataFrame(
        {
            "ticket_id": [f"zd:{seed}-{start + n}" for n in range(len(rows))],
            "created_at": pd.to_datetime([row[0] for row in rows], utc=True).astype("datetime64[us, UTC]"),
            "requester_id": [f"r{seed}-{start + n}" for n in range(len(rows))],
            "text": [row[1] for row in rows],
            "language": "en",
            "plan": rng.choice(["free", "pro"], len(rows), p=[0.3, 0.7]),
            "os": rng.choice(["windows", "macos"], len(rows), p=[0.8, 0.2]),
            "source": "zendesk",
            "topic": [row[2] for row in rows],
            "tags": [[row[2]] for row in rows],
        }
    )


def extra_tickets(begin, days, per_day, text, seed=50, **columns):
    """Tickets that come on top from a day on, all with one text."""
    rng = np.random.default_rng(seed)
    rows = [
        (
            FIRST + pd.Timedelta(days=begin + day, seconds=int(rng.integers(0, 86_400))),
            text,
            columns.get("topic", "login"),
        )
        for day in range(days)
        for _ in range(rng.poisson(per_day))
    ]
    return framed(rows, seed).assign(**columns)


def material(tickets, releases=(), **parts):
    """As the platform would have them; all are training tickets unless a column ``split`` says otherwise."""
    split = tickets.get("split", "train")
    return SignalMaterial(
        tickets.drop(columns=["text", "language"]),
        tickets[["ticket_id", "text", "language"]],
        pd.DataFrame({"ticket_id": tickets["ticket_id"], "split": split}),
        pd.DataFrame(list(releases), columns=RELEASES).assign(
            date=lambda frame: pd.to_datetime(frame["date"], utc=True)
        ),
        **parts,
    )


def at(day):
    return FIRST + pd.Timedelta(days=day)
