"""What closes an item: what really happened to its subject since it was opened, or a person's word.

Belongs here: reading that off the frames. Does not belong here: recording a person's word (``ledger.audits``), which
subjects are on the list (``subjects``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.build_knowledge.findings.audited_texts import words_in
from assets.sustain_learning.audit_work.against import unheard_phrasings
from assets.sustain_learning.audit_work.audited import ARTICLE, CATEGORY, ENTRY, Audited, category_hash
from assets.sustain_learning.audit_work.quarter import item_id

ACCEPTED_ANEW, EDITED, VERIFIED, RETIRED, GONE, CONFIRMED, SETTLED, COVERED = (
    "accepted anew", "edited", "verified", "retired", "no longer there", "confirmed", "findings settled", "covered",
)  # fmt: skip
MAY_REOPEN = (CONFIRMED, GONE, RETIRED)
"""A word counts for the content it was said of, and what is gone may come back."""


@dataclass(frozen=True)
class Closed:
    """How an item was done, by whom (null where nobody said so, or the name was erased), and when."""

    how: str
    at: pd.Timestamp
    by: str | None = None


def content_now(kind: str, subject_id: str, audited: Audited) -> str | None:
    """The hash of what a subject says now, which a person's word is about; None where it is gone."""
    if kind == ENTRY:
        entry = audited.on_file.get(subject_id)
        return None if entry is None else str(entry["content_hash"])
    if kind == ARTICLE:
        article = audited.articles_now.get(subject_id)
        return None if article is None else str(article["content_hash"])
    category = audited.coverage_now.get(subject_id)
    return None if category is None else category_hash(category)


def closed_by(item: Mapping[str, Any], audited: Audited, as_of: pd.Timestamp, quarters: Iterable[str]) -> Closed | None:
    """What closed an item, None while it is open.

    Args:
        item: quarter, subject_kind, subject_id, subject_hash (what it said when the item was opened), opened_at.
        quarters: those that have a list. A word said of the subject on a later list closes this item, too.
    """
    kind, name = str(item["subject_kind"]), str(item["subject_id"])
    now = content_now(kind, name, audited)
    if now is None:
        return Closed(GONE, as_of)
    happened = {ENTRY: _entry, ARTICLE: _article, CATEGORY: _category}[kind](item, audited, as_of)
    return happened or _said(item, now, audited, quarters)


def _entry(item: Mapping[str, Any], audited: Audited, as_of: pd.Timestamp) -> Closed | None:
    row = audited.on_file[str(item["subject_id"])]
    if row["status"] == "retired":
        return Closed(RETIRED, as_of)
    if row["status"] != "accepted" or not row["is_accepted"]:
        return None
    is_other = str(row["content_hash"]) != str(item["subject_hash"])
    if is_other or row["accepted_at"] > item["opened_at"]:
        return Closed(EDITED if is_other else ACCEPTED_ANEW, row["accepted_at"], words_in(row["accepted_by"]))
    return None


def _article(item: Mapping[str, Any], audited: Audited, as_of: pd.Timestamp) -> Closed | None:
    name = str(item["subject_id"])
    article = audited.articles_now[name]
    verified = [
        row
        for row in audited.findings_decided
        if row["decision"] == "article_verified"
        and str(row["subject_hash"]) in article["hashes"]
        and row["decided_at"] > item["opened_at"]
    ]
    if verified:
        last = max(verified, key=lambda row: row["decided_at"])
        return Closed(VERIFIED, last["decided_at"], words_in(last["decided_by"]))
    if audited.findings_now.get((ARTICLE, name)):
        return None
    if article["content_hash"] != str(item["subject_hash"]):
        return Closed(EDITED, as_of)
    settled = [row for row in audited.findings_decided if str(row["subject_hash"]) in set(item["finding_ids"])]
    if not settled:
        return Closed(SETTLED, as_of)
    last = max(settled, key=lambda row: row["decided_at"])
    return Closed(SETTLED, last["decided_at"], words_in(last["decided_by"]))


def _category(item: Mapping[str, Any], audited: Audited, as_of: pd.Timestamp) -> Closed | None:
    name = str(item["subject_id"])
    is_well = audited.coverage_now[name]["is_covered"] and not unheard_phrasings(audited.drift).get(name)
    return Closed(COVERED, as_of) if is_well else None


def _said(item: Mapping[str, Any], now: str, audited: Audited, quarters: Iterable[str]) -> Closed | None:
    kind, name = str(item["subject_kind"]), str(item["subject_id"])
    names = {item_id(one, kind, name) for one in {*quarters, str(item["quarter"])} if one >= str(item["quarter"])}
    said = [row for row in audited.words_said if row["item_id"] in names and row["content_hash"] == now]
    if not said:
        return None
    last = max(said, key=lambda row: row["closed_at"])
    return Closed(CONFIRMED, last["closed_at"], words_in(last["closed_by"]))
