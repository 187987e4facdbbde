"""A release as it would be with something changed, in memory: to see what a fix does before anybody accepts it.

Belongs here: learning anew what a change touches, with the functions that the product learns with. Does not belong here:
what is changed (``fixes.apply_proposal``), deciding tickets and comparing (``updates``, ``effects``), a release that is
kept (``configure_behavior.releases``).

What is not touched stays the base's own object, so that a difference between the two comes from the change alone. How sure
the agent is and from where it may answer stay as well: recalibrating is the month's work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from assets.build_knowledge.entry_history import find_answered_tickets, index_history
from assets.build_knowledge.retrieval.documents import documents_of_entries
from assets.build_knowledge.retrieval.retrieval_index import RetrievalIndex, build_index, index_version
from assets.build_knowledge.variants import share_phrasings
from assets.configure_behavior.releases.agent_release import AgentRelease, Encode
from assets.configure_behavior.releases.build_release import release_entries
from desk.behavior import BehaviorFile, behavior_hash

if TYPE_CHECKING:
    import pandas as pd

    from assets.audit_tickets.categories.intents import IntentAssignment


@dataclass(frozen=True)
class Material:
    """The published frames that a release learns from.

    live: ``live_entries``; aside: ``entries_set_aside``; articles: ``help_center_articles``; tickets: ``fct_tickets``;
    intents: ``ticket_intents``, whose tickets are those the base learnt from; splits: ``ticket_splits``; comments:
    ``redacted_comments``; texts: ``ticket_vectors`` (ticket_id, text); categories: ``accepted_categories``.
    """

    live: pd.DataFrame
    aside: pd.DataFrame
    articles: pd.DataFrame
    tickets: pd.DataFrame
    intents: pd.DataFrame
    splits: pd.DataFrame
    comments: pd.DataFrame
    texts: pd.DataFrame
    categories: pd.DataFrame


def trial_release(
    base: AgentRelease,
    material: Material,
    encode: Encode,
    *,
    live: pd.DataFrame | None = None,
    labels: Mapping[str, str] | None = None,
    behavior: BehaviorFile | None = None,
    as_of: pd.Timestamp | None = None,
) -> AgentRelease:
    """The base with what is given instead of its own.

    Args:
        base: the release that the change is tried on.
        material: what ``base`` learnt from. Tickets that ``material.intents`` does not know teach nothing, unless they
            are in ``labels``: what came in since is not part of the change.
        encode: texts to unit vectors, by the base's encoder; the same texts are asked for in trial after trial, so give
            one that remembers (``remembered_encoding.remembering``).
        live: ``live_entries`` instead of the material's: the history is found anew on the training side, and the index
            built anew.
        labels: the category of a ticket by its id, over what the helpdesk says: categories are learnt and calibrated
            anew, and with them the history, since a ticket teaches about the entries of its category. Those of
            tickets outside the training side are left out: they would grade what they taught.
        behavior: instead of the base's.
        as_of: the moment the base learnt at; default the newest record of the tickets it learnt from.

    Returns:
        A release of its own id ("trial_" and 16 hex digits of all that decides). Given nothing, the base itself.

    Raises:
        ValueError: a frame lacks a column, or a condition cannot be read.
    """
    labels = _of_training(labels or {}, material)
    if live is None and not labels and behavior is None:
        return base
    changed, intents = material, material.intents
    trial = base
    if labels:
        changed = labelled(material, labels)
        assigned = learn_categories(changed, encode, base.encoder_revision, labels, as_of)
        intents = assigned.frame
        trial = replace(trial, intents=assigned.model)
    if live is not None:
        changed = replace(changed, live=live)
        trial = replace(trial, entries={one.entry_id: one for one in release_entries(live)})
    if live is not None or labels:
        index = learn_retrieval(replace(changed, intents=intents), encode, base.encoder_revision, labels)
        trial = replace(trial, index=index)
    if behavior is not None:
        trial = replace(trial, behavior=behavior)
    return replace(trial, release_id=_trial_id(base, trial))


def labelled(material: Material, labels: Mapping[str, str]) -> Material:
    """The material with the helpdesk's label of some tickets replaced: category_id by ticket_id."""
    tickets = material.tickets.copy()
    given = tickets["ticket_id"].map(dict(labels))
    tickets["label_category_id"] = given.where(given.notna(), tickets["label_category_id"]).astype(
        tickets["label_category_id"].dtype
    )
    return replace(material, tickets=tickets)


