"""A scope holds only for what is known to fit, and says what keeps it from fitting."""

import pytest

from assets.configure_behavior.triggers.scopes import in_scope, on_page, why_outside
from desk.behavior import Scope


def holds(facts=None, category=None, spoken=None, /, **scope):
    return in_scope(Scope.model_validate(scope), context=facts or {}, category_id=category, language=spoken)


def test_a_scope_that_names_nothing_holds_for_everybody():
    assert holds()


def test_all_that_is_named_must_fit():
    scope = {"categories": ["refunds"], "languages": ["de"], "pages": ["/billing*"], "context": {"plan": ["pro"]}}
    facts = {"page": "/billing/error", "Plan": "Pro"}
    assert holds(facts, "refunds", "de", **scope)
    assert not holds(facts, "invoices", "de", **scope)
    assert not holds(facts, "refunds", "en", **scope)
    assert not holds({**facts, "page": "/home"}, "refunds", "de", **scope)
    assert not holds({**facts, "Plan": "free"}, "refunds", "de", **scope)


@pytest.mark.parametrize(
    "scope",
    [
        {"categories": ["refunds"]}, {"languages": ["de"]}, {"pages": ["/billing*"]}, {"context": {"plan": ["pro"]}},
        {"context": {"not_plan": ["pro"]}}, {"tenure": {"below": 14}},
    ],
)  # fmt: skip
def test_what_is_not_known_does_not_fit(scope):
    assert not holds(**scope)
    assert "not known" in why_outside(Scope.model_validate(scope), context={}, category_id=None, language=None)


@pytest.mark.parametrize(
    ("page", "patterns", "fits"),
    [
        ("/pricing", ["/pricing*"], True), ("/pricing/", ["/pricing"], True), ("/PRICING", ["/pricing"], True),
        ("https://app.example/pricing?from=mail#x", ["/pricing"], True), ("https://app.example", ["/"], True),
        ("app:mobile", ["app:mobile*"], True), ("/settings/billing/error", ["/settings/billing"], False),
        ("/my/pricing", ["/pricing*"], False), ("x" * 100_000, ["/pricing*"], False),
    ],
)  # fmt: skip
def test_pages_fit_as_paths_and_as_addresses(page, patterns, fits):
    assert on_page(page, patterns) is fits


@pytest.mark.parametrize(
    ("days", "tenure", "fits"),
    [
        (13, {"below": 14}, True), (14, {"below": 14}, False), ("730", {"at_least": 730}, True), (729.5, {"at_least": 730}, False),
        (20, {"at_least": 14, "below": 30}, True), ("long", {"at_least": 1}, False), (float("nan"), {"below": 14}, False),
        (None, {"below": 14}, False),
    ],
)  # fmt: skip
def test_tenure_is_counted_in_days(days, tenure, fits):
    assert holds({"days_as_customer": days}, tenure=tenure) is fits


def test_negated_conditions_and_several_values():
    assert holds({"plan": "free"}, context={"plan": ["free", "pro"]})
    assert holds({"plan": "free"}, context={"not_plan": ["legacy"]})
    assert not holds({"plan": "legacy"}, context={"not_plan": ["legacy"]})
