"""The frame ``category_candidates``: what a person reads about each proposed category.

Belongs here: its columns, and filling them for known and new candidates. Does not belong here: which ticket belongs to
which candidate (``candidates``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from assets.audit_tickets.categories.candidate_names import example_phrase, name_groups, typical_examples

CLAIMING = ("open", "dismissed")
"""Statuses of candidates that go on taking tickets; a person gave the others to a category, and they are closed."""

LOOKS_LIKE_SHARE = 0.6
Place = tuple[np.ndarray, float, frozenset[str]]
"""Centre (unit vector), how near a ticket must be (cosine), and the tickets that belong there already."""


@dataclass(frozen=True)
class Origin:
    """How a candidate came to its id this run (new or recognised), and what it was split from or merged into."""

    how: str
    split_from: str | None = None
    merged_into: str | None = None


COLUMNS: dict[str, Any] = {
    "candidate_id": "string", "name": "string", "key_terms": object, "examples": object, "example_ticket_ids": object,
    "count_tickets": "int64", "count_training_tickets": "int64", "share_of_unknown": "float64", "cohesion": "float64",
    "radius": "float64", "language": "string", "centroid": object, "encoder_revision": "string",
    "looks_like_category_id": "string", "looks_like_share": "float64", "first_seen_as_of": "datetime64[us, UTC]",
    "last_seen_as_of": "datetime64[us, UTC]", "matched_from": "string", "status": "string", "is_present": "bool",
    "merged_into": "string", "split_from": "string", "member_ticket_ids": object,
}  # fmt: skip


def empty_candidates() -> pd.DataFrame:
    """``category_candidates`` without rows."""
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in COLUMNS.items()})


@dataclass(frozen=True)
class CandidateContext:
    """One run's tickets in order, their centred vectors, the candidate id each belongs to (or an empty string), whether
    it may be shown, and what is known of the candidates."""

    tickets: pd.DataFrame
    space: np.ndarray
    holder: np.ndarray
    is_train: np.ndarray
    known: dict[str, Place]
    origins: dict[str, Origin]
    as_of: pd.Timestamp
    encoder_revision: str
    count_examples: int


def describe_candidates(
    context: CandidateContext, previous: pd.DataFrame, count_unknown: int, taken: list[str]
) -> pd.DataFrame:
    """Fill the frame for every candidate of this run and of ``previous``, the largest first.

    A known candidate keeps its name, first sighting, centre and status. One without tickets stays with ``is_present``
    false. Only training tickets are shown, named and quoted; the others are counted.
    """
    before = {str(row["candidate_id"]): row for row in previous.to_dict("records")}
    everyone = sorted(set(before) | (set(context.holder) - {""}))
    if not everyone:
        return empty_candidates()
    numbers = {name: number for number, name in enumerate(everyone)}
    # Holdout tickets count towards a candidate's size but must not shape what a person reads about it.
    visible = np.flatnonzero(context.is_train)
    labels = np.array([numbers.get(name, -1) for name in context.holder[visible]], dtype=np.int64)
    texts = context.tickets["text"].fillna("").to_numpy(dtype=object)
    languages = [str(language) for language in context.tickets["language"]]
    kept = [str(row["name"]) for row in before.values()]
    named = name_groups([texts[i] for i in visible], labels, [languages[i] for i in visible], [*taken, *kept])
    still_there = set(map(str, context.tickets["ticket_id"]))
    rows = []
    for name in everyone:
        formed = visible[labels == numbers[name]]
        title = named.get(numbers[name])
        row = dict(before[name]) if name in before else _new_row(name, title.name if title else name, context.as_of)
        if row["status"] in CLAIMING:
            origin = context.origins.get(name, Origin("recognised"))
            members = np.flatnonzero(context.holder == name)
            row.update(
                matched_from=origin.how, split_from=origin.split_from or row["split_from"], is_present=len(members) > 0
            )
            row.update(
                merged_into=origin.merged_into or pd.NA, count_tickets=len(members), count_training_tickets=len(formed)
            )
            row["share_of_unknown"] = len(members) / count_unknown if count_unknown else 0.0
            if len(formed) and title:
                row.update(_portrait(context, name, members, formed, title.key_terms))
        rows.append(_without_lost_examples(row, still_there))
    frame = pd.DataFrame(rows).astype({name: kind for name, kind in COLUMNS.items() if kind is not object})
    return frame[list(COLUMNS)].sort_values(
        ["count_tickets", "candidate_id"], ascending=[False, True], ignore_index=True
    )


def _portrait(
    context: CandidateContext, name: str, members: np.ndarray, formed: np.ndarray, terms: tuple[str, ...]
) -> dict[str, Any]:
    """What a candidate looks like this week; name, first sighting and centre stay as they were born."""
    ids, texts = context.tickets["ticket_id"].astype(str), context.tickets["text"].fillna("").to_numpy(dtype=object)
    space = context.space[formed]
    picked = typical_examples([texts[i] for i in formed], space, terms, context.count_examples)
    chosen = [int(formed[i]) for i in picked]
    centre, radius, _ = context.known[name]
    return {
        "key_terms": list(terms),
        "examples": [example_phrase(texts[i]) for i in chosen],
        "example_ticket_ids": [ids.iloc[i] for i in chosen],
        "member_ticket_ids": sorted(ids.iloc[members]),
        "language": str(context.tickets["language"].iloc[formed].mode().iloc[0]),
        "cohesion": float((space @ centre).mean()),
        "centroid": [float(value) for value in centre],
        "radius": radius,
        "encoder_revision": context.encoder_revision,
        "last_seen_as_of": context.as_of,
        **_looks_like(context.tickets, formed),
    }


def _without_lost_examples(row: dict[Any, Any], still_there: set[str]) -> dict[Any, Any]:
    """The row without the words of tickets that are gone, so that what was erased is not quoted for ever."""
    kept = [at for at, ticket in enumerate(row["example_ticket_ids"]) if str(ticket) in still_there]
    for column in ("examples", "example_ticket_ids"):
        row[column] = [row[column][at] for at in kept]
    return row


def _new_row(name: str, title: str, as_of: pd.Timestamp) -> dict[Any, Any]:
    return {
        "candidate_id": name, "name": title, "key_terms": [], "examples": [], "example_ticket_ids": [], "cohesion": 0.0,
        "radius": 0.0, "language": "", "centroid": [], "encoder_revision": "", "looks_like_category_id": pd.NA,
        "looks_like_share": 0.0, "first_seen_as_of": as_of, "last_seen_as_of": as_of, "status": "open",
        "merged_into": pd.NA, "split_from": pd.NA, "member_ticket_ids": [],
    }  # fmt: skip


def _looks_like(tickets: pd.DataFrame, formed: np.ndarray) -> dict[str, Any]:
    """The known category that the model would have given to most of a candidate's tickets, if to enough of them."""
    if "predicted_category_id" not in tickets:
        return {}
    guesses = tickets["predicted_category_id"].iloc[formed].dropna().value_counts()
    if not len(guesses) or guesses.iloc[0] < LOOKS_LIKE_SHARE * len(formed):
        return {"looks_like_category_id": pd.NA, "looks_like_share": 0.0}
    return {"looks_like_category_id": str(guesses.index[0]), "looks_like_share": float(guesses.iloc[0] / len(formed))}
