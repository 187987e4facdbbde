"""The simulated reviewer names the right entry of calibration tickets, from the sample desk's answer key.

Labelled simulated wherever it leaves a trace. Does not belong here: anything a product may rely on; no asset may import
this or read the answer key.
"""

from __future__ import annotations

import csv
import gzip
from functools import cache

from desk.loading import Desk
from examples.simulated_review import ANSWER_KEY, BY, ROLE, entry_id_of
from orchestration.cli.calibration import name_tickets, tickets_to_name
from orchestration.lake import Lake


@cache
def true_entries() -> dict[str, str]:
    """Entry id by ticket id, as the key says; a ticket without a right entry is not in it."""
    with gzip.open(ANSWER_KEY / "tickets.csv.gz", "rt", encoding="utf-8", newline="") as handle:
        return {
            f"{row['helpdesk']}:{row['ticket_id']}": entry_id_of({"id": row["true_entry"]})
            for row in csv.DictReader(handle)
            if row["true_entry"]
        }


def name_calibration_tickets(desk: Desk) -> list[str]:
    """Name what answers every calibration ticket that is open to it and was not named yet; returns what to tell."""
    live = set(Lake(desk.home).read("live_entries", ["entry_id"])["entry_id"])
    tickets = tickets_to_name(desk)
    waiting = tickets.loc[tickets["label"] == "", "ticket_id"].tolist()
    named = [(ticket, [entry] if (entry := true_entries().get(ticket, "")) in live else []) for ticket in waiting]
    return name_tickets(desk, named, BY, ROLE, "simulated review") if named else []
