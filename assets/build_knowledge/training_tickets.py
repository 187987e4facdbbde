"""Which tickets knowledge may be learnt from, and what their customers asked.

Belongs here: the training side of the split, by category. Does not belong here: finding the asking sentence
(``drafts.customer_questions``).
"""

from __future__ import annotations

from typing import Literal

import pandas as pd

from assets.build_knowledge.drafts.customer_questions import customer_questions

Side = Literal["train", "calibration", "holdout"]
MAX_ASKED = 300
"""Tickets of a category whose question is read."""


def training_tickets(
    tickets: pd.DataFrame, intents: pd.DataFrame, splits: pd.DataFrame, side: Side = "train"
) -> tuple[pd.DataFrame, dict[str, str]]:
    """``fct_tickets`` of the audit on the training side, and the category of each that has one, by ticket_id.

    A ticket of any other side teaches nothing: what is learnt from it would be graded on it later. The calibration
    ``side`` is for those who choose how sure an answer must be, the holdout side for the replay alone, which grades a
    frozen release and teaches nobody.
    """
    ours = set(splits.loc[splits["split"] == side, "ticket_id"])
    mine = tickets[tickets["ticket_id"].isin(ours) & tickets["is_in_audit"].fillna(False).astype(bool)]
    category = mine["ticket_id"].map(intents.set_index("ticket_id")["assigned_category_id"])
    known = category.notna()
    return mine, dict(zip(mine["ticket_id"][known], category[known].astype(str), strict=True))


def training_questions(
    tickets: pd.DataFrame, intents: pd.DataFrame, splits: pd.DataFrame, comments: pd.DataFrame
) -> pd.DataFrame:
    """Frame ``customer_questions`` [training ticket of a category]: ticket_id, category_id, language, question, strength.

    Of each category the ``MAX_ASKED`` newest tickets are read: how customers ask today, at a cost that does not grow
    with the desk's age.
    """
    mine, category_by_ticket = training_tickets(tickets, intents, splits)
    newest = newest_of_each(mine, category_by_ticket, MAX_ASKED)
    kept = {ticket: category_by_ticket[ticket] for ticket in newest["ticket_id"]}
    return customer_questions(comments[comments["ticket_id"].isin(kept)], kept)


def newest_of_each(tickets: pd.DataFrame, category_by_ticket: dict[str, str], count: int) -> pd.DataFrame:
    """The ``count`` newest tickets of each category, newest first; tickets without a category are left out."""
    known = tickets[tickets["ticket_id"].isin(category_by_ticket)]
    newest = known.sort_values(["created_at", "ticket_id"], ascending=[False, True], kind="stable")
    return newest.groupby(newest["ticket_id"].map(category_by_ticket), sort=False).head(count)
