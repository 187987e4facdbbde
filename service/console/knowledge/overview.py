"""``/knowledge``: what needs doing, in the order in which it helps most.

Belongs here: the page that leads to the others. Does not belong here: counting (``assets.build_knowledge.coverage``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from nicegui import ui

from orchestration.people import knowledge_audit
from service.console import looks
from service.console.frame import Visit, page
from service.console.knowledge import gathering, parts
from service.console.knowledge.words import bounded, day, finding_type, reason, some

if TYPE_CHECKING:
    from service.service import Service

SOON = pd.Timedelta(days=30)
SHOWN = 8


@dataclass(frozen=True)
class Overview:
    """Everything the page says. Parts that nobody has looked for yet are None."""

    waiting: gathering.Waiting
    coverage: list[dict[str, Any]] | None
    drafts_by_category: dict[str, int]
    findings: list[dict[str, Any]]
    live: int
    not_live: list[dict[str, Any]]
    due: list[dict[str, Any]]
    readers: dict[str, str]
    mistakes: list[str]
    min_entries: int


def gather(service: Service) -> Overview:
    """Read what needs doing."""
    desk = service.desk
    now = knowledge_audit.entries_now(desk)
    entries, mistakes = knowledge_audit.standing(desk, now=now)
    today = max(knowledge_audit.desk_day(desk), pd.Timestamp(service.clock()).normalize())
    live = entries[entries["is_live"]]
    due = live[live["review_by"] <= today + SOON].sort_values(["review_by", "entry_id"])
    drafts, findings = gathering.open_drafts_or_none(desk), gathering.open_findings_or_none(desk)
    coverage = gathering.or_none(lambda: knowledge_audit.coverage(desk, now))
    return Overview(
        waiting=gathering.Waiting(_len(drafts), _len(findings)),
        coverage=None if coverage is None else _rows(coverage),
        drafts_by_category={} if drafts is None else _counts(drafts["category_id"]),
        findings=[] if findings is None else _rows(findings),
        live=len(live),
        not_live=_rows(entries[~entries["is_live"]]),
        due=_rows(due),
        readers=gathering.readers_by_entry(now),
        mistakes=mistakes,
        min_entries=desk.settings.knowledge.min_entries,
    )


@page("/knowledge", "Knowledge")
async def content(visit: Visit) -> None:
    """Draw the page."""
    found = await visit.work(gather, visit.service)
    parts.dress("/knowledge", found.waiting.counts)
    with ui.element("div").classes("three"):
        _figure(f"{found.live:,}", "entries are live", "/knowledge/entries", "See all entries")
        _figure(
            _number(found.waiting.drafts), "drafts wait for a decision", "/knowledge/drafts", "Go through the drafts"
        )
        _figure(_number(found.waiting.findings), "findings are open", "/knowledge/findings", "Go through the findings")
    _coverage(found)
    with ui.element("div").classes("two"):
        _findings(found)
        _not_live(found)
    _due(found)
    if found.mistakes:
        with looks.card("Files that are no entries yet"):
            looks.text("They are left out until somebody corrects them.", "muted")
            parts.text_lines(found.mistakes)


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[Any] = frame.to_dict("records")
    return rows


def _len(frame: pd.DataFrame | None) -> int | None:
    return None if frame is None else len(frame)


def _counts(column: pd.Series) -> dict[str, int]:
    return {str(name): int(count) for name, count in column.value_counts().items()}


def _number(count: int | None) -> str:
    return "–" if count is None else f"{count:,}"


def _figure(number: str, words: str, path: str, link: str) -> None:
    with looks.card():
        with ui.element("div").classes("row"):
            ui.label(number).classes("title")
            ui.label(words)
        ui.link(link, path)


def _coverage(found: Overview) -> None:
    with looks.card("What customers ask about, and whether there is enough to answer"):
        if found.coverage is None:
            looks.text("Nobody has looked at the tickets yet: understudy run audit_tickets", "muted")
            return
        lacking = [row for row in found.coverage if not row["is_covered"]]
        enough = [row for row in found.coverage if row["is_covered"]]
        looks.text(
            f"{some(len(lacking), 'category lacks', 'categories lack')} something, the most asked first; "
            f"{len(enough):,} have enough. A category needs {some(found.min_entries, 'live entry', 'live entries')}.",
            "muted",
        )
        if lacking:
            _lacking_table(lacking[:SHOWN], found.drafts_by_category)
        if len(lacking) > SHOWN:
            with parts.folded(f"{len(lacking) - SHOWN:,} more categories that lack something"):
                _lacking_table(lacking[SHOWN:], found.drafts_by_category)
        if enough:
            with parts.folded(f"{some(len(enough), 'category', 'categories')} with enough entries"):
                looks.text(", ".join(str(row["name"]) for row in enough))


def _lacking_table(rows: list[dict[str, Any]], drafts: dict[str, int]) -> None:
    with ui.element("div").classes("scroll"), ui.element("table").classes("table lacking"):
        with ui.element("thead"), ui.element("tr"):
            for title in ("Category", "Tickets", "Missing", ""):
                with ui.element("th").props('scope="col"'):
                    ui.label(title)
        with ui.element("tbody"):
            for row in rows:
                _lacking_row(row, drafts)


def _lacking_row(row: dict[str, Any], drafts: dict[str, int]) -> None:
    category = str(row["category_id"])
    count = drafts.get(category, 0)
    with ui.element("tr"):
        with ui.element("td"):
            ui.link(str(row["name"]), f"/knowledge/entries?category={category}")
            if row["is_first_tier"]:
                looks.chip("first tier", "note")
        with ui.element("td"):
            ui.label(f"{row['count_tickets']:,}")
        with ui.element("td"):
            looks.text("; ".join(row["missing"]))
        with ui.element("td"):
            if count:
                ui.link(some(count, "draft waits", "drafts wait"), f"/knowledge/drafts?category={category}")
            else:
                ui.link("Write one", f"/knowledge/new?category={category}")


def _findings(found: Overview) -> None:
    with looks.card("Findings"):
        if found.waiting.findings is None:
            looks.text("Nothing was checked yet: understudy run build_knowledge", "muted")
            return
        if not found.findings:
            looks.text("Nothing is wrong with articles and entries.", "muted")
            return
        kept = sum(bool(one["is_blocking"] or one["is_other_blocked"]) for one in found.findings)
        looks.text(f"{kept:,} of them keep a text from being used.", "muted")
        for one in found.findings[:5]:
            with ui.link(target=f"/knowledge/findings?finding={one['finding_id']}").classes("item"):
                ui.label(f"{finding_type(one['type'])}: {reason(one['reason'])}").classes("strong")
                looks.text(_short(one["evidence"]), "text small muted")
        if len(found.findings) > 5:
            ui.link(f"All {len(found.findings):,} findings", "/knowledge/findings")


def _not_live(found: Overview) -> None:
    with looks.card("Entries that are not used"):
        if not found.not_live:
            looks.text("Every entry is live." if found.live else "There is no entry yet.", "muted")
        for one in found.not_live[:6]:
            with ui.link(target=f"/knowledge/entry/{one['entry_id']}").classes("item"):
                ui.label(bounded(one["question"])).classes("strong")
                looks.text(_short("; ".join(one["why_not_live"])), "text small muted")
        if len(found.not_live) > 6:
            ui.link(f"All {len(found.not_live):,}", "/knowledge/entries?standing=not_live")


def _due(found: Overview) -> None:
    with looks.card("To be looked at again soon"):
        if not found.due:
            words = "No entry's review falls into the next 30 days." if found.live else "No entry is live yet."
            looks.text(words, "muted")
            return
        looks.text(
            f"{some(len(found.due), 'live entry', 'live entries')} within 30 days. Past its day an entry is not used any more; "
            "accepting it again, changed or as it is, gives it another.",
            "muted",
        )
        _due_list(found.due[:SHOWN], found.readers)
        if len(found.due) > SHOWN:
            with parts.folded(f"{len(found.due) - SHOWN:,} more"):
                _due_list(found.due[SHOWN:], found.readers)


def _due_list(rows: list[dict[str, Any]], readers: dict[str, str]) -> None:
    for one in rows:
        with ui.element("div").classes("row apart"):
            with ui.element("div").classes("row"):
                ui.link(bounded(one["question"]), f"/knowledge/entry/{one['entry_id']}")
                ui.label(readers.get(one["entry_id"], "")).classes("muted small")
            ui.label(f"{day(one['review_by'])} · {one['owner']}").classes("muted small")


def _short(text: str, limit: int = 220) -> str:
    return text if len(text) <= limit else f"{text[:limit].rstrip()} …"
