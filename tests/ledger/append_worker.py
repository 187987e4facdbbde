"""A process that appends to a ledger and prints the number of each event once it is acknowledged.

Run as `python append_worker.py LOCATION NAME COUNT`; started by `test_concurrency`.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from ledger.events import EventType, NewEvent
from ledger.store import open_ledger


def main(location: str, name: str, count: int) -> None:
    with open_ledger(location) as ledger:
        for number in range(count):
            event = ledger.append(
                NewEvent(
                    EventType.CATEGORY_ACCEPTED,
                    "category",
                    f"{name}_{number}",
                    name,
                    "reviewer",
                    datetime(2026, 3, 2, tzinfo=UTC),
                    payload={"note": f"number {number} of {name}"},
                )
            )
            print(event.sequence, event.event_hash, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
