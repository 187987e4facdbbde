"""One frame for all that is audited: sections of articles and versions of entries side by side.

Belongs here: the common columns and the small readers of cells that may be empty. Does not belong here: any judgement
about a text (the detectors), reading exports (``articles``) or entry files (``entries``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

TEXT_COLUMNS = (
    "text_id", "subject_kind", "subject_id", "subject_hash", "title", "question", "text", "conditions", "locale",
    "topic", "owner", "updated_at", "reviewed_at", "review_by", "links", "url", "slug", "is_marked_outdated",
    "sources", "customer_language_score", "suggested_question",
)  # fmt: skip
_TIMES = ("updated_at", "reviewed_at", "review_by")


def texts_to_audit(articles: pd.DataFrame | None, entries: pd.DataFrame | None) -> pd.DataFrame:
    """The texts a content audit reads, from the frames ``help_center_articles`` and ``knowledge_entries``.

    Returns:
        frame [article section or entry], ``TEXT_COLUMNS``: articles that are still in their export, and the entry
        versions now on file that are not retired, by subject. ``question`` is what the text answers (an article's title and the
        headings above the section), ``topic`` its collection or category, ``sources`` a list of mappings. Missing
        values are None or NaT.
    """
    rows = sorted(
        [*_article_rows(articles), *_entry_rows(entries)], key=lambda row: (row["subject_kind"], row["subject_id"])
    )
    texts = pd.DataFrame(rows, columns=list(TEXT_COLUMNS)).astype(object)
    for column in _TIMES:
        texts[column] = pd.to_datetime(texts[column], utc=True).astype("datetime64[us, UTC]")
    return texts


def subjects_of(texts: pd.DataFrame) -> list[dict[str, Any]]:
    """The articles and entries the texts belong to, once each, as their first text describes them."""
    return records(texts.drop_duplicates(["subject_kind", "subject_id"]))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as mappings in which every missing value is None."""
    return [{str(name): known(value) for name, value in row.items()} for row in frame.to_dict("records")]


def known(value: Any) -> Any:
    """The value, or None for any of pandas' ways of saying that there is none."""
    return None if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)) else value


def words_in(value: Any) -> str | None:
    """Text of a cell without outer spaces; None where it is missing or blank."""
    return None if known(value) is None or not str(value).strip() else str(value).strip()


def items_in(value: Any) -> list[Any]:
    """A cell that holds a list: a list or array, JSON text, or nothing."""
    if isinstance(value, str):
        return json.loads(value) if value.strip() else []
    return list(value) if isinstance(value, Iterable) and not isinstance(value, Mapping) else []


def same_language(one: str | None, other: str | None) -> bool:
    """Whether two texts can be compared by their words; an unknown locale is taken for the same."""
    return not one or not other or _language(one) == _language(other)


def _language(locale: str) -> str:
    return locale.replace("_", "-").split("-", 1)[0].casefold()


def _article_rows(articles: pd.DataFrame | None) -> Iterable[dict[str, Any]]:
    for row in [] if articles is None else records(articles):
        if row.get("retired_as_of") is not None:
            continue
        title = words_in(row.get("title")) or ""
        headings = [str(part).strip() for part in items_in(row.get("headings")) if str(part).strip() != title]
        yield {
            "text_id": row["section_id"],
            "subject_kind": "article",
            "subject_id": row["article_id"],
            "subject_hash": row["article_hash"],
            "title": title,
            "question": ": ".join([title, *headings]) if title else ": ".join(headings),
            "text": row.get("text") or "",
            "conditions": words_in(row.get("conditions")) or "{}",
            "locale": words_in(row.get("locale")),
            "topic": words_in(row.get("collection")),
            "owner": words_in(row.get("owner")),
            "updated_at": row.get("updated_at") or row.get("created_at"),
            "reviewed_at": row.get("reviewed_at"),
            "review_by": row.get("review_by"),
            "links": [str(link) for link in items_in(row.get("links"))],
            "url": words_in(row.get("url")),
            "slug": words_in(row.get("slug")),
            "is_marked_outdated": bool(row.get("is_marked_outdated") or False),
            "sources": [],
            "customer_language_score": row.get("customer_language_score"),
            "suggested_question": row.get("suggested_question"),
        }


def _entry_rows(entries: pd.DataFrame | None) -> Iterable[dict[str, Any]]:
    for row in [] if entries is None else records(entries):
        if row.get("is_current") is False or row.get("status") == "retired":
            continue
        question = words_in(row.get("question")) or ""
        yield {
            "text_id": f"{row['entry_id']}#{str(row['content_hash'])[:12]}",
            "subject_kind": "entry",
            "subject_id": row["entry_id"],
            "subject_hash": row["content_hash"],
            "title": question,
            "question": question,
            "text": row.get("answer") or "",
            "conditions": words_in(row.get("conditions")) or "{}",
            "locale": words_in(row.get("locale")),
            "topic": words_in(row.get("category_id")),
            "owner": words_in(row.get("owner")),
            "updated_at": row.get("reviewed_at"),
            "reviewed_at": row.get("reviewed_at"),
            "review_by": row.get("review_by"),
            "links": [str(link) for link in items_in(row.get("links"))],
            "url": None,
            "slug": None,
            "is_marked_outdated": False,
            "sources": items_in(row.get("sources")),
            "customer_language_score": row.get("customer_language_score"),
            "suggested_question": row.get("suggested_question"),
        }
