"""What patterns are called."""

import numpy as np
import pytest

from assets.retrain_agent.patterns.pattern_names import condition_words, customers_sentences, pattern_name, told_apart
from tests.assets.retrain_agent.patterns.invented_failures import AS_OF, days_ago
from tests.encoders import HashingEncoder

NAMES = {"invoice_copy": "Invoice copy", "payment_method": "Payment method"}
QUESTIONS = {"invoice-download": "How do I download an invoice?"}


def name(kind, key=("",), asked="Where is my bill?", **said):
    pattern = {
        **dict.fromkeys(
            ("category_id", "right_category_id", "target_entry_id", "entry_id", "condition", "trigger_id", "first_at")
        ),
        "failure_type": kind,
        **said,
    }
    return pattern_name(pattern, key, asked, NAMES, QUESTIONS, AS_OF)


@pytest.mark.parametrize(
    ("made", "is_called"),
    [
        (
            name("stale_knowledge", target_entry_id="invoice-download", first_at=days_ago(7)),
            "Stale answer: How do I download an invoice? (since 23 June)",
        ),
        (
            name("stale_knowledge", target_entry_id="gone", first_at=days_ago(200)),
            "Stale answer: Where is my bill? (since 12 December 2025)",
        ),
        (name("knowledge_gap", entry_id="invoice-download"), "No answer yet: Where is my bill?"),
        (name("knowledge_gap", asked="", right_category_id="invoice_copy"), "No answer yet: Invoice copy"),
        (
            name("edge_case_collision", entry_id="invoice-download", condition='{"plan": ["free", "pro"], "sso": ["true"]}'),
            "Wrong for some customers: How do I download an invoice? (plan: free or pro; sso: true)",
        ),
        (
            name("intent_misclassification", category_id="payment_method", right_category_id="invoice_copy"),
            "Invoice copy taken for Payment method",
        ),
        (name("intent_misclassification", right_category_id="invoice_copy"), "Not recognised: Invoice copy"),
        (
            name("intent_misclassification", category_id="invoice_copy", right_category_id="invoice_copy"),
            "Wrongly taken for Invoice copy: Where is my bill?",
        ),
        (name("missed_escalation", ("refund",)), "A person was needed: the customer asks for money back"),
        (name("missed_escalation", entry_id="invoice-download"), "A person was needed: Where is my bill?"),
        (name("needless_escalation", ("trigger", "x"), trigger_id="legal_steps"), "Handed over without need: the trigger legal steps"),
        (name("needless_escalation", ("category", "invoice_copy"), category_id="invoice_copy"), "Handed over without need: Invoice copy"),
        (name("tone_or_length", ("too_long", "")), "Too long: several answers"),
        (name("tone_or_length", ("tone", "invoice-download"), entry_id="invoice-download"), "Tone: How do I download an invoice?"),
        (name("unexplained", asked=""), "Wrong, cause unclear: nothing is known of it"),
    ],
)  # fmt: skip
def test_names(made, is_called):
    assert made == is_called


def test_a_hostile_sentence_is_bounded_and_on_one_line():
    made = name("knowledge_gap", asked="<script>\u202e\x00" + "where is it " * 200)
    assert len(made) < 140
    assert made.isprintable()


def test_two_of_the_same_name_are_told_apart():
    assert told_apart(["a", "a", "b", "a"], ["Invoice copy", "Payment method", "", "Payment method"]) == [
        "a",
        "a, Payment method",
        "b",
        "a (2)",
    ]


def test_the_sentence_that_asks_is_taken_and_no_name_or_address():
    encode = HashingEncoder().encode
    messages = [
        [
            ("I wrote before.\nWhere do I download the invoice of May?", "en"),
            ("Where can I download an invoice?\nMy login is [EMAIL].", "en"),
        ],
        [],
        [("[NAME] [EMAIL]", "en")],
    ]
    target = np.zeros(256)
    found = customers_sentences(messages, [target] * 3, encode)
    assert "download" in found[0]
    assert found[1:] == ["", ""]
    assert customers_sentences([], [], encode) == []


def test_conditions_in_words():
    assert condition_words('{"sso": [true]}') == "sso: true"
    assert [condition_words(one) for one in (None, "no JSON", "[1]", "{}")] == ["", "", "", ""]
