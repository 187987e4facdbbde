"""One call that adds a language model's proposals to the drafts, for desks that name a model.

Belongs here: opening the client, and what it cost. Does not belong here: asking and judging replies (`proposals`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from assets.build_knowledge.drafts.draft_settings import DraftSettings
from assets.build_knowledge.language_model.client import LanguageModelClient
from assets.build_knowledge.language_model.material import EntryMaterial
from assets.build_knowledge.language_model.proposals import with_proposals
from desk.models import LanguageModel


@dataclass(frozen=True)
class ModelDrafts:
    """Drafts with the model's among them; replies that were set aside [subject_id, reason, detail, …]; the cost."""

    drafts: pd.DataFrame
    set_aside: pd.DataFrame
    spent_usd: float = 0.0
    count_calls: int = 0


def add_model_drafts(
    drafts: pd.DataFrame,
    materials: Sequence[EntryMaterial],
    model: LanguageModel,
    reply_folder: Path,
    settings: DraftSettings,
    as_of: pd.Timestamp,
    decisions: pd.DataFrame,
    entries: pd.DataFrame,
) -> ModelDrafts:
    """``knowledge_drafts`` with a model's proposals; unchanged where the desk names none.

    Args:
        model: the desk's ``language_model`` block. reply_folder: where replies are kept, so that an unchanged prompt is
            paid once; derived from tickets, so part of what an erasure clears. Others as in `propose_entries`.
    """
    if not model.is_on:
        return ModelDrafts(drafts, pd.DataFrame(columns=["subject_id", "reason", "detail"]))
    client = LanguageModelClient.of(model, reply_folder)
    both, aside = with_proposals(drafts, materials, client.complete, settings, as_of, decisions, entries)
    return ModelDrafts(both, aside, client.budget.spent_usd, client.budget.count_calls)
