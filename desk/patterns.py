"""Regular expressions that people write into desk files: which are refused, and why.

Belongs here: refusing what cannot be read, and what a hostile text could keep busy for minutes. Does not belong here:
running patterns (``assets.configure_behavior.triggers``), which besides bounds the text it reads.

A search takes time in the number of ways a pattern can match one stretch of text. A repeat inside a repeat, such as
``(a+)+``, has exponentially many, as has a choice inside one, ``(a|ab)*``; many open repeats in a row have as many as
the text's length to the power of their number.
"""

from __future__ import annotations

import re
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MAX_PATTERN_CHARS = 300
MAX_OPEN_REPEATS = 3
SMALL_REPEAT = 5
"""How often a group may be repeated that holds a repeat or a choice: ``(?:\\w+ ){0,3}`` is fine."""

_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, getattr(codes, "POSSESSIVE_REPEAT", None))


def pattern_problem(pattern: str) -> str | None:
    """Why a pattern is refused, as a sentence with the fix; None where it may run."""
    if not pattern.strip():
        return "a pattern is empty; write what it should find, or remove it"
    if len(pattern) > MAX_PATTERN_CHARS:
        return (
            f"a pattern has {len(pattern)} characters; at most {MAX_PATTERN_CHARS} are allowed. Split it into several"
        )
    try:
        parsed = parser.parse(pattern)
        compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return f"'{pattern}' is no regular expression: {error}"
    if compiled.search(""):
        return f"'{pattern}' fits an empty text, so it would fire always; say what must be there"
    found = _look(parsed)
    if found.refers_back:
        return f"'{pattern}' refers back to a group, which can take very long; write the words out"
    if found.nests:
        return (
            f"'{pattern}' repeats a group that itself holds a repeat or a choice, which can take very long; give the "
            f"outer one an upper bound of at most {SMALL_REPEAT}, such as (?:\\w+ ){{0,3}}"
        )
    if found.count_open > MAX_OPEN_REPEATS:
        return (
            f"'{pattern}' has {found.count_open} open repeats (*, + or {{n,}}), at most {MAX_OPEN_REPEATS} are allowed; "
            "give them an upper bound, such as .{0,40}"
        )
    return None


class _Found:
    def __init__(self) -> None:
        self.count_open = 0
        self.count_varying = 0
        self.count_choices = 0
        self.nests = False
        self.refers_back = False


def _look(parsed: Any) -> _Found:
    found = _Found()
    for operation, argument in parsed:
        if operation in _REPEATS:
            least, most, inner = argument
            within = _look(inner)
            within.count_open *= 1 if _is_word_by_word(inner) else max(1, min(most, SMALL_REPEAT))
            _add(found, within)
            if most > SMALL_REPEAT and (within.count_varying or within.count_choices):
                found.nests = True
            if most == codes.MAXREPEAT:
                found.count_open += 1
            if least != most:
                found.count_varying += 1
        elif operation is codes.GROUPREF or operation is codes.GROUPREF_EXISTS:
            found.refers_back = True
        elif operation is codes.BRANCH:
            branches = [_look(branch) for branch in argument[1]]
            found.count_choices += 1
            found.count_open += max((one.count_open for one in branches), default=0)
            for one in branches:
                one.count_open = 0
                _add(found, one)
        elif operation is not codes.IN:
            for inner in _inner(argument):
                _add(found, _look(inner))
    return found


def _is_word_by_word(body: Any) -> bool:
    """Whether a group is one word and the space behind it, as in ``(?:\\w+ ){0,3}``: there is one way to match that."""
    if len(body) == 1 and body[0][0] is codes.SUBPATTERN:
        return _is_word_by_word(body[0][1][-1])
    if len(body) != 2 or body[0][0] not in _REPEATS:
        return False
    word, behind = body[0][1][2], body[1]
    in_word = [(codes.IN, [(codes.CATEGORY, category)]) for category in (codes.CATEGORY_WORD, codes.CATEGORY_NOT_SPACE)]
    return (
        len(word) == 1
        and word[0] in in_word
        and (behind == (codes.LITERAL, ord(" ")) or behind == (codes.IN, [(codes.CATEGORY, codes.CATEGORY_SPACE)]))
    )


def _add(found: _Found, inner: _Found) -> None:
    found.count_open += inner.count_open
    found.count_varying += inner.count_varying
    found.count_choices += inner.count_choices
    found.nests |= inner.nests
    found.refers_back |= inner.refers_back


def _inner(argument: Any) -> list[Any]:
    if isinstance(argument, parser.SubPattern):
        return [argument]
    if isinstance(argument, tuple):
        return [inner for part in argument for inner in _inner(part)]
    return []
