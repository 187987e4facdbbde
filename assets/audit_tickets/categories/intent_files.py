"""The files of a category model: ``intent_model.json`` beside ``intent_model.npz``.

Belongs here: what is written, how it is read again, and the refusal of files in another format. Does not belong here:
what a model learns or predicts (``intent_model``), or where its folder is.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from assets.audit_tickets.categories.calibration import Calibrator
from assets.audit_tickets.categories.intent_model import FORMAT, IntentModel, IntentSettings
from assets.audit_tickets.categories.landmarks import Landmarks, LandmarkSettings
from assets.audit_tickets.categories.text_features import FeatureSettings, TextFeatures


def write_model(model: IntentModel, folder: Path) -> None:
    """Write both files: no pickle, equal bytes for an equal model."""
    folder.mkdir(parents=True, exist_ok=True)
    state, arrays = model.features.to_state()
    document = {
        "format": FORMAT,
        "model_version": model.model_version,
        "encoder_revision": model.encoder_revision,
        "categories": model.categories,
        "not_learnt": model.not_learnt,
        "foreign_below": None if np.isinf(model.foreign_below) else model.foreign_below,
        "calibrator": asdict(model.calibrator),
        "settings": asdict(model.settings),
        "features": state,
    }
    (folder / "intent_model.json").write_text(
        json.dumps(document, ensure_ascii=False, sort_keys=True), encoding="utf-8"
    )
    packed: dict[str, Any] = {
        "coefficients": model.coefficients,
        "intercepts": model.intercepts,
        **arrays,
        **model.landmarks.to_arrays(),
    }
    np.savez_compressed(folder / "intent_model.npz", **dict(sorted(packed.items())))


def read_model(folder: Path) -> IntentModel:
    """Read what ``write_model`` wrote. Raises FileNotFoundError, or ValueError for another format."""
    document = json.loads((folder / "intent_model.json").read_text(encoding="utf-8"))
    if document.get("format") != FORMAT:
        raise ValueError(
            f"{folder}: written by another version of the model format ({document.get('format')}); fit it again"
        )
    with np.load(folder / "intent_model.npz", allow_pickle=False) as packed:
        arrays = {name: packed[name] for name in packed.files}
    settings = dict(document["settings"])
    feature_settings: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in settings.pop("features").items()
    }
    landmark_settings = LandmarkSettings(**settings.pop("landmarks"))
    calibrator = dict(document["calibrator"])
    calibrator["weights"] = tuple(calibrator["weights"])
    calibrator["steps"] = tuple(tuple(step) for step in calibrator["steps"])
    chosen = IntentSettings(features=FeatureSettings(**feature_settings), landmarks=landmark_settings, **settings)
    return IntentModel(
        settings=chosen,
        encoder_revision=document["encoder_revision"],
        categories=document["categories"],
        not_learnt=document["not_learnt"],
        calibrator=Calibrator(**calibrator),
        foreign_below=float("-inf") if document["foreign_below"] is None else document["foreign_below"],
        model_version=document["model_version"],
        features=TextFeatures.from_state(chosen.features, document["features"], arrays),
        coefficients=arrays["coefficients"],
        intercepts=arrays["intercepts"],
        landmarks=Landmarks.from_arrays(landmark_settings, arrays),
    )
