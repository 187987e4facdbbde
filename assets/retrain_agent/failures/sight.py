"""Every judged answer laid beside every entry, measured once: who asks what, and which entry says what would be right.

Belongs here: likeness of questions and answers, and the probability read from them. Does not belong here: what follows
for a failure (``said_wrong``, ``no_entry_says_it``).

An entry says what is right where a person's words are like its answer *and* its question is what was asked: words alone
take two answers about single sign-on for one, questions alone take two variants for one. The two are added up as a
logistic regression on past replies of known entry found them to count (``WORDS``, ``ASKED``): nearly all right pairs
score higher than any wrong one. Values that contradict each other (60 minutes, 24 hours) make it another answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from assets.audit_tickets.texts.language import MIN_CONFIDENCE, detect_language
from assets.build_knowledge.drafts.answer_groups import answer_likeness, flat
from assets.build_knowledge.entry_history import MAX_ANSWER_CHARS
from assets.build_knowledge.findings.fact_finders import facts_in
from assets.build_knowledge.findings.facts import differing_facts
from assets.build_knowledge.retrieval.retrieval_index import question_text
from assets.retrain_agent.failures.entries_on_file import OnFile, entries_on_file, facts_of
from assets.retrain_agent.failures.known import Known

Encode = Callable[[Sequence[str]], np.ndarray]
WORDS, ASKED, LEAST = 18.0, 7.5, 14.0
"""What likeness of the answers and of the questions counts, and what both must come to for even odds."""
UNKNOWN_QUESTION = 0.5
"""Likeness of a question whose words are gone: neither for nor against."""
CONTRADICTED = 0.1
"""What is left of the probability where a value of the right answer contradicts the entry's."""
MANY_WORDS = 4_000
"""Distinct right answers that are laid beside one another at most, the newest."""


@dataclass(frozen=True)
class Sight:
    """Arrays are [case x entry] unless said otherwise; entries: live ones first.

    asks: cosine of the customer's question to the entry's nearest wording. words: likeness of the right answer to the
    entry's answer, NaN where there are none that can be read. says: probability that the entry says what is right.
    contradicts: whether a value does. holds: 1 for this customer, 0 not, NaN unknown. group [case]: right answers of one
    group say the same; -1: none. questions [case x dim]: unit vectors, zero where the words are gone.
    """

    cases: Sequence[Mapping[str, Any]]
    contexts: Sequence[Mapping[str, Any]]
    entries: Sequence[OnFile]
    asks: np.ndarray
    words: np.ndarray
    says: np.ndarray
    contradicts: np.ndarray
    holds: np.ndarray
    group: np.ndarray
    questions: np.ndarray
    entry_questions: np.ndarray

    @cached_property
    def place(self) -> dict[str, int]:
        """Row of an entry by its id."""
        return {one.entry_id: number for number, one in enumerate(self.entries)}

    @cached_property
    def is_live(self) -> np.ndarray:
        """[entry]"""
        return np.array([one.is_live for one in self.entries], dtype=bool)

    @cached_property
    def said(self) -> list[str | None]:
        """[case] the entry that was said or suggested first."""
        return [str(row["entry_ids"][0]) if row["entry_ids"] else None for row in self.cases]

    def likely(self, case: int) -> np.ndarray:
        """[entry] ``says`` of a case, halfway to the mean of all whose right answer says the same: one oddly put question
        must not decide which entry an answer is."""
        group = int(self.group[case])
        return self.says[case] if group < 0 else (self.says[case] + self._group_says[group]) / 2.0

    @cached_property
    def _group_says(self) -> dict[int, np.ndarray]:
        return {
            int(group): np.mean(self.says[self.group == group], axis=0)
            for group in np.unique(self.group[self.group >= 0])
        }

    def category_of_group(self, case: int) -> str | None:
        """The category that the helpdesk gives most failures with the same right answer; None where no two agree."""
        return self._group_categories.get(int(self.group[case]))

    @cached_property
    def _group_categories(self) -> dict[int, str]:
        labels: dict[int, Counter[str]] = {}
        for row, group in zip(self.cases, self.group.tolist(), strict=True):
            if group >= 0 and row["is_wrong"] and row["right_category_id"] is not None:
                labels.setdefault(group, Counter())[str(row["right_category_id"])] += 1
        most = {group: (*counts.most_common(1)[0], counts.total()) for group, counts in labels.items()}
        return {group: name for group, (name, votes, total) in most.items() if votes >= 2 and 2 * votes > total}

    def has_entry(self, case: int, category_id: str) -> bool:
        """Whether a live entry of a category may hold for the customer."""
        return any(
            one.is_live and one.category_id == category_id and self.holds[case, place] != 0
            for place, one in enumerate(self.entries)
        )

    def question_likeness(self, one: str, other: str) -> float:
        """Cosine of the questions of two entries."""
        return float(self.entry_questions[self.place[one]] @ self.entry_questions[self.place[other]])


