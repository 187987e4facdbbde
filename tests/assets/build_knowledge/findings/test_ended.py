"""Texts that still speak of old features, prices, terms and versions are found; those that know better are not."""

import numpy as np
import pytest

from assets.build_knowledge.findings.audited_texts import records
from assets.build_knowledge.findings.ended_terms import find_ended_terms
from assets.build_knowledge.findings.ended_values import find_ended_values
from assets.build_knowledge.findings.ended_versions import find_ended_versions
from assets.build_knowledge.findings.release_changes import announced_ends, changed_values, ended_things, past_releases
from assets.build_knowledge.findings.statements import statements_of
from tests.assets.build_knowledge.findings.audited import NOW, article, reasons, releases, texts
from tests.encoders import HashingEncoder

AGENDA = ("2026-03-01", "product", "Planner", "", "New planner replaces the agenda view", ["planner", "agenda view"])
PRICE = ("2026-04-01", "price", "Prices 2026", "", "Pro costs EUR 12 per seat (before: EUR 9)", ["pro", "price"])
REFUND = (
    "2026-04-01",
    "policy",
    "Refund terms",
    "",
    "Refunds of annual plans within 14 days of purchase instead of 30 days",
    ["refund"],
)
SEVEN = ("2025-09-01", "product", "Desktop 7.0", "7.0", "New desktop app", ["desktop app"])
SEVEN_TWO = ("2026-03-01", "product", "Desktop 7.2", "7.2", "Faster desktop app", ["desktop app"])


def terms_in(text, event=AGENDA, **given):
    events = past_releases(releases(event), NOW)
    return reasons(find_ended_terms(texts(article("a1", "Your day", text, **given)), ended_things(events, [], NOW)))


def values_in(text, event, title="What Pro costs", **given):
    events = past_releases(releases(event), NOW)
    rows = records(texts(article("a1", title, text, **given)))
    return reasons(find_ended_values(statements_of(rows), changed_values(events), events, HashingEncoder().encode))


def versions_in(text, title="Install the desktop app", **given):
    return reasons(
        find_ended_versions(texts(article("a1", title, text, **given)), past_releases(releases(SEVEN, SEVEN_TWO), NOW))
    )


@pytest.mark.parametrize("text", ["Open the agenda view and pick a day.", "Agenda-views can be shared."])
def test_a_removed_feature_is_found(text):
    assert terms_in(text) == [("ended_feature", "a1")]


@pytest.mark.parametrize(
    "text",
    [
        "The agenda view is no longer available.",
        "The planner replaces the agenda view. Your days moved there.",
        "Since the agenda view was removed, use the planner.",
        "Open the planner.",
        "View the agenda of a meeting.",
    ],
)
def test_a_text_that_knows_of_the_end_is_left_alone(text):
    assert terms_in(text) == []


def test_an_ended_plan_has_its_own_reason():
    event = ("2026-03-01", "price", "Plans", "", "The Starter plan is discontinued", ["starter plan"])
    assert terms_in("On the Starter plan you have 3 boards.", event) == [("ended_plan", "a1")]


def test_the_successor_is_no_mention_of_what_it_replaced():
    event = ("2026-03-01", "product", "Names", "", "Planner is now called Planner Pro", ["planner"])
    assert terms_in("Open Planner Pro.", event) == []
    assert terms_in("Open Planner.", event) == [("ended_feature", "a1")]
    assert terms_in("A planner may be anything.", event) == []


def test_a_promise_to_stay_is_false_from_the_announcement_on():
    event = ("2026-05-04", "policy", "Sunset", "", "Legacy Studio ends on 2026-12-31", ["legacy plan", "legacy studio"])
    events = past_releases(releases(event), NOW)

    def found(text):
        frame = texts(article("a1", "Legacy Studio", text))
        return reasons(find_ended_terms(frame, ended_things(events, [], NOW), announced_ends(events, [], NOW)))

    assert found("You keep it for life.") == [("ended_plan", "a1")]
    assert found("It has 200 MB of space.") == []
    assert found("Legacy Studio ends this year; it was meant to stay for ever.") == []


