"""What reading a help center hands on: one article as its source gave it, or why it was set aside.

Belongs here: the vocabulary shared by readers and cutting, bounds, the columns of the two frames.
Does not belong here: reading (``article_files``), cutting (``article_sections``).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from assets.audit_tickets.landing.records import LandingLimits

SECTION_COLUMNS: dict[str, str] = {
    "section_id": "str",
    "article_id": "str",
    "source_kind": "str",
    "source_file": "str",
    "title": "str",
    "headings": "object",
    "position": "int64",
    "text": "str",
    "links": "object",
    "conditions": "str",
    "locale": "str",
    "url": "str",
    "slug": "str",
    "collection": "str",
    "owner": "str",
    "created_at": "datetime64[us, UTC]",
    "updated_at": "datetime64[us, UTC]",
    "labels": "object",
    "is_marked_outdated": "bool",
    "section_hash": "str",
    "article_hash": "str",
    "retired_as_of": "datetime64[us, UTC]",
    "reader_version": "str",
}
"""``help_center_articles``, one row an article section."""

REJECTED_COLUMNS: dict[str, str] = {
    "source_file": "str",
    "line": "int64",
    "article_id": "str",
    "reason": "str",
    "detail": "str",
}
"""``rejected_articles``, one row an article (or stretch of a file) that was set aside."""

MAX_BODY_CHARS = 1_000_000
"""Longest body read, in characters of HTML or Markdown. Real articles have tens of thousands."""
MAX_SECTIONS = 400
"""Most headings of one article."""
MAX_AUDIENCES = 60
"""Most kinds of readers that the marks of one article name; real ones name a dozen."""

LIMITS = LandingLimits(
    max_record_bytes=4 << 20, max_unpacked_bytes=4 << 30, max_record_values=200_000, free_expansion_bytes=32 << 20
)
"""Bounds on the files of a help center; one article with all its translations fits 4 MB."""


class ArticleReject(StrEnum):
    """Why an article was set aside, beside the reasons that landing has for broken files and records."""

    NOT_PUBLISHED = "not_published"
    NOT_PUBLIC = "not_public"
    DUPLICATE_ID = "duplicate_id"
    EMPTY_ARTICLE = "empty_article"
    MISSING_TITLE = "missing_title"
    UNKNOWN_SHAPE = "unknown_shape"
    BROKEN_FRONT_MATTER = "broken_front_matter"
    TOO_MANY_SECTIONS = "too_many_sections"
    TOO_MANY_AUDIENCES = "too_many_audiences"


HARMLESS_REASONS = frozenset(("not_published", "not_public", "unused_file", "unused_record"))
"""Reasons that say nothing is wrong: such an article or file is simply not for customers."""


class BadArticle(Exception):
    """Raised while one article is read; the reader turns it into a rejected article, so it never leaves the stage."""

    def __init__(self, reason: str, detail: str, article_id: str | None = None):
        super().__init__(f"{reason}: {detail}")
        self.reason = str(reason)
        self.detail = detail
        self.article_id = article_id


@dataclass(frozen=True, slots=True)
class RejectedArticle:
    """One row of ``rejected_articles``. ``line`` is a line number, or the record's ordinal in a list or page."""

    source_file: str
    line: int
    article_id: str | None
    reason: str
    detail: str


@dataclass(slots=True)
class Article:
    """One article as its source gave it; ``body`` is HTML. ``author_ref`` and ``collection_ref`` await a name."""

    article_id: str
    source_kind: str
    source_file: str
    line: int
    title: str
    body: str
    locale: str = ""
    url: str | None = None
    slug: str | None = None
    collection: str | None = None
    owner: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    labels: list[str] = field(default_factory=list)
    is_marked_outdated: bool = False
    conditions: dict[str, list[str]] = field(default_factory=dict)
    author_ref: str | None = None
    collection_ref: str | None = None
    segment_ref: str | None = None

    @property
    def article_hash(self) -> str:
        """sha256 of what readers see: title, body, language, address and conditions; not of owner, dates or labels."""
        return content_hash([self.title, self.body, self.locale, self.url, self.conditions])


def content_hash(value: Any) -> str:
    """sha256 hex of a value's canonical JSON; halves of surrogate pairs count as the replacement character."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
