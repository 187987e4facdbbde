"""Whether what is said to a customer is right, when it is not the right entry word for word.

Belongs here: laying a text beside the entries of the known release. Does not belong here: which entry is right for a
ticket (``known_tickets``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from assets.build_knowledge.drafts.sentences import content_stems

LEAST_WORDS = 0.4
"""Share of the right answer's content words from which a text gives that answer."""
LEAST_NUMBERS = 0.5
"""The same for its numbers."""
CLOSE = 0.05
"""How much better another answer may fit before the text counts as that one."""
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_TOKEN = re.compile(r"\w+", re.UNICODE)


class RightAnswers:
    """Judges texts by the answers of the known release, and by what planted faults made of them.

    answers: right answer by entry id; aged: what an aged entry says instead, by entry id. Where an answer was aged, a
    text is right only if it has most of what the aging took away and not most of what it brought in.
    """

    def __init__(self, answers: Mapping[str, str], aged: Mapping[str, str] | None = None) -> None:
        self._answers = dict(answers)
        self._stems = {name: frozenset(content_stems(text)) for name, text in answers.items()}
        self._numbers = {name: frozenset(_NUMBER.findall(text)) for name, text in answers.items()}
        self._told_apart = {name: _told_apart(answers[name], old) for name, old in (aged or {}).items()}
        self._known: dict[tuple[str, str], bool] = {}

    def says(self, text: str, entry_id: str) -> bool:
        """Whether the text gives this entry's answer, and no other entry's more clearly."""
        key = (text, entry_id)
        if key not in self._known:
            self._known[key] = self._says(text, entry_id)
        return self._known[key]

    def _says(self, text: str, entry_id: str) -> bool:
        if entry_id not in self._answers:
            return False
        if text == self._answers[entry_id]:
            return True
        stems, numbers = frozenset(content_stems(text)), frozenset(_NUMBER.findall(text))
        fit = {name: len(own & stems) / len(own) for name, own in self._stems.items() if own}
        wanted = self._numbers[entry_id]
        if fit.get(entry_id, 0.0) < LEAST_WORDS or (wanted and len(wanted & numbers) / len(wanted) < LEAST_NUMBERS):
            return False
        if max(fit.values()) > fit[entry_id] + CLOSE:
            return False
        if entry_id not in self._told_apart:
            return True
        true, old = self._told_apart[entry_id]
        tokens = _tokens(text)
        return len(true & tokens) * 2 >= len(true) and len(old & tokens) * 2 < max(1, len(old))


def _told_apart(right: str, aged: str) -> tuple[frozenset[str], frozenset[str]]:
    """Words only the right text has, and only the aged one."""
    mine, other = _tokens(right), _tokens(aged)
    return mine - other, other - mine


def _tokens(text: str) -> frozenset[str]:
    return frozenset(_TOKEN.findall(text.casefold()))
