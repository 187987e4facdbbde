"""Texts that lead their reader to the same goal by different menus or buttons.

Belongs here: comparing the ways of texts that answer one question. Does not belong here: reading a way (``ui_steps``).

Help texts often know several ways to one goal, so that only a plain case counts: both texts answer nearly the same
question, each names one main way, neither names the other's anywhere, and they part at the first menu.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from assets.build_knowledge.findings.aligned_sentences import Encode, can_meet
from assets.build_knowledge.findings.disagreements import Disagreement
from assets.build_knowledge.findings.scopes import may_be_the_same, scopes_in
from assets.build_knowledge.findings.sentences import plain, sentences_of, stems
from assets.build_knowledge.findings.ui_steps import UiPath, ui_paths

SAME_TASK = 0.7
"""Likeness (cosine) of two questions, and of two whole texts, from which on they describe one task."""


def differing_steps(rows: Sequence[Mapping[str, Any]], encode: Encode) -> list[Disagreement]:
    """Disagreements of reason ``differs_in_step``."""
    ways = [(row, way) for row in rows if (way := _way(row)) is not None]
    if len(ways) < 2:
        return []
    questions = encode([str(row["question"]) for row, _ in ways])
    tasks = encode([f"{row['question']}. {plain(str(row['text']))}" for row, _ in ways])
    about, alike = questions @ questions.T, tasks @ tasks.T
    found = []
    for left, right in np.argwhere(np.triu((about >= SAME_TASK) & (alike >= SAME_TASK), k=1)):
        (one, way), (other, theirs) = ways[left], ways[right]
        if not can_meet(one, other) or not _part(one, way, other, theirs):
            continue
        scopes = [scopes_in(f"{row['question']}. {said}") for row, (_, said) in ((one, way), (other, theirs))]
        if may_be_the_same(*scopes, ignore=("role", "period", "payment", "region")):
            found.append(
                Disagreement(
                    "differs_in_step", one, other, way[1], theirs[1],
                    float(about[left, right] + alike[left, right]) / 2, f"{way[0].text} or {theirs[0].text}",
                )
            )  # fmt: skip
    return found


def _way(row: Mapping[str, Any]) -> tuple[UiPath, str] | None:
    """The first menu path of a text and its sentence; None where it names several ways."""
    found = [(path, sentence.text) for sentence in sentences_of(row) for path in ui_paths(sentence.text)]
    starts = {path.parts[:2] for path, _ in found}
    return found[0] if len(starts) == 1 else None


def _part(
    one: Mapping[str, Any], way: tuple[UiPath, str], other: Mapping[str, Any], theirs: tuple[UiPath, str]
) -> bool:
    mine, yours = way[0].parts, theirs[0].parts
    if set(mine) <= set(yours) or set(yours) <= set(mine) or mine[:2] == yours[:2]:
        return False
    # A longer way of saying the same menu ("Account settings", "Settings") is no other way.
    first, second = set(stems(mine[0])), set(stems(yours[0]))
    second_step = set(stems(mine[1])) & set(stems(yours[1]))
    if first & second and second_step:
        return False
    said = set(stems(str(one["text"]))), set(stems(str(other["text"])))
    return not set(stems(" ".join(yours[:2]))) <= said[0] and not set(stems(" ".join(mine[:2]))) <= said[1]
