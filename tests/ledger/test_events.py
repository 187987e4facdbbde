from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pandas as pd
import pytest

from ledger import chain, events
from ledger.errors import InvalidEventError
from tests.ledger.conftest import accepted


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"actor": " \u200b "}, "who is deciding"),
        ({"actor": "x" * 201}, "at most 200"),
        ({"role": "\t"}, "in what role"),
        ({"role": "x" * 81}, "at most 80"),
        ({"occurred_at": datetime(2026, 3, 2)}, "time zone"),
        ({"occurred_at": pd.NaT}, "time zone"),
        ({"subject_hash": "mira@example.org"}, "hash or an id"),
        ({"subject_hash": ""}, "hash or an id"),
        ({"subject_hash": "x" * 129}, "hash or an id"),
        ({"subject_kind": "Category"}, "lower-case"),
        ({"event_type": "category_accepted"}, "not an event type"),
        ({"idempotency_key": ""}, "must not be empty"),
        ({"payload": ["a list"]}, "mapping"),
    ],
)
def test_what_may_not_enter_the_chain_is_refused(changes: dict[str, Any], sentence: str):
    with pytest.raises(InvalidEventError, match=sentence):
        accepted(1, **changes)


def test_a_payload_is_bounded():
    big = accepted(1, payload={"note": "x" * chain.MAX_PAYLOAD_CHARS})
    with pytest.raises(InvalidEventError, match="at most 1,048,576"):
        big.payload_body()


def test_times_are_written_in_utc_with_microseconds():
    west = timezone(timedelta(hours=-5))
    moment = datetime(2026, 3, 2, 4, 0, 0, 7, tzinfo=west)
    assert events.utc_text(moment) == "2026-03-02T09:00:00.000007Z"
    assert events.utc_text(pd.Timestamp("2026-03-02T09:00:00.000007999Z")) == "2026-03-02T09:00:00.000007Z"
    assert events.utc_text(datetime(33, 1, 1, tzinfo=UTC)) == "0033-01-01T00:00:00.000000Z"
    assert events.utc_moment(events.utc_text(moment)) == moment


@pytest.mark.parametrize("spelling", ["mira  okafor", "MIRA OKAFOR", "Mira\u200b Okafor", "Ｍｉｒａ\u00a0Okafor"])
def test_spellings_of_a_name_are_one_person(spelling: str):
    assert events.name_key(spelling) == events.name_key("Mira Okafor")


def test_accents_make_another_name_but_not_another_encoding_of_it():
    assert events.name_key("Jose\u0301") == events.name_key("José")
    assert events.name_key("Jose") != events.name_key("José")


def test_names_are_shown_without_what_cannot_be_seen_or_stored():
    assert events.display_name("  Mira\x00 \u202eOkafor\ud800 ") == "Mira Okafor"


def test_idempotency_keys_do_not_show_in_ids():
    first = accepted(1, idempotency_key="survey-for-mira")
    assert first.event_id() == accepted(2, idempotency_key="survey-for-mira").event_id()
    assert "mira" not in first.event_id()
    assert accepted(1).event_id() != accepted(1).event_id()