def look(cases: pd.DataFrame, known: Known, encode: Encode) -> Sight:
    """Measure.

    Args:
        cases: ``frames.CASE``.
        encode: texts to unit vectors.
    """
    rows: list[dict[str, Any]] = [{str(k): _none(v) for k, v in row.items()} for row in cases.to_dict("records")]
    contexts = [facts_of(row["context"]) for row in rows]
    entries = entries_on_file(known.live, known.aside)
    asked = [question_text(str(row["question"] or "")) for row in rows]
    questions = _encoded(asked, encode)
    asks = _asks(questions, [bool(one) for one in asked], entries, encode)
    words, contradicts, group = _words(rows, entries, encode)
    holds = _holds(contexts, [row["context"] for row in rows], entries)
    odds = WORDS * np.nan_to_num(words) + ASKED * asks - LEAST
    says = np.where(np.isnan(words) | (holds == 0), 0.0, 1.0 / (1.0 + np.exp(-odds)))
    says = np.where(contradicts, CONTRADICTED * says, says)
    return Sight(
        rows, contexts, entries, asks, words, says, contradicts, holds, group, questions,
        _encoded([one.question for one in entries], encode),
    )  # fmt: skip


def _holds(contexts: Sequence[Mapping[str, Any]], as_text: Sequence[Any], entries: Sequence[OnFile]) -> np.ndarray:
    """[case x entry], each distinct context asked once."""
    known: dict[Any, list[float]] = {}
    for context, text in zip(contexts, as_text, strict=True):
        if text not in known:
            known[text] = [_number(entry.holds_for(context)) for entry in entries]
    return np.array([known[text] for text in as_text], dtype=np.float64).reshape(len(contexts), len(entries))


def _asks(questions: np.ndarray, is_known: Sequence[bool], entries: Sequence[OnFile], encode: Encode) -> np.ndarray:
    found = np.full((len(questions), len(entries)), UNKNOWN_QUESTION)
    known = np.array(is_known, dtype=bool)
    for place, entry in enumerate(entries):
        vectors = _encoded([question_text(one) for one in entry.wordings], encode)
        if known.any():
            found[known, place] = (questions[known] @ vectors.T).max(axis=1)
    return found


def _words(
    rows: Sequence[Mapping[str, Any]], entries: Sequence[OnFile], encode: Encode
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Likeness, contradiction and groups of the right answers; one in a language of no entry cannot be laid beside any."""
    likeness = np.full((len(rows), len(entries)), np.nan)
    contradicts = np.zeros((len(rows), len(entries)), dtype=bool)
    group = np.full(len(rows), -1)
    said = [flat(str(row["right_answer"] or ""))[:MAX_ANSWER_CHARS].strip() for row in rows]
    distinct = [text for text in dict.fromkeys(reversed(said)) if text][:MANY_WORDS]
    if not distinct:
        return likeness, contradicts, group
    theirs = [flat(one.answer)[:MAX_ANSWER_CHARS] for one in entries]
    spoken = {language for one in theirs if (language := _language(one)) is not None}
    readable = np.array([_language(text) in (None, *spoken) for text in distinct]) if spoken else np.ones(len(distinct))
    alike = answer_likeness([*distinct, *theirs], _encoded([*distinct, *theirs], encode))
    count = len(distinct)
    values, their_values = [facts_in(text) for text in distinct], [facts_in(text) for text in theirs]
    groups = _groups(alike[:count, :count])
    place = {text: number for number, text in enumerate(distinct)}
    differ = np.array([[differing_facts(a, b) is not None for b in their_values] for a in values]).reshape(
        count, len(theirs)
    )
    for number, text in enumerate(said):
        at = place.get(text)
        if at is None:
            continue
        group[number] = groups[at]
        if readable[at]:
            likeness[number], contradicts[number] = alike[at, count:], differ[at]
    return likeness, contradicts, group


def _groups(alike: np.ndarray, least: float = 0.5) -> np.ndarray:
    from assets.build_knowledge.drafts.answer_groups import group_answers

    found = np.zeros(len(alike), dtype=int)
    for number, rows in enumerate(group_answers(alike.copy(), least)):
        found[rows] = number
    return found


def _language(text: str) -> str | None:
    language, sure = detect_language(text)
    return language if sure >= MIN_CONFIDENCE else None


def _encoded(texts: Sequence[str], encode: Encode) -> np.ndarray:
    """Unit vectors; zero for an empty text."""
    vectors = np.array(encode([text or "-" for text in texts]), dtype=np.float64)
    if not len(texts):
        return vectors.reshape(0, vectors.shape[-1] if vectors.ndim == 2 else 0)
    vectors[[not text for text in texts]] = 0.0
    return vectors


def _number(holds: bool | None) -> float:
    return np.nan if holds is None else float(holds)


def _none(value: Any) -> Any:
    if isinstance(value, (list, tuple)) or (hasattr(value, "tolist") and bool(getattr(value, "ndim", False))):
        return [str(one) for one in value]
    return None if value is None or pd.isna(value) else value
