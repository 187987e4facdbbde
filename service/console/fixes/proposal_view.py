"""A proposal as people read it: each entry with what would change in it, labels as a table, behavior in sentences.

Belongs here: drawing. Does not belong here: reading (``detail``), what a decision does (``deciding``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nicegui import ui

from service.console import looks
from service.console.answers.words import one_line
from service.console.fixes.detail import EntryEdit, FixView, LabelLine
from service.console.fixes.stacking_table import Cell, table
from service.console.knowledge import parts
from service.console.knowledge.differences import entry_changes
from service.console.knowledge.words import bounded, for_whom, some
from service.console.sign_offs import parts as sign_off_parts

LABELS_SHOWN = 10


def draw_proposal(found: FixView, leave_out: Callable[[str, bool], None] | None = None) -> None:
    """Everything the fix would change.

    Args:
        leave_out: called with a ticket and whether it is left out, where the person may choose among labels.
    """
    proposal = found.fix.proposal
    if proposal is None:
        looks.text("What is proposed cannot be read. Run the stage again: understudy run retrain_agent", "diff-gone")
        return
    for one in found.edits:
        draw_entry(one, found.names)
    if found.labels:
        draw_labels(found.labels, found.names, leave_out)
    if proposal.touches_behavior:
        draw_behavior(found)
    if proposal.asks_for:
        fields = ", ".join(one.replace("_", " ") for one in proposal.asks_for)
        looks.text(f"The agent has to know of each customer: {fields}. Where it does not, it asks.", "text small")
    if proposal.is_empty:
        looks.text(
            "Nothing is proposed that could be accepted as it stands: a person has to look into it. Write an entry or change "
            "the behavior, then close this with what was done."
        )


def draw_entry(edit: EntryEdit, names: Mapping[str, str]) -> None:
    """One entry: a new one as it would read, another with what went and what came."""
    before, after = edit.before, edit.after
    with ui.element("div").classes("fix-entry"):
        with ui.element("div").classes("row"):
            looks.chip("changed entry" if before else "new entry", "note")
            category = edit.proposed.category_id
            looks.chip(bounded(names.get(category, category))[:80])
        if before is None:
            looks.text(bounded(after.question), "strong")
            looks.text(bounded(after.answer), "quote ours")
            looks.text(for_whom(after.conditions), "text small")
            if after.phrasings:
                ui.label("How customers ask it").classes("muted small strong")
                parts.text_lines(after.phrasings)
        else:
            ui.link(bounded(before.question), f"/knowledge/entry/{before.id}").classes("strong")
            if edit.is_written:
                ui.label("The entry says so now").classes("muted small strong")
                looks.text(bounded(after.answer), "quote ours")
            parts.changes(entry_changes(before, after))
            if before.conditions == after.conditions:
                looks.text(for_whom(after.conditions), "muted small")
        if edit.sources:
            with parts.folded(f"Drawn from {some(len(edit.sources), 'source', 'sources')}"):
                parts.sources(edit.sources)


def draw_labels(
    labels: Sequence[LabelLine], names: Mapping[str, str], leave_out: Callable[[str, bool], None] | None = None
) -> None:
    """Tickets whose category would be corrected; each may be left out."""
    looks.text(
        f"{some(len(labels), 'past ticket', 'past tickets')} would get another category. The month's retrain learns the "
        "difference from them.",
        "text small",
    )
    head = [*(("Take",) if leave_out else ()), "Wrote", "Is now", "Would be"]
    rows = [_label_row(place, one, names, leave_out) for place, one in enumerate(labels, 1)]
    about = "Tickets that would get another category"
    sign_off_parts.folded(rows, lambda some_rows: table(head, some_rows, about), "tickets", LABELS_SHOWN)


def _label_row(
    place: int, line: LabelLine, names: Mapping[str, str], leave_out: Callable[[str, bool], None] | None
) -> list[Cell]:
    label = line.label
    cells: list[Cell] = [
        one_line(line.text, 180) or f"Ticket {label.ticket_id}",
        bounded(names.get(label.was or "", label.was or "none")),
        bounded(names.get(label.category_id, label.category_id)),
    ]
    if leave_out is None:
        return cells

    def choice() -> None:
        box = ui.checkbox(value=True, on_change=lambda e: leave_out(label.ticket_id, not e.value)).props("dense")
        box.props["aria-label"] = f"Take ticket {place}"

    return [choice, *cells]


def draw_behavior(found: FixView) -> None:
    """What would change in how the agent behaves, and that it is signed before it holds."""
    with ui.element("div").classes("fix-entry"):
        if not found.behavior:
            words = "It does not fit the behavior as it stands." if found.problems else "The behavior says so now."
            looks.text(words, "muted")
        sign_off_parts.changes(found.behavior)
        looks.text("Behavior is signed anew before a release can hold it.", "muted small")
