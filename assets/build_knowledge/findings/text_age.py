"""Texts that nobody has looked after: past their review, untouched for long, of unknown age, marked, or without source.

Belongs here: dates, marks and sources. Does not belong here: what a text says about anything that ended
(``ended_terms``, ``ended_values``, ``ended_versions``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from assets.build_knowledge.findings.audit_settings import AuditSettings
from assets.build_knowledge.findings.audited_texts import known, records, subjects_of
from assets.build_knowledge.findings.finding import Finding, about

_DAY = pd.Timedelta(days=1)


def find_aged_texts(texts: pd.DataFrame, settings: AuditSettings, as_of: pd.Timestamp) -> list[Finding]:
    """Findings of type ``stale``: ``past_review``, ``untouched``, ``unknown_age`` or ``marked_outdated``.

    One finding a subject, the most certain one. Someone who verifies a text clears it (``finding_status``).
    """
    aged = (_aged(row, settings, as_of) for row in subjects_of(texts))
    return [finding for finding in aged if finding is not None]


def find_lost_sources(texts: pd.DataFrame, articles: pd.DataFrame | None) -> list[Finding]:
    """Findings of type ``stale`` on entries whose source article is gone (blocking) or has changed since (not)."""
    if articles is None:
        return []
    rows = records(articles)
    present = {str(row["article_id"]) for row in rows if known(row.get("retired_as_of")) is None}
    hashes = {
        str(row[name]) for row in rows for name in ("section_hash", "article_hash") if row.get("retired_as_of") is None
    }
    found = []
    for row in subjects_of(texts):
        for source in row["sources"]:
            if source.get("kind") != "article":
                continue
            article_id = str(source.get("id", "")).split("#", 1)[0]
            used = str(source.get("hash") or "")
            if article_id not in present:
                found.append(_source_gone(row, article_id))
            elif used and used not in hashes:
                found.append(_source_changed(row, article_id))
    return found


def _aged(row: Mapping[str, Any], settings: AuditSettings, as_of: pd.Timestamp) -> Finding | None:
    limit = pd.Timedelta(days=settings.suspect_after_days)
    if row["is_marked_outdated"]:
        return _stale(row, "marked_outdated", "The help center marks this article as outdated.",
                      "Update the article and take the mark off, or verify that it is right as it stands.")  # fmt: skip
    due = _review_due(row, settings)
    if due is not None and as_of >= due + _DAY:
        return _stale(row, "past_review", f"Its review was due on {due:%Y-%m-%d}.",
                      "Read it against the product, correct it, and set the next review date.")  # fmt: skip
    touched = max((time for time in (row["updated_at"], row["reviewed_at"]) if time is not None), default=None)
    if touched is None:
        return _stale(row, "unknown_age", "Nobody knows when this text was last changed or reviewed.",
                      "Read it against the product and verify it as it stands, or correct it.")  # fmt: skip
    if as_of - touched > limit:
        days = (as_of - touched).days
        return _stale(row, "untouched",
                      f"Last touched on {touched:%Y-%m-%d}, {days:,} days ago; suspect after {settings.suspect_after_days}.",
                      "Read it against the product and verify it as it stands, or correct it.")  # fmt: skip
    return None


def _review_due(row: Mapping[str, Any], settings: AuditSettings) -> pd.Timestamp | None:
    """The last day on which the text still counts as reviewed."""
    if row["review_by"] is not None:
        return row["review_by"]
    if row["subject_kind"] == "entry" and row["reviewed_at"] is not None:
        return row["reviewed_at"] + pd.Timedelta(days=settings.review_every_days)
    return None


def _stale(row: Mapping[str, Any], reason: str, evidence: str, fix: str) -> Finding:
    return Finding(type="stale", reason=reason, **about(row), evidence=evidence, fix=fix, is_blocking=True)


def _source_gone(row: Mapping[str, Any], article_id: str) -> Finding:
    return Finding(
        type="stale",
        reason="source_gone",
        **about(row),
        evidence=f"Written from article {article_id}, which is no longer in the help center.",
        fix="Find out why the article was withdrawn; retire the entry, or give it a source that holds.",
        is_blocking=True,
        key=article_id,
    )


def _source_changed(row: Mapping[str, Any], article_id: str) -> Finding:
    return Finding(
        type="stale",
        reason="source_changed",
        **about(row),
        evidence=f"Article {article_id} has changed since this entry was written from it.",
        fix="Compare the entry with the article as it is now, and accept it anew with that source.",
        is_blocking=False,
        key=article_id,
    )
