"""A reply is held to the spec's length, words and register; what is within the bounds is left alone."""

import pytest

from assets.configure_behavior.behavior.tone_bounds import count_words, tone_problems
from tests.behaviors import REPLY, behavior


def problems(reply, language="en", reply_length=None, **tone):
    return tone_problems(reply, behavior(tone={"languages": ["en"], **tone}, reply=reply_length or {}), language)


def test_a_reply_within_the_bounds_has_no_problem():
    assert problems(REPLY) == []


def test_length_has_hard_bounds():
    assert "It has 2 words; at least 5 are wanted." in problems("Too short.")
    assert "It has 40 words; at most 30 are wanted." in problems("word " * 40, reply_length={"max_words": 30})
    assert problems("word " * 30, reply_length={"max_words": 30}, thoroughness=0.5) == []


def test_a_brief_voice_is_shorter_and_a_thorough_one_longer():
    length = {"min_words": 5, "max_words": 100}
    assert "long for a brief voice" in problems("word " * 80, reply_length=length, thoroughness=0.1)[0]
    assert problems("word " * 80, reply_length=length, thoroughness=0.9) == []
    assert "short for a thorough voice" in problems("word " * 7, reply_length=length, thoroughness=0.9)[0]
    assert problems("word " * 7, reply_length=length, thoroughness=0.1) == []
    steps = "\n".join(f"{number}. Press it." for number in range(1, 13))
    assert any("12 points" in one for one in problems(steps, thoroughness=0.1))
    assert not problems(steps, thoroughness=0.9)


@pytest.mark.parametrize("said", ["Unfortunately", "unfortunately,", "UNFORTUNATELY"])
def test_avoided_words_are_found_however_they_are_written(said):
    assert problems(f"{said} we cannot open it here.", avoid=["unfortunately"])
    assert not problems("We are fortunately able to open it.", avoid=["unfortunately"])


def test_replaced_words_name_the_word_to_say():
    (problem,) = problems("Please authenticate on the page first.", say_instead={"authenticate": "sign in"})
    assert problem == "It says “authenticate”; the spec says “sign in” instead."


def test_placeholders_must_be_filled():
    assert "{name}" in problems("Hello {name}, please press Continue there.")[0]
    assert not problems("Press {Ctrl} and K, then wait a moment.")


@pytest.mark.parametrize(
    ("reply", "language"),
    [
        ("You can't open it before Monday, sorry.", "en"), ("Please open it now! It works well.", "en"),
        ("Yeah, open the page and press it.", "en"), ("Please open the page there 🙂 and wait.", "en"),
        ("Hey, bitte öffnen Sie die Seite dort.", "de"), ("Vale, tío, abre la página y espera.", "es"),
    ],
)  # fmt: skip
def test_a_formal_voice_refuses_what_is_too_conversational(reply, language):
    assert any("too conversational" in one for one in problems(reply, language, formality=0.1))


@pytest.mark.parametrize(
    ("reply", "language"),
    [
        ("Please be advised that the page is open.", "en"), ("Dear Sir or Madam, the page is open.", "en"),
        ("Hiermit teilen wir Ihnen die Seite mit.", "de"), ("Por la presente le comunicamos la página.", "es"),
    ],
)  # fmt: skip
def test_a_conversational_voice_refuses_what_is_too_stiff(reply, language):
    assert any("too stiff" in one for one in problems(reply, language, formality=0.9))
    assert not any("too stiff" in one for one in problems(reply, language, formality=0.1))


def test_contractions_are_fine_unless_the_voice_is_formal():
    reply = "It's quick to fix, and you don't lose anything."
    assert problems(reply, formality=0.6) == []
    assert problems(reply, formality=0.1)


def test_a_language_without_lists_is_measured_by_length_and_words():
    assert problems("Bonjour, ouvrez la page et attendez un moment.", "fr", formality=0.1) == []


def test_words_are_counted_as_people_do():
    assert count_words("Open Settings > Plan & billing > Invoices") == 5
    assert count_words("mail no-reply@example.org, it's v5.0") == 4
    assert count_words("") == 0


def test_a_huge_reply_takes_no_time():
    assert problems("word! " * 200_000)