def test_what_ended_is_known_in_other_words_too():
    event = (
        "2026-05-18",
        "policy",
        "Phone support ended",
        "",
        "Support by phone ended; mail remains",
        ["phone support"],
    )
    events = past_releases(releases(event), NOW)

    def found(title, text, **given):
        frame = texts(article("a1", title, text, **given))
        near = lambda sentences: np.ones((len(sentences), 1))  # noqa: E731
        return reasons(find_ended_terms(frame, ended_things(events, [], NOW), encode=near))

    assert found("How to reach support", "Phone: +44 20, Monday to Friday") == [("ended_feature", "a1")]
    assert found("How to reach support", "Phone: +44 20", updated_at="2026-05-20") == []
    assert found("Lost phone", "Phone: buy another.") == []


def test_an_old_price_is_found_whenever_the_text_was_written():
    assert values_in("Pro is EUR 9 per seat and month.", PRICE, updated_at="2025-01-01") == [("ended_price", "a1")]
    assert values_in("Pro is EUR 9 per seat and month.", PRICE, updated_at="2026-05-01") == [("ended_price", "a1")]


@pytest.mark.parametrize(
    "text",
    [
        "Pro is EUR 12 per seat and month.",
        "Until April 2026 Pro was EUR 9 per seat, now it is EUR 12.",
        "Customers who signed up before 2026 keep paying EUR 9 for Pro.",
        "A guest seat is free.",
    ],
)
def test_the_new_price_and_the_past_are_left_alone(text):
    assert values_in(text, PRICE, updated_at="2025-01-01") == []


def test_the_same_amount_for_another_plan_is_another_price():
    assert values_in("Team is EUR 9 per board.", PRICE, title="The Team plan") == []


def test_an_old_term_is_found_where_the_text_is_about_it():
    old = "We refund annual plans within 30 days of purchase."
    assert values_in(old, REFUND, title="Refunds", updated_at="2025-01-01") == [("ended_policy", "a1")]
    assert values_in("Deleted boards stay in the bin for 30 days.", REFUND, title="Bin") == []


def test_a_value_that_an_event_states_otherwise():
    event = (
        "2026-04-01",
        "policy",
        "Privacy notice",
        "",
        "Deletion requests are answered by the privacy team within 30 days",
        ["privacy"],
    )
    text = "Deletion requests are answered by the privacy team within 14 days."
    assert values_in(text, event, title="Privacy notice", updated_at="2025-01-01") == [("ended_policy", "a1")]
    assert values_in(text, event, title="Privacy notice", updated_at="2026-05-01") == []


@pytest.mark.parametrize("text", ["The latest version is Desktop 7.0.", "The current desktop app is version 7.1."])
def test_an_old_version_called_current_is_found(text):
    assert versions_in(text) == [("ended_version", "a1")]


def test_steps_for_an_old_version_are_found_when_written_before_the_newest():
    text = "In Desktop 7.0 press Start."
    assert versions_in(text, updated_at="2025-10-01") == [("ended_version", "a1")]
    assert versions_in(text, updated_at="2026-05-01") == []


def test_another_thing_that_is_current_does_not_make_a_version_current():
    text = "Get Desktop 7.0 first, then update to the latest version."
    assert versions_in(text, updated_at="2026-05-01") == []


def test_a_heading_names_a_version_too():
    assert versions_in("It needs 4 GB.", headings=["Requirements of Desktop 6"], updated_at="2025-10-01") == [
        ("ended_version", "a1")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "You need Desktop 7.0 or later.",
        "Starting with Desktop 7.0 you can choose the current view.",
        "Since Desktop 7.0 there is a dark mode.",
        "Desktop 7 is out.",
        "Desktop 7.2 is the latest version.",
        "macOS 6.4 is needed.",
    ],
)
def test_bounds_the_newest_and_other_products_are_left_alone(text):
    assert versions_in(text, updated_at="2025-10-01") == []
