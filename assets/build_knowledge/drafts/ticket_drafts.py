"""Drafts from what people answered: the typical one of consistent answers, with the conditions they were given under.

Belongs here: from a category's answers to proposals and refusals. Does not belong here: cleaning replies
(`staff_answers`), likeness (`answer_groups`), tests of conditions (`answer_conditions`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.build_knowledge.conditions import overlap
from assets.build_knowledge.drafts.answer_conditions import Derived, derive_conditions, fits
from assets.build_knowledge.drafts.answer_groups import (
    agreement,
    answer_likeness,
    group_answers,
    is_superseded,
    typical_answer,
)
from assets.build_knowledge.drafts.draft_settings import DraftSettings
from assets.build_knowledge.drafts.phrasings import mine_phrasings
from assets.build_knowledge.drafts.proposal import CategoryMaterial, Proposal, Refusal, Source, asked_phrase
from assets.build_knowledge.drafts.question_wording import choose_question

MAX_SOURCES = 5
FINER = (0.7, 0.85, 0.95)
"""Likeness at which a group is looked at again for parts that went to different readers."""
ONE_QUESTION = 0.85
"""Two groups of customers ask one question when they are this nearly as alike across as within."""


@dataclass(frozen=True)
class _Group:
    rows: list[int]
    medoid: int
    derived: Derived
    hits: int
    compared: int


def draft_from_tickets(
    material: CategoryMaterial, settings: DraftSettings, as_of: pd.Timestamp
) -> tuple[list[Proposal], list[Refusal]]:
    """Propose entries from the answers of one category, and say what could not be proposed.

    Answers in the desk's main language are used; another language only where the main one has too few. An answer is
    proposed when at least `settings.min_support` tickets got it and at least `settings.min_agreement` of the answers to
    like questions, asked in the same situation, say the same; it is refused when people answer otherwise since.
    """
    answers, vectors, contexts = _in_one_language(material, settings)
    category = material.category_id
    if len(answers) < settings.min_support:
        detail = f"Only {len(answers)} training tickets of “{material.name}” have an answer that stands without the customer's own data."
        return [], [Refusal(category, "no_answers", detail, len(answers))]
    likeness = answer_likeness(answers["answer"].tolist(), vectors)
    asked = _asked(answers, material)
    groups = []
    refusals: list[Refusal] = []
    for rows in _apart_by_reader(group_answers(likeness, settings.same_answer), likeness, contexts, answers, settings):
        medoid = typical_answer(rows, likeness, answers["quality"].tolist(), answers["answered_at"].tolist())
        derived = derive_conditions(rows, contexts, answers["answer"].iloc[medoid])
        same = likeness[medoid] >= settings.same_answer
        same[rows] = True
        hits, compared = agreement(rows, asked, fits(contexts, derived.conditions), same)
        groups.append(_Group(rows, medoid, derived, hits, compared))
    if not groups:
        detail = (
            f"{len(answers)} answers in “{material.name}” were read and none was given {settings.min_support} times: people answer "
            "each customer differently here."
        )
        return [], [Refusal(category, "no_repeated_answer", detail, len(answers))]
    kept = []
    for group in groups:
        refusal = _refuse(group, groups, answers, asked, material, settings, as_of)
        if refusal:
            refusals.append(refusal)
        else:
            kept.append(group)
    return [_propose(group, kept, answers, vectors, asked, material, settings, as_of) for group in kept], refusals


def _apart_by_reader(
    groups: Sequence[list[int]],
    likeness: np.ndarray,
    contexts: pd.DataFrame,
    answers: pd.DataFrame,
    settings: DraftSettings,
) -> list[list[int]]:
    """Groups of at least `min_support` answers, those cut in parts whose parts went to different readers.

    Instructions for two systems may be alike in nearly every word: where a finer grouping gives parts that were
    given under conditions that exclude each other, the difference is one that matters.
    """
    found: list[list[int]] = []
    for rows in groups:
        if len(rows) < settings.min_support:
            continue
        own = contexts.iloc[rows].reset_index(drop=True)
        texts = answers["answer"].iloc[rows].tolist()
        for least in FINER:
            fine = group_answers(likeness[np.ix_(rows, rows)], least)
            parts = [part for part in fine if len(part) >= settings.min_support]
            conditions = [derive_conditions(part, own, texts[part[0]]).conditions for part in parts]
            if any(not overlap(one, other) for one in conditions for other in conditions):
                found += [[rows[place] for place in part] for part in parts]
                break
        else:
            found.append(rows)
    return found


def _in_one_language(
    material: CategoryMaterial, settings: DraftSettings
) -> tuple[pd.DataFrame, np.ndarray, pd.DataFrame]:
    counts = material.answers["language"].value_counts()
    language = settings.language
    if len(counts) and counts.get(language, 0) < settings.min_support:
        language = min(counts.index, key=lambda code: (-counts[code], code))
    rows = np.flatnonzero((material.answers["language"] == language).to_numpy())
    contexts = material.contexts.iloc[rows].reset_index(drop=True)
    return material.answers.iloc[rows].reset_index(drop=True), material.answer_vectors[rows], contexts


def _asked(answers: pd.DataFrame, material: CategoryMaterial) -> np.ndarray:
    """What each answered customer asked, as unit rows; zeros where no sentence asks, which is like nothing."""
    places = {ticket: row for row, ticket in enumerate(material.questions["ticket_id"])}
    vectors = np.zeros((len(answers), material.question_vectors.shape[1] if len(places) else 1), dtype=np.float32)
    for row, ticket in enumerate(answers["ticket_id"]):
        if ticket in places:
            vectors[row] = material.question_vectors[places[ticket]]
    return vectors


def _refuse(
    group: _Group,
    groups: Sequence[_Group],
    answers: pd.DataFrame,
    asked: np.ndarray,
    material: CategoryMaterial,
    settings: DraftSettings,
    as_of: pd.Timestamp,
) -> Refusal | None:
    times = answers["answered_at"]
    quote = _shorten(answers["answer"].iloc[group.medoid])
    for other in groups:
        if other is group or not overlap(group.derived.conditions, other.derived.conditions):
            continue
        if is_superseded([times[row] for row in group.rows], [times[row] for row in other.rows]) and is_one_question(
            asked[group.rows], asked[other.rows]
        ):
            last = max(times[row] for row in group.rows)
            detail = (
                f"“{quote}” was the answer of {len(group.rows)} tickets until {last:%Y-%m-%d}; since then people answer "
                f"“{_shorten(answers['answer'].iloc[other.medoid])}”."
            )
            return Refusal(material.category_id, "superseded", detail, len(group.rows))
    rows = [
        row for row in group.rows if answers["answered_at"].iloc[row] > as_of - pd.Timedelta(days=settings.window_days)
    ]
    if not rows:
        detail = f"“{quote}” was given {len(group.rows)} times, but not once in the last {settings.window_days} days."
        return Refusal(material.category_id, "not_asked_lately", detail, len(group.rows))
    if group.hits < settings.min_agreement * group.compared:
        detail = (
            f"“{quote}” was given to {len(group.rows)} customers, but only {group.hits} of {group.compared} answers to questions like "
            "theirs say the same, and no known fact about the customers explains which."
        )
        return Refusal(material.category_id, "inconsistent", detail, len(group.rows))
    return None


def _propose(
    group: _Group,
    groups: Sequence[_Group],
    answers: pd.DataFrame,
    vectors: np.ndarray,
    asked: np.ndarray,
    material: CategoryMaterial,
    settings: DraftSettings,
    as_of: pd.Timestamp,
) -> Proposal:
    pooled = list(group.rows)
    for other in groups:
        differs = other is not group and not overlap(group.derived.conditions, other.derived.conditions)
        if differs and is_one_question(asked[group.rows], asked[other.rows]):
            pooled += other.rows
    tickets = set(answers["ticket_id"].iloc[pooled])
    mine = np.flatnonzero(material.questions["ticket_id"].isin(tickets).to_numpy())
    own = material.questions.iloc[mine]
    in_language = np.flatnonzero((own["language"] == answers["language"].iloc[group.medoid]).to_numpy())
    rows = mine[in_language] if len(in_language) else mine
    target = vectors[pooled].mean(axis=0)
    question = choose_question(
        material.questions["question"].iloc[rows].tolist(),
        material.question_vectors[rows],
        material.questions["strength"].iloc[rows].tolist(),
        target / (np.linalg.norm(target) or 1.0),
    )
    near = like_these(material.question_vectors, material.question_vectors[mine], settings.asks_the_same)
    near = np.union1d(near, mine)
    count_asked = count_recent(material.questions.iloc[near], as_of, settings.window_days)
    phrasings = mine_phrasings(
        material.questions.iloc[near], material.question_vectors[near], settings.language, settings.phrasings
    )
    best = answers.iloc[group.medoid]
    share = group.hits / group.compared
    reasons = [
        f"{asked_phrase(count_asked, settings.window_days)}, and {share:.0%} of the answers to questions like it say the same "
        f"({group.hits} of {group.compared})",
        f"given {len(group.rows)} times, last on {max(answers['answered_at'].iloc[group.rows]):%Y-%m-%d}",
    ]
    for name, (count, known) in group.derived.support.items():
        values = " or ".join(group.derived.conditions.get(name, []))
        reasons.append(
            f"only for {name} {values}: {count} of {known} customers who got it and whose {name} is known, unlike those answered otherwise"
        )
    notes = (
        ("a mail address was taken out of the answer with its part of the sentence: fill it in if it is needed",)
        if best["has_gap"]
        else ()
    )
    supporters = sorted(
        group.rows,
        key=lambda row: (row != group.medoid, -answers["quality"].iloc[row], answers["ticket_id"].iloc[row]),
    )
    return Proposal(
        category_id=material.category_id,
        question=question or (phrasings[0] if phrasings else material.name),
        answer=best["answer"],
        conditions=group.derived.conditions,
        phrasings=tuple(phrasings),
        sources=tuple(
            Source("ticket", str(answers["ticket_id"].iloc[row]), str(answers["reply_hash"].iloc[row]))
            for row in supporters[:MAX_SOURCES]
        ),
        origin=str(best["evidence"]),
        reasons=tuple(reasons),
        score=round(share * len(group.rows), 4),
        owner=material.owner,
        answer_vector=vectors[group.medoid],
        asked_as=question,
        notes=notes,
    )


def like_these(vectors: np.ndarray, targets: np.ndarray, least: float) -> np.ndarray:
    """Rows of `vectors` whose three nearest of `targets` are at least `least` alike on average."""
    if not len(vectors) or not len(targets):
        return np.zeros(0, dtype=np.int64)
    k = min(3, len(targets))
    near = np.sort(vectors @ targets.T, axis=1)[:, -k:].mean(axis=1)
    return np.flatnonzero(near >= least)


def count_recent(questions: pd.DataFrame, as_of: pd.Timestamp, days: int) -> int:
    """Customers, not tickets, who asked within the last `days` days."""
    recent = questions[questions["created_at"] > as_of - pd.Timedelta(days=days)]
    return int(recent["requester_id"].nunique())


def is_one_question(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two groups of customers (unit rows of their questions) ask the same: as alike across as within."""
    if not len(a) or not len(b):
        return False
    across = float((a @ b.T).mean())
    within = (_mean_within(a) + _mean_within(b)) / 2
    return within > 0 and across >= ONE_QUESTION * within


def _mean_within(vectors: np.ndarray) -> float:
    n = len(vectors)
    if n < 2:
        return 1.0
    gram = vectors @ vectors.T
    return float((gram.sum() - np.trace(gram)) / (n * (n - 1)))


def _shorten(text: str, most: int = 90) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + " …"
