"""Conditions have one form, and the stage that reasons with them writes the same one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.build_knowledge import conditions as reasoning
from desk.conditions import dump_conditions, load_conditions, parse_conditions


@pytest.mark.parametrize(
    ("written", "form"),
    [
        (None, {}),
        ({"Plan": "PRO"}, {"plan": ["pro"]}),
        ({"sso": [True]}, {"sso": ["true"]}),
        ({"sso": "Yes"}, {"sso": ["true"]}),
        ({"os": ["macOS", "Windows 11", "mac"]}, {"os": ["mac", "windows"]}),
        ({"not_os": ["linux", "android", "ios"]}, {"os": ["mac", "windows"]}),
        ({"not_plan": ["legacy"]}, {"not_plan": ["legacy"]}),
        ({"version": "7.10"}, {"version": ["7.10"]}),
    ],
)
def test_conditions_have_one_form(written, form):
    assert parse_conditions(written) == form
    assert load_conditions(dump_conditions(form)) == form


@pytest.mark.parametrize("wrong", [["pro"], {"plan": []}, {"plan": None}, {"a b!": "x"}, {"plan": "", "os": "mac"}])
def test_what_is_no_condition_is_said(wrong):
    with pytest.raises(ValueError, match="condition"):
        parse_conditions(wrong)


VALUES = st.one_of(
    st.sampled_from(["macOS", "OS X", "Windows 10", "win", "iPad", "Ubuntu", "pro", "Yes", "1", "ä ß", "tb >= 60", ""]),
    st.booleans(),
    st.integers(0, 3),
    st.none(),
)
FIELDS = st.sampled_from(["os", "not_os", "sso", "not_sso", "plan", "not_plan", "Page Name", "9x", ""])


@given(st.dictionaries(FIELDS, st.one_of(VALUES, st.lists(VALUES, max_size=4)), max_size=4))
def test_a_desk_reads_conditions_as_the_stage_does(written):
    """Signatures are bound to a desk's form: it may never differ from the one retrieval reasons with."""

    def form(parse):
        try:
            return parse(written)
        except ValueError as error:
            return str(error)

    assert form(parse_conditions) == form(reasoning.parse_conditions)
