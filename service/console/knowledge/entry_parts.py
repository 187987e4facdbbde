"""What is shown of an entry: its words, how it stands, findings about it, and who accepted which version.

Belongs here: reading how an entry stands, and drawing it. Does not belong here: changing it (``entry_page``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nicegui import ui

from orchestration.people import knowledge_audit
from orchestration.people.knowledge_desk import KnowledgeProblem
from orchestration.people.knowledge_files import signed_versions
from service.console import looks
from service.console.knowledge import gathering, parts
from service.console.knowledge.differences import entry_changes
from service.console.knowledge.words import STATUSES, bounded, day, finding_type, for_whom, reason

if TYPE_CHECKING:
    from desk.entry import Entry
    from desk.loading import Desk
    from orchestration.people.knowledge_history import Acceptance
    from service.service import Service


@dataclass(frozen=True)
class State:
    """How an entry stands. ``released``: "same", "other" or "absent"; None where no release decides."""

    is_live: bool
    why_not: tuple[str, ...]
    is_signed: bool
    review_by: Any
    released: str | None


def state_of(desk: Desk, service: Service, entry: Entry) -> State:
    """How an entry stands this minute."""
    rows = knowledge_audit.standing(desk)[0]
    mine: list[Any] = rows[rows["entry_id"] == entry.id].to_dict("records")
    row = mine[0] if mine else {"is_live": False, "why_not_live": [], "review_by": entry.review_by}
    entries = gathering.released_entries(service, desk)
    released = None
    if entries is not None:
        found = entries.get(entry.id)
        released = "absent" if found is None else "same" if found["content_hash"] == entry.content_hash else "other"
    is_signed = (entry.id, entry.content_hash) in signed_versions(desk)
    return State(bool(row["is_live"]), tuple(row["why_not_live"]), is_signed, row["review_by"], released)


def findings_about(desk: Desk, entry: Entry) -> list[dict[str, Any]]:
    """Open findings that name the entry on either side; none where nothing was checked yet."""
    try:
        found = knowledge_audit.open_findings(desk)
    except KnowledgeProblem:
        return []
    is_subject = found["subject_id"] == entry.id
    rows: list[Any] = found[is_subject | (found["other_id"] == entry.id)].to_dict("records")
    return rows


def headline(state: State, entry: Entry, categories: Mapping[str, str]) -> None:
    """The question, and whether the entry is in use."""
    looks.heading(bounded(entry.question))
    with ui.element("div").classes("row"):
        looks.chip("Live", "good") if state.is_live else looks.chip("Not live", "bad")
        looks.chip(categories.get(entry.category, entry.category))
        if entry.status != "accepted" or state.is_signed:
            looks.chip(STATUSES[entry.status], "open" if entry.status == "draft" else "")
        else:
            looks.chip("Changed since it was accepted", "open")
    for why in state.why_not:
        looks.text(f"{why[:1].upper()}{why[1:]}", "text diff-gone")


def as_customers_read_it(entry: Entry) -> None:
    """Question and answer, and for whom they hold."""
    with looks.card("As customers read it"):
        looks.text(bounded(entry.answer), "quote ours")
        looks.text(for_whom(entry.conditions), "text strong")
        if entry.valid_from or entry.valid_until:
            start = f"from {day(entry.valid_from)}" if entry.valid_from else ""
            end = f"until {day(entry.valid_until)}" if entry.valid_until else ""
            looks.text(f"Right {' '.join(part for part in (start, end) if part)}.")


def wordings(entry: Entry) -> None:
    """How customers ask it, in their words."""
    if entry.phrasings:
        parts.text_lines(entry.phrasings)
    else:
        looks.text("Nobody has written down yet how customers ask it. Without that it is hard to find.", "muted")


def standing(state: State, entry: Entry) -> None:
    """Owner, review, and the release."""
    released = {
        "same": "yes, with exactly this text",
        "other": "yes, with an older text: what is on file now goes out with the next release",
        "absent": "no: it goes out with the next release, once it is live",
        None: "no release answers yet",
    }[state.released]
    with looks.card("How it stands"):
        parts.pairs(
            [
                ("Owner", entry.owner or "nobody: without an owner it is not used"),
                ("Last review", day(entry.reviewed_at) if entry.reviewed_at else "never"),
                ("Next review", day(state.review_by) if state.review_by == state.review_by else "nobody said when"),
                ("In the release that answers now", released),
                ("File", entry.file),
            ]
        )


def findings(found: Sequence[Mapping[str, Any]]) -> None:
    """What is wrong with it, if anything was found."""
    if not found:
        return
    with looks.card("Open findings about it"):
        for one in found:
            with ui.link(target=f"/knowledge/findings?finding={one['finding_id']}").classes("item"):
                ui.label(f"{finding_type(one['type'])}: {reason(one['reason'])}").classes("strong")
                looks.text(bounded(one["evidence"]), "text small")


def history(found: Sequence[Acceptance], entry: Entry) -> None:
    """Who accepted which version, the newest first, with what the version on file changed against it."""
    with looks.card("Who accepted it"):
        if not found:
            looks.text("Nobody yet.", "muted")
        for one in found[:20]:
            _acceptance(one, entry)
        if len(found) > 20:
            looks.text(f"and {len(found) - 20:,} earlier ones", "muted small")


def _acceptance(one: Acceptance, entry: Entry) -> None:
    by = one.by or "Somebody whose name was erased"
    verb = "took the acceptance back" if one.is_withdrawn else "accepted"
    which = "this version" if one.content_hash == entry.content_hash else "another version"
    with ui.element("div").classes("entry-line"):
        looks.text(f"{by} {verb}{'' if one.is_withdrawn else f' {which}'} as {one.role} on {day(one.at)}")
        if one.review_by:
            looks.text(f"to be looked at again by {day(one.review_by)}", "small muted")
        if one.note:
            looks.text(bounded(one.note), "quote small")
        if one.content_hash != entry.content_hash and one.content and not one.is_withdrawn:
            from orchestration.people.knowledge_history import accepted_before

            earlier = accepted_before([one], entry)
            if earlier is not None:
                with parts.folded("What changed from then to now"):
                    parts.changes(entry_changes(earlier, entry))
