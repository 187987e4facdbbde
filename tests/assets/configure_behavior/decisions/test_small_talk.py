"""Greetings and thanks, and nothing that asks."""

import pytest

from assets.configure_behavior.decisions.small_talk import is_small_talk


@pytest.mark.parametrize(
    "text",
    [
        "hi",
        "Hello there",
        "good morning!",
        "Thanks so much for your help",
        "Vielen Dank!",
        "¡Muchas gracias!",
        "👍",
        "!!!",
    ],
)
def test_small_talk(text):
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text",
    [
        "hi?",
        "hello, export",
        "thanks but it still fails",
        "that works",
        "help",
        "thank you thank you thank you thank you very much",
        "gracias, pero no funciona",
        "Hi " + "there " * 100,
        "?",
        "привет",
    ],
)
def test_anything_more_is_a_message(text):
    assert not is_small_talk(text)
