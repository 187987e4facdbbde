"""The tickets of both windows, each with the entry that is nearest to what it asks and the category its text is of.

Belongs here: one way to route, the same for old tickets and new ones. Does not belong here: any test.

What the agent or the helpdesk chose is not asked: releases and labels change over time, and a change of theirs would look
like one of the customers'. A ticket goes to the entry with the nearest wording among those that can hold for its customer.
One that is as far from all entries as only ``FAR`` of the tickets of the reference were belongs to none.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.build_knowledge.conditions import applies, load_conditions
from assets.build_knowledge.drafts.answer_conditions import customer_facts
from assets.sustain_learning.drift.windows import Windows

FAR = 0.15
"""Share of the reference's tickets that counts as far from all entries."""
NEAR = 0.5
"""Cosine from which on nothing is far, however near the rest is."""
COVERED = 0.9
"""Share of each window's tickets that have a category from the classifier, from which on it is believed."""
NEIGHBOURS, MOST_NEIGHBOURS = 5, 5_000
ALIKE = 0.5
"""Mean cosine of its neighbours from which a text is of their category."""
_BLOCK = 2_000
_COUNTED = ("train", "calibration", "holdout")


@dataclass(frozen=True)
class Routed:
    """tickets [ticket of either window]: ticket_id, requester_id, created_at, side, is_recent, language, text, category_id,
    entry_id (null: far from all), near (cosine to its entry), by created_at and ticket_id; vectors: (n, d), its rows'."""

    tickets: pd.DataFrame
    vectors: np.ndarray
    far_below: float

    def rows(self, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[object], list[object]]:
        """Vectors and requesters of the masked tickets: reference, recent, and who wrote each."""
        recent = self.tickets["is_recent"].to_numpy()
        by = self.tickets["requester_id"].to_numpy(dtype=object)
        old, new = mask & ~recent, mask & recent
        return self.vectors[old], self.vectors[new], by[old].tolist(), by[new].tolist()


def routed_tickets(
    *,
    tickets: pd.DataFrame,
    intents: pd.DataFrame,
    splits: pd.DataFrame,
    texts: pd.DataFrame,
    vectors: np.ndarray,
    entries: pd.DataFrame,
    knowledge: pd.DataFrame,
    knowledge_vectors: np.ndarray,
    windows: Windows,
) -> Routed:
    """Route the audited tickets of both windows that have a vector and a side of the split.

    Args:
        tickets: ``fct_tickets``; of one exported twice the last. intents: ``ticket_intents``. splits: ``ticket_splits``.
        texts: ``ticket_vectors``. vectors: (n, d), of its rows. entries: ``live_entries``. knowledge: ``knowledge_vectors``.
        knowledge_vectors: (m, d), of its rows.
    """
    if len(texts) != len(vectors) or len(knowledge) != len(knowledge_vectors):
        raise ValueError("every text needs its vector")
    once = tickets.drop_duplicates("ticket_id", keep="last")
    once = once[once["is_in_audit"].fillna(False).astype(bool)]
    is_recent = windows.is_recent(once["created_at"])
    mine = once.assign(is_recent=is_recent)[is_recent.notna().to_numpy()]
    side = splits.drop_duplicates("ticket_id", keep="last").set_index("ticket_id")["split"]
    known = texts.reset_index(drop=True).drop_duplicates("ticket_id", keep="last")
    place = pd.Series(known.index, index=known["ticket_id"], dtype="int64")
    mine = mine.assign(side=mine["ticket_id"].map(side), place=mine["ticket_id"].map(place))
    mine = mine[mine["side"].isin(_COUNTED) & mine["place"].notna()]
    mine = mine.sort_values(["created_at", "ticket_id"], kind="stable", ignore_index=True)
    places = mine["place"].to_numpy(dtype=int)
    own = np.asarray(vectors, dtype=np.float32)[places]
    frame = pd.DataFrame(
        {
            "ticket_id": mine["ticket_id"].astype(str),
            "requester_id": [None if pd.isna(one) else str(one) for one in mine["requester_id"]],
            "created_at": mine["created_at"],
            "side": mine["side"].astype(str),
            "is_recent": mine["is_recent"].astype(bool),
            "language": texts["language"].to_numpy(dtype=object)[places],
            "text": texts["text"].to_numpy(dtype=object)[places],
        }
    )
    frame["category_id"] = _categories(frame, own, intents)
    frame["entry_id"], frame["near"] = _entries(mine, own, entries, knowledge, knowledge_vectors)
    reference = frame.loc[~frame["is_recent"] & frame["near"].notna(), "near"]
    far_below = min(NEAR, float(reference.quantile(FAR))) if len(reference) else -1.0
    frame["entry_id"] = frame["entry_id"].where(frame["near"] >= far_below, None)
    return Routed(frame, own, far_below)


