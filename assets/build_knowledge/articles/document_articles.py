"""Articles that are files of their own: Markdown with or without front matter, and HTML pages.

Belongs here: one file's bytes to one article. Does not belong here: finding files (``article_files``).
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from assets.audit_tickets.landing.record_values import read_time
from assets.audit_tickets.landing.records import BadRecord, RejectReason
from assets.audit_tickets.texts.html_bounds import bound_html
from assets.audit_tickets.texts.html_text import html_to_text
from assets.build_knowledge.articles.article_records import (
    MAX_BODY_CHARS,
    Article,
    ArticleReject,
    BadArticle,
)
from assets.build_knowledge.articles.helpdesk_articles import is_outdated, label_list
from assets.build_knowledge.conditions import parse_conditions

_SUFFIXES = {".md": "markdown", ".markdown": "markdown", ".mdx": "markdown", ".htm": "html", ".html": "html"}
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_MAX_FRONT_MATTER_CHARS = 20_000
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_LOCALE_NAME = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_UNPUBLISHED = ("draft", "unpublished", "private", "archived")


def document_kind(name: str) -> str | None:
    """``markdown`` or ``html`` by the name's suffix, compressed or not; None for other files."""
    plain = name.lower().removesuffix(".gz")
    return next((kind for suffix, kind in _SUFFIXES.items() if plain.endswith(suffix)), None)


def read_document(raw: bytes, kind: str, name: str) -> Article:
    """The article of one Markdown or HTML file; ``name`` is its path within the help center.

    Raises:
        BadArticle: wrong encoding, broken front matter, a draft, or too long.
    """
    text = _decoded(raw, kind)
    if len(text) > MAX_BODY_CHARS:
        detail = f"is {len(text):,} characters long, above {MAX_BODY_CHARS:,}; split it"
        raise BadArticle(RejectReason.RECORD_TOO_LARGE, detail)
    if kind == "markdown":
        facts, text = _front_matter(text)
        body = markdown_to_html(text)
    else:
        facts, body = _page_facts(text)
    return _article(facts, body, name)


def markdown_to_html(text: str) -> str:
    """CommonMark with tables as HTML; markup inside the Markdown passes through, to be read like any other."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True}).enable("table").render(text)


def _decoded(raw: bytes, kind: str) -> str:
    try:
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        declared = _CHARSET.search(raw[:4096]) if kind == "html" else None
        if declared is not None:
            try:
                return raw.decode(declared[1].decode("ascii")).replace("\r\n", "\n")
            except (UnicodeDecodeError, LookupError):
                pass
        detail = f"is not UTF-8 text from its byte {error.start + 1}; save it as UTF-8"
        raise BadArticle(RejectReason.BAD_ENCODING, detail) from None


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    import yaml

    if not re.match(r"---[ \t]*\n", text):
        return {}, text
    match = _FRONT_MATTER.match(text)
    if match is None or len(match[0]) > _MAX_FRONT_MATTER_CHARS:
        raise _broken("begins with '---' but has no closing '---' line")
    try:
        values = yaml.safe_load(match[1] or "")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 2}: " if mark is not None else ""
        raise _broken(f"{where}{error.problem or 'is not valid YAML'}") from None
    except (yaml.YAMLError, ValueError, RecursionError):  # ValueError: an impossible date such as 2026-02-30
        raise _broken("holds a value that YAML cannot express, such as an impossible date") from None
    if values is None:
        values = {}
    if not isinstance(values, dict):
        raise _broken("is not a list of 'name: value' lines")
    return {str(key).strip().lower(): value for key, value in values.items()}, text[match.end() :]


def _page_facts(source: str) -> tuple[dict[str, Any], str]:
    """Facts from a page's head, and its main part as HTML without navigation."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(bound_html(source))
    facts: dict[str, Any] = {}
    for node in tree.css("meta"):
        name, content = node.attributes.get("name") or node.attributes.get("property"), node.attributes.get("content")
        if name and content:
            facts.setdefault(name.lower().removeprefix("article:").removeprefix("dc."), content)
    facts.pop("description", None)
    if (canonical := tree.css_first("link[rel=canonical]")) is not None:
        facts["url"] = canonical.attributes.get("href")
    html = tree.css_first("html")
    if html is not None and html.attributes.get("lang"):
        facts.setdefault("lang", html.attributes.get("lang"))
    title = tree.css_first("head > title")
    if title is not None and title.text().strip():
        facts["page title"] = title.text()
    main = tree.css_first("main") or tree.css_first("article") or tree.body
    if main is None:
        return facts, source
    if main.tag == "body":
        for node in main.css("body > nav, body > header, body > footer, body > aside"):
            node.decompose()
    styles = "".join(node.html or "" for node in tree.css("head > style"))  # they may hide elements
    return facts, styles + (main.html or "")


