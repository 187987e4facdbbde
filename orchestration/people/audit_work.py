"""The quarterly audit as people do it: ``understudy knowledge work`` and ``confirm``, for terminal and console alike.

Belongs here: the list as it stands this minute, and a person's word on items. Does not belong here: arguments and printing
(``cli``), single findings (``knowledge_audit``), what goes on a list (``assets.sustain_learning.audit_work``).

A confirmed entry has been reviewed: where its review would fall due before the next audit is over, the same content is
accepted anew, which sets the next date. What nobody has accepted, or is out of use for another reason, cannot be confirmed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from assets.build_knowledge.findings.audited_texts import records, words_in
from assets.pilot_agent.answers.frames import typed
from assets.sustain_learning.audit_work.against import went_wrong
from assets.sustain_learning.audit_work.audited import ARTICLE, ENTRY, Audited
from assets.sustain_learning.audit_work.closing import content_now
from assets.sustain_learning.audit_work.knowledge_audit import DONE, OVERDUE, knowledge_audit
from assets.sustain_learning.audit_work.quarter import Quarter
from assets.sustain_learning.frames import AUDIT_ITEM
from ledger.audits import ItemToClose, close_items
from ledger.events import display_name, name_key
from ledger.signable import require_known_role
from orchestration.audits import audited_frames
from orchestration.people.knowledge_audit import coverage, desk_clock, entries_now
from orchestration.people.knowledge_desk import (
    KnowledgeProblem,
    Reviewer,
    knowledge_roles,
    ledger_of,
    nothing_called,
    resource_of,
    undismissed,
)
from orchestration.people.knowledge_review import accept

if TYPE_CHECKING:
    from desk.loading import Desk

STAGE = "understudy run quarterly"
LEAST_PREFIX = 4
_ONLY_ITS_REVIEW = ("its review was due by ", "stale (past_review)")
"""Reasons for being out of use that a look at the entry settles."""


@dataclass(frozen=True)
class Item:
    """One item as a person sees it. row: of ``frames.AUDIT_ITEM``; content: hash of what there is now, which a word is about;
    entry: the entry's version on file; went_wrong: (answers that went wrong since it says this, answers), None without
    any; renews: whether confirming sets the next review; hindrance: why it cannot be
    confirmed, with what to do instead."""

    row: dict[str, Any]
    content: str | None
    entry: dict[str, Any] | None
    went_wrong: tuple[int, int] | None
    renews: bool
    hindrance: str | None

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return bool(self.row["status"] == DONE)

    @property
    def is_overdue(self) -> bool:
        """Whether its time is over."""
        return bool(self.row["status"] == OVERDUE)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing speaks against it: an entry that is looked at because every one is."""
        return self.row["subject_kind"] == ENTRY and not self.row["reasons"]


@dataclass(frozen=True)
class Work:
    """A quarter's list. items: by rank; as_of: the desk's clock; left_over: open items of earlier quarters whose subjects are
    not on this list."""

    quarter: str
    items: list[Item]
    as_of: pd.Timestamp
    left_over: int

    def of(self, owner: str | None) -> list[Item]:
        """The items of one owner, all where none is named. Raises ``KnowledgeProblem`` for somebody who has none."""
        if owner is None:
            return self.items
        mine = [one for one in self.items if name_key(one.row["owner"]) == name_key(owner)]
        if not mine:
            raise KnowledgeProblem(
                nothing_called(owner, "owner on this list", sorted({one.row["owner"] for one in self.items}))
                + " Who is on it: understudy knowledge work"
            )
        return mine


def work(desk: Desk, quarter: str | None = None) -> Work:
    """The list as it stands this minute; the newest quarter's where none is named.

    Raises:
        KnowledgeProblem: no audit has been opened, or none for that quarter.
    """
    published = resource_of(desk).lake.previous("knowledge_audit")
    if published is None or published.empty:
        raise KnowledgeProblem(f"no audit has been opened yet. Run: {STAGE}")
    known = sorted(set(published["quarter"]), reverse=True)
    name = known[0] if quarter is None else _named(quarter)
    if name not in known:
        raise KnowledgeProblem(f"there is no audit of {name}; there are: {', '.join(known)}")
    audited = _audited_now(desk)
    as_of, days = desk_clock(desk), desk.settings.learning.audit_days
    current = Quarter.named(name)
    frame = knowledge_audit(current, audited, typed(published, AUDIT_ITEM), as_of=as_of, audit_days=days)
    next_one_over = current.end + pd.Timedelta(days=days)
    rows = records(frame)
    items = [_item(row, audited, next_one_over) for row in rows if row["quarter"] == name]
    here = {(one.row["subject_kind"], one.row["subject_id"]) for one in items}
    earlier = {
        (row["subject_kind"], row["subject_id"]) for row in rows if row["quarter"] < name and row["status"] != DONE
    }
    return Work(name, items, as_of, len(earlier - here))


def chosen(
    desk: Desk, names: Sequence[str] = (), *, owner: str | None = None, quarter: str | None = None
) -> list[Item]:
    """The items that are meant: by id, its first characters, or the name of the entry, article or category; without names
    those of an owner that nothing speaks against.

    Raises:
        KnowledgeProblem: a name means nothing or several items, or the owner has none.
    """
    listed = work(desk, quarter)
    if not names:
        quiet = [one for one in listed.of(owner) if one.is_quiet and not one.is_done]
        return [one for one in quiet if one.hindrance is None]
    mine = listed.of(owner)
    return list({one.row["item_id"]: one for one in (_called(name, mine) for name in names)}.values())


