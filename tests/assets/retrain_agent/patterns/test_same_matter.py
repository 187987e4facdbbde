"""Failures that are about the same: likeness, grouping, and what of a message is compared."""

import numpy as np
import pytest

from assets.audit_tickets.vectors.encoder import load_encoder
from assets.retrain_agent.patterns import same_matter
from assets.retrain_agent.patterns.same_matter import essence, group_by_matter, likeness, read_matter
from tests.assets.retrain_agent.patterns.invented_failures import failure
from tests.encoders import HashingEncoder

PORTAL = "Invoices are kept in the payments portal now. Sign in with the code that is mailed to the billing contact."
NUMBER = "A purchase order number can be written on the next invoice: add it under Billing details before the renewal."
GUESTS = "Guests may read and comment. Whoever is to edit needs a seat of their own as a member."


@pytest.fixture(scope="module")
def encode():
    return load_encoder("all-MiniLM-L6-v2", 256).encode


def gap(number, question, answer=None, **said):
    said = {"category_id": None, "right_category_id": "invoice_copy", **said}
    return failure(number, failure_type="knowledge_gap", question=question, right_answer=answer, **said)


def grouped(rows, encode):
    return group_by_matter(read_matter(rows, encode), range(len(rows)))


def test_two_gaps_of_one_category_are_told_apart_by_what_is_right(encode):
    rows = [
        gap(1, "The invoice page is empty, where are they?", PORTAL),
        gap(2, "Our invoice needs a PO number on it", NUMBER),
        gap(3, "Where do I find the invoice of last month?", PORTAL),
        gap(4, "Can you put our order number on the invoice?", NUMBER),
        gap(5, "I can't see any invoice any more", PORTAL),
    ]
    assert grouped(rows, encode) == [[0, 2, 4], [1, 3]]


def test_one_gap_in_very_different_words_stays_one(encode):
    rows = [
        gap(1, "The freelancers we invited cannot type anything", GUESTS, right_category_id="sharing"),
        gap(2, "Edit button greyed out!!", GUESTS, right_category_id="sharing"),
        gap(3, "Does a translator from outside cost us extra", GUESTS, right_category_id="sharing"),
        gap(4, "Der externe Grafiker sieht alles, darf aber nichts ändern", GUESTS, right_category_id="sharing"),
    ]
    assert grouped(rows, encode) == [[0, 1, 2, 3]]


def test_what_nobody_answered_joins_what_is_asked_alike(encode):
    rows = [
        gap(1, "The invoice page is empty, where are the invoices?", PORTAL),
        gap(2, "My invoice page is empty since yesterday"),
        gap(3, "How do guests get the right to edit?", right_category_id="sharing"),
    ]
    assert grouped(rows, encode) == [[0, 1], [2]]


def test_groups_do_not_depend_on_the_order_of_rows(encode):
    rows = [
        gap(number, f"{question} {number}", answer)
        for number, (question, answer) in enumerate(
            [("Where is my invoice?", PORTAL), ("Put the PO on the invoice", NUMBER), ("Empty invoice page", None)] * 4
        )
    ]
    turned = np.random.default_rng(1).permutation(len(rows)).tolist()
    there = {frozenset(rows[at]["failure_id"] for at in group) for group in grouped(rows, encode)}
    back = [rows[at] for at in turned]
    assert {frozenset(back[at]["failure_id"] for at in group) for group in grouped(back, encode)} == there


def test_past_the_bound_the_rest_joins_what_it_is_most_like(monkeypatch):
    encode = HashingEncoder().encode
    rows = [gap(number, "where is my invoice", PORTAL) for number in range(6)]
    rows += [gap(9, "guests cannot edit documents", GUESTS, right_category_id="sharing")]
    monkeypatch.setattr(same_matter, "MAX_COMPARED", 3)
    assert grouped(rows, encode) == [[0, 1, 2, 3, 4, 5], [6]]


def test_the_category_and_the_customers_facts_count_beside_the_question():
    encode = HashingEncoder().encode
    same = {"question": "the page stays empty"}
    alike = likeness(
        read_matter(
            [
                failure(1, context='{"plan": "pro"}', **same),
                failure(2, context='{"plan": "Pro"}', **same),
                failure(3, context='{"plan": "free"}', **same),
                failure(4, right_category_id="sharing", **same),
                failure(5, right_category_id=None, category_id=None, context="no JSON", **same),
            ],
            encode,
        )
    )
    assert alike[0, 1] > alike[0, 2] > alike[0, 4] > alike[0, 3]
    assert np.allclose(alike, alike.T)


@pytest.mark.parametrize(
    ("message", "what"),
    [
        ("Hi team,\n\nWhere is my invoice?\n\nThanks a lot\nAna Torres\nAcme", "Where is my invoice?"),
        ("Where is my inv\nWhere is my invoice? The page is empty.", "Where is my invoice?\nThe page is empty."),
        ("Hello,", "Hello,"),
        ("", ""),
    ],
)
def test_the_essence_of_a_message(message, what):
    assert essence(message) == what


def test_no_failures_at_all():
    encode = HashingEncoder().encode
    assert grouped([], encode) == []
    assert grouped([gap(1, "")], encode) == [[0]]
