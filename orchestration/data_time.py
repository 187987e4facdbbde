"""What time it is for a desk's data, where nobody says: the newest record, unless only stragglers are that new.

Belongs here: one rule on tickets' times. Does not belong here: what an operator sets (``resources.given_as_of``).
"""

from __future__ import annotations

import pandas as pd

SILENCE = pd.Timedelta(days=21)
"""A desk may go without new tickets for as long (holidays, a frozen export) and still be read up to its newest record."""
USUAL_STRETCH = pd.Timedelta(days=90)
MIN_MISSING = 30
"""Tickets that should have come in the silence. By chance, none comes where 30 are usual once in 10^13."""


def data_time(tickets: pd.DataFrame) -> pd.Timestamp:
    """The newest record; or the newest ticket, where later records are late replies to tickets of an export that ends.

    Exports that are cut by the day a ticket came in (a month each) hold its replies of much later days. Were the last of these
    taken for the present, "the last 90 days" would be emptier than they were, or empty.

    Args:
        tickets: created_at, updated_at (UTC).

    Returns:
        NaT where no ticket has a time.
    """
    created, updated = tickets["created_at"].dropna(), tickets["updated_at"].dropna()
    if created.empty or updated.empty:
        return pd.concat([created, updated]).max()
    newest_ticket, newest = created.max(), updated.max()
    silence = newest - newest_ticket
    if silence <= SILENCE:
        return newest
    usual = (created > newest_ticket - USUAL_STRETCH).sum() / USUAL_STRETCH.days
    return newest_ticket if usual * silence.days >= MIN_MISSING else newest
