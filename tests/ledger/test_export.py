from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest

from ledger.erasure import erase_payload
from ledger.export import EVENT_COLUMNS, events_frame, read_events
from ledger.store import Ledger
from tests.ledger.conftest import START, fill


def test_batches_follow_the_watermark_without_gap_or_overlap(ledger: Ledger):
    fill(ledger, 5)
    batches = list(read_events(ledger, batch_size=2))
    assert [list(batch["sequence"]) for batch in batches] == [[1, 2], [3, 4], [5]]
    watermark = int(batches[-1]["sequence"].max())
    assert list(read_events(ledger, watermark)) == []
    fill(ledger, 2)
    assert list(next(read_events(ledger, watermark))["sequence"]) == [6, 7]


def test_the_frame_is_typed_and_without_words(ledger: Ledger):
    event = fill(ledger, 1)[0]
    frame = next(read_events(ledger))
    assert tuple(frame.columns) == EVENT_COLUMNS
    assert frame["occurred_at"].dtype == "datetime64[us, UTC]"
    assert frame["sequence"].dtype == "int64"
    assert frame.loc[0, "occurred_at"] == pd.Timestamp(START + timedelta(minutes=1))
    assert frame.loc[0, "event_hash"] == event.event_hash
    pd.testing.assert_series_equal(frame.dtypes, events_frame().dtypes)


def test_payloads_come_on_request_and_erased_ones_are_null(ledger: Ledger):
    events = fill(ledger, 2)
    erase_payload(ledger, str(events[0].payload_digest), by="Ines Falk", role="privacy officer", occurred_at=START)
    frame = next(read_events(ledger, with_payloads=True))
    assert frame["payload"].isna().tolist() == [True, False, True]
    assert frame.loc[1, "payload"] == '{"name":"Category 2"}'


def test_a_batch_of_nothing_is_refused(ledger: Ledger):
    with pytest.raises(ValueError, match="at least one"):
        next(read_events(ledger, batch_size=0))
