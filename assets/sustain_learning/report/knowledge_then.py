"""How the knowledge stood at the end of a month, as far as what is on file tells.

Belongs here: putting entries, findings, audit items and categories back to a moment. Does not belong here: what makes an
entry live (``build_knowledge.entries.live_entries``, which is asked).

Entries keep their dates of acceptance, review and validity, so that past months can be told. A finding that was settled is
gone from its frame, so that a past month has at least as many as are told here. A category keeps no history of its bucket:
of a past month only the buckets are known that its answers had, of the categories that were asked about. An earlier report,
counted nearer to the month's end, knows better: ``learning_report`` keeps its rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from assets.build_knowledge.entries.live_entries import live_entries
from assets.sustain_learning.report.learning_frames import LearningFrames, Span
from assets.sustain_learning.report.month_counts import TYPE
from assets.sustain_learning.report.report_rows import ALL, Figure, count_figure

BUCKETS = ("automate", "hybrid", "escalate")
BUCKET = "bucket:"
STOCKS = (
    "live_entries", "entries_overdue", "entries_set_aside", "entries_waiting", "open_findings", "audit_items_open",
    "audit_items_overdue", "categories", "categories_without_autonomy", "support_signals_open",
)  # fmt: skip
"""Metrics that tell a state and not what happened: the nearer to the month's end they were counted, the truer."""
SETTLED_SINCE = "Findings that were settled since are no longer on file, so there were at least so many."


def knowledge_figures(frames: LearningFrames, span: Span) -> list[Figure]:
    """State of entries, findings, audit and categories at the end of the month and of the one before."""
    return [*_entries(frames, span), *_findings(frames, span), *_audit(frames, span), *_categories(frames, span)]


def entries_at(entries: pd.DataFrame, moment: pd.Timestamp) -> pd.DataFrame:
    """``knowledge_entries`` as they stood: the versions known by then, the newest of each current, signatures given by then.

    A version whose entry had left the desk by then is left out. The first time the platform looked it found what had been
    accepted before, so that an entry is known from its acceptance on where that came first.
    """
    known_from = entries[["first_seen_as_of", "accepted_at"]].min(axis=1)
    then = entries.assign(known_from=known_from)[known_from <= moment]
    then = then.sort_values(["entry_id", "known_from", "last_seen_as_of"], kind="stable")
    newest = then.drop_duplicates("entry_id", keep="last")
    was_replaced = newest["entry_id"].isin(entries.loc[known_from > moment, "entry_id"])
    is_gone = ~newest["is_current"].astype(bool) & ~was_replaced & (newest["last_seen_as_of"] < moment)
    newest = newest[~is_gone].drop(columns="known_from").copy()
    newest["is_current"] = True
    newest["is_accepted"] = newest["is_accepted"].astype(bool) & (newest["accepted_at"] <= moment).fillna(False)
    # What is in date is judged by this day, from the dates themselves.
    newest["last_seen_as_of"], newest["is_in_date"] = moment, True
    return newest.reset_index(drop=True)


def findings_at(findings: pd.DataFrame, moment: pd.Timestamp) -> pd.DataFrame:
    """Findings that are open now and had been found by then."""
    is_open = (findings["status"] == "open").fillna(False) & (findings["first_found_as_of"] <= moment).fillna(False)
    return findings[is_open].reset_index(drop=True)


def _entries(frames: LearningFrames, span: Span) -> Iterator[Figure]:
    if frames.entries is None:
        return
    now, before = (_standing(frames, at) for at in (span.end, span.month.start))
    for metric, better in (
        ("live_entries", True), ("entries_overdue", False), ("entries_set_aside", False), ("entries_waiting", None),
    ):  # fmt: skip
        yield count_figure(metric, "entries", now[metric], before[metric], higher_is_better=better)


