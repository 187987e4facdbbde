"""One fix with everything a person decides by: its failures, what each entry would become, what behavior would change.

Belongs here: reading for ``/fixes/{fix_id}``, on a thread. Does not belong here: drawing it (``fix_page``, ``proposal_view``),
deciding (``deciding``).

Only failures of training tickets are shown in words: whoever edits a proposal beside them writes what they read, and an agent
that learnt from tickets that measure it would be graded on what it was told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from orchestration.lake import Lake
from orchestration.people.fix_desk import fix_of
from orchestration.people.knowledge_correction import TRAIN
from orchestration.people.knowledge_desk import read_entries
from orchestration.people.knowledge_files import WrongFields
from service.console.fixes.deciding import known_roles
from service.console.fixes.reading import Change, Fix, Queue, list_of, moment_of, read_queue, text_of
from service.console.knowledge import gathering
from service.console.knowledge.entry_form import Choices
from service.console.sign_offs.changes import Group, plain_changes
from service.console.sign_offs.parts import SHOWN_AT_MOST

if TYPE_CHECKING:
    from assets.retrain_agent.fixes.proposal import ProposedEntry, ProposedLabel
    from desk.entry import Entry
    from desk.loading import Desk
    from service.console.knowledge.parts import ShownSource
    from service.service import Service

EXAMPLES = 6


@dataclass(frozen=True)
class Example:
    """One failure in words. said_by: who says that it was wrong, or the kind of source. link: of the answer's review page."""

    failure_id: str
    occurred_at: dt.datetime | None
    question: str
    action: str
    reply: str
    right_answer: str
    said_by: str
    source: str
    evidence: tuple[str, ...]
    answer_id: str | None


@dataclass(frozen=True)
class EntryEdit:
    """An entry as it is (None: a new one) and as it would be."""

    proposed: ProposedEntry
    before: Entry | None
    after: Entry
    sources: tuple[ShownSource, ...]

    @property
    def is_written(self) -> bool:
        """Whether the entry says so already."""
        return self.before is not None and self.before.content_hash == self.after.content_hash


@dataclass(frozen=True)
class LabelLine:
    """A training ticket whose category would be corrected."""

    label: ProposedLabel
    text: str


@dataclass(frozen=True)
class FixView:
    """A fix and what stands beside it. mark: hash of what is shown. problems: what keeps it from being accepted. roles: any one of
    which decides about it. count_aside:
    failures that are not shown, because their tickets measure the agent. owner: who answers for the entries; None where each
    has another."""

    queue: Queue
    fix: Fix
    mark: str
    problems: tuple[str, ...]
    roles: tuple[str, ...]
    change: Change | None
    examples: tuple[Example, ...]
    count_aside: int
    edits: tuple[EntryEdit, ...]
    labels: tuple[LabelLine, ...]
    behavior: tuple[Group, ...]
    choices: Choices
    owner: str | None
    until: dt.date

    @property
    def names(self) -> Mapping[str, str]:
        """Names of categories by id."""
        return self.queue.names


def read_fix(service: Service, fix_id: str) -> FixView | None:
    """The fix of this id with everything around it; None where there is none."""
    desk = service.desk
    queue = read_queue(desk, service.ledger)
    fix = queue.fix(fix_id)
    if fix is None:
        return None
    entries = read_entries(desk)[0]
    examples, aside = _examples(desk, fix)
    view = FixView(
        queue=queue,
        fix=fix,
        mark=fix.fix_id,
        problems=(),
        roles=tuple(known_roles(desk, fix.proposal)),
        change=queue.change(fix.change_id),
        examples=examples,
        count_aside=aside,
        edits=(),
        labels=_labels(desk, fix),
        behavior=(),
        choices=Choices.of(desk, entries),
        owner=None,
        until=service.clock().date() + dt.timedelta(days=desk.settings.knowledge.review_every_days),
    )
    return view if fix.proposal is None else _laid_over(desk, view)


def _laid_over(desk: Desk, view: FixView) -> FixView:
    """The view with what the proposal comes to on the desk as it stands."""
    from assets.configure_behavior.behavior.diff_behavior import diff_behavior

    try:
        shown = fix_of(desk, view.fix.fix_id)
    except WrongFields as problem:
        return replace(view, problems=(f"As proposed it cannot be an entry: {problem}",))
    parts = shown.parts
    edits = tuple(
        EntryEdit(proposed, one.before, one.after, _sources(desk, proposed))
        for proposed, one in zip(parts.proposal.entries, parts.entries, strict=True)
    )
    changes = [] if parts.behavior is None else diff_behavior(parts.behavior.before, parts.behavior.after)
    return replace(
        view,
        fix=replace(view.fix, proposal=parts.proposal),
        mark=shown.mark,
        problems=(*(f"{one[:1].upper()}{one[1:]}." for one in parts.problems), *_unseen(view)),
        edits=edits,
        behavior=tuple(plain_changes(changes, "How it behaves")),
        owner=_owner(desk, edits),
    )


