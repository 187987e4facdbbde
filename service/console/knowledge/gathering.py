"""What the pages of knowledge show, read in one go: it runs on a thread, and takes files, ledger and lake as they are now.

Belongs here: reading. Does not belong here: drawing, deciding (``orchestration.people``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestration.lake import Lake, NotMaterialised
from orchestration.people.knowledge_audit import EntriesNow, open_findings
from orchestration.people.knowledge_desk import KnowledgeProblem, read_entries
from orchestration.people.knowledge_review import open_drafts
from service.console.knowledge.parts import ShownSource
from service.console.knowledge.words import for_whom

if TYPE_CHECKING:
    import pandas as pd

    from desk.entry import Entry
    from desk.loading import Desk
    from service.service import Service

SOURCE_KINDS = {"article": "Help article", "ticket": "Ticket", "language_model": "Language model"}


@dataclass(frozen=True)
class Waiting:
    """How much waits for somebody. None: that has not been looked for yet, ``stage`` says what to run."""

    drafts: int | None
    findings: int | None

    @property
    def counts(self) -> dict[str, int]:
        """By page, for the tabs."""
        return {"/knowledge/drafts": self.drafts or 0, "/knowledge/findings": self.findings or 0}


def waiting(desk: Desk) -> Waiting:
    """What waits now."""
    drafts, findings = open_drafts_or_none(desk), open_findings_or_none(desk)
    return Waiting(None if drafts is None else len(drafts), None if findings is None else len(findings))


def open_drafts_or_none(desk: Desk) -> pd.DataFrame | None:
    """Drafts that wait; None where nothing was drafted yet."""
    return or_none(lambda: open_drafts(desk))


def open_findings_or_none(desk: Desk) -> pd.DataFrame | None:
    """Open findings; None where nothing was checked yet."""
    return or_none(lambda: open_findings(desk))


def or_none(read: Callable[[], pd.DataFrame]) -> pd.DataFrame | None:
    """What is read; None where it is not there yet."""
    try:
        return read()
    except KnowledgeProblem:
        return None


def category_names(desk: Desk) -> dict[str, str]:
    """Names by id, in the order of the names."""
    return {one.id: one.name for one in sorted(desk.categories, key=lambda one: one.name.casefold())}


def known_conditions(entries: Iterable[Entry]) -> dict[str, list[str]]:
    """The fields that entries ask about, with every value they name; to be offered where conditions are written."""
    from desk.conditions import CLOSED_FIELDS, NEGATION

    found: dict[str, set[str]] = {name: set(values) for name, values in CLOSED_FIELDS.items()}
    for entry in entries:
        for name, values in entry.conditions.items():
            found.setdefault(name.removeprefix(NEGATION), set()).update(values)
    return {name: sorted(values) for name, values in sorted(found.items())}


def owners_of(desk: Desk, entries: Iterable[Entry]) -> list[str]:
    """Who owns something already."""
    names = [*(entry.owner for entry in entries), *(category.owner for category in desk.categories)]
    return sorted({name for name in names if name}, key=str.casefold)


def shown_sources(desk: Desk, sources: Sequence[Mapping[str, Any]]) -> list[ShownSource]:
    """Sources with their words, where these are still there in the very version that was read."""
    lake = Lake(desk.home)
    tickets = {str(one["id"]) for one in sources if one["kind"] == "ticket"}
    comments = _read(lake, "redacted_comments", ["ticket_id", "text", "text_hash"]) if tickets else None
    by_hash = {} if comments is None else _texts(comments[comments["ticket_id"].isin(tickets)])
    articles = _read(lake, "help_center_articles", None) if any(one["kind"] == "article" for one in sources) else None
    found = []
    for one in sources:
        kind, name, digest = str(one["kind"]), str(one["id"]), one.get("hash")
        title = f"{SOURCE_KINDS.get(kind, kind)} {name}"
        if kind == "ticket":
            found.append(ShownSource(title, by_hash.get((name, str(digest)))))
        elif kind == "article":
            heading, text = _article(articles, name)
            found.append(ShownSource(f"Help article: {heading}" if heading else title, text))
        else:
            found.append(ShownSource(title, None))
    return found


def article_text(desk: Desk, article_id: str) -> tuple[str, str] | None:
    """Title and text of a help article; None where it is not there any more."""
    articles = _read(Lake(desk.home), "help_center_articles", None)
    title, text = _article(articles, article_id)
    return None if text is None else (title, text)


def released_entries(service: Service, desk: Desk) -> Mapping[str, Mapping[str, Any]] | None:
    """Entries of the release that decides now, by id; None where none does."""
    saved = getattr(service.release, "saved", None)
    if saved is not None:
        entries: Mapping[str, Mapping[str, Any]] = saved.entries
        return entries
    from assets.configure_behavior.releases.saved_release import ReleaseError, read_release
    from orchestration.releases import folder_of

    try:
        return read_release(folder_of(desk, "current")).entries
    except ReleaseError:
        return None


def readers_by_entry(now: EntriesNow) -> dict[str, str]:
    """For whom each entry holds, in words: several entries may answer one question, each for other customers."""
    from desk.conditions import load_conditions

    frames = [frame[["entry_id", "conditions"]] for frame in (now.live, now.not_live)]
    return {
        str(name): for_whom(load_conditions(str(conditions)))
        for frame in frames
        for name, conditions in zip(frame["entry_id"], frame["conditions"], strict=True)
    }


def entries_by_draft(desk: Desk) -> dict[str, Entry]:
    """Entries that were written from a draft, by its id."""
    return {entry.draft_id: entry for entry in read_entries(desk)[0] if entry.draft_id}


def sources_in(text: Any) -> list[dict[str, Any]]:
    """The column ``sources`` of a draft."""
    return list(json.loads(text)) if isinstance(text, str) and text else []


def _read(lake: Lake, name: str, columns: list[str] | None) -> pd.DataFrame | None:
    try:
        return lake.read(name, columns)
    except NotMaterialised:
        return None


def _texts(comments: pd.DataFrame) -> dict[tuple[str, str], str]:
    keys = zip(comments["ticket_id"].astype(str), comments["text_hash"].astype(str), strict=True)
    return dict(zip(keys, comments["text"].astype(str), strict=True))


def _article(articles: pd.DataFrame | None, name: str) -> tuple[str, str | None]:
    """Title and text of an article, or of one section of it."""
    if articles is None:
        return "", None
    if "retired_as_of" in articles:
        articles = articles[articles["retired_as_of"].isna()]
    mine = articles[articles["section_id"] == name] if "#" in name else articles[articles["article_id"] == name]
    if mine.empty or "text" not in mine:
        return "", None
    rows: list[Any] = mine.sort_values("position").to_dict("records")
    parts = []
    for row in rows:
        heading = " > ".join(str(one) for one in row["headings"]) if "headings" in row else ""
        parts.append(f"{heading}\n{row['text']}" if heading else str(row["text"]))
    return str(rows[0]["title"]), "\n\n".join(parts)
