"""Past tickets of which it is known what had to be done, and whether a decision did it.

Belongs here: what people did as truth, and judging decisions by it. Does not belong here: the words of answers
(``right_answers``), what faults do to decisions (``planted_failures``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from assets.build_knowledge.retrieval.article_links import ArticleLinks
from assets.configure_behavior.confidence.calibration_labels import join_labels, label_tickets
from assets.configure_behavior.decisions.decision import Decision
from assets.configure_behavior.releases.agent_release import AgentRelease, Encode
from assets.configure_behavior.releases.regression_set import frozen_contexts
from assets.pilot_agent.answers.decide_many import Asked
from assets.pilot_agent.answers.frames import LIST, TEXT, TIME, TRUTH, frame_of
from assets.retrain_agent.planted_faults.right_answers import RightAnswers

if TYPE_CHECKING:
    from assets.build_knowledge.training_tickets import Side
    from assets.retrain_agent.trials.trial_release import Material

SIDES: tuple[Side, ...] = ("train", "calibration", "holdout")
KNOWN: Mapping[str, str] = {
    "ticket_id": TEXT, "created_at": TIME, "requester_id": TEXT, "side": TEXT, "text": TEXT, "context": TEXT,
    "label_category_id": TEXT, "right_category_id": TEXT, "right_entry_ids": LIST, "linked_entry_ids": LIST,
    "should_escalate": TRUTH, "said_by_people": TEXT,
}  # fmt: skip
"""A known ticket. context: JSON; label_category_id: as the helpdesk gave it; right_category_id: null where nobody knows;
right_entry_ids: any of them is right, empty where nobody knows; linked_entry_ids: people linked its article;
should_escalate: null where nobody knows; said_by_people: their answer, null where none can be read."""


@dataclass(frozen=True)
class Truth:
    """What is known of one ticket."""

    right_category_id: str | None
    right_entry_ids: tuple[str, ...]
    should_escalate: bool | None


def known_tickets(material: Material, encode: Encode, named: pd.DataFrame | None = None) -> pd.DataFrame:
    """Frame ``KNOWN``: every legible ticket that was audited, with what people did about it.

    Args:
        named: labels of people who named the right entry (``calibration_labels.named_labels``); they go first.

    Right entries are read from replies and links on all sides of the split: what is known here grades, and teaches
    nobody. Whether a ticket had to go to a person is not told by what people did; ``should_escalate`` is null.
    """
    known = set(material.intents["ticket_id"])
    tickets = material.tickets[material.tickets["ticket_id"].isin(known)]
    labels = [named] if named is not None else []
    labels += [
        label_tickets(
            material.live,
            material.articles,
            tickets,
            material.intents,
            material.splits,
            material.comments,
            encode,
            side,
        ).frame
        for side in SIDES
    ]
    right = join_labels(*labels).set_index("ticket_id")["entry_ids"]
    said = said_by_people(material)
    linked = _linked(material)
    side = material.splits.set_index("ticket_id")["split"]
    facts = frozen_contexts(material.tickets)
    read = tickets.merge(material.texts[["ticket_id", "text"]], on="ticket_id")
    read = read[read["text"].fillna("").str.strip() != ""].sort_values("ticket_id", ignore_index=True)
    rows = [
        {
            **{str(column): value for column, value in row.items() if column in KNOWN},
            "side": side.get(row["ticket_id"]),
            "context": json.dumps(facts.get(row["ticket_id"], {}), sort_keys=True, ensure_ascii=False),
            "right_category_id": row["label_category_id"],
            "right_entry_ids": list(right.get(row["ticket_id"], [])),
            "linked_entry_ids": sorted(linked.get(row["ticket_id"], ())),
            "should_escalate": None,
            "said_by_people": said.get(row["ticket_id"]),
        }
        for row in read.to_dict("records")
    ]
    return frame_of(rows, KNOWN)


def said_by_people(material: Material) -> dict[str, str]:
    """What staff answered, by ticket: the reply that carries the answer, without what belongs to one customer."""
    from assets.build_knowledge.drafts.staff_answers import staff_answers

    category = material.intents.set_index("ticket_id")["assigned_category_id"].fillna("")
    tickets = material.tickets[material.tickets["ticket_id"].isin(category.index)]
    comments = material.comments[material.comments["ticket_id"].isin(category.index)]
    found = staff_answers(comments, tickets, {str(name): str(one) for name, one in category.items()})
    return dict(zip(found["ticket_id"], found["answer"], strict=True))


def asked_of(known: pd.DataFrame) -> list[Asked]:
    """The tickets as ``decide_many`` takes them."""
    return [Asked(text, json.loads(context)) for text, context in zip(known["text"], known["context"], strict=True)]


def truths_of(known: pd.DataFrame) -> list[Truth]:
    """What is known of each ticket, in order."""
    columns = (known[name] for name in ("right_category_id", "right_entry_ids", "should_escalate"))
    return [
        Truth(None if pd.isna(category) else str(category), tuple(entries), None if pd.isna(person) else bool(person))
        for category, entries, person in zip(*columns, strict=True)
    ]


def agreed_with(known: pd.DataFrame, decisions: Sequence[Decision]) -> pd.DataFrame:
    """The tickets with what nobody knows filled in from what the known release did, where people do not contradict it.

    Whether a person had to take over is what its triggers, page rules and buckets said; that it did not understand a
    message is no reason. A category without a label is its own.
    """
    rows: list[dict[str, Any]] = known.to_dict("records")  # type: ignore[assignment]
    for row, decision in zip(rows, decisions, strict=True):
        if pd.isna(row["should_escalate"]):
            row["should_escalate"] = decision.action == "escalate" and _is_by_rule(decision)
        if pd.isna(row["right_category_id"]):
            row["right_category_id"] = decision.category_id
    return frame_of(rows, KNOWN)


def is_right(decision: Decision, truth: Truth, release: AgentRelease, answers: RightAnswers) -> bool:
    """Whether the handover, the category and what is said or suggested first are right.

    A question is right when the right entry is among those that it decides between. Of a ticket that belongs to a person
    nothing but the handover is asked.
    """
    if truth.should_escalate or decision.action == "escalate":
        return bool(truth.should_escalate) and decision.action == "escalate"
    if truth.right_category_id is not None and decision.category_id != truth.right_category_id:
        return False
    if not decision.entries or not truth.right_entry_ids:
        return False
    shown = [decision.entries[0].entry_id]
    if decision.action == "ask":
        question = decision.entries[0].question
        shown = [one.entry_id for one in decision.entries if one.question == question]
    return any(
        answers.says(release.entries[name].answer, right)
        for name in shown
        if name in release.entries
        for right in truth.right_entry_ids
    )


def _is_by_rule(decision: Decision) -> bool:
    return decision.bucket == "escalate" or any(one.step.startswith(("trigger:", "page:")) for one in decision.reasons)


def _linked(material: Material) -> dict[str, set[str]]:
    """Entries whose article people linked, by ticket; an article of several entries names all of them."""
    from assets.build_knowledge.retrieval.answered_tickets import public_staff_replies

    urls = dict(zip(material.articles["article_id"], material.articles["url"], strict=True))
    entries: dict[str, list[str]] = {}
    for name, sources in zip(material.live["entry_id"], material.live["sources"], strict=True):
        for source in json.loads(sources):
            article = str(source["id"]).partition("#")[0]
            if source["kind"] == "article" and isinstance(urls.get(article), str):
                entries.setdefault(article, []).append(name)
    if not entries:
        return {}
    links = ArticleLinks({article: urls[article] for article in entries})
    replies = public_staff_replies(material.comments)
    found: dict[str, set[str]] = {}
    for ticket, text in zip(replies["ticket_id"], replies["text"], strict=True):
        for article in links.articles_in(text or ""):
            # Only an article of one entry tells which one was meant.
            if len(set(entries[article])) == 1:
                found.setdefault(str(ticket), set()).update(entries[article])
    return found
