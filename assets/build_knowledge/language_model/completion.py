"""What a language model gave for a prompt, what it cost, and why it gave nothing.

Belongs here: the records and errors that asking and proposing share. Does not belong here: asking (`client`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assets.build_knowledge.language_model.prompt import Prompt


@dataclass(frozen=True)
class Completion:
    """A reply, with what it rests on and what it cost when it was paid for."""

    text: str
    model: str
    prompt_hash: str
    input_tokens: int
    output_tokens: int
    cost_usd: float


Complete = Callable[[Prompt], Completion]
"""Asks a model. Raises `LanguageModelError` where no reply came, `BudgetSpentError` where none was asked for."""


class LanguageModelError(RuntimeError):
    """No reply came; the message says why and what to do, and never holds the key."""


class BudgetSpentError(LanguageModelError):
    """The run's limit on cost or calls would be exceeded; nothing was sent."""
