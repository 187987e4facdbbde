"""Deciding many is deciding one by one, in fewer calls of the encoder; and a decision laid out as a row."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from assets.configure_behavior.decisions.decide import decide
from assets.configure_behavior.decisions.decision import Turn
from assets.pilot_agent.answers.decide_many import PORTION, Asked, decide_many
from assets.pilot_agent.answers.decision_rows import MAX_ENTRIES, decision_row, release_facts
from assets.pilot_agent.answers.frames import ANSWER, DECISION, REPLAY, frame_of, typed
from desk.behavior import behavior_hash
from tests.assets.configure_behavior.decisions.small_release import PHRASINGS
from tests.assets.pilot_agent.answers.new_tickets import EXPORT, HACKED, INVOICE, PASSWORD, PURPLE, SYNC, release
from tests.encoders import HashingEncoder

CASES = [
    Asked(EXPORT, {}),
    Asked(PASSWORD, {"sso": "true"}),
    Asked(PASSWORD, {}),
    Asked(INVOICE, {"plan": "legacy"}),
    Asked(HACKED, {}),
    Asked(PURPLE, {}),
    Asked("write to ada.moreno@mail.example, my password is rejected", {"sso": "false"}),
    Asked("hello", {}),
    Asked("   ", {}),
    Asked("an iPhone", {}, (Turn("customer", SYNC), Turn("ai_agent", "Which phone do you use, an iPhone or one with Android?"))),
    Asked("x" * 50_000, {}),
]  # fmt: skip


def test_many_are_decided_as_one_by_one_and_in_order():
    assert decide_many(CASES, release()) == [
        decide(one.text, one.conversation, one.context, release()) for one in CASES
    ]


def test_portions_do_not_show_and_progress_is_told_to_the_end():
    texts = [text for category in sorted(PHRASINGS) for text in PHRASINGS[category]]
    asked = [Asked(texts[number % len(texts)], {}) for number in range(PORTION + 3)]
    told: list[tuple[int, int]] = []
    made = decide_many(asked, release(), lambda done, whole: told.append((done, whole)))
    assert told == [(number, len(asked)) for number in range(1, len(asked) + 1)]
    alone = {text: decide(text, (), {}, release()) for text in texts}
    assert made == [alone[one.text] for one in asked]


def test_the_encoder_is_called_once_a_portion_and_not_once_a_message():
    encoder, calls = HashingEncoder(), []

    def encode(texts):
        calls.append(len(texts))
        return encoder.encode(texts)

    texts = [text for category in sorted(PHRASINGS) for text in PHRASINGS[category]]
    decide_many([Asked(text, {}) for text in texts], replace(release(), encode=encode))
    assert calls[0] >= len(texts)
    assert sum(calls) == calls[0], "nothing is encoded twice"


def test_nobody_asks_nothing():
    assert decide_many([], release()) == []


AS_OF = pd.Timestamp("2026-02-27", tz="UTC")


def row_of(text: str, **context: object) -> dict:
    return decision_row(decide(text, (), context, release()), release_facts(release(), AS_OF))


def test_a_row_has_the_columns_and_the_versions():
    row = row_of(EXPORT)
    assert set(row) == set(DECISION)
    assert (row["release_id"], row["release_as_of"]) == (release().release_id, AS_OF)
    assert row["encoder_revision"] == release().encoder_revision
    assert row["behavior_hash"] == behavior_hash(release().behavior)
    assert 0 < len(row["entry_ids"]) == len(row["entry_hashes"]) <= MAX_ENTRIES
    assert row["entry_ids"][0] == "export-all"


@pytest.mark.parametrize(
    ("text", "action", "is_suggestion"),
    [(EXPORT, "answer", False), (SYNC, "ask", False), (INVOICE, "draft", True), (HACKED, "escalate", True)],
)
def test_what_the_customer_reads_and_what_a_person_is_handed_are_told_apart(text, action, is_suggestion):
    row, made = row_of(text), decide(text, (), {}, release())
    assert (row["action"], row["is_suggestion"]) == (action, is_suggestion)
    if made.handoff is None:
        assert (row["reply"], row["handoff_reason"], row["handoff_queue"]) == (made.reply, None, None)
        assert row["is_urgent"] is False
    else:
        assert row["reply"] == made.handoff.suggested_reply, "never the words that tell the customer to wait"
        assert (row["handoff_reason"], row["handoff_queue"]) == (made.handoff.reason, made.handoff.queue)


def test_urgency_travels():
    assert row_of("I will take legal action, my lawyer will sue you")["is_urgent"] is True


def test_reasons_are_every_step_in_order_with_its_numbers():
    row = row_of(EXPORT)
    reasons = json.loads(row["reasons"])
    assert [one["step"] for one in reasons] == row["steps"]
    (threshold,) = [one for one in reasons if one["step"] == "threshold"]
    assert threshold["threshold"] == row["threshold"] == 0.3
    assert threshold["score"] == row["confidence"]


@pytest.mark.parametrize("columns", [ANSWER, REPLAY, DECISION])
def test_an_empty_frame_is_as_typed_as_a_full_one(columns):
    empty, full = frame_of([], columns), frame_of([dict.fromkeys(columns)], columns)
    assert list(empty.columns) == list(columns)
    assert dict(empty.dtypes) == dict(full.dtypes)
    assert [full[name].iloc[0] for name, kind in columns.items() if kind == "object"] == [
        [] for kind in columns.values() if kind == "object"
    ]


def test_a_column_that_is_missing_is_no_silent_null():
    with pytest.raises(KeyError):
        typed(frame_of([], ANSWER).drop(columns="mode"), ANSWER)
