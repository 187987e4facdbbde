"""What an event ended is read from the words people write in releases.csv."""

import pytest

from assets.build_knowledge.findings.audit_settings import DeprecatedTerm
from assets.build_knowledge.findings.release_changes import announced_ends, changed_values, ended_things, past_releases
from tests.assets.build_knowledge.findings.audited import NOW, day, releases


def ended(description, date="2026-04-01", affects=()):
    events = past_releases(releases((date, "product", "Spring", "", description, list(affects))), NOW)
    return {(one.term, one.what): one for one in ended_things(events, [], NOW)}


@pytest.mark.parametrize(
    ("description", "term"),
    [
        ("The agenda view is removed", "agenda view"),
        ("New planner replaces the agenda view", "agenda view"),
        ("Shared links are gone; guests get an invitation", "Shared links"),
        ("Fax support ends on 2026-05-15", "Fax support"),
        ("Classic Editor is now called Studio", "Classic Editor"),
        ("We rename Pipelines to Flows", "Pipelines"),
        ('The link "Trouble signing in?" is gone', "Trouble signing in"),
        ("Support for Windows 8 ends", "Windows 8"),
        ("Drops support for Windows 8", "Windows 8"),
        ("Invoices by post are no longer offered", "Invoices by post"),
        ("Die Tagesansicht wird entfernt", "Tagesansicht"),
        ("Der Planer ersetzt die Tagesansicht", "Tagesansicht"),
    ],
)
def test_an_end_is_read(description, term):
    assert (term, "feature") in ended(description)


def test_the_successor_is_kept():
    assert ended("Classic Editor is now called Studio")["Classic Editor", "feature"].instead == "Studio"
    assert ended("New planner replaces the agenda view")["agenda view", "feature"].instead == "planner"


def test_a_plan_is_a_plan():
    assert ("Starter plan", "plan") in ended("The Starter plan is discontinued")


def test_what_ends_later_has_not_ended_and_is_announced():
    events = past_releases(releases(("2026-04-01", "policy", "Fax", "", "Fax support ends on 2026-07-01", [])), NOW)
    assert [one.term for one in announced_ends(events, [], NOW)] == ["Fax support"]
    assert ended("Fax support ends on 2026-07-01") == {}
    assert ended("The agenda view is removed", date="2026-07-01") == {}


@pytest.mark.parametrize(
    "description",
    ["New colours for all boards", "The app is faster", "Update of the desktop app with a new engine", "It is gone"],
)
def test_news_without_an_end_ends_nothing(description):
    assert ended(description) == {}


def test_deprecated_terms_join_from_their_day():
    terms = [DeprecatedTerm("Boards Classic", day("2026-04-20"), "Boards"), DeprecatedTerm("Vault", day("2026-12-01"))]
    assert [(one.term, one.instead) for one in ended_things([], terms, NOW)] == [("Boards Classic", "Boards")]


@pytest.mark.parametrize(
    ("description", "old", "new"),
    [
        ("Pro costs EUR 12 / USD 13 (before: EUR 9 / USD 10)", ["EUR 9", "USD 10"], ["EUR 12", "USD 13"]),
        ("Pro goes from EUR 9 to EUR 12 per seat", ["EUR 9"], ["EUR 12"]),
        ("Refunds within 14 days instead of 30 days", ["30 days"], ["14 days"]),
        ("The upload limit was 25 MB and is now 100 MB", ["25 MB"], ["100 MB"]),
        ("Pro kostet EUR 12 (bisher EUR 9)", ["EUR 9"], ["EUR 12"]),
        ("Pro cuesta 12 EUR en lugar de 9 EUR", ["9 EUR"], ["12 EUR"]),
    ],
)
def test_old_and_new_values_are_told_apart(description, old, new):
    (change,) = changed_values(
        past_releases(releases(("2026-04-01", "price", "Prices", "", description, ["pro"])), NOW)
    )
    assert [fact.text for fact in change.old] == old
    assert [fact.text for fact in change.new] == new


def test_a_value_alone_replaces_none():
    events = past_releases(
        releases(("2026-04-01", "policy", "Privacy", "", "Requests are answered within 30 days", [])), NOW
    )
    assert changed_values(events) == []
