"""An optional language model words the answer that was decided; it decides nothing.

Belongs here: the prompt, reading the reply, and what becomes of one that says too much. Does not belong here: whether to
answer (``decide``), comparing the reply with entries (``stays_within``), sending prompts (``language_model.client``).

The model is asked only where the agent may answer by itself, and shown only the entry that answers. What it writes goes
out if it stays within the entries it cites; else the decision becomes a draft with the entry's own words as suggestion.
Where no reply comes, the entry's own words go out, as without a model. With a model a decision is as repeatable as the
model is; kept replies (``reply_cache``) make it so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assets.build_knowledge.language_model.completion import Complete, Completion, LanguageModelError
from assets.build_knowledge.language_model.prompt import RULES_OF_THE_FENCE, Prompt, fenced, shown
from assets.build_knowledge.language_model.replies import SetAside, read_object
from assets.configure_behavior.decisions.compose import breaks_a_limit, compose_reply, customer_name
from assets.configure_behavior.decisions.decide import decide
from assets.configure_behavior.decisions.decision import Decision, Reason, Turn
from assets.configure_behavior.decisions.handoff import build_handoff
from assets.configure_behavior.decisions.reading import Reading, read_message
from assets.configure_behavior.decisions.stays_within import stays_within
from assets.configure_behavior.releases.agent_release import AgentRelease, ReleaseEntry

MAX_MESSAGE_CHARS, MAX_REPLY_CHARS = 1_500, 4_000

_RULES = (
    "You word the answer of a support agent. Use only what the answers in the data say; add no fact, number, name, link, "
    "promise or apology, leave out no step, and say nothing about what is not in them. Keep close to their words. Write in "
    "the language given, without greeting and closing, in at most max_words words. In cites, name the labels of the answers "
    'you used. Form: {"reply": "…", "cites": ["E1"]}. '
)


def decide_with_language_model(
    message: str,
    conversation: Sequence[Turn],
    context: Mapping[str, object],
    release: AgentRelease,
    complete: Complete,
) -> Decision:
    """Like ``decide``, with answers worded by a model.

    Args:
        complete: asks the model, such as ``LanguageModelClient.complete``. Other arguments as for ``decide``.
    """
    decision = decide(message, conversation, context, release)
    if decision.action != "answer" or not decision.entries:
        return decision
    reading = read_message(message, conversation, context, release.behavior)
    entry = release.entries[decision.entries[0].entry_id]
    prompt = wording_prompt(reading.text, [entry], decision.language, release)
    try:
        reply = complete(prompt)
    except LanguageModelError as problem:
        sentence = f"The language model gave no reply, so that the entry speaks for itself: {problem}"
        return replace(decision, reasons=(*decision.reasons, Reason("language_model", sentence)))
    by = f"{reply.model}, prompt {reply.prompt_hash[:16]}"
    try:
        body, cited = _read(reply, {"E1": entry})
        problems = stays_within(body, cited, release.behavior)
    except SetAside as problem:
        body, problems = "", [str(problem)]
    worded = compose_reply(
        body,
        release.behavior,
        decision.language,
        customer_name(reading.context),
        is_first_reply=not reading.said_by_agent,
    )
    if not problems and (limit := breaks_a_limit(worded, release.behavior)):
        problems = [limit]
    if not problems:
        sentence = f"Worded by a language model within {entry.entry_id} ({by})."
        return replace(decision, reply=worded, reasons=(*decision.reasons, Reason("language_model", sentence)))
    reasons = [Reason("language_model", f"What a language model wrote is not sent ({by}).")]
    reasons += [Reason("stays_within", problem) for problem in problems[:5]]
    return _as_draft(decision, reading, release, reasons)


def wording_prompt(message: str, entries: Sequence[ReleaseEntry], language: str, release: AgentRelease) -> Prompt:
    """The prompt: our rules, and as data the message, the entries, the tone and two examples of the voice."""
    behavior = release.behavior
    data = {
        "message": shown(message, MAX_MESSAGE_CHARS),
        "language": language,
        "answers": [
            {
                "label": f"E{place}",
                "question": shown(entry.question, 500),
                "answer": shown(entry.answer, MAX_REPLY_CHARS),
            }
            for place, entry in enumerate(entries, start=1)
        ],
        "voice": {
            "conversational_0_to_1": behavior.tone.formality,
            "thorough_0_to_1": behavior.tone.thoroughness,
            "say_instead": behavior.tone.say_instead,
            "avoid": behavior.tone.avoid,
            "max_words": behavior.reply.max_words,
            "examples": [one.reply for one in behavior.examples if one.language == language][:2],
        },
    }
    return Prompt(_RULES + RULES_OF_THE_FENCE, fenced(data))


def _read(reply: Completion, known: Mapping[str, ReleaseEntry]) -> tuple[str, list[ReleaseEntry]]:
    """Body and cited entries of a reply. Raises ``SetAside``."""
    content = read_object(reply.text)
    body, cites = content.get("reply"), content.get("cites")
    if set(content) != {"reply", "cites"} or not isinstance(body, str) or not isinstance(cites, list):
        raise SetAside("wrong_shape", 'The reply has not the form {"reply": "…", "cites": […]}.')
    if len(body) > MAX_REPLY_CHARS:
        raise SetAside("too_long", f"The reply has {len(body):,} characters.")
    if not cites or any(not isinstance(one, str) or one not in known for one in cites):
        raise SetAside("unknown_source", "The reply cites something that it was not shown.")
    return shown(body, MAX_REPLY_CHARS), [known[one] for one in dict.fromkeys(cites)]


def _as_draft(decision: Decision, reading: Reading, release: AgentRelease, reasons: Sequence[Reason]) -> Decision:
    """The decision as a draft: a person gets the entry's own words."""
    packet = build_handoff(
        release.behavior.handoff,
        reading,
        "a language model's wording says more than the entries do",
        category_id=decision.category_id,
        entries=decision.entries,
        suggested_reply=decision.reply,
    )
    return replace(decision, action="draft", reply=None, handoff=packet, reasons=(*decision.reasons, *reasons))
