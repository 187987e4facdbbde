"""What a quarterly audit reads: the frames of knowledge as they stand, and what people have said.

Belongs here: the frames by name, and the small look-ups that several steps share. Does not belong here: what goes on the
list (``subjects``), what closes an item (``closing``).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from assets.build_knowledge.findings.audited_texts import items_in, known, records, words_in

ENTRY, ARTICLE, CATEGORY = "entry", "article", "category"
UNOWNED = "unowned"
Row = Mapping[str, Any]
Findings = dict[tuple[str, str], list[dict[str, Any]]]


def _none() -> pd.DataFrame:
    return pd.DataFrame()


@dataclass(frozen=True)
class Audited:
    """Frames of earlier steps, as published; an empty frame where there is nothing yet, columns or none.

    entries: ``knowledge_entries``, all versions (for quarters that are over). live, set_aside: ``live_entries`` and
    ``entries_set_aside``. drafts: ``knowledge_drafts``. articles: ``help_center_articles``. findings:
    ``knowledge_findings``. coverage: ``knowledge_coverage``. categories: ``accepted_categories``, for their owners.
    trouble: ``frames.TROUBLE``. drift: ``frames.DRIFT``. closed: ``ledger.audits.closed_items``. decisions:
    ``ledger.knowledge.audit_decisions``.
    """

    entries: pd.DataFrame = field(default_factory=_none)
    live: pd.DataFrame = field(default_factory=_none)
    set_aside: pd.DataFrame = field(default_factory=_none)
    drafts: pd.DataFrame = field(default_factory=_none)
    articles: pd.DataFrame = field(default_factory=_none)
    findings: pd.DataFrame = field(default_factory=_none)
    coverage: pd.DataFrame = field(default_factory=_none)
    categories: pd.DataFrame = field(default_factory=_none)
    trouble: pd.DataFrame = field(default_factory=_none)
    drift: pd.DataFrame = field(default_factory=_none)
    closed: pd.DataFrame = field(default_factory=_none)
    decisions: pd.DataFrame = field(default_factory=_none)

    @cached_property
    def on_file(self) -> dict[str, dict[str, Any]]:
        """The version of each entry that is on file, with why_not_live (empty where it is live)."""
        found = {str(row["entry_id"]): {**row, "why_not_live": []} for row in records(self.live)}
        for row in records(self.set_aside):
            found[str(row["entry_id"])] = {**row, "why_not_live": [str(one) for one in items_in(row["why_not_live"])]}
        return found

    @cached_property
    def articles_now(self) -> dict[str, dict[str, Any]]:
        """Articles that are in the help center, each with title, owner, collection and one hash of all it says."""
        return articles_of(self.articles, None)

    @cached_property
    def category_owners(self) -> dict[str, str]:
        """Who answers for a category, where somebody does."""
        owners = ((str(row["category_id"]), words_in(row.get("owner"))) for row in records(self.categories))
        return {category: owner for category, owner in owners if owner}

    @cached_property
    def coverage_now(self) -> dict[str, dict[str, Any]]:
        """``knowledge_coverage`` by category."""
        return {str(row["category_id"]): row for row in records(self.coverage)}

    @cached_property
    def words_said(self) -> list[dict[str, Any]]:
        """What people said of items, as rows."""
        return records(self.closed)

    @cached_property
    def findings_decided(self) -> list[dict[str, Any]]:
        """What people said of findings and articles, as rows."""
        return records(self.decisions)

    @cached_property
    def findings_now(self) -> Findings:
        """``open_findings`` of the present."""
        return self.open_findings(None)

    def open_findings(self, until: pd.Timestamp | None) -> Findings:
        """Open findings by (kind, id) of what somebody must look at because of them; ``until``: found before then.

        Of two texts at odds the side that is kept from use must be looked at, and an entry always: what it says is
        contradicted in public, and somebody must say which is right.
        """
        found: Findings = defaultdict(list)
        for row in records(self.findings):
            if row["status"] != "open" or (until is not None and row["first_found_as_of"] >= until):
                continue
            found[str(row["subject_kind"]), str(row["subject_id"])].append({**row, "side": "subject"})
            is_other = row.get("other_kind") == ENTRY or bool(row.get("is_other_blocked"))
            if is_other and row.get("other_id") is not None:
                found[str(row["other_kind"]), str(row["other_id"])].append({**row, "side": "other"})
        return found


def articles_of(articles: pd.DataFrame, until: pd.Timestamp | None) -> dict[str, dict[str, Any]]:
    """Articles that are there, or were at a moment: title, owner, hashes, content_hash."""
    found: dict[str, dict[str, Any]] = {}
    for row in records(articles):
        retired, created = row.get("retired_as_of"), row.get("created_at")
        is_there = retired is None or (until is not None and retired >= until)
        if not is_there or (until is not None and created is not None and created >= until):
            continue
        one = found.setdefault(
            str(row["article_id"]),
            {"title": words_in(row.get("title")), "owner": words_in(row.get("owner")), "hashes": set()},
        )
        one["hashes"].add(str(row["article_hash"]))
    for one in found.values():
        hashes = sorted(one["hashes"])
        one["content_hash"] = hashes[0] if len(hashes) == 1 else _digest(*hashes)
    return found


def category_hash(row: Row) -> str:
    """64 hex digits of what is said of a category's knowledge: bucket, live entries, and what is missing."""
    return _digest(
        str(row["category_id"]), str(row["bucket"]), str(row["count_live_entries"]), *map(str, items_in(row["missing"]))
    )


def article_sources(row: Row) -> set[str]:
    """Ids of the articles that an entry or a draft rests on, from its ``sources``."""
    named = (one for one in items_in(row.get("sources")) if isinstance(one, Mapping) and one.get("kind") == ARTICLE)
    return {str(one["id"]).split("#", 1)[0] for one in named if known(one.get("id")) is not None}


def _digest(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()