def _unseen(view: FixView) -> tuple[str, ...]:
    """What nobody can look at on the page is not accepted from it."""
    if len(view.labels) <= SHOWN_AT_MOST:
        return ()
    return (
        f"It would give {len(view.labels):,} tickets another category, and the page shows {SHOWN_AT_MOST}. All of them stand "
        f"in the file that this writes: understudy fix export {view.fix.fix_id[:8]} fix.yaml. Leave out what is wrong, and "
        "accept the file.",
    )


def _sources(desk: Desk, proposed: ProposedEntry) -> tuple[ShownSource, ...]:
    return tuple(gathering.shown_sources(desk, [one for one in proposed.sources if "kind" in one and "id" in one]))


def _examples(desk: Desk, fix: Fix) -> tuple[tuple[Example, ...], int]:
    """The pattern's examples on training tickets, topped up from its other failures there; and how many are set aside."""
    failures = Lake(desk.home).previous("failures")
    if failures is None or fix.pattern is None:
        return (), 0
    wanted = fix.pattern.failure_ids
    mine = failures[failures["failure_id"].isin(wanted)]
    teaches = mine["side"].eq(TRAIN).fillna(False).astype(bool)
    rows: list[Any] = mine[teaches].to_dict("records")
    first = {name: place for place, name in enumerate(fix.pattern.example_ids)}
    rows.sort(key=lambda row: (first.get(str(row["failure_id"]), len(first)), str(row["failure_id"])))
    shown = rows[:EXAMPLES]
    reviewers = _reviewers(desk, {str(row["answer_id"]) for row in shown if text_of(row["answer_id"])})
    return tuple(_example(row, reviewers) for row in shown), int((~teaches).sum())


def _example(row: Mapping[str, Any], reviewers: Mapping[str, str]) -> Example:
    answer = text_of(row["answer_id"])
    return Example(
        failure_id=str(row["failure_id"]), occurred_at=moment_of(row["occurred_at"]), question=text_of(row["question"]) or "",
        action=text_of(row["action"]) or "", reply=text_of(row["reply"]) or "",
        right_answer=text_of(row["right_answer"]) or "", said_by=reviewers.get(answer or "", ""), source=str(row["source"]),
        evidence=list_of(row["evidence"]), answer_id=answer,
    )  # fmt: skip


def _reviewers(desk: Desk, answer_ids: set[str]) -> dict[str, str]:
    """Who reviewed these answers, as the last run saw it."""
    lake = Lake(desk.home)
    if not answer_ids or not lake.file("answer_reviews").is_file():
        return {}
    reviews = lake.read("answer_reviews", ["answer_id", "reviewer", "is_current", "tag", "reviewed_at"])
    kept = reviews[reviews["answer_id"].isin(answer_ids) & reviews["is_current"].fillna(False).astype(bool)]
    kept = kept[kept["tag"].notna() & (kept["tag"] != "correct")].sort_values("reviewed_at")
    return {str(one): str(who) for one, who in zip(kept["answer_id"], kept["reviewer"], strict=True) if text_of(who)}


def _labels(desk: Desk, fix: Fix) -> tuple[LabelLine, ...]:
    labels = fix.proposal.labels if fix.proposal else ()
    lake = Lake(desk.home)
    if not labels:
        return ()
    texts: dict[str, str] = {}
    if lake.file("ticket_vectors").is_file():
        frame = lake.read("ticket_vectors", ["ticket_id", "text"])
        frame = frame[frame["ticket_id"].isin([one.ticket_id for one in labels])]
        texts = {
            str(ticket): text_of(text) or "" for ticket, text in zip(frame["ticket_id"], frame["text"], strict=True)
        }
    return tuple(LabelLine(one, texts.get(one.ticket_id, "")) for one in labels)


def _owner(desk: Desk, edits: tuple[EntryEdit, ...]) -> str | None:
    of_category = {one.id: one.owner or "" for one in desk.categories}
    owners = {one.after.owner or of_category.get(one.after.category, "") for one in edits}
    return owners.pop() if len(owners) == 1 else None
