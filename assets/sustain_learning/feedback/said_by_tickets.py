"""Signals that a ticket's course gives: a rating in the helpdesk, a handover with its reason, a customer who came back.

Belongs here: one signal a fact of a ticket that the agent took part in. Does not belong here: what people said of the answer
itself (``said_by_people``), what an outcome means (dbt defines it, in ``fct_ai_answers``).

The time of a signal is that of what it is about (the answer, the solution), since helpdesks do not tell when a rating was
given: a late rating adds a signal to its day, and a new export moves none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import CONTROL, SENT_ALONE
from assets.sustain_learning.feedback.answer_facts import (
    ESCALATE,
    HELPDESK,
    LIVE,
    PILOT,
    is_false,
    is_true,
    records,
    text,
    unknown,
)
from assets.sustain_learning.feedback.said_by_people import ASSIGNEE, CUSTOMER, Word
from assets.sustain_learning.frames import CSAT, ESCALATION, REOPEN

PERSON_REPLIED = "person_replied"
_NOT_SAID = "the agent and a person answered"


def of_outcomes(outcomes: pd.DataFrame, tickets: pd.DataFrame) -> Iterator[Word]:
    """Of the pilot's tickets: the rating and the return where the agent answered, every handover with its reason.

    Args:
        outcomes: ``fct_ai_answers``. tickets: ``fct_tickets``, for the score as it was given.
    """
    scores = _scores(tickets)
    for row in records(outcomes.drop_duplicates("ticket_id", keep="last")):
        if text(row["mode"]) == CONTROL:
            continue
        answer_id, ticket_id = str(row["answer_id"]), str(row["ticket_id"])
        about = {"answer_id": answer_id, "subject": ticket_id, "category_id": text(row["category_id"])}
        is_handed_over, is_involved = is_true(row["is_escalated"]), is_true(row["is_involved"])
        at = _first_time(row, ("resolved_at", "answered_at", "decided_at", "created_at"))
        if is_handed_over:
            yield about | _handover(row)
        if not is_involved:
            continue
        if not unknown(row["csat_positive"]):
            yield about | _rating(bool(row["csat_positive"]), scores.get(ticket_id), at, is_handed_over)
        if is_true(row["is_false_resolution"]):
            yield about | _return(at)


def of_live(facts: Mapping[str, Mapping[str, Any]], tickets: pd.DataFrame, rated: Collection[str]) -> Iterator[Word]:
    """Of the live service's decisions: every handover, and what the helpdesk says of the tickets that it answered alone.

    Args:
        facts: ``answer_facts``. tickets: ``fct_tickets``. rated: decisions whose rating the live service itself was told:
            the helpdesk's is the same customer's.
    """
    of_ticket: dict[str, Mapping[str, Any]] = {}
    for answer_id, fact in facts.items():
        if fact["origin"] != LIVE:
            continue
        if fact["action"] == ESCALATE:
            yield {
                "kind": ESCALATION,
                "source": LIVE,
                "subject": f"{answer_id}\ndecided",
                "answer_id": answer_id,
                "occurred_at": fact["at"],
                "is_trouble": False,
                "reason": fact["handoff_reason"],
            }
        elif fact["sent"] and fact["action"] in SENT_ALONE and fact["ticket_id"]:
            held = of_ticket.get(fact["ticket_id"])
            if held is None or pd.isna(held["at"]) or fact["at"] >= held["at"]:
                of_ticket[fact["ticket_id"]] = fact
    for row in records(tickets.drop_duplicates("ticket_id", keep="last")):
        last = of_ticket.get(str(row["ticket_id"]))
        if last is None:
            continue
        about = {"answer_id": last["answer_id"], "subject": str(row["ticket_id"])}
        if text(row["csat"]) in ("good", "bad") and last["answer_id"] not in rated:
            by_person = bool(_number(row["count_staff_replies"]))
            yield about | _rating(row["csat"] == "good", _score(row["csat_score"]), last["at"], by_person)
        if _number(row["count_reopens"]):
            yield about | _return(last["at"])


def _handover(row: Mapping[str, Any]) -> Word:
    reason = text(row["escalation_reason"])
    is_needless = text(row["action"]) == ESCALATE and is_false(row["should_escalate"])
    is_cut_in = reason == PERSON_REPLIED and is_true(row["is_involved"])
    return {
        "kind": ESCALATION,
        "source": PILOT,
        "occurred_at": _first_time(row, ("decided_at", "created_at")),
        # The agent had answered and a person had to all the same: nobody steps in for nothing.
        "is_trouble": is_needless or is_cut_in,
        "is_positive": False if is_needless or is_cut_in else None,
        "reason": reason,
        "said_by": ASSIGNEE if is_cut_in else None,
    }


def _rating(is_good: bool, score: float | None, at: Any, is_by_person_too: bool) -> Word:
    return {
        "kind": CSAT,
        "source": HELPDESK,
        "occurred_at": at,
        "is_positive": is_good,
        # Where a person had the last word, the rating is not of the agent's answer alone.
        "is_trouble": not is_good and not is_by_person_too,
        "rating": score,
        "reason": _NOT_SAID if is_by_person_too else None,
        "said_by": CUSTOMER,
    }


def _return(at: Any) -> Word:
    return {
        "kind": REOPEN,
        "source": HELPDESK,
        "occurred_at": at,
        "is_positive": False,
        "is_trouble": True,
        "said_by": CUSTOMER,
    }


def _scores(tickets: pd.DataFrame) -> dict[str, float | None]:
    once = tickets.drop_duplicates("ticket_id", keep="last")
    return {str(one): _score(score) for one, score in zip(once["ticket_id"], once["csat_score"], strict=True)}


def _score(given: Any) -> float | None:
    """A rating as a number, where the helpdesk gives one; others say good or bad in words of their own."""
    try:
        return None if unknown(given) else float(given)
    except ValueError:
        return None


def _number(value: Any) -> float | None:
    return None if unknown(value) else float(value)


def _first_time(row: Mapping[str, Any], names: Collection[str]) -> Any:
    return next((row[name] for name in names if not unknown(row[name])), pd.NaT)
