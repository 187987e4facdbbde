"""What people say in a session: said once, of a month, and gone when erased."""

import datetime as dt

import pytest

from ledger.erasure import erase_payload
from ledger.errors import FixError, SignOffError
from ledger.insights import add_insight, insights
from tests.ledger.conftest import START

WHO = {"by": "Mira Okafor", "role": "reviewer", "occurred_at": START, "known_roles": ["reviewer"]}


def test_an_insight_is_kept_with_who_said_it_and_of_which_month(ledger):
    add_insight(ledger, "  Invoices moved  to the portal.\nNobody told us. ", category_id="invoice_copy", **WHO)
    add_insight(ledger, "Calls doubled.", month="2026-02", **WHO)
    found = insights(ledger)
    assert found["text"].tolist() == ["Invoices moved to the portal.\nNobody told us.", "Calls doubled."]
    assert found["month"].tolist() == ["2026-03", "2026-02"]
    assert found["category_id"].isna().tolist() == [False, True]
    assert found["said_by"].tolist() == ["Mira Okafor"] * 2
    assert found["insight_id"].str.fullmatch("[0-9a-f]{16}").all()


def test_the_same_words_twice_are_one_insight(ledger):
    first = add_insight(ledger, "Calls doubled.", **WHO)
    assert add_insight(ledger, "Calls  doubled. ", **{**WHO, "by": "Ada Moreno"}) == first
    add_insight(ledger, "Calls doubled.", **{**WHO, "occurred_at": START + dt.timedelta(days=40)})
    assert len(insights(ledger)) == 2, "said again a month later, it is news again"


def test_erased_words_are_gone_and_can_be_said_anew(ledger):
    first = add_insight(ledger, "Calls doubled.", **WHO)
    erase_payload(ledger, first.payload_digest, by="Ada Moreno", role="admin", occurred_at=START)
    assert insights(ledger).empty
    assert add_insight(ledger, "Calls doubled.", **WHO).event_id != first.event_id


@pytest.mark.parametrize(("text", "month", "says"), [(" ", None, "Write what was said"), ("x" * 4001, None, "At most 4,000"), ("x", "2026-13", "is no month")])  # fmt: skip
def test_what_is_no_insight_is_not_recorded(ledger, text, month, says):
    with pytest.raises(FixError, match=says):
        add_insight(ledger, text, month=month, **WHO)
    with pytest.raises(SignOffError, match="not a role that signs an insight"):
        add_insight(ledger, "Calls doubled.", **{**WHO, "role": "visitor"})
    assert insights(ledger).empty
