"""What a micro-update's index goes on knowing, and what it learns anew."""

import numpy as np
import pandas as pd

from assets.build_knowledge.retrieval.documents import documents_of_entries
from assets.build_knowledge.retrieval.retrieval_index import build_index
from assets.build_knowledge.variants import share_phrasings
from assets.retrain_agent.updates.update_history import update_history
from tests.assets.configure_behavior.decisions.small_release import ENTRIES
from tests.assets.configure_behavior.releases.small_parts import AS_OF, history, live_entries
from tests.encoders import HashingEncoder

PAST = history()
TEXTS = PAST[["ticket_id", "text"]].drop_duplicates()
TICKETS = PAST[["ticket_id", "requester_id"]].drop_duplicates().assign(created_at=AS_OF)
COMMENTS = pd.DataFrame(
    [
        (ticket, "requester", True, AS_OF + pd.Timedelta(minutes=minute), text)
        for ticket in TICKETS["ticket_id"][:7]
        for minute, text in enumerate(
            ("first message", f"It still does not work on my old computer, and {ticket} says the same of theirs.", "ok")
        )
    ],
    columns=["ticket_id", "author_role", "is_public", "created_at", "text"],
)
"""Of some tickets a later message that says something, beside one that is too short to."""
NOTHING = PAST[["ticket_id", "entry_id", "weight", "answered_at"]].iloc[:0].assign(evidence="")


def index_of(entries: pd.DataFrame, past: pd.DataFrame = PAST):
    encoder = HashingEncoder()
    return build_index(documents_of_entries(share_phrasings(entries)), past, encoder.encode, encoder_revision="r")


def histories(changed, entries=None, answered=NOTHING, tickets=TICKETS) -> pd.DataFrame:
    live = live_entries() if entries is None else entries
    return update_history(index_of(live_entries()), changed, live, answered, TEXTS, tickets, COMMENTS)


def test_an_entry_that_was_put_right_is_not_forgotten():
    found = histories({"invoice-standard"})
    assert "invoice-standard" in set(found["entry_id"])
    assert set(found["ticket_id"]) == set(PAST["ticket_id"])


def test_the_same_history_gives_the_same_index():
    base = index_of(live_entries())
    silent = COMMENTS.iloc[:0]
    again = index_of(live_entries(), update_history(base, set(), live_entries(), NOTHING, TEXTS, TICKETS, silent))
    third = index_of(live_entries(), update_history(again, set(), live_entries(), NOTHING, TEXTS, TICKETS, silent))
    assert again.history_ids == base.history_ids
    np.testing.assert_allclose(third.models.history.answers, again.models.history.answers, atol=1e-6)
    np.testing.assert_allclose(third.models.history.weights, again.models.history.weights, atol=1e-6)


def test_later_messages_teach_beside_their_questions_and_once():
    base = index_of(live_entries())
    again = index_of(live_entries(), update_history(base, set(), live_entries(), NOTHING, TEXTS, TICKETS, COMMENTS))
    third = update_history(again, set(), live_entries(), NOTHING, TEXTS, TICKETS, COMMENTS)
    assert len(again.history_ids) == len(base.history_ids) + 7
    assert third["message"].value_counts().to_dict() == histories(set())["message"].value_counts().to_dict()
    assert set(third.loc[third["message"] == 1, "ticket_id"]) == set(COMMENTS["ticket_id"])


def test_what_tickets_say_of_a_new_or_changed_entry_is_found_anew():
    ticket = str(PAST.loc[PAST["entry_id"] == "export-all", "ticket_id"].iloc[0])
    said = pd.DataFrame([(ticket, "sync-ios", 0.8, AS_OF, "same_answer")], columns=["ticket_id", "entry_id", "weight", "answered_at", "evidence"])  # fmt: skip
    kept, anew = histories(set(), answered=said), histories({"sync-ios"}, answered=said)
    assert "export-all" in set(kept.loc[kept["ticket_id"] == ticket, "entry_id"])
    assert set(anew.loc[anew["ticket_id"] == ticket, "entry_id"]) == {"sync-ios", "sync-android"}


def test_a_new_variant_of_a_question_learns_from_the_others_and_what_left_teaches_no_more():
    new = ("invoice-school", "invoice_copy", "Where is my invoice?", "Ask the treasurer.", {"plan": ["school"]})
    entries = live_entries([*(one for one in ENTRIES if one[0] != "cancel-plan"), new])
    found = histories({"invoice-school"}, entries)
    by_entry = found.groupby("entry_id")["ticket_id"].agg(set)
    assert by_entry["invoice-school"] == by_entry["invoice-standard"]
    assert "cancel-plan" not in by_entry.index


def test_an_erased_ticket_teaches_no_more():
    left = TICKETS.iloc[5:]
    assert set(histories(set(), tickets=left)["ticket_id"]) == set(left["ticket_id"])


def test_without_any_history_there_is_an_empty_one():
    base = index_of(live_entries(), PAST.iloc[:0])
    assert update_history(base, set(), live_entries(), NOTHING, TEXTS, TICKETS, COMMENTS).empty
