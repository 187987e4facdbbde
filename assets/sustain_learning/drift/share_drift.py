"""Whether a category's share of all tickets has moved.

Belongs here: the looks at categories. Does not belong here: spikes within days and what is behind them
(``sustain_learning.signals``), how a text comes to its category (``routed_tickets``).

A share also moves because others do: of categories that rise, all others fall. So the category's own tickets a day must have
gone the same way. Shares are of the tickets that have a category. What no category fits is looked at by ``new_phrasings``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from assets.sustain_learning.drift.looks import Look, counts, newest_examples, percent, quote
from assets.sustain_learning.drift.routed_tickets import Routed
from assets.sustain_learning.drift.shift_test import share_shifts
from assets.sustain_learning.drift.windows import Windows
from assets.sustain_learning.frames import SHARE_MOVED

LEAST_TICKETS = 10
"""Of a category, in both windows together."""
LEAST_SHARE, LEAST_RATIO = 0.02, 1.25
"""Least difference of shares, and how many times more or less the share and its tickets a day must be: both, for it to matter."""


def share_drift(
    routed: Routed,
    entries: Mapping[str, Mapping[str, str | None]],
    owner_of: Callable[[str | None], str | None],
    windows: Windows,
) -> Iterator[Look]:
    """A look at every category with enough tickets; none where a window is empty."""
    tickets = routed.tickets[routed.tickets["category_id"].notna()]
    before, now = tickets[~tickets["is_recent"]], tickets[tickets["is_recent"]]
    found = share_shifts(
        before["category_id"].tolist(), now["category_id"].tolist(), before["requester_id"].tolist(),
        now["requester_id"].tolist(),
    )  # fmt: skip
    held = tickets["category_id"].value_counts()
    # As many days before as now; where the newest export is older than the run, its last days are no days without tickets.
    until = min(windows.recent_end, max(routed.tickets["created_at"], default=windows.recent_end))
    fewer = (until - windows.recent_start) / (windows.reference_end - windows.reference_start)
    for label, shift in found.items():
        category = str(label)
        if held[category] < LEAST_TICKETS:
            continue
        mask = (routed.tickets["category_id"] == category).fillna(False).to_numpy(dtype=bool)
        share = float((now["category_id"] == category).mean())
        was = share - shift.effect
        low, high = sorted((share, was))
        volumes = int((now["category_id"] == category).sum()), fewer * int((before["category_id"] == category).sum())
        more, less = volumes if shift.effect > 0 else volumes[::-1]
        name = quote(category.replace("_", " "))
        went = "up" if shift.effect > 0 else "down"
        yield Look(
            SHARE_MOVED,
            category,
            shift,
            high - low >= LEAST_SHARE and high >= LEAST_RATIO * low and more >= LEAST_RATIO * less,
            f"The share of {name} in all tickets went {went} from {percent(was)} to {percent(share)} "
            f"({counts(shift)}).",
            f"The share of {name} in all tickets has not moved by itself and by enough to tell ({percent(share)}, before "
            f"{percent(was)}).",
            None,
            category,
            owner_of(category),
            " ".join([category.replace("_", " "), *_questions(entries, category)]),
            newest_examples(routed.tickets, mask),
        )


def _questions(entries: Mapping[str, Mapping[str, str | None]], category: str) -> list[str]:
    return [str(one["question"]) for one in entries.values() if one["category_id"] == category]
