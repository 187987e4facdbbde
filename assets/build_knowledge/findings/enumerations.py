"""What somebody may do, as a list: "guests read, comment and edit".

Belongs here: reading them, and whether one says more than another. Does not belong here: which sentences are about the
same thing (``aligned_sentences``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.build_knowledge.findings.scopes import scopes_in
from assets.build_knowledge.findings.sentences import stem, without_marks

MIN_SHARED = 2

_LIST = re.compile(r"(?<![\w-])[a-z]{3,}(?:, [a-z]{3,}){0,6},? (?:and|und|y) [a-z]{3,}(?![\w-])")
_OPEN = re.compile(
    r"\b(?:for example|such as|like|including|etc|and more|and so on|among others|zum beispiel|usw|por ejemplo|entre otros)\b"
)
_JOINING = re.compile(r",? (?:and|und|y) |, ")


def lists_in(sentence: str) -> list[frozenset[str]]:
    """The closed lists of single words in a sentence about somebody's rights, as stems; none where they are examples.

    Other lists ("Windows, macOS and Linux") name a part as often as the whole, so that they prove nothing.
    """
    text = fold(without_marks(sentence))
    if "role" not in scopes_in(text) or _OPEN.search(text) or text.rstrip().endswith("?"):
        return []
    found = (frozenset(stem(item) for item in _JOINING.split(match[0])) for match in _LIST.finditer(text))
    return [items for items in found if len(items) >= MIN_SHARED]


def differing_lists(one: Iterable[frozenset[str]], other: Iterable[frozenset[str]]) -> frozenset[str] | None:
    """What one list has beyond another that is wholly part of it; None where no two lists are like that."""
    theirs = list(other)
    for mine in one:
        for yours in theirs:
            if len(mine & yours) >= MIN_SHARED and (mine < yours or yours < mine):
                return mine ^ yours
    return None
