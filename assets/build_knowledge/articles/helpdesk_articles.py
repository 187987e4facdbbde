"""Articles in the shapes that helpdesks export: Zendesk help center, Freshdesk solutions, Intercom articles.

Belongs here: recognising a shape and reading its fields. Does not belong here: finding records in files
(``article_files``), or the names behind ids (``article_names``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from assets.audit_tickets.landing.record_values import describe, is_whole_number, read_epoch, read_id, read_time
from assets.audit_tickets.landing.records import BadRecord, RejectReason
from assets.build_knowledge.articles.article_records import Article, ArticleReject, BadArticle

_ZENDESK_KEYS = frozenset(
    ("html_url", "section_id", "label_names", "draft", "outdated", "source_locale", "author_id", "user_segment_id")
)
_OUTDATED = re.compile(r"\b(?:outdated|deprecated|obsolete|veraltet|obsoleto)\b", re.IGNORECASE)
_MAX_LABELS = 100


def source_kind(value: Mapping[str, Any]) -> str | None:
    """Whose article a record is by its keys, or None where it is none."""
    if value.get("type") == "article" and "title" in value:
        return "intercom"
    if "title" not in value and "name" not in value:
        return None
    if "description" in value and ("folder_id" in value or "agent_id" in value or is_whole_number(value.get("status"))):
        return "freshdesk"
    if "body" in value and ("title" in value or "draft" in value) and not _ZENDESK_KEYS.isdisjoint(value):
        return "zendesk"
    return None


def read_articles(value: Mapping[str, Any], kind: str, source_file: str, line: int) -> Iterator[Article | BadArticle]:
    """The article of a record and its translations, each read or refused by itself."""
    readers: dict[str, Callable[[Mapping[str, Any]], Article]] = {
        "zendesk": _zendesk,
        "freshdesk": _freshdesk,
        "intercom": _intercom,
    }
    for version in _versions(value, kind):
        try:
            article = readers[kind](version)
            article.source_file, article.line = source_file, line
            yield article
        except (BadArticle, BadRecord) as error:
            yield BadArticle(error.reason, error.detail, article_id_of(version, kind))


def article_id_of(value: Mapping[str, Any], kind: str) -> str | None:
    """The id under which a record's article would be kept, as far as the record says it."""
    given = value.get("id")
    if not isinstance(given, str | int) or isinstance(given, bool) or not str(given).strip():
        return None
    locale = _text(value, "locale").lower()
    source = _text(value, "source_locale").lower()
    suffix = f"@{locale}" if source and locale and locale != source else ""
    return f"{kind}:{str(given).strip()[:128]}{suffix}"


def is_outdated(value: Any, labels: list[str], title: str) -> bool:
    """Whether an article's team itself calls it outdated: by a mark, a label or in the title."""
    if value is True or (isinstance(value, str) and value.casefold() in ("true", "yes")):
        return True
    return any(_OUTDATED.fullmatch(label.strip()) for label in labels) or bool(
        re.match(rf"\W*{_OUTDATED.pattern}\W", title + " ", re.IGNORECASE)
    )


def label_list(value: Any) -> list[str]:
    """Labels from a list of texts or of objects with a name, or from one comma-separated text."""
    if isinstance(value, dict):  # Intercom wraps its lists
        value = value.get("tags") or value.get("data")
    items = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    names = (item.get("name") if isinstance(item, dict) else item for item in items[:_MAX_LABELS])
    return [name.strip()[:200] for name in names if isinstance(name, str) and name.strip()]


