"""Fixes and insights as people decide about them, in the terminal and in the console alike.

Belongs here: what is open, one fix laid over the desk, accepting and rejecting. Does not belong here: arguments and printing
(``cli.fix``), pages, how a fix is drawn up (``assets.retrain_agent.fixes``), what comes of a change (``orchestration.changes``).

Accepting writes the files first, whole ones, and then the ledger, in one transaction: signatures on the entries, corrected
labels, and the change with its id. Killed in between, files say what nobody has signed; accepting again finishes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assets.build_knowledge.entries.review import ReviewError, accept_entry, entry_file
from assets.pilot_agent.answers.frames import as_list
from assets.retrain_agent.fixes.proposal import Proposal
from desk.knowledge import Entry, write_entry
from ledger.events import display_name
from ledger.fixes import ACCEPTED, REJECTED, FixDecidedError, accept_fix, change_id_of, fix_decisions, reject_fix
from ledger.knowledge import EntryAcceptance
from ledger.signable import require_known_role
from orchestration.lake import Lake, NotMaterialised
from orchestration.people.behavior_file import write_behavior
from orchestration.people.fix_parts import FixParts, parts_of
from orchestration.people.fix_record import to_accept
from orchestration.people.fix_roles import deciding_roles, insight_roles, roles_of
from orchestration.people.fix_words import acceptance_lines
from orchestration.people.knowledge_correction import NotForLearning
from orchestration.people.knowledge_desk import KnowledgeProblem, Reviewer, ledger_of, require_category
from orchestration.people.knowledge_files import one_writer

if TYPE_CHECKING:
    import pandas as pd

    from desk.loading import Desk
    from ledger.store import Ledger

OPEN, WITHDRAWN = "open", "withdrawn"
STAGE = "understudy run retrain_agent"


class FixProblem(KnowledgeProblem):
    """A fix cannot be shown, accepted or rejected; ``str()`` says why and what to do."""


class FixChanged(FixProblem):
    """The fix, or what it would replace, is not what the person was shown; nothing was written."""


@dataclass(frozen=True)
class ShownFix:
    """A fix with all that a person decides by. row: of ``frames.FIX``; status: by the last word, else of the queue; decision:
    the row of ``ledger.fixes.fix_decisions``, None before; mark: what to give to ``accept`` as what was shown."""

    row: Mapping[str, Any]
    parts: FixParts
    status: str
    decision: Mapping[str, Any] | None

    @property
    def fix_id(self) -> str:
        """The whole id."""
        return str(self.row["fix_id"])

    @property
    def mark(self) -> str:
        """Hash of what is shown."""
        return self.parts.mark

    @property
    def change_id(self) -> str | None:
        """The change that it became."""
        return None if self.decision is None or self.status != ACCEPTED else str(self.decision["change_id"])


def open_fixes(desk: Desk) -> pd.DataFrame:
    """The fixes that wait for a decision (``frames.FIX``), the first of the ranking first.

    Raises:
        FixProblem: failures were never looked for.
    """
    queue = published_fixes(desk)
    with ledger_of(desk) as ledger:
        return undecided(queue, ledger).sort_values(["rank", "fix_id"], ignore_index=True)


def undecided(queue: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Rows of ``fix_queue`` (fix_id, status) that wait for a decision this moment: nobody has decided since it was published."""
    decided = set(fix_decisions(ledger)["fix_id"])
    return queue[(queue["status"] == OPEN) & ~queue["fix_id"].isin(decided)]


def published_fixes(desk: Desk) -> pd.DataFrame:
    """``fix_queue`` as the last run left it. Raises ``FixProblem`` where there is none."""
    try:
        return Lake(desk.home).read("fix_queue")
    except NotMaterialised:
        raise FixProblem(f"failures were not looked for yet, so there is no fix. Run: {STAGE}") from None


