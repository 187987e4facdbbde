"""Tiny articles, entries, events and decisions for the tests of the content audit. All invented."""

from __future__ import annotations

from typing import Any

import pandas as pd

from assets.build_knowledge.findings.audited_texts import texts_to_audit

NOW = pd.Timestamp("2026-06-01", tz="UTC")


def day(text: str | None) -> pd.Timestamp | None:
    return None if text is None else pd.Timestamp(text, tz="UTC")


def article(
    article_id: str = "a1", title: str = "Reset your password", text: str = "Press Reset.", **given: Any
) -> dict:
    """One section that is a whole article, healthy unless told otherwise."""
    row = {
        "section_id": f"{article_id}#0",
        "article_id": article_id,
        "article_hash": f"hash-{article_id}",
        "section_hash": f"section-{article_id}",
        "title": title,
        "headings": [],
        "text": text,
        "links": [],
        "conditions": "{}",
        "locale": "en-us",
        "url": None,
        "slug": None,
        "collection": None,
        "owner": "Ada Berg",
        "created_at": None,
        "updated_at": day("2026-05-01"),
        "is_marked_outdated": False,
        "retired_as_of": None,
    }
    dates = {name: day(given.pop(name)) for name in ("updated_at", "retired_as_of") if name in given}
    return row | given | dates


def articles(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


def entry(
    entry_id: str = "e1", question: str = "How do I reset my password?", answer: str = "Press Reset.", **given: Any
) -> dict:
    """An accepted entry, healthy unless told otherwise."""
    row = {
        "entry_id": entry_id,
        "content_hash": f"hash-{entry_id}" + "0" * 12,
        "category_id": "account",
        "question": question,
        "answer": answer,
        "conditions": "{}",
        "owner": "Identity team",
        "reviewed_at": day("2026-05-01"),
        "review_by": day("2026-11-01"),
        "sources": "[]",
        "status": "accepted",
        "is_current": True,
    }
    dates = {name: day(given.pop(name)) for name in ("reviewed_at", "review_by") if name in given}
    return row | given | dates


def entries(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


def texts(*rows: dict) -> pd.DataFrame:
    """Articles and entries as the detectors get them."""
    sections = [row for row in rows if "article_id" in row]
    answers = [row for row in rows if "entry_id" in row]
    return texts_to_audit(articles(*sections) if sections else None, entries(*answers) if answers else None)


def releases(*rows: tuple[str, str, str, str, str, list[str]]) -> pd.DataFrame:
    """Events as (date, kind, name, version, description, affects)."""
    frame = pd.DataFrame(rows, columns=["date", "kind", "name", "version", "description", "affects"])
    frame["date"] = pd.to_datetime(frame["date"], utc=True)
    return frame


def reasons(findings: list) -> list[tuple[str, str]]:
    return sorted((finding.reason, finding.subject_id) for finding in findings)
