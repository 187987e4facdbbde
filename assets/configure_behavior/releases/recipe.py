"""The recipe: everything a release is built from, as hashes and settings; its own hash names the release.

Belongs here: the recipe's form, its hash, and versions that depend on inputs alone. Does not belong here: files
(``release_files``), what forbids activating a release (``release_problems``).

Nothing in a recipe depends on the machine. Learnt numbers differ in their last bits from one processor to the next, so
models are named by what they were learnt from; digests of the files with numbers stand in the manifest. The same recipe
elsewhere therefore has the same hash, and must give the same decisions on the regression set.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ledger import chain
from ledger.decisions import Decision, decision_digest
from ledger.signable import document_digest

if TYPE_CHECKING:
    import pandas as pd

    from assets.build_knowledge.retrieval.retrieval_index import RetrievalIndex
    from assets.configure_behavior.confidence.thresholds import Thresholds
    from assets.configure_behavior.releases.agent_release import ReleaseCategory, ReleaseEntry

FORMAT = 1


def make_recipe(
    *,
    desk_id: str,
    company: str,
    as_of: pd.Timestamp,
    entries: Iterable[ReleaseEntry],
    categories: Iterable[ReleaseCategory],
    behavior_hash: str,
    intents_version: str,
    retrieval_version: str,
    confidence_version: str,
    thresholds: Thresholds,
    encoder_name: str,
    encoder_revision: str,
    regression_set: str,
    data: Mapping[str, Any],
    settings: Mapping[str, Any],
    seeds: Mapping[str, int],
    code: Mapping[str, Any],
) -> dict[str, Any]:
    """The recipe, JSON-ready and in one order whatever the order of what is given.

    Args:
        as_of: the data cut: tickets after it are unseen by the release.
        intents_version: ``IntentModel.model_version``, a hash of texts, labels, settings and encoder.
        retrieval_version: ``retrieval_inputs``.
        confidence_version: hash of what confidence and thresholds were learnt from.
        thresholds: only what was asked of each counts here, not the numbers found.
        regression_set: ``frame_digest`` of the frozen tickets.
        data: digests of the frames used, and ids of the exports.
        code: ``version`` and ``packages``.
    """
    decided = sorted(categories, key=lambda one: one.category_id)
    return {
        "format": FORMAT,
        "desk": {"desk_id": desk_id, "company": company},
        "as_of": moment_text(as_of),
        "behavior": behavior_hash,
        "categories": [asdict(one) for one in decided],
        "roadmap": roadmap_digest(decided),
        "entries": [_entry(one) for one in sorted(entries, key=lambda one: one.entry_id)],
        "encoder": {"name": encoder_name, "revision": encoder_revision},
        "intents": intents_version,
        "retrieval": retrieval_version,
        "confidence": {
            "version": confidence_version,
            "thresholds": digest_of(sorted([one.category_id, one.risk, one.certainty] for one in thresholds.rows)),
        },
        "regression_set": regression_set,
        "data": dict(data),
        "settings": dict(settings),
        "seeds": dict(seeds),
        "code": dict(code),
    }


def recipe_hash(recipe: Mapping[str, Any]) -> str:
    """The release id: SHA-256 over the ledger's canonical JSON, which is also what a signature on a release is about."""
    return document_digest(dict(recipe))


def roadmap_digest(categories: Iterable[ReleaseCategory]) -> str:
    """The hash under which these decisions were signed as a roadmap."""
    return decision_digest(Decision(one.category_id, one.bucket, one.tier, one.owner) for one in categories)


def retrieval_inputs(index: RetrievalIndex) -> str:
    """Hash of what an index was made from: documents, which past tickets each entry answered, settings, encoder.

    Unlike ``index_version`` it holds no learnt weight, and of how strongly a ticket spoke for an entry only whether.
    """
    documents, models = index.documents, index.models
    answered: list[list[Any]] = []
    if models is not None:
        answered = [
            [ticket, sorted(documents.entries[column] for column in row.nonzero()[0])]
            for ticket, row in zip(index.history_ids, models.history.answers, strict=True)
        ]
    at = [documents.entries[number] for number in documents.entry]
    recipe = {
        "settings": asdict(index.settings),
        "encoder": index.encoder_revision,
        "entries": documents.entries,
        "documents": sorted([*row] for row in zip(at, documents.kinds, documents.texts, _texts(documents.conditions), strict=True)),
        "history": sorted(answered),
    }  # fmt: skip
    return "retrieval_" + digest_of(recipe)[:12]


def frame_digest(frame: pd.DataFrame, columns: Sequence[str]) -> str:
    """SHA-256 over the rows of some columns, whatever their order; 64 hex digits.

    Numbers with a fraction are refused, since their last bits depend on the machine; missing values are all alike.

    Raises:
        ValueError: a column is missing, or holds fractions.
    """
    import pandas as pd

    if absent := [name for name in columns if name not in frame]:
        raise ValueError(f"the columns {absent} are missing, so their rows have no digest")
    if fractions := [
        name for name in columns if pd.api.types.is_float_dtype(frame[name]) and frame[name].notna().any()
    ]:
        raise ValueError(f"the columns {fractions} hold fractions, which differ from machine to machine")
    rows = [
        hashlib.sha256(json.dumps([None if _is_missing(value) else str(value) for value in row]).encode()).hexdigest()
        for row in frame[list(columns)].itertuples(index=False, name=None)
    ]
    return chain.sha256_hex("\n".join(sorted(rows)))


def digest_of(value: Any) -> str:
    """SHA-256 over the canonical JSON of a value; 64 hex digits."""
    return chain.sha256_hex(chain.canonical_json(value))


def moment_text(at: pd.Timestamp) -> str:
    """A moment as the recipe writes it, UTC, to the second.

    Raises:
        ValueError: it has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone; a data cut is a moment in UTC")
    return at.tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%SZ")


def _entry(entry: ReleaseEntry) -> dict[str, Any]:
    return {
        "entry_id": entry.entry_id,
        "content_hash": entry.content_hash,
        "category_id": entry.category_id,
        "conditions": {name: list(values) for name, values in entry.conditions.items()},
        "owner": entry.owner,
        "sources": digest_of(entry.sources)[:16],
    }


def _texts(values: Iterable[Any]) -> list[str]:
    return [chain.canonical_json({name: list(allowed) for name, allowed in one.items()}) for one in values]


def _is_missing(value: Any) -> bool:
    import pandas as pd

    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))
