"""Ranges of product versions."""

import pytest

from assets.build_knowledge.version_ranges import read_range, read_version


@pytest.mark.parametrize("text", [">= 60", "< 60", ">= 60 < 115", ">= 1.5.2"])
def test_a_range_is_written_as_it_is_read(text):
    assert str(read_range(text)) == text


@pytest.mark.parametrize("text", ["pro", "60", "", "tb >= 60"])
def test_other_values_are_no_range(text):
    assert read_range(text) is None


@pytest.mark.parametrize(
    ("version", "value", "is_in"),
    [
        ("60", ">= 60", True),
        ("59.9", ">= 60", False),
        ("128.3.1", ">= 60 < 128", False),
        ("115.0", ">= 60 < 115.1", True),
        ("tb 115", ">= 115 < 116", True),
        ("60.0", "< 60", False),
    ],
)
def test_a_version_lies_in_a_range(version, value, is_in):
    wanted, given = read_range(value), read_version(version)
    assert wanted is not None
    assert given is not None
    assert wanted.overlaps(given) is is_in


def test_neighbouring_ranges_do_not_meet():
    below, above = read_range("< 60"), read_range(">= 60")
    assert below is not None
    assert above is not None
    assert not below.overlaps(above)
