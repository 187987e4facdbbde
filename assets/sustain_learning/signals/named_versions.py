"""Product versions that customers name.

Belongs here: reading version numbers out of a text. Does not belong here: which release a version belongs to (``diagnose``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

_NUMBER = r"(\d{1,4}(?:\.\d{1,3}){0,3})(?:esr|[ab]\d{1,2}|rc\d?)?"
_WORD = r"(?:versione?|versi[oó]n|vers[aã]o|versie|verze|verzi[oó]|s[uü]r[uü]m|versio|release|ver\.?|v\.?|update)"
_OTHERS = re.compile(
    r"(?:windows|win|mac ?os|os ?x|ios|android|ubuntu|linux|debian|mint|fedora|office|outlook|firefox|chrome|safari|edge|java|"
    r"python|php|kernel|build|opera)\W{0,3}(?:" + _WORD + r")?\W{0,2}$",
    re.IGNORECASE,
)
"""The version of something else, said right before the number."""


def product_names(release_names: Iterable[str]) -> tuple[str, ...]:
    """What the product is called in its release list: words before a number, and their initials where they are two or more.

    >>> product_names(["Desktop 7.0", "Thunderbird 128"])
    ('desktop', 'thunderbird')
    """
    found = []
    for name in release_names:
        match = re.match(r"([^\W\d_][\w' -]{1,40}?)\s+v?\d+(?:\.\d+)*\b", name)
        if match:
            found.append(match.group(1).strip().lower())
    return tuple(dict.fromkeys(found))


def version_parts(release_versions: Iterable[str]) -> int:
    """How many numbers tell releases apart: 1, or 2 where one first number has several releases (7.0 and 7.2)."""
    numbers = {tuple(_numbers(one)[:2]) for one in release_versions if _numbers(one)}
    firsts = Counter(one[0] for one in numbers)
    return 2 if any(count > 1 for count in firsts.values()) else 1


def version_key(version: str, parts: int) -> str | None:
    """The version as it is counted: its first ``parts`` numbers, without zeros at the end; None where there is no number."""
    numbers = _numbers(version)[:parts]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return ".".join(str(one) for one in numbers) if numbers else None


def named_versions(
    texts: Sequence[str], release_names: Iterable[str], release_versions: Iterable[str]
) -> list[list[str]]:
    """Versions that each text names: after the product's name or a word for "version", or in full as a release has it.

    Args:
        texts: n texts. release_names, release_versions: of ``release_events``; empty lists are fine.

    Returns:
        Keys (``version_key``) of each text, each once, in the order of their naming.
    """
    parts = version_parts(release_versions)
    pattern = _pattern(product_names(release_names))
    return [_versions_in(text[:4_000], pattern, parts) for text in texts]


def _versions_in(text: str, pattern: re.Pattern[str], parts: int) -> list[str]:
    found: dict[str, None] = {}
    for match in pattern.finditer(text):
        if _OTHERS.search(text[max(0, match.start() - 24) : match.start()]):
            continue
        key = version_key(match.group("number"), parts)
        if key is not None and key != "0":
            found[key] = None
    return list(found)


@lru_cache(maxsize=32)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    product = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    after = f"(?:{product}|{_WORD})" if product else _WORD
    number = _NUMBER.replace("(", "(?P<number>", 1)
    return re.compile(rf"\b{after}(?:\W{{0,3}}(?:{_WORD}))?\W{{0,3}}{number}(?![\w%]|\.\d)", re.IGNORECASE)


def _numbers(version: str) -> list[int]:
    return [int(one) for one in re.findall(r"\d{1,4}", version)]
