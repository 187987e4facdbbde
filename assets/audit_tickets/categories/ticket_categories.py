"""From tickets and vectors to categories, known and new, in one call.

Belongs here: the order in which the parts of categorising work together. Does not belong here: any of the parts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from assets.audit_tickets.categories.candidate_frame import empty_candidates
from assets.audit_tickets.categories.candidates import CandidateSettings, discover_candidates
from assets.audit_tickets.categories.category_proposals import accepted_members, with_decisions
from assets.audit_tickets.categories.intent_model import IntentModel
from assets.audit_tickets.categories.intent_report import IntentReport
from assets.audit_tickets.categories.intents import AssignmentSettings, assign_intents, example_phrases, with_candidates
from assets.audit_tickets.categories.label_corrections import that_may_teach


@dataclass(frozen=True)
class CategorySettings:
    """How known categories are learnt and new ones found."""

    assignment: AssignmentSettings = field(default_factory=AssignmentSettings)
    candidates: CandidateSettings = field(default_factory=CandidateSettings)


@dataclass(frozen=True)
class TicketCategories:
    """``intents``: the frame ``ticket_intents``; ``candidates``: the frame ``category_candidates``."""

    intents: pd.DataFrame
    candidates: pd.DataFrame
    model: IntentModel
    report: IntentReport


def categorise_tickets(
    tickets: pd.DataFrame,
    vectors: np.ndarray,
    splits: pd.DataFrame,
    accepted_categories: pd.DataFrame,
    encode: Callable[[list[str]], np.ndarray],
    *,
    as_of: pd.Timestamp,
    encoder_revision: str,
    previous_candidates: pd.DataFrame | None = None,
    categories_text: str = "",
    corrections: pd.DataFrame | None = None,
    settings: CategorySettings | None = None,
    seed: int = 0,
    on_progress: Callable[[int, int], None] | None = None,
) -> TicketCategories:
    """Give every ticket its category, and propose categories for the tickets that have none.

    Args:
        tickets: one row a ticket: ticket_id, text, text_hash, language, label_category_id, created_at.
        vectors: their sentence vectors (n, d), same order.
        splits: ticket_id, split, group_id.
        accepted_categories: category_id, name, examples, merged_from (what people wrote).
        encode: texts to sentence vectors by the same encoder; called once, for people's example phrases.
        as_of: the data's present.
        encoder_revision: what made the vectors.
        previous_candidates: the ``category_candidates`` of the last run, if any.
        categories_text: text of ``categories.yaml``, for what people dismissed.
        corrections: ticket_id, category_id, change_id that people corrected; those of training tickets are learnt.
        settings, seed: see the parts.
        on_progress: called with (steps done, steps).
    """
    settings = settings or CategorySettings()
    steps = on_progress or (lambda done, total: None)
    phrases = example_phrases(accepted_categories)
    phrase_vectors = (
        np.asarray(encode(phrases["text"].tolist())) if len(phrases) else np.zeros((0, np.shape(vectors)[1]))
    )
    before = previous_candidates if previous_candidates is not None else empty_candidates()
    before = with_decisions(before, categories_text)
    members = accepted_members(before, accepted_categories, tickets, vectors, phrases, phrase_vectors)
    assigned = assign_intents(
        tickets,
        vectors,
        splits,
        as_of=as_of,
        encoder_revision=encoder_revision,
        phrases=phrases,
        phrase_vectors=phrase_vectors,
        accepted_members=members,
        corrections=corrections,
        settings=settings.assignment,
        seed=seed,
        on_progress=lambda done, total: steps(done, total + 1),
    )
    verdicts = assigned.frame.set_index("ticket_id").loc[tickets["ticket_id"]]
    pool = tickets.assign(
        split=verdicts["split"].to_numpy(),
        is_unknown=(verdicts["assigned_by"] == "unknown").to_numpy(dtype=bool),
        predicted_category_id=verdicts["predicted_category_id"].to_numpy(dtype=object),
    )
    found = discover_candidates(
        pool,
        vectors,
        as_of=as_of,
        encoder_revision=encoder_revision,
        previous=before,
        taken_names=accepted_categories["name"].dropna().tolist() if len(accepted_categories) else [],
        settings=settings.candidates,
        seed=seed,
    )
    steps(1, 1)
    return TicketCategories(
        with_candidates(assigned.frame, found.members), found.candidates, assigned.model, assigned.report
    )


def frames_digest(
    tickets: pd.DataFrame,
    splits: pd.DataFrame,
    accepted_categories: pd.DataFrame,
    text: str,
    corrections: pd.DataFrame | None = None,
) -> str:
    """16 hex digits of all that ``categorise_tickets`` depends on, its own code included; row order does not count.

    Of the corrections only those count that may be learnt from, and not who made them when.
    """
    digest = hashlib.sha256(text.encode())
    for frame in (tickets, splits, accepted_categories, that_may_teach(corrections, splits)):
        rows = pd.util.hash_pandas_object(frame.astype(str), index=False).to_numpy()
        digest.update(np.sort(rows).tobytes() + b"|".join(str(name).encode() for name in frame.columns))
    for module in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(module.read_bytes())
    return digest.hexdigest()[:16]


def was_made_from(intents: pd.DataFrame, digest: str) -> bool:
    """Whether an earlier ``ticket_intents`` came from inputs of exactly this digest, so that it can be taken over."""
    return "input_digest" in intents and set(intents["input_digest"]) == {digest}
