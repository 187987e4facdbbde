"""Marks that say in the markup for whom a stretch is: ``<span data-for="win,mac">``, ``{for not mac}…{/for}``.

Belongs here: finding marks in the source, and reading their words. Does not belong here: sentences that say it
(``audience_phrases``).

Editors break such spans: ``<p><span data-for="win"></p><p>…</p></span>`` is common, and a parser closes the span at the
first ``</p>``. The begin and the end of each span are therefore noted as comments before parsing, so that what lies
between them counts, whatever the elements in between.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assets.build_knowledge.articles.audiences import EVERYBODY, UNNAMED_FIELD, Audience, Universe, both
from assets.build_knowledge.articles.vocabulary import Vocabulary
from assets.build_knowledge.version_ranges import Version, version

BEGIN, END = "for:begin:", "for:end:"
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|&lt;!--.{0,4000}?--&gt;", re.DOTALL)
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")
_CHARACTER = re.compile(r"&#(?:x([0-9a-f]{1,12})|([0-9]{1,12}));?", re.IGNORECASE)
_MARK = re.compile(
    r"<span\b(?P<open>[^<>]*)>|(?P<close></span\s*>)|\{for\s+(?P<words>[^{}<>]{1,100})\}|(?P<end>\{/\s*for\})",
    re.IGNORECASE,
)
_DATA_FOR = re.compile(r"\bdata-for\s*=\s*(?:\"([^\"]{0,200})\"|'([^']{0,200})'|([^\s\"'>]{1,200}))", re.IGNORECASE)
_MAX_MARKS = 5_000
_WINDOWS = re.compile(r"win(?:dows)?[ -]?(xp|vista|8\.1|7|8|10|11)")
_VERSION = re.compile(r"(=)?([a-z]{2,12})[ -]?(\d{1,4}(?:\.\d{1,4}){0,3})")


@dataclass(frozen=True)
class MarkedSource:
    """A source whose marks are comments ``for:begin:<n>`` and ``for:end:<n>``, and the words of each mark."""

    html: str
    words: tuple[str, ...]


def mark_source(html: str) -> MarkedSource:
    """Replace paired marks by comments; the source's own comments go, shown ones too, and private characters.

    Private characters mark places while an article is read; none may come from outside, spelt out or not."""
    source = _CHARACTER.sub(_without_private_use, _PRIVATE_USE.sub("", _COMMENT.sub("", html)))
    pairs: dict[int, int] = {}
    words: list[str] = []
    spans: list[tuple[int, str | None]] = []
    texts: list[tuple[int, str]] = []
    replacements: dict[int, tuple[int, str]] = {}
    for match in _MARK.finditer(source):
        if match["open"] is not None:
            found = _DATA_FOR.search(match["open"])
            # a span with more to it (hidden, a class, a style) must stay an element, or what it hides would show
            is_plain = found is not None and not _DATA_FOR.sub("", match["open"]).strip(" \t\r\n/")
            spans.append(
                (match.start(), next((one for one in found.groups() if one), "") if found and is_plain else None)
            )
            pairs[match.start()] = match.end()
        elif match["close"] is not None:
            if spans:
                _pair(spans.pop(), match, pairs, words, replacements)
        elif match["words"] is not None:
            texts.append((match.start(), match["words"]))
            pairs[match.start()] = match.end()
        elif texts:
            _pair(texts.pop(), match, pairs, words, replacements)
    parts, position = [], 0
    for start, (end, text) in sorted(replacements.items()):
        parts += [source[position:start], text]
        position = end
    return MarkedSource("".join([*parts, source[position:]]), tuple(words))


def _without_private_use(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else int(match[2])
    return "" if 0xE000 <= code <= 0xF8FF else match[0]


def _pair(
    begun: tuple[int, str | None],
    match: re.Match[str],
    pairs: dict[int, int],
    words: list[str],
    replacements: dict[int, tuple[int, str]],
) -> None:
    start, said = begun
    if said is None or len(words) >= _MAX_MARKS:
        return
    number = len(words)
    words.append(said)
    replacements[start] = (pairs[start], f"<!--{BEGIN}{number}-->")
    replacements[match.start()] = (match.end(), f"<!--{END}{number}-->")


def count_audiences(words: list[str]) -> int:
    """How many kinds of readers some marks name."""
    return len({token for one in words for token in _tokens(one)[1]})


def version_bounds(words: list[str], vocabulary: Vocabulary) -> dict[str, tuple[Version, ...]]:
    """The version numbers that marks name, by the field of their product (``tb60`` gives ``tb_version``)."""
    bounds: dict[str, set[Version]] = {}
    for one in words:
        for token in _tokens(one)[1]:
            if read := _product_version(token, vocabulary):
                name, low, high = read
                bounds.setdefault(name, set()).update(bound for bound in (low, high) if bound is not None)
    return {name: tuple(sorted(found)) for name, found in bounds.items()}


def read_mark(words: str, vocabulary: Vocabulary, universe: Universe) -> Audience:
    """The audience of a mark's words: values of one field are alternatives, different fields must all hold.

    ``tb60`` means version 60 or later, ``=tb60`` that version. Words that nobody knows become values of the field
    ``audience``.
    """
    is_negated, tokens = _tokens(words)
    found: Audience = {}
    for token in tokens:
        name, allowed = _read_token(token, vocabulary, universe)
        found[name] = found.get(name, frozenset()) | allowed
    if not is_negated:
        return found
    result = EVERYBODY
    for name, allowed in found.items():  # not (a or b), field by field
        result = both(result, {name: universe.elements(name) - allowed})
    return result


def _tokens(words: str) -> tuple[bool, list[str]]:
    plain = " ".join(words.casefold().split())
    is_negated = plain.startswith(("not ", "!"))
    plain = plain.removeprefix("not ").removeprefix("!")
    return is_negated, [token for part in re.split(r"[,;|]", plain) if (token := part.strip())][:20]


def _read_token(token: str, vocabulary: Vocabulary, universe: Universe) -> tuple[str, frozenset[str]]:
    if match := _WINDOWS.fullmatch(token):
        return "os", universe.of_value("os", f"windows {match[1]}")
    if known := vocabulary.look_up(token):
        return known[0], universe.of_value(*known)
    for name in vocabulary.values:  # data-for="sso", or a plan that no ticket has yet: data-for="plan:team"
        if token.startswith((f"{name}:", f"{name}=")) and (value := token[len(name) + 1 :].strip()):
            return name, universe.of_value(name, value)
    if read := _product_version(token, vocabulary):
        return read[0], universe.from_version(*read)
    return UNNAMED_FIELD, universe.of_value(UNNAMED_FIELD, token)


def _product_version(token: str, vocabulary: Vocabulary) -> tuple[str, Version | None, Version | None] | None:
    match = _VERSION.fullmatch(token)
    if match is None or _WINDOWS.fullmatch(token) or vocabulary.look_up(token):
        return None
    number = version(match[3])
    name = f"{match[2]}_version"
    return (name, number, (*number[:-1], number[-1] + 1)) if match[1] else (name, number, None)
