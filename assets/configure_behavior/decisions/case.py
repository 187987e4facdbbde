"""Everything that is known of one message before anything is decided about it.

Belongs here: asking the release's models, each once, in the order in which one needs the other. Does not belong here: the
rules (``decide``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from assets.audit_tickets.texts.redaction import redact
from assets.audit_tickets.texts.ticket_texts import MAX_TICKET_TEXT_CHARS
from assets.build_knowledge.retrieval.retrieval_index import question_text
from assets.build_knowledge.retrieval.retrieve import RetrievalResult, retrieve
from assets.configure_behavior.confidence.evidence import EVIDENCE_HITS, Evidence, evidence_of
from assets.configure_behavior.decisions.candidates import Outlier, nearer_for_others
from assets.configure_behavior.decisions.clarifying import asked_before, customer_messages, is_reply, question_before
from assets.configure_behavior.decisions.facts_in_words import FactInWords, facts_in_words, fields_and_values
from assets.configure_behavior.decisions.openings import page_rules_in_scope
from assets.configure_behavior.decisions.reading import Reading
from assets.configure_behavior.releases.agent_release import AgentRelease
from assets.configure_behavior.triggers.find_triggers import TriggerHit, find_triggers
from desk.behavior import PageRule

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

BETWEEN = "between_categories"
Encode = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Case:
    """One message with what the release says about it.

    ``question`` is what is looked up: the message as the models learnt messages (without personal data), or what the
    customer asked before, where the message only answers a question of the agent. ``category_id`` is None where the
    message resembles no category or stands between two; ``predicted`` then still names the likeliest and
    ``unknown_reason`` says which. ``preferred_by`` is the page rule that decided between the two. ``context`` holds the
    facts read in words as well. ``outlier`` is an entry for other customers that the question is really about; its
    counterpart for this customer then leads the hits.
    """

    reading: Reading
    release: AgentRelease
    question: str
    is_reply: bool
    asked: tuple[frozenset[str], ...]
    facts: tuple[FactInWords, ...]
    context: Mapping[str, object]
    predicted: str | None
    runner_up: str | None
    category_id: str | None
    category_confidence: float
    unknown_score: float
    unknown_reason: str | None
    preferred_by: str | None
    rules: tuple[PageRule, ...]
    triggers: tuple[TriggerHit, ...]
    found: RetrievalResult
    outlier: Outlier | None
    evidence: Evidence


def look_up(reading: Reading, release: AgentRelease) -> Case:
    """Ask the release about a message that says something.

    numpy's linear algebra keeps to one thread meanwhile: for one question its threads and the encoder's wait for each
    other by spinning, which costs more than they gain, and sums come out the same whatever the number of cores.
    """
    with _linear_algebra().limit(limits=1, user_api="blas"):
        return _look_up(reading, release)


@cache
def _linear_algebra() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _look_up(reading: Reading, release: AgentRelease) -> Case:
    behavior = release.behavior
    asked = asked_before(reading.turns, behavior)
    messages = customer_messages(reading.text, reading.turns, asked)
    fields = fields_and_values(entry.conditions for entry in release.entries.values())
    facts = facts_in_words(messages, reading.context, fields)
    context: dict[str, object] = {**reading.context, **{fact.field: fact.value for fact in facts}}
    answers_a_question = is_reply(messages)
    question = as_learnt(question_before(messages) if answers_a_question else reading.text)
    encode = _remembering(release.encode, question)
    row = _prediction(question, release, encode)
    if row["is_unknown"] and messages[0][1] and not answers_a_question and question_before(messages):
        # A long reply to a question of ours, and no question of its own: it is about what was asked before.
        question = as_learnt(f"{question_before(messages)}\n{reading.text}")
        encode = _remembering(release.encode, question)
        row = _prediction(question, release, encode)
    category, rule = _category(
        row, page_rules_in_scope(behavior, context, row["predicted_category_id"], reading.language)
    )
    rules = page_rules_in_scope(behavior, context, category, reading.language)
    triggers = find_triggers(
        reading.text,
        reading.untended,
        behavior,
        context=context,
        category_id=category,
        language=reading.language,
    )
    found = retrieve(release.index, question, context, EVIDENCE_HITS, encode=encode)
    found = replace(found, hits=[hit for hit in found.hits if hit.entry_id in release.entries])
    outlier = _outlier(found, question, encode, release)
    if outlier is not None and outlier.counterpart is not None:
        found = replace(found, hits=sorted(found.hits, key=lambda hit: hit.entry_id != outlier.counterpart))
    categories = {name: entry.category_id for name, entry in release.entries.items()}
    return Case(
        reading=reading,
        release=release,
        question=question,
        is_reply=answers_a_question,
        asked=tuple(asked),
        facts=tuple(facts),
        context=context,
        predicted=row["predicted_category_id"],
        runner_up=row["runner_up_category_id"],
        category_id=category,
        category_confidence=float(row["confidence"]),
        unknown_score=float(row["unknown_score"]),
        unknown_reason=row["unknown_reason"] if category is None else None,
        preferred_by=rule,
        rules=tuple(rules),
        triggers=tuple(triggers),
        found=found,
        outlier=outlier,
        evidence=evidence_of(row, found, categories),
    )


def _outlier(found: RetrievalResult, question: str, encode: Encode, release: AgentRelease) -> Outlier | None:
    read = question_text(question)
    if not found.hits or not found.excluded or not read:
        return None
    return nearer_for_others(found, encode([read])[0], release.index, release)


def as_learnt(text: str) -> str:
    """A message as the models learnt messages: without personal data, cut as tickets are."""
    return redact(text[:MAX_TICKET_TEXT_CHARS]).text[:MAX_TICKET_TEXT_CHARS].strip()


def readings(text: str) -> list[str]:
    """What is encoded of a message that begins a conversation: as the category model and as retrieval read it."""
    question = as_learnt(text)
    return list(dict.fromkeys(one for one in (question, question_text(question)) if one))


def _prediction(question: str, release: AgentRelease, encode: Encode) -> dict[str, Any]:
    row = release.intents.predict([question], encode([question])).iloc[0].to_dict()
    return {str(name): None if value is pd.NA or value is None else value for name, value in row.items()}


def _category(row: Mapping[str, Any], rules: Sequence[PageRule]) -> tuple[str | None, str | None]:
    """The category, None where it is unknown, and the page rule that decided between the two likeliest, if one did."""
    best, second = row["predicted_category_id"], row["runner_up_category_id"]
    if not row["is_unknown"]:
        return best, None
    if row["unknown_reason"] == BETWEEN:
        for rule in rules:
            for preferred in rule.prefer_categories:
                if preferred in (best, second):
                    return preferred, rule.id
    return None, None


def _remembering(encode: Encode, question: str) -> Encode:
    """The encoder with both readings of a question encoded in one call, as the category model and retrieval read it."""
    texts = list(dict.fromkeys(text for text in (question, question_text(question)) if text))
    vectors = dict(zip(texts, np.asarray(encode(texts), dtype=np.float32), strict=True)) if texts else {}

    def remembered(wanted: Sequence[str]) -> np.ndarray:
        if all(text in vectors for text in wanted):
            return np.stack([vectors[text] for text in wanted])
        return np.asarray(encode(wanted), dtype=np.float32)

    return remembered
