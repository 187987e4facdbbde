"""The help center export, and which article answers which entry."""

from __future__ import annotations

from typing import Any

import yaml

from brindle.texts import SOURCE


def load() -> list[dict[str, Any]]:
    """The hand-written articles with their planted defects."""
    path = SOURCE / "articles.yaml"
    found: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["articles"] if path.exists() else []
    return found


def links() -> dict[str, list[int]]:
    """Article ids by entry id: what staff link in replies."""
    found: dict[str, list[int]] = {}
    for article in load():
        for entry in article.get("answers", []):
            found.setdefault(entry, []).append(article["id"])
    return found


def export() -> list[dict[str, Any]]:
    """Articles in the shape of a Zendesk help-center export."""
    rows = []
    for article in load():
        author = article.get("author")
        rows.append(
            {
                "id": article["id"],
                "url": f"https://brindlebase.zendesk.example/api/v2/help_center/en-us/articles/{article['id']}.json",
                "html_url": f"https://help.brindlebase.example/hc/en-us/articles/{article['id']}-{article['slug']}",
                "title": article["title"],
                "name": article["title"],
                "slug": article["slug"],
                "locale": "en-us",
                "source_locale": "en-us",
                "author_id": author and 9_160_000_000_000 + author,
                "owner": article.get("owner"),
                "section_id": article.get("section", 1),
                "draft": False,
                "promoted": False,
                "outdated": False,
                "label_names": article.get("labels", []),
                "vote_sum": article.get("votes", 0),
                "created_at": f"{article['created']}T09:00:00Z",
                "updated_at": f"{article['updated']}T09:00:00Z",
                "edited_at": f"{article['updated']}T09:00:00Z",
                "body": article["body"].strip(),
            }
        )
    return rows
