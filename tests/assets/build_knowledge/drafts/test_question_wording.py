"""Wordings: tidied, made from headings, chosen."""

import pytest

from assets.build_knowledge.drafts.question_wording import choose_question, tidy, title_as_question
from assets.build_knowledge.drafts.sentences import split_sentences, strip_greeting
from tests.assets.build_knowledge.drafts.drafting_frames import embed


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("hi team, how do i cancel", "How do I cancel?"),
        ("quick question: how do I cancel??", "How do I cancel?"),
        ("WHERE DO I FIND THE INVOICE", "Where do I find the invoice?"),
        ("the app crashes.", "The app crashes"),
        ('quit unexpectedly" each time', "Quit unexpectedly each time"),
        ("¿cómo cancelo?", "¿cómo cancelo?"),
        ("  ", ""),
    ],
)
def test_tidy(said, printed):
    assert tidy(said) == printed


@pytest.mark.parametrize(
    ("title", "heading", "question"),
    [
        ("Reset your password", "", "How do I reset my password?"),
        ("Passwords", "Change your password", "How do I change my password?"),
        ("How to upgrade to Pro", "", "How do I upgrade to Pro?"),
        ("Invoices", "Download", "Invoices"),
        ("Two-step verification", "Switch it on", "Two-step verification"),
        ("Trouble logging in?", "Forgotten password", "Trouble logging in?"),
    ],
)
def test_headings_become_questions_where_they_can(title, heading, question):
    assert title_as_question(title, heading) == question


def test_the_chosen_question_is_general_and_asks():
    asked = [
        "How do I export documents?",
        "export documents from my grandmother's recipe blog in winter, how does that go",
        "documents",
        "Export of documents fails",
    ]
    assert choose_question(asked, embed(asked), [3.0] * 4) == "How do I export documents?"
    assert choose_question([], embed(["x"])[:0], []) == ""


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Hello [NAME], You can set it", "You can set it"),
        ("Dear Exampleware team,\nit fails", "it fails"),
        ("Guten Tag, Ines Falk, das geht", "das geht"),
        ("Hi team I lost it", "I lost it"),
        ("History is gone", "History is gone"),
        ("Hello World plugin crashes", "World plugin crashes"),
    ],
)
def test_greetings_are_stripped_and_words_are_not(text, rest):
    assert strip_greeting(text) == rest


def test_a_quoted_mark_ends_no_sentence():
    assert split_sentences('Click "Really?" and wait. Done') == ['Click "Really?" and wait.', "Done"]
