"""What a month's candidate may know: everything that lay before the month's end, and nothing after it.

Belongs here: cutting frames at a moment. Does not belong here: learning from it (``refit``), which month it is (``orchestration``).

Tickets, replies and reviews carry the time at which they came, so that a month that is built late sees what it would have
seen. Knowledge does not: how an entry read, whether a finding was open and which bucket a category had are kept as they are
now. The newest month takes them so, as every release does. A month that is built long afterwards takes the entries that
were accepted before its end and are still live; it cannot know entries that were live then and have since been changed or
have left, nor how a ticket's label, status or redaction read at that time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assets.retrain_agent.trials.trial_release import Material

if TYPE_CHECKING:
    import pandas as pd


def before(material: Material, until: pd.Timestamp, *, is_newest: bool = True) -> Material:
    """The material as it lay before ``until``: tickets created and replies written earlier, and what belongs to them.

    Args:
        material: the published frames.
        until: the month's end, UTC.
        is_newest: whether no later month is over: entries then are those live now, else those of them that were accepted
            before ``until``.
    """
    tickets = material.tickets[material.tickets["created_at"] < until].reset_index(drop=True)
    known = set(tickets["ticket_id"])

    def of_known(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["ticket_id"].isin(known)].reset_index(drop=True)

    comments = of_known(material.comments)
    live, aside = material.live, material.aside
    if not is_newest:
        live, aside = (
            frame[frame["accepted_at"] < until].reset_index(drop=True) if "accepted_at" in frame else frame
            for frame in (live, aside)
        )
    return replace(
        material,
        live=live,
        aside=aside,
        tickets=tickets,
        intents=of_known(material.intents),
        splits=of_known(material.splits),
        comments=comments[comments["created_at"] < until].reset_index(drop=True),
        texts=of_known(material.texts),
    )


def corrections_before(corrections: pd.DataFrame, until: pd.Timestamp, *, is_newest: bool = True) -> pd.DataFrame:
    """What people had corrected of tickets' categories (``ledger.corrections.category_corrections``).

    Like an accepted entry, a correction counts as it stands now for the newest month; a month built long afterwards takes
    those whose last word was spoken before its end.
    """
    return corrections if is_newest else corrections[corrections["corrected_at"] < until].reset_index(drop=True)
