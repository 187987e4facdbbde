"""Categories nobody has named yet: groups of unknown tickets, with ids that stay the same from week to week.

Belongs here: the frame ``category_candidates``, which ticket belongs to which candidate, and how both carry over to
the next run. Does not belong here: how texts are grouped (``text_clusters``), named (``candidate_names``), recognised
(``candidate_matching``), or accepted by a person (``category_proposals``).

How ids stay stable: a candidate keeps its tickets and the centre it was born with. The next run first lets known
candidates claim their own tickets and new ones close to their centre, and only what is left may form new candidates.
When the encoder changes, centres cannot be compared: everything is grouped again and recognised by shared tickets.
A candidate that no ticket belongs to any more stays in the frame, with ``is_present`` false, and keeps its id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from assets.audit_tickets.candidate_matching import Group, match_candidates
from assets.audit_tickets.candidate_names import example_phrase, name_groups, typical_examples
from assets.audit_tickets.text_clusters import ClusterSettings, centred, centroids_of, cluster_texts, language_means
from assets.audit_tickets.text_features import unit_rows

CLAIMING = ("open", "dismissed")
RADIUS_QUANTILE = 0.25
LOOKS_LIKE_SHARE = 0.6
COLUMNS = {
    "candidate_id": "string", "name": "string", "key_terms": object, "examples": object, "example_ticket_ids": object,
    "count_tickets": "int64", "count_training_tickets": "int64", "share_of_unknown": "float64", "cohesion": "float64",
    "radius": "float64", "language": "string", "centroid": object, "encoder_revision": "string",
    "looks_like_category_id": "string", "looks_like_share": "float64", "first_seen_as_of": "datetime64[us, UTC]",
    "last_seen_as_of": "datetime64[us, UTC]", "matched_from": "string", "status": "string", "is_present": "bool",
    "merged_into": "string", "split_from": "string", "member_ticket_ids": object,
}  # fmt: skip


@dataclass(frozen=True)
class CandidateSettings:
    """``count_examples`` example phrases a candidate; the rest is how texts are grouped."""

    clusters: ClusterSettings = field(default_factory=ClusterSettings)
    count_examples: int = 5


@dataclass(frozen=True)
class Discovery:
    """``candidates``: the frame ``category_candidates``. ``members``: ticket_id, candidate_id, one row a ticket of the
    pool that belongs to one, holdout tickets included (they are assigned, never formed from)."""

    candidates: pd.DataFrame
    members: pd.DataFrame


def discover_candidates(
    tickets: pd.DataFrame,
    vectors: np.ndarray,
    *,
    as_of: pd.Timestamp,
    encoder_revision: str,
    previous: pd.DataFrame | None = None,
    taken_names: Iterable[str] = (),
    settings: CandidateSettings | None = None,
    seed: int = 0,
) -> Discovery:
    """Group the unknown tickets and recognise last run's candidates among the groups.

    Args:
        tickets: every ticket, one row each: ticket_id, text, text_hash, language, split, is_unknown, and optionally
            predicted_category_id (what the model would have said) for "looks like".
        vectors: their sentence vectors (n, d), same order.
        as_of: the data's present.
        encoder_revision: what made the vectors.
        previous: the frame this function returned last time.
        taken_names: names of accepted categories, which no candidate may have.
        settings: sizes and weights.
        seed: of the decompositions.

    Returns:
        Candidates and members. Only tickets of split ``train`` form candidates, name them or serve as examples.
    """
    settings = settings or CandidateSettings()
    order = np.argsort(tickets["ticket_id"].to_numpy(dtype=str), kind="stable")
    tickets, vectors = tickets.iloc[order].reset_index(drop=True), np.asarray(vectors)[order]
    previous = previous if previous is not None and len(previous) else empty_candidates()
    languages = [value if isinstance(value, str) else None for value in tickets["language"]]
    is_train = (tickets["split"] == "train").to_numpy(dtype=bool)
    in_pool = (tickets["is_unknown"].to_numpy(dtype=bool)) & (tickets["split"] != "excluded").to_numpy(dtype=bool)
    spoken = [language for language, inside in zip(languages, is_train, strict=True) if inside]
    space = centred(vectors, languages, language_means(vectors[is_train], spoken))
    known = _known(previous, encoder_revision, space.shape[1])
    holder = _claim(tickets["ticket_id"].tolist(), space, in_pool & is_train, known)
    free = np.flatnonzero(in_pool & is_train & (holder == ""))
    texts = tickets["text"].fillna("").tolist()
    # What counts as sizeable is a share of all unknown tickets, so that leftovers are not held to a lower standard.
    smallest = max(settings.clusters.min_texts, int(np.ceil(settings.clusters.min_share * (in_pool & is_train).sum())))
    clusters = replace(settings.clusters, min_texts=smallest)
    labels = cluster_texts([texts[i] for i in free], space[free], [languages[i] for i in free], clusters, seed)
    new_ids = _identify(tickets, space, free, labels, previous, known)
    for group, (candidate_id, _, _) in new_ids.items():
        holder[free[labels == group]] = candidate_id
        members = free[labels == group]
        known[candidate_id] = _centre(space[members])
    outside = in_pool & ~is_train
    holder[outside] = _claim(tickets["ticket_id"].tolist(), space, outside, known)[outside]
    lineage = {candidate_id: (how, origin) for candidate_id, how, origin in new_ids.values()}
    frame = _describe(
        tickets, space, holder, is_train, previous, known, lineage, int(in_pool.sum()), as_of, encoder_revision,
        list(taken_names), settings,
    )  # fmt: skip
    has = holder != ""
    members_frame = pd.DataFrame(
        {
            "ticket_id": tickets.loc[has, "ticket_id"].astype("string"),
            "candidate_id": pd.array(holder[has], dtype="string"),
        }
    ).reset_index(drop=True)
    return Discovery(frame, members_frame)


def empty_candidates() -> pd.DataFrame:
    """``category_candidates`` without rows."""
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in COLUMNS.items()})


def candidate_id(text_hashes: Iterable[str]) -> str:
    """``cand_`` and eight hex digits of the hash of the founding members' content hashes."""
    return "cand_" + hashlib.sha256("|".join(sorted(set(text_hashes))).encode()).hexdigest()[:8]


