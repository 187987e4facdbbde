"""The same holdout tickets decided by two releases, and whether that was right: what a promotion is judged on.

Belongs here: which tickets, deciding them, and laying decisions beside what people said and did. Does not belong here:
judging a decision by a review (``updates.judge_replay``), reading entries off replies (``calibration_labels``), the test
(``promotion``).

What a decision did for the customer has four levels, each worse than the next: something wrong was said (misled); a person
has to do it all although an entry answers it (left); a person is handed the right draft (drafted); it is settled, by the right
answer, a question that leads to it, or a person where one is needed.

A review of an answer to the ticket tells most and goes first. Without one, people's own reply tells, as in replay: an entry
is right when it is linked there or says what the reply says, and a person is needed when no entry of either release says it,
or the helpdesk's label is of a category that always goes to a person. Replies to tickets for which people were handed a
draft, or which the agent answered, say nothing about another draft; such tickets count where they were reviewed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from assets.build_knowledge.conditions import dump_conditions
from assets.build_knowledge.training_tickets import Side
from assets.configure_behavior.confidence.calibration_labels import label_tickets
from assets.configure_behavior.releases.agent_release import AgentRelease, Encode
from assets.configure_behavior.releases.regression_set import frozen_contexts
from assets.pilot_agent.answers.decide_many import Asked, decide_many
from assets.pilot_agent.answers.frames import NUMBER, TEXT, TIME, WHOLE, frame_of
from assets.retrain_agent.candidate.review_labels import first_cases
from assets.retrain_agent.trials.trial_release import Material
from assets.retrain_agent.updates.judge_replay import (
    ASK,
    ESCALATE,
    Said,
    Standard,
    is_right,
    outdated_versions,
    words_of,
)
from assets.retrain_agent.updates.replay_cases import said_by
from assets.retrain_agent.updates.same_words import SameWords

Progress = Callable[[int, int], None]
HOLDOUT: Side = "holdout"
ALWAYS_A_PERSON = "escalate"
ANSWER = "answer"
BY_REVIEW, BY_REPLY, BY_LABEL, BY_NOBODY = "review", "reply", "label", "none"
MISLED, LEFT, DRAFTED, SETTLED = range(4)
"""Levels, the worst first."""
OUTCOME: Mapping[str, str] = {
    "ticket_id": TEXT, "requester_id": TEXT, "created_at": TIME, "question": TEXT, "judged_by": TEXT,
    "action_before": TEXT, "action_after": TEXT, "entry_before": TEXT, "entry_after": TEXT, "confidence_before": NUMBER,
    "confidence_after": NUMBER, "level_before": WHOLE, "level_after": WHOLE,
}  # fmt: skip
"""[holdout ticket]. before: the incumbent, after: the candidate. judged_by: review, reply, label or none; level: 0 misled,
1 left, 2 drafted, 3 settled; both null where either cannot be judged."""
Levels = tuple[int, int]


@dataclass(frozen=True)
class Evidence:
    """What tells what was right. cases: ``frames.CASE`` of reviews, of any side; drafted: tickets whose reply the agent wrote or drafted."""

    cases: pd.DataFrame
    drafted: Collection[str] = ()


def holdout_outcomes(
    before: AgentRelease,
    after: AgentRelease,
    material: Material,
    evidence: Evidence,
    encode: Encode,
    since: pd.Timestamp | None,
    on_progress: Progress | None = None,
) -> pd.DataFrame:
    """Decide every holdout ticket that came since a moment with both releases, and judge it.

    Args:
        before: the incumbent. after: the candidate.
        material: cut at the month's end; its ``intents`` are those of the candidate.
        encode: texts to unit vectors, of the encoder of both releases.
        since: the last promotion's data cut; None: every holdout ticket.

    Returns:
        ``OUTCOME``, by ticket. Tickets of which nobody can ever say what was right (drafted and not reviewed) are left out.
    """
    judged = {str(one["ticket_id"]): one for one in first_cases(evidence.cases)}
    asked = _asked(material, since, set(evidence.drafted) - set(judged))
    contexts = frozen_contexts(material.tickets)
    messages = [Asked(str(one["text"]), contexts.get(str(one["ticket_id"]), {})) for one in asked]
    total = 2 * len(messages)
    was, became = (
        decide_many(messages, replace(release, encode=encode), _shifted(on_progress, done, total))
        for release, done in ((before, 0), (after, len(messages)))
    )
    standard = _standard((before, after), evidence.cases, {str(one["ticket_id"]) for one in asked}, encode)
    labels = [_labels(release, material, asked, encode) for release in (before, after)]
    rows = []
    for ticket, one, other in zip(asked, was, became, strict=True):
        name = str(ticket["ticket_id"])
        said = (said_by(one, before), said_by(other, after))
        levels, source = _by_review(judged.get(name), said, standard), BY_REVIEW
        if levels is None and name not in evidence.drafted:
            levels, source = _by_people(ticket, said, [found.get(name) for found in labels], after)
        first, second = (None, None) if levels is None else levels
        rows.append(
            (name, ticket["requester_id"], ticket["created_at"], str(ticket["text"]), source if levels else BY_NOBODY,
             said[0].action, said[1].action, said[0].entry_id, said[1].entry_id, one.confidence, other.confidence,
             first, second)
        )  # fmt: skip
    return frame_of(rows, OUTCOME)


def entries_frame(release: AgentRelease) -> pd.DataFrame:
    """The entries of a release, in the versions it holds, as ``label_tickets`` reads ``live_entries``."""
    rows = [
        {
            "entry_id": one.entry_id,
            "content_hash": one.content_hash,
            "category_id": one.category_id,
            "question": one.question,
            "answer": one.answer,
            "conditions": dump_conditions(one.conditions),
            "phrasings": list(one.phrasings),
            "sources": json.dumps(list(one.sources)),
        }
        for one in release.entries.values()
    ]
    names = ["entry_id", "content_hash", "category_id", "question", "answer", "conditions", "phrasings", "sources"]
    return pd.DataFrame(rows, columns=names)


def _asked(material: Material, since: pd.Timestamp | None, left_out: Collection[str]) -> list[dict[Any, Any]]:
    """Holdout tickets of the audit, with what they say, that came after ``since``; by ticket."""
    ours = set(material.splits.loc[material.splits["split"] == HOLDOUT, "ticket_id"]) - set(left_out)
    tickets = material.tickets[
        material.tickets["ticket_id"].isin(ours) & material.tickets["is_in_audit"].fillna(False).astype(bool)
    ]
    if since is not None:
        tickets = tickets[tickets["created_at"] > since]
    said = tickets.merge(material.texts[["ticket_id", "text"]], on="ticket_id")
    said = said[said["text"].fillna("").str.strip() != ""].sort_values("ticket_id", ignore_index=True)
    columns = ["ticket_id", "requester_id", "created_at", "text", "label_category_id"]
    return said[columns].to_dict("records")


def _labels(
    release: AgentRelease, material: Material, asked: Sequence[Mapping[Any, Any]], encode: Encode
) -> dict[str, list[str]]:
    """What people's replies say is right among the entries of a release, by ticket; absent where nothing can be read."""
    ours = {one["ticket_id"] for one in asked}
    tickets = material.tickets[material.tickets["ticket_id"].isin(ours)]
    if tickets.empty:
        return {}
    frame = label_tickets(
        entries_frame(release), material.articles, tickets, material.intents, material.splits, material.comments, encode,
        HOLDOUT,
    ).frame  # fmt: skip
    return {str(ticket): list(names) for ticket, names in zip(frame["ticket_id"], frame["entry_ids"], strict=True)}


