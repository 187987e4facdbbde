"""A whole help center to ``help_center_articles`` and ``rejected_articles``.

Belongs here: the order of the steps, what is taken over from the last reading, what becomes of articles that are gone.
Does not belong here: finding articles (``article_files``), cutting one (``article_sections``).

An article is cut again when its content, this reader, or the vocabulary changed. One that is no longer there keeps its
rows, with the moment it was missed in ``retired_as_of``. One that is there and could not be read keeps them unretired:
a broken file is no decision of anybody to withdraw an article.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from upath import UPath

from assets.audit_tickets.landing.records import LandingLimits, UnreadableExport
from assets.audit_tickets.texts.plain_text import clean_characters
from assets.build_knowledge.articles.article_files import FoundArticles, find_articles
from assets.build_knowledge.articles.article_records import (
    HARMLESS_REASONS,
    LIMITS,
    REJECTED_COLUMNS,
    SECTION_COLUMNS,
    Article,
    ArticleReject,
    BadArticle,
    RejectedArticle,
)
from assets.build_knowledge.articles.article_sections import cut_article
from assets.build_knowledge.articles.vocabulary import DEFAULT_WORDS, Vocabulary, learn_names
from assets.build_knowledge.conditions import load_conditions

READER_VERSION = 1
"""Raised when the same article would be read otherwise than before."""

_CUT_COLUMNS = ("section_id", "headings", "position", "text", "links", "conditions", "section_hash")


@dataclass
class HelpCenterReport:
    """What reading came to; ``articles_found == articles_read + articles_rejected`` always holds."""

    files: int = 0
    articles_found: int = 0
    articles_read: int = 0
    articles_taken_over: int = 0
    articles_rejected: int = 0
    articles_retired: int = 0
    articles_kept_unread: int = 0
    sections: int = 0
    sections_with_conditions: int = 0
    sections_by_condition: dict[str, int] = field(default_factory=dict)
    rejected_by_reason: dict[str, int] = field(default_factory=dict)
    articles_by_kind: dict[str, int] = field(default_factory=dict)
    articles_without_owner: int = 0
    articles_of_unknown_age: int = 0

    @property
    def count_defects(self) -> int:
        """Rejected articles with something wrong, drafts and files of no use left out."""
        return sum(count for reason, count in self.rejected_by_reason.items() if reason not in HARMLESS_REASONS)


@dataclass
class HelpCenter:
    """Frames ``help_center_articles`` and ``rejected_articles``, and what they came to."""

    sections: pd.DataFrame
    rejected: pd.DataFrame
    report: HelpCenterReport


def read_help_center(
    root: UPath | str,
    previous: pd.DataFrame | None,
    as_of: pd.Timestamp,
    vocabulary: Mapping[str, Mapping[str, Iterable[str]]] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    limits: LandingLimits = LIMITS,
) -> HelpCenter:
    """Read a help center: helpdesk exports (JSON, one article a line, gzip, zip), Markdown and HTML, mixed as they come.

    Args:
        root: the folder or file, local or remote. A folder that does not exist is a desk without a help center.
        previous: ``help_center_articles`` of the last reading, or None.
        as_of: UTC moment written where an article is found missing.
        vocabulary: words for kinds of readers by field and value (``learn_words``); by default operating systems and
            single sign-on only.
        on_progress: called with bytes read and bytes in all.

    Raises:
        UnreadableExport: the help center is gone although articles were read from it before, or it may not be read.
    """
    path = UPath(root)
    if not path.exists():
        if previous is not None and bool(previous["retired_as_of"].isna().any()):
            raise UnreadableExport(
                f"the help center {root} is gone; put it back, or correct 'help_center' in desk.yaml"
            )
        found = FoundArticles()
    else:
        found = find_articles(path, on_progress, limits)
    report = HelpCenterReport(files=found.count_files, articles_found=len(found.articles) + len(found.rejected))
    articles = _without_duplicates(found)
    words = {
        name: {value: list(phrases) for value, phrases in held.items()}
        for name, held in (vocabulary or DEFAULT_WORDS).items()
    }
    full = Vocabulary.of(learn_names(words, (f"{article.title} {article.body}" for article in articles)))
    version = f"{READER_VERSION}-{full.digest}"
    known = _known_sections(previous, version)
    rows: list[dict[str, Any]] = []
    for article in articles:
        cut = known.get((article.article_id, article.article_hash))
        report.articles_taken_over += cut is not None
        try:
            rows += _rows(article, cut if cut is not None else cut_article(article, full), version)
            report.articles_read += 1
        except BadArticle as error:
            found.reject(article.source_file, article.line, BadArticle(error.reason, error.detail, article.article_id))
    kept = _kept_rows(previous, {row["article_id"] for row in rows}, found, as_of, report)
    sections = _frame([*rows, *kept], SECTION_COLUMNS)
    rejected = _frame(
        [{name: getattr(one, name) for name in REJECTED_COLUMNS} for one in found.rejected], REJECTED_COLUMNS
    )
    _count(report, sections, found.rejected, articles)
    return HelpCenter(sections, rejected, report)


def _without_duplicates(found: FoundArticles) -> list[Article]:
    """One article an id: the one updated last; the others are set aside with a word on where the kept one is.

    The same id in another language, without a word on which is the original, is an article of its own.
    """
    by_id: dict[str, list[Article]] = {}
    for article in found.articles:
        twins = by_id.get(article.article_id, [])
        if twins and article.locale and all(twin.locale and twin.locale != article.locale for twin in twins):
            article.article_id = f"{article.article_id}@{article.locale.lower()}"
        by_id.setdefault(article.article_id, []).append(article)
    kept = []
    for twins in by_id.values():
        newest = max(range(len(twins)), key=lambda n: (_moment(twins[n]), -n))
        kept.append(twins[newest])
        for n, article in enumerate(twins):
            if n != newest:
                same = "the same article" if article.article_hash == twins[newest].article_hash else "another version"
                detail = (
                    f"{same} stands in {twins[newest].source_file}, line {twins[newest].line}, and is used; remove one"
                )
                error = BadArticle(ArticleReject.DUPLICATE_ID, detail, article.article_id)
                found.reject(article.source_file, article.line, error)
    return sorted(kept, key=lambda article: (article.source_file, article.line, article.article_id))


def _moment(article: Article) -> float:
    moment = article.updated_at or article.created_at
    return moment.timestamp() if moment is not None else 0.0


def _known_sections(previous: pd.DataFrame | None, version: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
    if previous is None or previous.empty:
        return {}
    same = previous[(previous["reader_version"] == version)]
    known: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in same.sort_values("position").to_dict("records"):
        cut = {name: row[name] for name in _CUT_COLUMNS}
        cut["headings"], cut["links"] = list(row["headings"]), list(row["links"])
        known.setdefault((row["article_id"], row["article_hash"]), []).append(cut)
    return known


def _rows(article: Article, cut: list[dict[str, Any]], version: str) -> list[dict[str, Any]]:
    shared = {
        "article_id": article.article_id,
        "source_kind": article.source_kind,
        "source_file": article.source_file,
        "title": clean_characters(article.title),
        "locale": article.locale or None,
        "url": article.url,
        "slug": article.slug,
        "collection": article.collection,
        "owner": article.owner,
        "created_at": article.created_at,
        "updated_at": article.updated_at,
        "labels": article.labels,
        "is_marked_outdated": article.is_marked_outdated,
        "article_hash": article.article_hash,
        "retired_as_of": None,
        "reader_version": version,
    }
    return [{**shared, **section} for section in cut]


def _kept_rows(
    previous: pd.DataFrame | None, read: set[str], found: FoundArticles, as_of: pd.Timestamp, report: HelpCenterReport
) -> list[dict[str, Any]]:
    if previous is None or previous.empty:
        return []
    broken = {one.article_id for one in found.rejected if one.article_id and one.reason not in HARMLESS_REASONS}
    withdrawn = {one.article_id for one in found.rejected if one.article_id and one.reason in HARMLESS_REASONS}
    rows: list[dict[str, Any]] = []
    retired: set[str] = set()
    unread: set[str] = set()
    for held in previous[~previous["article_id"].isin(read)].to_dict("records"):
        row = {str(name): value for name, value in held.items()}
        article_id, file = row["article_id"], row["source_file"]
        row["headings"], row["links"], row["labels"] = list(row["headings"]), list(row["links"]), list(row["labels"])
        if pd.isna(row["retired_as_of"]):
            is_unread = article_id in broken or (file in found.damaged_files and article_id not in withdrawn)
            (unread if is_unread else retired).add(article_id)
            row["retired_as_of"] = None if is_unread else as_of
        rows.append(row)
    report.articles_retired, report.articles_kept_unread = len(retired), len(unread)
    return rows


def _frame(rows: list[dict[str, Any]], columns: Mapping[str, Any]) -> pd.DataFrame:
    values = {name: [row[name] for row in rows] for name in columns}
    return pd.DataFrame(
        {
            name: pd.to_datetime(pd.Series(values[name], dtype="object"), utc=True).astype(kind)
            if str(kind).startswith("datetime")
            else pd.Series(values[name], dtype=kind)
            for name, kind in columns.items()
        }
    )


def _count(
    report: HelpCenterReport, sections: pd.DataFrame, rejected: list[RejectedArticle], articles: list[Article]
) -> None:
    live = sections[sections["retired_as_of"].isna()]
    report.articles_rejected = len(rejected)
    report.rejected_by_reason = dict(sorted(Counter(one.reason for one in rejected).items()))
    report.sections = len(live)
    report.sections_with_conditions = int((live["conditions"] != "{}").sum())
    counts: Counter[str] = Counter()
    for text in live["conditions"]:
        for name, values in load_conditions(text).items():
            counts.update(f"{name}={value}" for value in values)
    report.sections_by_condition = dict(sorted(counts.items()))
    by_article = live.drop_duplicates("article_id")
    report.articles_by_kind = {
        str(kind): int(count) for kind, count in by_article["source_kind"].value_counts().sort_index().items()
    }
    report.articles_without_owner = int(by_article["owner"].isna().sum())
    report.articles_of_unknown_age = int(by_article["updated_at"].isna().sum())
