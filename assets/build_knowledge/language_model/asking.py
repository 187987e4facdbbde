"""Asking for many things until the first failure, and the record of what is not used.

Belongs here: what proposals of entries and of names share. Does not belong here: what is asked (`proposals`,
`category_names`), sending (`client`).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from assets.build_knowledge.language_model.completion import (
    BudgetSpentError,
    Complete,
    Completion,
    LanguageModelError,
)
from assets.build_knowledge.language_model.prompt import Prompt

SET_ASIDE_COLUMNS = ["subject_id", "reason", "detail", "model", "prompt_hash", "cost_usd"]


MAX_FAILURES = 2
"""Subjects in a row that got no reply; the rest are not asked."""


@dataclass(frozen=True)
class Proposals:
    """What a model proposed, and what of it is not used."""

    frame: pd.DataFrame
    set_aside: pd.DataFrame
    """[reply, entry of one, or thing not asked]: subject_id (category or candidate), reason (code), detail (a sentence),
    model, prompt_hash, cost_usd (its share; null where nothing came)."""

    @property
    def cost_usd(self) -> float:
        """What all replies cost when they were paid for; kept replies are counted as well."""
        return float(self.frame["cost_usd"].sum() + self.set_aside["cost_usd"].sum())


class Asking:
    """Asks for one thing after the other; after `MAX_FAILURES` in a row the endpoint is taken to be gone.

    A spent budget does not end it: what is kept costs nothing, and nothing else is sent.
    """

    def __init__(self, complete: Complete) -> None:
        self._complete = complete
        self._count_failures = 0
        self._failure = ""
        self._set_aside: list[tuple[object, ...]] = []

    def __call__(self, subject: str, prompt: Prompt) -> Completion | None:
        if self._count_failures >= MAX_FAILURES:
            self.put_aside(subject, "not_asked", f"Not asked, after {MAX_FAILURES} failures: {self._failure}")
            return None
        try:
            reply = self._complete(prompt)
        except BudgetSpentError as problem:
            self.put_aside(subject, "budget_spent", str(problem))
            return None
        except LanguageModelError as problem:
            self._count_failures, self._failure = self._count_failures + 1, str(problem)
            self.put_aside(subject, "no_reply", self._failure)
            return None
        self._count_failures = 0
        return reply

    def put_aside(
        self, subject: str, reason: str, detail: str, reply: Completion | None = None, cost: float | None = None
    ) -> None:
        """Record that something is not used, and why; ``cost`` is its share of the reply's."""
        model, prompt = (reply.model, reply.prompt_hash) if reply else (None, None)
        self._set_aside.append((subject, reason, detail, model, prompt, cost))

    @property
    def set_aside(self) -> pd.DataFrame:
        """Everything put aside so far, in that order."""
        frame = pd.DataFrame(self._set_aside, columns=SET_ASIDE_COLUMNS)
        return frame.astype(dict.fromkeys(SET_ASIDE_COLUMNS[:-1], "str") | {"cost_usd": "float64"})