def learn_categories(
    material: Material,
    encode: Encode,
    encoder_revision: str,
    also: Mapping[str, str] | None = None,
    as_of: pd.Timestamp | None = None,
) -> IntentAssignment:
    """``ticket_intents`` and the model as the first stage makes them from this material, without new candidates.

    Args:
        also: ids of tickets to learn from that ``material.intents`` does not know.
        as_of: the data's present; default the newest record of these tickets.

    Tickets of candidates that people accepted keep the category they were lent.
    """
    import pandas as pd

    from assets.audit_tickets.categories.intents import assign_intents, example_phrases

    facts = _learnt_from(material, also or {})
    present = facts["updated_at"].fillna(facts["created_at"]).max() if as_of is None else as_of
    tickets = facts[["ticket_id", "label_category_id", "created_at"]].merge(
        material.texts[["ticket_id", "text"]], on="ticket_id"
    )
    phrases = example_phrases(material.categories)
    was_lent = (material.intents["assigned_by"] == "label") & material.intents["label_category_id"].isna()
    lent = material.intents.loc[was_lent, ["ticket_id", "assigned_category_id"]].rename(
        columns={"assigned_category_id": "category_id"}
    )
    return assign_intents(
        tickets,
        np.asarray(encode(tickets["text"].fillna("").tolist()), dtype=np.float32),
        material.splits,
        as_of=pd.Timestamp(present),
        encoder_revision=encoder_revision,
        phrases=phrases,
        phrase_vectors=np.asarray(encode(phrases["text"].tolist()), dtype=np.float32) if len(phrases) else None,
        accepted_members=lent.astype("str"),
    )


def learn_retrieval(
    material: Material, encode: Encode, encoder_revision: str, also: Mapping[str, str] | None = None
) -> RetrievalIndex:
    """The index over ``material.live``, with what training tickets teach about exactly these entries.

    Args:
        also: ids of tickets to learn from that ``material.intents`` does not know.
    """
    tickets = _learnt_from(material, also or {})
    comments = material.comments[material.comments["ticket_id"].isin(set(tickets["ticket_id"]))]
    answered = find_answered_tickets(
        material.live, material.articles, tickets, material.intents, material.splits, comments, encode
    )
    return build_index(
        documents_of_entries(share_phrasings(material.live)),
        index_history(answered, material.live, material.texts, tickets, comments),
        encode,
        encoder_revision=encoder_revision,
    )


def _learnt_from(material: Material, also: Mapping[str, str]) -> pd.DataFrame:
    known = {*material.intents["ticket_id"].astype(str), *also}
    tickets = material.tickets
    return tickets[tickets["ticket_id"].isin(known) & tickets["is_in_audit"].fillna(False).astype(bool)]


def _of_training(labels: Mapping[str, str], material: Material) -> dict[str, str]:
    training = set(material.splits.loc[material.splits["split"] == "train", "ticket_id"])
    return {ticket: category for ticket, category in labels.items() if ticket in training}


def _trial_id(base: AgentRelease, trial: AgentRelease) -> str:
    parts = [
        base.release_id,
        trial.intents.model_version,
        index_version(trial.index),
        behavior_hash(trial.behavior),
        *(f"{name} {entry.own_hash}" for name, entry in sorted(trial.entries.items())),
    ]
    return "trial_" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
