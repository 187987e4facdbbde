"""Finding articles in the files of a help center: exports in JSON, and documents in Markdown or HTML, mixed as they come.

Belongs here: telling files apart, reading their records in bounds, counting them. Does not belong here: the fields of
one helpdesk (``helpdesk_articles``), documents (``document_articles``), cutting (``article_sections``).

How counts add up: every article found is read or set aside, one row each. A damaged stretch, a file that ends early and
a file of no use are one each. Users, sections and folders in an export name things and are not counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from upath import UPath

from assets.audit_tickets.landing.export_files import ExportFile, open_export, stored_bytes
from assets.audit_tickets.landing.json_documents import JsonDocument
from assets.audit_tickets.landing.json_layout import HEAD_BYTES, is_document
from assets.audit_tickets.landing.json_lines import read_json_lines
from assets.audit_tickets.landing.record_formats import RecordFormat
from assets.audit_tickets.landing.record_values import describe
from assets.audit_tickets.landing.records import LandingLimits, ReadRecord, RejectReason
from assets.build_knowledge.articles.article_names import (
    COLLECTION_LISTS,
    PEOPLE_LISTS,
    SEGMENT_LISTS,
    ArticleNames,
)
from assets.build_knowledge.articles.article_records import (
    LIMITS,
    MAX_BODY_CHARS,
    Article,
    ArticleReject,
    BadArticle,
    RejectedArticle,
)
from assets.build_knowledge.articles.document_articles import document_kind, read_document
from assets.build_knowledge.articles.helpdesk_articles import article_id_of, read_articles, source_kind

_OTHER_LISTS = ("translations", "permission_groups", "management_permission_groups", "content_tags")
_SECTIONS: dict[str, str | None] = {
    "articles": "article",
    "solution_articles": "article",
    "data": None,
    **dict.fromkeys((*PEOPLE_LISTS, *COLLECTION_LISTS, *SEGMENT_LISTS, *_OTHER_LISTS), "name"),
}
_JSON_NAME = re.compile(r"\.(?:json|ndjson|jsonl|jl)(?:\.gz)?$", re.IGNORECASE)
_MAX_NESTING = 4


class _ArticleFormat(RecordFormat):
    """Any file of a help center may hold articles, whatever its name."""

    def kind_of_file(self, name: str) -> str | None:
        return "article"


_FORMAT = _ArticleFormat(
    helpdesk="help_center",
    shapes={},
    sections=_SECTIONS,
    file_words={},
    kind_of=lambda value: "article" if source_kind(value) else None,
)


@dataclass
class FoundArticles:
    """Everything the files hold: articles with their names filled in, and what was set aside."""

    articles: list[Article] = field(default_factory=list)
    rejected: list[RejectedArticle] = field(default_factory=list)
    count_files: int = 0
    damaged_files: set[str] = field(default_factory=set)

    def reject(self, file: str, line: int, error: BadArticle) -> None:
        """Set aside one article."""
        self.rejected.append(RejectedArticle(file, line, error.article_id, error.reason, error.detail))


def find_articles(
    root: UPath, on_progress: Callable[[int, int], None] | None = None, limits: LandingLimits = LIMITS
) -> FoundArticles:
    """Read every file below ``root`` (a folder, a file or a zip).

    Raises:
        UnreadableExport: ``root`` is gone, may not be read, or holds more files than allowed.
    """
    found, names = FoundArticles(), ArticleNames()
    total = stored_bytes(root, limits.max_files) if on_progress is not None else 0
    done = 0

    def on_stored(count: int) -> None:
        nonlocal done
        done += count
        if on_progress is not None:
            on_progress(min(done, total), total)

    articles: list[Article] = []
    for file in open_export(root, limits, on_stored):
        found.count_files += 1
        kind = document_kind(file.name)
        if kind is not None:
            _read_document_file(file, kind, limits, found, articles)
        else:
            _read_json_file(file, limits, found, articles, names)
    for article in articles:
        try:
            if len(article.body) > MAX_BODY_CHARS:
                raise _too_large(len(article.body), article.article_id)
            found.articles.append(names.complete(article))
        except BadArticle as error:
            found.reject(article.source_file, article.line, error)
    return found


def _read_document_file(
    file: ExportFile, kind: str, limits: LandingLimits, found: FoundArticles, articles: list[Article]
) -> None:
    article_id = f"file:{file.name}"
    try:
        if re.fullmatch(r"readme\.\w+", file.name.lower()):
            raise BadArticle(RejectReason.UNUSED_FILE, "is a note about the folder, not an article; rename it if it is")
        raw = _whole(file, limits, article_id)
        articles.append(read_document(raw, kind, file.name))
    except BadArticle as error:
        found.reject(file.name, 1, BadArticle(error.reason, error.detail, error.article_id or article_id))


def _whole(file: ExportFile, limits: LandingLimits, article_id: str) -> bytes:
    parts, size = [], 0
    for chunk in file.chunks() if file.problem is None else ():
        size += len(chunk)
        if size > limits.max_record_bytes:
            raise _too_large(size, article_id)
        parts.append(chunk)
    if file.problem is not None:
        raise BadArticle(file.problem.reason, file.problem.detail, article_id)
    return b"".join(parts)


def _read_json_file(
    file: ExportFile, limits: LandingLimits, found: FoundArticles, articles: list[Article], names: ArticleNames
) -> None:
    count_before = len(articles) + len(found.rejected)
    count_names = 0
    for record in _records(file, limits):
        if record.problem is not None:
            found.reject(file.name, record.line, BadArticle(record.problem.reason, record.problem.detail))
            found.damaged_files.add(file.name)
            continue
        value = record.value
        if isinstance(value, dict) and source_kind(value) is None and names.learn(record.section, value):
            count_names += 1
        for item, extra in _unnested(value, names, 0):
            _read_record(item, extra, file.name, record, found, articles)
    if count_before == len(articles) + len(found.rejected) and not count_names:
        detail = "holds no articles; expected a help center export in JSON, Markdown (.md) or HTML (.html)"
        found.reject(file.name, 1, BadArticle(RejectReason.UNUSED_FILE, detail))


def _records(file: ExportFile, limits: LandingLimits) -> Iterator[ReadRecord]:
    if file.problem is not None:
        yield ReadRecord(1, problem=file.problem)
        return
    chunks = file.chunks()
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= HEAD_BYTES:
            break
    if not _JSON_NAME.search(file.name) and head.lstrip()[:1] not in (b"{", b"["):
        for _ in chunks:
            pass  # the archive's own damage shows only at its end
        return
    rest = chain([head], chunks)
    if is_document(head, _FORMAT.sections):
        yield from JsonDocument(file, rest, _FORMAT, limits).records()
    else:
        yield from read_json_lines(file, rest, _FORMAT.sections, limits)


def _unnested(value: Any, names: ArticleNames, depth: int) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The articles of a record: itself, or those in the folders and categories it holds, with their folder's facts."""
    if not isinstance(value, dict) or source_kind(value) is not None:
        yield value, {}
        return
    inner = value
    for wrapper in ("category", "folder", "article", "solution_article"):
        if isinstance(value.get(wrapper), dict):
            inner = value[wrapper]
    if inner is not value and source_kind(inner) is not None:
        yield inner, {}
        return
    held = [
        (key, inner[key]) for key in ("folders", "articles", "solution_articles") if isinstance(inner.get(key), list)
    ]
    if not held or depth >= _MAX_NESTING:
        yield value, {}
        return
    for key, items in held:
        for item in items:
            for article, extra in _unnested(item, names, depth + 1):
                if key != "folders":
                    folder = {"folder_name": inner.get("name"), "folder_visibility": inner.get("visibility")}
                    extra = {**folder, **extra}
                yield article, extra


