"""The judged tickets that a change is about, decided by two releases.

Belongs here: which cases a change is measured on, and the frame ``frames.REPLAYED``. Does not belong here: whether a
decision is right (``judge_replay``), whether an update may go out (``judge_update``), effects (``effects``).

A ticket is about a change when it is one of the failures that the change is to mend, or is answered from an entry of the
change on either side. What taught is no measure: neither tickets that the change was drawn from, nor those that an index
or an entry of either release was made from. Where the category model was learnt anew between the two, as in a month's
release, training and calibration tickets taught it, and only the others measure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.configure_behavior.decisions.decision import Decision
from assets.configure_behavior.releases.agent_release import AgentRelease, Encode
from assets.pilot_agent.answers.decide_many import Asked, decide_many
from assets.pilot_agent.answers.frames import as_list, frame_of
from assets.retrain_agent.frames import REPLAYED
from assets.retrain_agent.updates.judge_replay import ESCALATE, Said, Standard, is_right, outdated_versions, words_of
from assets.retrain_agent.updates.same_words import SameWords

Progress = Callable[[int, int], None]
TAUGHT_SIDES = ("train", "calibration")
OTHERS = 500
"""Tickets beside those that are near to a change that are replayed as well."""


@dataclass(frozen=True)
class Step:
    """From one release to another."""

    before: AgentRelease
    after: AgentRelease


def replay_step(
    step: Step,
    changes: pd.DataFrame,
    cases: pd.DataFrame,
    encode: Encode,
    as_of: pd.Timestamp,
    on_progress: Progress | None = None,
) -> pd.DataFrame:
    """Decide every case that the changes may be about with both releases, and judge it.

    Args:
        changes: ``frames.CHANGE``; those that the second release has and the first lacks.
        cases: ``frames.CASE``.
        encode: texts to unit vectors, of the encoder of both releases.

    Returns:
        ``frames.REPLAYED`` [change x ticket], by change and ticket. Of a ticket that was judged more than once the first
        message counts: what came later was said in a conversation.
    """
    asked = _askable(cases, changes)
    taught = taught_by(step.before) | taught_by(step.after)
    asked = asked[~asked["ticket_id"].isin(taught)]
    if step.before.intents.model_version != step.after.intents.model_version:
        asked = asked[~asked["side"].isin(TAUGHT_SIDES)]
    rows: list[dict[str, Any]] = [{str(k): v for k, v in row.items()} for row in asked.to_dict("records")]
    total = 2 * len(rows)
    before = _decided(rows, step.before, encode, _shifted(on_progress, 0, total))
    after = _decided(rows, step.after, encode, _shifted(on_progress, len(rows), total))
    standard = _standard(step, cases, rows, encode)
    found: list[dict[str, Any]] = []
    changes_of: list[Any] = changes.sort_values("change_id").to_dict("records")
    for change in changes_of:
        for row, was, became in zip(rows, before, after, strict=True):
            if not _is_about(change, row, was, became):
                continue
            found.append(
                {
                    "change_id": change["change_id"],
                    "ticket_id": row["ticket_id"],
                    "requester_id": row["requester_id"],
                    "category_id": row["category_id"],
                    "before_release_id": step.before.release_id,
                    "after_release_id": step.after.release_id,
                    "before_action": was.action,
                    "after_action": became.action,
                    "before_entry_id": was.entry_id,
                    "after_entry_id": became.entry_id,
                    "is_right_before": is_right(row, was, standard),
                    "is_right_after": is_right(row, became, standard),
                    "replayed_as_of": as_of,
                }
            )
    return frame_of(found, REPLAYED)


def taught_by(release: AgentRelease) -> set[str]:
    """Tickets that a release was made from: past tickets of its index, sources of its entries."""
    drawn = {
        str(source["id"])
        for entry in release.entries.values()
        for source in entry.sources
        if source.get("kind") == "ticket"
    }
    return drawn | set(release.index.history_ids)


def said_by(decision: Decision, release: AgentRelease) -> Said:
    """A decision as it is judged."""
    suggested = None if decision.handoff is None else decision.handoff.suggested_reply
    is_said = decision.action in ("answer", "ask") or suggested is not None
    first = decision.entries[0] if decision.entries and is_said else None
    answers = {
        one.entry_id: release.entries[one.entry_id].answer
        for one in decision.entries
        if one.entry_id in release.entries
    }
    return Said(
        action=decision.action,
        category_id=decision.category_id,
        entry_id=None if first is None else first.entry_id,
        content_hash=None if first is None else first.content_hash,
        answer=None if first is None else answers.get(first.entry_id),
        reply=suggested if decision.action in ("draft", ESCALATE) else decision.reply,
        considered=answers,
    )


def _askable(cases: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """One case a ticket: failures of the changes, what their entries answered, all of their categories, and the newest
    others, which an entry could take over without being asked for."""
    # A live decision may belong to no ticket: then it stands for itself.
    named = cases.assign(ticket_id=cases["ticket_id"].fillna(cases["answer_id"]).fillna(cases["case_id"]))
    first = named.sort_values(["occurred_at", "case_id"], kind="stable").drop_duplicates("ticket_id")
    targets, entries, categories = (
        {one for row in changes[name] for one in as_list(row)}
        for name in ("target_ticket_ids", "entry_ids", "category_ids")
    )
    near = (
        first["ticket_id"].isin(targets)
        | first["category_id"].isin(categories)
        | first["right_category_id"].isin(categories)
        | first["entry_ids"].map(lambda names: bool(names) and names[0] in entries)
    )
    legible = first[first["question"].fillna("").str.strip() != ""]
    near = near.fillna(False).astype(bool)[legible.index]
    chosen = pd.concat([legible[near], legible[~near].tail(OTHERS)])
    return chosen.sort_values("ticket_id", ignore_index=True)


def _is_about(change: Mapping[str, Any], case: Mapping[str, Any], was: Said, became: Said) -> bool:
    ticket = case["ticket_id"]
    if ticket in as_list(change["source_ticket_ids"]):
        return False
    entries = set(as_list(change["entry_ids"]))
    if ticket in as_list(change["target_ticket_ids"]) or bool({was.entry_id, became.entry_id} & entries):
        return True
    # A spec touches whatever it decides otherwise, in the categories the change is about.
    touches_spec = isinstance(change["behavior_hash"], str)
    is_other = (was.action, was.reply) != (became.action, became.reply)
    return touches_spec and is_other and _is_in(case["category_id"], as_list(change["category_ids"]))


def _is_in(category: object, categories: Sequence[str]) -> bool:
    return not categories or category in categories


def _decided(
    rows: Sequence[Mapping[str, Any]], release: AgentRelease, encode: Encode, on_progress: Progress | None
) -> list[Said]:
    from dataclasses import replace

    asked = [Asked(str(row["question"]), _context(row["context"])) for row in rows]
    made = decide_many(asked, replace(release, encode=encode), on_progress)
    return [said_by(one, release) for one in made]


def _standard(step: Step, cases: pd.DataFrame, rows: Collection[Mapping[str, Any]], encode: Encode) -> Standard:
    answers = {
        (one.entry_id, one.content_hash): one.answer
        for release in (step.before, step.after)
        for one in release.entries.values()
    }
    texts = sorted(set(answers.values()))
    words = {said for row in rows if (said := words_of(row)) is not None}
    return Standard(SameWords(texts, [*texts, *sorted(words)], encode), answers, outdated_versions(cases))


def _context(text: object) -> dict[str, Any]:
    found = json.loads(text) if isinstance(text, str) and text else {}
    return found if isinstance(found, dict) else {}


def _shifted(on_progress: Progress | None, done_before: int, total: int) -> Progress | None:
    return None if on_progress is None else lambda done, _: on_progress(done_before + done, total)
