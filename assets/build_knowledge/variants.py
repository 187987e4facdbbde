"""Entries that answer one question for different readers: what is learnt of one teaches about all of them.

Belongs here: which entries are variants of one another, and sharing what customers say among them. Does not belong
here: which of them holds for a reader (``conditions``).

Customers ask alike whatever their plan: that "my code is rejected" was asked under single sign-on says what is asked,
and the reader's context then says which answer holds.
"""

from __future__ import annotations

import pandas as pd


def variant_groups(entries: pd.DataFrame) -> dict[str, list[str]]:
    """Every entry's id with the ids of all variants of its question, itself included.

    Args:
        entries: entry_id, category_id, question.
    """
    keys = [
        (category, " ".join(str(question).casefold().split()).rstrip("?!. "))
        for category, question in zip(entries["category_id"], entries["question"], strict=True)
    ]
    members: dict[tuple[str, str], list[str]] = {}
    for key, name in zip(keys, entries["entry_id"], strict=True):
        members.setdefault(key, []).append(name)
    return {name: sorted(members[key]) for key, name in zip(keys, entries["entry_id"], strict=True)}


def share_phrasings(entries: pd.DataFrame) -> pd.DataFrame:
    """The entries, each with the phrasings of all variants of its question; its own come first."""
    groups = variant_groups(entries)
    own = dict(zip(entries["entry_id"], entries["phrasings"], strict=True))
    shared = [
        list(dict.fromkeys([*own[name], *(one for other in groups[name] for one in own[other])]))
        for name in entries["entry_id"]
    ]
    return entries.assign(phrasings=pd.Series(shared, index=entries.index, dtype="object"))


def share_answered_tickets(answered: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """``answered_tickets`` in which a ticket that one variant answered counts for all variants, with the same weight."""
    groups = variant_groups(entries)
    known = answered[answered["entry_id"].isin(groups)]
    spread = known.assign(entry_id=known["entry_id"].map(groups)).explode("entry_id")
    heaviest = spread.sort_values(["ticket_id", "entry_id", "weight"], ascending=[True, True, False], kind="stable")
    return heaviest.drop_duplicates(["ticket_id", "entry_id"]).astype({"entry_id": "str"}).reset_index(drop=True)
