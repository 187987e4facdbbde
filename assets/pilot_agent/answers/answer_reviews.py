"""What people said of answers, from the ledger and the helpdesk together.

Belongs here: joining the two, and which word of a reviewer is the current one. Does not belong here: recording
(``ledger.reviews``), reading tags (``helpdesk_reviews``), what several reviewers come to (the mart of answers).
"""

from __future__ import annotations

import pandas as pd

from assets.pilot_agent.answers.frames import REVIEW, ROLLOUT, SHADOW, typed
from ledger.events import name_key


def gather_reviews(ledger_reviews: pd.DataFrame, helpdesk_rows: pd.DataFrame, answers: pd.DataFrame) -> pd.DataFrame:
    """Frame ``answer_reviews`` [review]: columns ``frames.REVIEW``, ordered by time.

    Args:
        ledger_reviews: what ``ledger.reviews.answer_reviews`` returns, with its history or without.
        helpdesk_rows: what ``helpdesk_reviews`` returns.
        answers: ``frames.ANSWER``; reviews of answers that are not in it (erased) are dropped (``count_unknown``).

    Of one reviewer's words on one answer one is current: what the ledger says before what the helpdesk says. Words of
    different reviewers are all current.
    """
    ticket_of = dict(zip(answers["answer_id"], answers["ticket_id"], strict=True))
    ours = ledger_reviews.assign(ticket_id=ledger_reviews["answer_id"].map(ticket_of))
    if "is_current" not in ours:
        ours = ours.assign(is_current=True)
    parts = [typed(part, REVIEW) for part in (ours, helpdesk_rows)]
    both = pd.concat(parts, ignore_index=True)
    both = both[both["answer_id"].isin(set(ticket_of))].reset_index(drop=True)
    both["ticket_id"] = both["answer_id"].map(ticket_of)
    who = pd.Series([name_key(str(name)) for name in both["reviewer"]], index=both.index, dtype="object")
    # Rows of the ledger come first: a helpdesk's row of the same person on the same answer is a repetition at best.
    current = both["is_current"].fillna(False).astype(bool)
    key = both["answer_id"].astype(str) + "\x1f" + who
    both["is_current"] = current & ~key.where(current).duplicated()
    return typed(both.sort_values(["reviewed_at", "answer_id", "review_id"], kind="stable"), REVIEW)


def count_unknown(ledger_reviews: pd.DataFrame, helpdesk_rows: pd.DataFrame, answers: pd.DataFrame) -> int:
    """Reviews that ``gather_reviews`` drops, because their answer is not there any more."""
    known = set(answers["answer_id"])
    return sum(int((~frame["answer_id"].isin(known)).sum()) for frame in (ledger_reviews, helpdesk_rows))


def standing(reviews: pd.DataFrame, said: str) -> pd.DataFrame:
    """The reviews that stand and say something in a column, such as ``tag`` or ``decision``."""
    return reviews[reviews["is_current"].fillna(False).astype(bool) & reviews[said].notna()]


def reviewable(answers: pd.DataFrame) -> pd.DataFrame:
    """The answers that people are to tag: all that were drafted in shadow or sent, and every decision to hand over."""
    return answers[answers["mode"].isin([SHADOW, ROLLOUT])]
