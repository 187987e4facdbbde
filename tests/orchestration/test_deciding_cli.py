"""A decision as people read it in a terminal."""

import io

import pytest
from rich.console import Console

from assets.configure_behavior.decisions.decide import decide
from assets.configure_behavior.decisions.decision import Turn
from orchestration.cli.deciding import DecidingError, read_turns, show_decision
from tests.assets.configure_behavior.decisions.small_release import small_release


@pytest.fixture(scope="module")
def release():
    return small_release()


def shown(decision):
    console = Console(file=io.StringIO(), width=160)
    show_decision(decision, console)
    return console.file.getvalue()


def test_turns_say_whose_they_are():
    assert read_turns(["I cannot log in: it fails", "ai: Do you use SSO?", "Agent: I look", "note: this is mine"]) == [
        Turn("customer", "I cannot log in: it fails"),
        Turn("ai_agent", "Do you use SSO?"),
        Turn("agent", "I look"),
        Turn("customer", "note: this is mine"),
    ]
    with pytest.raises(DecidingError, match="says nothing"):
        read_turns(["ai: "])


def test_an_answer(release):
    text = shown(decide("How do I reset my password?", [], {"sso": True}, release))
    for words in (
        "answered",
        "the customer reads",
        "IT team",
        "sso true",
        "needed for 5 % risk",
        "threshold",
        "told from",
    ):
        assert words in text


def test_a_question_and_a_handover(release):
    assert "open: sso" in shown(decide("How do I reset my password?", [], {}, release))
    text = shown(decide("How do I cancel my subscription?", [Turn("ai_agent", "Hello")], {}, release))
    for words in ("handed over", "suggested to a person", "retention", "the customer wants to leave", "said before 1"):
        assert words in text


def test_silence_is_said(release):
    assert "The customer reads nothing yet" in shown(decide("", [Turn("ai_agent", "Hi")], {}, release))


def test_markup_of_the_terminal_is_text(release):
    decision = decide("I want a real person now [red]x[/red] [/]", [], {}, release)
    assert "[red]x[/red] [/]" in shown(decision)
