"""Character-level cleaning of text that strangers wrote: line ends, spaces, invisible and broken characters.

Belongs here: what is true of any text, whatever it was before. Does not belong here: markup (`html_text`),
quoted replies (`quoted_text`), personal data (`redaction`).

Invisible characters are removed and not merely tolerated: they split words so that searches and redaction miss
them, and the Unicode tag block carries instructions that people do not see but language models read.
"""

from __future__ import annotations

import re
import unicodedata

MAX_TEXT_CHARS = 100_000
"""Longest text kept, in characters. What follows is cut: nobody wrote it by hand."""

_LINE_ENDS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u3164\uffa0\t]")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f"  # control characters, except those that end a line
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen and other blanks
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # zero width, bidirectional controls
    "\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"  # lone surrogates, tags, variation supplement
)
# Joiners shape Persian and Indic words and emoji; between plain Latin characters they only hide something.
_NEEDLESS_JOINER = re.compile("(?<![\u0300-\U0010ffff])[\u200c\u200d]+|[\u200c\u200d]+(?![\u0300-\U0010ffff])")
_MARK_PILE = re.compile("([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{4})"
                        "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+")  # fmt: skip
_FULL_WIDTH = {
    code: code - 0xFEE0
    for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF20, 0xFF0E, 0xFF0B)
}
_TRAILING_SPACE = re.compile(r" +$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{3,}")


def clean_characters(text: str) -> str:
    """Return the text in NFC with plain spaces and line ends and without invisible or broken characters.

    Letters, marks, emoji and punctuation of every script stay; full-width letters and digits become plain ones, so
    that one rule reads them all. Applying it twice changes nothing.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", text)
    text = _SPACES.sub(" ", text)
    text = _INVISIBLE.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_FULL_WIDTH))
        text = _NEEDLESS_JOINER.sub("", text)
        text = unicodedata.normalize("NFC", _MARK_PILE.sub(r"\1", text))
    return text


def tidy_lines(text: str) -> str:
    """Return the text without trailing spaces, with at most one blank line in a row, within `MAX_TEXT_CHARS`."""
    text = _BLANK_LINES.sub("\n\n", _TRAILING_SPACE.sub("", text))
    return text.strip("\n ")[:MAX_TEXT_CHARS].rstrip()
