"""Past answers to training tickets, each by models that had not seen it: what confidence is learnt from.

Belongs here: folds by the split's group, and what of the index a fold must not know. Does not belong here: learning from
it (``confidence_model``).

Confidence learnt from training tickets leaves every calibration ticket free to certify thresholds. Of each fold the
index is built without the fold's tickets in its history, and without ways of asking that stand in one of their messages
word for word, as those were drawn from them. Category scores of training tickets are cross-fitted already
(``ticket_intents``). What remains is that people wrote entries after reading these very tickets, so that confidence may
come out a little too high; that costs answers, and never the promise, which is certified on tickets nobody read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from assets.build_knowledge.entry_history import index_history
from assets.build_knowledge.retrieval.documents import documents_of_entries
from assets.build_knowledge.retrieval.retrieval_index import RetrievalIndex, build_index, question_text
from assets.build_knowledge.variants import share_phrasings
from assets.configure_behavior.confidence.evidence import encode_once
from assets.configure_behavior.confidence.past_answers import PastAnswer, past_answers

Encode = Callable[[Sequence[str]], np.ndarray]
FOLDS = 3
MAX_TICKETS = 600
"""Newest labelled training tickets that are learnt from: confidence has eight weights, and an index a fold costs."""


def cross_fitted_answers(
    labels: pd.DataFrame,
    answered: pd.DataFrame,
    ticket_texts: pd.DataFrame,
    tickets: pd.DataFrame,
    comments: pd.DataFrame,
    intents: pd.DataFrame,
    splits: pd.DataFrame,
    live: pd.DataFrame,
    contexts: Mapping[str, Mapping[str, object]],
    index: RetrievalIndex,
    encode: Encode,
) -> tuple[pd.DataFrame, list[PastAnswer]]:
    """The labels that were used, sorted by ticket, and the answer to each.

    Args:
        labels: of training tickets. answered: ``answered_tickets``. ticket_texts: ticket_id and text. tickets:
            ``fct_tickets``. comments: ``redacted_comments``. intents: ``ticket_intents``. splits: ``ticket_splits``. live: ``live_entries``.
        contexts: what is known of each customer by ticket_id.
        index: the index of the release; only its settings are read.
        encode: texts to unit vectors.
    """
    known = labels.merge(ticket_texts[["ticket_id", "text"]], on="ticket_id")
    known = known.merge(splits[["ticket_id", "group_id"]], on="ticket_id").merge(
        tickets[["ticket_id", "created_at"]], on="ticket_id"
    )
    known = known[known["ticket_id"].isin(set(intents["ticket_id"]))]
    known = known.sort_values(["created_at", "ticket_id"]).tail(MAX_TICKETS).sort_values("ticket_id", ignore_index=True)
    rows = intents.set_index("ticket_id")
    documents = documents_of_entries(share_phrasings(live))
    past = index_history(answered, live, ticket_texts, tickets, comments)
    past = past[past["ticket_id"].isin(set(known["ticket_id"]))]
    remembering = encode_once(
        [*documents["text"], *(question_text(text) for text in [*past["text"], *known["text"]])], encode
    )
    folds = np.array([_fold(str(group)) for group in known["group_id"]], dtype=np.int64)
    found: dict[int, PastAnswer] = {}
    for fold in range(FOLDS):
        places = np.flatnonzero(folds == fold)
        if not len(places):
            continue
        mine = known.iloc[places]
        unseen = build_index(
            documents[~_stands_in(documents, mine["text"].tolist())],
            past[~past["ticket_id"].isin(set(mine["ticket_id"]))],
            remembering,
            index.settings,
            index.encoder_revision,
        )
        names = mine["ticket_id"].tolist()
        answers = past_answers(
            rows.loc[names].to_dict("records"), mine["text"].tolist(), [contexts.get(name, {}) for name in names],
            mine["entry_ids"].tolist(), unseen, live, remembering,
        )  # fmt: skip
        found.update(zip(places.tolist(), answers, strict=True))
    return known, [found[place] for place in range(len(known))]


def _stands_in(documents: pd.DataFrame, texts: Sequence[str]) -> np.ndarray:
    """Which documents are a way of asking that stands in one of the texts; questions stay, as people wrote them."""
    whole = "\n".join(_plain(text) for text in texts)
    return np.array(
        [
            kind == "phrasing" and _plain(text) in whole
            for kind, text in zip(documents["kind"], documents["text"], strict=True)
        ],
        dtype=bool,
    )


def _plain(text: str) -> str:
    return " ".join(str(text).casefold().split())


def _fold(group: str) -> int:
    return int(hashlib.sha256(f"confidence {group}".encode()).hexdigest()[:8], 16) % FOLDS
