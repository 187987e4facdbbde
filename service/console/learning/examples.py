"""Example tickets as text: what their customers wrote, personal data taken out.

Belongs here: reading them. Does not belong here: choosing which are examples (the stage), drawing.

Only training tickets are shown in words, as everywhere: whoever reads them may write what they read into an entry, and an
agent that learnt from tickets that measure it would be graded on what it was told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.lake import Lake
from orchestration.people.knowledge_correction import TRAIN

if TYPE_CHECKING:
    from pathlib import Path

SHOWN = 5


@dataclass(frozen=True)
class Example:
    """A ticket and what its customer wrote."""

    ticket_id: str
    text: str


def training_texts(lake: Lake, ticket_ids: Collection[str]) -> dict[str, str]:
    """Texts of those of the tickets that are training tickets; nothing of a desk whose tickets are not split yet."""
    files = lake.file("ticket_splits"), lake.file("ticket_vectors")
    if not ticket_ids or not all(one.is_file() for one in files):
        return {}
    sides = _column(files[0], "split", ticket_ids)
    teaches = [one for one, side in sides.items() if side == TRAIN]
    return {one: text for one, text in _column(files[1], "text", teaches).items() if text.strip()}


def examples_of(ticket_ids: Sequence[str], texts: Mapping[str, str]) -> tuple[tuple[Example, ...], int]:
    """The first few that may be shown, and how many may not."""
    shown = [Example(one, texts[one]) for one in ticket_ids if one in texts]
    return tuple(shown[:SHOWN]), len(ticket_ids) - len(shown)


def _column(file: Path, name: str, ticket_ids: Collection[str]) -> dict[str, str]:
    """One column of these tickets alone: a desk has hundreds of thousands."""
    import pyarrow.parquet as pq

    if not ticket_ids:
        return {}
    wanted = [("ticket_id", "in", sorted(ticket_ids))]
    table = pq.read_table(file, columns=["ticket_id", name], filters=wanted, partitioning=None)
    pairs = zip(table["ticket_id"].to_pylist(), table[name].to_pylist(), strict=True)
    return {str(ticket): str(value) for ticket, value in pairs if value is not None}
