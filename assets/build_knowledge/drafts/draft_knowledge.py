"""Drafts for every category that the roadmap trains and that is short of entries.

Belongs here: bringing tickets, articles, findings, entries and decisions together. Does not belong here: any single
step, which the modules beside this one do.

Only training tickets are read: a draft that knew a holdout ticket would be graded on its own answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.build_knowledge.conditions import load_conditions, overlap
from assets.build_knowledge.drafts.answer_conditions import ticket_contexts
from assets.build_knowledge.drafts.answer_groups import flat
from assets.build_knowledge.drafts.article_drafts import draft_from_units
from assets.build_knowledge.drafts.article_matching import match_units
from assets.build_knowledge.drafts.article_units import join_sections
from assets.build_knowledge.drafts.customer_language import score_in_words_of
from assets.build_knowledge.drafts.customer_questions import customer_questions
from assets.build_knowledge.drafts.draft_frame import draft_frame
from assets.build_knowledge.drafts.draft_settings import DRAFTED_BUCKETS, DraftSettings
from assets.build_knowledge.drafts.merge_proposals import merge_proposals, says_the_same
from assets.build_knowledge.drafts.phrasings import belonging
from assets.build_knowledge.drafts.proposal import CategoryMaterial, Proposal, Refusal
from assets.build_knowledge.drafts.staff_answers import links_by_ticket, staff_answers
from assets.build_knowledge.drafts.ticket_drafts import draft_from_tickets
from assets.build_knowledge.drafts.usable_sections import usable_sections
from assets.build_knowledge.language_model.material import EntryMaterial
from assets.build_knowledge.training_tickets import newest_of_each, training_tickets

Encode = Callable[[Sequence[str]], np.ndarray]
Progress = Callable[[int, int], None]

MAX_ENCODED_CHARS = 1_000
REPORT_COLUMNS = ["category_id", "name", "count_tickets", "count_entries", "count_drafts", "reason", "detail"]


@dataclass(frozen=True)
class DraftResult:
    """What drafting gave."""

    drafts: pd.DataFrame
    """`knowledge_drafts`."""
    report: pd.DataFrame
    """[category x thing not drafted]: category_id, name, count_tickets, count_entries, count_drafts, reason (code),
    detail (a sentence). A category that got all it needs and refused nothing has one row with reason `drafted`."""
    sections: pd.DataFrame
    """[article section]: from `usable_sections`, why it was not used."""
    materials: tuple[EntryMaterial, ...] = ()
    """What a language model may be shown, a category each; for those who use one."""


def draft_knowledge(
    roadmap: pd.DataFrame,
    tickets: pd.DataFrame,
    intents: pd.DataFrame,
    splits: pd.DataFrame,
    comments: pd.DataFrame,
    articles: pd.DataFrame,
    findings: pd.DataFrame,
    entries: pd.DataFrame,
    decisions: pd.DataFrame,
    settings: DraftSettings,
    encode: Encode,
    as_of: pd.Timestamp,
    on_progress: Progress | None = None,
) -> DraftResult:
    """Draft entries for `automate` and `hybrid` categories with fewer than `settings.min_entries` entries.

    Args:
        roadmap: `training_roadmap`; candidates are not drafted for until they are accepted as categories.
        tickets: `fct_tickets`. intents: `ticket_intents`. splits: `ticket_splits`. comments: `redacted_comments`.
        articles: `help_center_articles`. findings: `knowledge_findings`. entries: `knowledge_entries`.
        decisions: frame with draft_id and status (accepted, rejected), one row a draft; may be empty.
        encode: texts to unit vectors; most are the same in every run, so a caller may keep them.
        as_of: UTC; tickets after it do not exist.

    Raises:
        ValueError: `as_of` without a time zone.
    """
    if as_of.tzinfo is None:
        raise ValueError("as_of needs a time zone; give UTC, such as pd.Timestamp('2026-01-31', tz='UTC').")
    category_by_ticket, training = _training_tickets(tickets, intents, splits, as_of, settings)
    read = comments[comments["ticket_id"].isin(set(category_by_ticket)) & (comments["created_at"] <= as_of)]
    questions = customer_questions(read, category_by_ticket).merge(
        training[["ticket_id", "requester_id", "created_at"]], on="ticket_id", how="left"
    )
    answers = staff_answers(read, training, category_by_ticket)
    short, report = _short_categories(roadmap, entries, settings)
    answers = answers[answers["category_id"].isin(set(short))].reset_index(drop=True)
    usable = usable_sections(articles, findings)
    units = join_sections(articles[articles["section_id"].isin(set(usable.loc[usable["is_usable"], "section_id"]))])
    current = _current(entries)

    encoded = _Encoded(encode, on_progress)
    encoded.add(
        questions["question"],
        (_for_encoding(answer) for answer in answers["answer"]),
        (_title(unit.title, unit.heading) for unit in units),
        (_for_encoding(unit.text) for unit in units),
        (_for_encoding(answer) for answer in current["answer"]),
    )
    question_vectors = encoded(questions["question"].tolist())
    questions["belongs"] = belonging(questions["category_id"].to_numpy(), question_vectors)
    answer_vectors = encoded([_for_encoding(answer) for answer in answers["answer"]])
    titles = encoded([_title(unit.title, unit.heading) for unit in units])
    texts = encoded([_for_encoding(unit.text) for unit in units])
    contexts = ticket_contexts(training)
    materials = {
        category: _material(category, row, questions, question_vectors, answers, answer_vectors, contexts)
        for category, row in short.items()
    }
    links = links_by_ticket(read, category_by_ticket)
    links["category_id"] = links["ticket_id"].map(category_by_ticket)
    matches = match_units(units, titles, texts, questions, question_vectors, links)
    from_articles, refusals = draft_from_units(units, matches, titles, texts, materials, settings, as_of)
    chosen: list[Proposal] = []
    for category, material in materials.items():
        proposals, refused = draft_from_tickets(material, settings, as_of)
        refusals += refused
        merged = merge_proposals(
            [*(p for p in from_articles if p.category_id == category), *proposals],
            settings.same_answer,
            settings.phrasings,
        )
        merged = [p for p in merged if p.is_mixed or not p.needs_support]
        mine = current[current["category_id"] == category]
        entry_vectors = encoded([_for_encoding(answer) for answer in mine["answer"]])
        chosen += [p for p in merged if not _is_covered(p, mine, entry_vectors, settings.same_answer)][
            : settings.max_drafts
        ]
    encoded.add(proposal.question for proposal in chosen)
    scores = [_language(proposal, materials[proposal.category_id], encoded, settings) for proposal in chosen]
    frame = draft_frame(chosen, scores, entries, decisions, as_of)
    shown = tuple(
        EntryMaterial(
            material,
            tuple(unit for unit, match in zip(units, matches, strict=True) if match.category_id == category),
            tuple(current.loc[current["category_id"] == category, "question"]),
        )
        for category, material in materials.items()
    )
    return DraftResult(frame, _report(report, refusals, frame), usable, shown)


class _Encoded:
    """Vectors by text; each text is encoded once, all new ones in one call, so that the encoder can sort them."""

    def __init__(self, encode: Encode, on_progress: Progress | None) -> None:
        self._encode, self._on_progress = encode, on_progress
        self._rows: dict[str, np.ndarray] = {}

    def add(self, *texts: object) -> None:
        wanted = dict.fromkeys(str(text) for group in texts for text in group)  # type: ignore[attr-defined]
        new = sorted((text for text in wanted if text not in self._rows), key=lambda text: (len(text), text))
        step = 512
        for start in range(0, len(new), step):
            chunk = new[start : start + step]
            self._rows.update(zip(chunk, np.asarray(self._encode(chunk), dtype=np.float32), strict=True))
            if self._on_progress is not None:
                self._on_progress(min(start + step, len(new)), len(new))

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        self.add(texts)
        if not texts:
            width = len(next(iter(self._rows.values()))) if self._rows else 1
            return np.zeros((0, width), dtype=np.float32)
        return np.stack([self._rows[text] for text in texts])


def _training_tickets(
    tickets: pd.DataFrame, intents: pd.DataFrame, splits: pd.DataFrame, as_of: pd.Timestamp, settings: DraftSettings
) -> tuple[dict[str, str], pd.DataFrame]:
    """Category by training ticket, newest `max_mined` a category, and those tickets' rows."""
    mine, category = training_tickets(tickets[tickets["created_at"] <= as_of], intents, splits)
    newest = newest_of_each(mine, category, settings.max_mined)
    return {ticket: category[ticket] for ticket in newest["ticket_id"]}, newest


