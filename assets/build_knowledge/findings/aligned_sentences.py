"""Sentences of two texts that are about the same thing, by meaning and by shared words.

Belongs here: which pairs of statements are worth comparing. Does not belong here: whether they disagree
(``contradictions``).

Words come first, as they cost nothing: a pair shares words that carry meaning and are not in every text, and has
something to compare (values of one kind, opposite claims, or lists). Meaning decides among those: it is compared for the
sentence alone and for the sentence under what its text answers (title and headings), with values masked, so that
"60 minutes" and "24 hours" do not make two sentences unlike. The limits were set on invented pairs
(``tests/assets/build_knowledge/findings/sentence_pairs.py``).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from assets.build_knowledge.conditions import load_conditions, overlap
from assets.build_knowledge.findings.audited_texts import same_language
from assets.build_knowledge.findings.scopes import BY_TITLE, may_be_the_same
from assets.build_knowledge.findings.statements import Statement

if TYPE_CHECKING:
    from scipy import sparse

Encode = Callable[[Sequence[str]], np.ndarray]

MIN_SENTENCE = 0.5
"""Least likeness of two sentences, whatever their texts answer."""
MIN_SCORE = 0.62
"""Least score: the mean likeness of the sentences alone and in their places, and ``WORDS`` for the words they share."""
WORDS = 0.15
"""What sharing every telling word of the poorer sentence adds to the score, rare words counting more."""
COMMON_SHARE = 0.2
"""A word that more of the subjects use does not show that two sentences are about the same."""
MIN_PLACED = 0.4
"""Least likeness of two sentences under their titles, however alike the sentences are."""
PLACED_TOGETHER = 0.52
"""The same where the texts have one telling word in common only ("link")."""
VERY_NEAR = 0.7
ALL_WORDS = 0.9
"""Such a pair also needs sentences this alike, or a word that is nearly all the poorer sentence tells."""
_MARK = 1.0
"""Weight of a plan, device or kind of value in common, beside words that weigh 1 to 5."""
_BLOCK = 2_000


@dataclass(frozen=True)
class Pair:
    """Two statements about the same thing.

    Likeness is a cosine: of the sentences, and of them in their places. ``word_overlap`` is the share of the poorer
    sentence's telling words that the other has, from 0 to 1.
    """

    one: Statement
    other: Statement
    sentence_likeness: float
    placed_likeness: float
    word_overlap: float
    common: frozenset[str]
    """Stems that say nothing here, as every fifth text has them."""

    @property
    def score(self) -> float:
        """How surely both are about the same thing."""
        return (self.sentence_likeness + self.placed_likeness) / 2 + WORDS * self.word_overlap


def aligned_pairs(statements: Sequence[Statement], encode: Encode, *, typed: bool = True) -> Iterator[Pair]:
    """Pairs of statements of different subjects that one reader can take for answers to one question.

    Their conditions overlap, their languages agree, their scopes can be the same, and they are near each other. With
    ``typed`` only pairs that have values of one kind, opposite claims or lists to compare.
    """
    rarity = stem_rarity(statements)
    common = frozenset(stem for stem, weight in rarity.items() if weight == 0)
    candidates = list(_candidates(statements, common, typed))
    rows = sorted({row for pair in candidates for row in pair})
    if not rows:
        return
    place = {row: at for at, row in enumerate(rows)}
    said = encode([statements[row].masked for row in rows])
    placed = encode([statements[row].placed for row in rows])
    for left, right in candidates:
        one, other = statements[left], statements[right]
        near = float(said[place[left]] @ said[place[right]])
        near_placed = float(placed[place[left]] @ placed[place[right]])
        pair = Pair(one, other, near, near_placed, _word_overlap(one, other, rarity), common)
        is_universal = "reach" in one.scopes or "reach" in other.scopes
        if near < MIN_SENTENCE or near_placed < MIN_PLACED or (pair.score < MIN_SCORE and not is_universal):
            continue
        if _share_enough(pair) or _both_give_hours(one, other):
            yield pair


def stem_rarity(statements: Sequence[Statement]) -> dict[str, float]:
    """Weight of each stem: the logarithm of how few subjects use it, 0 where more than a fifth and four of them do."""
    by_subject: dict[str, set[str]] = {}
    for statement in statements:
        by_subject.setdefault(str(statement.sentence.row["subject_id"]), set()).update(statement.all_stems)
    counts = Counter(stem for stems in by_subject.values() for stem in stems)
    limit = max(3, len(by_subject) * COMMON_SHARE)
    return {
        stem: 0.0 if count > limit else math.log(1 + max(len(by_subject), 10) / count) for stem, count in counts.items()
    }


def _word_overlap(one: Statement, other: Statement, rarity: Mapping[str, float]) -> float:
    first, second = one.own_stems | one.marks, other.own_stems | other.marks
    mine, theirs = (sum(rarity.get(stem, _MARK) for stem in side) for side in (first, second))
    shared = sum(rarity.get(stem, _MARK) for stem in first & second)
    return shared / min(mine, theirs) if min(mine, theirs) > 0 else 0.0


def can_meet(
    one: Mapping[str, Any], other: Mapping[str, Any], known: dict[tuple[str, str], bool] | None = None
) -> bool:
    """Whether two texts of different subjects can reach one reader, neither being the source of the other.

    ``known`` remembers which conditions overlap.
    """
    if (one["subject_kind"], one["subject_id"]) == (other["subject_kind"], other["subject_id"]):
        return False
    if not same_language(one["locale"], other["locale"]) or _is_source(one, other) or _is_source(other, one):
        return False
    key = (str(one["conditions"]), str(other["conditions"]))
    if known is None:
        known = {}
    if key not in known:
        known[key] = overlap(load_conditions(key[0]), load_conditions(key[1]))
    return known[key]


def _candidates(statements: Sequence[Statement], common: frozenset[str], typed: bool) -> Iterator[tuple[int, int]]:
    """Pairs of row numbers that share telling words, one of them said in a sentence itself, and can meet."""
    own = _table([statement.own_stems - common | _hours(statement) for statement in statements])
    every = _table([statement.all_stems - common | _hours(statement) for statement in statements], own[1])
    of_facts = _table([{fact.group for fact in statement.facts} for statement in statements])[0]
    listed = _table([frozenset().union(*statement.lists) for statement in statements])[0]
    claimed = [{(claim.predicate, claim.is_positive) for claim in statement.claims} for statement in statements]
    signs, columns = _table(claimed)
    denied = _table([{(name, not sign) for name, sign in one} for one in claimed], columns)[0]
    overlaps: dict[tuple[str, str], bool] = {}
    for start in range(0, len(statements), _BLOCK):
        part = slice(start, start + _BLOCK)
        likely = own[0][part] @ every[0].T + every[0][part] @ own[0].T
        if typed:
            likely = likely.multiply(of_facts[part] @ of_facts.T + signs[part] @ denied.T + listed[part] @ listed.T)
        pairs = likely.tocoo()
        for left, right in zip((pairs.row + start).tolist(), pairs.col.tolist(), strict=True):
            if left < right:
                one, other = statements[left], statements[right]
                if can_meet(one.sentence.row, other.sentence.row, overlaps) and _one_scope(one, other):
                    yield left, right


def _table(
    rows: Sequence[set[Any] | frozenset[Any]], columns: dict[Any, int] | None = None
) -> tuple[sparse.csr_array, dict[Any, int]]:
    """Rows × features, 1 where a row has one; features that ``columns`` does not know are left out."""
    from scipy import sparse

    if columns is None:
        columns = {}
        for row in rows:
            for feature in sorted(row, key=str):
                columns.setdefault(feature, len(columns))
    places = [(number, columns[feature]) for number, row in enumerate(rows) for feature in row if feature in columns]
    shape = (len(rows), max(len(columns), 1))
    if not places:
        return sparse.csr_array(shape, dtype=np.int32), columns
    at, feature_at = np.array(places).T
    return sparse.csr_array((np.ones(len(places), dtype=np.int32), (at, feature_at)), shape=shape), columns


def _hours(statement: Statement) -> frozenset[str]:
    """Hours of the day have no other subject than being there, so that they count as a word."""
    return frozenset(("#hours",)) if any(fact.kind == "clock" for fact in statement.facts) else frozenset()


def _share_enough(pair: Pair) -> bool:
    """Whether two words bring the texts together, or one that their titles and sentences confirm."""
    one, other = pair.one, pair.other
    if len((one.all_stems | one.marks) & (other.all_stems | other.marks)) >= 2:
        return True
    is_near = pair.sentence_likeness >= VERY_NEAR or pair.word_overlap >= ALL_WORDS
    return is_near and pair.placed_likeness >= PLACED_TOGETHER


def _both_give_hours(one: Statement, other: Statement) -> bool:
    return bool(_hours(one) and _hours(other))


def _one_scope(one: Statement, other: Statement) -> bool:
    """Whether both can speak of the same case, by what the sentences name and by what their texts' titles name."""
    return may_be_the_same(one.scopes, other.scopes, ignore=("role",)) and may_be_the_same(
        one.wide_scopes, other.wide_scopes, both_or_neither=BY_TITLE
    )


def _is_source(entry: Mapping[str, Any], article: Mapping[str, Any]) -> bool:
    if entry["subject_kind"] != "entry" or article["subject_kind"] != "article":
        return False
    ids = {str(source.get("id", "")).split("#", 1)[0] for source in entry["sources"] if source.get("kind") == "article"}
    return article["subject_id"] in ids
