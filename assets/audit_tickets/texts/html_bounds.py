"""HTML made safe to parse: cut to a length, and rewritten so that no shape makes a parser slow or huge.

Any conforming parser is quadratic in nesting depth, in unclosed formatting elements (`<p><b id=1><p><b id=2>…`) and in
the attributes of one tag: 100,000 nested `div` take lexbor 30 s, 3,000 unclosed `b` 1.6 GB. Only documents with many
tags are rewritten; ordinary messages are parsed as they are.
"""

from __future__ import annotations

import re

MAX_HTML_CHARS = 2_000_000
"""Longest body parsed, in characters; the rest is cut."""
MAX_DEPTH = 200
"""Deepest nesting kept; tags below it are dropped, their text is not."""

_FEW_TAGS = 400  # below this no shape is slow: 400 unclosed formatting elements parse in under 0.1 s
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)([^<>]*)>")
_LONG_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9:-]*)([^<>]{5000,})>")  # parsing attributes is quadratic in their number
_STYLE_ATTRIBUTE = re.compile(r"""\sstyle\s*=\s*(?:"[^"]{0,2000}"|'[^']{0,2000}')""", re.IGNORECASE)
_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))
_OPTIONAL_END = frozenset(("p", "li", "td", "th", "tr", "dt", "dd", "tbody", "thead", "tfoot", "option"))
_FORMATTING = frozenset(("b", "big", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u", "code"))
_BLOCKS = frozenset(
    ("div", "section", "article", "header", "footer", "main", "aside", "form", "blockquote", "pre", "table", "ul", "ol",
     "dl", "center", "h1", "h2", "h3", "h4", "h5", "h6")
)  # fmt: skip


def bound_html(html: str) -> str:
    """Return HTML of at most `MAX_HTML_CHARS` characters that parses in time linear in its length."""
    source = html[:MAX_HTML_CHARS]
    if not source.isascii():
        source = source.encode("utf-8", "ignore").decode("utf-8")
    if "\x00" in source:
        source = source.replace("\x00", "")
    if len(source) > 5000:
        source = _LONG_TAG.sub(_without_attributes, source)
    return _flatten(source) if source.count("<") > _FEW_TAGS else source


def _without_attributes(match: re.Match[str]) -> str:
    style = _STYLE_ATTRIBUTE.search(match.group(2))
    return f"<{match.group(1)}{style.group(0) if style else ''}>"


def _flatten(source: str) -> str:
    """Rewrite tags so that parsing stays linear: no formatting elements, no nesting below `MAX_DEPTH`."""
    depth = 0

    def rewrite(match: re.Match[str]) -> str:
        nonlocal depth
        slash, name, rest = match.group(1), match.group(2).lower(), match.group(3)
        if name in _VOID or name in _OPTIONAL_END:
            return match.group(0)
        if name in _FORMATTING:
            name = "span"
        if slash:
            depth = max(depth - 1, 0)
            return f"</{name}>" if depth < MAX_DEPTH else ""
        if rest.endswith("/"):
            return match.group(0)
        depth += 1
        if depth > MAX_DEPTH:
            return "<br>" if name in _BLOCKS else ""
        return f"<{name}{rest}>"

    return _TAG.sub(rewrite, source)
