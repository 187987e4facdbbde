"""What a model is shown of a category, chosen from its material and labelled.

Belongs here: choosing and labelling. Does not belong here: the prompt's rules (`proposals`) and its fence (`prompt`).

Only redacted text of training tickets may be handed in: a model that saw a holdout ticket would be graded on it.
The caller sees to that, as `CategoryMaterial` is built from training tickets; nothing here can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.build_knowledge.drafts.article_units import ArticleUnit
from assets.build_knowledge.drafts.proposal import CategoryMaterial, Source
from assets.build_knowledge.language_model.prompt import shown
from ledger.chain import sha256_hex

MAX_QUESTIONS, MAX_ANSWERS, MAX_SECTIONS, MAX_ANSWERED = 12, 8, 6, 30
MAX_QUESTION_CHARS, MAX_ANSWER_CHARS, MAX_SECTION_CHARS = 300, 1_500, 2_500
SAYS_NOTHING_NEW = 0.95
"""A text this near (cosine) to one that is shown already is left out."""


@dataclass(frozen=True)
class EntryMaterial:
    """What entries of one category may rest on: redacted, of training tickets and usable articles only."""

    category: CategoryMaterial
    sections: tuple[ArticleUnit, ...] = ()
    """Article units that this category asks about, usable ones only."""
    answered: tuple[str, ...] = ()
    """Questions that entries and drafts of the category answer already."""


@dataclass(frozen=True)
class ShownMaterial:
    """What one prompt shows, by label: ``Q`` customers' questions, ``A`` people's answers, ``S`` article sections."""

    questions: dict[str, str]
    answers: dict[str, str]
    sections: dict[str, str]
    units: dict[str, ArticleUnit]
    answer_rows: dict[str, int]
    """Row of the category's answers."""
    sources: dict[str, tuple[Source, ...]]
    answered: tuple[str, ...]

    @property
    def evidence(self) -> dict[str, str]:
        """Texts that an answer may rest on; a customer's own words are none."""
        return self.answers | self.sections

    def data(self, name: str, language: str) -> dict[str, Any]:
        """As the prompt's data."""
        return {
            "category": shown(name, 100),
            "language": language,
            "customers_ask": [{"label": label, "text": text} for label, text in self.questions.items()],
            "people_answered": [{"label": label, "text": text} for label, text in self.answers.items()],
            "articles_say": [{"label": label, "text": text} for label, text in self.sections.items()],
            "already_answered": list(self.answered),
        }


def choose_material(material: EntryMaterial, language: str) -> ShownMaterial:
    """The surest questions, the best answers in a language and the first sections, each unlike the others.

    The same material gives the same choice, whatever the order of its rows.
    """
    category = material.category
    questions = category.questions
    asked = _chosen(
        questions, category.question_vectors, "question", ["strength", "ticket_id"], language, MAX_QUESTIONS
    )
    answered = _chosen(
        category.answers, category.answer_vectors, "answer", ["quality", "ticket_id"], language, MAX_ANSWERS
    )
    units = [unit for unit in material.sections if unit.locale.split("-")[0].casefold() in (language, "")]
    units = sorted(units, key=lambda unit: (unit.article_id, unit.position, unit.sources[0].id))[:MAX_SECTIONS]
    by_question = {f"Q{place}": row for place, row in enumerate(asked, 1)}
    by_answer = {f"A{place}": row for place, row in enumerate(answered, 1)}
    by_section = {f"S{place}": unit for place, unit in enumerate(units, 1)}
    sources: dict[str, tuple[Source, ...]] = {label: unit.sources for label, unit in by_section.items()}
    for label, row in by_answer.items():
        one = category.answers.iloc[row]
        sources[label] = (Source("ticket", str(one["ticket_id"]), str(one["reply_hash"])),)
    for label, row in by_question.items():
        one = questions.iloc[row]
        sources[label] = (Source("ticket", str(one["ticket_id"]), sha256_hex(str(one["question"]))),)
    return ShownMaterial(
        questions={k: shown(questions["question"].iloc[row], MAX_QUESTION_CHARS) for k, row in by_question.items()},
        answers={k: shown(category.answers["answer"].iloc[row], MAX_ANSWER_CHARS) for k, row in by_answer.items()},
        sections={k: _section(unit) for k, unit in by_section.items()},
        units=by_section,
        answer_rows=by_answer,
        sources=sources,
        answered=tuple(shown(one, MAX_QUESTION_CHARS) for one in sorted(set(material.answered))[:MAX_ANSWERED]),
    )


def _chosen(
    frame: pd.DataFrame, vectors: np.ndarray, text: str, by: Sequence[str], language: str, at_most: int
) -> list[int]:
    if not len(frame):
        return []
    rows = frame.reset_index(drop=True).sort_values(list(by), ascending=[False, True], kind="stable")
    chosen: list[int] = []
    seen: set[str] = set()
    for row in (int(label) for label in rows.index[(rows["language"] == language).to_numpy()]):
        words = " ".join(fold(str(frame[text].iloc[row])).split())
        if words in seen or any(float(vectors[row] @ vectors[other]) >= SAYS_NOTHING_NEW for other in chosen):
            continue
        seen.add(words)
        chosen.append(row)
        if len(chosen) == at_most:
            break
    return chosen


def _section(unit: ArticleUnit) -> str:
    title = f"{unit.title}: {unit.heading}" if unit.heading and unit.heading != unit.title else unit.title
    return shown(f"{title}\n\n{unit.text}", MAX_SECTION_CHARS)
