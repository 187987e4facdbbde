"""How alike two failures are in what they are about, and which belong together by it.

Belongs here: what of a message is compared, the likeness of two failures, cutting the tree of merges. Does not belong here:
what else holds failures together (``pattern_groups``), names, ids.

Customers who need one answer ask for it in very different words, and two matters of one category are asked in nearly the
same; what people answered tells them apart. So the right answers count most where both are known; where they are not, the
category counts beside the question, and always what is known of the customer. Weights and cut were chosen on half of the
sample desk's entries, planted as gaps two to six at a time, and hold on the other half: nine in ten patterns there held one
gap, whose failures lay in two patterns on average. ``understudy bench failures`` measures it as it stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assets.build_knowledge.drafts.answer_groups import answer_likeness
from assets.build_knowledge.drafts.sentences import (
    content_stems,
    is_courtesy,
    is_sign_off,
    split_sentences,
    strip_greeting,
)

Encode = Callable[[Sequence[str]], np.ndarray]

LEAST = 0.3
"""Failures that are at least this alike on average belong together."""
ANSWER_WEIGHT = 0.7
"""Of the likeness where both right answers are known; the question has the rest."""
SAME_ANSWER, BY_ANSWER = 0.5, 0.3
"""Answers at least this alike say the same, others something else; that adds or takes away BY_ANSWER."""
SAME_CATEGORY, OTHER_CATEGORY = 0.3, -0.2
"""What the category adds where both are known and the right answers are not: those say more."""
BY_FACTS = 0.1
"""What the customers' facts add at most if they are the same, or take away if they differ."""
FACTS = ("plan", "os", "sso")
MAX_COMPARED = 2_000
"""Failures that are compared pair by pair, the newest; older ones join the nearest of these."""
MAX_CHARS = 4_000


@dataclass(frozen=True)
class Matter:
    """Failures as they are compared, in one order; vectors are unit rows.

    essences: what each customer asks, without greetings and signatures; answers: what would have been right, "" where
    nobody said; categories: the right one, or the one chosen; facts: of the customer.
    """

    essences: Sequence[str]
    questions: np.ndarray
    answers: Sequence[str]
    answer_vectors: np.ndarray
    categories: Sequence[str | None]
    facts: Sequence[Mapping[str, str]]

    def of(self, rows: Sequence[int]) -> Matter:
        """These failures alone."""
        return Matter(
            [self.essences[row] for row in rows],
            self.questions[list(rows)],
            [self.answers[row] for row in rows],
            self.answer_vectors[list(rows)],
            [self.categories[row] for row in rows],
            [self.facts[row] for row in rows],
        )


def read_matter(failures: Sequence[Mapping[str, Any]], encode: Encode) -> Matter:
    """What failures are about; every text is encoded once.

    Args:
        failures: rows of ``frames.FAILURE`` with None where a cell is empty.
    """
    essences = [essence(str(one["question"] or "")) for one in failures]
    answers = [str(one["right_answer"] or "")[:MAX_CHARS] for one in failures]
    texts = list(dict.fromkeys([*essences, *(one for one in answers if one)]))
    vectors = np.asarray(encode(texts), dtype=np.float64) if texts else np.zeros((0, 1))
    place = {text: at for at, text in enumerate(texts)}
    # The last row is for failures without a right answer: like nothing.
    vectors = np.vstack([vectors, np.zeros((1, vectors.shape[1]))])
    return Matter(
        essences=essences,
        questions=vectors[[place[one] for one in essences]],
        answers=answers,
        answer_vectors=vectors[[place.get(one, -1) for one in answers]],
        categories=[one["right_category_id"] or one["category_id"] for one in failures],
        facts=[_facts(one["context"]) for one in failures],
    )


