"""Short phrases that some messages hold and others do not.

Belongs here: counting word sequences. Does not belong here: what a trigger does with them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assets.audit_tickets.categories.stop_words import STOP_WORDS

_BREAK = re.compile(r"[.!?\n\[\]]")
"""Where no phrase goes on: between sentences, and at what was redacted."""
MAX_WORDS = 4
LEAST_LETTERS_ALONE = 6
_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)?")
_HOLDS_NOTHING = frozenset(
    ("please", "hello", "thanks", "thank", "regards", "question", "bitte", "hallo", "danke", "hola", "gracias")
)


@dataclass(frozen=True)
class Phrase:
    """A phrase (folded words), and in which of the messages it stands."""

    words: str
    inside: frozenset[int]
    outside: frozenset[int]


def telling_phrases(
    inside: Sequence[Iterable[str]], outside: Sequence[Iterable[str]], least: int = 2, most_outside: int = 0
) -> list[Phrase]:
    """Phrases of one to ``MAX_WORDS`` words that stand in at least ``least`` of the messages, the most telling first.

    Args:
        inside, outside: messages as lists of folded sentences.
        most_outside: in how many others a phrase may stand at most.

    Of phrases that stand in the same messages the one of two or three words is kept, since a single word says little out of
    its place and a long phrase is found only in the words of those it was taken from.
    """
    where = _where(inside)
    counts = {words: found for words, found in where.items() if len(found) >= least}
    elsewhere = _where(outside, set(counts))
    best: dict[frozenset[int], Phrase] = {}
    for words, found in counts.items():
        one = Phrase(words, frozenset(found), frozenset(elsewhere.get(words, ())))
        if len(one.outside) <= most_outside and (one.inside not in best or _rank(one) < _rank(best[one.inside])):
            best[one.inside] = one
    return sorted(best.values(), key=lambda one: (-len(one.inside), _rank(one)))


def _where(messages: Sequence[Iterable[str]], wanted: set[str] | None = None) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for row, message in enumerate(messages):
        for clause in (one for sentence in message for one in _BREAK.split(sentence)):
            words = _WORD.findall(clause)
            for length in range(1, MAX_WORDS + 1):
                for at in range(len(words) - length + 1):
                    part = words[at : at + length]
                    phrase = " ".join(part)
                    if (phrase in wanted) if wanted is not None else _is_worth(part):
                        found.setdefault(phrase, set()).add(row)
    return found


def _is_worth(words: Sequence[str]) -> bool:
    """Whether a person would write it down: it begins and ends with a word that says something."""
    telling = [
        one for one in words if one.isalpha() and one not in STOP_WORDS and one not in _HOLDS_NOTHING and len(one) > 2
    ]
    if len(words) == 1:
        return bool(telling) and len(words[0]) >= LEAST_LETTERS_ALONE
    return len(telling) >= 1 and words[0] not in STOP_WORDS | _HOLDS_NOTHING and words[-1] not in STOP_WORDS


def _rank(phrase: Phrase) -> tuple[int, int, int, str]:
    words = phrase.words.split()
    wanted = {2: 0, 3: 0, 1: 1, 4: 2}
    stops = Counter(one in STOP_WORDS for one in words)[True]
    return len(phrase.outside), wanted[len(words)] + stops, -len(phrase.words), phrase.words
