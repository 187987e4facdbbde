"""What past tickets teach the index of a micro-update.

Belongs here: the history that goes with a choice of entries. Does not belong here: finding out which entry answered a
ticket (``build_knowledge.entry_history``), building the index.

What the current release learnt from is kept, also about an entry whose answer has changed: customers ask for their invoices
as before, wherever these now lie, while old replies no longer say what the entry says, so that history found anew would
forget the entry just when it was put right. Found anew is only what tickets say about entries that are new or changed.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from assets.build_knowledge.entry_history import index_history
from assets.build_knowledge.retrieval.later_messages import with_later_messages
from assets.build_knowledge.retrieval.retrieval_index import HISTORY_COLUMNS, MESSAGE, RetrievalIndex
from assets.build_knowledge.variants import share_answered_tickets


def update_history(
    base: RetrievalIndex,
    changed: Collection[str],
    entries: pd.DataFrame,
    answered: pd.DataFrame,
    texts: pd.DataFrame,
    tickets: pd.DataFrame,
    comments: pd.DataFrame,
) -> pd.DataFrame:
    """``HISTORY_COLUMNS`` and ``MESSAGE`` [message of a past ticket x entry] over the chosen entries.

    Args:
        base: the current release's index.
        changed: entries that it lacks in this version.
        entries: the chosen ones, rows of ``live_entries``.
        answered: ``answered_tickets``. texts: ``ticket_vectors`` (ticket_id, text). tickets: ``fct_tickets`` (ticket_id,
            requester_id, created_at); a ticket that is gone from them teaches no more. comments: ``redacted_comments``.
    """
    chosen = set(entries["entry_id"])
    about = set(answered.loc[answered["entry_id"].isin(set(changed)), "ticket_id"])
    found = answered[answered["ticket_id"].isin(about) & answered["entry_id"].isin(chosen)]
    anew = index_history(found, entries, texts, tickets, comments)
    kept = _learnt_from(base)
    kept = kept[kept["entry_id"].isin(chosen) & ~kept["ticket_id"].isin(about)]
    # What is known of a question holds for a new variant of it as well.
    kept = share_answered_tickets(kept, entries)
    kept = kept.merge(texts[["ticket_id", "text"]].drop_duplicates("ticket_id"), on="ticket_id")
    kept = kept.merge(tickets[["ticket_id", "requester_id", "created_at"]].drop_duplicates("ticket_id"), on="ticket_id")
    kept = with_later_messages(kept.rename(columns={"created_at": "answered_at"}), comments)
    columns = [*HISTORY_COLUMNS, MESSAGE]
    frames = [one[columns] for one in (kept, anew) if len(one)]
    if not frames:
        return pd.DataFrame(columns=columns)
    return pd.concat(frames, ignore_index=True).sort_values(["ticket_id", "entry_id", MESSAGE], ignore_index=True)


def _learnt_from(index: RetrievalIndex) -> pd.DataFrame:
    """ticket_id, entry_id and weight of what an index was built from.

    The index keeps how strongly a ticket spoke for each entry beside its strongest, and how much the ticket counts: weights
    that give the same again.
    """
    rows: list[tuple[str, str, float]] = []
    if index.models is not None:
        history = index.models.history
        asked: set[str] = set()
        for ticket, answers, counts in zip(index.history_ids, history.answers, history.weights, strict=True):
            if ticket in asked:  # a later message, which is found anew beside its question
                continue
            asked.add(ticket)
            share = float(counts) / max(float(answers.sum()), 1e-9)
            rows += [(ticket, index.entries[place], float(answers[place]) * share) for place in np.flatnonzero(answers)]
    return pd.DataFrame(rows, columns=["ticket_id", "entry_id", "weight"])
