"""Which language a message is in, and what decides when it is too short to tell."""

import pytest

from assets.audit_tickets.texts.language import (
    UNKNOWN,
    detect_language,
    locale_language,
    resolve_language,
    ticket_language,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I cannot log in to my account since the update", "en"),
        ("Ich kann mich seit gestern nicht mehr anmelden", "de"),
        ("No puedo entrar en mi cuenta desde ayer", "es"),
        ("Je ne peux plus envoyer de messages", "fr"),
        ("I CANNOT SEND MAIL FROM THE NEW COMPUTER", "en"),
        ("昨日からログインできません。助けてください", "ja"),
    ],
)
def test_sentences_are_recognised(text, code):
    found, confidence = detect_language(text)
    assert found == code
    assert confidence > 0.7


@pytest.mark.parametrize(
    "text", ["", "993", "[EMAIL] [PHONE]", "https://example.org/kb/page", "smtp.example.com:465", "> > >"]
)
def test_what_is_no_prose_is_unknown(text):
    assert detect_language(text) == (UNKNOWN, 0.0)


def test_few_words_are_not_believed():
    assert detect_language("ok danke")[1] < 0.5


def test_a_short_text_takes_the_language_of_its_ticket_then_of_the_locale():
    assert resolve_language("sv", 0.1, ticket_language=("de", 0.9), locale="en-US")[0] == "de"
    assert resolve_language("sv", 0.1, ticket_language=(UNKNOWN, 0.0), locale="es-MX")[0] == "es"
    assert resolve_language("sv", 0.1) == (UNKNOWN, 0.0)
    assert resolve_language("fr", 0.95, ticket_language=("de", 1.0), locale="en") == ("fr", 0.95)


def test_the_ticket_speaks_as_most_of_its_text():
    assert ticket_language([("de", 0.9, 200), ("en", 0.9, 40), ("sv", 0.2, 300)])[0] == "de"
    assert ticket_language([]) == (UNKNOWN, 0.0)


def test_locales():
    assert [locale_language(x) for x in ("de-AT", "pt_BR", "EN", None, "", "x", "12")] == [
        "de",
        "pt",
        "en",
        *[None] * 4,
    ]