def fix_of(desk: Desk, name: str, edited: Proposal | None = None) -> ShownFix:
    """The fix whose id begins with ``name``, laid over the desk as it stands.

    Args:
        edited: what a person made of its proposal.

    Raises:
        FixProblem: there is none, or several begin so. WrongFields: what was made of it is no entry.
    """
    rows: list[Any] = published_fixes(desk).to_dict("records")
    wanted = name.strip().lower()
    found = [row for row in rows if wanted and str(row["fix_id"]).startswith(wanted)]
    if not found:
        raise FixProblem(f"there is no fix '{name[:80]}'. See: understudy fix list")
    if len(found) > 1:
        raise FixProblem(f"'{name}' begins the ids of {len(found)} fixes; give more digits")
    row = {str(key): value for key, value in found[0].items()}
    with ledger_of(desk) as ledger:
        decisions: list[Any] = fix_decisions(ledger).to_dict("records")
    decision = next((one for one in decisions if one["fix_id"] == row["fix_id"]), None)
    original = _proposal(row["proposal"])
    if decision is not None and decision["status"] == ACCEPTED and isinstance(decision["proposal"], str):
        original = _proposal(decision["proposal"])
    parts = parts_of(desk, str(row["fix_id"]), original, edited, tuple(as_list(row["source_ticket_ids"])))
    return ShownFix(row, parts, str(row["status"] if decision is None else decision["status"]), decision)


def accept(
    desk: Desk,
    fix_id: str,
    reviewer: Reviewer,
    *,
    edited: Proposal | None = None,
    owner: str | None = None,
    review_by: dt.date | None = None,
    shown: str | None = None,
) -> tuple[str, list[str]]:
    """Accept a fix, or what a person made of it: write its files, sign its entries, correct its labels, give it a change id.

    Accepting it again finishes what was cut off, or says which change it is. Returns the change id, and what to tell.

    Args:
        edited: the proposal as the person left it; None: as it was drawn up.
        owner: who answers for its entries; by default as they say, else the owner of their category.
        review_by: until when its entries count as reviewed; by default as the desk says.
        shown: ``mark`` of the fix that the person was shown, or its whole id where only its proposal matters. Where there is
            something else now, or somebody rejected it meanwhile, nothing is accepted.

    Raises:
        FixChanged: it is not what the person was shown, or what it was drawn up on.
        NotForLearning: it rests on tickets that measure the agent.
        FixProblem: there is no such fix, nothing in it to accept, or something in its way. WrongFields: it is no entry.
        LedgerError: the role may not, the name is empty, or it was accepted in another wording; nothing is written then.
    """
    display_name(reviewer.by)
    with one_writer(desk):
        before = fix_of(desk, fix_id)
        # An edited file does not hold what it rests on, so that it is laid over the desk before it is compared.
        fix = before if edited is None else fix_of(desk, before.fix_id, edited)
        if before.status == ACCEPTED and fix.parts.proposal == before.parts.proposal:
            name = before.decision["decided_by"] if before.decision else None
            return str(before.change_id), [
                f"{_person(name)} has accepted this fix already: it is change {before.change_id}."
            ]
        if before.status == ACCEPTED:
            raise FixDecidedError(
                f"Nothing was accepted. This fix was accepted already, in another wording: it is change {before.change_id}. "
                "Edit what it wrote instead.",
                str(before.change_id),
            )
        _require_shown(before, shown)
        roles = roles_of(desk, fix.parts.proposal)
        require_known_role(reviewer.role, roles, signs="this fix")
        _require_acceptable(fix)
        entries = _accepted_entries(desk, fix, reviewer, owner, review_by)
        for entry in entries:
            write_entry(desk.knowledge / entry_file(entry), entry)
        if fix.parts.behavior is not None:
            write_behavior(desk, fix.parts.behavior)
        with ledger_of(desk) as ledger:
            event = accept_fix(
                ledger,
                to_accept(desk, fix.row, fix.parts),
                entries=[EntryAcceptance(one.id, one.semantic_fields(), one.review_by) for one in entries],
                by=reviewer.by,
                role=reviewer.role,
                occurred_at=reviewer.at,
                known_roles=roles,
                note=reviewer.note or None,
            )
    change_id = change_id_of(event)
    return change_id, acceptance_lines(desk, fix, change_id, reviewer, entries)


