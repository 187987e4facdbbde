"""What the agent says to tickets that arrive during a pilot: decided once, kept for ever.

Belongs here: which tickets are new, in which mode each is decided, and keeping what was decided before. Does not belong
here: deciding (``configure_behavior.decisions``), who is drawn (``assignment``), sending (``outbox``).

What was decided is a fact. A later release, a changed share or a corrected ticket changes no row that is there; a ticket
that was erased takes its rows with it.

A new ticket is one that came in after the pilot began and after the release's data cut: the release cannot have seen it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import Any

import pandas as pd

from assets.configure_behavior.decisions.decision import Decision, Reason
from assets.configure_behavior.releases.agent_release import AgentRelease
from assets.configure_behavior.releases.regression_set import frozen_contexts
from assets.pilot_agent.answers.decide_many import Asked, decide_many
from assets.pilot_agent.answers.decision_rows import decision_row, release_facts
from assets.pilot_agent.answers.follow_ups import FollowUp, follow_ups
from assets.pilot_agent.answers.frames import ANSWER, CONTROL, DONE, ROLLOUT, SENT_ALONE, SHADOW, frame_of, typed
from assets.pilot_agent.assignment.assign_rollout import rollout_points
from assets.pilot_agent.verdict.outcomes import AI
from assets.pilot_agent.verdict.outcomes import CONTROL as CONTROL_ARM
from desk.pilot import PilotFile
from ledger.pilots import ShareChange, share_at

HELD = "autonomy"
"""Step of the decision that says why a category is people's again."""


