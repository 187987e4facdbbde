"""The ledger as frames: batches after a watermark, for the pipeline to land.

Belongs here: the columns and types of the exported frame. Does not belong here: writing Parquet, keeping watermarks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger.schema import ledger_events, ledger_payloads
from ledger.store import Ledger

if TYPE_CHECKING:
    import pandas as pd

EVENT_COLUMNS = tuple(column.name for column in ledger_events.columns)


def read_events(
    ledger: Ledger, after_sequence: int = 0, *, batch_size: int = 10_000, with_payloads: bool = False
) -> Iterator[pd.DataFrame]:
    """Events with `sequence > after_sequence`, in order, as frames of at most `batch_size` rows; grain: event.

    The last `sequence` of a batch is the next watermark: nothing with a lower number can appear later, because
    events are numbered and committed under one lock. Columns are `EVENT_COLUMNS` (`occurred_at` as
    datetime64[us, UTC]); `with_payloads` adds `payload` (JSON text or null). Whoever lands payloads must also
    erase them when a later batch brings `payload_erased` for their digest. Nothing new yields no frame.
    Raises `ValueError` for a batch size below one.
    """
    if batch_size < 1:
        raise ValueError(f"A batch needs at least one event; batch_size is {batch_size}.")
    columns: list[Any] = list(ledger_events.columns)
    source: Any = ledger_events
    if with_payloads:
        columns.append(ledger_payloads.c.body.label("payload"))
        source = ledger_events.outerjoin(
            ledger_payloads, ledger_payloads.c.payload_digest == ledger_events.c.payload_digest
        )
    position = ledger_events.c.sequence
    while True:
        query = (
            sa.select(*columns)
            .select_from(source)
            .where(position > after_sequence)
            .order_by(position)
            .limit(batch_size)
        )
        with ledger.reading() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return
        after_sequence = int(rows[-1].sequence)
        yield events_frame(rows, with_payloads=with_payloads)
        if len(rows) < batch_size:
            return


def events_frame(rows: Iterable[Any] = (), *, with_payloads: bool = False) -> pd.DataFrame:
    """A frame with the exported columns and types; without rows, the empty one."""
    import pandas as pd

    names = [*EVENT_COLUMNS, "payload"] if with_payloads else [*EVENT_COLUMNS]
    frame = pd.DataFrame([tuple(row) for row in rows], columns=names)
    text = [name for name in names if name not in {"sequence", "occurred_at"}]
    frame = frame.astype({"sequence": "int64", **dict.fromkeys(text, "string")})
    frame["occurred_at"] = pd.to_datetime(frame["occurred_at"], utc=True, format="%Y-%m-%dT%H:%M:%S.%fZ").astype(
        "datetime64[us, UTC]"
    )
    return frame
