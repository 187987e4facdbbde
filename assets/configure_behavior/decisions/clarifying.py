"""Asking back: which fact to ask for, in whose words, and what was asked before.

Belongs here: the question, and reading earlier ones. Does not belong here: which facts would decide
(``retrieval.retrieve``), whether asking is allowed (``decide``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assets.configure_behavior.decisions.decision import Turn
from desk.behavior import BehaviorFile, text_in

MAX_QUESTIONS = 3
"""Questions the agent asks back in one conversation. Nobody likes to be interrogated."""
MAX_REPLY_WORDS = 12


@dataclass(frozen=True)
class Clarification:
    """What to ask, or why nothing is asked (``question`` is then empty)."""

    field: str
    question: str
    why_not: str = ""


def asked_before(turns: Sequence[Turn], behavior: BehaviorFile) -> list[frozenset[str]]:
    """For each turn the fields whose question stands in it; empty for turns that are not the agent's."""
    known = {
        field: [words for text in texts.values() if (words := _words(text))]
        for field, texts in behavior.clarify.items()
    }
    return [
        frozenset(field for field, texts in known.items() if any(one in said for one in texts))
        if turn.author == "ai_agent" and (said := _words(turn.text))
        else frozenset()
        for turn in turns
    ]


def clarification(
    ask_for: Sequence[str], asked: Sequence[frozenset[str]], behavior: BehaviorFile, language: str
) -> Clarification:
    """The question for the most telling field that has one, unless it was asked already.

    Args:
        ask_for: fields that would decide, the most telling first; at least one.
        asked: by ``asked_before``.
    """
    before = frozenset[str]().union(*asked)
    field = next((one for one in ask_for if behavior.clarify.get(one)), None)
    if field is None:
        return Clarification(ask_for[0], "", f"the spec has no question for {ask_for[0]}")
    if field in before:
        return Clarification(field, "", f"{field} was asked before and is still open")
    if sum(bool(one) for one in asked) >= MAX_QUESTIONS:
        return Clarification(field, "", f"{MAX_QUESTIONS} questions were asked already")
    return Clarification(field, text_in(behavior.clarify[field], language).strip())


def customer_messages(
    text: str, turns: Sequence[Turn], asked: Sequence[frozenset[str]]
) -> list[tuple[str, frozenset[str]]]:
    """The customer's messages, newest first and ``text`` the newest, each with the fields asked for right before it."""
    found = []
    pending: frozenset[str] = frozenset()
    for turn, fields in zip(turns, asked, strict=True):
        if turn.author == "customer":
            found.append((turn.text, pending))
            pending = frozenset()
        elif turn.author == "ai_agent":
            pending = fields
        else:
            pending = frozenset()
    return [(text, pending), *reversed(found)]


def question_before(messages: Sequence[tuple[str, frozenset[str]]]) -> str:
    """What the customer wanted to know before the agent asked back: the newest message that no question preceded."""
    return next((text for text, asked in messages if not asked), "")


def is_reply(messages: Sequence[tuple[str, frozenset[str]]]) -> bool:
    """Whether the newest message is a mere reply to a question of the agent."""
    text, asked = messages[0]
    return bool(asked) and len(text.split()) <= MAX_REPLY_WORDS and bool(question_before(messages))


def _words(text: str) -> str:
    return " ".join(text.casefold().split())
