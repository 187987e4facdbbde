"""Everything that a release learns, learnt anew: categories, retrieval, confidence and thresholds.

Belongs here: the order in which the product's own functions learn from one cut of the material. Does not belong here: the
cut (``month_cut``), what reviews say (``review_labels``), whether the result may take over (``promotion``).

Nothing is taken over from the release in place but what people decide: entries, categories, the behavior spec, and the
frozen tickets. The encoder stays as it is (``docs/decisions/0015-no-encoder-tuning.md``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from assets.audit_tickets.categories.label_corrections import that_may_teach
from assets.build_knowledge.drafts.answer_conditions import customer_facts
from assets.build_knowledge.entry_history import find_answered_tickets, index_history
from assets.build_knowledge.retrieval.documents import documents_of_entries
from assets.build_knowledge.retrieval.retrieval_index import build_index
from assets.build_knowledge.variants import share_phrasings
from assets.configure_behavior.confidence.calibrate_confidence import CalibrationOutcome, calibrate_confidence
from assets.configure_behavior.confidence.calibration_labels import label_tickets
from assets.configure_behavior.confidence.choose_thresholds import thresholds_of
from assets.configure_behavior.confidence.thresholds import Thresholds
from assets.configure_behavior.releases.build_release import ReleaseParts, assemble, confidence_inputs
from assets.configure_behavior.releases.recipe import frame_digest
from assets.retrain_agent.trials.trial_release import Material

if TYPE_CHECKING:
    from assets.audit_tickets.categories.intents import IntentAssignment

Encode = Callable[[Sequence[str]], np.ndarray]
Progress = Callable[[int, int], None]
STEPS = 4


@dataclass(frozen=True)
class Refit:
    """What was learnt. ``parts``: what the release is built from; ``intents``: ``ticket_intents`` and its model;
    ``calibration``: labels, thresholds and curve; ``corrections``: category_id by training ticket that people corrected;
    ``known_right``: the right entries of training and calibration tickets by ticket_id, empty where no entry is."""

    parts: ReleaseParts
    intents: IntentAssignment
    calibration: CalibrationOutcome
    corrections: Mapping[str, str]
    known_right: Mapping[str, Sequence[str]]


def refit(
    base: ReleaseParts,
    material: Material,
    encode: Encode,
    *,
    as_of: pd.Timestamp,
    corrections: pd.DataFrame | None = None,
    members: pd.DataFrame | None = None,
    reviewed: pd.DataFrame | None = None,
    seed: int = 0,
    on_progress: Progress | None = None,
) -> Refit:
    """Learn everything anew.

    Args:
        base: parts of today's desk: what people decided (categories, spec, frozen tickets), names and settings are taken
            from it, whatever is learnt is not.
        material: cut at the month's end.
        encode: texts to unit vectors, by ``base.encoder``; give one that remembers.
        as_of: the data cut; nothing in ``material`` may be younger.
        corrections: what people corrected of categories; those of training tickets are learnt.
        members: ticket_id, category_id of tickets in candidates that people accepted.
        reviewed: labels of calibration tickets by people, which go before what replies tell.
        on_progress: called with (steps done, steps).

    Raises:
        ValueError: the material holds what is younger than ``as_of``, or a label is about a ticket of another side.
    """
    step = on_progress or (lambda done, total: None)
    for name, frame in (("tickets", material.tickets), ("replies", material.comments)):
        if (late := int((frame["created_at"] > as_of).sum())) > 0:
            raise ValueError(
                f"{late} {name} came after {as_of:%Y-%m-%d %H:%M}, and what is learnt for a moment must have been known by then"
            )
    corrected = that_may_teach(corrections, material.splits)
    audited = material.tickets[material.tickets["is_in_audit"].fillna(False).astype(bool)]
    step(0, STEPS)
    assigned = _categories(base, replace(material, tickets=audited), encode, as_of, members, corrections, seed)
    step(1, STEPS)
    material = replace(material, intents=assigned.frame)
    answered = find_answered_tickets(
        material.live, material.articles, audited, assigned.frame, material.splits, material.comments, encode
    )
    index = build_index(
        documents_of_entries(share_phrasings(material.live)),
        index_history(answered, material.live, material.texts, audited, material.comments),
        encode,
        encoder_revision=base.encoder.revision,
    )
    step(2, STEPS)
    uncalibrated = replace(
        base,
        as_of=as_of,
        entries=material.live,
        categories=material.categories,
        intents=assigned.model,
        index=index,
        thresholds=Thresholds(()),
    )
    calibration = _calibrate(uncalibrated, material, answered, encode, reviewed)
    step(3, STEPS)
    confidence_version = confidence_inputs(calibration.labels.frame, assigned.model, index, base.behavior, base.seeds)
    parts = replace(
        uncalibrated,
        confidence=calibration.model,
        confidence_version=confidence_version,
        thresholds=thresholds_of(calibration.thresholds),
        data={
            **base.data,
            "ticket_intents": [assigned.model.model_version],
            "ticket_splits": frame_digest(material.splits, ("ticket_id", "split")),
            "ticket_texts": frame_digest(material.texts, ("ticket_id", "text_hash")),
            **({"corrections": sorted(set(corrected["change_id"].dropna()))} if len(corrected) else {}),
        },
    )
    taught = label_tickets(
        material.live, material.articles, audited, assigned.frame, material.splits, material.comments, encode, "train",
        answered,
    ).frame  # fmt: skip
    known = pd.concat([taught, calibration.labels.frame], ignore_index=True)
    right = {str(ticket): list(names) for ticket, names in zip(known["ticket_id"], known["entry_ids"], strict=True)}
    step(STEPS, STEPS)
    return Refit(
        parts, assigned, calibration, dict(zip(corrected["ticket_id"], corrected["category_id"], strict=True)), right
    )


def _categories(
    base: ReleaseParts,
    material: Material,
    encode: Encode,
    as_of: pd.Timestamp,
    members: pd.DataFrame | None,
    corrections: pd.DataFrame | None,
    seed: int,
) -> IntentAssignment:
    from assets.audit_tickets.categories.intents import assign_intents, example_phrases

    columns = ["ticket_id", "label_category_id", "created_at"]
    tickets = material.tickets[columns].merge(material.texts[["ticket_id", "text"]], on="ticket_id")
    phrases = example_phrases(material.categories)
    return assign_intents(
        tickets,
        np.asarray(encode(tickets["text"].fillna("").tolist()), dtype=np.float32),
        material.splits,
        as_of=as_of,
        encoder_revision=base.encoder.revision,
        phrases=phrases,
        phrase_vectors=np.asarray(encode(phrases["text"].tolist()), dtype=np.float32) if len(phrases) else None,
        accepted_members=members,
        corrections=corrections,
        seed=seed,
    )


def _calibrate(
    uncalibrated: ReleaseParts,
    material: Material,
    answered: pd.DataFrame,
    encode: Encode,
    reviewed: pd.DataFrame | None,
) -> CalibrationOutcome:
    from assets.configure_behavior.decisions.kept_from_answering import kept_from_answering

    agent = replace(assemble(uncalibrated)[0], encode=encode)
    audited = material.tickets[material.tickets["is_in_audit"].fillna(False).astype(bool)]
    calibrating = set(material.splits.loc[material.splits["split"] == "calibration", "ticket_id"])
    texts = material.texts[material.texts["ticket_id"].isin(calibrating & set(audited["ticket_id"]))]
    facts = customer_facts(material.tickets[material.tickets["ticket_id"].isin(calibrating)])
    decided = material.categories[material.categories["bucket"].notna()]
    return calibrate_confidence(
        live=material.live,
        articles=material.articles,
        answered=answered,
        tickets=material.tickets,
        ticket_intents=material.intents,
        splits=material.splits,
        comments=material.comments,
        ticket_texts=material.texts,
        categories=decided[["category_id", "name", "bucket"]],
        confidence=uncalibrated.behavior.confidence,
        intents=uncalibrated.intents,
        index=uncalibrated.index,
        encode=encode,
        reviewed=reviewed,
        never_answered=kept_from_answering(agent, texts, facts),
    )