def _read_record(
    value: Any,
    extra: Mapping[str, Any],
    name: str,
    record: ReadRecord,
    found: FoundArticles,
    articles: list[Article],
) -> None:
    is_list_of_names = _SECTIONS.get(record.section or "") == "name"
    if not isinstance(value, dict):
        if not is_list_of_names:
            detail = f"expected an article, found {describe(value)}"
            found.reject(name, record.line, BadArticle(RejectReason.NOT_AN_OBJECT, detail))
        return
    kind = source_kind(value)
    if kind is None:
        if is_list_of_names or value.get("type") in ("admin", "collection"):
            return
        detail = (
            "looks like no article known here: Zendesk has title and body, Freshdesk title, description and status, "
            "Intercom type 'article', title and body"
        )
        ref = article_id_of(value, "unknown")
        found.reject(name, record.line, BadArticle(ArticleReject.UNKNOWN_SHAPE, detail, ref))
        return
    for read in read_articles({**extra, **value}, kind, name, record.line):
        if isinstance(read, Article):
            articles.append(read)
        else:
            found.reject(name, record.line, read)


def _too_large(size: int, article_id: str) -> BadArticle:
    detail = (
        f"is {size:,} characters or more long, above {MAX_BODY_CHARS:,}; split it, or take embedded files out of it"
    )
    return BadArticle(RejectReason.RECORD_TOO_LARGE, detail, article_id)