def reject(desk: Desk, fix_id: str, reviewer: Reviewer, reason: str) -> list[str]:
    """Record that a fix is not wanted, and why; it is not offered again. Returns what to tell.

    Raises:
        FixProblem: there is no such fix. LedgerError: the role may not, a name or reason is missing, or it was accepted.
    """
    fix = fix_of(desk, fix_id)
    # Not while somebody accepts it: what was rejected in between is not accepted unknowingly.
    with one_writer(desk), ledger_of(desk) as ledger:
        reject_fix(
            ledger,
            fix.fix_id,
            by=reviewer.by,
            role=reviewer.role,
            occurred_at=reviewer.at,
            known_roles=deciding_roles(desk),
            reason=reason,
        )
    return [f"{reviewer.by} rejected {fix.fix_id[:8]} as {reviewer.role}: {fix.row['title']}"]


def add_insight(
    desk: Desk,
    text: str,
    category: str | None,
    by: str,
    role: str,
    *,
    month: str | None = None,
    at: dt.datetime | None = None,
) -> list[str]:
    """Record what somebody said that no figure shows; the next run puts it into the queue. Returns what to tell.

    Args:
        month: of the session in which it was said, YYYY-MM; by default that of ``at``, and ``at`` is now.

    Raises:
        KnowledgeProblem: there is no such category. LedgerError: the role may not, or a name or words are missing.
    """
    from ledger import insights as recorded

    if category is not None:
        require_category(desk, category)
    with ledger_of(desk) as ledger:
        event = recorded.add_insight(
            ledger, text, category_id=category, month=month, by=by, role=role, occurred_at=at or dt.datetime.now(dt.UTC),
            known_roles=insight_roles(desk),
        )  # fmt: skip
    return [f"Recorded {event.subject_hash[:8]}. It joins the queue of fixes with the next run: {STAGE}"]


def said_insights(desk: Desk) -> pd.DataFrame:
    """Frame [insight] of all that was said, ``ledger.insights.COLUMNS``."""
    from ledger.insights import insights

    with ledger_of(desk) as ledger:
        return insights(ledger)


def _require_shown(fix: ShownFix, shown: str | None) -> None:
    if shown is None:
        return
    if fix.status == REJECTED and fix.decision is not None:
        raise FixChanged(
            f"{_person(fix.decision['decided_by'])} has rejected this fix since you were shown it, so nothing was accepted."
        )
    if shown not in (fix.mark, fix.fix_id):
        raise FixChanged(
            "What the fix would change is not what you were shown any more, so nothing was accepted. Look at it again, then "
            "accept it."
        )


def _require_acceptable(fix: ShownFix) -> None:
    # What was cut off after its files were written is not proposed any more by the next run; it can still be finished.
    is_written = bool(fix.parts.entries) and all(one.is_written for one in fix.parts.entries)
    if fix.status == WITHDRAWN and not is_written:
        raise FixProblem(
            "this fix was withdrawn: its pattern is gone, or a better proposal took its place. See: understudy fix list"
        )
    if fix.parts.proposal.is_empty:
        raise FixProblem(
            "there is nothing in this fix to accept as it stands. Say what should change (understudy fix export, edit the "
            "file, accept it with --file), or reject it and say what was done instead"
        )
    if fix.parts.not_for_learning:
        raise NotForLearning(f"Nothing was accepted: {fix.parts.not_for_learning[0]}.")
    if fix.parts.problems:
        raise FixChanged("Nothing was accepted: " + "; ".join(fix.parts.problems) + ".")


def _accepted_entries(
    desk: Desk, fix: ShownFix, reviewer: Reviewer, owner: str | None, review_by: dt.date | None
) -> list[Entry]:
    today = reviewer.at.date()
    until = review_by or today + dt.timedelta(days=desk.settings.knowledge.review_every_days)
    owners = {one.id: one.owner for one in desk.categories}
    try:
        return [
            accept_entry(one.after, owner or one.after.owner or owners.get(one.after.category), today, until)
            for one in fix.parts.entries
        ]
    except ReviewError as error:
        raise FixProblem(f"{error}.") from error


def _proposal(text: Any) -> Proposal:
    try:
        return Proposal.from_json(text)
    except (ValueError, TypeError, KeyError) as problem:
        raise FixProblem(f"the proposal of this fix cannot be read; run again: {STAGE}") from problem


def _person(name: Any) -> str:
    return name if isinstance(name, str) else "Somebody"
