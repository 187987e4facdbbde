"""The content audit: every detector over every text, and what people have decided about what was found.

Belongs here: their order and how they bear on each other. Does not belong here: any detector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from assets.build_knowledge.conditions import load_conditions
from assets.build_knowledge.findings.aligned_sentences import Encode
from assets.build_knowledge.findings.audit_settings import AuditSettings
from assets.build_knowledge.findings.audited_texts import records, texts_to_audit
from assets.build_knowledge.findings.contradictions import find_contradictions
from assets.build_knowledge.findings.customer_wording import find_foreign_wording, score_wording
from assets.build_knowledge.findings.dead_links import find_dead_links
from assets.build_knowledge.findings.disagreements import favour_verified
from assets.build_knowledge.findings.duplicates import find_duplicates
from assets.build_knowledge.findings.ended_terms import find_ended_terms
from assets.build_knowledge.findings.ended_values import find_ended_values
from assets.build_knowledge.findings.ended_versions import find_ended_versions
from assets.build_knowledge.findings.entailment import Contradicts, find_by_entailment
from assets.build_knowledge.findings.finding import Finding, findings_frame
from assets.build_knowledge.findings.finding_status import CLEARED_BY_VERIFYING, verified_subjects, with_status
from assets.build_knowledge.findings.ownership import find_unowned
from assets.build_knowledge.findings.release_changes import announced_ends, changed_values, ended_things, past_releases
from assets.build_knowledge.findings.reopened_entries import find_reopened_entries
from assets.build_knowledge.findings.statements import statements_of
from assets.build_knowledge.findings.text_age import find_aged_texts, find_lost_sources
from assets.build_knowledge.findings.unsafe_texts import find_unsafe_texts

Progress = Callable[[int, int], None]
_STEPS = 7


def audit_knowledge(
    articles: pd.DataFrame | None,
    entries: pd.DataFrame | None,
    releases: pd.DataFrame | None,
    settings: AuditSettings,
    encode: Encode,
    *,
    as_of: pd.Timestamp,
    customer_questions: pd.DataFrame | None = None,
    previous: pd.DataFrame | None = None,
    decisions: pd.DataFrame | None = None,
    contradicts: Contradicts | None = None,
    on_progress: Progress | None = None,
) -> pd.DataFrame:
    """Audit articles and entries.

    Args:
        articles: ``help_center_articles`` with its retired rows, or None. A column ``customer_language_score`` (and
            ``suggested_question``) may be added, here and in ``entries``.
        entries: ``knowledge_entries``, or None where articles are audited before anything is drafted.
        releases: frame [event]: date, kind, name, version, description, affects.
        settings: what the desk says.
        encode: texts to vectors of length 1, as an encoder's ``encode``.
        as_of: the present, UTC; later events have not happened.
        customer_questions: frame [question]: question, language, category_id, of training tickets; without it wording
            is judged only where a score is given.
        previous: the findings of the last run, for ``first_found_as_of``.
        decisions: frame [decision], see ``finding_status``.
        contradicts: an optional model, from ``entailment.load_nli_model``.
        on_progress: called with (steps done, steps).

    Returns:
        frame [finding] with ``FINDING_COLUMNS``; those someone verified or dismissed stay, with that status. A finding
        that is no longer true is gone.
    """
    texts = texts_to_audit(articles, entries)
    events = past_releases(releases, as_of)
    step = _counter(on_progress)
    once = remember(encode)
    aged = find_aged_texts(texts, settings, as_of)
    found = [*find_lost_sources(texts, articles), *find_unowned(texts), *find_dead_links(texts, articles)]
    if customer_questions is not None:
        texts = score_wording(texts, customer_questions, once)
    found += find_foreign_wording(texts, settings)
    step()
    found += find_unsafe_texts(texts, settings)
    step()
    terms = settings.deprecated_terms
    past, to_come = ended_things(events, terms, as_of), announced_ends(events, terms, as_of)
    ended = find_ended_terms(texts, past, to_come, once)
    ended += find_ended_versions(texts, events)
    plans = _plan_names(texts)
    ended += find_ended_values(statements_of(records(texts), plans), changed_values(events), events, once)
    step()
    known_wrong = {(one.subject_kind, one.subject_id, one.release_name) for one in ended}
    found += [
        one
        for one in find_reopened_entries(texts, events, once)
        if (one.subject_kind, one.subject_id, one.release_name) not in known_wrong
    ]
    step()
    limit = pd.Timedelta(days=settings.suspect_after_days)
    verified = verified_subjects(decisions, as_of, limit)
    suspects = frozenset(
        (one.subject_kind, one.subject_id)
        for one in (*aged, *ended)
        if one.reason not in CLEARED_BY_VERIFYING or (one.subject_kind, one.subject_hash) not in verified
    )
    contradictions = find_contradictions(texts, once, suspects=suspects, plan_names=plans)
    step()
    if contradicts is not None:
        contradictions += find_by_entailment(texts, once, contradicts)
    contradictions = favour_verified(contradictions, verified)
    step()
    found += [one for one in find_duplicates(texts, once) if not _is_among(one, contradictions)]
    step()
    frame = findings_frame([*aged, *ended, *found, *contradictions], as_of)
    return with_status(frame, previous, decisions, as_of, limit)


def remember(encode: Encode) -> Encode:
    """The same encoder, asked for each text once."""
    known: dict[str, np.ndarray] = {}

    def encode_new(texts: Sequence[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, encode(new), strict=True))
        return np.stack([known[text] for text in texts]) if len(texts) else np.zeros((0, 1), dtype=np.float32)

    return encode_new


def _counter(on_progress: Progress | None) -> Callable[[], None]:
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if on_progress is not None:
            on_progress(done, _STEPS)

    return step


def _plan_names(texts: pd.DataFrame) -> tuple[str, ...]:
    """The desk's own plans, as its conditions name them."""
    found: set[str] = set()
    for value in dict.fromkeys(texts["conditions"]):
        conditions: dict[str, Any] = load_conditions(str(value))
        found.update(conditions.get("plan", ()), conditions.get("not_plan", ()))
    return tuple(sorted(found))


def _is_among(duplicate: Finding, contradictions: Iterable[Finding]) -> bool:
    """Copies that disagree are a contradiction: keeping either as it is would be wrong."""
    pair = {duplicate.subject_id, duplicate.other_id}
    return any({one.subject_id, one.other_id} == pair for one in contradictions)
