"""Months of the public forum export, read without a desk."""

from __future__ import annotations

import gzip
import json

import pandas as pd


def forum_months(data, months, until):
    """Tickets of these months created before a day, in the shape of ``made_tickets``."""
    rows = []
    for month in months:
        with gzip.open(
            data / "thunderbird" / "zendesk" / f"tickets-{month}.ndjson.gz", "rt", encoding="utf-8"
        ) as lines:
            rows += [json.loads(line) for line in lines]
    field = [{one["title"]: one["value"] for one in row["custom_fields"]} for row in rows]
    tickets = pd.DataFrame(
        {
            "ticket_id": [f"zendesk:{row['id']}" for row in rows],
            "created_at": pd.to_datetime([row["created_at"] for row in rows], utc=True),
            "requester_id": [str(row["requester"]["id"]) for row in rows],
            "text": [f"{row['subject']}\n{row['description'] or ''}"[:2_000] for row in rows],
            "language": [str(row["requester"]["locale"] or "").split("-")[0] for row in rows],
            "os": [one.get("Operating system") for one in field],
            "topic": [one.get("Topic") for one in field],
            "tags": [row["tags"] for row in rows],
        }
    )
    return tickets[tickets["created_at"] < pd.Timestamp(until, tz="UTC")].reset_index(drop=True)
