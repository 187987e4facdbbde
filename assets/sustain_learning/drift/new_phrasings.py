"""Customers who ask in words that no entry is near, more often than was usual.

Belongs here: putting far tickets together and counting them. Does not belong here: what is far (``routed_tickets``), adding
a phrasing or an entry (``retrain_agent.fixes``).

Far tickets of both windows are grouped together, blind to when they came: were the groups made of the recent ones, they would
hold more recent ones by construction, whatever customers do. Training tickets alone, since they are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from assets.sustain_learning.drift.looks import EXAMPLES, Look, percent, quote, texts_of
from assets.sustain_learning.drift.routed_tickets import Routed
from assets.sustain_learning.drift.shift_test import SHARE, rate_shift
from assets.sustain_learning.frames import NEW_PHRASINGS

ALIKE = 0.5
"""Mean cosine from which far tickets are one matter."""
LEAST_TICKETS, LEAST_REQUESTERS = 5, 3
LEAST_SHARE, LEAST_RATIO = 0.005, 2.0
"""Least rise in the share of all training tickets, and how many times more than before."""
MOST_TICKETS = 3_000


def new_phrasings(routed: Routed, owner_of: Callable[[str | None], str | None]) -> Iterator[Look]:
    """A look at every group of far tickets that is large enough; none where there are no entries to be far from."""
    tickets = routed.tickets
    is_train = (tickets["side"] == "train").to_numpy() & tickets["near"].notna().to_numpy()
    places = np.flatnonzero(is_train & tickets["entry_id"].isna().to_numpy())
    recent = tickets["is_recent"].to_numpy()
    before, now = is_train & ~recent, is_train & recent
    if not before.any() or not now.any() or len(places) < LEAST_TICKETS:
        return
    if len(places) > MOST_TICKETS:
        places = np.sort(np.random.default_rng(0).permutation(places)[:MOST_TICKETS])
    by = tickets["requester_id"].to_numpy(dtype=object)
    for members in _groups(routed.vectors[places], places):
        if len(members) < LEAST_TICKETS or len(set(by[members])) < LEAST_REQUESTERS:
            continue
        inside = np.zeros(len(tickets), dtype=bool)
        inside[members] = True
        shift = rate_shift(inside[before], inside[now], by[before].tolist(), by[now].tolist(), effect_is=SHARE)
        if shift is None:
            continue
        held = members[recent[members]]
        was, share = float(inside[before].mean()), float(inside[now].mean())
        examples = _central(routed, held if len(held) else members)
        told = quote(texts_of(tickets, examples[:1])[0])
        category = _category(tickets["category_id"].iloc[members])
        yield Look(
            NEW_PHRASINGS,
            # The oldest of the group stands for it where no earlier run knows it.
            str(tickets["ticket_id"].iloc[int(members.min())]),
            shift,
            len(held) >= LEAST_TICKETS
            and len(set(by[held])) >= LEAST_REQUESTERS
            and share - was >= LEAST_SHARE
            and share >= LEAST_RATIO * was,
            f"Customers ask in words that no entry is near, such as {told}: {len(held)} tickets, {percent(share)} of all, "
            f"before {percent(was)}.",
            f"Tickets such as {told} are far from every entry; that there are more than usual is not shown ({percent(share)} of "
            f"all, before {percent(was)}).",
            None,
            category,
            owner_of(category),
            " ".join(texts_of(tickets, examples)),
            examples,
        )


def _groups(vectors: np.ndarray, places: np.ndarray) -> list[np.ndarray]:
    from sklearn.cluster import AgglomerativeClustering

    found = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=1 - ALIKE
    ).fit_predict(vectors)
    return [places[found == one] for one in range(int(found.max()) + 1)]


def _central(routed: Routed, members: np.ndarray) -> tuple[str, ...]:
    """The tickets nearest to the middle of a group, one a customer."""
    vectors = routed.vectors[members]
    order = members[np.argsort(-(vectors @ vectors.mean(axis=0)), kind="stable")]
    return tuple(routed.tickets.iloc[order].drop_duplicates("requester_id")["ticket_id"][:EXAMPLES])


def _category(categories: pd.Series) -> str | None:
    """What most of them are of, None where they are of many or of none."""
    counted = Counter(str(one) for one in categories if not pd.isna(one)).most_common(1)
    return counted[0][0] if counted and counted[0][1] * 2 > len(categories) else None
