"""Plain text, flat facts and a language, whatever comes in."""

import pytest

from assets.configure_behavior.decisions.decision import Turn
from assets.configure_behavior.decisions.reading import MAX_CHARS, plain_text, read_context, read_message
from tests.assets.configure_behavior.decisions.small_release import behavior


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("  hello \r\n world \x00", "hello\n world"),
        ("<p>Hello <b>world</b></p>", "Hello world"),
        ("Hello <span style='display:none'>cancel</span> world", "Hello world"),
        ("Hello <!-- cancel --> world", "Hello world"),
        ("if a < b and b > c then?", "if a < b and b > c then?"),
        ("use List<String> here", "use List<String> here"),
        ("ex\u200bport \U000e0041now", "export now"),
        ("<style>.h{display:none}</style><p class=h>x</p>", ""),
        ("--- ... ***", ""),
        ("?", "?"),
    ],
)
def test_plain_text(message, text):
    assert plain_text(message) == text


def test_of_a_long_message_beginning_and_end_are_read():
    text = plain_text("begin " + "x" * 500_000 + " end")
    assert len(text) <= MAX_CHARS
    assert text.startswith("begin")
    assert text.endswith("end")


def test_of_long_markup_only_the_beginning_is_read():
    hidden = "<p>begin</p>" + "<div style='display:none'>" + "x " * 500_000 + "secret</div>"
    assert plain_text(hidden) == "begin"


def test_context():
    known, dropped = read_context(
        {"Plan Name": " Pro \n", "sso": True, "days": 3, "share": 0.5, "x": None, "y": [1], "z": "n/a", 4: "four"}
    )
    assert known == {"plan_name": "Pro", "sso": True, "days": 3, "share": 0.5}
    assert set(dropped) == {"x", "y", "z", "?"}


def test_turns_are_cleaned_and_empty_ones_left_out():
    turns = [Turn("customer", "<b>old</b>"), Turn("agent", "seen"), Turn("customer", "\x00"), Turn("customer", "new")]
    reading = read_message("now", turns, {}, behavior())
    assert reading.earlier == ["old", "new"]
    assert reading.untended == ["new"]
    assert reading.said_by_agent == []


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("My password does not work any more, please help me", "en"),
        ("Mein Passwort funktioniert leider nicht mehr, bitte um Hilfe", "de"),
        ("2fa code not accepted", "en"),
        ("app wont open since update", "en"),
        ("429", "en"),
        ("パスワードを忘れてしまいました。どうすればいいですか", "ja"),
    ],
)
def test_language(message, language):
    assert read_message(message, [], {}, behavior()).language == language
