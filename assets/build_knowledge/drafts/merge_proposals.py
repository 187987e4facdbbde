"""One draft for one answer: proposals from articles and from tickets that say the same become one with both sources.

Belongs here: telling that two proposals, or a proposal and an entry, say the same, and joining them. Does not belong
here: making proposals, and the published frame (`draft_frame`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assets.build_knowledge.conditions import Conditions, overlap, parse_conditions
from assets.build_knowledge.drafts.answer_groups import answer_likeness, flat
from assets.build_knowledge.drafts.phrasings import TOO_ALIKE
from assets.build_knowledge.drafts.proposal import Proposal
from assets.build_knowledge.drafts.question_wording import looks_like_question
from assets.build_knowledge.drafts.sentences import content_stems

CONTAINED = 0.6
"""Share of an answer's words that stand in a longer one which, alike in meaning, then says the same."""

ALIKE_IN_MEANING = 0.62


def merge_proposals(proposals: Sequence[Proposal], least: float, max_phrasings: int) -> list[Proposal]:
    """Join proposals of one category that say the same to readers who can be the same.

    The article's text is kept where there is one (it has an owner and no gaps), unless people answer far more than it
    says; else the better supported one. A
    ticket's conditions narrow those of an article that names none of that field, because people did answer others
    differently. Likest pairs are joined first.
    """
    left = _split_by_reader(list(proposals), least)
    while len(left) > 1:
        likeness = _likeness([p.answer for p in left], np.stack([p.answer_vector for p in left]), least)
        best: tuple[float, int, int] | None = None
        for i in range(len(left)):
            for j in range(i + 1, len(left)):
                if (
                    likeness[i, j] >= least
                    and _may_join(left[i], left[j])
                    and (best is None or likeness[i, j] > best[0])
                ):
                    best = (float(likeness[i, j]), i, j)
        if best is None:
            break
        _, i, j = best
        joined = _join(left[i], left[j], max_phrasings)
        left = [p for place, p in enumerate(left) if place not in (i, j)] + [joined]
    return _one_question_for_variants(sorted(left, key=lambda p: (-p.score, p.question, p.answer)))


def _split_by_reader(proposals: list[Proposal], least: float) -> list[Proposal]:
    """Where one kind of source says for everybody what the other tells apart by reader, the parts are kept and the
    whole becomes a source of each: an entry must not mix readers, and evidence for all is no evidence for one."""
    if len(proposals) < 3:
        return proposals
    likeness = _likeness([p.answer for p in proposals], np.stack([p.answer_vector for p in proposals]), least)
    kept = dict(enumerate(proposals))
    for i, whole in enumerate(proposals):
        if whole.conditions or whole.needs_support:
            continue
        is_article = whole.origin == "article_section"
        parts = [
            j
            for j, other in enumerate(proposals)
            if (other.origin == "article_section") != is_article and other.conditions and likeness[i, j] >= least
        ]
        if not any(not overlap(proposals[j].conditions, proposals[k].conditions) for j in parts for k in parts):
            continue
        for j in parts:
            mine = kept[j]
            kept[j] = mine.with_(
                sources=tuple(dict.fromkeys((*mine.sources, *whole.sources))),
                reasons=(*mine.reasons, _agrees(whole) if is_article else whole.reasons[0]),
                owner=mine.owner or whole.owner,
            )
        del kept[i]
    return list(kept.values())


def _one_question_for_variants(proposals: list[Proposal]) -> list[Proposal]:
    """Variants that were drafted from one pool of customers keep one question, the best supported one's."""
    questions: dict[str, str] = {}
    return [
        p.with_(question=questions.setdefault(p.asked_as, p.question)) if p.asked_as and p.conditions else p
        for p in proposals
    ]


def _agrees(article: Proposal) -> str:
    place = article.reasons[0].split("the article ", 1)[-1].removesuffix(" answers it")
    return f"what people answer agrees with the article {place}"


