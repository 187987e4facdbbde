"""Which fact goes with an entry being wrong."""

from __future__ import annotations

from assets.retrain_agent.failures.who_fails import known_value, telling_fact

FIELDS = ("plan", "sso", "os")


def customers(count: int, **facts: object) -> list[dict[str, object]]:
    return [dict(facts) for _ in range(count)]


def test_a_fact_that_all_wrong_ones_have_and_no_right_one():
    found = telling_fact(customers(5, sso="true", plan="pro"), customers(6, sso=False, plan="pro"), FIELDS)
    assert found is not None
    assert (found.condition, found.counts) == ({"sso": ["true"]}, (5, 0, 0, 6))
    assert found.p < 0.01
    assert (found.covers({"sso": True}), found.covers({"sso": "false"}), found.covers({"plan": "pro"})) == (
        True,
        False,
        None,
    )


def test_several_values_of_one_fact():
    wrong = [*customers(3, plan="free"), *customers(3, plan="legacy")]
    found = telling_fact(wrong, customers(6, plan="pro"), FIELDS)
    assert found is not None
    assert found.condition == {"plan": ["free", "legacy"]}


def test_a_fact_that_both_have_does_not_tell():
    mixed = [*customers(4, sso="true"), *customers(4, sso="false")]
    assert telling_fact(mixed, mixed, FIELDS) is None
    assert telling_fact(customers(5, sso="true"), customers(5, sso="true"), FIELDS) is None


def test_too_few_to_tell_and_none_known():
    assert telling_fact(customers(1, sso="true"), customers(9, sso="false"), FIELDS) is None
    assert telling_fact(customers(2, sso="true"), customers(2, sso="false"), FIELDS) is None
    assert telling_fact(customers(5), customers(5), FIELDS) is None
    assert telling_fact([], [], FIELDS) is None


def test_looking_at_many_facts_asks_more_of_each():
    wrong, right = customers(3, sso="true", plan="pro", os="mac"), customers(3, sso="false", plan="pro", os="mac")
    alone = telling_fact(wrong, right, ("sso",))
    assert alone is not None
    for one, other in zip(wrong, right, strict=True):
        one["plan"], other["os"] = "free", "windows"
    wrong[0]["plan"], right[0]["os"] = "pro", "mac"
    assert telling_fact(wrong, right, FIELDS) is None, "three tries take three times the p"


def test_a_page_is_no_condition_and_unknown_is_no_value():
    assert telling_fact(customers(5, page="/a"), customers(5, page="/b"), FIELDS) is None
    assert known_value({"plan": "unknown"}, "plan") is None
    assert known_value({"plan": ["pro"]}, "plan") is None
    assert known_value({"sso": True}, "sso") == "true"
