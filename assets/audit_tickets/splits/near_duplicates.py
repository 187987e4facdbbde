"""Groups of tickets that say (almost) the same thing, so that a split never has one copy on each side.

Belongs here: comparing redacted texts by their wording, exactly and reproducibly.
Does not belong here: similarity of meaning (that is what vectors are for), deciding on sides (``splits.py``).

Method: a text is the set of its character 5-grams, two texts are near-duplicates when the Jaccard similarity of their
sets is at least 0.8. Candidates come from prefix filtering (Chaudhuri, Ganti and Kaushik, 2006; Bayardo, Ma and
Srikant, 2007): two sets that similar must share a gram among the rarest fifth of each. Unlike MinHash it misses no
pair and involves no chance. Groups are built around a first text, never by chaining pairs: a later text joins only if
it is also similar enough to the group's first, so no group can drift from one subject to another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from scipy import sparse

Progress = Callable[[int, int], None]

GRAM = 5
THRESHOLD = 0.8
# A text similar to a member rather than to the group's first must still have this much in common with the first.
FIRST_THRESHOLD = 0.6
# Texts with fewer grams: one changed word would decide, so that only equal texts count.
MIN_GRAMS = 40
# "Hi", "help please": too little to be a copy of anything. In UTF-8 bytes, where a Chinese character weighs three.
MIN_BYTES = 12
# How many members of one group later texts are compared with; keeps a flood of variants from costing its square.
_COMPARED_MEMBERS = 32
# Share of a text's grams that a candidate must have in common among the rarest of both (see _rarest).
_SHARED_OF_RAREST = 0.05
_BLOCK = 2_000
_TINY = 1e-9

_BETWEEN_WORDS = re.compile(r"[\W_]+")


def near_duplicate_groups(texts: pd.DataFrame, on_progress: Progress | None = None) -> pd.DataFrame:
    """Group near-duplicate texts.

    Args:
        texts: one row per ticket [ticket_id, text] and, where known, created_at and assigned_as_of (when the ticket
            got its split; null for a new one). Tickets are taken in the order of assigned_as_of (new ones last),
            created_at, ticket_id: those that come later never change the group of those before.
        on_progress: called with (texts done, texts).

    Returns:
        one row per ticket, sorted by ticket_id: ticket_id, duplicate_group_id (``dup_`` + the group's first
        ticket_id), is_first, similarity (to the group's first, 1.0 for itself), count_tickets (of the group; most
        groups have one).

    Raises:
        ValueError: a column is missing, or a ticket occurs twice.
    """
    ordered = _in_order(texts)
    normalized = [normalize_wording(text) for text in ordered["text"]]
    first_row: dict[str, int] = {}
    same_as = np.array([first_row.setdefault(text, row) for row, text in enumerate(normalized)], dtype=np.int64)
    for row, text in enumerate(normalized):
        if len(text.encode()) < MIN_BYTES:
            same_as[row] = row
    distinct = np.unique(same_as)
    grams = _rank_grams([normalized[row] for row in distinct])
    first, similarity = _lead(grams, on_progress)

    position = np.searchsorted(distinct, same_as)
    leader = distinct[first[position]]
    ticket_ids = ordered["ticket_id"].to_numpy()
    groups = pd.DataFrame(
        {
            "ticket_id": ticket_ids,
            "duplicate_group_id": [f"dup_{one}" for one in ticket_ids[leader]],
            "is_first": leader == np.arange(len(ordered)),
            "similarity": similarity[position],
        }
    )
    groups["count_tickets"] = groups.groupby("duplicate_group_id")["ticket_id"].transform("size").astype("int64")
    return groups.sort_values("ticket_id", ignore_index=True)


def texts_to_compare(
    ticket_vectors: pd.DataFrame, fct_tickets: pd.DataFrame, splits: pd.DataFrame | None
) -> pd.DataFrame:
    """Frame [ticket] for `near_duplicate_groups`: ticket_id, text, created_at and, once decided, assigned_as_of."""
    texts = ticket_vectors[["ticket_id", "text"]].merge(fct_tickets[["ticket_id", "created_at"]], on="ticket_id")
    if splits is None:
        return texts
    return texts.merge(splits[["ticket_id", "assigned_as_of"]], on="ticket_id", how="left")


def normalize_wording(text: str) -> str:
    """``text`` with case, punctuation, compatibility characters and spacing evened out; only words remain."""
    return _BETWEEN_WORDS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def jaccard(one: np.ndarray, other: np.ndarray) -> float:
    """Share of common elements of two sorted arrays without repeats; 0.0 if both are empty."""
    common = np.intersect1d(one, other, assume_unique=True).size
    union = one.size + other.size - common
    return common / union if union else 0.0


def _in_order(texts: pd.DataFrame) -> pd.DataFrame:
    absent = {"ticket_id", "text"} - set(texts.columns)
    if absent:
        raise ValueError(f"texts lack the columns {sorted(absent)}.")
    if texts["ticket_id"].duplicated().any():
        raise ValueError(f"ticket {texts['ticket_id'][texts['ticket_id'].duplicated()].iloc[0]} occurs twice.")
    by = [column for column in ("assigned_as_of", "created_at") if column in texts.columns]
    return texts.sort_values([*by, "ticket_id"], na_position="last", ignore_index=True)


def _rank_grams(texts: list[str]) -> list[np.ndarray]:
    """Every text's distinct grams as numbers, sorted; a smaller number is a rarer gram (ties by the gram's hash)."""
    hashes = [_hash_grams(text) for text in texts]
    if not hashes:
        return []
    _, inverse, counts = np.unique(np.concatenate(hashes), return_inverse=True, return_counts=True)
    rank = np.empty(len(counts), dtype=np.int32)
    rank[np.argsort(counts, kind="stable")] = np.arange(len(counts), dtype=np.int32)
    ranks, ends = rank[inverse], np.cumsum([one.size for one in hashes])
    return [np.sort(part) for part in np.split(ranks, ends[:-1])]


def _hash_grams(text: str) -> np.ndarray:
    """64-bit hashes of the distinct character grams of ``text``, the same in every process."""
    points = np.frombuffer(text.encode("utf-32-le", errors="replace"), dtype="<u4").astype(np.uint64)
    if points.size < GRAM:
        return np.zeros(0, dtype=np.uint64)
    hashed = np.zeros(points.size - GRAM + 1, dtype=np.uint64)
    for offset in range(GRAM):
        hashed = (hashed ^ points[offset : offset + hashed.size]) * np.uint64(0x9E3779B97F4A7C15)
        hashed ^= hashed >> np.uint64(29)
    return np.unique(hashed)


def _lead(grams: list[np.ndarray], on_progress: Progress | None) -> tuple[np.ndarray, np.ndarray]:
    """For each text the position of its group's first text, and the similarity to it."""
    from scipy import sparse

    first = np.arange(len(grams), dtype=np.int64)
    similarity = np.ones(len(grams))
    is_compared = np.array([one.size >= MIN_GRAMS for one in grams], dtype=bool)
    members = np.zeros(len(grams), dtype=np.int64)
    sizes = np.array([one.size for one in grams], dtype=np.int64)
    shared_at_least = np.maximum(1, (sizes * _SHARED_OF_RAREST).astype(np.int64))
    rarest = _rarest(grams, sizes, shared_at_least, is_compared)
    for start in range(0, len(grams), _BLOCK):
        end = min(start + _BLOCK, len(grams))
        before = np.flatnonzero(is_compared[:end])
        counts = sparse.coo_array(rarest[start:end] @ rarest[before].T.tocsr())
        rows, others, shared = counts.row + start, before[counts.col], counts.data
        likely = (others < rows) & (shared >= np.minimum(shared_at_least[rows], shared_at_least[others]))
        likely &= np.minimum(sizes[rows], sizes[others]) >= THRESHOLD * np.maximum(sizes[rows], sizes[others]) - _TINY
        rows, others = rows[likely], others[likely]
        by_row = np.lexsort((others, rows))
        rows, others = rows[by_row], others[by_row]
        edges = np.searchsorted(rows, np.arange(start, end + 1))
        for row in range(start, end):
            candidates = others[edges[row - start] : edges[row - start + 1]]
            leader, alike = _best_group(row, candidates[is_compared[candidates]], grams, first)
            first[row], similarity[row] = leader, alike
            members[leader] += 1
            is_compared[row] &= members[leader] <= _COMPARED_MEMBERS
        if on_progress is not None:
            on_progress(end, len(grams))
    return first, similarity