def _standing(frames: LearningFrames, moment: pd.Timestamp) -> dict[str, float]:
    """Entries by where they stand: each once."""
    assert frames.entries is not None
    then = entries_at(frames.entries, moment)
    if then.empty:
        return dict.fromkeys(("live_entries", "entries_overdue", "entries_set_aside", "entries_waiting"), 0.0)
    found = None if frames.findings is None else findings_at(frames.findings, moment)
    live, others = live_entries(then, found)
    others = others[others["status"] != "retired"]
    is_waiting = ~others["is_accepted"] | (others["status"] != "accepted")
    is_overdue = ~is_waiting & (others["review_by"] < moment.normalize()).fillna(False)
    return {
        "live_entries": float(len(live)),
        "entries_overdue": float(is_overdue.sum()),
        "entries_set_aside": float((~is_waiting & ~is_overdue).sum()),
        "entries_waiting": float(is_waiting.sum()),
    }


def _findings(frames: LearningFrames, span: Span) -> Iterator[Figure]:
    if frames.findings is None:
        return
    now, before = (findings_at(frames.findings, at)["type"].astype("string") for at in (span.end, span.month.start))
    note = "" if span.is_fresh else SETTLED_SINCE
    yield count_figure(
        "open_findings", "findings", float(len(now)), float(len(before)), higher_is_better=False, sentence=note
    )
    counts, counts_before = _counts(now), _counts(before)
    for kind in sorted({*counts, *counts_before}):
        yield count_figure(
            "open_findings", "findings", float(counts.get(kind, 0)), float(counts_before.get(kind, 0)),
            f"{TYPE}{kind}", False,
        )  # fmt: skip


def _counts(values: pd.Series) -> dict[str, int]:
    return {str(value): int(count) for value, count in values.value_counts().items()}


def _audit(frames: LearningFrames, span: Span) -> Iterator[Figure]:
    if frames.audit is None:
        return
    items = frames.audit

    def at(moment: pd.Timestamp) -> tuple[float, float]:
        was_done = (items["done_at"] <= moment).fillna(False)
        is_open = ~was_done & (items["opened_at"] <= moment).fillna(False)
        return float(is_open.sum()), float((is_open & (items["due_at"] < moment).fillna(False)).sum())

    (is_open, overdue), (open_before, overdue_before) = at(span.end), at(span.month.start)
    yield count_figure("audit_items_open", "items", is_open, open_before)
    yield count_figure("audit_items_overdue", "items", overdue, overdue_before, higher_is_better=False)


def _categories(frames: LearningFrames, span: Span) -> Iterator[Figure]:
    """By bucket: as the desk has them, where the month is the last one; and as the month's answers had them."""
    if frames.categories is not None and span.is_fresh:
        now = {str(key): float(value) for key, value in frames.categories["bucket"].value_counts().items()}
        for bucket in BUCKETS:
            yield count_figure("categories", "categories", now.get(bucket, 0.0), cut=f"{BUCKET}{bucket}")
    told, before = _buckets_told(frames, span)
    for bucket in BUCKETS:
        value, value_before = told.get(bucket, math.nan), before.get(bucket, math.nan)
        if not math.isnan(value):
            yield count_figure("categories_asked", "categories", value, value_before, f"{BUCKET}{bucket}")
    if frames.scope is not None and span.is_fresh:
        is_withdrawn = (frames.scope["kind"] == "narrow") & (frames.scope["status"] == "in_force")
        lost = frames.scope.loc[is_withdrawn.fillna(False), "category_id"].nunique()
        yield count_figure("categories_without_autonomy", "categories", float(lost), cut=ALL, higher_is_better=False)


def _buckets_told(frames: LearningFrames, span: Span) -> tuple[dict[str, float], dict[str, float]]:
    """Categories by the bucket that the last answer of each month had; empty for a month without answers."""
    if frames.answers is None or frames.answers.empty:
        return {}, {}
    answers = frames.answers[frames.answers["category_id"].notna() & frames.answers["bucket"].notna()]
    found = []
    for part in (span.now, span.then):
        mine = answers[part(answers["created_at"])].sort_values("created_at", kind="stable")
        last = mine.drop_duplicates("category_id", keep="last")["bucket"]
        counts = {bucket: float((last == bucket).sum()) for bucket in BUCKETS}
        found.append(counts if len(last) else {})
    return found[0], found[1]
