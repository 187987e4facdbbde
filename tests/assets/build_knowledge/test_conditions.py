"""What conditions decide about a reader, and about each other."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.build_knowledge.conditions import (
    OS_VALUES,
    applies,
    canonical_value,
    deciding_fields,
    dump_conditions,
    load_conditions,
    overlap,
    parse_conditions,
)

PLANS = ("free", "pro", "legacy")


def test_conditions_have_one_form():
    written = {"Plan": "Pro", "os": ["Windows 10", "macOS", "WINDOWS"], "sso": True}
    assert parse_conditions(written) == {"os": ["mac", "windows"], "plan": ["pro"], "sso": ["true"]}
    assert dump_conditions(parse_conditions(written)) == '{"os": ["mac", "windows"], "plan": ["pro"], "sso": ["true"]}'
    assert parse_conditions(None) == {}
    assert dump_conditions({}) == "{}"
    assert load_conditions("") == {}


def test_what_is_excluded_is_said_as_what_remains_where_all_values_are_known():
    assert parse_conditions({"not_os": ["mac"]}) == {"os": ["android", "ios", "linux", "windows"]}
    assert parse_conditions({"not_plan": ["legacy"]}) == {"not_plan": ["legacy"]}
    assert parse_conditions({"plan": ["pro", "free"], "not_plan": ["free"]}) == {"plan": ["pro"]}


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"plan": []}, "names no value"),
        ({"plan": None}, "found nothing"),
        ({"plan": [["pro"]]}, "found list"),
        ({"plan": [""]}, "empty"),
        ({"": ["x"]}, "expected a name"),
        ({"plan": ["pro"], "not_plan": ["pro"]}, "no reader is meant"),
        (["pro"], "must be a mapping"),
    ],
)
def test_a_mistake_is_named_with_its_field(written, words):
    with pytest.raises(ValueError, match=words):
        parse_conditions(written)


@pytest.mark.parametrize(
    ("conditions", "context", "expected"),
    [
        ({}, {}, True),
        ({"plan": ["pro"]}, {"plan": "Pro"}, True),
        ({"plan": ["pro"]}, {"plan": "free"}, False),
        ({"plan": ["pro"]}, {}, None),
        ({"plan": ["pro"]}, {"plan": None}, None),
        ({"plan": ["pro"]}, {"plan": float("nan")}, None),
        ({"plan": ["pro"]}, {"plan": pd.NA}, None),
        ({"plan": ["pro"], "os": ["mac"]}, {"os": "Windows 10"}, False),
        ({"plan": ["pro"], "os": ["mac"]}, {"os": "Mac OS X 10.15"}, None),
        ({"sso": ["true"]}, {"sso": True}, True),
        ({"not_plan": ["legacy"]}, {"plan": "pro"}, True),
        ({"not_plan": ["legacy"]}, {"plan": "legacy"}, False),
        ({"not_plan": ["legacy"]}, {}, None),
        ({"os": ["windows"], "os_version": ["windows 7"]}, {"os": "Windows 7"}, True),
        ({"os": ["windows"], "os_version": ["windows 7"]}, {"os": "Windows 10"}, False),
        ({"os": ["windows"], "os_version": ["windows 7"]}, {"os": "windows"}, None),
        ({"app_version": [">= 60"]}, {"app_version": "128.3"}, True),
        ({"app_version": ["< 60"]}, {"app_version": "128.3"}, False),
    ],
)
def test_conditions_decide_about_a_reader(conditions, context, expected):
    assert applies(conditions, context) is expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ({}, {"plan": ["pro"]}, True),
        ({"plan": ["pro"]}, {"plan": ["free"]}, False),
        ({"plan": ["pro", "free"]}, {"plan": ["free"]}, True),
        ({"plan": ["pro"]}, {"os": ["mac"]}, True),
        ({"plan": ["pro"]}, {"not_plan": ["pro"]}, False),
        ({"plan": ["pro", "free"]}, {"not_plan": ["pro"]}, True),
        ({"not_plan": ["pro"]}, {"not_plan": ["free"]}, True),
        ({"app_version": ["< 60"]}, {"app_version": [">= 60 < 115"]}, False),
        ({"app_version": [">= 60"]}, {"app_version": [">= 115"]}, True),
    ],
)
def test_two_conditions_can_be_true_of_one_reader(a, b, expected):
    assert overlap(a, b) is expected
    assert overlap(b, a) is expected


def test_the_field_that_tells_most_apart_is_asked_first():
    entries = [{"plan": ["pro"]}, {"plan": ["free"], "os": ["mac"]}, {"plan": ["legacy"], "os": ["mac"]}]
    assert deciding_fields(entries) == ["plan", "os"]
    assert deciding_fields([{}, {}]) == []
    assert deciding_fields([{"not_plan": ["pro"]}]) == ["plan"]


condition_sets = st.fixed_dictionaries(
    {},
    optional={
        "plan": st.lists(st.sampled_from(PLANS), min_size=1, max_size=3),
        "not_plan": st.lists(st.sampled_from(PLANS), min_size=1, max_size=2),
        "os": st.lists(st.sampled_from(OS_VALUES), min_size=1, max_size=3),
        "sso": st.lists(st.booleans(), min_size=1, max_size=1),
    },
)


@given(condition_sets)
def test_what_is_parsed_once_stays_so(written):
    try:
        parsed = parse_conditions(written)
    except ValueError:
        return
    assert parse_conditions(parsed) == parsed
    assert load_conditions(dump_conditions(parsed)) == parsed


@given(condition_sets, condition_sets, st.sampled_from(PLANS), st.sampled_from(OS_VALUES), st.booleans())
def test_a_reader_whom_both_mean_proves_that_they_overlap(a, b, plan, system, sso):
    try:
        first, second = parse_conditions(a), parse_conditions(b)
    except ValueError:
        return
    reader = {"plan": plan, "os": system, "sso": sso}
    assert applies(first, reader) is not None
    if applies(first, reader) and applies(second, reader):
        assert overlap(first, second)


def test_a_value_has_one_spelling():
    assert canonical_value("os", "Microsoft Edge") == "microsoft edge"
    assert canonical_value("os", "iPadOS 17") == "ios"
    assert canonical_value("sso", "Yes") == "true"
    assert canonical_value("plan", "  Legacy   Studio ") == "legacy studio"