def _short_categories(
    roadmap: pd.DataFrame, entries: pd.DataFrame, settings: DraftSettings
) -> tuple[dict[str, dict], list[dict]]:
    """Roadmap rows that get drafts, by category, and the first columns of the report on all that might."""
    accepted = (
        entries[entries["is_current"].astype(bool) & (entries["status"] == "accepted")] if len(entries) else entries
    )
    counts = accepted["category_id"].value_counts() if len(accepted) else pd.Series(dtype="int64")
    short, report = {}, []
    for row in roadmap.sort_values("rank").to_dict("records"):
        if row["bucket"] not in DRAFTED_BUCKETS:
            continue
        category = str(row["category_id"])
        count = int(counts.get(category, 0))
        line = {
            "category_id": category,
            "name": row["name"],
            "count_tickets": int(row["count_tickets"]),
            "count_entries": count,
        }
        if row.get("kind") == "candidate":
            report.append(
                line
                | {
                    "reason": "not_a_category",
                    "detail": "Proposed by the platform: accept it in categories.yaml first.",
                }
            )
        elif count >= settings.min_entries:
            report.append(line | {"reason": "has_entries", "detail": f"{count} accepted entries: not short."})
        else:
            short[category] = row
            report.append(line)
    return short, report


def _current(entries: pd.DataFrame) -> pd.DataFrame:
    if not len(entries):
        return pd.DataFrame(columns=["entry_id", "category_id", "question", "answer", "conditions", "sources"])
    return entries[entries["is_current"].astype(bool) & (entries["status"] != "retired")]


