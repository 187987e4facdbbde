"""Drafts from help articles: what an article says, under the category whose customers ask it, in their words.

Belongs here: which customers ask which part, and proposing it. Does not belong here: which sections may be
used (`usable_sections`), how they are joined (`article_units`), whose category they are (`article_matching`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from assets.build_knowledge.conditions import Conditions, overlap
from assets.build_knowledge.drafts.article_matching import MIN_LINKS, Match
from assets.build_knowledge.drafts.article_units import ArticleUnit, join_units
from assets.build_knowledge.drafts.customer_language import score_in_words_of
from assets.build_knowledge.drafts.draft_settings import DraftSettings
from assets.build_knowledge.drafts.phrasings import mine_phrasings
from assets.build_knowledge.drafts.proposal import CategoryMaterial, Proposal, Refusal, asked_phrase, count_phrase
from assets.build_knowledge.drafts.question_wording import choose_question, looks_like_question, title_as_question
from assets.build_knowledge.drafts.sentences import count_words
from assets.build_knowledge.drafts.ticket_drafts import count_recent, is_one_question

MIN_ASKED = 2
"""A part of an article that fewer customers ask about goes with its neighbour."""

FAINT = 0.8
"""A question this much less near than it should be may still be counted in."""

MIN_UNIT_WORDS = 12
MIN_MATCH_TO_JOIN = 0.45
"""A part that nobody asks about joins a neighbour only when it is this near to the category's customers."""

MAX_JOINED_CHARS = 1_600
IN_THEIR_WORDS = 0.8
"""Customer-language score from which a written question passes for a customer's."""


def draft_from_units(
    units: Sequence[ArticleUnit],
    matches: Sequence[Match],
    title_vectors: np.ndarray,
    text_vectors: np.ndarray,
    materials: Mapping[str, CategoryMaterial],
    settings: DraftSettings,
    as_of: pd.Timestamp,
) -> tuple[list[Proposal], list[Refusal]]:
    """Propose an entry for each unit that a category of `materials` asks about.

    Customers are given to the unit of the category that is nearest to their question. Units of one article that stand
    under one heading and differ in conditions share their customers and so their question.
    """
    proposals: list[Proposal] = []
    refusals: list[Refusal] = []
    for category_id, material in materials.items():
        mine = [row for row, match in enumerate(matches) if match.category_id == category_id]
        if not mine or not len(material.questions):
            continue
        parts = _parts(units, matches, title_vectors, text_vectors, mine)
        for part in _join_parts(_share_customers(parts, material, settings), material, settings):
            recent = count_recent(material.questions.iloc[part.asked], as_of, settings.window_days)
            if not recent or (len(part.asked) < MIN_ASKED and not part.match.count_links):
                place = f"{part.units[0].title}{f' / {part.units[0].heading}' if part.units[0].heading else ''}"
                detail = (
                    f"Hardly anybody in “{material.name}” asked what “{place}” answers: {len(part.asked)} of "
                    f"{len(material.questions)} training tickets, {recent} in {settings.window_days} days."
                )
                refusals.append(Refusal(category_id, "nobody_asks", detail))
                # Worth something still where people answer the same: then it is their answer, with a second source.
                proposals += [
                    _propose(unit, part, material, settings, as_of).with_(needs_support=True, score=0.0)
                    for unit in part.units
                ]
                continue
            proposals += [_propose(unit, part, material, settings, as_of) for unit in part.units]
    return proposals, refusals


@dataclass(frozen=True)
class _Part:
    """Units under one heading of one article: one question, a unit for each kind of reader."""

    units: tuple[ArticleUnit, ...]
    match: Match
    title_vector: np.ndarray
    text_vector: np.ndarray
    asked: np.ndarray
    """Rows of the category's questions."""


def _parts(
    units: Sequence[ArticleUnit],
    matches: Sequence[Match],
    title_vectors: np.ndarray,
    text_vectors: np.ndarray,
    rows: Sequence[int],
) -> list[_Part]:
    groups: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        groups.setdefault((units[row].article_id, units[row].heading), []).append(row)
    nobody = np.zeros(0, dtype=np.int64)
    return [
        _Part(
            tuple(units[row] for row in group),
            max((matches[row] for row in group), key=lambda match: match.likeness),
            title_vectors[group[0]],
            _unit_mean(text_vectors[group]),
            nobody,
        )
        for group in groups.values()
    ]


def _share_customers(parts: Sequence[_Part], material: CategoryMaterial, settings: DraftSettings) -> list[_Part]:
    """Give each customer of the category to the part nearest to what they asked, where it is near enough."""
    nearness = np.stack([0.5 * material.question_vectors @ (part.title_vector + part.text_vector) for part in parts])
    owner = nearness.argmax(axis=0)
    found = []
    for place, part in enumerate(parts):
        asked = np.flatnonzero(
            (owner == place)
            & (nearness[place] >= _least(nearness[place], settings, part.match.count_links >= MIN_LINKS))
        )
        found.append(replace(part, asked=asked))
    return found