def _known(
    previous: pd.DataFrame, encoder_revision: str, dimensions: int
) -> dict[str, tuple[np.ndarray, float, frozenset[str]]]:
    """Candidates whose centre still means something: id to (centre, radius, tickets)."""
    usable = previous[(previous["encoder_revision"] == encoder_revision) & previous["status"].isin(CLAIMING)]
    return {
        str(row.candidate_id): (
            np.asarray(row.centroid, dtype=np.float32),
            float(row.radius),
            frozenset(row.member_ticket_ids),
        )
        for row in usable.itertuples()
        if len(row.centroid) == dimensions
    }


def _centre(space: np.ndarray) -> tuple[np.ndarray, float, frozenset[str]]:
    centre = unit_rows(space.mean(axis=0, keepdims=True))[0]
    return centre, float(np.quantile(space @ centre, RADIUS_QUANTILE)), frozenset()


def _claim(ids: list[str], space: np.ndarray, where: np.ndarray, known: dict[str, Any]) -> np.ndarray:
    """Candidate of each row in ``where``, or an empty string: its own from last time, else the nearest that is near."""
    holder = np.full(len(ids), "", dtype=object)
    if not known:
        return holder
    names = sorted(known)
    centres = np.stack([known[name][0] for name in names])
    radius = np.array([known[name][1] for name in names])
    own = {ticket: name for name in names for ticket in known[name][2]}
    rows = np.flatnonzero(where)
    likeness = space[rows] @ centres.T
    nearest = likeness.argmax(axis=1)
    for at, row in enumerate(rows):
        if ids[row] in own:
            holder[row] = own[ids[row]]
        elif likeness[at, nearest[at]] >= radius[nearest[at]]:
            holder[row] = names[nearest[at]]
    return holder