def _by_review(case: Mapping[Any, Any] | None, said: tuple[Said, Said], standard: Standard) -> Levels | None:
    if case is None:
        return None
    before, after = (_level(one, is_right(case, one, standard), _needs_person(case)) for one in said)
    # A review that judges one side alone cannot compare them; people's own reply may judge both.
    return None if before is None or after is None else (before, after)


def _needs_person(case: Mapping[Any, Any]) -> bool:
    """Whether a person said, of this or of another decision, that a person had to take over."""
    said = case["should_escalate"]
    return (pd.notna(said) and bool(said)) or (case["action"] == ESCALATE and not case["is_wrong"])


def _by_people(
    ticket: Mapping[Any, Any], said: tuple[Said, Said], labels: Sequence[list[str] | None], release: AgentRelease
) -> tuple[Levels | None, str]:
    label = ticket["label_category_id"]
    category = release.categories.get(label) if isinstance(label, str) else None
    if category is not None and category.bucket == ALWAYS_A_PERSON:
        before, after = (_level(one, one.action == ESCALATE, True) for one in said)
        return _both(before, after), BY_LABEL
    if labels[0] is None or labels[1] is None:
        return None, BY_NOBODY
    needs_person = not (labels[0] or labels[1])
    before, after = (
        _level(one, _is_right(one, right, needs_person), needs_person)
        for one, right in zip(said, (labels[0], labels[1]), strict=True)
    )
    return _both(before, after), BY_REPLY


def _is_right(said: Said, right: Sequence[str], needs_person: bool) -> bool:
    if said.action == ESCALATE:
        return needs_person or said.entry_id in right
    if said.action == ASK:
        return any(one in said.considered for one in right)
    return said.entry_id in right


def _level(said: Said, right: bool | None, needs_person: bool) -> int | None:
    """What a decision did for the customer, from whether it was right."""
    if right is None:
        return None
    if said.action == ANSWER:
        return SETTLED if right else MISLED
    if not right:
        return LEFT
    if said.action == ASK or (said.action == ESCALATE and needs_person):
        return SETTLED
    return DRAFTED


def _both(before: int | None, after: int | None) -> Levels | None:
    return None if before is None or after is None else (before, after)


def _standard(
    releases: Sequence[AgentRelease], cases: pd.DataFrame, ticket_ids: Collection[str], encode: Encode
) -> Standard:
    """What reviews are read by; that content is outdated by now is known from reviews of any side."""
    answers = {(one.entry_id, one.content_hash): one.answer for release in releases for one in release.entries.values()}
    texts = sorted(set(answers.values()))
    mine = first_cases(cases[cases["ticket_id"].isin(set(ticket_ids))])
    words = {said for row in mine if (said := words_of(row)) is not None}
    return Standard(SameWords(texts, [*texts, *sorted(words)], encode), answers, outdated_versions(cases))


def _shifted(on_progress: Progress | None, done_before: int, total: int) -> Progress | None:
    return None if on_progress is None else lambda done, _: on_progress(done_before + done, total)
