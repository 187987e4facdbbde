"""``understudy knowledge list``, ``audit``, ``verify`` and ``dismiss``: what is live, what is wrong, what people say to it.

Does not belong here: arguments and printing (``knowledge``), finding faults (``assets.build_knowledge.findings``).
"""

import os
from dataclasses import dataclass

import pandas as pd

from assets.build_knowledge.entries.entry_versions import build_entries
from assets.build_knowledge.entries.live_entries import live_entries
from desk.knowledge import RejectedEntry
from desk.loading import Desk
from ledger.knowledge import accepted_entries, dismiss_finding, verify_article
from orchestration.lake import NotMaterialised
from orchestration.people.knowledge_desk import (
    STAGE,
    KnowledgeProblem,
    Reviewer,
    ledger_of,
    nothing_called,
    published,
    read_entries,
    records,
    require_category,
    resource_of,
    undismissed,
)
from orchestration.resources import DeskResource

URGENCY = ("unsafe", "contradiction", "stale", "dead_link", "unowned", "duplicate", "not_customer_language")
"""Types of findings, the one that harms a customer most first."""


@dataclass(frozen=True)
class EntriesNow:
    """Entries as they stand this minute: ``live_entries``, those that are not with why, and files that are none."""

    live: pd.DataFrame
    not_live: pd.DataFrame
    rejected: list[RejectedEntry]


def entries_now(desk: Desk) -> EntriesNow:
    """Read files and ledger, and the last published findings, so that an acceptance shows at once."""
    resource = resource_of(desk)
    entries, rejected = read_entries(desk)
    with ledger_of(desk) as ledger:
        accepted = accepted_entries(ledger)
    frame = build_entries(
        entries,
        rejected,
        accepted,
        resource.lake.previous("knowledge_entries"),
        _as_of(resource),
        desk.settings.knowledge.review_every_days,
    )
    return EntriesNow(*live_entries(frame, undismissed(desk, resource.lake.previous("knowledge_findings"))), rejected)


def standing(
    desk: Desk, category: str | None = None, *, only_not_live: bool = False, now: EntriesNow | None = None
) -> tuple[pd.DataFrame, list[str]]:
    """The entries as they stand this minute, and sentences about files that are none.

    Columns: entry_id, category_id, is_live, owner, review_by, question, why_not_live. ``now``: what was read already.
    """
    if category is not None:
        require_category(desk, category)
    now = now or entries_now(desk)
    live, not_live, rejected = now.live, now.not_live, now.rejected
    nothing: pd.Series = pd.Series([[]] * len(live), index=live.index, dtype="object")
    shown = pd.concat(
        [live.assign(is_live=True, why_not_live=nothing), not_live.assign(is_live=False)], ignore_index=True
    )
    if category is not None:
        shown = shown[shown["category_id"] == category]
    if only_not_live:
        shown = shown[~shown["is_live"]]
    shown = shown.sort_values(["category_id", "entry_id"], ignore_index=True)
    columns = ["entry_id", "category_id", "is_live", "owner", "review_by", "question", "why_not_live"]
    return shown[columns], [f"{desk.knowledge}/{one}" for one in rejected]


def coverage(desk: Desk, now: EntriesNow | None = None) -> pd.DataFrame:
    """Frame ``knowledge_coverage`` with the entries and the categories as they stand this minute.

    Raises:
        KnowledgeProblem: there is no roadmap yet.
    """
    from assets.audit_tickets.desk_tables import accepted_categories
    from assets.build_knowledge.coverage import knowledge_coverage
    from assets.build_knowledge.decided_categories import decided_roadmap

    try:
        roadmap = resource_of(desk).lake.read("training_roadmap")
    except NotMaterialised:
        raise KnowledgeProblem("there is no roadmap yet. Run: understudy run audit_tickets") from None
    decided = decided_roadmap(roadmap, accepted_categories(desk.categories))
    return knowledge_coverage(decided, (now or entries_now(desk)).live, desk.settings.knowledge)


def desk_clock(desk: Desk) -> pd.Timestamp:
    """The desk's clock (UTC): as given, else its newest ticket."""
    return _as_of(resource_of(desk))


def desk_day(desk: Desk) -> pd.Timestamp:
    """The day that validity and reviews are counted against (UTC, midnight)."""
    return _as_of(resource_of(desk)).normalize()


def open_findings(desk: Desk) -> pd.DataFrame:
    """Open findings, the most urgent first: blocking ones, then by what harms a customer most, then the oldest.

    Raises:
        KnowledgeProblem: nothing was audited yet.
    """
    findings = undismissed(desk, published(desk, "knowledge_findings"))
    assert findings is not None
    findings = findings[findings["status"] == "open"]
    rank = findings["type"].map({name: at for at, name in enumerate(URGENCY)}).fillna(len(URGENCY))
    return (
        findings.assign(_rank=rank)
        .sort_values(
            ["is_blocking", "_rank", "first_found_as_of", "finding_id"],
            ascending=[False, True, True, True],
            ignore_index=True,
        )
        .drop(columns="_rank")
    )


def verify(desk: Desk, name: str, reviewer: Reviewer) -> list[str]:
    """Record that an article is right as it stands. Returns what to tell.

    Raises:
        KnowledgeProblem: there is no such article.
        LedgerError: the role may not, or the name is empty.
    """
    articles = published(desk, "help_center_articles")
    if "retired_as_of" in articles:
        articles = articles[articles["retired_as_of"].isna()]
    names = [column for column in ("article_id", "section_id", "url", "slug") if column in articles]
    found = articles[(articles[names] == name).any(axis=1)].drop_duplicates(["article_id", "article_hash"])
    if found.empty:
        raise KnowledgeProblem(nothing_called(name, "article", articles["article_id"].unique()))
    if found["article_id"].nunique() > 1:
        raise KnowledgeProblem(f"'{name}' names several articles: {', '.join(found['article_id'])}. Give one of these.")
    article = records(found)[0]
    with ledger_of(desk) as ledger:
        verify_article(
            ledger,
            article["article_id"],
            article["article_hash"],
            note=reviewer.note or None,
            **reviewer.as_words(desk),
        )
    return [
        f"{reviewer.by} verified {article['article_id']} as {reviewer.role}: {article['title']}",
        f"It counts for the article as it stands (content {article['article_hash'][:12]}); {STAGE} takes it up.",
    ]


def dismiss(desk: Desk, name: str, reviewer: Reviewer) -> list[str]:
    """Record that a finding is no fault, and why. Returns what to tell. Raises as ``verify`` does."""
    findings = open_findings(desk)
    found = records(findings[findings["finding_id"] == name])
    if not found:
        raise KnowledgeProblem(nothing_called(name, "open finding", findings["finding_id"]))
    with ledger_of(desk) as ledger:
        dismiss_finding(ledger, name, note=reviewer.note, **reviewer.as_words(desk))
    one = found[0]
    return [
        f"{reviewer.by} dismissed {name} as {reviewer.role}: {one['type']} ({one['reason']}) of {one['subject_id']}.",
        f"It stays dismissed while both sides stay as they are; {STAGE} takes it up.",
    ]


def _as_of(resource: DeskResource) -> pd.Timestamp:
    """The desk's clock: as given, else its newest ticket, else now, for a desk without tickets."""
    try:
        tickets = resource.lake.read("fct_tickets", ["created_at", "updated_at"])
    except NotMaterialised:
        tickets = pd.DataFrame()
    if tickets.empty and not os.environ.get("UNDERSTUDY_AS_OF"):
        return pd.Timestamp.now(tz="UTC")
    return resource.as_of(tickets)
