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

import numpy as np
import pandas as pd

from assets.audit_tickets.categories.candidate_frame import (
    CLAIMING,
    CandidateContext,
    Origin,
    Place,
    describe_candidates,
    empty_candidates,
)
from assets.audit_tickets.categories.candidate_matching import Group, match_candidates
from assets.audit_tickets.categories.text_clusters import (
    ClusterSettings,
    centred,
    centroids_of,
    cluster_texts,
    language_means,
)
from assets.audit_tickets.categories.text_features import unit_rows

RADIUS_QUANTILE = 0.25


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
    previous = empty_candidates() if previous is None else previous.reset_index(drop=True)
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
    given, origins = _identify(tickets, space, free, labels, previous, known)
    for group, candidate_id in given.items():
        holder[free[labels == group]] = candidate_id
        known.setdefault(candidate_id, _centre(space[free[labels == group]]))
    outside = in_pool & ~is_train
    holder[outside] = _claim(tickets["ticket_id"].tolist(), space, outside, known)[outside]
    context = CandidateContext(
        tickets, space, holder, is_train, known, origins, as_of, encoder_revision, settings.count_examples
    )
    frame = describe_candidates(context, previous, int(in_pool.sum()), list(taken_names))
    has = holder != ""
    members_frame = pd.DataFrame(
        {
            "ticket_id": tickets.loc[has, "ticket_id"].astype("string"),
            "candidate_id": pd.array(holder[has], dtype="string"),
        }
    ).reset_index(drop=True)
    return Discovery(frame, members_frame)


def candidate_id(text_hashes: Iterable[str]) -> str:
    """``cand_`` and eight hex digits of the hash of the founding members' content hashes."""
    return "cand_" + hashlib.sha256("|".join(sorted(set(text_hashes))).encode()).hexdigest()[:8]


def _known(previous: pd.DataFrame, encoder_revision: str, dimensions: int) -> dict[str, Place]:
    """Candidates that may claim tickets and whose centre still means something."""
    return {
        str(row["candidate_id"]): (
            np.asarray(row["centroid"], dtype=np.float32),
            float(row["radius"]),
            frozenset(map(str, row["member_ticket_ids"])),
        )
        for row in previous.to_dict("records")
        if row["encoder_revision"] == encoder_revision
        and row["status"] in CLAIMING
        and len(row["centroid"]) == dimensions
    }


def _centre(space: np.ndarray) -> Place:
    centre = unit_rows(space.mean(axis=0, keepdims=True))[0]
    return centre, float(np.quantile(space @ centre, RADIUS_QUANTILE)), frozenset()


def _claim(ids: list[str], space: np.ndarray, where: np.ndarray, known: dict[str, Place]) -> np.ndarray:
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
    known: dict[str, Place],
) -> tuple[dict[int, str], dict[str, Origin]]:
    """Id of every new group, and where candidates came from or went to."""
    count = int(labels.max(initial=-1)) + 1
    ids, hashes = tickets["ticket_id"].to_numpy(dtype=object), tickets["text_hash"].to_numpy(dtype=object)
    centres = centroids_of(space[free], labels)
    groups = [Group(frozenset(map(str, ids[free[labels == group]])), centres[group]) for group in range(count)]
    # What a person gave to a category is closed: a group that resembles it is a new proposal, which "looks like" it.
    rows = previous[previous["status"].isin(CLAIMING)].to_dict("records")
    names = [str(row["candidate_id"]) for row in rows]
    candidates = [
        Group(frozenset(map(str, row["member_ticket_ids"])), known[name][0] if name in known else None)
        for name, row in zip(names, rows, strict=True)
    ]
    matching = match_candidates(candidates, groups)
    used = set(previous["candidate_id"].astype(str))
    given: dict[int, str] = {}
    origins: dict[str, Origin] = {}
    for group in range(count):
        if group in matching.recognised:
            given[group] = names[matching.recognised[group]]
            continue
        found = candidate_id(hashes[free[labels == group]])
        while found in used:
            found = candidate_id([found])
        used.add(found)
        given[group] = found
        source = matching.split_from.get(group)
        origins[found] = Origin("new", split_from=None if source is None else names[source])
    for column, group in matching.absorbed.items():
        origins[names[column]] = Origin("recognised", merged_into=given[group])
    return given, origins
