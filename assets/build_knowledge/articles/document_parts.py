"""A parsed document in order: its stretches of text, and the blocks, lists, headings and links they stand in.

Belongs here: one pass over the parsed document. Does not belong here: what is hidden, or where sections begin
(``article_outline``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assets.build_knowledge.articles.audience_marks import BEGIN, END

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BLOCKS = frozenset(
    ("p", "li", "div", "td", "th", "pre", "dd", "dt", "blockquote", "section", "article", "aside", "figure", "figcaption",
     "summary", "details", "center", "body", "caption", "address", *_HEADINGS)
)  # fmt: skip
_UNITS = frozenset(("ol", "table", "pre", "dl"))
_UNREAD = frozenset(("script", "style", "head", "template", "noscript", "iframe", "svg", "textarea", "select"))


@dataclass(slots=True)
class Piece:
    """One stretch of text: the block, list and heading it stands in, and its marks. ``unit`` must stay whole."""

    text: str
    block: int
    unit: int | None
    heading: int | None
    marks: tuple[int, ...]
    attributes: tuple[str, ...]
    section: int = 0
    is_visible: bool = True

    @property
    def is_said(self) -> bool:
        """Whether it holds a letter or digit at all."""
        return any(character.isalnum() for character in self.text)


@dataclass(slots=True)
class Block:
    """A paragraph, list item, cell or heading; ``list_id`` is its own list, ``root_list`` the outermost around it."""

    tag: str
    list_id: int | None
    root_list: int | None
    pieces: list[int] = field(default_factory=list)


@dataclass(slots=True)
class DocumentParts:
    pieces: list[Piece] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    text_nodes: list[LexborNode] = field(default_factory=list)
    heading_nodes: list[LexborNode] = field(default_factory=list)
    heading_levels: list[int] = field(default_factory=list)
    items_of_heading: list[tuple[int, ...]] = field(default_factory=list)
    links: list[tuple[LexborNode, list[int]]] = field(default_factory=list)
    item_nodes: list[LexborNode] = field(default_factory=list)
    items_of: list[tuple[int, ...]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Where:
    block: int = 0
    unit: int | None = None
    heading: int | None = None
    list_id: int | None = None
    root_list: int | None = None
    is_in_cell: bool = False
    link: int | None = None
    items: tuple[int, ...] = ()
    attributes: tuple[str, ...] = ()


def take_apart(tree: LexborHTMLParser) -> DocumentParts:
    """Visit the document in order, without recursion."""
    parts = DocumentParts(blocks=[Block("body", None, None)])
    open_marks: list[int] = []
    if tree.root is None:
        return parts
    stack: list[tuple[LexborNode, _Where]] = [(tree.root, _Where())]
    count = 0
    while stack:
        node, where = stack.pop()
        if node.next is not None and node.mem_id != tree.root.mem_id:
            stack.append((node.next, where))
        tag = node.tag
        if tag == "-text":
            text = node.text_content or ""
            if text.strip():
                piece = Piece(text, where.block, where.unit, where.heading, tuple(open_marks), where.attributes)
                if where.link is not None:
                    parts.links[where.link][1].append(len(parts.pieces))
                parts.pieces.append(piece)
                parts.text_nodes.append(node)
                parts.items_of.append(where.items)
            continue
        if node.is_comment_node:
            _mark(node.comment_content or "", open_marks)
            continue
        if tag is None or tag in _UNREAD:
            continue
        count += 1
        inner = _enter(tag, node, where, parts, count)
        if node.first_child is not None:
            stack.append((node.first_child, inner))
    return parts


def _enter(tag: str, node: LexborNode, where: _Where, parts: DocumentParts, number: int) -> _Where:
    attributes = node.attributes
    changes = {name: getattr(where, name) for name in _Where.__slots__}
    said = attributes.get("data-for")
    if said:
        changes["attributes"] = (*where.attributes, said[:200])
    if tag in ("ul", "ol", "dl"):
        changes["list_id"] = number
        changes["root_list"] = where.root_list if where.root_list is not None else number
    if tag in _UNITS and where.unit is None:
        changes["unit"] = number
    if tag == "li":
        changes["items"] = (*where.items, len(parts.item_nodes))
        parts.item_nodes.append(node)
    if tag == "a":
        changes["link"] = len(parts.links)
        parts.links.append((node, []))
    if tag in ("td", "th"):
        changes["is_in_cell"] = True
    if tag in _BLOCKS:
        changes["block"] = len(parts.blocks)
        parts.blocks.append(Block(tag, changes["list_id"], changes["root_list"]))
    if tag in _HEADINGS and not where.is_in_cell and where.heading is None:
        changes["heading"] = len(parts.heading_nodes)
        parts.heading_nodes.append(node)
        parts.heading_levels.append(_HEADINGS[tag])
        parts.items_of_heading.append(where.items)
    return _Where(**changes)


def _mark(comment: str, open_marks: list[int]) -> None:
    for sign, act in ((BEGIN, open_marks.append), (END, _closer(open_marks))):
        if comment.startswith(sign) and comment[len(sign) :].isdecimal():
            act(int(comment[len(sign) :]))


def _closer(open_marks: list[int]) -> Callable[[int], None]:
    def close(number: int) -> None:
        if number in open_marks:
            open_marks.remove(number)

    return close
