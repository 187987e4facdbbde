"""Saving an index to a folder and reading it back: JSON and plain arrays, nothing that runs when opened.

Belongs here: the format. Equal indexes give equal bytes. The folder holds no words of customers, but the terms they
share and the ids of past tickets.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from assets.audit_tickets.categories.text_features import FeatureSettings, TextFeatures
from assets.build_knowledge.retrieval.choice_model import ChoiceModel
from assets.build_knowledge.retrieval.combination import Combination
from assets.build_knowledge.retrieval.document_signals import Documents
from assets.build_knowledge.retrieval.entry_models import EntryModels, Examples
from assets.build_knowledge.retrieval.retrieval_index import RetrievalIndex, index_version
from assets.build_knowledge.retrieval.retrieval_settings import RetrievalSettings
from assets.build_knowledge.retrieval.word_index import WordIndex

FORMAT = 3
JSON_NAME, ARRAYS_NAME = "retrieval_index.json", "retrieval_index.npz"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def save_index(index: RetrievalIndex, folder: Path) -> None:
    """Write ``retrieval_index.json`` and ``retrieval_index.npz`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    terms, arrays = index.features.to_state()
    documents = index.documents
    arrays |= documents.words.to_arrays()
    arrays |= {"document_entry": documents.entry, "document_vectors": documents.vectors}
    if index.models is not None:
        models = index.models
        arrays |= {name: getattr(models, name) for name in ("duals", "means", "slopes", "offsets")}
        arrays |= {"choice_directions": models.choice.directions, "choice_weights": models.choice.weights}
        for name, examples in (("history", models.history), ("documents", models.documents)):
            wording = examples.wording.tocsr()
            arrays |= {f"{name}_vectors": examples.vectors, f"{name}_answers": examples.answers}
            arrays |= {f"{name}_weights": examples.weights, f"{name}_shape": np.array(wording.shape)}
            arrays |= {f"{name}_{part}": getattr(wording, part) for part in ("data", "indices", "indptr")}
    document: dict[str, Any] = {
        "format": FORMAT,
        "version": index_version(index),
        "encoder_revision": index.encoder_revision,
        "settings": asdict(index.settings),
        "combination": asdict(index.combination),
        "has_models": index.models is not None,
        "history_ids": index.history_ids,
        "features": terms,
        "words": documents.words.terms,
        "entries": documents.entries,
        "kinds": documents.kinds,
        "texts": documents.texts,
        "conditions": documents.conditions,
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True)
    (folder / JSON_NAME).write_text(text, encoding="utf-8")
    _write_arrays(folder / ARRAYS_NAME, arrays)


def load_index(folder: Path) -> RetrievalIndex:
    """Read what ``save_index`` wrote.

    Raises:
        FileNotFoundError: there is none.
        ValueError: it was written by another version of the format; build it again.
    """
    document = json.loads((folder / JSON_NAME).read_text(encoding="utf-8"))
    if document.get("format") != FORMAT:
        raise ValueError(f"{folder}: an index of another format ({document.get('format')}); build it again")
    with np.load(folder / ARRAYS_NAME, allow_pickle=False) as packed:
        arrays = {name: packed[name] for name in packed.files}
    settings = _settings(document["settings"])
    combination = document["combination"]
    documents = Documents(
        document["entries"],
        arrays["document_entry"],
        document["kinds"],
        document["texts"],
        document["conditions"],
        arrays["document_vectors"],
        WordIndex.from_arrays(document["words"], arrays),
    )
    models = None
    if document["has_models"]:
        models = EntryModels(
            _examples("history", arrays),
            _examples("documents", arrays),
            arrays["duals"],
            arrays["means"],
            arrays["slopes"],
            arrays["offsets"],
            ChoiceModel(arrays["choice_directions"], arrays["choice_weights"]),
        )
    return RetrievalIndex(
        settings,
        document["encoder_revision"],
        documents,
        TextFeatures.from_state(settings.features, document["features"], arrays),
        document["history_ids"],
        models,
        Combination(**{**combination, "curve": tuple(combination["curve"])}),
    )


def history_tickets(folder: Path) -> set[str]:
    """Ids of the past tickets that a saved index learnt from, read without its models.

    Raises:
        FileNotFoundError: there is none.
    """
    document = json.loads((folder / JSON_NAME).read_text(encoding="utf-8"))
    return {str(one) for one in document["history_ids"] or ()}


def _settings(values: dict[str, Any]) -> RetrievalSettings:
    features: dict[str, Any] = {
        key: tuple(one) if isinstance(one, list) else one for key, one in values.pop("features").items()
    }
    signals = tuple(values.pop("signals"))
    return RetrievalSettings(signals=signals, features=FeatureSettings(**features), **values)


def _examples(name: str, arrays: dict[str, np.ndarray]) -> Examples:
    from scipy import sparse

    parts = tuple(arrays[f"{name}_{part}"] for part in ("data", "indices", "indptr"))
    wording = sparse.csr_matrix(parts, shape=tuple(int(size) for size in arrays[f"{name}_shape"]))
    return Examples(arrays[f"{name}_vectors"], wording, arrays[f"{name}_answers"], arrays[f"{name}_weights"])


def _write_arrays(file: Path, arrays: dict[str, np.ndarray]) -> None:
    """An npz whose bytes depend on the arrays alone: numpy's own writer puts the time into it."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, values in sorted(arrays.items()):
            packed = BytesIO()
            np.lib.format.write_array(packed, np.ascontiguousarray(values), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _EPOCH), packed.getvalue(), zipfile.ZIP_DEFLATED)
