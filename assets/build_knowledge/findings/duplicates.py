"""Texts that say the same as another: the same words, or the same sentence by sentence.

Belongs here: likeness of whole articles and entries. Does not belong here: texts of one subject that disagree
(``contradictions``), which are not copies but errors.

A duplicate does not block: either copy gives the right answer today. It is a finding because only one of them will be
corrected tomorrow, and because two entries for one question share its evidence in retrieval.

Method: candidates are subjects whose vectors are near; a pair counts when on average each sentence of the shorter text
has a near counterpart in the longer one (mean of best matches, as in soft alignment of translations) and neither text
is much longer.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.audit_tickets.splits.near_duplicates import jaccard, normalize_wording
from assets.build_knowledge.findings.aligned_sentences import Encode, can_meet
from assets.build_knowledge.findings.audited_texts import records
from assets.build_knowledge.findings.finding import Finding, about, quote
from assets.build_knowledge.findings.scopes import may_be_the_same, scopes_in
from assets.build_knowledge.findings.sentences import plain, proper_names, sentences_of, stems, without_marks
from assets.build_knowledge.findings.ui_steps import ui_paths

NEAR_SUBJECT = 0.6
"""Likeness (cosine) of two whole texts from which on their sentences are compared."""
SAME_SENTENCES = 0.78
"""Mean likeness of each sentence's best counterpart, both ways, from which on two texts are one."""
SAME_WORDS = 0.6
"""Share of common three-word runs that makes two texts copies whatever a model thinks."""
SAME_OPTIONS = 0.1
"""Share of common three-word runs from which on two short texts that lead to one menu describe one setting."""
SHORT_WORDS = 120
MAX_LENGTH_RATIO = 2.0
MIN_WORDS = 12


def find_duplicates(texts: pd.DataFrame, encode: Encode) -> list[Finding]:
    """Findings of type ``duplicate``, one a pair; an article and the entry written from it are none."""
    subjects = [one for one in _subjects(texts) if len(one["words"]) >= MIN_WORDS]
    if len(subjects) < 2:
        return []
    vectors = encode([one["summary"] for one in subjects])
    near = vectors @ vectors.T
    candidates = [
        (subjects[left], subjects[right])
        for left, right in np.argwhere(np.triu(near >= NEAR_SUBJECT, k=1))
        if _are_comparable(subjects[left], subjects[right])
    ]
    sentences = list(dict.fromkeys(text for pair in candidates for one in pair for text in one["sentences"]))
    by_sentence = dict(zip(sentences, encode(sentences), strict=True)) if sentences else {}
    found = []
    for one, other in candidates:
        likeness = _soft_likeness(one["sentences"], other["sentences"], by_sentence)
        words = jaccard(one["runs"], other["runs"])
        is_same = likeness >= SAME_SENTENCES or words >= SAME_WORDS or _lead_to_one_place(one, other, words)
        if is_same and not _are_twins(one, other):
            found.append(_finding(one, other, max(likeness, words)))
    return found


def _subjects(texts: pd.DataFrame) -> list[dict[str, Any]]:
    """One row an article or entry: its whole text by conditions, what is encoded, its runs of words."""
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in records(texts):
        rows.setdefault((row["subject_kind"], row["subject_id"]), []).append(row)
    found = []
    for parts in rows.values():
        # Parts for some readers only are compared where their conditions meet; the first row stands for the rest.
        body = "\n".join(plain(without_marks(part["text"])) for part in parts)
        words = normalize_wording(body).split()
        said = [without_marks(sentence.text) for part in parts for sentence in sentences_of(part)]
        found.append(
            {
                **parts[0],
                "body": body,
                "words": words,
                "runs": _runs(words),
                "places": {path.parts for text in said for path in ui_paths(text) if len(path.parts) >= 3},
                "sentences": [text for text in dict.fromkeys(said) if len(stems(text)) >= 2],
                "summary": f"{parts[0]['title']}. {body}",
            }
        )
    return found


def _runs(words: Sequence[str]) -> np.ndarray:
    runs = {zlib.crc32(" ".join(words[at : at + 3]).encode()) for at in range(max(len(words) - 2, 0))}
    return np.array(sorted(runs), dtype=np.int64)


def _are_comparable(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    lengths = sorted((len(one["words"]), len(other["words"])))
    return lengths[1] <= MAX_LENGTH_RATIO * lengths[0] and can_meet(one, other)


def _soft_likeness(one: Sequence[str], other: Sequence[str], vectors: Mapping[str, np.ndarray]) -> float:
    if not one or not other:
        return 0.0
    near = np.stack([vectors[text] for text in one]) @ np.stack([vectors[text] for text in other]).T
    return float((near.max(axis=0).mean() + near.max(axis=1).mean()) / 2)


def _lead_to_one_place(one: Mapping[str, Any], other: Mapping[str, Any], words: float) -> bool:
    """Short texts that send their reader to the same menu and name the same options there, in whatever words."""
    is_short = max(len(one["words"]), len(other["words"])) <= SHORT_WORDS
    return is_short and words >= SAME_OPTIONS and bool(one["places"] & other["places"])


def _are_twins(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Texts cut to one pattern for two plans, devices or products: their titles name what the other never does."""
    if not may_be_the_same(scopes_in(one["title"]), scopes_in(other["title"])):
        return True
    first, second = (proper_names(f"- {side['title']}\n{side['body']}") for side in (one, other))
    mine = {name for name in first - second if name in fold(one["title"])}
    theirs = {name for name in second - first if name in fold(other["title"])}
    return bool(mine and theirs)


def _finding(one: Mapping[str, Any], other: Mapping[str, Any], likeness: float) -> Finding:
    first, second = sorted((one, other), key=_standing)
    return Finding(
        type="duplicate",
        reason="same_content",
        **about(first),
        other_kind=str(second["subject_kind"]),
        other_id=str(second["subject_id"]),
        other_hash=str(second["subject_hash"]),
        evidence=f"“{first['title']}” ({quote(first['body'], 120)}) says the same as “{second['title']}” "
        f"({quote(second['body'], 120)}); likeness {likeness:.2f}.",
        fix=f"Keep one of the two, say “{second['title']}”, move over what only the other says, and let the other lead there.",
        is_blocking=False,
    )


def _standing(row: Mapping[str, Any]) -> tuple[bool, int, str]:
    """The copy to give up comes first: an article before an entry, the older one, the one of the lower id."""
    age = row["updated_at"].value if row["updated_at"] is not None else 0
    return row["subject_kind"] == "entry", age, str(row["subject_id"])
