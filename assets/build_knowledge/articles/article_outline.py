"""An article taken apart: the pieces of text a reader sees, in order, and the headings that cut it into sections.

Belongs here: what is seen, and where sections begin. Does not belong here: the pass over the document
(``document_parts``), writing pieces as text (``article_rendering``), for whom a piece is (``article_audiences``).

A piece is known by its place among the text nodes of the parsed document. The document is parsed again for every
rendering, always alike; what is hidden is found by rendering once with every piece numbered.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.audit_tickets.landing.records import RejectReason
from assets.audit_tickets.texts.html_text import html_to_text
from assets.audit_tickets.texts.plain_text import MAX_TEXT_CHARS, clean_characters
from assets.build_knowledge.articles.article_records import MAX_SECTIONS, ArticleReject, BadArticle
from assets.build_knowledge.articles.audience_marks import MarkedSource
from assets.build_knowledge.articles.document_parts import Block, DocumentParts, Piece, take_apart

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

MAX_PIECES = 20_000
"""Most stretches of text of one article; real ones have hundreds."""

_NUMBER_OPEN, _NUMBER_CLOSE = "\ue010", "\ue011"
_NUMBER = re.compile(f"{_NUMBER_OPEN}(\\d+){_NUMBER_CLOSE}")


@dataclass(slots=True)
class Heading:
    """A visible heading: its level and its pieces. Section ``n`` follows heading ``n - 1``; section 0 precedes all."""

    level: int
    pieces: list[int]


@dataclass(slots=True)
class Outline:
    """A document taken apart."""

    source: MarkedSource
    base_url: str | None
    pieces: list[Piece]
    blocks: list[Block]
    headings: list[Heading]
    cuts: dict[int, int]

    def text_of(self, pieces: Collection[int]) -> str:
        """The words of some pieces in order, spaces folded."""
        return " ".join(clean_characters("".join(self.pieces[n].text for n in sorted(pieces))).split())


def read_outline(source: MarkedSource, base_url: str | None) -> Outline:
    """Take a document apart; hidden text and hidden headings do not count.

    Raises:
        BadArticle: too much text, or too many headings, for one article.
    """
    held: list[DocumentParts] = []
    text = html_to_text(source.html, prune=lambda tree: _number(tree, held))
    if not held:
        return Outline(source, base_url, [], [], [], {})
    parts = held[0]
    if len(parts.pieces) > MAX_PIECES or len(text) >= MAX_TEXT_CHARS:
        detail = f"shows more than {MAX_TEXT_CHARS:,} characters or {MAX_PIECES:,} stretches of text; split it"
        raise BadArticle(RejectReason.RECORD_TOO_LARGE, detail)
    seen = {int(one) for one in _NUMBER.findall(text)}
    headings: list[Heading] = []
    cuts: dict[int, int] = {}
    pieces_of: dict[int, list[int]] = {}
    for n, piece in enumerate(parts.pieces):
        piece.is_visible = n in seen
        if piece.heading is not None and piece.is_visible:
            pieces_of.setdefault(piece.heading, []).append(n)
    for ordinal, level in enumerate(parts.heading_levels):
        if ordinal in pieces_of:
            headings.append(Heading(level, pieces_of[ordinal]))
            cuts[ordinal] = len(headings)
    if len(headings) > MAX_SECTIONS:
        detail = f"has {len(headings)} headings, more than {MAX_SECTIONS}; split it"
        raise BadArticle(ArticleReject.TOO_MANY_SECTIONS, detail)
    section = 0
    for n, piece in enumerate(parts.pieces):
        while section < len(headings) and headings[section].pieces[0] <= n:
            section += 1
        piece.section = section
        if piece.is_visible and piece.heading is None:
            parts.blocks[piece.block].pieces.append(n)
    return Outline(source, base_url, parts.pieces, parts.blocks, headings, cuts)


def _number(tree: LexborHTMLParser, held: list[DocumentParts]) -> None:
    parts = take_apart(tree)
    held.append(parts)
    if len(parts.pieces) <= MAX_PIECES:
        for n, node in enumerate(parts.text_nodes):
            node.insert_before(f"{_NUMBER_OPEN}{n}{_NUMBER_CLOSE}")
