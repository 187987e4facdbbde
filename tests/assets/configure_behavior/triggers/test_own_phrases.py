"""Own phrases are whole words however they are typed; patterns run bounded; explained sentences are left out."""

import time

import pytest

from assets.configure_behavior.triggers.own_phrases import (
    bounded,
    find_phrase,
    sentences,
    shown_and_folded,
    without_explained,
)


def found(text, *phrases, patterns=()):
    return find_phrase(shown_and_folded(bounded(text)), phrases, patterns)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Please END our contract", "end our contract"),
        ("I don’t recognise it", "dont recognise"),
        ("I dont recognise it", "don't recognise"),
        ("Ich möchte KÜNDIGEN.", "kündigen"),
        ("ich moechte kuendigen", "kündigen"),
        ("quiero cancelar la suscripción", "cancelar la suscripcion"),
        ("double-charged", "double charged"),
        ("the zero\u200bwidth word", "zerowidth"),
        ("we have finally decided that we want to end\nour contract", "end our contract"),
    ],
)
def test_case_accents_quotes_and_line_breaks_do_not_count(text, phrase):
    assert found(text, phrase)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("legend our contract", "end our contract"), ("end. our contract", "end our contract"), ("ending", "end"),
        ("", "end"), ("...", "end"), ("Cancel\nhi there", "cancel hi"),
    ],
)  # fmt: skip
def test_parts_of_words_and_other_sentences_do_not_count(text, phrase):
    assert found(text, phrase) is None


def test_the_words_shown_are_the_customers_own():
    assert found("So: Bitte die Löschung MEINER Daten!", "löschung meiner daten") == "Löschung MEINER Daten"


def test_patterns_run_over_folded_text_and_may_be_written_with_umlauts():
    assert found("Wir wollen KÜNDIGEN", patterns=[r"\bkünd\w+"]) == "KÜNDIGEN"
    assert found("error 503 here", patterns=[r"\berror 50\d.*here"])
    assert found("wir bleiben", patterns=[r"\bkünd\w+"]) is None


def test_only_the_explained_sentence_is_left_out():
    text = "How do I cancel the invitation? And please cancel my plan."
    assert "my plan" in without_explained(text, ["cancel the invitation"])
    assert "invitation" not in without_explained(text, ["cancel the invitation"])
    assert without_explained(text, []) == text


def test_sentences_join_to_the_text_and_numbers_stay_whole():
    text = "It cost 49.00 EUR on 30.6. already! What now?\nBye"
    assert "".join(sentences(text)) == text
    assert "It cost 49.00 EUR on 30.6. already!" in sentences(text)


def test_a_long_message_is_read_at_both_ends():
    text = f"please cancel {'x ' * 500_000} end our contract"
    assert len(bounded(text)) <= 6_000
    assert found(text, "please cancel")
    assert found(text, "end our contract")


@pytest.mark.parametrize("text", ["a" * 1_000_000, "a b " * 250_000, "\n" * 200_000, "x.y!" * 100_000])
def test_no_text_makes_allowed_patterns_slow(text):
    started = time.perf_counter()
    found(text, "end our contract", patterns=[r"a.*b.*c.*d", r"(?:\w+ ){0,3}\w*zz\w*", r"\w+\s+\w+\s*!!"])
    assert time.perf_counter() - started < 5