def confirm(desk: Desk, items: Sequence[Item], reviewer: Reviewer) -> list[str]:
    """Record that these items were looked at and are right as they stand: each by itself, all or none. Returns what to tell.

    Args:
        items: as ``chosen`` gave them: what the person was shown.

    Raises:
        KnowledgeProblem: one cannot be confirmed, or is not what the person was shown; nothing is recorded then.
        LedgerError: the role may not, or the name is empty.
    """
    require_known_role(reviewer.role, knowledge_roles(desk), signs="knowledge")
    display_name(reviewer.by)
    open_ones = [one for one in items if not one.is_done]
    said = [f"done already, {_how(one.row)}: {_title(one)}" for one in items if one.is_done]
    if not open_ones:
        return said
    now = _audited_now(desk)
    problems = [problem for one in open_ones if (problem := _problem(one, now)) is not None]
    if problems:
        raise KnowledgeProblem("nothing was recorded. " + "\n".join(problems))
    for one in open_ones:
        if one.renews:
            accept(desk, str(one.row["subject_id"]), reviewer, shown=one.content)
    with ledger_of(desk) as ledger:
        close_items(
            ledger,
            [
                ItemToClose(
                    str(one.row["item_id"]),
                    str(one.content),
                    str(one.row["quarter"]),
                    str(one.row["subject_kind"]),
                    str(one.row["subject_id"]),
                )
                for one in open_ones
            ],
            note=reviewer.note or None,
            **reviewer.as_words(desk),
        )
    told = [
        f"confirmed: {_title(one)}, owned by {one.row['owner']}" + (", next review set" if one.renews else "")
        for one in open_ones
    ]
    count = f"{len(open_ones)} {'item' if len(open_ones) == 1 else 'items'}"
    return [
        *said,
        *told,
        f"{reviewer.by} confirmed {count} of the audit of {open_ones[0].row['quarter']} as {reviewer.role}.",
    ]


def _item(row: dict[str, Any], audited: Audited, next_one_over: pd.Timestamp) -> Item:
    kind, name = str(row["subject_kind"]), str(row["subject_id"])
    entry = audited.on_file.get(name) if kind == ENTRY else None
    renews = hindrance = None
    if entry is not None:
        until = entry["review_by"]
        why = [str(one) for one in entry["why_not_live"]]
        renews = until is None or until < next_one_over
        if not all(one.startswith(_ONLY_ITS_REVIEW) for one in why):
            hindrance = (
                f"“{row['title']}” ({name}) is out of use and cannot be confirmed: {'; '.join(why)}. When it is right: "
                f"understudy knowledge accept {name}"
            )
    given = went_wrong(audited.trouble).get(name) if kind == ENTRY else None
    return Item(row, content_now(kind, name, audited), entry, given, bool(renews), hindrance)


def _problem(one: Item, now: Audited) -> str | None:
    kind, name = str(one.row["subject_kind"]), str(one.row["subject_id"])
    if one.hindrance is not None:
        return one.hindrance
    if one.content is None or content_now(kind, name, now) != one.content:
        return f"“{one.row['title']}” ({name}) is not what you were shown any more. Look at it again."
    return None


def _called(name: str, items: Sequence[Item]) -> Item:
    found = [one for one in items if name in (one.row["item_id"], one.row["subject_id"])]
    if not found and len(name) >= LEAST_PREFIX:
        found = [one for one in items if str(one.row["item_id"]).startswith(name)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise KnowledgeProblem(nothing_called(name, "item on this list", [str(one.row["subject_id"]) for one in items]))
    which = ", ".join(f"{one.row['item_id']} ({one.row['subject_kind']} {one.row['subject_id']})" for one in found)
    raise KnowledgeProblem(f"'{name}' names several items: {which}. Give one of these ids.")


def _audited_now(desk: Desk) -> Audited:
    """Entries as their files and the ledger say now; findings, articles and coverage of what was published."""
    lake = resource_of(desk).lake
    entries = entries_now(desk)
    findings = undismissed(desk, lake.previous("knowledge_findings"))
    better = {"live": entries.live, "set_aside": entries.not_live}
    if findings is not None:
        better["findings"] = findings
    if lake.previous("training_roadmap") is not None:
        better["coverage"] = coverage(desk, entries)
    with ledger_of(desk) as ledger:
        return audited_frames(lake, ledger, **better)


def _named(quarter: str) -> str:
    try:
        return Quarter.named(quarter).name
    except ValueError as problem:
        raise KnowledgeProblem(str(problem)) from None


def _title(one: Item) -> str:
    what = {ENTRY: "", ARTICLE: "article "}.get(str(one.row["subject_kind"]), "category ")
    return f"{what}“{one.row['title']}” ({one.row['subject_id']})"


def _how(row: dict[str, Any]) -> str:
    by = words_in(row["done_by"])
    return f"{row['done_how']} by {by}" if by else str(row["done_how"])