def _identify(
    tickets: pd.DataFrame,
    space: np.ndarray,
    free: np.ndarray,
    labels: np.ndarray,
    previous: pd.DataFrame,
    known: dict[str, Any],
) -> dict[int, tuple[str, str, str | None]]:
    """Id of every new group, with how it got it (new, recognised) and the candidate it was split from."""
    count = int(labels.max(initial=-1)) + 1
    ids, hashes = tickets["ticket_id"].to_numpy(dtype=object), tickets["text_hash"].to_numpy(dtype=object)
    centres = centroids_of(space[free], labels)
    groups = [Group(frozenset(ids[free[labels == group]]), centres[group]) for group in range(count)]
    rows = list(previous.itertuples())
    candidates = [
        Group(frozenset(row.member_ticket_ids), known[row.candidate_id][0] if row.candidate_id in known else None)
        for row in rows
    ]
    matching = match_candidates(candidates, groups)
    used = {str(row.candidate_id) for row in rows}
    result: dict[int, tuple[str, str, str | None]] = {}
    for group in range(count):
        if group in matching.recognised:
            result[group] = (str(rows[matching.recognised[group]].candidate_id), "recognised", None)
            continue
        found = candidate_id(hashes[free[labels == group]])
        while found in used:
            found = candidate_id([found])
        used.add(found)
        origin = matching.split_from.get(group)
        result[group] = (found, "new", str(rows[origin].candidate_id) if origin is not None else None)
    for column, group in matching.absorbed.items():
        known.pop(str(rows[column].candidate_id), None)
        previous.loc[rows[column].Index, "merged_into"] = result[group][0]
    return result


def _describe(
    tickets: pd.DataFrame, space: np.ndarray, holder: np.ndarray, is_train: np.ndarray, previous: pd.DataFrame,
    known: dict[str, Any], lineage: dict[str, tuple[str, str | None]], count_unknown: int, as_of: pd.Timestamp,
    encoder_revision: str, taken: list[str], settings: CandidateSettings,
) -> pd.DataFrame:  # fmt: skip
    before = {str(row["candidate_id"]): row for row in previous.to_dict("records")}
    everyone = sorted(set(before) | (set(holder) - {""}))
    numbers = {name: number for number, name in enumerate(everyone)}
    # Holdout tickets count towards a candidate's size but must not shape what a person reads about it.
    visible = np.flatnonzero(is_train)
    labels = np.array([numbers.get(name, -1) if name in numbers else -1 for name in holder[visible]], dtype=np.int64)
    texts = tickets["text"].fillna("").to_numpy(dtype=object)
    languages = tickets["language"].to_numpy(dtype=object)
    kept = [str(row["name"]) for row in before.values()]
    named = name_groups([texts[i] for i in visible], labels, [str(languages[i]) for i in visible], [*taken, *kept])
    still_there = set(map(str, tickets["ticket_id"]))
    rows = []
    for name in everyone:
        old = before.get(name)
        members, formed = np.flatnonzero(holder == name), visible[labels == numbers[name]]
        row = dict(old) if old else _new_row(name, named[numbers[name]].name, as_of)
        how, origin = lineage.get(name, ("recognised", None))
        row["split_from"] = origin or row["split_from"]
        row["matched_from"] = how
        if old and row["status"] not in CLAIMING:
            rows.append(_without_lost_examples(row, still_there))
            continue
        row.update(count_tickets=len(members), count_training_tickets=len(formed), is_present=len(members) > 0)
        row["share_of_unknown"] = len(members) / count_unknown if count_unknown else 0.0
        if len(formed):
            terms = named[numbers[name]].key_terms
            chosen = [
                int(formed[i])
                for i in typical_examples([texts[i] for i in formed], space[formed], terms, settings.count_examples)
            ]
            row.update(
                key_terms=list(terms), examples=[example_phrase(texts[i]) for i in chosen], last_seen_as_of=as_of,
                example_ticket_ids=[str(tickets["ticket_id"].iloc[i]) for i in chosen], merged_into=pd.NA,
                language=str(pd.Series(languages[formed]).mode().iloc[0]),
                member_ticket_ids=sorted({*map(str, tickets["ticket_id"].iloc[members])}),
            )  # fmt: skip
            if name in known and (not old or row["encoder_revision"] != encoder_revision):
                row.update(centroid=known[name][0].tolist(), radius=known[name][1], encoder_revision=encoder_revision)
            row["cohesion"] = float((space[formed] @ np.asarray(row["centroid"], dtype=np.float32)).mean())
            row.update(_looks_like(tickets, formed))
        rows.append(_without_lost_examples(row, still_there))
    if not rows:
        return empty_candidates()
    frame = pd.DataFrame(rows).astype({name: kind for name, kind in COLUMNS.items() if kind is not object})
    return frame[list(COLUMNS)].sort_values(
        ["count_tickets", "candidate_id"], ascending=[False, True], ignore_index=True
    )


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
