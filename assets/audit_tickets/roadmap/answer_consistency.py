"""How alike the human answers within a category are, and whether they differ by what is known of the customer.

Belongs here: picking the reply that carries the answer, stripping what every reply says, and comparing replies.
Does not belong here: whether an answer needed facts from the customer's account (`account_context`) and what follows
for a category (`buckets`).

The measure is lexical on purpose: TF-IDF over word stems cut to six letters works alike in English, German and
Spanish, needs no model, and does not call two answers alike merely because they share a subject.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from assets.audit_tickets.roadmap.risk_patterns import fold

MIN_ANSWERS = 8
"""Fewer answers than this are not measured."""

MAX_COMPARED = 300
"""Answers a category and language that are compared pair by pair; more add cost, not precision."""

MIN_SUBSTANTIVE_WORDS = 8
BOILERPLATE_MIN_TICKETS = 5
BOILERPLATE_MIN_CATEGORIES = 3
BOOTSTRAP_ROUNDS = 200
PERMUTATIONS = 199
DIFFERS_MIN_EFFECT = 0.03
DIFFERS_MAX_P = 0.01

_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


def answers_by_ticket(redacted_comments: pd.DataFrame, category_by_ticket: pd.Series) -> pd.DataFrame:
    """The answer of each ticket: its first substantive public staff reply, without the desk's boilerplate.

    Args:
        redacted_comments: the frame of that name.
        category_by_ticket: category_id indexed by ticket_id; tickets outside it are ignored.

    Returns:
        Frame [ticket with a staff reply that says something]: ticket_id, category_id, language, text.

    A sentence is boilerplate when it stands in at least 5 tickets of at least 3 categories and no category holds half
    of its uses: greetings are spread over a desk, a macro that answers one question is not.
    """
    public = redacted_comments["is_public"].fillna(False).astype(bool)
    staff = redacted_comments[(redacted_comments["author_role"] == "staff") & public]
    staff = staff[staff["ticket_id"].isin(category_by_ticket.index)]
    staff = staff.sort_values(["ticket_id", "position"], kind="stable")
    category = staff["ticket_id"].map(category_by_ticket)
    sentences = [[s.strip() for s in _SENTENCE.split(text) if s.strip()] for text in staff["text"].fillna("")]
    boilerplate = _boilerplate(sentences, staff["ticket_id"], category)
    rows: dict[str, tuple[str, str, str]] = {}
    for ticket_id, category_id, language, parts in zip(
        staff["ticket_id"], category, staff["language"].fillna(""), sentences, strict=True
    ):
        kept = " ".join(part for part in parts if fold(part) not in boilerplate)
        known = rows.get(ticket_id)
        if known and len(_WORD.findall(known[2])) >= MIN_SUBSTANTIVE_WORDS:
            continue
        rows[ticket_id] = (category_id, language, f"{known[2]} {kept}".strip() if known else kept)
    frame = pd.DataFrame(
        [(ticket_id, *row) for ticket_id, row in rows.items() if row[2]],
        columns=["ticket_id", "category_id", "language", "text"],
    )
    return frame.reset_index(drop=True)


def _boilerplate(sentences: list[list[str]], tickets: pd.Series, categories: pd.Series) -> set[str]:
    seen: set[tuple[str, str]] = set()
    uses: dict[str, Counter[str]] = {}
    for parts, ticket_id, category_id in zip(sentences, tickets, categories, strict=True):
        for part in parts:
            key = fold(part)
            if len(key) <= 200 and (ticket_id, key) not in seen:
                seen.add((ticket_id, key))
                uses.setdefault(key, Counter())[category_id] += 1
    return {
        key
        for key, counts in uses.items()
        if counts.total() >= BOILERPLATE_MIN_TICKETS
        and len(counts) >= BOILERPLATE_MIN_CATEGORIES
        and max(counts.values()) < 0.5 * counts.total()
    }


def stems(text: str) -> list[str]:
    """Folded words of two letters and more, cut to six: a stemmer for inflecting languages in one line."""
    return [word[:6] for word in _WORD.findall(fold(text))]


def answer_vectors(texts: pd.Series) -> Any:
    """TF-IDF rows of unit length (scipy CSR, answers x stems), sublinear in the count within an answer."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not len(texts) or not any(_WORD.search(text) for text in texts):
        from scipy.sparse import csr_matrix

        return csr_matrix((len(texts), 1))
    return TfidfVectorizer(analyzer=stems, sublinear_tf=True, max_features=50_000).fit_transform(texts)


