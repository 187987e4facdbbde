"""Settings are said in words that people who approve a spec understand."""

import pytest

from assets.configure_behavior.behavior import behavior_words as words
from assets.configure_behavior.triggers.mine_triggers import TriggerRate
from desk.behavior import Scope
from tests.behaviors import behavior, trigger


@pytest.mark.parametrize(
    ("settings", "sentences"),
    [
        ({"signals": ["churn"]}, ["Fires when the customer wants to cancel, close the account or leave."]),
        (
            {"phrases": ["a"], "patterns": ["b", "c"], "amount_above": 200},
            ["Fires when a phrase is found or one of 2 patterns fits, and an amount of money above 200.00 is named."],
        ),
        (
            {"signals": ["refund"], "amount_above": 1000, "fires_without_amount": True},
            ["Fires when the customer asks for money back, and an amount of money above 1,000.00 is named, or no amount is named."],
        ),
        (
            {"frustration_above": 1, "only_for": {"languages": ["de"]}, "except_for": {"context": {"plan": ["free"]}}},
            [
                "Fires when more than 1 of the customer's messages sound frustrated; a furious one counts twice.",
                "Only for messages in German.",
                "Not for customers with plan free.",
            ],
        ),
        ({"only_for": {"pages": ["/x*"]}}, ["Fires whatever is written.", "Only for customers on the page /x*."]),
    ],
)  # fmt: skip
def test_triggers_in_words(settings, sentences):
    assert words.trigger_in_words(behavior(trigger(**settings)).triggers[0]) == sentences


def test_scopes_in_words():
    assert words.scope_in_words(Scope()) == "everybody"
    scope = Scope.model_validate({"categories": ["a", "b"], "tenure": {"at_least": 30, "below": 900}})
    assert (
        words.scope_in_words(scope)
        == "questions about a or b, and customers for 30 days or more and for fewer than 900 days"
    )


def test_rates_in_words():
    assert words.rate_in_words(TriggerRate("one", 14, 9, 676, 14 / 676, 0.0123, 0.0345)) == (
        "14 of 676 past tickets (2.1%, 1.2–3.5%); 9 of them no other trigger caught"
    )
    assert (
        words.rate_in_words(TriggerRate("one", 0, 0, 0, 0.0, float("nan"), float("nan"))) == "no past ticket was read"
    )


def test_confidence_and_handoff_in_words():
    spec = behavior(
        confidence={"automate": {"risk": 0.05}, "categories": {"refunds": {"risk": 0.02}}},
        handoff={"parts": ["history", "reason"], "max_history_messages": 7},
    )
    automate = dict(words.confidence_in_words(spec))["automate"]
    assert "with 95% certainty, at most 5% of the answers given are wrong" in automate
    assert "refunds at most 2% wrong" in automate
    assert words.handoff_in_words(spec) == ["the conversation so far, at most 7 messages", "why it was handed over"]


def test_tone_in_words():
    rows = dict(
        words.tone_in_words(behavior(tone={"formality": 0.1, "thoroughness": 0.9, "languages": ["en", "de", "xx"]}))
    )
    assert rows["Register"].startswith("formal")
    assert rows["Depth"].startswith("thorough")
    assert rows["Answers in"] == "English, German and xx"


def test_pages_in_words_name_the_questions_of_entries():
    page = behavior(
        pages=[{"id": "p", "where": {"pages": ["/"]}, "means": "m", "offer_entries": ["a", "b"], "draft_only": True}]
    ).pages[0]
    assert words.page_in_words(page, {"a": "How?"}) == [
        "Nothing is answered there without a person: replies are drafts.",
        "Offers: “How?” (a); b.",
    ]
