"""Some pieces of an article as text: lists, tables, code and links as ``html_to_text`` writes them, cut at headings.

Belongs here: choosing what of the document is rendered, links as Markdown. Does not belong here: which pieces make a
row (``article_sections``).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from assets.audit_tickets.texts.html_text import html_to_text
from assets.audit_tickets.texts.plain_text import clean_characters, tidy_lines
from assets.build_knowledge.articles.article_outline import Outline
from assets.build_knowledge.articles.document_parts import take_apart

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_CUT_OPEN, _CUT_CLOSE = "\ue004", "\ue005"
_LINK_OPEN, _LINK_TO, _LINK_CLOSE = "\ue001", "\ue002", "\ue003"
_CUT = re.compile(f"{_CUT_OPEN}(\\d+){_CUT_CLOSE}")
_LINK = re.compile(
    f"{_LINK_OPEN}(\\s*)([^{_LINK_OPEN}-{_LINK_CLOSE}]*?)(\\s*){_LINK_TO}([^{_LINK_CLOSE}]*){_LINK_CLOSE}"
)
_LEFT_OVER = re.compile(f"[{_LINK_OPEN}-{_CUT_CLOSE}]")
_DANGLING = re.compile(r"(?:^|\n)[ \t>]*(?:[-*]|\d{1,4}\.)?[ \t>]*\Z")
_NOISE_LINE = re.compile(r"^[ >]*(?:- |\d+\. )?(?:[;:,.|]{1,3}|\{\||\|[-}+]|-{4,}|_{4,})$\n?", re.MULTILINE)
_MARK_IN_CODE = re.compile(r"^([ >]*)`(- |\d+\. )([^`\n]*)`", re.MULTILINE)  # a list item that begins with code
_WIDE_CELL = re.compile(r"(?<=\S)  \| ")  # white space between two cells of the source
_SAFE_SCHEMES = ("http", "https")


def render_pieces(outline: Outline, keep: Collection[int]) -> dict[int, tuple[str, list[str]]]:
    """Text and links by section, of the kept pieces alone; sections without any are left out."""
    kept = frozenset(keep)
    text = html_to_text(outline.source.html, prune=lambda tree: _prune(outline, tree, kept))
    found: dict[int, tuple[str, list[str]]] = {}
    parts = _CUT.split(text)
    for number, part in zip([0, *(int(one) for one in parts[1::2])], parts[::2], strict=True):
        rendered, links = _with_links(_DANGLING.sub("", part))
        rendered = _MARK_IN_CODE.sub(r"\1\2`\3`", _LEFT_OVER.sub("", rendered))
        if "<td" in outline.source.html:
            rendered = _WIDE_CELL.sub(" | ", rendered)
        rendered = tidy_lines(_NOISE_LINE.sub("", rendered))
        if any(character.isalnum() for character in rendered):
            found[number] = (rendered, links)
    return found


def _prune(outline: Outline, tree: LexborHTMLParser, keep: frozenset[int]) -> None:
    parts = take_apart(tree)
    items_kept = {item for n in keep for item in parts.items_of[n] if outline.pieces[n].is_said}
    for ordinal, node in enumerate(parts.heading_nodes):
        if ordinal in outline.cuts:
            items_kept.update(parts.items_of_heading[ordinal])
            node.insert_child(f"{_CUT_OPEN}{outline.cuts[ordinal]}{_CUT_CLOSE}")
    for link, pieces in parts.links:
        address = _address(link.attributes.get("href") or "", outline.base_url)
        label = "".join(outline.pieces[n].text for n in pieces if n in keep).strip()
        if "href" in link.attributes:
            del link.attrs["href"]
        if address and label and label != address:
            link.insert_before(_LINK_OPEN)
            link.insert_after(f"{_LINK_TO}{address}{_LINK_CLOSE}")
    for n, node in enumerate(parts.text_nodes):
        if n not in keep:
            node.decompose()
    for number, node in reversed(list(enumerate(parts.item_nodes))):
        if number not in items_kept:
            node.decompose()


def _address(href: str, base_url: str | None) -> str:
    address = "".join(clean_characters(href).split("\n")).strip()
    if not address or address.startswith("#"):
        return ""
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", address)
    if scheme and scheme[1].lower() in ("mailto", "tel"):
        return quote(address.split("?")[0], safe=":@+.,-_/%")[:300]
    if scheme and scheme[1].lower() not in _SAFE_SCHEMES:
        return ""
    try:
        address = urljoin(base_url, address) if base_url else address
    except ValueError:
        return ""
    return quote(address, safe=":/?#[]@!$&'*+,;=%~-._")[:2000]


def _with_links(text: str) -> tuple[str, list[str]]:
    """Links as Markdown, and their addresses once each; a label that is its own address stays bare."""
    links: list[str] = []

    def write(match: re.Match[str]) -> str:
        lead, label, trail, address = match.groups()
        if not label:
            return lead + trail
        if not address.startswith(("mailto:", "tel:")) and address not in links:
            links.append(address)
        label = " ".join(label.split())
        if label in (address, address.partition(":")[2], re.sub(r"^https?://(?:www\.)?|/$", "", address)):
            return f"{lead}{address if '://' in address else label}{trail}"
        return f"{lead}[{label}]({address}){trail}"

    return _LINK.sub(write, text), links
