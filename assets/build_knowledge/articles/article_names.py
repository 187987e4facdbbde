"""Names behind the ids that articles carry: authors, sections and folders, and who may see what.

Belongs here: collecting names from an export's lists and giving them to articles. Does not belong here: reading the
articles themselves (``helpdesk_articles``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assets.build_knowledge.articles.article_records import Article, ArticleReject, BadArticle

PEOPLE_LISTS = ("users", "agents", "admins", "contacts")
COLLECTION_LISTS = ("sections", "categories", "folders", "collections")
SEGMENT_LISTS = ("user_segments",)
_PUBLIC_SEGMENTS = ("signed_in_users", "everyone")


@dataclass
class ArticleNames:
    """What an export's lists say about the ids in its articles."""

    people: dict[str, str] = field(default_factory=dict)
    collections: dict[str, str] = field(default_factory=dict)
    segments: dict[str, str] = field(default_factory=dict)

    def learn(self, section: str | None, value: Mapping[str, Any]) -> bool:
        """Take up a record of a list such as ``users``; False where the record is of no such list."""
        section = {"admin": "admins", "collection": "collections"}.get(str(value.get("type")), section or "")
        ref = str(value.get("id"))[:128] if value.get("id") is not None else ""
        contact = value.get("contact") if isinstance(value.get("contact"), dict) else {}
        assert isinstance(contact, dict)
        name = next((one for one in (value.get("name"), contact.get("name"), value.get("email")) if one), None)
        if section in PEOPLE_LISTS:
            if ref and isinstance(name, str):
                self.people.setdefault(ref, " ".join(name.split())[:200])
        elif section in COLLECTION_LISTS:
            if ref and isinstance(name, str):
                self.collections.setdefault(ref, " ".join(name.split())[:200])
        elif section in SEGMENT_LISTS:
            if ref:
                self.segments.setdefault(ref, str(value.get("user_type") or ""))
        else:
            return False
        return True

    def complete(self, article: Article) -> Article:
        """Give the article its owner and collection; an author without a known name is named by their id.

        Raises:
            BadArticle: only a group of people may see it, and nothing says that customers are that group.
        """
        segment = article.segment_ref
        if segment and self.segments.get(segment) not in _PUBLIC_SEGMENTS:
            raise BadArticle(
                ArticleReject.NOT_PUBLIC,
                "is limited to a user segment that the export does not show to be customers; open it to everybody, "
                "or add the help center's user_segments to the export",
                article.article_id,
            )
        if article.owner is None and article.author_ref:
            unnamed = f"{article.source_kind} user {article.author_ref}"
            article.owner = self.people.get(article.author_ref, unnamed)
        if article.collection is None and article.collection_ref:
            article.collection = self.collections.get(article.collection_ref)
        return article
