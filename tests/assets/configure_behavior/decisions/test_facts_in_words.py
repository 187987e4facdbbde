"""What counts as a statement about the customer's own account or device, and what is only a mention."""

import pytest

from assets.configure_behavior.decisions.facts_in_words import (
    facts_in_words,
    fields_and_values,
    with_facts_in_words,
)

FIELDS = fields_and_values(
    [
        {"plan": ["free", "pro"]},
        {"not_plan": ["legacy"]},
        {"sso": ["true"]},
        {"os": ["windows"]},
        {"role": ["member", "owner"]},
        {"tb_version": [">= 60"]},
        {"billing": ["yearly"]},
    ]
)


def read(text, asked=(), context=None, earlier=()):
    messages = [(text, frozenset(asked)), *((one, frozenset()) for one in earlier)]
    return {fact.field: fact.value for fact in facts_in_words(messages, context or {}, FIELDS)}


def test_fields_are_those_of_conditions_with_exclusions_among_the_values():
    assert FIELDS["plan"] == {"free", "pro", "legacy"}
    assert set(FIELDS) == {"plan", "sso", "os", "role", "tb_version", "billing"}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("We're on the legacy plan, how do I export?", {"plan": "legacy"}),
        ("I am on Pro", {"plan": "pro"}),
        ("our plan is still Free", {"plan": "free"}),
        ("we have the Pro plan and it fails", {"plan": "pro"}),
        ("Our free plan ends when?", {"plan": "free"}),
        ("We use SSO and I forgot my password", {"sso": "true"}),
        ("I sign in with our company login", {"sso": "true"}),
        ("we log in through Okta", {"sso": "true"}),
        ("We don't use SSO. Reset please", {"sso": "false"}),
        ("I log in with my email and a password", {"sso": "false"}),
        ("app crashes on my Mac", {"os": "mac"}),
        ("it dies on Windows 11", {"os": "windows"}),
        ("my iPhone shows old notes", {"os": "ios"}),
        ("Meine Notizen auf dem Handy fehlen, mein iPhone zeigt alte", {"os": "ios"}),
        ("We use macOS 14 here", {"os": "mac"}),
        ("I have an Android phone", {"os": "android"}),
        ("I am the only owner and locked out", {"role": "owner"}),
        ("we pay yearly", {"billing": "yearly"}),
    ],
)
def test_statements(text, facts):
    assert read(text) == facts


@pytest.mark.parametrize(
    "text",
    [
        "How do I upgrade to the Pro plan?",
        "What does the free plan include?",
        "Is legacy better than pro?",
        "I am free tomorrow, call me",
        "How do I set up SSO?",
        "Does single sign-on cost extra?",
        "two windows are open and both hang",
        "what is my MAC address",
        "Is there an app for Android?",
        "Do you plan a Linux version?",
        "the iPhone of a colleague was stolen",
        "I am not the owner",
        "We are not on the Pro plan",
        "We would like the Pro plan",
        "works on Windows but not on my Mac",
        "I am on Pro and she is, no wait, I am on Free",
    ],
)
def test_mentions_denials_and_two_minds_are_no_facts(text):
    assert read(text) == {}


def test_what_the_context_knows_is_not_read():
    assert read("We use SSO", context={"sso": False}) == {}


def test_a_short_reply_to_the_question_need_only_name_the_value():
    assert read("Legacy Studio", asked=["plan"]) == {"plan": "legacy"}
    assert read("the company's one", asked=["sso"]) == {"sso": "true"}
    assert read("a password of my own", asked=["sso"]) == {"sso": "false"}
    assert read("win", asked=["os"]) == {"os": "windows"}
    assert read("Legacy Studio") == {}
    assert read("not legacy", asked=["plan"]) == {}
    assert read("pro or free, I don't know", asked=["plan"]) == {}
    assert read("yes", asked=["sso"]) == {}
    assert read("pro " + "word " * 20, asked=["plan"]) == {}


def test_the_newest_message_that_says_something_counts():
    assert read("and now?", earlier=["I am on Pro", "I am on Free"]) == {"plan": "pro"}
    assert read("I am on Pro. I am on Free.", earlier=["I am on Pro"]) == {}


def test_facts_say_where_they_were_read():
    fact = facts_in_words([("hello", frozenset()), ("We use  SSO", frozenset())], {}, FIELDS)[0]
    assert (fact.field, fact.turn, fact.phrase) == ("sso", 1, "we use sso")


def test_calibration_can_read_a_context_as_decisions_do():
    assert with_facts_in_words("We use SSO", {"plan": "pro"}, FIELDS) == {"plan": "pro", "sso": "true"}
    assert with_facts_in_words("hello", {"plan": "pro"}, FIELDS) == {"plan": "pro"}
