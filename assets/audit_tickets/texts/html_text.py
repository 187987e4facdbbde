"""HTML message bodies to plain text.

Belongs here: parsing within bounds, and walking the document. Does not belong here: what is hidden
(`hidden_elements`), what is too big to parse (`html_bounds`), which parts are quoted (`quoted_text`, through
the `prune` argument), characters (`plain_text`).

Parser: selectolax with the lexbor back end (WHATWG HTML parsing).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assets.audit_tickets.texts.hidden_elements import Shade, StyleSheet, is_hidden
from assets.audit_tickets.texts.html_bounds import MAX_HTML_CHARS, bound_html
from assets.audit_tickets.texts.plain_text import clean_characters, tidy_lines
from assets.audit_tickets.texts.text_writer import TextWriter

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_URL_CHARS = 300

_LOOKS_LIKE_HTML = re.compile(r"\s*<(?:!doctype|html|head|body|div|p|table|span|font|br|ul|ol)\b[^<>]*>", re.IGNORECASE)
_DROPPED = frozenset(
    ("script", "style", "head", "title", "template", "noscript", "iframe", "object", "embed", "svg", "math", "canvas",
     "audio", "video", "select", "textarea", "input", "meta", "link", "noembed", "noframes", "-comment", "-doctype")
)  # fmt: skip
_PARAGRAPHS = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "dl", "figure", "details")
)
_LINES = frozenset(
    ("div", "li", "tr", "dt", "dd", "section", "article", "header", "footer", "main", "aside", "address", "form",
     "fieldset", "nav", "caption", "figcaption", "summary", "center", "body", "html", "hr")
)  # fmt: skip
_COLLAPSIBLE = re.compile(r"[ \t\n\r\f]+")
_BLOCK_IN_TABLE = "table, ul, ol, pre, blockquote, h1, h2, h3, h4"


def html_to_text(html: str, *, prune: Callable[[LexborHTMLParser], None] | None = None) -> str:
    """Return the visible text of an HTML body: paragraphs, list marks, `> ` before quotes, links with their address.

    A link reads `words (https://…)`, or the address alone where the words are the address. Cells of data tables are
    joined by ` | `. `prune` may remove elements from the parsed document before it is read. Never raises on hostile
    input: it is bounded to `MAX_HTML_CHARS` and `MAX_DEPTH`. An empty string means that nothing is visible.
    """
    from selectolax.lexbor import LexborHTMLParser

    source = bound_html(html)
    if not source.strip():
        return ""
    tree = LexborHTMLParser(source)
    if prune is not None:
        prune(tree)
    sheet = StyleSheet()
    if "<style" in source or "<STYLE" in source:
        sheet = StyleSheet.read("\n".join(node.text(deep=True) for node in tree.css("style")))
    writer = TextWriter()
    if tree.root is not None:
        _walk(tree.root, writer, sheet)
    return tidy_lines(clean_characters("".join(writer.parts)))


def body_to_text(
    body_html: str | None, body_text: str | None, *, prune: Callable[[LexborHTMLParser], None] | None = None
) -> str:
    """Return the text of a message: of its HTML body, or of its plain body where the HTML one shows nothing.

    A plain body that begins with an HTML tag is read as HTML, as some exports swap the two.
    """
    if body_html and (text := html_to_text(body_html, prune=prune)):
        return text
    if not body_text:
        return ""
    if _LOOKS_LIKE_HTML.match(body_text) and (text := html_to_text(body_text, prune=prune)):
        return text
    return tidy_lines(clean_characters(body_text[:MAX_HTML_CHARS]))


def _walk(root: LexborNode, writer: TextWriter, sheet: StyleSheet) -> None:
    """Visit the document in order without recursion; every entry of the stack is a node or the end of one."""
    stack: list[tuple[LexborNode | None, Callable[[], None] | None, Shade, bool]] = [(root, None, Shade(), False)]
    while stack:
        node, finish, shade, verbatim = stack.pop()
        if finish is not None:
            finish()
            continue
        assert node is not None
        if node.next is not None and node is not root:
            stack.append((node.next, None, shade, verbatim))
        tag = node.tag
        if tag == "-text":
            if verbatim and not writer.row_cells:
                writer.verbatim(node.text_content or "")
            else:
                writer.flow(node.text_content or "")
            continue
        if tag is None or tag in _DROPPED:
            continue
        inner = shade
        attributes = node.attributes
        if attributes or sheet.hiding:
            hidden, inner = is_hidden(attributes, shade, sheet)
            if hidden:
                continue
        end = _open(tag, attributes, node, writer)
        if end is not None:
            stack.append((None, end, shade, verbatim))
        if node.first_child is not None:
            stack.append((node.first_child, None, inner, verbatim or tag == "pre"))


def _open(
    tag: str, attributes: dict[str, str | None], node: LexborNode, writer: TextWriter
) -> Callable[[], None] | None:
    """Write what precedes an element and return what must follow its content."""
    if tag == "br":
        writer.hard_break()
    elif tag == "img":
        alt = clean_characters(attributes.get("alt") or "").strip()
        if 0 < len(alt) <= 3 and not alt.isalnum():  # an emoji; longer texts are file names and unseen words
            writer.words(alt)
    elif tag == "a":
        return _link_end(attributes.get("href") or "", writer)
    elif tag == "code" and (node.parent is None or node.parent.tag != "pre"):
        return _code_end(writer)
    elif tag in ("td", "th"):
        return _cell(writer)
    elif tag == "table":
        return _table(attributes, node, writer)
    elif tag == "tr" and writer.row_cells:
        writer.row_cells[-1] = False
        writer.breaks = max(writer.breaks, 1)
    elif tag in ("ul", "ol"):
        return _list(tag == "ol", writer)
    elif tag == "li":
        return _list_item(writer)
    elif tag == "blockquote":
        writer.line(2)
        writer.quote = min(writer.quote + 1, 5)

        def unquote() -> None:
            writer.line(2)
            writer.quote = max(writer.quote - 1, 0)

        return unquote
    elif tag in _PARAGRAPHS or tag in _LINES:
        count = 2 if tag in _PARAGRAPHS and not writer.list_numbers else 1
        if not writer.mark:
            writer.line(count)
        return lambda: writer.line(count)
    return None


def _list(ordered: bool, writer: TextWriter) -> Callable[[], None]:
    nested = bool(writer.list_numbers)
    writer.line(1 if nested else 2)
    writer.list_numbers.append(0 if ordered else None)

    def close() -> None:
        writer.list_numbers.pop()
        writer.line(1 if nested else 2)

    return close


def _list_item(writer: TextWriter) -> Callable[[], None]:
    writer.line(1)
    sign = "- "
    if writer.list_numbers and (last := writer.list_numbers[-1]) is not None:
        writer.list_numbers[-1] = last + 1
        sign = f"{last + 1}. "
    depth = 0 if writer.row_cells else max(len(writer.list_numbers) - 1, 0)
    writer.mark = "  " * min(depth, 6) + sign

    def close() -> None:
        writer.mark = ""
        writer.line(1)

    return close


def _table(attributes: dict[str, str | None], node: LexborNode, writer: TextWriter) -> Callable[[], None]:
    """Begin a table: of data where its rows have several plain cells, else one that only places blocks."""
    writer.line(2)
    is_layout = (
        attributes.get("role") in ("presentation", "none")
        or bool(writer.row_cells)
        or node.css_first("td + td, th + td, th + th") is None
        or node.css_first("tr + tr, thead") is None
        or any(inner.mem_id != node.mem_id for inner in node.css(_BLOCK_IN_TABLE))
    )
    if is_layout:
        return lambda: writer.line(2)
    writer.breaks = max(writer.breaks, 2)
    writer.row_cells.append(False)

    def close() -> None:
        writer.row_cells.pop()
        writer.line(2)

    return close


def _cell(writer: TextWriter) -> Callable[[], None] | None:
    if not writer.row_cells:
        writer.line(1)
        return lambda: writer.line(1)
    if writer.row_cells[-1]:
        writer.words(" |")
        writer.space = True
    writer.row_cells[-1] = True
    return None


def _code_end(writer: TextWriter) -> Callable[[], None] | None:
    if writer.row_cells:
        return None
    start = len(writer.parts)

    def close() -> None:
        written = "".join(writer.parts[start:])
        if written.strip() and "\n" not in written.strip() and "`" not in written:
            lead = written[: len(written) - len(written.lstrip())]
            writer.parts[start:] = [f"{lead}`{written.strip()}`"]

    return close


def _link_end(href: str, writer: TextWriter) -> Callable[[], None] | None:
    address = _link_address(href)
    if not address:
        return None
    start = len(writer.parts)

    def close() -> None:
        label = "".join(writer.parts[start:]).strip()
        if not label:
            return  # an image or nothing: there is no word that the address explains
        if _bare(label) != _bare(address):
            writer.parts.append(f" ({address})")

    return close


def _link_address(href: str) -> str:
    address = _COLLAPSIBLE.sub("", clean_characters(href))
    scheme = address.partition(":")[0].lower()
    if scheme in ("http", "https", "ftp"):
        if len(address) > MAX_URL_CHARS:
            try:
                parts = urlsplit(address)
            except ValueError:
                return ""
            address = f"{parts.scheme}://{parts.netloc}{parts.path}"
        return address[:MAX_URL_CHARS]
    if scheme in ("mailto", "tel", "sms"):
        return address.partition(":")[2].partition("?")[0][:MAX_URL_CHARS]
    return address[:MAX_URL_CHARS] if address.startswith("/") and not address.startswith("//") else ""


def _bare(address: str) -> str:
    bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", address.strip().casefold())
    return bare.rstrip("/").rstrip("…").rstrip(".")
