"""Which category is right for a past ticket: the latest word counts, and only of those who may say it."""

import pytest

from ledger.corrections import category_corrections, correct_categories
from ledger.erasure import erase_payload
from ledger.errors import FixError, SignOffError
from tests.ledger.conftest import START

WHO = {"by": "Mira Okafor", "role": "knowledge owner", "occurred_at": START, "known_roles": ["knowledge owner"]}


def test_the_latest_word_about_a_ticket_counts(ledger):
    correct_categories(ledger, [("zd:1", "login"), ("zd:2", "billing")], change_id="C-001", **WHO)
    correct_categories(ledger, [("zd:1", "export")], change_id="C-002", **WHO)
    found = category_corrections(ledger).set_index("ticket_id")
    assert found.loc["zd:1", ["category_id", "change_id", "corrected_by"]].tolist() == [
        "export",
        "C-002",
        "Mira Okafor",
    ]
    assert found.loc["zd:2", "category_id"] == "billing"
    assert str(found["corrected_at"].dtype) == "datetime64[us, UTC]"


def test_an_erased_word_is_gone_and_nothing_older_takes_its_place(ledger):
    correct_categories(ledger, [("zd:1", "login")], **WHO)
    (event,) = correct_categories(ledger, [("zd:1", "export")], **WHO)
    erase_payload(ledger, event.payload_digest, by="Ada Moreno", role="admin", occurred_at=START)
    assert category_corrections(ledger).empty


def test_a_ticket_with_two_categories_or_a_role_that_may_not_records_nothing(ledger):
    with pytest.raises(FixError, match="zd:1 is given two categories, login and export"):
        correct_categories(ledger, [("zd:2", "login"), ("zd:1", "login"), ("zd:1", "export")], **WHO)
    with pytest.raises(SignOffError, match="not a role that signs knowledge"):
        correct_categories(ledger, [("zd:1", "login")], **{**WHO, "role": "visitor"})
    assert category_corrections(ledger).empty
