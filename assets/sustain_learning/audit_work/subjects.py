"""What goes on a quarter's list: entries in use, articles that something rests on, categories that lack knowledge.

Belongs here: choosing the subjects, with owner, reasons and weight. Does not belong here: the wording of reasons
(``against``), what closes an item (``closing``), ids and dates (``knowledge_audit``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.build_knowledge.findings.audited_texts import items_in, records, words_in
from assets.sustain_learning.audit_work.against import (
    drift_of_entries,
    finding_sentence,
    is_grave,
    once,
    trouble_sentence,
    trouble_worth_a_look,
    unheard_phrasings,
)
from assets.sustain_learning.audit_work.audited import (
    ARTICLE,
    CATEGORY,
    ENTRY,
    UNOWNED,
    Audited,
    Row,
    article_sources,
    articles_of,
    category_hash,
)

OUT_OF_USE, GRAVE, SLIGHT, QUIET = range(4)
"""How pressing an item is. quiet: nothing speaks against it; it is there because every live entry is looked at."""
_COVERAGE_MONTHS = 3
"""``count_tickets`` of a roadmap is of some ninety days."""
_KINDS_OF_FINDINGS = (
    "stale (", "contradiction (", "duplicate (", "unowned (", "dead_link (", "not_customer_language (", "unsafe (",
)  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """One thing to look at. reasons: empty where nothing speaks against it; weight: tickets a month that go wrong or lack
    knowledge because of it; volume: to order what weighs the same; known_since: when the newest reason was first known."""

    kind: str
    subject_id: str
    content_hash: str
    category_id: str | None
    title: str
    owner: str
    pressing: int
    reasons: tuple[str, ...] = ()
    finding_ids: tuple[str, ...] = ()
    weight: float = 0.0
    volume: float = 0.0
    accepted_at: pd.Timestamp | None = None
    accepted_by: str | None = None
    known_since: pd.Timestamp | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Kind and id."""
        return self.kind, self.subject_id

    @property
    def order(self) -> tuple[Any, ...]:
        """Sorts what must be looked at first to the front."""
        return self.pressing, -self.weight, -self.volume, self.kind, self.subject_id


def subjects_of(audited: Audited, over_at: pd.Timestamp | None = None) -> list[Subject]:
    """Everything that a quarter's audit is about, the most pressing first.

    Args:
        over_at: the end of the quarter where that is past: entries and articles as they were then, findings and drift that
            had been found, as far as the frames tell. Coverage and trouble are counted of the present alone, and left out.
    """
    rows = list(audited.on_file.values()) if over_at is None else _entries_then(audited.entries, over_at)
    entries = list(_entries(rows, audited, over_at))
    found = [*entries, *_articles(rows, entries, audited, over_at)]
    if over_at is None:
        found += _categories(audited)
    return sorted(found, key=lambda one: one.order)


def _entries(rows: Iterable[Row], audited: Audited, over_at: pd.Timestamp | None) -> Iterable[Subject]:
    findings = audited.findings_now if over_at is None else audited.open_findings(over_at)
    trouble = {str(row["entry_id"]): row for row in records(audited.trouble)} if over_at is None else {}
    worst = trouble_worth_a_look(audited.trouble) if over_at is None else {}
    drifted = drift_of_entries(audited.drift, over_at)
    for row in rows:
        name = str(row["entry_id"])
        if row["status"] != "accepted":
            continue
        mine = _about(findings[ENTRY, name], str(row["content_hash"]))
        lacks = [one for one in row["why_not_live"] if not one.startswith(_KINDS_OF_FINDINGS)]
        reasons = [f"It is out of use: {one}." for one in lacks]
        reasons += [finding_sentence(one) for one in sorted(mine, key=lambda one: not is_grave(one))]
        reasons += [trouble_sentence(worst[name])] if name in worst else []
        reasons += [str(one["sentence"]) for one in drifted.get(name, [])]
        had = trouble.get(name, {})
        yield Subject(
            kind=ENTRY,
            subject_id=name,
            content_hash=str(row["content_hash"]),
            category_id=words_in(row["category_id"]),
            title=words_in(row["question"]) or name,
            owner=words_in(row["owner"]) or audited.category_owners.get(str(row["category_id"]), UNOWNED),
            pressing=_pressing(bool(row["why_not_live"]), mine, bool(worst.get(name) or drifted.get(name, []))),
            reasons=once(reasons),
            finding_ids=once(str(one["finding_id"]) for one in mine),
            weight=round(float(had.get("trouble_per_month") or 0.0), 2) if name in worst else 0.0,
            volume=float(had.get("count_answers") or 0),
            accepted_at=row["accepted_at"] if row["is_accepted"] else None,
            accepted_by=words_in(row["accepted_by"]) if row["is_accepted"] else None,
            known_since=max(
                [one["first_found_as_of"] for one in mine] + [one["found_as_of"] for one in drifted.get(name, [])],
                default=None,
            ),
        )


