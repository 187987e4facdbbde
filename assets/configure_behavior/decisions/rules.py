"""The rules of a decision, each a function of the case that leaves its reason in the trail.

Belongs here: what may be answered, asked, drafted or handed over, and in which words that is explained. Does not belong
here: the order of the rules (``decide``), what they are asked about (``case``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assets.audit_tickets.texts.language import MIN_CONFIDENCE, detect_language
from assets.configure_behavior.behavior.tone_bounds import tone_problems
from assets.configure_behavior.confidence.thresholds import Threshold
from assets.configure_behavior.decisions.case import BETWEEN, Case
from assets.configure_behavior.decisions.clarifying import Clarification, clarification
from assets.configure_behavior.decisions.compose import breaks_a_limit
from assets.configure_behavior.decisions.reading import Reading, plain_text
from assets.configure_behavior.decisions.trail import Handover, Sureness, Trail


def note_reading(reading: Reading, trail: Trail) -> None:
    """What was read, and what was not."""
    cut = " of its beginning and end" if reading.is_cut else ""
    trail.note("message", f"Read {len(reading.text):,} characters{cut}, language {reading.language}.")
    if reading.dropped_fields:
        names = ", ".join(reading.dropped_fields[:10])
        trail.note("context", f"Of the context, {names} say nothing that conditions could use.")


def note_case(case: Case, trail: Trail) -> None:
    """What the conversation says about the message."""
    if case.is_reply:
        trail.note("conversation", "The message answers what was asked back; what is looked up is the question before.")
    for fact in case.facts:
        when = "in this message" if fact.turn == 0 else f"{fact.turn} messages ago"
        trail.note("facts_in_words", f"The customer says {fact.field} = {fact.value} {when} (“{fact.phrase}”).")


def must_hand_over(case: Case, trail: Trail) -> Handover | None:
    """Triggers and pages: what no confidence outweighs."""
    for hit in case.triggers:
        said = f" (“{hit.phrase}”)" if hit.phrase else ""
        trail.note(f"trigger:{hit.trigger_id}", f"{hit.reason.rstrip('.')}{said}.")
    if case.triggers:
        reasons = "; ".join(dict.fromkeys(hit.reason.rstrip(".") for hit in case.triggers))
        queue = next((hit.queue for hit in case.triggers if hit.queue), None)
        return Handover(reasons, queue, any(hit.is_urgent for hit in case.triggers))
    trail.note("triggers", "No trigger fires.")
    for rule in case.rules:
        if rule.hand_over:
            trail.note(f"page:{rule.id}", f"Everybody there goes to a person: {rule.means}")
            return Handover(f"the customer is where a person takes over ({rule.id})")
        if rule.draft_only:
            trail.hold(f"page:{rule.id}", f"Nothing is answered there without a person: {rule.means}")
        else:
            trail.note(f"page:{rule.id}", rule.means)
    return None


def out_of_bounds(case: Case, trail: Trail) -> Handover | None:
    """Category and bucket: whether this is anything the agent may work on."""
    sure = case.category_confidence
    if case.category_id is None:
        if case.unknown_reason == BETWEEN:
            trail.note(
                "category", f"Between {case.predicted} and {case.runner_up}: neither is likelier than not.", sure
            )
            return Handover("it is unclear what the message is about")
        trail.note("category", "The message resembles no category that is covered; such are never answered.", sure)
        return Handover("asks about something outside what is covered")
    category = case.release.categories.get(case.category_id)
    name = category.name if category is not None else case.category_id
    if case.preferred_by is not None:
        trail.hold(
            f"page:{case.preferred_by}",
            f"{case.predicted} and {case.runner_up} are both in question and the page speaks for {name}; no error bound "
            "covers that, so that a person looks.",
            sure,
        )
    else:
        trail.note("category", f"The message is about {name}.", sure)
    if category is None:
        trail.hold("bucket", f"{name} is not among the decided categories.")
    elif category.bucket == "escalate":
        trail.note("bucket", f"{name} always goes to a person.")
        return Handover(f"{name} always goes to a person")
    elif category.bucket == "hybrid":
        trail.hold("bucket", f"{name} is hybrid: the agent drafts and a person sends.")
    elif category.bucket == "automate":
        trail.note("bucket", f"{name} may be answered.")
    else:
        trail.hold("bucket", f"{name} has no bucket that allows an answer ({category.bucket}).")
    if not case.release.entries:
        trail.note("entries", "The release holds no entry.")
        return Handover("there is nothing to answer from")
    return None


def question_that_decides(
    case: Case, variants: Sequence[str], fields: Sequence[str], trail: Trail
) -> Clarification | None:
    """What to ask to know which variant holds; holds the answer where nothing can be asked."""
    if not fields:
        trail.hold("conditions", f"The context does not say whether {variants[0]} holds for this customer.")
        return None
    found = clarification(fields, case.asked, case.release.behavior, case.reading.language)
    which = f"Which of {', '.join(variants)} holds" if len(variants) > 1 else f"Whether {variants[0]} holds"
    sentence = f"{which} depends on {' and '.join(fields)}, which the context does not say"
    if found.why_not:
        trail.hold("conditions", f"{sentence}; it is not asked for, as {found.why_not}.")
    else:
        trail.note("conditions", f"{sentence}; {found.field} tells most of them apart.")
    return found


def hold_for_outlier(case: Case, entry_id: str, trail: Trail) -> None:
    """The question is really about an entry for other customers: what is there for this one may be about something else."""
    if case.outlier is not None:
        other = case.outlier.entry_id
        sentence = f"The nearest wording belongs to {other}, which is for other customers; {entry_id} may not be about the same."
        trail.hold("conditions", sentence, case.outlier.similarity)


def hold_for_language(case: Case, answer: str, trail: Trail) -> None:
    """An answer goes out only in its own language, to a customer who writes it."""
    language = case.reading.language
    if language not in case.release.behavior.tone.languages:
        trail.hold("language", f"The customer writes {language}, in which the agent does not answer.")
        return
    written, sure = detect_language(answer)
    if written != language and sure >= MIN_CONFIDENCE:
        trail.hold("language", f"The customer writes {language} and the entry is in {written}; nothing is translated.")


def hold_for_repetition(case: Case, answer: str, trail: Trail) -> None:
    """Whoever writes again after an answer was not helped by it: the same one is not given twice."""
    given = _one_line(plain_text(answer))
    if any(given in _one_line(text) for text in case.reading.said_by_agent):
        trail.hold("repetition", "This answer was given in this conversation already and did not settle it.")


def hold_for_tone(case: Case, reply: str, trail: Trail, *, is_answer: bool) -> None:
    """A question may be shorter than an answer; what no reply may do, it may not do either."""
    behavior, language = case.release.behavior, case.reading.language
    if limit := breaks_a_limit(reply, behavior):
        trail.hold("tone", limit)
    elif is_answer:
        for problem in tone_problems(reply, behavior, language):
            trail.note("tone", problem)


def sureness_of(case: Case, confidence: float, trail: Trail) -> Sureness:
    """Confidence against the threshold of the category at the risk the spec allows it; an automated category needs one."""
    category = case.release.categories.get(case.category_id or "")
    if category is None or category.bucket != "automate":
        trail.note("confidence", "Calibrated probability that the answer is right.", confidence)
        return Sureness(confidence)
    risk = case.release.behavior.confidence.risk_of(category.category_id)
    allowed = f"{100 * risk:g} % risk"
    row: Threshold | None = case.release.thresholds.of(category.category_id, risk)
    if row is None:
        trail.hold("threshold", f"No threshold was sought for {category.name} at {allowed}.", confidence)
        return Sureness(confidence, None, risk)
    if row.threshold is None:
        trail.hold("threshold", f"No safe threshold at {allowed}: {row.why}", confidence)
    elif not confidence >= row.threshold:
        trail.hold("threshold", f"Less sure than {allowed} allows.", confidence, row.threshold)
    else:
        trail.note("threshold", f"Sure enough for {allowed}.", confidence, row.threshold)
    return Sureness(confidence, row.threshold, risk)


def in_words(conditions: Mapping[str, Sequence[str]]) -> str:
    """``plan = free or pro and sso = true``."""
    return " and ".join(f"{name} = {' or '.join(values)}" for name, values in conditions.items())


def _one_line(text: str) -> str:
    return " ".join(text.casefold().split())
