"""Whether the splits are what they promise: no leak, fair shares, no group that outweighs the rest.

Belongs here: reading splits. Does not belong here: assigning them (``splits.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from assets.audit_tickets.splits.assign_splits import EXCLUDED, SIDES, link_tickets


@dataclass(frozen=True)
class SplitReport:
    """Facts about a set of splits, for metadata and for the person who judges them."""

    count_tickets: dict[str, int]
    """split → tickets, ``excluded`` included"""
    shares: dict[str, float]
    """train, calibration and holdout → share of the tickets that are on a side"""
    count_groups: int
    largest_groups: pd.DataFrame
    """[group_id, split, count_tickets, count_requesters, share]: those of at least ``large_share``, largest first"""


def find_split_leaks(splits: pd.DataFrame, tickets: pd.DataFrame, duplicate_groups: pd.DataFrame) -> pd.DataFrame:
    """The tickets of every requester and every near-duplicate group that stands on more than one side.

    Args: as for :func:`assets.audit_tickets.splits.assign_splits.assign_splits`; ``splits`` is what it returned.

    Returns:
        [kind (requester | near_duplicates), link_id, ticket_id, split, sides], empty if all is well; sorted.
        Excluded tickets are on no side.
    """
    on_a_side = splits[splits["split"] != EXCLUDED][["ticket_id", "split"]]
    rows = link_tickets(tickets, duplicate_groups).merge(on_a_side, on="ticket_id")
    rows = rows[rows.groupby(["kind", "link_id"])["split"].transform("nunique") > 1]
    sides = rows.groupby(["kind", "link_id"])["split"].agg(lambda split: ", ".join(sorted(set(split)))).rename("sides")
    rows = rows.merge(sides, left_on=["kind", "link_id"], right_index=True, how="left")
    columns = ["kind", "link_id", "ticket_id", "split", "sides"]
    return rows[columns].sort_values(["kind", "link_id", "ticket_id"], ignore_index=True)


def retire_leaking_tickets(splits: pd.DataFrame, leaks: pd.DataFrame) -> pd.DataFrame:
    """``splits`` with the calibration and holdout tickets among ``leaks`` taken off their side (``excluded``).

    New evidence can tie tickets together that already stand on two sides: two requesters turn out to be one person.
    Nothing is moved to another side, training tickets stay where they are, and what has seen a training ticket is no
    longer judged by its double. Where only calibration and holdout leak, holdout stays.
    """
    sides_of_link = leaks["sides"].str.split(", ")
    stays = sides_of_link.map(lambda sides: "train" if "train" in sides else "holdout")
    retired = leaks[leaks["split"] != stays].drop_duplicates("ticket_id").set_index("ticket_id")
    result = splits.copy()
    rows = result["ticket_id"].isin(retired.index)
    told = result.loc[rows, "ticket_id"].map(retired["kind"].str.replace("_", "-"))
    result.loc[rows, "reason"] = "retired from " + result.loc[rows, "split"] + ": its " + told + " stand on two sides"
    result.loc[rows, "split"] = EXCLUDED
    return result


def describe_splits(splits: pd.DataFrame, tickets: pd.DataFrame, large_share: float = 0.02) -> SplitReport:
    """Counts, shares and the groups that hold at least ``large_share`` of the tickets on a side.

    A large group is no error (one customer with 500 tickets is one), but it tips the side it is on.
    """
    counts = splits["split"].value_counts()
    on_a_side = splits[splits["split"] != EXCLUDED].merge(
        tickets[["ticket_id", "requester_id"]], on="ticket_id", how="left"
    )
    groups = on_a_side.groupby(["group_id", "split"], as_index=False).agg(
        count_tickets=("ticket_id", "size"), count_requesters=("requester_id", "nunique")
    )
    total = max(len(on_a_side), 1)
    groups["share"] = groups["count_tickets"] / total
    large = groups[groups["share"] >= large_share].sort_values(["count_tickets", "group_id"], ascending=[False, True])
    return SplitReport(
        count_tickets={split: int(counts.get(split, 0)) for split in (*SIDES, EXCLUDED)},
        shares={split: int(counts.get(split, 0)) / total for split in SIDES},
        count_groups=groups["group_id"].nunique(),
        largest_groups=large.reset_index(drop=True),
    )
