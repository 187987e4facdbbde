"""Whether what customers write has moved: all of it, and entry by entry where an entry answered.

Belongs here: which texts are compared. Does not belong here: routing (``routed_tickets``), the test (``shift_test``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from assets.sustain_learning.drift.looks import Look, counts, for_instance, named, telling_examples
from assets.sustain_learning.drift.routed_tickets import Routed
from assets.sustain_learning.drift.shift_test import Shift, embedding_shift
from assets.sustain_learning.frames import EMBEDDING_DRIFT, QUESTION_DRIFT

LEAST_TICKETS = 12
"""In each window; fewer tell nothing of an entry."""
LEAST_ALL, LEAST_OF_ENTRY = 0.05, 0.15
"""Least standardised distance: about one text in ten, and one in four, on matters that were not there before."""
ENTRY_ROWS = 200


def embedding_drift(routed: Routed) -> Iterator[Look]:
    """One look at all texts together; none where a window is empty."""
    everything = np.ones(len(routed.tickets), dtype=bool)
    shift = embedding_shift(*routed.rows(everything))
    if shift is None:
        return
    examples = _examples(routed, everything)
    yield Look(
        EMBEDDING_DRIFT,
        "all",
        shift,
        shift.effect >= LEAST_ALL,
        f"What customers write, taken together, has moved (distance {shift.effect:.2f}, {counts(shift)})"
        f"{for_instance(routed.tickets, examples)}.",
        f"What customers write, taken together, has not moved by enough to tell ({counts(shift)}).",
        examples=examples,
    )


def question_drift(routed: Routed, entries: Mapping[str, Mapping[str, str | None]]) -> Iterator[Look]:
    """A look at every entry with enough tickets in both windows."""
    chosen = routed.tickets["entry_id"].to_numpy(dtype=object)
    recent = routed.tickets["is_recent"].to_numpy()
    for entry_id, entry in entries.items():
        mask = chosen == entry_id
        if (mask & recent).sum() < LEAST_TICKETS or (mask & ~recent).sum() < LEAST_TICKETS:
            continue
        shift = embedding_shift(*routed.rows(mask), most_rows=ENTRY_ROWS)
        if shift is None:
            continue
        examples = _examples(routed, mask)
        name = named(entry_id, entry)
        yield Look(
            QUESTION_DRIFT,
            entry_id,
            shift,
            shift.effect >= LEAST_OF_ENTRY,
            _says(name, shift, for_instance(routed.tickets, examples)),
            f"What customers ask where {name} answers has not moved by enough to tell ({counts(shift)}).",
            entry_id,
            entry["category_id"],
            entry["owner"],
            f"{entry['question']} {entry['answer']}",
            examples,
        )


def _says(name: str, shift: Shift, instance: str) -> str:
    return (
        f"What customers ask where {name} answers is no longer what it was (distance {shift.effect:.2f}, {counts(shift)})"
        f"{instance}."
    )


def _examples(routed: Routed, mask: np.ndarray) -> tuple[str, ...]:
    """Those nearer to what is asked now than to what was: along the line between the two means."""
    recent = routed.tickets["is_recent"].to_numpy()
    moved = routed.vectors[mask & recent].mean(axis=0) - routed.vectors[mask & ~recent].mean(axis=0)
    return telling_examples(routed.tickets, mask, routed.vectors @ moved)
