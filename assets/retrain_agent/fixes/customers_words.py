"""An entry's question and phrasings, in the words of training customers whose answers failed.

Belongs here: choosing wordings and remembering whose they are. Does not belong here: finding the sentence that asks and the
measures of a good wording, which ``build_knowledge.drafts`` has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.audit_tickets.texts.personal_data import PLACEHOLDER
from assets.audit_tickets.texts.redaction import redact
from assets.build_knowledge.drafts.phrasings import mine_phrasings
from assets.build_knowledge.drafts.question_wording import choose_question, looks_like_question, tidy
from assets.build_knowledge.drafts.sentences import count_words, is_courtesy, split_sentences
from assets.retrain_agent.fixes.training_ground import Ground
from desk.entry import MAX_QUESTION_CHARS, tidy_words

MAX_PHRASINGS, LEAST_WORDS, MOST_WORDS = 8, 5, 18
SPEAKS_OF_IT = 0.3
"""Cosine to the question, a known wording or the answer from which a sentence is about the same; MiniLM gives unrelated ones
about 0.1."""


@dataclass(frozen=True)
class Wording:
    """How customers ask. question: empty where no sentence asks; ticket_ids: whose words these are."""

    question: str
    phrasings: tuple[str, ...]
    ticket_ids: tuple[str, ...]


def wording_of(
    ground: Ground,
    tickets: Sequence[str],
    target: np.ndarray | None = None,
    known: Sequence[str] = (),
    count: int = MAX_PHRASINGS,
) -> Wording:
    """Question and phrasings out of what these training customers ask.

    Args:
        target: unit vector of what answers them; the question is chosen near it.
        known: wordings that are there already and are not proposed again.
    """
    asked = _clean(ground.asked[ground.asked["ticket_id"].isin(set(tickets))])
    if not len(asked):
        return Wording("", (), ())
    vectors = ground.vectors(asked["question"].tolist())
    own = np.flatnonzero((asked["language"] == ground.language).to_numpy())
    rows = own if len(own) else np.arange(len(asked))
    fit = np.array([LEAST_WORDS - 1 <= count_words(tidy(one)) <= MOST_WORDS for one in asked["question"]], dtype=bool)
    rows = rows[fit[rows]] if fit[rows].any() else rows
    question = choose_question(
        asked["question"].iloc[rows].tolist(), vectors[rows], asked["strength"].iloc[rows].tolist(), target
    )[:MAX_QUESTION_CHARS]
    kept = _about_it(asked, vectors, ground, [question, *known], target)
    asked, vectors = asked.iloc[kept].reset_index(drop=True), vectors[kept]
    there = {_key(one) for one in known} | {_key(question)}
    phrasings = [
        one
        for one in mine_phrasings(asked, vectors, ground.language, count + len(known))
        if _key(one) not in there and not _is_nearly(one, [*known, question]) and _says_enough(one)
    ][:count]
    said = {tidy_words(question), *phrasings}
    from_whom = [
        str(ticket)
        for ticket, words in zip(asked["ticket_id"], asked["question"], strict=True)
        if tidy_words(tidy(words)) in said
    ]
    return Wording(tidy_words(question), tuple(phrasings), tuple(dict.fromkeys(from_whom)))


def first_sentence(ground: Ground, tickets: Sequence[str]) -> str:
    """The first sentence that says something, of customers in whose messages none asks; empty where there is none."""
    failures = ground.failures
    for text in failures.loc[failures["ticket_id"].isin(set(tickets)), "question"].dropna().astype(str):
        for sentence in split_sentences(text):
            words = tidy(sentence)
            is_clean = not redact(words).counts and not PLACEHOLDER.search(words) and not is_courtesy(words)
            if is_clean and LEAST_WORDS <= count_words(words) <= MOST_WORDS:
                return words[:MAX_QUESTION_CHARS]
    return ""


def _about_it(
    asked: pd.DataFrame, vectors: np.ndarray, ground: Ground, said: Sequence[str], target: np.ndarray | None
) -> np.ndarray:
    """Rows that speak of the matter: near its question, its known wordings or its answer. "Company name is …" does not.

    Other languages than the main one are kept: an encoder may put them far from it.
    """
    around = ground.vectors([one for one in said if one] or [""])
    if target is not None:
        around = np.vstack([around, target[None, :]])
    is_near = (vectors @ around.T).max(axis=1) >= SPEAKS_OF_IT
    return np.flatnonzero(is_near | (asked["language"] != ground.language).to_numpy())


def _clean(asked: pd.DataFrame) -> pd.DataFrame:
    """Without sentences that hold personal data, which redaction finds when they stand alone."""
    fine = [not redact(one).counts and not PLACEHOLDER.search(one) for one in asked["question"]]
    return asked[np.array(fine, dtype=bool)].sort_values("ticket_id").reset_index(drop=True)


def _says_enough(text: str) -> bool:
    """Whether somebody who reads no more than this knows what is asked: "On Legacy plan" does not tell, and a
    story tells of its customer."""
    return (looks_like_question(text) or count_words(text) >= LEAST_WORDS) and count_words(text) <= MOST_WORDS


def _key(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip("?!. ")


def _is_nearly(text: str, known: Sequence[str]) -> bool:
    """Whether a wording is one that is known but for a slip of the keyboard."""
    from difflib import SequenceMatcher

    mine = _key(text)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(mine)
    for one in known:
        matcher.set_seq1(_key(one))
        if matcher.real_quick_ratio() > 0.9 and matcher.quick_ratio() > 0.9 and matcher.ratio() > 0.9:
            return True
    return False
