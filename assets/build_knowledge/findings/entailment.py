"""An optional model that reads two sentences and says whether they contradict each other.

Belongs here: loading it by name and asking it about aligned sentences. Does not belong here: which sentences are
worth asking about (``aligned_sentences``).

Off by default: the detector of typed facts needs no model, explains itself, and takes seconds. A cross-encoder trained
on natural-language inference sees more and is right less often on instructions, so that its findings do not block.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from assets.build_knowledge.findings.aligned_sentences import Encode, aligned_pairs
from assets.build_knowledge.findings.audited_texts import records
from assets.build_knowledge.findings.disagreements import Disagreement, contradiction_findings
from assets.build_knowledge.findings.finding import Finding
from assets.build_knowledge.findings.statements import statements_of

Contradicts = Callable[[Sequence[tuple[str, str]]], np.ndarray]
"""Pairs of sentences to the probability that they contradict each other, float of shape [pairs]."""

MIN_LIKENESS = 0.65
MIN_PROBABILITY = 0.95


class NliModelError(ValueError):
    """The model cannot be used; the message says why and what to write instead."""


def load_nli_model(name: str) -> Contradicts:
    """Load a cross-encoder with a label for contradiction: a folder, or a name kept on this machine.

    Nothing is downloaded.

    Raises:
        NliModelError: it is not on this machine, or it has no label that says contradiction.
    """
    from sentence_transformers import CrossEncoder

    folder = Path(name).expanduser()
    try:
        model = CrossEncoder(str(folder) if folder.is_dir() else name, local_files_only=True)
    except (OSError, ValueError) as problem:
        raise NliModelError(
            f"The contradiction model '{name}' is not on this machine ({type(problem).__name__}). "
            "Put its files in a folder and name that folder, or leave the setting empty: the audit works without it."
        ) from problem
    labels = {str(label).casefold(): number for number, label in model.model.config.id2label.items()}
    column = next((number for label, number in labels.items() if label.startswith("contradict")), None)
    if column is None:
        raise NliModelError(f"The model '{name}' has no label 'contradiction' (it has {', '.join(labels)}).")

    def contradicts(pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        scores = model.predict(list(pairs), apply_softmax=True, show_progress_bar=False)
        return np.asarray(scores)[:, int(column)]

    return contradicts


def find_by_entailment(texts: pd.DataFrame, encode: Encode, contradicts: Contradicts) -> list[Finding]:
    """Findings of type ``contradiction`` with reason ``nli``: both readings of a pair say so. They do not block."""
    pairs = [
        pair
        for pair in aligned_pairs(statements_of(records(texts)), encode, typed=False)
        if pair.sentence_likeness >= MIN_LIKENESS
    ]
    if not pairs:
        return []
    said = [(pair.one.sentence.whole, pair.other.sentence.whole) for pair in pairs]
    there = contradicts(said)
    back = contradicts([(second, first) for first, second in said])
    found = [
        Disagreement(
            "nli", pair.one.sentence.row, pair.other.sentence.row, *sentences, pair.sentence_likeness,
            f"a model is {min(a, b):.0%} sure",
        )
        for pair, sentences, a, b in zip(pairs, said, there, back, strict=True)
        if min(a, b) >= MIN_PROBABILITY
    ]  # fmt: skip
    return [replace(one, is_blocking=False, is_other_blocked=False) for one in contradiction_findings(found)]
