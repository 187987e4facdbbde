"""Which tickets teach, which calibrate and which judge: decided once per ticket, and never again.

Belongs here: assigning train / calibration / holdout so that no requester and no near-duplicates stand on two sides,
and finding where that does not hold.
Does not belong here: finding near-duplicates (``near_duplicates.py``), the data cut of a release.

A *link* is a requester or a group of near-duplicates. It takes the side of its first ticket and keeps it; new tickets
follow their links. Tickets that hang together only through new links form a group, whose side is drawn by hash. A new
ticket between a requester on one side and near-duplicates on another can go nowhere without a leak: it is ``excluded``.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

SIDES = ("train", "calibration", "holdout")
EXCLUDED = "excluded"
COLUMNS = ["ticket_id", "split", "group_id", "assigned_as_of", "reason"]

REASON_NEW = "new group"
REASON_FOLLOWS = "follows its {}"
REASON_TORN = "requester is in {}, near-duplicates are in {}"
REASON_TORN_LINK = "its {} is already in {}"


class SplitError(ValueError):
    """Splits cannot be assigned from what was given; the message says what is wrong."""


@dataclass
class _Link:
    """A requester or a group of near-duplicates, and the side its tickets are on (several only if it leaks already)."""

    kind: str
    sides: dict[str, str] = field(default_factory=dict)
    """side → group_id of the ticket that put the link there"""
    waiting: list[int] = field(default_factory=list)
    """rows of new tickets not yet assigned"""


def assign_splits(
    tickets: pd.DataFrame,
    duplicate_groups: pd.DataFrame,
    previous: pd.DataFrame | None,
    as_of: pd.Timestamp,
    shares: Sequence[float] = (0.70, 0.15, 0.15),
    salt: str = "",
) -> pd.DataFrame:
    """Assign every ticket that has no split yet; tickets that have one keep it.

    Args:
        tickets: [ticket_id, requester_id (null: unknown), created_at] and optionally is_in_audit. Pass all tickets:
            those with a split say where their requester stands. New tickets that are not in the audit (spam,
            automated, merged) get no split and link nobody; they get one when they come back into the audit.
        duplicate_groups: [ticket_id, duplicate_group_id]; tickets not listed are nobody's duplicate.
        previous: what the last call returned, or None. Its rows come back unchanged, also for tickets that are gone.
        as_of: UTC; written into new rows. Tickets created after it get no split yet.
        shares: of train, calibration and holdout, in expectation over groups.
        salt: the desk's own, so that two desks draw differently.

    Returns:
        [ticket_id, split, group_id, assigned_as_of, reason], sorted by ticket_id. ``group_id`` is shared by tickets
        that were assigned together or followed one another.

    Raises:
        SplitError: a column is missing, a ticket occurs twice, shares do not add up to 1, or as_of has no time zone.
    """
    _refuse_bad_input(tickets, duplicate_groups, previous, as_of, shares)
    previous = pd.DataFrame(columns=COLUMNS) if previous is None else previous[COLUMNS]
    links, links_of = _known_links(tickets, duplicate_groups, previous)

    is_new = ~tickets["ticket_id"].isin(previous["ticket_id"]) & (tickets["created_at"] <= as_of)
    if "is_in_audit" in tickets.columns:
        is_new &= tickets["is_in_audit"].fillna(False).astype(bool)
    new = tickets[is_new].sort_values(["created_at", "ticket_id"], ignore_index=True)
    ticket_ids = new["ticket_id"].tolist()
    own_links = [[links[key] for key in links_of.get(one, ())] for one in ticket_ids]
    for row, own in enumerate(own_links):
        for link in own:
            link.waiting.append(row)

    decided = _follow_links(own_links)
    for rows in _groups_of_rest(own_links, decided):
        key = _stable_key(new, rows[0])
        group_id = _digest(salt, "group", key)[:16]
        side = _draw(_digest(salt, "side", key), shares)
        decided |= dict.fromkeys(rows, (side, group_id, REASON_NEW))

    added = pd.DataFrame(
        [(one, *decided[row][:2], as_of, decided[row][2]) for row, one in enumerate(ticket_ids)], columns=COLUMNS
    )
    whole = pd.concat([frame for frame in (previous, added) if len(frame)]) if len(previous) + len(added) else added
    whole = whole.astype({column: "str" for column in COLUMNS if column != "assigned_as_of"})
    whole["assigned_as_of"] = pd.to_datetime(whole["assigned_as_of"], utc=True).astype("datetime64[us, UTC]")
    return whole.sort_values("ticket_id", ignore_index=True)


def _refuse_bad_input(
    tickets: pd.DataFrame,
    duplicate_groups: pd.DataFrame,
    previous: pd.DataFrame | None,
    as_of: pd.Timestamp,
    shares: Sequence[float],
) -> None:
    needed = {
        "tickets": (tickets, {"ticket_id", "requester_id", "created_at"}),
        "duplicate_groups": (duplicate_groups, {"ticket_id", "duplicate_group_id"}),
        "previous": (previous, set(COLUMNS)),
    }
    for name, (frame, columns) in needed.items():
        if frame is None:
            continue
        if absent := columns - set(frame.columns):
            raise SplitError(f"{name} lack the columns {sorted(absent)}.")
        if (twice := frame["ticket_id"][frame["ticket_id"].duplicated()]).size:
            raise SplitError(f"{name}: ticket {twice.iloc[0]} occurs twice.")
    if len(shares) != len(SIDES) or min(shares) < 0 or abs(sum(shares) - 1) > 1e-9:
        raise SplitError(f"shares must be three numbers that add up to 1 ({', '.join(SIDES)}), not {list(shares)}.")
    if as_of.tzinfo is None:
        raise SplitError("as_of needs a time zone.")


def link_tickets(tickets: pd.DataFrame, duplicate_groups: pd.DataFrame) -> pd.DataFrame:
    """[ticket_id, kind (requester | near_duplicates), link_id]: what ties tickets to one side. Unknown requesters tie
    nobody, nor do near-duplicate groups of one."""
    who = tickets[tickets["requester_id"].notna() & (tickets["requester_id"].astype(str) != "")]
    requesters = pd.DataFrame(
        {"ticket_id": who["ticket_id"], "kind": "requester", "link_id": who["requester_id"].astype(str)}
    )
    listed = duplicate_groups[duplicate_groups["ticket_id"].isin(tickets["ticket_id"])]
    listed = listed[listed["duplicate_group_id"].duplicated(keep=False)]
    groups = listed["duplicate_group_id"].astype(str)
    duplicates = pd.DataFrame({"ticket_id": listed["ticket_id"], "kind": "near_duplicates", "link_id": groups})
    return pd.concat([requesters, duplicates], ignore_index=True)


def _known_links(
    tickets: pd.DataFrame, duplicate_groups: pd.DataFrame, previous: pd.DataFrame
) -> tuple[dict[tuple[str, str], _Link], dict[str, list[tuple[str, str]]]]:
    """All links with the sides they are on, and each ticket's own (its requester's first)."""
    links: dict[tuple[str, str], _Link] = {}
    links_of: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    standing = previous[previous["split"] != EXCLUDED].sort_values(["assigned_as_of", "ticket_id"])
    sides = dict(zip(standing["ticket_id"], zip(standing["split"], standing["group_id"], strict=True), strict=True))
    rows = link_tickets(tickets, duplicate_groups)
    for ticket_id, kind, link_id in zip(rows["ticket_id"], rows["kind"], rows["link_id"], strict=True):
        links.setdefault((kind, link_id), _Link(kind.replace("_", "-")))
        links_of[ticket_id].append((kind, link_id))
    for ticket_id, (side, group_id) in sides.items():
        for key in links_of.get(ticket_id, ()):
            links[key].sides.setdefault(side, group_id)
    return links, links_of


def _follow_links(own_links: list[list[_Link]]) -> dict[int, tuple[str, str, str]]:
    """Assign the new tickets that any link ties to a side, oldest first, until no link says more.

    Returns row → (split, group_id, reason).
    """
    decided: dict[int, tuple[str, str, str]] = {}
    ready = [row for row, own in enumerate(own_links) if any(link.sides for link in own)]
    heapq.heapify(ready)
    while ready:
        row = heapq.heappop(ready)
        if row in decided:
            continue
        told = [link for link in own_links[row] if link.sides]
        sides = {side for link in told for side in link.sides}
        group_id = next(iter(told[0].sides.values()))
        if len(sides) > 1:
            decided[row] = (EXCLUDED, group_id, _why_torn(told))
            continue
        side = sides.pop()
        decided[row] = (side, group_id, REASON_FOLLOWS.format(told[0].kind))
        for link in own_links[row]:
            if not link.sides:
                link.sides[side] = group_id
                for other in link.waiting:
                    heapq.heappush(ready, other)
    return decided


def _why_torn(told: list[_Link]) -> str:
    for link in told:
        if len(link.sides) > 1:
            return REASON_TORN_LINK.format(link.kind, " and in ".join(sorted(link.sides)))
    return REASON_TORN.format(*(next(iter(link.sides)) for link in told))


def _groups_of_rest(own_links: list[list[_Link]], decided: dict[int, tuple[str, str, str]]) -> list[list[int]]:
    """Rows of the undecided tickets, those connected through any links together; rows and groups oldest first."""
    groups, seen = [], set(decided)
    for start in range(len(own_links)):
        if start in seen:
            continue
        seen.add(start)
        group, todo = [], [start]
        while todo:
            row = todo.pop()
            group.append(row)
            for link in own_links[row]:
                todo += [other for other in link.waiting if other not in seen]
                seen.update(link.waiting)
                link.waiting = []
        groups.append(sorted(group))
    return groups


def _stable_key(new: pd.DataFrame, row: int) -> str:
    """What a group is drawn by: its oldest ticket's requester, so that a person's side does not hang on a ticket."""
    requester = new["requester_id"].iloc[row]
    if pd.isna(requester) or requester == "":
        return f"ticket:{new['ticket_id'].iloc[row]}"
    return f"requester:{requester}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _draw(digest: str, shares: Sequence[float]) -> str:
    point = int(digest[:16], 16) / 16**16
    if point < shares[0]:
        return SIDES[0]
    return SIDES[1] if point < shares[0] + shares[1] else SIDES[2]
