"""Which entry is right for a past ticket: the latest word counts, and only of those who may say it."""

import pytest

from ledger.erasure import erase_payload
from ledger.errors import SignOffError
from ledger.labels import RightEntry, name_right_entries, right_entries
from tests.ledger.conftest import START

WHO = {"by": "Mira Okafor", "role": "knowledge owner", "occurred_at": START, "known_roles": ["knowledge owner"]}
HASH = "a" * 64


def test_the_latest_word_about_a_ticket_counts(ledger):
    name_right_entries(ledger, [RightEntry("zd:1", (("reset", HASH),)), RightEntry("zd:2")], **WHO)
    name_right_entries(ledger, [RightEntry("zd:1")], **WHO)
    found = right_entries(ledger).set_index("ticket_id")
    assert found.loc["zd:1", "entries"] == []
    assert found.loc["zd:2", "named_by"] == "Mira Okafor"
    assert str(found["named_at"].dtype) == "datetime64[us, UTC]"


def test_nothing_named_is_an_empty_frame(ledger):
    assert right_entries(ledger).empty


def test_an_erased_word_is_gone(ledger):
    (event,) = name_right_entries(ledger, [RightEntry("zd:1", (("reset", HASH),))], **WHO)
    erase_payload(ledger, event.payload_digest, by="Ada Moreno", role="admin", occurred_at=START)
    assert right_entries(ledger).empty


def test_only_known_roles_may_say_it(ledger):
    with pytest.raises(SignOffError, match="not a role that signs knowledge"):
        name_right_entries(ledger, [RightEntry("zd:1")], **{**WHO, "role": "visitor"})
    assert right_entries(ledger).empty