def _versions(value: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    yield value
    if kind == "zendesk" and isinstance(translations := value.get("translations"), list):
        own = str(value.get("locale") or value.get("source_locale") or "")
        for item in translations[:200]:
            if isinstance(item, dict) and isinstance(item.get("locale"), str) and item["locale"] != own:
                yield {**value, **item, "id": value.get("id"), "source_locale": own, "html_url": item.get("html_url")}
    if kind == "intercom" and isinstance(translated := value.get("translated_content"), dict):
        own = str(value.get("default_locale") or "en")
        for locale, item in list(translated.items())[:200]:
            if isinstance(item, dict) and locale not in (own, "type") and item.get("body"):
                yield {**value, **item, "id": value.get("id"), "locale": locale, "source_locale": own}


def _zendesk(value: Mapping[str, Any]) -> Article:
    title, body = _needed(value, ("title", "name"), "body")
    url = _address(value.get("html_url"))
    labels = label_list(value.get("label_names") or value.get("labels"))
    if value.get("draft") is True:
        raise BadArticle(ArticleReject.NOT_PUBLISHED, "is a draft in the help center; publish it there to use it")
    return Article(
        article_id=_id(value, "zendesk"),
        source_kind="zendesk",
        source_file="",
        line=0,
        title=title,
        body=body,
        locale=_text(value, "locale") or _text(value, "source_locale"),
        url=url,
        slug=_text(value, "slug") or _slug(url),
        collection=_name(value.get("section")) or _text(value, "section_name") or None,
        owner=_name(value.get("owner")) or _name(value.get("author")) or _text(value, "author_name") or None,
        created_at=_time(value, "created_at"),
        updated_at=_time(value, "edited_at") or _time(value, "updated_at"),
        labels=labels,
        is_marked_outdated=is_outdated(value.get("outdated"), labels, title),
        author_ref=_ref(value.get("author_id")),
        collection_ref=_ref(value.get("section_id")),
        segment_ref=_ref(value.get("user_segment_id")),
    )


def _freshdesk(value: Mapping[str, Any]) -> Article:
    title, body = _needed(value, ("title", "name"), "description")
    if value.get("status") == 1:
        raise BadArticle(ArticleReject.NOT_PUBLISHED, "has status 1 (draft) in Freshdesk; publish it there to use it")
    if value.get("folder_visibility") == 3 or value.get("visibility") == 3:
        raise BadArticle(ArticleReject.NOT_PUBLIC, "stands in a folder that only agents may see")
    url = _address(value.get("url") or value.get("html_url"))
    labels = label_list(value.get("tags"))
    return Article(
        article_id=_id(value, "freshdesk"),
        source_kind="freshdesk",
        source_file="",
        line=0,
        title=title,
        body=body,
        locale=_text(value, "language") or _text(value, "locale"),
        url=url,
        slug=_text(value, "slug") or _slug(url),
        collection=_text(value, "folder_name") or _name(value.get("folder")) or None,
        owner=_text(value, "owner") or _text(value, "agent_name") or _name(value.get("agent")) or None,
        created_at=_time(value, "created_at"),
        updated_at=_time(value, "modified_at") or _time(value, "updated_at"),
        labels=labels,
        is_marked_outdated=is_outdated(value.get("outdated"), labels, title),
        author_ref=_ref(value.get("agent_id") or value.get("user_id")),
        collection_ref=_ref(value.get("folder_id")),
    )


def _intercom(value: Mapping[str, Any]) -> Article:
    title, body = _needed(value, ("title",), "body")
    if value.get("state") not in (None, "published"):
        raise BadArticle(ArticleReject.NOT_PUBLISHED, "its state in Intercom is not 'published'; publish it to use it")
    url = _address(value.get("url"))
    labels = label_list(value.get("tags"))
    return Article(
        article_id=_id(value, "intercom"),
        source_kind="intercom",
        source_file="",
        line=0,
        title=title,
        body=body,
        locale=_text(value, "locale") or _text(value, "default_locale"),
        url=url,
        slug=_slug(url),
        collection=_text(value, "collection") or None,
        owner=_text(value, "owner") or _name(value.get("author")) or _text(value, "author_name") or None,
        created_at=_time(value, "created_at", read_epoch),
        updated_at=_time(value, "updated_at", read_epoch),
        labels=labels,
        is_marked_outdated=is_outdated(value.get("outdated"), labels, title),
        author_ref=_ref(value.get("author_id")),
        collection_ref=_ref(value.get("parent_id")),
    )


def _id(value: Mapping[str, Any], kind: str) -> str:
    read_id(value.get("id"), "id")
    found = article_id_of(value, kind)
    assert found is not None
    return found


def _needed(value: Mapping[str, Any], titles: tuple[str, ...], body: str) -> tuple[str, str]:
    title = next((found for name in titles if (found := _text(value, name))), "")
    given = value.get(body)
    if given is not None and not isinstance(given, str):
        raise BadArticle(RejectReason.WRONG_TYPE, f"{body}: expected text, found {describe(given)}")
    if not title:
        raise BadArticle(ArticleReject.MISSING_TITLE, "has no title; give it one in the help center")
    return title, given or ""


def _text(value: Mapping[str, Any], name: str) -> str:
    given = value.get(name)
    return " ".join(given.split())[:500] if isinstance(given, str) else ""


def _name(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("name") or value.get("email")
    return " ".join(value.split())[:200] or None if isinstance(value, str) else None


def _ref(value: Any) -> str | None:
    return str(value).strip()[:128] or None if isinstance(value, str) or is_whole_number(value) else None


def _time(
    value: Mapping[str, Any], name: str, read: Callable[[Any, str], tuple[datetime, Any]] = read_time
) -> datetime | None:
    given = value.get(name)
    if given is None or given == "":
        return None
    return (read_epoch if is_whole_number(given) else read)(given, name)[0]


def _address(value: Any) -> str | None:
    address = value.strip() if isinstance(value, str) else ""
    return address[:2000] if re.match(r"https?://[^\s<>\"]+$", address) else None


def _slug(url: str | None) -> str | None:
    if url is None:
        return None
    try:
        last = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    except ValueError:
        return None
    return re.sub(r"^\d+-", "", last) or None