def _articles(
    rows: Iterable[Row], entries: Iterable[Subject], audited: Audited, over_at: pd.Timestamp | None
) -> Iterable[Subject]:
    findings = audited.findings_now if over_at is None else audited.open_findings(over_at)
    listed = {one.subject_id: one for one in entries}
    resting: dict[str, list[Subject]] = defaultdict(list)
    drafted: Counter[str] = Counter()
    for row in rows:
        for article in article_sources(row):
            if str(row["entry_id"]) in listed:
                resting[article].append(listed[str(row["entry_id"])])
    for row in records(audited.drafts) if over_at is None else ():
        if row["status"] == "open":
            drafted.update(article_sources(row))
    there = audited.articles_now if over_at is None else articles_of(audited.articles, over_at)
    for name in sorted(set(resting) | set(drafted)):
        if name not in there or not findings[ARTICLE, name]:
            continue
        mine = sorted(findings[ARTICLE, name], key=lambda one: not is_grave(one))
        owners = Counter(one.owner for one in resting[name] if one.owner != UNOWNED)
        categories = Counter(one.category_id for one in resting[name] if one.category_id)
        yield Subject(
            kind=ARTICLE,
            subject_id=name,
            content_hash=str(there[name]["content_hash"]),
            category_id=_commonest(categories),
            title=there[name]["title"] or name,
            owner=there[name]["owner"] or _commonest(owners) or UNOWNED,
            pressing=GRAVE if any(map(is_grave, mine)) else SLIGHT,
            reasons=once([*map(finding_sentence, mine), _what_rests(resting[name], drafted[name])]),
            finding_ids=once(str(one["finding_id"]) for one in mine),
            weight=round(sum(one.weight for one in resting[name]), 2),
            volume=float(len(resting[name]) + drafted[name]),
            known_since=max(one["first_found_as_of"] for one in mine),
        )


def _categories(audited: Audited) -> Iterable[Subject]:
    unheard = unheard_phrasings(audited.drift)
    waiting = Counter(str(row["category_id"]) for row in records(audited.drafts) if row["status"] == "open")
    for name, row in audited.coverage_now.items():
        if row["is_covered"] and not unheard.get(name, []):
            continue
        tickets = float(row["count_tickets"] or 0) / _COVERAGE_MONTHS
        share = row["entries_needed"] / max(row["entries_needed"] + row["count_live_entries"], 1)
        lacks = ["; ".join(map(str, items_in(row["missing"])))] if not row["is_covered"] else []
        lacks = [f"Not enough is known: {one}. Some {tickets:.0f} tickets a month are about it." for one in lacks]
        drafts = waiting[name]
        if lacks and drafts:
            lacks.append(f"{drafts} {'draft waits' if drafts == 1 else 'drafts wait'} to be read.")
        yield Subject(
            kind=CATEGORY,
            subject_id=name,
            content_hash=category_hash(row),
            category_id=name,
            title=words_in(row["name"]) or name,
            owner=audited.category_owners.get(name, UNOWNED),
            pressing=OUT_OF_USE if row["is_first_tier"] and not row["is_covered"] else SLIGHT,
            reasons=once([*lacks, *(str(one["sentence"]) for one in unheard.get(name, []))]),
            weight=round(tickets * share, 2),
            volume=tickets,
            known_since=max((one["found_as_of"] for one in unheard.get(name, [])), default=None),
        )


def _entries_then(entries: pd.DataFrame, over_at: pd.Timestamp) -> list[dict[str, Any]]:
    """The version of each entry that was accepted last before a moment, if its dates had not run out and its file was
    still there in the quarter that ends then."""
    newest: dict[str, dict[str, Any]] = {}
    began = over_at - pd.DateOffset(months=3)
    for row in records(entries):
        was_there = row["is_current"] or row["is_file_broken"] or row["last_seen_as_of"] >= began
        if not row["is_accepted"] or row["accepted_at"] >= over_at or not was_there:
            continue
        ended = any(row[name] is not None and row[name] < over_at for name in ("valid_until", "review_by"))
        if ended or (row["valid_from"] is not None and row["valid_from"] >= over_at):
            continue
        before = newest.get(str(row["entry_id"]))
        if before is None or before["accepted_at"] <= row["accepted_at"]:
            newest[str(row["entry_id"])] = {**row, "status": "accepted", "why_not_live": []}
    return list(newest.values())


def _about(findings: Iterable[dict[str, Any]], content_hash: str) -> list[dict[str, Any]]:
    """Findings that are about this very content."""
    return [one for one in findings if str(one[f"{one['side']}_hash"]) == content_hash]


def _pressing(is_out: bool, findings: Iterable[dict[str, Any]], is_moving: bool) -> int:
    found = list(findings)
    if is_out:
        return OUT_OF_USE
    if is_moving or any(map(is_grave, found)):
        return GRAVE
    return SLIGHT if found else QUIET


def _what_rests(entries: list[Subject], count_drafts: int) -> str:
    names = ", ".join(f"“{one.title}”" for one in entries[:3])
    more = f" and {len(entries) - 3} more" if len(entries) > 3 else ""
    drafts = f"{count_drafts} {'draft' if count_drafts == 1 else 'drafts'}" if count_drafts else ""
    what = " and ".join(part for part in (f"{names}{more}" if names else "", drafts) if part)
    return f"On it rests: {what}."


def _commonest(counted: Counter[str]) -> str | None:
    return min(counted, key=lambda one: (-counted[one], one)) if counted else None
