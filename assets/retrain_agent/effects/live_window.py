"""Which tickets tell of a change's live effect, and whether they are enough.

Belongs here: groups, weeks before and after, what is left out and why, the least sample. Does not belong here: the
effect (``differences_in_differences``).

Weeks are seven times 24 hours counted from the moment of release, in UTC, so that a change of clocks makes no week longer.
The last one ends where the release was rolled back or the next change to the same categories came. Tickets too young for
their outcome to be known are left out whether it is known or not: those that are known early are not like the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.pilot_agent.verdict.outcomes import requester_codes, truths

COLUMNS = ("ticket_id", "requester_id", "category_id", "created_at", "outcome")
LEAST_TICKETS = 50
"""Tickets each of the four groups must have: targeted and untouched, before and after."""
LEAST_REQUESTERS = 20
"""Requesters each of the four groups must have."""
LEAST_OF_A_KIND = 10
"""Targeted tickets that score, and that do not, before and after together: with fewer no share is known."""
BLOCK_TICKETS = 30
"""Tickets of each group in a stretch of the weeks before; thinner weeks are put together with their neighbours."""


class LiveError(ValueError):
    """The change or the outcomes cannot be read; the message says what to do."""


@dataclass(frozen=True)
class LiveChange:
    """A change that was released, and what it is measured on. Times have a time zone.

    targeted: categories it is about. untouched: categories that nothing was changed in, from ``weeks_before`` before the
    release to the end. ended_at: when it was rolled back, or the next change to its categories came.
    """

    change_id: str
    released_at: pd.Timestamp
    targeted: frozenset[str]
    untouched: frozenset[str]
    ended_at: pd.Timestamp | None = None
    weeks_before: int = 8
    weeks_after: int = 4
    settle_days: int = 7

    def __post_init__(self) -> None:
        times = [self.released_at] if self.ended_at is None else [self.released_at, self.ended_at]
        if any(one.tzinfo is None for one in times):
            raise LiveError(f"change {self.change_id}: times have no time zone; give UTC times")
        if both := self.targeted & self.untouched:
            raise LiveError(f"change {self.change_id}: {', '.join(sorted(both))} cannot be both targeted and untouched")
        if self.weeks_before < 2 or self.weeks_after < 1 or self.settle_days < 0:
            raise LiveError(f"change {self.change_id}: give two weeks before and one after at least")


@dataclass(frozen=True)
class LiveTickets:
    """Tickets of the window whose outcome is known. (n,) each: outcome 0 or 1, whether targeted, whether after, week
    counted from the release (negative before it), and codes of category and requester.

    n_repeated: rows of tickets that were there already. n_young: tickets too young to be judged. n_unknown: old enough,
    and the outcome is not known.
    """

    outcome: np.ndarray
    is_targeted: np.ndarray
    is_after: np.ndarray
    week: np.ndarray
    category: np.ndarray
    requester: np.ndarray
    n_repeated: int = 0
    n_young: int = 0
    n_unknown: int = 0

    def __len__(self) -> int:
        return len(self.outcome)

    def groups(self) -> dict[str, np.ndarray]:
        """The four groups by name, (n,) masks."""
        return {
            f"{what} {when}": is_what & is_when
            for what, is_what in (("targeted", self.is_targeted), ("untouched", ~self.is_targeted))
            for when, is_when in (("before", ~self.is_after), ("after", self.is_after))
        }


def select_tickets(frame: pd.DataFrame, change: LiveChange, as_of: pd.Timestamp) -> LiveTickets:
    """Tickets of the change's window.

    Args:
        frame: ``COLUMNS`` [ticket]; created_at with a time zone, outcome a truth that is null where not known. category_id
            must be what was known when the ticket came. A ticket that is there more than once (an export that was made
            again) counts once: as its last row says, except that a known outcome is not forgotten.
        as_of: when this is looked at.

    Raises:
        LiveError: columns are missing, or created_at or as_of has no time zone.
    """
    if absent := [name for name in COLUMNS if name not in frame]:
        raise LiveError(f"outcomes lack the columns {', '.join(absent)}; add them, null where nothing is known")
    if getattr(frame["created_at"].dtype, "tz", None) is None or as_of.tzinfo is None:
        raise LiveError("created_at or as_of has no time zone; give UTC times")
    # A group's last value that is not null, so that a known outcome stays known.
    once = frame[list(COLUMNS)]
    if frame["ticket_id"].duplicated().any():
        once = once.groupby("ticket_id", sort=False).last().reset_index()
    created = once["created_at"].dt.tz_convert("UTC")
    start = change.released_at - pd.Timedelta(days=7 * change.weeks_before)
    end = change.released_at + pd.Timedelta(days=7 * change.weeks_after)
    end = end if change.ended_at is None else min(end, change.ended_at)
    is_targeted = once["category_id"].isin(change.targeted)
    is_seen = (created >= start) & (created < end) & (created < as_of)
    is_seen &= is_targeted | once["category_id"].isin(change.untouched)
    is_young = created > as_of - pd.Timedelta(days=change.settle_days)
    outcome = pd.Series(truths(once["outcome"]), index=once.index)
    used = is_seen & ~is_young & outcome.notna()
    requester, _ = requester_codes(once["requester_id"][used])
    age = (created[used] - change.released_at) / pd.Timedelta(days=7)
    return LiveTickets(
        outcome=outcome[used].to_numpy(),
        is_targeted=is_targeted[used].to_numpy(dtype=bool),
        is_after=(created[used] >= change.released_at).to_numpy(),
        week=np.floor(age.to_numpy()).astype(np.int64),
        category=pd.factorize(once["category_id"][used])[0],
        requester=requester,
        n_repeated=len(frame) - len(once),
        n_young=int((is_seen & is_young).sum()),
        n_unknown=int((is_seen & ~is_young & outcome.isna()).sum()),
    )


def lacking(tickets: LiveTickets) -> list[str]:
    """What the sample lacks, as parts of a sentence; empty when it is there."""
    found = []
    for name, which in tickets.groups().items():
        count, people = int(which.sum()), len(np.unique(tickets.requester[which]))
        if count < LEAST_TICKETS:
            found.append(f"{count:,} {name} with a known outcome; {LEAST_TICKETS} are needed")
        elif people < LEAST_REQUESTERS:
            found.append(f"{people:,} requesters {name}; {LEAST_REQUESTERS} are needed")
    if not found:
        scores = int(tickets.outcome[tickets.is_targeted].sum())
        fewest = min(scores, int(tickets.is_targeted.sum()) - scores)
        if fewest < LEAST_OF_A_KIND:
            found.append(f"only {fewest} of the targeted tickets differ from the others; {LEAST_OF_A_KIND} are needed")
    return found


def stretches(tickets: LiveTickets) -> Sequence[np.ndarray]:
    """The time before the change, in stretches of whole weeks that are thick enough to be compared, (n,) masks.

    Weeks without tickets, or with few, are put together with those after them; what is left at the end goes to the last.
    """
    found: list[np.ndarray] = []
    open_ = np.zeros(len(tickets), dtype=bool)
    for week in np.unique(tickets.week[~tickets.is_after]):
        open_ = open_ | (tickets.week == week)
        if min((open_ & tickets.is_targeted).sum(), (open_ & ~tickets.is_targeted).sum()) >= BLOCK_TICKETS:
            found.append(open_)
            open_ = np.zeros(len(tickets), dtype=bool)
    if open_.any() and found:
        found[-1] = found[-1] | open_
    return found
