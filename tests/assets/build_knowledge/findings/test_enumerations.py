"""Lists of what somebody may do are read; other lists and examples are not."""

import pytest

from assets.build_knowledge.findings.enumerations import differing_lists, lists_in


def test_a_list_of_rights():
    (items,) = lists_in("Guests may read, comment and edit without a seat.")
    assert len(items) == 3


@pytest.mark.parametrize(
    "text",
    [
        "Install it on windows, macos and linux.",
        "Guests may do things such as read and comment.",
        "May guests read and comment?",
        "Guests may read.",
    ],
)
def test_what_is_no_closed_list_of_rights(text):
    assert lists_in(text) == []


def test_a_list_within_a_longer_one_differs():
    short, long = lists_in("Guests read and comment."), lists_in("Guests read, comment and edit.")
    assert differing_lists(short, long) == frozenset(("edit",))
    assert differing_lists(short, short) is None
    assert differing_lists(short, lists_in("Guests see and share.")) is None