def measure_answer_consistency(answers: pd.DataFrame, seed: int = 20) -> pd.DataFrame:
    """Consistency of the answers of each category.

    Args:
        answers: frame of `answers_by_ticket`.
        seed: for the bootstrap and for drawing the answers compared.

    Returns:
        Frame [category with an answer]: category_id, answer_consistency, answer_consistency_low, _high (95 %
        bootstrap over tickets), count_answers. The value is (within - between) / (1 - between), where `within` is the
        mean cosine of two answers of the category and `between` that of one of its answers and one of another
        category in the same language. 0: no more alike than answers to unrelated tickets; 1: identical. NaN under
        `MIN_ANSWERS`.
    """
    rng = np.random.default_rng(seed)
    vectors = answer_vectors(answers["text"])
    language = answers["language"].to_numpy()
    rows = []
    for category_id, members in answers.groupby("category_id", sort=True).indices.items():
        parts: list[tuple[np.ndarray, float, int]] = []
        for code in sorted(set(language[members])):
            mine = members[language[members] == code]
            others = np.flatnonzero((language == code) & (answers["category_id"].to_numpy() != category_id))
            if len(mine) >= 2:
                parts.append((_gram(vectors, mine, rng), _mean_between(vectors, mine, others), len(mine)))
        value = low = high = np.nan
        if len(members) >= MIN_ANSWERS and parts:
            value = _pooled(parts, None)
        if not np.isnan(value):
            draws = [_pooled(parts, rng) for _ in range(BOOTSTRAP_ROUNDS)]
            low, high = np.nanpercentile(draws, [2.5, 97.5])
        rows.append((category_id, value, min(low, value), max(high, value), len(members)))
    columns = ["category_id", "answer_consistency", "answer_consistency_low", "answer_consistency_high"]
    return pd.DataFrame(rows, columns=[*columns, "count_answers"])


def _gram(vectors: Any, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if len(rows) > MAX_COMPARED:
        rows = np.sort(rng.choice(rows, MAX_COMPARED, replace=False))
    block = vectors[rows]
    return np.asarray((block @ block.T).todense(), dtype=np.float64)


def _mean_between(vectors: Any, mine: np.ndarray, others: np.ndarray) -> float:
    if not len(others):
        return 0.0
    own, foreign = (np.asarray(vectors[rows].mean(axis=0)).ravel() for rows in (mine, others))
    return float(own @ foreign)


def _pooled(parts: list[tuple[np.ndarray, float, int]], rng: np.random.Generator | None) -> float:
    """Mean over languages, weighted by pairs. Answers drawn twice are never compared with themselves."""
    above, weight = 0.0, 0.0
    for gram, between, count in parts:
        n = len(gram)
        times = np.ones(n) if rng is None else rng.multinomial(n, np.full(n, 1 / n)).astype(float)
        pairs = times.sum() ** 2 - (times**2).sum()
        if pairs <= 0 or between >= 1:
            continue
        within = (times @ gram @ times - (times**2) @ np.diag(gram)) / pairs
        above += count * (count - 1) * (within - between) / (1 - between)
        weight += count * (count - 1)
    return above / weight if weight else float("nan")


def find_context_differences(answers: pd.DataFrame, contexts: pd.DataFrame, seed: int = 20) -> pd.DataFrame:
    """Which known facts (plan, sso, page, os) the answers of a category depend on.

    Args:
        answers: frame of `answers_by_ticket`.
        contexts: frame indexed by ticket_id, one column a fact; missing values are left out.

    Returns:
        Frame [category x fact that makes a difference]: category_id, field, effect (mean cosine of answers with the
        same value less that with different values), p_value. A permutation test with 199 shuffles; listed when
        p <= 0.01 and the effect is at least 0.03, with two values of `MIN_ANSWERS` answers each.
    """
    rng = np.random.default_rng(seed)
    vectors = answer_vectors(answers["text"])
    columns = ["category_id", "field", "effect", "p_value"]
    rows: list[tuple[object, ...]] = []
    language = answers["language"].to_numpy()
    for category_id, every in answers.groupby("category_id", sort=True).indices.items():
        # Answers in two languages share no words: only those in the category's main language are compared.
        main = Counter(language[every]).most_common(1)[0][0]
        members = every[language[every] == main]
        for field in contexts.columns:
            values = answers["ticket_id"].iloc[members].map(contexts[field]).astype("str")
            missing = answers["ticket_id"].iloc[members].map(contexts[field]).isna().to_numpy()
            counts = values[~missing].value_counts()
            usable = sorted(counts[counts >= MIN_ANSWERS].index)
            keep = members[values.isin(usable).to_numpy() & ~missing]
            if len(usable) < 2:
                continue
            if len(keep) > MAX_COMPARED:
                keep = np.sort(rng.choice(keep, MAX_COMPARED, replace=False))
            own = answers["ticket_id"].iloc[keep].map(contexts[field]).astype("str").to_numpy()
            effect, p_value = _permutation_test(_gram(vectors, keep, rng), own, rng)
            if p_value <= DIFFERS_MAX_P and effect >= DIFFERS_MIN_EFFECT:
                rows.append((category_id, field, effect, p_value))
    return pd.DataFrame(rows, columns=columns)


def _permutation_test(gram: np.ndarray, values: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    np.fill_diagonal(gram, 0.0)
    total, n = gram.sum(), len(gram)
    one_hot = (values[:, None] == np.unique(values)[None, :]).astype(float)
    same_pairs = (one_hot.sum(axis=0) * (one_hot.sum(axis=0) - 1)).sum()
    other_pairs = n * (n - 1) - same_pairs
    if same_pairs == 0 or other_pairs == 0:
        return 0.0, 1.0

    def effect(order: np.ndarray) -> float:
        hot = one_hot[order]
        same = float((hot * (gram @ hot)).sum())
        return same / same_pairs - (total - same) / other_pairs

    seen = effect(np.arange(n))
    beaten = sum(effect(rng.permutation(n)) >= seen for _ in range(PERMUTATIONS))
    return seen, (beaten + 1) / (PERMUTATIONS + 1)