def _join_parts(parts: Sequence[_Part], material: CategoryMaterial, settings: DraftSettings) -> list[_Part]:
    """Join parts of one article that nobody, or the same customers, ask about; the least asked first."""
    left = list(parts)
    for part in sorted(parts, key=lambda one: (len(one.asked), one.units[0].heading)):
        others = [
            one
            for one in left
            if one is not part
            and one.units[0].article_id == part.units[0].article_id
            and (len(one.asked) or one.match.likeness >= MIN_MATCH_TO_JOIN)
        ]
        if part not in left or not others:
            continue
        nearest = max(others, key=lambda one: (float(one.text_vector @ part.text_vector), one.units[0].heading))
        is_small = len(part.asked) < MIN_ASKED or count_words(part.units[0].text) < MIN_UNIT_WORDS
        vectors = material.question_vectors
        if is_small:
            is_near = part.match.is_by_meaning and part.match.likeness >= MIN_MATCH_TO_JOIN
            if not is_near or not _may_narrow(part, nearest):
                continue
        elif _conditions(part) != _conditions(nearest) or not is_one_question(
            vectors[part.asked], vectors[nearest.asked]
        ):
            continue
        in_order = sorted((*part.units, *nearest.units), key=lambda unit: unit.position)
        joined = join_units(in_order)
        if max(len(unit.text) for unit in joined) > MAX_JOINED_CHARS:
            continue
        main = nearest if len(nearest.asked) >= len(part.asked) else part
        together = _Part(
            tuple(joined),
            main.match,
            main.title_vector,
            _unit_mean(np.stack([part.text_vector, nearest.text_vector])),
            np.union1d(part.asked, nearest.asked),
        )
        left = [together if one is nearest else one for one in left if one is not part]
    return left


def _conditions(part: _Part) -> list[Conditions]:
    return [unit.conditions for unit in part.units]


def _may_narrow(part: _Part, into: _Part) -> bool:
    """Whether a part may bring its conditions along: only where it tells readers apart, or the other does so alike."""
    own = [one for one in _conditions(part) if one]
    return not own or _conditions(into) == own or any(not overlap(a, b) for a in own for b in own)


def _least(strength: np.ndarray, settings: DraftSettings, is_linked: bool) -> float:
    """How near a question must be to be the part's: not far below the nearest, which itself must ask the
    same, or nearly so where people link the article."""
    nearest = float(strength.max())
    wanted = settings.asks_the_same * (FAINT if is_linked else 1.0)
    return max(FAINT * settings.asks_the_same, FAINT * nearest) if nearest >= wanted else float("inf")


def _propose(
    unit: ArticleUnit, part: _Part, material: CategoryMaterial, settings: DraftSettings, as_of: pd.Timestamp
) -> Proposal:
    asked, match, title_vector, text_vector = part.asked, part.match, part.title_vector, part.text_vector
    nearness = material.question_vectors @ (title_vector + text_vector)
    own = material.questions.iloc[asked]
    in_language = asked[(own["language"] == settings.language).to_numpy()]
    nearest = in_language[np.argsort(-nearness[in_language], kind="stable")[:20]]
    target = title_vector + text_vector
    theirs = choose_question(
        material.questions["question"].iloc[nearest].tolist(),
        material.question_vectors[nearest],
        material.questions["strength"].iloc[nearest].tolist(),
        target / (np.linalg.norm(target) or 1.0),
    )
    phrasings = mine_phrasings(own, material.question_vectors[asked], settings.language, settings.phrasings)
    count = count_recent(own, as_of, settings.window_days)
    place = f"“{unit.title}”" + (f", part “{unit.heading}”" if unit.heading else "")
    reasons = [f"{asked_phrase(count, settings.window_days)}, and the article {place} answers it"]
    if match.count_links:
        reasons.append(
            f"people linked that article in {count_phrase(match.count_links, 'answer', 'answers')} of this category"
        )
    return Proposal(
        category_id=material.category_id,
        question=_worded(theirs, title_as_question(unit.title, unit.heading), title_vector, material, settings),
        answer=unit.text,
        conditions=unit.conditions,
        phrasings=tuple(phrasings),
        sources=unit.sources,
        origin="article_section",
        reasons=tuple(reasons),
        score=round(match.likeness * (1 + len(asked)), 4),
        owner=material.owner or unit.owner,
        answer_vector=text_vector,
        asked_as=theirs,
    )


def _worded(theirs: str, written: str, vector: np.ndarray, material: CategoryMaterial, settings: DraftSettings) -> str:
    """A customer's sentence; the article's question where theirs is none and it is in their words all the same."""
    if not theirs or looks_like_question(theirs) or not looks_like_question(written):
        return theirs or written
    judged = score_in_words_of(material.words_in(settings.language), written, vector)
    return written if judged.score is not None and judged.score >= IN_THEIR_WORDS else theirs


def _unit_mean(vectors: np.ndarray) -> np.ndarray:
    mean = vectors.mean(axis=0)
    return mean / (np.linalg.norm(mean) or 1.0)