def _article(facts: dict[str, Any], body: str, name: str) -> Article:
    def first(*names: str) -> Any:
        return next((facts[one] for one in names if facts.get(one) not in (None, "", [])), None)

    if first("draft") is True or first("published") is False or str(first("status")).casefold() in _UNPUBLISHED:
        raise BadArticle(ArticleReject.NOT_PUBLISHED, "its front matter says that it is not published")
    heading = _first_heading(body)
    stem = name.rpartition("/")[2].split(".")[0]
    given = first("title")
    title = _words(given) if isinstance(given, str) else heading or _words(first("page title"))
    labels = label_list(first("tags", "labels", "keywords"))
    marked = first("outdated", "is_outdated", "deprecated") or str(first("status")).casefold() in (
        "outdated",
        "deprecated",
        "obsolete",
    )
    locale = _words(first("locale", "lang", "language"))
    parts = name.split("/")[:-1]
    if not locale:
        locale = next((part for part in parts if _LOCALE_NAME.fullmatch(part) and part.lower() in _LOCALES), "")
    url = _words(first("url", "canonical", "permalink"))
    try:
        conditions = parse_conditions(first("conditions"))
        created = _time(first("created_at", "created", "published_time"), "created")
        updated = _time(
            first(
                "updated_at", "updated", "last_updated", "lastmod", "last-modified", "modified_time", "modified", "date"
            ),
            "updated",
        )
    except ValueError as error:
        raise _broken(str(error)) from None
    except BadRecord as error:
        raise BadArticle(error.reason, f"front matter: {error.detail}") from None
    return Article(
        article_id=f"file:{name}",
        source_kind="file",
        source_file=name,
        line=1,
        title=title or re.sub(r"[-_]+", " ", stem).strip().capitalize() or name,
        body=body,
        locale=locale,
        url=url if re.match(r"https?://\S+$", url) else None,
        slug=_words(first("slug")) or stem,
        collection=_words(first("collection", "category", "section")) or (parts[-1] if parts else None),
        owner=_person(first("owner", "author", "authors", "maintainer")),
        created_at=created,
        updated_at=updated,
        labels=labels,
        is_marked_outdated=is_outdated(bool(marked), labels, title),
        conditions=conditions,
    )


_LOCALES = frozenset(
    [
        "en",
        "de",
        "es",
        "fr",
        "it",
        "nl",
        "pt",
        "pl",
        "ja",
        "zh",
        "ko",
        "ru",
        "sv",
        "da",
        "fi",
        "no",
        "nb",
        "cs",
        "tr",
        "uk",
        "ar",
        "he",
        "hi",
        "hu",
        "ro",
        "el",
    ]
) | frozenset(
    [
        "en-us",
        "en-gb",
        "de-de",
        "de-at",
        "de-ch",
        "es-es",
        "es-mx",
        "fr-fr",
        "fr-ca",
        "pt-br",
        "pt-pt",
        "zh-cn",
        "zh-tw",
        "it-it",
        "nl-nl",
        "ja-jp",
    ]
)


def _first_heading(body: str) -> str:
    match = re.search(r"<h1\b[^<>]*>(.{1,2000}?)</h1>", body, re.DOTALL | re.IGNORECASE)
    return _words(html_to_text(match[1])) if match else ""


def _words(value: Any) -> str:
    return " ".join(str(value).split())[:500] if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _person(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("email")
    return _words(value)[:200] or None


def _time(value: Any, name: str) -> dt.datetime | None:
    if value is None:
        return None
    if isinstance(value, dt.date):
        value = value.isoformat()
    return read_time(value, name)[0]


def _broken(detail: str) -> BadArticle:
    return BadArticle(ArticleReject.BROKEN_FRONT_MATTER, f"front matter {detail}")
