"""Without a live entry nothing was answered by one, and nothing is encoded."""

import pandas as pd
import pytest

from assets.build_knowledge.entry_history import find_answered_tickets, index_history
from tests.assets.build_knowledge.test_training_tickets import INTENTS, SPLITS, TICKETS


def test_a_desk_without_entries_has_no_history_and_encodes_nothing():
    def encode(texts):
        pytest.fail(f"{len(texts)} texts were encoded")

    live = pd.DataFrame(columns=["entry_id", "category_id", "question", "answer", "conditions", "sources"])
    answered = find_answered_tickets(live, pd.DataFrame(), TICKETS, INTENTS, SPLITS, pd.DataFrame(), encode)
    assert answered.empty
    assert answered["answered_at"].dtype.kind == "M"
    texts = pd.DataFrame({"ticket_id": ["t1"], "text": ["How?"]})
    comments = pd.DataFrame(columns=["ticket_id", "author_role", "is_public", "created_at", "text"])
    history = index_history(answered, live, texts, TICKETS.assign(requester_id="r1"), comments)
    assert history.empty
    assert {"ticket_id", "text", "entry_id", "weight", "answered_at", "requester_id"} <= set(history.columns)
