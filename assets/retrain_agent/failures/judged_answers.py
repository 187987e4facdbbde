"""Every answer that somebody or something judged, once, with all that is known of it: the rows that failures come from.

Belongs here: joining what was decided with the surest word about it, the helpdesk's category, the side of the split and
what it cost people. Does not belong here: what a source says (``word_on_answer``, ``replayed``), why an answer was wrong
(``type_failures``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from assets.build_knowledge.drafts.staff_answers import staff_answers
from assets.pilot_agent.answers.frames import CONTROL, as_list, frame_of
from assets.pilot_agent.verdict.outcomes_of_answers import handle_minutes
from assets.retrain_agent.failures.replayed import of_replay
from assets.retrain_agent.failures.word_on_answer import Word, of_feedback, of_outcomes, of_reviews, surest
from assets.retrain_agent.frames import CASE

_COPIED = ("release_id", "action", "category_id", "confidence", "handoff_reason", "language", "question", "reply")


def judged_answers(
    *,
    answers: pd.DataFrame,
    reviews: pd.DataFrame,
    outcomes: pd.DataFrame,
    decisions: pd.DataFrame,
    feedback: pd.DataFrame,
    replay: pd.DataFrame,
    tickets: pd.DataFrame,
    splits: pd.DataFrame,
    comments: pd.DataFrame,
) -> pd.DataFrame:
    """Gather the judged answers, right and wrong.

    Args:
        answers: ``shadow_answers``; those of the control arm were shown to nobody and are left out. reviews:
            ``answer_reviews``. outcomes: ``fct_ai_answers``. decisions: ``live_decisions``. feedback: ``live_feedback``.
            replay: ``replay_answers``. tickets: ``fct_tickets``. splits: ``ticket_splits``. comments:
            ``redacted_comments``, for what people answered where no reviewer says what is right. Each may be empty.

    Returns:
        ``frames.CASE``, by occurred_at and case_id; one row an answer, whatever was exported or said twice.
    """
    facts = _facts(tickets)
    side = dict(zip(splits["ticket_id"].astype(str), splits["split"], strict=True)) if len(splits) else {}
    shown = answers[answers["mode"] != CONTROL].drop_duplicates("answer_id", keep="last")
    decided = decisions.drop_duplicates("decision_id", keep="last")
    said, became = of_reviews(reviews), of_outcomes(outcomes)
    actions = {str(row.decision_id): _text(row.action) for row in decided.itertuples()}
    actions |= {str(row.answer_id): _text(row.action) for row in shown.itertuples()}
    told = of_feedback(feedback, actions)
    rows: list[dict[str, Any]] = []
    for answer_id, row in [*_by_id(shown, "answer_id"), *_by_id(decided, "decision_id")]:
        words = [*told.get(answer_id, ()), *became.get(answer_id, ())]
        word = surest([said[answer_id], *words] if answer_id in said else words)
        if word is not None:
            rows.append(_case(row, word, answer_id, _text(row.get("ticket_id")), facts, side))
    rows = list({row["case_id"]: row for row in rows}.values())
    unsaid = {str(row["ticket_id"]) for row in rows if row["is_wrong"] and not row["right_answer"]}
    asked = {str(one) for one in replay["ticket_id"]} if len(replay) else set()
    replies = _replies(comments, tickets, unsaid | asked)
    for row in rows:
        if (
            row["is_wrong"]
            and not row["right_answer"]
            and not _is_own(row["reply"], replies.get(str(row["ticket_id"])))
        ):
            row["right_answer"] = replies.get(str(row["ticket_id"]))
    for record in _records(replay.drop_duplicates(["ticket_id", "release_id"], keep="last")):
        if (word := of_replay(record, replies)) is not None:
            rows.append(_case(record, word, None, str(record["ticket_id"]), facts, side))
    frame = frame_of([[row[name] for name in CASE] for row in rows], CASE)
    return frame.sort_values(["occurred_at", "case_id"], kind="stable", ignore_index=True)


def case_id(source: str, subject: str) -> str:
    """16 hex digits of where it is said and of what: the answer, or in replay the ticket and the release."""
    return hashlib.sha256(f"{source}\n{subject}".encode()).hexdigest()[:16]


def _case(
    row: Mapping[str, Any],
    word: Word,
    answer_id: str | None,
    ticket_id: str | None,
    facts: Mapping[str, Mapping[str, Any]],
    side: Mapping[str, str],
) -> dict[str, Any]:
    known = facts.get(ticket_id or "", {})
    minutes = word.minutes if word.minutes is not None else known.get("minutes")
    subject = answer_id if answer_id is not None else f"{ticket_id}\n{row['release_id']}"
    asked_at = [row.get("asked_at"), row.get("created_at"), row.get("decided_at")]
    return {
        "case_id": case_id(word.source, subject),
        "source": word.source,
        "answer_id": answer_id,
        "ticket_id": ticket_id,
        "requester_id": _text(row.get("requester_id")),
        "occurred_at": next((one for one in asked_at if one is not None and not pd.isna(one)), pd.NaT),
        "side": side.get(ticket_id or ""),
        **{name: row.get(name) for name in _COPIED},
        "entry_ids": [str(one) for one in as_list(row.get("entry_ids"))],
        "entry_hashes": [str(one) for one in as_list(row.get("entry_hashes"))],
        "steps": [str(one) for one in as_list(row.get("steps"))],
        "context": _text(row.get("context")) or known.get("context"),
        "said_reason": word.reason,
        "right_answer": word.right_answer,
        "right_category_id": known.get("category"),
        "right_entry_ids": list(word.right_entry_ids),
        "should_escalate": word.should_escalate,
        "handle_minutes": minutes,
        "is_wrong": word.is_wrong,
    }


def _facts(tickets: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Of each ticket the helpdesk's category, the customer's facts, and the minutes people spent."""
    if tickets.empty:
        return {}
    once = tickets.drop_duplicates("ticket_id", keep="last")
    minutes = handle_minutes(once)
    columns = zip(once["ticket_id"], once["label_category_id"], once["context"], minutes, strict=True)
    return {
        str(name): {
            "category": _text(category),
            "context": _text(context),
            "minutes": None if pd.isna(spent) else float(spent),
        }
        for name, category, context, spent in columns
    }


def _replies(comments: pd.DataFrame, tickets: pd.DataFrame, wanted: set[str]) -> dict[str, str]:
    """What a person answered, without what belongs to one customer, by ticket; a ticket with no legible answer is left out."""
    if comments.empty or tickets.empty or not wanted:
        return {}
    mine = tickets[tickets["ticket_id"].astype(str).isin(wanted)].drop_duplicates("ticket_id", keep="last")
    said = staff_answers(
        comments[comments["ticket_id"].isin(set(mine["ticket_id"]))], mine, dict.fromkeys(mine["ticket_id"], "")
    )
    return dict(zip(said["ticket_id"].astype(str), said["answer"], strict=True))


def _is_own(reply: Any, said: str | None) -> bool:
    """Whether what a person sent is what the agent had drafted: it then says nothing about what would be right."""
    if said is None or _text(reply) is None:
        return False
    one, other = (" ".join(text.casefold().split()) for text in (str(reply), said))
    return other in one or one in other


def _by_id(frame: pd.DataFrame, name: str) -> Iterable[tuple[str, dict[str, Any]]]:
    return [(str(row[name]), row) for row in _records(frame)]


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _text(value: Any) -> str | None:
    return None if value is None or pd.isna(value) or not str(value).strip() else str(value)
