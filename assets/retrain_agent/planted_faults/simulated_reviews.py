"""What reviewers would have said of every decision: right or wrong, the words that would have been right, no reason.

Belongs here: decisions as judged answers. Does not belong here: which are wrong (``planted_failures``), telling why
(``failures``): a review holds what a person sees, and no word of the faults.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.decision_rows import decision_row, release_facts
from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.frames import CASE, REVIEW
from assets.retrain_agent.planted_faults.fault import AgeEntry, SwapLabels
from assets.retrain_agent.planted_faults.known_tickets import Truth, truths_of
from assets.retrain_agent.planted_faults.plant import swapped_labels
from assets.retrain_agent.planted_faults.planted_failures import BrokenWorld, KnownWorld
from assets.retrain_agent.planted_faults.right_answers import RightAnswers
from assets.retrain_agent.trials.trial_release import Material


def simulated_reviews(world: KnownWorld, broken: BrokenWorld, material: Material, as_of: pd.Timestamp) -> pd.DataFrame:
    """Frame ``frames.CASE``: a review of every decision about a ticket whose truth is known.

    Args:
        material: of the known release.
        as_of: its data cut.

    Each ticket was decided when it was asked: before a fault was there, without it. An aged entry said the same before,
    and it was right then. What reviewers tell beside right or wrong: the right words, as people wrote them to this
    customer, or as the entry says; the category that the helpdesk gave, where that was not swapped; whether a person had to
    take over, where that is the matter.
    """
    swapped = {
        ticket for one in broken.faults if isinstance(one, SwapLabels) for ticket in swapped_labels(one, material)
    }
    live = set(broken.planted.material.live["entry_id"])
    versions = release_facts(broken.planted.release, as_of)
    known: list[dict[str, Any]] = world.known.to_dict("records")  # type: ignore[assignment]
    rows = []
    for place, (ticket, truth) in enumerate(zip(known, truths_of(world.known), strict=True)):
        if not truth.right_entry_ids and not truth.should_escalate:
            continue
        decision, is_wrong = broken.decisions[place], not broken.is_right[place]
        cause = broken.cause[place]
        if cause is not None and not broken.is_failure(place, ticket["created_at"]):
            is_wrong = False
            fault = broken.faults[cause]
            if not (isinstance(fault, AgeEntry) and fault.was):
                decision = broken.before[place]
        row = decision_row(decision, versions)
        is_handover = decision.action == "escalate"
        is_matter = is_wrong and is_handover != bool(truth.should_escalate)
        subject = f"{ticket['ticket_id']}/{versions['release_id']}"
        rows.append(
            {
                **row,
                "case_id": hashlib.sha256(f"{REVIEW}/{subject}".encode()).hexdigest()[:16],
                "source": REVIEW,
                "answer_id": hashlib.sha256(subject.encode()).hexdigest()[:16],
                "ticket_id": ticket["ticket_id"],
                "requester_id": ticket["requester_id"],
                "occurred_at": ticket["created_at"],
                "side": ticket["side"],
                "language": decision.language,
                "question": ticket["text"],
                "context": ticket["context"],
                "said_reason": None,
                "right_answer": _right_words(ticket, truth, broken.answers, material) if is_wrong else None,
                "right_category_id": None if ticket["ticket_id"] in swapped else ticket["label_category_id"],
                "right_entry_ids": [one for one in ticket["linked_entry_ids"] if one in live],
                "should_escalate": bool(truth.should_escalate) if is_matter else None,
                "handle_minutes": None,
                "is_wrong": is_wrong,
            }
        )
    return frame_of(rows, CASE)


def _right_words(ticket: dict[str, Any], truth: Truth, answers: RightAnswers, material: Material) -> str | None:
    """What should have been said: people's own words where they give the right answer, else the right entry's."""
    if truth.should_escalate or not truth.right_entry_ids:
        return None
    said = ticket["said_by_people"]
    if isinstance(said, str) and any(answers.says(said, one) for one in truth.right_entry_ids):
        return said
    texts = dict(zip(material.live["entry_id"], material.live["answer"], strict=True))
    return next((str(texts[one]) for one in truth.right_entry_ids if one in texts), None)
