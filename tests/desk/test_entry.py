"""What an entry may hold, and what its hash is about."""

import datetime as dt
import json

import pytest
from pydantic import ValidationError

from desk.entry import Entry, content_hash
from ledger.entries import semantic_hash

FIELDS = {
    "id": "reset-password",
    "category": "password_reset",
    "question": "How do I reset my password?",
    "conditions": {"sso": [True]},
    "phrasings": ["I can't get in", "new password please"],
    "valid_from": "2026-03-24",
    "answer": "Ask your administrator.\n\n1. Open the page\n2. Press *Reset*",
}


def entry(**changes) -> Entry:
    return Entry.model_validate({**FIELDS, **changes})


def test_the_hash_is_the_one_of_the_contract():
    """Pinned: a changed way of hashing would unsign every entry of every desk."""
    fields = {
        "question": "How do I reset my password?",
        "answer": "Ask your administrator.\n\n1. Open the page\n2. Press *Reset*",
        "conditions": {"sso": ["true"]},
        "phrasings": ["I can't get in", "new password please"],
        "category": "password_reset",
        "valid_from": "2026-03-24",
        "valid_until": None,
    }
    assert entry().semantic_fields() == fields
    assert entry().content_hash == "ac065097f73030817213b90cd58748f4abd654dd797de97fec40ab3cc5c194df"
    assert entry().content_hash == semantic_hash(json.loads(json.dumps(fields))), "desk and ledger hash alike"
    assert content_hash(**fields) == entry().content_hash


@pytest.mark.parametrize(
    "change",
    [
        {"question": "How do I change my password?"},
        {"answer": "Ask your administrator"},
        {"conditions": {}},
        {"phrasings": ["new password please", "I can't get in"]},
        {"category": "login"},
        {"valid_from": None},
        {"valid_until": "2026-12-31"},
    ],
)
def test_a_change_of_meaning_changes_the_hash(change):
    assert entry(**change).content_hash != entry().content_hash


@pytest.mark.parametrize(
    "change",
    [
        {"owner": "Identity team"},
        {"reviewed_at": "2026-05-20", "review_by": "2026-11-20"},
        {"status": "accepted"},
        {"sources": [{"kind": "article", "id": "zendesk:1", "hash": "ab"}]},
        {"id": "another-id"},
        {"draft_id": "draft_0a"},
        {"question": "  How do I reset\n my password? "},
        {"answer": "\r\n\r\nAsk your administrator.\r\n\r\n1. Open the page\r\n2. Press *Reset*  \r\n\r\n"},
        {"conditions": {"SSO": "yes"}},
        {"phrasings": ["I can't get in", "new password please", "I can't get in", ""]},
        {"valid_from": dt.datetime(2026, 3, 24)},
    ],
)
def test_review_state_and_spelling_do_not(change):
    assert entry(**change).content_hash == entry().content_hash


def test_a_break_inside_the_answer_counts_and_unicode_spelling_does_not():
    assert entry(answer="a  \nb").content_hash != entry(answer="a\nb").content_hash
    assert entry(answer="    code\nb").answer == "    code\nb"
    assert entry(answer="café").content_hash == entry(answer="cafe\u0301").content_hash


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "Reset Password"}, "lower-case"),
        ({"id": "x" * 64}, "at most 63"),
        ({"question": " "}, "at least 1 character"),
        ({"question": "x" * 501}, "at most 500"),
        ({"answer": "\n \n"}, "answer is empty"),
        ({"valid_from": "24.3.2026"}, "such as 2026-05-31"),
        ({"valid_from": "1700000000"}, "such as 2026-05-31"),
        ({"valid_from": "2026-02-30"}, "day value is outside"),
        ({"valid_until": "2026-03-01"}, "lies before valid_from"),
        ({"status": "live"}, "'draft', 'accepted' or 'retired'"),
        ({"phrasings": [{"Help": "I can't"}]}, "put it in quotes"),
        ({"phrasings": [str(number) for number in range(201)]}, "at most 200"),
        ({"phrasings": ["x" * 1001]}, "at most 1,000"),
        ({"conditions": {"plan": []}}, "names no value"),
        ({"sources": [{"kind": "rumour", "id": "x"}]}, "'article', 'ticket' or 'language_model'"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_what_an_entry_may_not_hold(change, words):
    with pytest.raises(ValidationError, match=words):
        entry(**change)


def test_a_changed_copy_is_checked_like_a_new_one():
    assert entry().changed(owner="  Ada ").owner == "Ada"
    with pytest.raises(ValidationError):
        entry().changed(question="")
