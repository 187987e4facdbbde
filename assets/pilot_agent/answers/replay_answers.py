"""Replay: the release answers holdout tickets it has never seen, and is laid beside what people did.

Belongs here: the frame ``replay_answers`` [holdout ticket x release]. Does not belong here: deciding, rates over the
frame (``replay_metrics``), human reviews, which are about live answers and never mixed with this.

What people did is read off the ticket: the category its helpdesk label names; the entry whose article they linked or
whose answer they gave; and whether the case went on to others: its category always goes to a person, or a second person
answered the customer. An answer that no entry gives makes every entry wrong; where nobody answered legibly, nothing is
said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import pandas as pd

from assets.build_knowledge.training_tickets import Side
from assets.configure_behavior.confidence.calibration_labels import (
    ARTICLE_LINK,
    OTHER_ANSWER,
    SAME_ANSWER,
    label_tickets,
)
from assets.configure_behavior.releases.agent_release import AgentRelease
from assets.configure_behavior.releases.regression_set import frozen_contexts
from assets.pilot_agent.answers.decide_many import Asked, decide_many
from assets.pilot_agent.answers.decision_rows import decision_row, release_facts
from assets.pilot_agent.answers.frames import REPLAY, frame_of

HOLDOUT: Side = "holdout"
LINK, REPLY, NOBODY = "link", "reply", "none"
JUDGED_BY = {ARTICLE_LINK: LINK, SAME_ANSWER: REPLY, OTHER_ANSWER: REPLY}


def replay_answers(
    *,
    release: AgentRelease,
    release_as_of: pd.Timestamp,
    live: pd.DataFrame,
    articles: pd.DataFrame,
    tickets: pd.DataFrame,
    intents: pd.DataFrame,
    splits: pd.DataFrame,
    comments: pd.DataFrame,
    authors: pd.DataFrame,
    texts: pd.DataFrame,
    live_tickets: Collection[str] = (),
    on_progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Let a release answer the holdout side.

    Args:
        release: what decides. release_as_of: its data cut.
        live: ``live_entries``; versions that are not in the release are left out of what people are compared with.
        articles: ``help_center_articles``. tickets: ``fct_tickets``. intents: ``ticket_intents``. splits:
            ``ticket_splits``. comments: ``redacted_comments``. authors: ``fct_ticket_comments``. texts: ``ticket_vectors``.
        live_tickets: tickets of a pilot, which are left out: what people did there the agent may have drafted.

    Returns:
        ``frames.REPLAY``, by ticket. Facts that single customers name count where several tickets of other sides name
        them too, as for a live ticket.
    """
    asked = _legible_holdout(tickets, splits, texts, live_tickets)
    facts = frozen_contexts(tickets)
    made = decide_many(
        [Asked(str(row.text), facts.get(str(row.ticket_id), {})) for row in asked.itertuples()], release, on_progress
    )
    versions = {(name, one.content_hash) for name, one in release.entries.items()}
    is_released = [pair in versions for pair in zip(live["entry_id"], live["content_hash"], strict=True)]
    labels = label_tickets(
        live[is_released], articles, tickets, intents, splits, comments, release.encode, side=HOLDOUT
    ).frame.set_index("ticket_id")
    several = _answered_by_several(authors, set(asked["ticket_id"]))
    facts_of_release = release_facts(release, release_as_of)
    rows = []
    tickets_asked: list[Any] = asked.to_dict("records")
    for ticket, decision in zip(tickets_asked, made, strict=True):
        row = decision_row(decision, facts_of_release)
        rows.append({**row, **_beside_people(ticket, row, labels, several, release), "language": decision.language})
    return frame_of(rows, REPLAY)


def is_replayed(
    replay: pd.DataFrame,
    release_id: str,
    splits: pd.DataFrame,
    tickets: pd.DataFrame,
    texts: pd.DataFrame,
    live_tickets: Collection[str] = (),
) -> bool:
    """Whether a replay is of this release, and no holdout ticket came or went since; older ones come late, too."""
    is_same = set(replay["release_id"].dropna()) == {release_id}
    asked = _legible_holdout(tickets, splits, texts, live_tickets)
    return is_same and set(replay["ticket_id"]) == set(asked["ticket_id"])


def _legible_holdout(
    tickets: pd.DataFrame, splits: pd.DataFrame, texts: pd.DataFrame, live_tickets: Collection[str]
) -> pd.DataFrame:
    """Holdout tickets of the audit whose text says something and that no pilot answered, in order."""
    ours = set(splits.loc[splits["split"] == HOLDOUT, "ticket_id"]) - set(live_tickets)
    mine = tickets[tickets["ticket_id"].isin(ours) & tickets["is_in_audit"].fillna(False).astype(bool)]
    said = mine.merge(texts[["ticket_id", "text"]], on="ticket_id")
    return said[said["text"].fillna("").str.strip() != ""].sort_values("ticket_id", ignore_index=True)


def _beside_people(
    ticket: Mapping[str, Any], row: Mapping[str, Any], labels: pd.DataFrame, several: set[str], release: AgentRelease
) -> dict[str, Any]:
    """What people did with the ticket, and whether the decision agrees with it."""
    name = str(ticket["ticket_id"])
    label = None if pd.isna(ticket["label_category_id"]) else str(ticket["label_category_id"])
    source, right = NOBODY, []
    if name in labels.index:
        found = labels.loc[name]
        source, right = JUDGED_BY.get(str(found["label_source"]), NOBODY), list(found["entry_ids"])
    first = row["entry_ids"][0] if row["entry_ids"] else None
    labelled = release.categories.get(label) if label is not None else None
    return {
        "ticket_id": name,
        "created_at": ticket["created_at"],
        "requester_id": ticket["requester_id"],
        "question": str(ticket["text"]),
        "label_category_id": label,
        "linked_entry_ids": right if source == LINK else [],
        "same_answer_ids": right if source == REPLY else [],
        "was_escalated": name in several or (labelled is not None and labelled.bucket == "escalate"),
        "is_category_right": None if label is None else row["category_id"] == label,
        "is_entry_right": None if source == NOBODY else first is not None and first in right,
        "judged_by": source,
    }


def _answered_by_several(authors: pd.DataFrame, ticket_ids: set[str]) -> set[str]:
    """Tickets that more than one person answered in public."""
    is_reply = (authors["author_role"] == "staff") & authors["is_public"].astype(bool)
    read = authors[is_reply & authors["ticket_id"].isin(ticket_ids)]
    people = read.groupby("ticket_id")["author_id"].nunique()
    return set(people[people > 1].index)