def essence(text: str) -> str:
    """What a message asks and tells, a sentence a line: no greeting, no thanks, no signature, nothing said twice.

    All of it where nothing else is left.
    """
    kept: list[str] = []
    for line in text[:MAX_CHARS].split("\n"):
        if kept and is_sign_off(strip_greeting(line)):
            break
        for sentence in split_sentences(line):
            bare = strip_greeting(sentence).strip()
            if bare and bare not in kept and not is_courtesy(bare) and content_stems(bare):
                kept.append(bare)
    # A subject is often the message's first words, cut.
    if len(kept) > 1 and any(one.startswith(kept[0]) for one in kept[1:]):
        kept = kept[1:]
    return "\n".join(kept) or text[:MAX_CHARS]


def group_by_matter(matter: Matter, newest_first: Sequence[int]) -> list[list[int]]:
    """Rows that are about the same, the largest group first; every row is in one.

    Average linkage (Sokal and Michener 1958), cut at ``LEAST``; the same for the same rows in whatever order.

    Args:
        newest_first: all rows; past ``MAX_COMPARED`` a row joins the group of the one it is most like.
    """
    compared, rest = list(newest_first[:MAX_COMPARED]), list(newest_first[MAX_COMPARED:])
    groups = [[compared[at] for at in group] for group in _cut(likeness(matter.of(compared)))]
    for start in range(0, len(rest), MAX_COMPARED):
        block = rest[start : start + MAX_COMPARED]
        alike = likeness(matter.of([*block, *compared]))[: len(block), len(block) :]
        group_of = {row: group for group in groups for row in group}
        alone = []
        for at, row in enumerate(block):
            best = int(alike[at].argmax())
            if alike[at, best] >= LEAST:
                group_of[compared[best]].append(row)
            else:
                alone.append([row])
        groups += alone
    return sorted((sorted(group) for group in groups), key=lambda group: (-len(group), group))


def likeness(matter: Matter) -> np.ndarray:
    """How alike all pairs are, (n, n), about -0.5 to 1.6; see this module's constants."""
    asked = np.clip(matter.questions @ matter.questions.T, 0.0, 1.0)
    known = np.array([bool(one) for one in matter.answers], dtype=bool)
    both = known[:, None] & known[None]
    alike = asked + _agree(matter.categories, SAME_CATEGORY, OTHER_CATEGORY)
    if both.any():
        answers = answer_likeness(matter.answers, matter.answer_vectors)
        said = ANSWER_WEIGHT * answers + (1 - ANSWER_WEIGHT) * asked
        alike = np.where(both, said + np.where(answers >= SAME_ANSWER, BY_ANSWER, -BY_ANSWER), alike)
    return alike + sum(
        _agree([one.get(name) for one in matter.facts], BY_FACTS, -BY_FACTS) / len(FACTS) for name in FACTS
    )


def centrality(matter: Matter) -> np.ndarray:
    """How near each question is to all of them, by the mean of their cosines, (n,)."""
    if not len(matter.questions):
        return np.zeros(0)
    return np.asarray(matter.questions @ matter.questions.mean(axis=0), dtype=np.float64)


def _agree(values: Sequence[str | None], same: float, other: float) -> np.ndarray:
    held = np.array(["" if one is None else str(one) for one in values], dtype=object)
    both = (held != "")[:, None] & (held != "")[None]
    return np.where(both, np.where(held[:, None] == held[None], same, other), 0.0)


def _cut(alike: np.ndarray) -> list[list[int]]:
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    if len(alike) < 2:
        return [[row] for row in range(len(alike))]
    # Rounded, so that the last bit of a sum does not decide between two merges; a distance may not be negative.
    most = 2.0
    distance = np.round(np.clip(most - (alike + alike.T) / 2, 0.0, None), 6)
    np.fill_diagonal(distance, 0.0)
    labels = fcluster(linkage(squareform(distance, checks=False), "average"), most - LEAST, "distance")
    groups: dict[int, list[int]] = {}
    for row, label in enumerate(labels.tolist()):
        groups.setdefault(label, []).append(row)
    return list(groups.values())


def _facts(context: Any) -> dict[str, str]:
    try:
        read = json.loads(context) if isinstance(context, str) else {}
    except ValueError:
        return {}
    if not isinstance(read, dict):
        return {}
    return {name: str(read[name]).casefold() for name in FACTS if read.get(name) is not None}
