"""What a person wrote later in a ticket teaches beside the question, and never counts as one."""

import numpy as np
import pandas as pd
import pytest

from assets.build_knowledge.retrieval.later_messages import FEWEST_CHARS, with_later_messages
from assets.build_knowledge.retrieval.retrieval_index import build_index
from assets.build_knowledge.retrieval.retrieval_settings import RetrievalSettings
from assets.build_knowledge.retrieval.retrieve import retrieve
from tests.assets.build_knowledge.retrieval.shop_desk import at, documents, encode

LONG = "It squeals when I pull the lever, also after I cleaned it twice with the spray you sell."
HISTORY = pd.DataFrame(
    [("t1", "My bicycle is loud", "brakes"), ("t1", "My bicycle is loud", "tyres"), ("t2", "Money back", "refund")],
    columns=["ticket_id", "text", "entry_id"],
).assign(weight=0.5, answered_at=at("2026-01-10"), requester_id="r1")


def comments(*rows):
    columns = ["ticket_id", "author_role", "is_public", "created_at", "text"]
    return pd.DataFrame(rows, columns=columns).assign(
        created_at=lambda one: pd.to_datetime(one["created_at"], utc=True)
    )


SAID = comments(
    ("t1", "requester", True, "2026-01-01", "My bicycle is loud, and this is the message the ticket was opened with."),
    ("t1", "staff", True, "2026-01-02", "What exactly is loud? Please tell us when it happens, and how often it does."),
    ("t1", "requester", True, "2026-01-03", LONG),
    ("t1", "requester", True, "2026-01-04", "Thanks!"),
    ("t1", "requester", False, "2026-01-05", LONG + " This one is private."),
    ("t1", "requester", True, "2026-01-06", LONG),
    ("t1", "requester", True, "2026-01-07", LONG + " It began in spring."),
    ("t1", "requester", True, "2026-01-08", LONG + " Nobody can tell why."),
    ("t9", "requester", True, "2026-01-08", LONG),
    ("t9", "requester", True, "2026-01-09", LONG + " Of a ticket that is not in history."),
)


def test_the_earliest_that_say_something_stand_beside_the_question_once_an_entry():
    found = with_later_messages(HISTORY, SAID)
    later = found[found["message"] > 0]
    assert found[found["message"] == 0].drop(columns="message").equals(HISTORY)
    assert later.groupby("message")["text"].unique().map(list).to_dict() == {
        1: [LONG],
        2: [LONG + " It began in spring."],
    }
    assert later.groupby("message")["entry_id"].agg(set).tolist() == [{"brakes", "tyres"}] * 2
    assert len("Thanks!") < FEWEST_CHARS


def test_nothing_from_the_moment_on_is_read():
    found = with_later_messages(HISTORY, SAID, until=at("2026-01-07"))
    assert found.loc[found["message"] > 0, "text"].unique().tolist() == [LONG]


@pytest.mark.parametrize("said", [SAID.iloc[:0], SAID.iloc[:1]])
def test_without_later_messages_history_is_its_questions(said):
    assert with_later_messages(HISTORY, said).drop(columns="message").equals(HISTORY)


def past(count):
    rows = [
        (f"t{number}", f"question {number} about {entry}", entry, 1.0, at("2026-01-01") + pd.Timedelta(days=number), f"r{number}")
        for number, entry in enumerate(["brakes", "refund"] * (count // 2))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["ticket_id", "text", "entry_id", "weight", "answered_at", "requester_id"])


def spoken_again(history):
    later = history.assign(message=1, text=[f"{LONG} {entry}" for entry in history["entry_id"]])
    return pd.concat([history.assign(message=0), later], ignore_index=True)


def test_how_signals_count_is_learnt_from_questions_alone():
    history = past(60)
    index = build_index(documents(), spoken_again(history), encode)
    assert index.combination.count_learnt_from == 60
    assert len(index.history_ids) == 120
    assert index.models.history.weights.tolist() == [1.0, 0.5] * 60


def test_only_as_many_as_settings_say_are_learnt_from():
    history = spoken_again(past(60))
    none = build_index(documents(), history, encode, RetrievalSettings(later_messages=0))
    alone = build_index(documents(), past(60), encode, RetrievalSettings(later_messages=0))
    assert none.history_ids == alone.history_ids
    np.testing.assert_array_equal(none.models.duals, alone.models.duals)


def test_when_history_is_full_the_newest_tickets_stay_whole():
    settings = RetrievalSettings(max_history=101)
    index = build_index(documents(), spoken_again(past(60)), encode, settings)
    assert sorted(set(index.history_ids)) == sorted(f"t{number}" for number in range(10, 60))
    assert len(index.history_ids) == 100


def test_a_ticket_votes_under_its_name_once():
    index = build_index(documents(), spoken_again(past(60)), encode)
    for hit in retrieve(index, f"{LONG} brakes", encode=encode).hits:
        names = [voter.ticket_id for voter in hit.voters]
        assert len(names) == len(set(names))
