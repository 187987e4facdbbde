"""Small help centers and articles for tests. All people, products and plans are invented."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from assets.build_knowledge.articles.article_records import Article
from assets.build_knowledge.articles.article_sections import cut_article
from assets.build_knowledge.articles.read_help_center import HelpCenter, read_help_center
from assets.build_knowledge.articles.vocabulary import Vocabulary, learn_words

AS_OF = pd.Timestamp("2026-06-01", tz="UTC")
WORDS = learn_words({"plan": ["pro", "free", "legacy"]})
VOCABULARY = Vocabulary.of({**WORDS, "plan": {**WORDS["plan"], "legacy": ["legacy", "legacy studio"]}})


def zendesk(number: int, body: str = "<p>Open the settings.</p>", **changes: Any) -> dict[str, Any]:
    """One article as a Zendesk help center exports it."""
    return {
        "id": number,
        "title": f"Article {number}",
        "html_url": f"https://help.example.org/hc/en-us/articles/{number}-article-{number}",
        "locale": "en-us",
        "author_id": 7,
        "section_id": 3,
        "draft": False,
        "label_names": [],
        "created_at": "2025-01-02T09:00:00Z",
        "updated_at": "2026-01-02T09:00:00Z",
        "body": body,
        **changes,
    }


def freshdesk(number: int, **changes: Any) -> dict[str, Any]:
    """One Freshdesk solution article."""
    return {
        "id": number,
        "title": f"Solution {number}",
        "description": "<p>Open the settings.</p>",
        "status": 2,
        "folder_id": 4,
        "agent_id": 8,
        "tags": ["login"],
        "created_at": "2025-01-02T09:00:00Z",
        "updated_at": "2026-01-02T09:00:00Z",
        **changes,
    }


def intercom(number: int, **changes: Any) -> dict[str, Any]:
    """One Intercom article, with times in seconds."""
    return {
        "type": "article",
        "id": str(number),
        "title": f"Answer {number}",
        "body": "<p>Open the settings.</p>",
        "state": "published",
        "author_id": 9,
        "parent_id": 5,
        "default_locale": "en",
        "url": f"https://help.example.org/en/articles/{number}-answer-{number}",
        "created_at": 1735808400,
        "updated_at": 1767344400,
        **changes,
    }


def write_lines(path: Path, records: list[Any]) -> Path:
    """Records one a line; a text is written as it is."""
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(root: Path, previous: pd.DataFrame | None = None, words: Mapping[str, Any] | None = None) -> HelpCenter:
    """Read a help center and check what must always hold."""
    center = read_help_center(root, previous, AS_OF, words or WORDS)
    report = center.report
    assert report.articles_found == report.articles_read + report.articles_rejected
    assert sum(report.rejected_by_reason.values()) == report.articles_rejected == len(center.rejected)
    live = center.sections[center.sections["retired_as_of"].isna()]
    assert live["article_id"].nunique() == report.articles_read + report.articles_kept_unread
    assert center.sections["section_id"].is_unique
    return center


def cut(body: str, title: str = "An article", **changes: Any) -> list[dict[str, Any]]:
    """The sections of one body."""
    article = Article("zendesk:1", "zendesk", "a.json", 1, title, body, url="https://help.example.org/hc/1", **changes)
    return cut_article(article, VOCABULARY)


def shown(body: str, title: str = "An article") -> list[tuple[str, str, str]]:
    """Heading path, text and conditions of each section, for comparing."""
    return [(" / ".join(row["headings"]), row["text"], row["conditions"]) for row in cut(body, title)]