def _material(
    category: str,
    row: dict,
    questions: pd.DataFrame,
    question_vectors: np.ndarray,
    answers: pd.DataFrame,
    answer_vectors: np.ndarray,
    contexts: pd.DataFrame,
) -> CategoryMaterial:
    asked = np.flatnonzero((questions["category_id"] == category).to_numpy())
    answered = np.flatnonzero((answers["category_id"] == category).to_numpy())
    mine = answers.iloc[answered].reset_index(drop=True)
    return CategoryMaterial(
        category_id=category,
        name=str(row["name"]),
        owner=row["owner"] if isinstance(row.get("owner"), str) else None,
        questions=questions.iloc[asked].reset_index(drop=True),
        question_vectors=question_vectors[asked],
        answers=mine,
        answer_vectors=answer_vectors[answered],
        contexts=contexts.reindex(mine["ticket_id"]).reset_index(drop=True),
    )


def _is_covered(proposal: Proposal, entries: pd.DataFrame, vectors: np.ndarray, least: float) -> bool:
    """Whether an entry with another source already says this to the same readers."""
    own = {source.id for source in proposal.sources[:1]}
    for place in says_the_same(proposal.answer, proposal.answer_vector, entries["answer"].tolist(), vectors, least):
        entry = entries.iloc[place]
        if overlap(load_conditions(str(entry["conditions"])), proposal.conditions) and not any(
            one in str(entry["sources"]) for one in own
        ):
            return True
    return False


def _language(
    proposal: Proposal, material: CategoryMaterial, encoded: _Encoded, settings: DraftSettings
) -> tuple[float | None, str | None]:
    judged = score_in_words_of(
        material.words_in(settings.language),
        proposal.question,
        encoded([proposal.question])[0],
        material.questions["strength"].iloc[material.rows_in(settings.language)].tolist(),
    )
    return judged.score, judged.suggested_question


def _report(lines: list[dict], refusals: Sequence[Refusal], drafts: pd.DataFrame) -> pd.DataFrame:
    counts = drafts["category_id"].value_counts()
    rows = []
    for line in lines:
        base = line | {"count_drafts": int(counts.get(line["category_id"], 0))}
        mine = [refusal for refusal in refusals if refusal.category_id == line["category_id"]]
        if "reason" in line:
            rows.append(base)
        elif not mine:
            rows.append(base | {"reason": "drafted", "detail": "Nothing was refused."})
        rows += [base | {"reason": one.reason, "detail": one.detail} for one in mine]
    return pd.DataFrame(rows, columns=REPORT_COLUMNS)


def _title(title: str, heading: str) -> str:
    return f"{title}: {heading}" if heading and heading != title else title


def _for_encoding(answer: str) -> str:
    return flat(answer)[:MAX_ENCODED_CHARS]
