"""What a review makes of a draft is the same for a person and for a simulated reviewer."""

import datetime as dt
import json

import pytest
from pydantic import ValidationError

from assets.build_knowledge.entries.review import (
    ReviewError,
    accept_draft,
    accept_entry,
    draft_entry,
    entry_file,
    entry_id_for,
    sign_entries,
)
from ledger.knowledge import accepted_entries, draft_decisions
from ledger.store import open_ledger

TODAY, NEXT = dt.date(2026, 6, 1), dt.date(2026, 12, 1)


def draft(**changes) -> dict:
    return {
        "draft_id": "draft_0a1b2c3d4e5f",
        "category_id": "password_reset",
        "question": "How do I reset my password?",
        "answer": "Press *Reset*.\n",
        "conditions": '{"sso": ["true"]}',
        "phrasings": ["locked out", "new password"],
        "sources": json.dumps([{"kind": "ticket", "id": "zendesk:7", "hash": "ab"}]),
        "suggested_owner": "Identity team",
        **changes,
    }


def test_accepting_a_draft_makes_the_entry():
    entry = accept_draft(draft(), None, TODAY, NEXT)
    assert entry.id == "how-do-i-reset-my-password-sso"
    assert entry_file(entry) == "password_reset/how-do-i-reset-my-password-sso.md"
    assert (entry.status, entry.owner, entry.reviewed_at, entry.review_by) == ("accepted", "Identity team", TODAY, NEXT)
    assert entry.conditions == {"sso": ["true"]}
    assert entry.sources[0].id == "zendesk:7"
    assert entry.draft_id == "draft_0a1b2c3d4e5f"
    assert entry == accept_entry(draft_entry(draft()), None, TODAY, NEXT), "by way of a file or not"


def test_a_reviewer_may_say_it_better():
    better = {"question": "Where do I get a new password?", "answer": "At *Sign in*.", "id": "new-password"}
    entry = accept_draft(draft(), "Ada", TODAY, NEXT, overrides=better)
    assert (entry.id, entry.question, entry.answer, entry.owner) == (
        "new-password",
        better["question"],
        better["answer"],
        "Ada",
    )


@pytest.mark.parametrize("nobody", [None, float("nan"), " "])
def test_an_entry_that_nobody_owns_is_not_accepted(nobody):
    with pytest.raises(ReviewError, match="has no owner"):
        accept_draft(draft(suggested_owner=nobody), None, TODAY, NEXT)


def test_the_next_review_lies_ahead():
    with pytest.raises(ReviewError, match="must lie after"):
        accept_draft(draft(), None, TODAY, TODAY)


def test_a_draft_that_is_no_entry_is_refused():
    with pytest.raises(ValidationError):
        accept_draft(draft(answer=" "), None, TODAY, NEXT)


@pytest.mark.parametrize(
    ("question", "conditions", "taken", "expected"),
    [
        ("How do I cancel?", {}, (), "how-do-i-cancel"),
        ("How do I cancel?", {"plan": ["pro", "free"]}, (), "how-do-i-cancel-free-pro"),
        ("How do I cancel?", {"sso": ["false"]}, (), "how-do-i-cancel-no-sso"),
        ("How do I cancel?", {}, ("how-do-i-cancel",), "how-do-i-cancel-0a1b2c"),
        ("Wie ändere ich's?", {}, (), "wie-andere-ichs"),
        ("どうすれば", {}, (), "entry-0a1b2c"),
        ("word " * 40, {}, (), "word-word-word-word-word-word-word-word-word"),
        ("x" * 200, {"version": ["y" * 90]}, (), None),
    ],
)
def test_ids_are_readable_short_and_free(question, conditions, taken, expected):
    found = entry_id_for(question, conditions, "draft_0a1b2c3d4e5f", taken)
    assert found == (expected or found)
    assert 0 < len(found) <= 63
    assert found not in taken
    draft_entry(draft(question=question, conditions=conditions), taken=taken, overrides={"id": found, "question": "q"})


def test_signing_binds_each_entry_to_its_hash_and_closes_its_draft(tmp_path):
    entries = [
        accept_draft(draft(draft_id=f"draft_{number}"), None, TODAY, NEXT, {"id": f"e{number}"}) for number in (1, 2)
    ]
    now = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        sign_entries(
            ledger, entries, by="Simulated reviewer", role="support lead", occurred_at=now, known_roles=["support lead"]
        )
        accepted = accepted_entries(ledger).set_index("entry_id")
        assert accepted["content_hash"].to_dict() == {one.id: one.content_hash for one in entries}
        assert {day.date() for day in accepted["review_by"]} == {NEXT}
        assert draft_decisions(ledger)["entry_id"].tolist() == ["e1", "e2"]
