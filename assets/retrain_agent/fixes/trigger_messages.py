"""Training messages as triggers read them, and on which of them a trigger fires.

Belongs here: running triggers over judged messages. Does not belong here: choosing what a trigger listens to
(``extend_trigger``, ``narrow_trigger``), reading a message (``configure_behavior.triggers``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from assets.audit_tickets.texts.personal_data import PLACEHOLDER
from assets.configure_behavior.triggers.find_triggers import read_conversation, weigh_trigger
from assets.configure_behavior.triggers.own_phrases import bounded, sentences
from assets.configure_behavior.triggers.readings import Reading
from assets.configure_behavior.triggers.trigger_suite import run_suite
from assets.retrain_agent.fixes.fix import text_or_none
from assets.retrain_agent.fixes.training_ground import read_context
from desk.behavior import BehaviorFile, Trigger, behavior_content

MAX_SAMPLES = 3
MAX_SAMPLE_CHARS = 300


@dataclass(frozen=True)
class Message:
    """A judged message. category_id: what it is about, as people say or as it was chosen."""

    ticket_id: str
    text: str
    readings: Sequence[Reading]
    context: Mapping[str, object]
    category_id: str | None
    language: str | None

    @property
    def folded(self) -> list[str]:
        """Its sentences as phrases are searched in."""
        return [folded for _, folded in self.readings[0].sentences]

    def alone(self, text: str) -> Message:
        """The same customer saying no more than this."""
        return replace(self, text=text, readings=read_conversation(text, []))


def messages_of(frame: pd.DataFrame) -> list[Message]:
    """The messages of judged answers, one a ticket and text."""
    found: dict[tuple[str, str], Message] = {}
    for row in frame.to_dict("records"):
        text = text_or_none(row["question"])
        if text:
            key = (str(row["ticket_id"]), text)
            found[key] = Message(
                key[0],
                text,
                read_conversation(text, []),
                read_context(row["context"]),
                text_or_none(row["right_category_id"]) or text_or_none(row["category_id"]),
                text_or_none(row["language"]),
            )
    return list(found.values())


def fires(trigger: Trigger, message: Message) -> bool:
    """Whether the trigger, asked alone, hands this message over."""
    verdict = weigh_trigger(
        trigger,
        message.readings,
        context=message.context,
        category_id=message.category_id,
        language=message.language,
    )
    return verdict.hit is not None


def changed(trigger: Trigger, **settings: Any) -> Trigger | None:
    """The trigger with other settings; None where that is no trigger, such as one that would fire for everybody."""
    from pydantic import ValidationError

    try:
        return Trigger.model_validate({**trigger.model_dump(mode="json"), **settings})
    except ValidationError:
        return None


def keeps_its_promises(trigger: Trigger, before: Trigger, behavior: BehaviorFile) -> bool:
    """Whether it does with its author's examples what it did before, or better."""
    failed = {(one.turns, one.must_fire) for one in _suite(before, behavior) if not one.passed}
    return all(one.passed or (one.turns, one.must_fire) in failed for one in _suite(trigger, behavior))


def broken_samples(trigger: Trigger, behavior: BehaviorFile) -> list[tuple[str, ...]]:
    """Its own examples that it must fire on and does not."""
    return [one.turns for one in _suite(trigger, behavior) if one.must_fire and not one.passed]


def samples_of(messages: Sequence[Message], trigger: Trigger | None, *, must_fire: bool) -> list[dict[str, Any]]:
    """At most ``MAX_SAMPLES`` messages as examples of a trigger: the sentence that tells where it is enough.

    Args:
        trigger: an example must do with it what it must; None where any message will do.
    """
    found: list[dict[str, Any]] = []
    for message in sorted(messages, key=lambda one: (len(one.text), one.ticket_id)):
        for text in _pieces(message.text):
            sample = _sample(message, text, trigger)
            probe = Message(
                message.ticket_id,
                text,
                read_conversation(text, []),
                sample.get("context", {}),
                sample.get("category"),
                None,
            )
            if PLACEHOLDER.search(text) or (trigger is not None and fires(trigger, probe) != must_fire):
                continue
            if sample not in found:
                found.append(sample)
            break
        if len(found) == MAX_SAMPLES:
            break
    return found


def as_behavior_has_it(trigger: Trigger) -> dict[str, Any]:
    """A trigger as ``behavior.yaml`` has it, without what is there by default."""
    return trigger.model_dump(mode="json", exclude_defaults=True)


def _sample(message: Message, text: str, trigger: Trigger | None) -> dict[str, Any]:
    """With the facts that the trigger's scopes ask for, and only those."""
    sample: dict[str, Any] = {"turns": [text]}
    scopes = [one for one in (trigger.only_for, trigger.except_for) if one is not None] if trigger else []
    if any(one.categories for one in scopes) and message.category_id:
        sample["category"] = message.category_id
    wanted = {name.removeprefix("not_") for one in scopes for name in one.context}
    facts = {name: value for name, value in message.context.items() if name in wanted}
    return {**sample, "context": facts} if facts else sample


def _pieces(text: str) -> list[str]:
    """The sentences of a message, the telling length first, and the whole message where it is short."""
    parts = [" ".join(one.split()) for one in sentences(bounded(text))]
    fine = [one for one in parts if len(one.split()) >= 3 and len(one) <= MAX_SAMPLE_CHARS]
    whole = " ".join(text.split())
    return [*fine, *([whole] if len(whole) <= MAX_SAMPLE_CHARS else [])]


def _suite(trigger: Trigger, behavior: BehaviorFile) -> list[Any]:
    content = {**behavior_content(behavior), "triggers": [trigger.model_dump(mode="json")]}
    return run_suite(BehaviorFile.model_validate(content))
