"""Quantities are read as people write them, and compared only with their like."""

import pytest

from assets.build_knowledge.findings.fact_finders import facts_in, mask_facts, read_number
from assets.build_knowledge.findings.facts import differing_facts


def values(text):
    return [(fact.kind, fact.unit, fact.low, fact.high) for fact in facts_in(text)]


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,500", 1500), ("1.500", 1500), ("9,99", 9.99), ("9.99", 9.99), ("two", 2), ("1.234,50", 1234.5)],
)
def test_numbers_are_read_in_either_notation(text, number):
    assert read_number(text) == pytest.approx(number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The link works for 60 minutes.", ("duration", "", 3600, 3600)),
        ("The link works for an hour.", ("duration", "", 3600, 3600)),
        ("A 14-day refund window.", ("duration", "", 14 * 86_400, 14 * 86_400)),
        ("It takes 3 to 5 business days.", ("duration", "business", 3 * 86_400, 5 * 86_400)),
        ("Der Link gilt 24 Stunden.", ("duration", "", 86_400, 86_400)),
        ("El enlace vale 24 horas.", ("duration", "", 86_400, 86_400)),
        ("Pro costs €12 per month.", ("money", "EUR", 12, 12)),
        ("Pro kostet 12,50 EUR.", ("money", "EUR", 12.5, 12.5)),
        ("Schools get 30 % off.", ("percent", "", 30, 30)),
        ("Files up to 25 MB.", ("size", "", 25e6, 25e6)),
        ("A password needs at least 12 characters.", ("count", "charac", 12, 12)),
        ("The app needs iOS 16.", ("version", "ios", 16, 16)),
        ("You can use five devices.", ("count", "devic", 5, 5)),
    ],
)
def test_a_quantity_is_read(text, expected):
    assert expected in values(text)


@pytest.mark.parametrize(
    "text",
    [
        "See Windows 11 computers.",
        "See step 3 below.",
        "Follow these steps.",
        "It was changed 3 days ago.",
        "Use port 993 for mail.",
        "It ends on 31 December 2026.",
        "The app needs a Pro 500 licence.",
    ],
)
def test_names_steps_and_past_times_are_no_quantities(text):
    assert values(text) == []


def test_prices_of_two_periods_are_not_compared():
    one, other = facts_in("You pay EUR 12 per month."), facts_in("You pay EUR 120 per year.")
    assert differing_facts(one, other) is None
    assert differing_facts(one, facts_in("You pay EUR 15 per month.")) is not None


def test_equal_values_in_other_units_agree():
    assert differing_facts(facts_in("after 24 hours"), facts_in("after 1 day")) is None
    assert differing_facts(facts_in("after 24 hours"), facts_in("after 60 minutes")) is not None


def test_one_value_in_common_is_no_contradiction():
    assert differing_facts(facts_in("30 days, or 14 days for trials"), facts_in("30 days")) is None


def test_a_least_value_is_not_compared_with_an_exact_one():
    assert differing_facts(facts_in("at least 8 characters"), facts_in("12 characters are best")) is None


def test_masks_hide_values_and_keep_nouns():
    masked = mask_facts("The link works for 60 minutes on 5 devices.")
    assert "60" not in masked
    assert "5 devices" in masked