def says_the_same(
    answer: str, vector: np.ndarray, others: Sequence[str], other_vectors: np.ndarray, least: float
) -> list[int]:
    """Places in `others` of the answers that say the same as `answer`."""
    if not others:
        return []
    likeness = _likeness([answer, *others], np.vstack([vector[None, :], other_vectors]), least)
    return [int(place) for place in np.flatnonzero(likeness[0, 1:] >= least)]


def _likeness(answers: Sequence[str], vectors: np.ndarray, least: float) -> np.ndarray:
    """Likeness of answers; at least `least` where a short one is contained in a long one that means the same."""
    likeness = answer_likeness(answers, vectors)
    stems = [set(content_stems(flat(answer))) for answer in answers]
    meaning = vectors @ vectors.T
    for i in range(len(answers)):
        for j in range(i + 1, len(answers)):
            shared = len(stems[i] & stems[j]) / max(1, min(len(stems[i]), len(stems[j])))
            if shared >= CONTAINED and meaning[i, j] >= ALIKE_IN_MEANING:
                likeness[i, j] = likeness[j, i] = max(likeness[i, j], least + 0.2 * shared * (1 - least))
    return likeness


def _says_more(ticket: Proposal, article: Proposal) -> bool:
    """Whether what people answer goes well past the article, without a gap."""
    theirs, written = set(content_stems(ticket.answer)), set(content_stems(article.answer))
    return not ticket.notes and len(theirs) > 1.2 * len(written) and len(theirs & written) < 0.6 * len(theirs)


def _may_join(a: Proposal, b: Proposal) -> bool:
    if not overlap(a.conditions, b.conditions):
        return False
    if a.conditions == b.conditions:
        return True
    if a.is_mixed or b.is_mixed:
        return False
    # One kind of source may know a condition that the other does not speak of; two of a kind would have said so.
    return (a.origin == "article_section") != (b.origin == "article_section") and _joined_conditions(a, b) is not None


def _joined_conditions(a: Proposal, b: Proposal) -> Conditions | None:
    """Both sets where they agree on the fields they share, else None."""
    for name in a.conditions.keys() & b.conditions.keys():
        if set(a.conditions[name]) != set(b.conditions[name]):
            return None
    return parse_conditions({**a.conditions, **b.conditions})


def _join(a: Proposal, b: Proposal, max_phrasings: int) -> Proposal:
    first, second = sorted((a, b), key=lambda p: (p.origin != "article_section", -p.score, p.answer))
    conditions = _joined_conditions(first, second)
    phrasings = list(first.phrasings)
    known = [set(content_stems(one)) for one in phrasings]
    for one in second.phrasings:
        stems = set(content_stems(one))
        if len(phrasings) >= max_phrasings:
            break
        if one not in phrasings and all(len(stems & other) / max(1, len(stems | other)) < TOO_ALIKE for other in known):
            phrasings.append(one)
            known.append(stems)
    is_mixed = first.origin == "article_section" and second.origin != "article_section"
    reasons = (*second.reasons, *first.reasons[1:], _agrees(first)) if is_mixed else first.reasons
    question = first.question
    if is_mixed and (looks_like_question(second.question) or not looks_like_question(first.question)):
        question = second.question
    if is_mixed and _says_more(second, first):
        return second.with_(
            question=question,
            conditions=conditions if conditions is not None else second.conditions,
            phrasings=tuple(phrasings),
            sources=tuple(dict.fromkeys((*second.sources, *first.sources))),
            reasons=tuple(dict.fromkeys(reasons)),
            score=round(first.score + second.score, 4),
        )
    return first.with_(
        question=question,
        asked_as=(first.asked_as if first.conditions else second.asked_as) or first.asked_as,
        conditions=conditions if conditions is not None else first.conditions,
        phrasings=tuple(phrasings),
        sources=tuple(dict.fromkeys((*first.sources, *second.sources))),
        reasons=tuple(dict.fromkeys(reasons)),
        score=round(first.score + second.score, 4),
        notes=first.notes,
    )
