"""The agent: one pure function from a message to what is done with it, and every reason in order.

Belongs here: the rules and their order. Does not belong here: what the rules are asked about (``case``), the words of a
reply (``compose``), what travels to a person (``handoff``), a language model (``with_language_model``).

No clock, no chance, no input or output: the same message, conversation, context and release give the same decision. A rule
can only take away: each one may lower an answer to a draft or hand over, and none raises what an earlier one lowered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assets.configure_behavior.decisions.candidates import (
    deciding_conditions,
    entry_uses,
    fields_to_ask,
    variants_in_question,
)
from assets.configure_behavior.decisions.case import Case, look_up
from assets.configure_behavior.decisions.clarifying import Clarification
from assets.configure_behavior.decisions.compose import compose_reply, customer_name, filled
from assets.configure_behavior.decisions.decision import Action, Decision, Turn
from assets.configure_behavior.decisions.handoff import build_handoff
from assets.configure_behavior.decisions.openings import open_conversation
from assets.configure_behavior.decisions.reading import read_message
from assets.configure_behavior.decisions.rules import (
    hold_for_language,
    hold_for_outlier,
    hold_for_repetition,
    hold_for_tone,
    in_words,
    must_hand_over,
    note_case,
    note_reading,
    out_of_bounds,
    question_that_decides,
    sureness_of,
)
from assets.configure_behavior.decisions.small_talk import is_small_talk
from assets.configure_behavior.decisions.trail import Handover, Sureness, Trail
from assets.configure_behavior.releases.agent_release import AgentRelease
from desk.behavior import text_in

LEAST_SUGGESTED = 0.25
"""Least probability of answering at which an entry is suggested to a person; a worse one is in the way."""


def decide(
    message: str, conversation: Sequence[Turn], context: Mapping[str, object], release: AgentRelease
) -> Decision:
    """Decide what to do with a customer's message.

    Args:
        message: what the customer wrote, of any length and form.
        conversation: what was said before, oldest first.
        context: what is known of the customer, such as ``{"plan": "pro", "page": "/billing"}``; values that are no
            short text, number or truth value are not used.
        release: what decides.

    Returns:
        A decision, for every input: nothing a customer writes makes this raise.
    """
    reading = read_message(message, conversation, context, release.behavior)
    trail = Trail()
    note_reading(reading, trail)
    if not reading.text:
        trail.note("empty", "The message says nothing; the customer is asked in.")
        return open_conversation(reading, release, trail.reasons)
    case = look_up(reading, release)
    note_case(case, trail)
    if handover := must_hand_over(case, trail):
        return _hand_over(case, trail, handover)
    if is_small_talk(reading.text) and not case.is_reply:
        trail.note("small_talk", "The message only greets or thanks; the customer is asked in.")
        return open_conversation(reading, release, trail.reasons)
    if handover := out_of_bounds(case, trail):
        return _hand_over(case, trail, handover)
    return _answer_at_most(case, trail)


def _answer_at_most(case: Case, trail: Trail) -> Decision:
    """Entries, conditions, confidence: an answer, a question, or a draft."""
    if not case.found.hits:
        trail.hold("entries", "No entry for this customer resembles the message.")
        return _decision(case, trail, "draft", Sureness(), reply=None, suggestion=None)
    best = case.found.hits[0]
    entry = case.release.entries[best.entry_id]
    trail.note("entries", f"The best entry is {entry.entry_id} (“{entry.question}”).", best.probability)
    if entry.category_id != case.category_id:
        trail.hold("agreement", f"The best entry belongs to {entry.category_id}, the message to {case.category_id}.")
    hold_for_outlier(case, entry.entry_id, trail)
    hold_for_language(case, entry.answer, trail)
    hold_for_repetition(case, entry.answer, trail)
    ask_for: list[str] = []
    question: Clarification | None = None
    if case.evidence.is_undecided:
        variants = variants_in_question(case.found.hits, case.release)
        ask_for = fields_to_ask(variants, case.context)
        question = question_that_decides(case, [one.entry_id for one in variants], ask_for, trail)
    elif deciding := deciding_conditions(entry, case.release):
        trail.note("conditions", f"Of the variants of this question, this one holds for {in_words(deciding)}.")
    sureness = sureness_of(case, case.release.confidence.probability(case.evidence), trail)
    body = question.question if question is not None and question.question else entry.answer
    reply = _composed(case, body)
    hold_for_tone(case, reply, trail, is_answer=question is None)
    if not (trail.held_by or case.evidence.may_answer or question is not None):
        trail.hold("evidence", "The evidence does not allow an answer.")
    if trail.held_by:
        return _decision(case, trail, "draft", sureness, reply=None, suggestion=reply, ask_for=ask_for)
    return _decision(
        case, trail, "answer" if question is None else "ask", sureness, reply=reply, suggestion=None, ask_for=ask_for
    )


def _hand_over(case: Case, trail: Trail, handover: Handover) -> Decision:
    """A person takes over, with the right entry beside the conversation where one is likely."""
    suggestion, confidence = None, None
    if case.found.hits:
        confidence = case.release.confidence.probability(case.evidence)
        likely = min(1.0, case.evidence.entry_probability + case.evidence.variant_probability)
        entry = case.release.entries[case.found.hits[0].entry_id]
        if likely >= LEAST_SUGGESTED and entry.category_id == (case.category_id or case.predicted):
            trail.note("suggestion", f"{entry.entry_id} (“{entry.question}”) is suggested.", likely)
            suggestion = _composed(case, entry.answer)
    behavior = case.release.behavior
    said = filled(text_in(behavior.handoff.message, case.reading.language), behavior, customer_name(case.context))
    return _decision(
        case, trail, "escalate", Sureness(confidence), reply=said or None, suggestion=suggestion, handover=handover
    )


def _composed(case: Case, body: str) -> str:
    return compose_reply(
        body,
        case.release.behavior,
        case.reading.language,
        customer_name(case.context),
        is_first_reply=not case.reading.said_by_agent,
    )


def _decision(
    case: Case,
    trail: Trail,
    action: Action,
    sureness: Sureness,
    *,
    reply: str | None,
    suggestion: str | None,
    ask_for: Sequence[str] = (),
    handover: Handover | None = None,
) -> Decision:
    release = case.release
    uses = entry_uses(case.found.hits, release)
    category = release.categories.get(case.category_id or "")
    best = release.entries[case.found.hits[0].entry_id] if case.found.hits else None
    packet = None
    if action in ("draft", "escalate"):
        handover = handover or Handover(trail.held_by)
        packet = build_handoff(
            release.behavior.handoff,
            case.reading,
            handover.reason,
            category_id=case.category_id,
            entries=uses,
            suggested_reply=suggestion,
            queue=handover.queue,
            is_urgent=handover.is_urgent,
        )
    return Decision(
        action=action,
        language=case.reading.language,
        category_id=case.category_id,
        category_confidence=round(case.category_confidence, 6),
        bucket=category.bucket if category is not None else None,
        confidence=sureness.confidence,
        threshold=sureness.threshold,
        risk=sureness.risk,
        entries=uses,
        deciding_conditions={} if best is None or case.evidence.is_undecided else deciding_conditions(best, release),
        ask_for=tuple(ask_for),
        reply=reply,
        reasons=tuple(trail.reasons),
        handoff=packet,
        release_id=release.release_id,
    )
