"""What is known of one answer by what people said or did about it: whether it was wrong, why, and what would be right.

Belongs here: one word a source, and which of several counts. Does not belong here: joining them with what was decided
(``judged_answers``), replay (``replayed``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.answer_reviews import standing
from assets.pilot_agent.live.frames import HANDOFF
from assets.pilot_agent.report.worth_reading import severest_reviews
from assets.retrain_agent.frames import FEEDBACK, REOPENED, REVIEW
from assets.retrain_agent.frames import HANDOFF as CLOSED_HANDOFF

SOURCES = (REVIEW, FEEDBACK, CLOSED_HANDOFF, REOPENED)
"""The surest first."""
SAYS_ESCALATE: Mapping[str, bool] = {"should_have_escalated": True, "needless_escalation": False}
_HELD_BACK = "escalate"
_SOLVED = "resolved"


@dataclass(frozen=True)
class Word:
    """What one source says of one answer. should_escalate: None where it does not say; minutes: a person spent."""

    source: str
    is_wrong: bool | None
    reason: str | None = None
    right_answer: str | None = None
    right_entry_ids: tuple[str, ...] = ()
    should_escalate: bool | None = None
    minutes: float | None = None


def of_reviews(reviews: pd.DataFrame) -> dict[str, Word]:
    """By answer_id what its reviewers come to: the most severe tag that stands, as in the published metrics.

    Reason and right words are those of the most severe review that has any; an edited reply is what would have been right.
    """
    if reviews.empty:
        return {}
    severest = severest_reviews(reviews)
    said = standing(reviews, "tag").assign(
        is_severest=lambda frame: frame["review_id"].isin(set(severest["review_id"])).astype(int)
    )
    said = said.sort_values(["is_severest", "reviewed_at", "review_id"], ascending=[False, False, True], kind="stable")
    tags = dict(zip(severest.index.astype(str), severest["tag"], strict=True))
    found = {}
    for answer_id, rows in said.groupby("answer_id", sort=False):
        records: list[Any] = rows.to_dict("records")
        is_wrong = tags[str(answer_id)] != "correct"
        blaming = [one for one in records if one["tag"] != "correct"]
        reason = _first(one["reason"] for one in blaming)
        words = _first(_given(one["right_answer"]) or _given(one["edited_reply"]) for one in records)
        found[str(answer_id)] = Word(
            REVIEW, is_wrong, reason, words if is_wrong else None, should_escalate=SAYS_ESCALATE.get(reason or "")
        )
    return found


def of_feedback(feedback: pd.DataFrame, actions: Mapping[str, str | None]) -> dict[str, list[Word]]:
    """By decision_id what came back from the live side: ratings and corrections as one word, a closed handoff as another.

    Args:
        feedback: ``live_feedback``; erased events say nothing.
        actions: what was done, by decision_id.

    Of several ratings of one scale the last one counts, so that a rating that comes weeks later is a changed mind and no
    second failure; a bad one outweighs a good one of another kind. An escalation after a reply says that a person should
    have taken over.
    """
    if feedback.empty:
        return {}
    said = feedback[~feedback["is_erased"].fillna(False).astype(bool)].sort_values("sequence", kind="stable")
    found: dict[str, list[Word]] = {}
    for decision_id, rows in said.groupby("decision_id", sort=False):
        records: list[Any] = rows.to_dict("records")
        action = actions.get(str(decision_id))
        words = [_of_ratings([one for one in records if _given(one["kind"]) != HANDOFF], action)]
        words.append(_of_handoff([one for one in records if _given(one["kind"]) == HANDOFF], action))
        if told := [one for one in words if one is not None]:
            found[str(decision_id)] = told
    return found


def of_outcomes(outcomes: pd.DataFrame) -> dict[str, list[Word]]:
    """By answer_id what became of tickets that the agent took part in: a rating, a return, a confirmed solution.

    Args:
        outcomes: ``fct_ai_answers``. Of those that only a person answered (control) it says nothing of the agent.
    """
    found: dict[str, list[Word]] = {}
    for row in outcomes.to_dict("records"):
        if not _is(row["is_involved"], True):
            continue
        words = []
        if not _unknown(row["csat_positive"]) and not _is(row["is_escalated"], True):
            words.append(Word(FEEDBACK, not bool(row["csat_positive"])))
        if _is(row["is_false_resolution"], True):
            words.append(Word(REOPENED, True))
        elif _is(row["is_resolved_confirmed"], True) and not _is(row["is_escalated"], True):
            words.append(Word(REOPENED, False))
        if words:
            found[str(row["answer_id"])] = words
    return found


def surest(words: Iterable[Word]) -> Word | None:
    """The word of the surest source that says whether the answer was wrong, with what only others say filled in.

    Of one source a blaming word counts before a praising one. Others fill in only where they agree on right and wrong.
    """
    known = [one for one in words if one.is_wrong is not None]
    if not known:
        return None
    ranked = sorted(known, key=lambda one: (SOURCES.index(one.source), not one.is_wrong))
    first = ranked[0]
    for other in ranked[1:]:
        minutes = first.minutes if first.minutes is not None else other.minutes
        first = replace(first, minutes=minutes)
        if other.is_wrong is not first.is_wrong or not first.is_wrong:
            continue
        first = replace(
            first,
            reason=first.reason or other.reason,
            right_answer=first.right_answer or other.right_answer,
            right_entry_ids=first.right_entry_ids or other.right_entry_ids,
            should_escalate=first.should_escalate if first.should_escalate is not None else other.should_escalate,
        )
    return first


def _of_ratings(records: list[dict[str, Any]], action: str | None) -> Word | None:
    last: dict[str, bool] = {}
    words = entry = None
    is_escalated = False
    for one in records:
        kind = _given(one["kind"])
        if kind in ("thumbs", "csat"):
            # The middle of a scale takes back what was said before, and says neither.
            last.pop(kind, None)
            if not _unknown(one["is_positive"]):
                last[kind] = bool(one["is_positive"])
        elif kind == "escalation":
            is_escalated = True
        elif kind == "correction":
            words, entry = _given(one["right_answer"]) or words, _given(one["right_entry_id"]) or entry
    is_missed = is_escalated and action != _HELD_BACK
    is_wrong: bool | None = None
    if is_missed or words or entry or False in last.values():
        is_wrong = True
    elif last:
        is_wrong = False
    if is_wrong is None:
        return None
    return Word(FEEDBACK, is_wrong, None, words, (entry,) if entry else (), True if is_missed else None)


def _of_handoff(records: list[dict[str, Any]], action: str | None) -> Word | None:
    """How a handoff ended: one that was not needed is a failure, what the person replied is what was right."""
    if not records:
        return None
    one = records[-1]
    needed = None if _unknown(one["was_needed"]) else bool(one["was_needed"])
    minutes = None if _unknown(one["handle_minutes"]) else float(one["handle_minutes"])
    words, entry = _given(one["right_answer"]), _given(one["right_entry_id"])
    is_wrong = None if needed is None or action != _HELD_BACK else not needed
    solved = is_wrong and _given(one["outcome"]) in (_SOLVED, None)
    return Word(
        CLOSED_HANDOFF, is_wrong, "needless_escalation" if is_wrong else None, words if solved else None,
        (entry,) if entry else (), needed if action == _HELD_BACK else None, minutes,
    )  # fmt: skip


def _first(values: Iterable[Any]) -> str | None:
    return next((text for value in values if (text := _given(value))), None)


def _given(value: Any) -> str | None:
    return None if _unknown(value) or not str(value).strip() else str(value)


def _unknown(value: Any) -> bool:
    return value is None or bool(pd.isna(value))


def _is(value: Any, wanted: bool) -> bool:
    return not _unknown(value) and bool(value) is wanted