def _entries(
    mine: pd.DataFrame, own: np.ndarray, entries: pd.DataFrame, knowledge: pd.DataFrame, vectors: np.ndarray
) -> tuple[list[str | None], np.ndarray]:
    """The nearest entry that can hold for each customer, and how near it is."""
    is_live = knowledge["entry_id"].isin(set(entries["entry_id"])).to_numpy()
    if mine.empty or not is_live.any():
        return [None] * len(mine), np.full(len(mine), np.nan)
    names = knowledge["entry_id"].to_numpy(dtype=object)[is_live]
    order = np.argsort(names, kind="stable")
    unique, starts = np.unique(names[order], return_index=True)
    wordings = np.asarray(vectors, dtype=np.float32)[is_live][order]
    near = np.concatenate(
        [np.maximum.reduceat(own[at : at + _BLOCK] @ wordings.T, starts, axis=1) for at in range(0, len(own), _BLOCK)]
    )
    once = entries.drop_duplicates("entry_id", keep="last").set_index("entry_id")["conditions"]
    contexts = customer_facts(mine)
    facts = [contexts.get(str(one), {}) for one in mine["ticket_id"]]
    # Many customers are alike in all that is known of them.
    alike, kinds = pd.factorize(pd.Series([json.dumps(one, sort_keys=True, default=str) for one in facts]))
    distinct = [facts[int(np.argmax(alike == kind))] for kind in range(len(kinds))]
    for column, name in enumerate(unique):
        conditions = load_conditions(str(once[name]))
        if conditions:
            is_for_others = np.array([applies(conditions, one) is False for one in distinct])
            near[is_for_others[alike], column] = -1.0
    best = near.argmax(axis=1)
    return [str(unique[one]) for one in best], near[np.arange(len(near)), best].astype(np.float64)


def _categories(frame: pd.DataFrame, own: np.ndarray, intents: pd.DataFrame) -> list[str | None]:
    """What each text is of: the classifier's word where it has been asked of both windows, else that of its neighbours."""
    once = intents.drop_duplicates("ticket_id", keep="last").set_index("ticket_id")
    asked = frame["ticket_id"].isin(set(once.index))
    shares = asked.groupby(frame["is_recent"]).mean()
    if len(shares) == 2 and (shares >= COVERED).all():
        said = once["predicted_category_id"].where(~once["is_unknown"].fillna(False).astype(bool))
        return _texts(frame["ticket_id"].map(said))
    return _of_neighbours(frame, own, _texts(frame["ticket_id"].map(once["assigned_category_id"])))


def _of_neighbours(frame: pd.DataFrame, own: np.ndarray, known: list[str | None]) -> list[str | None]:
    """By the vote of the nearest training tickets of other customers: a ticket's own label must not tell its category."""
    may_teach = np.array([one is not None for one in known], dtype=bool) & (frame["side"] == "train").to_numpy()
    bank = np.flatnonzero(may_teach)
    if len(bank) < NEIGHBOURS:
        return [None] * len(frame)
    bank = np.sort(np.random.default_rng(0).permutation(bank)[:MOST_NEIGHBOURS])
    labels, places = np.unique([str(known[one]) for one in bank], return_inverse=True)
    who = pd.factorize(frame["requester_id"].fillna(frame["ticket_id"]))[0]
    found: list[str | None] = []
    for at in range(0, len(own), _BLOCK):
        near = own[at : at + _BLOCK] @ own[bank].T
        near[who[at : at + _BLOCK, None] == who[bank][None, :]] = -1.0
        closest = np.argpartition(-near, NEIGHBOURS - 1, axis=1)[:, :NEIGHBOURS]
        weight = np.take_along_axis(near, closest, axis=1)
        votes = np.zeros((len(near), len(labels)))
        np.add.at(votes, (np.arange(len(near))[:, None], places[closest]), np.maximum(weight, 0.0))
        is_alike = weight.mean(axis=1) >= ALIKE
        best = votes.argmax(axis=1)
        found += [str(labels[one]) if alike else None for one, alike in zip(best, is_alike, strict=True)]
    return found


def _texts(values: pd.Series) -> list[str | None]:
    return [None if pd.isna(one) else str(one) for one in values]
