"""Everything that was said or done about the agent's answers, as one table.

Belongs here: tying each word to its answer, and giving it an id that stays. Does not belong here: reading the sources
(``said_by_people``, ``said_by_tickets``), what follows for an entry (``entry_trouble``).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import frame_of
from assets.pilot_agent.live.private_words import Redactor
from assets.sustain_learning.feedback.answer_facts import ABOUT, answer_facts
from assets.sustain_learning.feedback.said_by_people import of_feedback, of_reviews
from assets.sustain_learning.feedback.said_by_tickets import of_live, of_outcomes
from assets.sustain_learning.frames import CSAT, SIGNAL


def feedback_signals(
    answers: pd.DataFrame,
    reviews: pd.DataFrame,
    outcomes: pd.DataFrame,
    decisions: pd.DataFrame,
    feedback: pd.DataFrame,
    tickets: pd.DataFrame,
) -> pd.DataFrame:
    """Gather the signals.

    Args:
        answers: ``shadow_answers``. reviews: ``answer_reviews``. outcomes: ``fct_ai_answers``. decisions: ``live_decisions``.
            feedback: ``live_feedback``. tickets: ``fct_tickets``. Each may be empty; of what was exported twice the last
            export counts.

    Returns:
        ``frames.SIGNAL``, by occurred_at and signal_id. Words about answers that are not there any more (erased) are left
        out, as are those about answers that were shown to nobody.
    """
    facts = answer_facts(answers, decisions, tickets)
    told = [*of_reviews(reviews), *of_feedback(feedback, facts)]
    rated = {word["answer_id"] for word in told if word["kind"] == CSAT}
    told += [*of_outcomes(outcomes, tickets), *of_live(facts, tickets, rated)]
    rows: dict[str, dict[str, Any]] = {}
    for word in told:
        fact = facts.get(word["answer_id"])
        if fact is None:
            continue
        name = signal_id(word["kind"], word["source"], word["subject"])
        minutes = word.get("handle_minutes")
        rows[name] = {
            **dict.fromkeys(SIGNAL),
            **{one: fact[one] for one in ABOUT},
            **{one: value for one, value in word.items() if one in SIGNAL and value is not None},
            "signal_id": name,
            "words": _redacted(word.get("words")),
            "handle_minutes": fact["minutes"] if minutes is None else minutes,
        }
        if pd.isna(rows[name]["occurred_at"]):
            rows[name]["occurred_at"] = fact["at"]
    frame = frame_of([[row[one] for one in SIGNAL] for row in rows.values()], SIGNAL)
    return frame.sort_values(["occurred_at", "signal_id"], kind="stable", ignore_index=True)


def signal_id(kind: str, source: str, subject: str) -> str:
    """16 hex digits of what was said, where, and of what."""
    return hashlib.sha256(f"{kind}\n{source}\n{subject}".encode()).hexdigest()[:16]


@lru_cache(maxsize=4096)
def _redacted(words: str | None) -> str | None:
    """Words as they may be published; the same right answer is given to many."""
    return Redactor().words(words)
