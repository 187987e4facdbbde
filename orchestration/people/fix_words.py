"""A fix in words and lines: for a terminal, and for whoever accepted it.

Belongs here: what each part of a fix changes, as plain lines. Does not belong here: printing them (``cli.fix``), pages.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assets.build_knowledge.entries.review import entry_file
from assets.pilot_agent.answers.frames import as_list
from assets.retrain_agent.fixes.proposal import KINDS
from assets.retrain_agent.frames import FAILURE_TYPES
from orchestration.lake import Lake
from orchestration.people.knowledge_correction import TRAIN

if TYPE_CHECKING:
    from desk.knowledge import Entry
    from desk.loading import Desk
    from orchestration.people.fix_desk import ShownFix
    from orchestration.people.fix_parts import EntryChange
    from orchestration.people.knowledge_desk import Reviewer

EXAMPLES = 3
_SHOWN_CHARS = 400


def fix_lines(desk: Desk, fix: ShownFix) -> list[str]:
    """Everything a person decides by: what goes wrong with examples, what would change, what is in the way."""
    row = fix.row
    kind = KINDS.get(str(row["kind"]), str(row["kind"]))
    lines = [f"{fix.fix_id}  {row['title']}", f"{kind}; {_standing(fix)}"]
    lines += [line for line in str(row["why"] or "").splitlines() if line.strip()]
    lines += _pattern(desk, fix)
    for entry in fix.parts.entries:
        lines += ["", *entry_lines(entry)]
    if fix.parts.behavior is not None:
        from assets.configure_behavior.behavior.diff_behavior import diff_behavior

        changed = diff_behavior(fix.parts.behavior.before, fix.parts.behavior.after) or ["it says so already"]
        lines += ["", "behavior.yaml, to be signed afterwards:", *(f"  {one}" for one in changed)]
    if fix.parts.proposal.labels:
        lines += ["", "Tickets and their right category:"]
        lines += [
            f"  {one.ticket_id}: {one.was or 'without a category'} -> {one.category_id}"
            for one in fix.parts.proposal.labels
        ]
    if fix.parts.proposal.asks_for:
        lines += ["", f"It needs to be known of a customer: {', '.join(fix.parts.proposal.asks_for)}."]
    if fix.parts.proposal.is_empty:
        lines += ["", "There is nothing in it to accept as it stands: say what should change, or reject it."]
    if fix.change_id is None and fix.parts.problems:
        lines += ["", "It cannot be accepted now:", *(f"  {one}" for one in fix.parts.problems)]
    return lines


def entry_lines(change: EntryChange) -> list[str]:
    """An entry as it would be: a new one whole, a changed one with - and + where lines differ."""
    after = change.after
    if change.before is None:
        title = f"New entry {after.id} in {after.category}:"
        return [title, *(f"  + {name}: {line}" for name, text in _fields(after) for line in text.split("\n"))]
    if change.is_written:
        return [f"Entry {after.id} “{after.question}”: as its file says, accepted anew."]
    lines = [f"Entry {after.id} “{change.before.question}”:"]
    for (name, old), (_, new) in zip(_fields(change.before), _fields(after), strict=True):
        if old != new:
            lines += [f"  {name}:", *(f"    {line}" for line in _differences(old, new))]
    return lines


def acceptance_lines(desk: Desk, fix: ShownFix, change_id: str, reviewer: Reviewer, entries: list[Entry]) -> list[str]:
    """What to tell whoever accepted a fix: which change it is, what was written, and what is left to do."""
    proposal = fix.parts.proposal
    said = [f"{reviewer.by} accepted “{fix.row['title']}” as {reviewer.role}: it is change {change_id}."]
    said += [
        f"{desk.knowledge / entry_file(one)}: owned by {one.owner}, to be looked at again by {one.review_by}."
        for one in entries
    ]
    if entries:
        said.append("It reaches customers with the next release: understudy run weekly")
    if fix.parts.behavior is not None:
        said.append(
            f"behavior.yaml says it now (content {fix.parts.behavior.hash[:12]}) and is to be signed before a release holds it: "
            "understudy sign-off behavior"
        )
    if proposal.labels:
        count = len(proposal.labels)
        said.append(
            f"{count} {'ticket teaches its' if count == 1 else 'tickets teach their'} right category from the next run of "
            "audit_tickets on; customers meet it with the month's retraining: understudy run monthly"
        )
    if proposal.asks_for:
        said.append(f"It works where this is known of a customer: {', '.join(proposal.asks_for)}.")
    return said


def _differences(old: str, new: str) -> Iterator[str]:
    """Lines that went (-), came (+) or stayed; of what stayed, only one beside each change."""
    found = difflib.unified_diff(old.split("\n"), new.split("\n"), n=1, lineterm="")
    for line in list(found)[2:]:
        yield "…" if line.startswith("@@") else f"{line[:1]} {line[1:]}".rstrip()


def _fields(entry: Entry) -> list[tuple[str, str]]:
    conditions = "; ".join(f"{name}: {', '.join(values)}" for name, values in sorted(entry.conditions.items()))
    return [
        ("category", entry.category),
        ("question", entry.question),
        ("for whom", conditions or "everybody"),
        ("answer", entry.answer),
        ("wordings", "\n".join(entry.phrasings)),
    ]


def _standing(fix: ShownFix) -> str:
    if fix.decision is None:
        return fix.status
    by, note = fix.decision["decided_by"], fix.decision["note"]
    said = (
        f"{fix.status} by {by if isinstance(by, str) else 'an erased person'} on {fix.decision['decided_at']:%Y-%m-%d}"
    )
    said += f" as change {fix.change_id}" if fix.change_id else ""
    return said + (f": {note}" if isinstance(note, str) else "")


def _pattern(desk: Desk, fix: ShownFix) -> list[str]:
    """What goes wrong, with examples of training tickets: whoever edits the fix must not have read the others."""
    lake = Lake(desk.home)
    patterns, failures = lake.previous("failure_patterns"), lake.previous("failures")
    if patterns is None or failures is None:
        return []
    rows: list[Any] = patterns[patterns["pattern_id"] == fix.row["pattern_id"]].to_dict("records")
    if not rows:
        return []
    pattern = rows[0]
    kind = FAILURE_TYPES.get(str(pattern["failure_type"]), str(pattern["failure_type"]))
    lines = [
        "",
        f"What goes wrong: {pattern['name']}",
        f"  {kind}; {pattern['count_failures']} failures of {pattern['count_requesters']} customers, "
        f"{pattern['tickets_per_month']:.1f} tickets a month, {pattern['trend']}",
    ]
    chosen = as_list(pattern["example_ids"]) or as_list(pattern["failure_ids"])
    mine = failures[failures["failure_id"].isin(chosen)]
    is_training = mine["side"].eq(TRAIN).fillna(False).astype(bool)
    shown = mine[is_training].head(EXAMPLES)
    for example in shown.to_dict("records"):
        lines.append(f"  {example['ticket_id']}: {_short(example['question'])}")
        lines += [f"    {name}: {_short(value)}" for name, value in _told(example)]
    if more := int(is_training.sum()) - len(shown):
        lines.append(f"  and {more} more like these")
    if aside := int((~is_training).sum()):
        lines.append(f"  {aside} more are not shown: their tickets measure the agent")
    return lines


def _told(example: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    for name, words in (("reply", "said"), ("right_answer", "right")):
        if isinstance(example[name], str) and example[name].strip():
            yield words, example[name]
    for one in as_list(example["evidence"])[:2]:
        yield "because", one
    context = example["context"]
    if isinstance(context, str) and context not in ("", "{}"):
        yield "known", ", ".join(f"{name} {value}" for name, value in json.loads(context).items())


def _short(text: Any) -> str:
    plain = " ".join(text.split()) if isinstance(text, str) else ""
    return plain if len(plain) <= _SHOWN_CHARS else f"{plain[:_SHOWN_CHARS]}…"
