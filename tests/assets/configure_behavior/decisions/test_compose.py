"""A reply is approved text between two lines of the spec; only a name comes from elsewhere."""

import pytest

from assets.configure_behavior.decisions.compose import breaks_a_limit, compose_reply, customer_name, filled
from tests.assets.configure_behavior.decisions.small_release import behavior


@pytest.mark.parametrize("name", ["Ada", "Ana María", "O'Neil", "Jean-Luc", "Øyvind", "李 明", "  Ada  "])
def test_names(name):
    assert customer_name({"name": name}) == " ".join(name.split())


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Ada@evil.example",
        "http://evil.example",
        "Ada 2",
        "a" * 30,
        "One Two Three Four",
        "<b>Ada</b>",
        "{agent}",
        "A. B.",
        7,
        None,
    ],
)
def test_no_names(name):
    assert customer_name({"name": name}) is None


def test_the_first_name_comes_first():
    assert customer_name({"name": "Ada Lind", "first_name": "Ada"}) == "Ada"


@pytest.mark.parametrize(
    ("text", "without", "with_name"),
    [
        ("Hi {name},", "Hi,", "Hi Ada,"),
        ("Hola, {name}:", "Hola:", "Hola, Ada:"),
        ("{name}, welcome", "welcome", "Ada, welcome"),
        ("Hello {name}, shall I help?", "Hello, shall I help?", "Hello Ada, shall I help?"),
        ("Hello", "Hello", "Hello"),
        ("Yours, {agent}", "Yours, Lin", "Yours, Lin"),
        ("{unknown} {0}", "{unknown} {0}", "{unknown} {0}"),
    ],
)
def test_a_missing_name_leaves_no_hole(text, without, with_name):
    assert filled(text, behavior(), None) == without
    assert filled(text, behavior(), "Ada") == with_name


def test_a_body_stays_as_it_is():
    body = "1. Open {name} **Settings**\n\n   - choose `x`  \n"
    assert compose_reply(body, behavior(), "de", "Ada") == f"Hallo Ada,\n\n{body}\n\nViele Grüße, Lin"
    assert compose_reply(body, behavior(), "de", None, is_first_reply=False) == f"{body}\n\nViele Grüße, Lin"
    assert compose_reply("x", behavior(tone={}), "en", "Ada") == "x"


def test_limits():
    spec = behavior(reply={"min_words": 1, "max_words": 10}, tone={"avoid": ["always works", "café"]})
    assert breaks_a_limit("one two three four five six seven eight nine ten", spec) is None
    assert "11 words" in breaks_a_limit("one two three four five six seven eight nine ten eleven", spec)
    assert "always works" in breaks_a_limit("It ALWAYS  works here", spec)
    assert "café" in breaks_a_limit("See the Cafe.", spec)
    assert breaks_a_limit("cafeteria", spec) is None