def _best_group(row: int, candidates: np.ndarray, grams: list[np.ndarray], first: np.ndarray) -> tuple[int, float]:
    """The first text of the group that ``row`` joins and the similarity to it; ``row`` itself if it joins none."""
    best, leader_of_best = (0.0, 0.0), row
    for other in candidates.tolist():
        alike = jaccard(grams[row], grams[other])
        if alike < THRESHOLD:
            continue
        leader = int(first[other])
        to_first = alike if leader == other else jaccard(grams[row], grams[leader])
        if to_first >= FIRST_THRESHOLD and (to_first, alike) > best:
            best, leader_of_best = (to_first, alike), leader
    return leader_of_best, best[0] if leader_of_best != row else 1.0


def _rarest(
    grams: list[np.ndarray], sizes: np.ndarray, shared: np.ndarray, is_compared: np.ndarray
) -> sparse.csr_array:
    """Texts × grams, 1 where a gram is among a text's rarest.

    Two sets of similarity t share at least t of the larger, so that of the n - ceil(t n) + s rarest grams of each
    they have s in common. A larger s means more entries and far fewer candidates that turn out not to be alike.
    """
    from scipy import sparse

    keep = np.where(is_compared, sizes - np.ceil(THRESHOLD * sizes - _TINY).astype(np.int64) + shared, 0)
    parts = [one[:length] for one, length in zip(grams, keep.tolist(), strict=True)]
    columns = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)
    width = max((int(one[-1]) + 1 for one in grams if one.size), default=0)
    starts = np.concatenate(([0], np.cumsum(keep)))
    return sparse.csr_array((np.ones(columns.size, dtype=np.int32), columns, starts), shape=(len(grams), width))