def draft_answers(
    *,
    release: AgentRelease,
    release_as_of: pd.Timestamp,
    pilot: PilotFile,
    shares: Sequence[ShareChange],
    stopped: Mapping[str, str] = MappingProxyType({}),
    tickets: pd.DataFrame,
    texts: pd.DataFrame,
    comments: pd.DataFrame,
    previous: pd.DataFrame | None,
    as_of: pd.Timestamp,
    on_progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """The frame ``shadow_answers`` with what is new decided.

    Args:
        release: the current one. release_as_of: its data cut.
        pilot: the registered plan. shares: ``share_changes`` of it. stopped: ``category_holds`` of it: categories that are
            people's again, whenever their tickets came, and why.
        tickets: ``fct_tickets``; those outside the audit (spam, automated) are not answered. texts: ``ticket_vectors``.
        comments: ``redacted_comments``, for customers who wrote again after a question.
        previous: what this function returned the last time.
        as_of: the clock of the run.

    Returns:
        ``frames.ANSWER``, earlier rows first.
    """
    kept = kept_answers(previous, tickets)
    is_ours = kept["pilot_id"] == pilot.pilot_id
    arrived = _arrived(pilot, release_as_of, tickets, texts, decided=set(kept.loc[is_ours, "ticket_id"]))
    facts = frozen_contexts(tickets)
    later = follow_ups(kept[is_ours], comments)
    asked = [Asked(str(row.text), facts.get(str(row.ticket_id), {})) for row in arrived.itertuples()]
    asked += [Asked(one.text, facts.get(one.ticket_id, {}), one.conversation) for one in later]
    made = decide_many(asked, release, on_progress)
    versions = release_facts(release, release_as_of)
    openings = _opening_rows(arrived, made[: len(arrived)], pilot, shares, stopped, versions, as_of)
    again = _follow_up_rows(later, made[len(arrived) :], kept[is_ours], pilot, stopped, versions, as_of)
    tags = dict(zip(tickets["ticket_id"], tickets["tags"], strict=True)) if "tags" in tickets else {}
    for row, one in zip([*openings, *again], asked, strict=True):
        row["tags_then"] = tags.get(row["ticket_id"])
        row["context"] = json.dumps(one.context, sort_keys=True, ensure_ascii=False)
        row["conversation"] = json.dumps([asdict(turn) for turn in one.conversation], ensure_ascii=False)
        row["question"] = one.text
    added = frame_of([*openings, *again], ANSWER)
    return typed(pd.concat([kept, added], ignore_index=True), ANSWER) if len(kept) else added


def new_texts(texts: pd.DataFrame, tickets: pd.DataFrame, pilot: PilotFile) -> pd.DataFrame:
    """Rows of ``ticket_vectors`` of tickets since the pilot began: their vectors are known and need no encoding."""
    new = set(tickets.loc[tickets["created_at"] >= pd.Timestamp(pilot.start, tz="UTC"), "ticket_id"])
    return texts[texts["ticket_id"].isin(new)]


def answer_id(pilot_id: str, ticket_id: str, release_id: str, turn: int) -> str:
    """The name of one answer; 32 hex digits."""
    return hashlib.sha256(f"{pilot_id}\x1f{ticket_id}\x1f{release_id}\x1f{turn}".encode()).hexdigest()[:32]


def mode_of(
    bucket: str | None,
    category_id: str | None,
    arm: str | None,
    scope: Collection[str],
    taken: bool,
    stopped: Collection[str] = (),
) -> str:
    """In which mode a ticket is decided.

    Args:
        bucket, category_id: of the decision. arm: None in the shadow phase.
        scope: categories of the plan; empty: all that may be automated.
        taken: a person has answered already, so that nothing may be sent any more.
        stopped: categories that are people's again; the other arm is decided as before, so that it stays comparable.
    """
    is_in_scope = bucket == "automate" and (not scope or category_id in scope)
    if arm is None or not is_in_scope:
        return SHADOW
    if arm == CONTROL_ARM:
        return CONTROL
    return SHADOW if taken or category_id in stopped else ROLLOUT


def why_held(
    bucket: str | None, category_id: str | None, arm: str | None, mode: str, stopped: Mapping[str, str]
) -> str | None:
    """Why what the agent would have sent by itself waits for a person: the sentence of its category; None where that is not
    what holds it back."""
    return stopped.get(category_id or "") if (bucket, arm, mode) == ("automate", AI, SHADOW) else None


def kept_answers(previous: pd.DataFrame | None, tickets: pd.DataFrame) -> pd.DataFrame:
    """What was decided before, without tickets that are gone (they were erased)."""
    if previous is None:
        return frame_of([], ANSWER)
    return typed(previous[previous["ticket_id"].isin(set(tickets["ticket_id"]))], ANSWER)


def _arrived(
    pilot: PilotFile, release_as_of: pd.Timestamp, tickets: pd.DataFrame, texts: pd.DataFrame, decided: set[str]
) -> pd.DataFrame:
    start = pd.Timestamp(pilot.start, tz="UTC")
    is_new = (tickets["created_at"] >= start) & (tickets["created_at"] > release_as_of)
    is_open_to_us = tickets["is_in_audit"].fillna(False).astype(bool) & ~tickets["ticket_id"].isin(decided)
    new = tickets[is_new & is_open_to_us].merge(texts[["ticket_id", "text"]], on="ticket_id")
    new = new[new["text"].fillna("").str.strip() != ""]
    return new.sort_values(["created_at", "ticket_id"], ignore_index=True)


def _opening_rows(
    arrived: pd.DataFrame,
    made: Sequence[Any],
    pilot: PilotFile,
    shares: Sequence[ShareChange],
    stopped: Mapping[str, str],
    versions: dict[str, Any],
    as_of: pd.Timestamp,
) -> list[dict[str, Any]]:
    points = rollout_points(
        [None if pd.isna(one) else str(one) for one in arrived["requester_id"]], pilot.assignment_salt
    )
    rows = []
    for ticket, point, decision in zip(arrived.to_dict("records"), points, made, strict=True):
        share = share_at(shares, ticket["created_at"])
        arm = None if share is None else (AI if point < share else CONTROL_ARM)
        taken = int(ticket.get("count_staff_replies") or 0) > 0 or ticket["status"] in DONE
        mode = mode_of(decision.bucket, decision.category_id, arm, pilot.categories.ids, taken, stopped=stopped)
        why = why_held(decision.bucket, decision.category_id, arm, mode, stopped)
        rows.append(
            {
                "answer_id": answer_id(pilot.pilot_id, ticket["ticket_id"], versions["release_id"], 1),
                "pilot_id": pilot.pilot_id,
                "ticket_id": ticket["ticket_id"],
                "turn": 1,
                "requester_id": _known(ticket["requester_id"]),
                "created_at": ticket["created_at"],
                "asked_at": ticket["created_at"],
                "decided_at": as_of,
                "phase": SHADOW if share is None else ROLLOUT,
                "mode": mode,
                "arm": arm,
                "share": share,
                "language": decision.language,
                "plan": _known(ticket.get("plan")),
                "channel": _known(ticket.get("channel")),
                **decision_row(_held(decision, why), versions),
            }
        )
    return rows


def _follow_up_rows(
    later: Sequence[FollowUp],
    made: Sequence[Any],
    kept: pd.DataFrame,
    pilot: PilotFile,
    stopped: Mapping[str, str],
    versions: dict[str, Any],
    as_of: pd.Timestamp,
) -> list[dict[str, Any]]:
    before = kept.sort_values("turn").drop_duplicates("ticket_id", keep="last").set_index("ticket_id")
    rows = []
    for one, decision in zip(later, made, strict=True):
        last: dict[str, Any] = {str(name): value for name, value in before.loc[one.ticket_id].items()}
        mode = last["mode"]
        if decision.action in SENT_ALONE:
            mode = mode_of(
                decision.bucket, decision.category_id, last["arm"], pilot.categories.ids, taken=False, stopped=stopped
            )
        why = why_held(decision.bucket, decision.category_id, last["arm"], mode, stopped)
        row = {**last, **decision_row(_held(decision, why), versions), "mode": mode}
        # The ticket stays in the arm and category it was assigned to, whatever the customer adds. What they add may be
        # about something that nobody lets the agent answer alone: then a person approves.
        row |= {name: last[name] for name in ("category_id", "category_confidence", "bucket")}
        row |= {"ticket_id": one.ticket_id, "turn": one.turn}
        row |= {"asked_at": one.asked_at, "decided_at": as_of}
        row["answer_id"] = answer_id(last["pilot_id"], one.ticket_id, versions["release_id"], one.turn)
        rows.append(row)
    return rows


def _held(decision: Decision, why: str | None) -> Decision:
    """The decision with the reason why it waits for a person, where there is one."""
    return decision if why is None else replace(decision, reasons=(*decision.reasons, Reason(HELD, why)))


def _known(value: Any) -> str | None:
    return None if value is None or pd.isna(value) or value == "" else str(value)
