"""Sentences of articles and answers, with the line they hang on and the words that carry their meaning.

Belongs here: cutting Markdown into sentences, content words, and for whom a sentence speaks. Does not belong here:
what a sentence states (``facts``, ``claims``, ``ui_steps``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from assets.audit_tickets.categories.stop_words import STOP_WORDS
from assets.audit_tickets.roadmap.risk_patterns import fold

MAX_SENTENCE_CHARS = 600

_LIST_MARK = re.compile(r"^\s*(?:[-*+•]|\d{1,2}[.)])\s+")
_HEADING = re.compile(r"^\s*#{1,6}\s+")
_LINK = re.compile(
    r"!?\[([^\]]{0,300})\]\([^()\[\]\s]{0,600}(?:\([^()\s]{0,100}\)[^()\[\]\s]{0,300})?(?:\s+\"[^\"]{0,200}\")?\)"
)
_ADDRESS = re.compile(r"\s?\((?:https?://|/|mailto:)[^)\s]{1,600}\)|\bhttps?://\S{1,600}")
_END = re.compile(r"(?<=[.!?…;])[\"')\]”*]*\s+(?=[\"'(\[“¿¡*]*[^\W_])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|approx|no|nr|bzw|ca|z\.\s?b|d\.\s?h|u\.\s?a|ggf|usw|inkl|zzgl|p\.\s?ej|ej|aprox|pág|art|mr|mrs|dr|st"
    r"|incl|excl|min|max|sec|fig)|\b[a-z])\.$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’](?=[^\W\d_]))+")
_NAME = re.compile(r"(?<=[\w,;:)] )[A-ZÄÖÜÑ][\w+]*(?: [A-ZÄÖÜÑ][\w+]*)*")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a text to audit.

    ``lead`` is the line that introduces the list it stands in ("Refunds are possible within:"). ``row`` is the audited
    text it comes from.
    """

    text: str
    lead: str = ""
    row: Mapping[str, Any] = field(default_factory=dict, compare=False, hash=False)

    @property
    def whole(self) -> str:
        """The sentence with the line it hangs on."""
        return f"{self.lead} {self.text}".strip()


def sentences_of(row: Mapping[str, Any]) -> list[Sentence]:
    """The sentences of an audited text, without Markdown marks, link addresses and list numbers."""
    return [Sentence(text, lead, row) for text, lead in _cut(str(row["text"]))]


def plain(text: str) -> str:
    """A line of Markdown as a reader sees it; emphasis marks stay, as they show what is a button."""
    return _ADDRESS.sub("", _LINK.sub(r"\1", text)).strip()


def without_marks(text: str) -> str:
    """The text without emphasis and code marks."""
    return re.sub(r"\*{1,3}|(?<!\w)_{1,2}|_{1,2}(?!\w)|`", "", text)


def stems(text: str) -> list[str]:
    """Words that carry meaning, folded and cut to six letters, in order."""
    words = (word.replace("’", "'").casefold() for word in _WORD.findall(without_marks(text)))
    return [stem(word) for word in words if word not in STOP_WORDS and len(word) > 2]


def stem(word: str) -> str:
    """A word folded and cut so that its commonest forms agree: ``boards`` and ``board``, ``billed`` and ``billing``."""
    folded = fold(word).replace("'", "")
    for ending in ("ing", "ies", "ed", "es", "en", "s", "e", "y"):
        if folded.endswith(ending) and len(folded) - len(ending) >= 3 and not folded.endswith("ss"):
            folded = folded[: -len(ending)]
            break
    return folded[:6]


def proper_names(text: str) -> set[str]:
    """Capitalised words inside a sentence, folded: names of products, places and plans (not for German)."""
    return {fold(word) for match in _NAME.findall(without_marks(text)) for word in match.split() if len(word) > 1}


def _cut(text: str) -> Iterator[tuple[str, str]]:
    lead = ""
    for line, is_item in _lines(text):
        if not is_item:
            lead = line if line.endswith(":") else ""
        for sentence in _split(line):
            yield sentence[:MAX_SENTENCE_CHARS], lead if is_item else ""


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Paragraphs with wrapped lines joined, and list items (marked True)."""
    open_line, is_item = "", False
    for raw in text.splitlines():
        starts = bool(_LIST_MARK.match(raw))
        if not raw.strip() or starts or _HEADING.match(raw) or "|" in raw:
            if open_line:
                yield plain(open_line), is_item
            open_line = ""
        if not raw.strip():
            continue
        if _HEADING.match(raw):
            continue
        if starts:
            open_line, is_item = _LIST_MARK.sub("", raw).strip(), True
        elif open_line and not re.search(r"[.!?:]$", open_line):
            open_line = f"{open_line} {raw.strip()}"
        else:
            if open_line:
                yield plain(open_line), is_item
            is_item = bool(open_line) and is_item and raw.startswith("  ")
            open_line = raw.strip().lstrip("> ")
    if open_line:
        yield plain(open_line), is_item


def _split(line: str) -> Iterator[str]:
    start = 0
    for match in _END.finditer(line):
        if _ABBREVIATION.search(line[: match.start()].rstrip("\"')]”*")):
            continue
        if part := line[start : match.start()].strip():
            yield part
        start = match.end()
    if part := line[start:].strip():
        yield part
