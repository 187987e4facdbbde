"""Which of a spec's triggers hold for a conversation, the words that show it, and why the others do not.

Belongs here: weighing one trigger, and all of them in the order that counts. Does not belong here: what happens when
one fires (``decisions``), reading text (``readings``, ``own_phrases``, ``amounts``), scopes (``scopes``).

A trigger is looked for in this message and in what the customer wrote before: somebody who wanted to cancel two
messages ago still does. The search is lexical; what is said without the usual words is missed, and mining past tickets
(``mine_triggers``) shows what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assets.configure_behavior.triggers.own_phrases import MAX_PHRASE_SHOWN, find_phrase
from assets.configure_behavior.triggers.readings import Reading
from assets.configure_behavior.triggers.scopes import why_outside
from desk.behavior import BehaviorFile, Trigger

MAX_EARLIER = 50
"""Earlier messages that are read, the newest ones."""


@dataclass(frozen=True)
class TriggerHit:
    """A trigger that holds. ``phrase`` is the customer's own words; ``turn`` 0 is this message, 1 the one before."""

    trigger_id: str
    reason: str
    phrase: str
    turn: int
    is_urgent: bool
    queue: str | None


@dataclass(frozen=True)
class TriggerVerdict:
    """What became of one trigger: the hit, or the sentence why there is none."""

    trigger: Trigger
    hit: TriggerHit | None
    why: str


def find_triggers(
    message: str,
    earlier: Sequence[str],
    behavior: BehaviorFile,
    *,
    context: Mapping[str, object],
    category_id: str | None,
    language: str | None,
) -> list[TriggerHit]:
    """The triggers that hold, urgent ones first, otherwise in the order of the spec.

    Args:
        message: what the customer wrote now; may be empty, of any length, in any script.
        earlier: what the customer wrote before and nobody took over, oldest first; the newest ``MAX_EARLIER`` are read.
        context: facts by field, such as plan, page, days_as_customer.
        category_id: the message's category, None where it is not known.
        language: ISO 639-1 of the message; only scopes ask for it.
    """
    verdicts = weigh_triggers(message, earlier, behavior, context=context, category_id=category_id, language=language)
    hits = [verdict.hit for verdict in verdicts if verdict.hit is not None]
    return sorted(hits, key=lambda hit: not hit.is_urgent)


def weigh_triggers(
    message: str,
    earlier: Sequence[str],
    behavior: BehaviorFile,
    *,
    context: Mapping[str, object],
    category_id: str | None,
    language: str | None,
) -> list[TriggerVerdict]:
    """Every trigger in the order of the spec, with its hit or the reason why it does not hold; arguments as above."""
    readings = read_conversation(message, earlier)
    return [
        weigh_trigger(trigger, readings, context=context, category_id=category_id, language=language)
        for trigger in behavior.triggers
    ]


def read_conversation(message: str, earlier: Sequence[str]) -> list[Reading]:
    """The customer's messages, newest first."""
    kept = list(earlier)[-MAX_EARLIER:]
    return [Reading(text, turn) for turn, text in enumerate([message, *reversed(kept)])]


def weigh_trigger(
    trigger: Trigger,
    readings: Sequence[Reading],
    *,
    context: Mapping[str, object],
    category_id: str | None,
    language: str | None,
) -> TriggerVerdict:
    """One trigger over the customer's messages, newest first."""
    known = {"context": context, "category_id": category_id, "language": language}
    outside = why_outside(trigger.only_for, **known)  # type: ignore[arg-type]
    if outside:
        return TriggerVerdict(trigger, None, f"it holds for others: {outside}")
    exceptions = trigger.except_for
    if exceptions and not exceptions.is_everybody and not why_outside(exceptions, **known):  # type: ignore[arg-type]
        return TriggerVerdict(trigger, None, "this customer is in its exceptions")
    listens = trigger.signals or trigger.phrases or trigger.patterns
    if not listens and trigger.frustration_above is None:
        return _holds(trigger, "", 0, "it holds for everybody in its scope")
    whys = []
    if listens:
        verdict = _weigh_words(trigger, readings)
        if verdict.hit:
            return verdict
        whys.append(verdict.why)
    if trigger.frustration_above is not None:
        verdict = _weigh_frustration(trigger, trigger.frustration_above, readings)
        if verdict.hit:
            return verdict
        whys.append(verdict.why)
    return TriggerVerdict(trigger, None, "; ".join(whys))


def _weigh_words(trigger: Trigger, readings: Sequence[Reading]) -> TriggerVerdict:
    was_explained = False
    for reading in readings:
        read = reading.without(trigger.unless) if trigger.unless else reading
        phrase = _heard(trigger, read)
        if phrase is None:
            was_explained |= read is not reading and _heard(trigger, reading) is not None
            continue
        if trigger.amount_above is None:
            return _holds(trigger, phrase, reading.turn, f"“{phrase}”")
        return _weigh_amount(trigger, trigger.amount_above, phrase, reading.turn, readings)
    if was_explained:
        return TriggerVerdict(trigger, None, "what it listens for is explained away in the same sentence")
    return TriggerVerdict(trigger, None, "nothing it listens for was found")


def _heard(trigger: Trigger, reading: Reading) -> str | None:
    for signal in trigger.signals:
        if signal in reading.signals:
            return reading.signals[signal].phrase
    return find_phrase(reading.sentences, trigger.phrases, trigger.patterns)


def _weigh_amount(
    trigger: Trigger, above: float, phrase: str, turn: int, readings: Sequence[Reading]
) -> TriggerVerdict:
    """A sum may stand in another sentence or message than the wish: "You took €480. I want it back"."""
    amounts = [amount for reading in readings for amount in reading.amounts]
    if not amounts:
        if trigger.fires_without_amount:
            return _holds(trigger, phrase, turn, f"“{phrase}”, and no amount is named")
        return TriggerVerdict(trigger, None, f"“{phrase}” was found, but no amount of money is named")
    if max(amounts) > above:
        return _holds(trigger, phrase, turn, f"“{phrase}”, and {max(amounts):,.2f} is above {above:,.2f}")
    return TriggerVerdict(trigger, None, f"“{phrase}” was found, but {max(amounts):,.2f} is not above {above:,.2f}")


def _weigh_frustration(trigger: Trigger, above: int, readings: Sequence[Reading]) -> TriggerVerdict:
    """A furious message counts as two: whoever shouts that it is the third time was frustrated before."""
    total = sum(reading.frustration for reading in readings)
    frustrated = [reading for reading in readings if reading.frustration]
    count = f"{len(frustrated)} of {len(readings)} messages sound frustrated"
    count += ", a furious one counts twice" if total > len(frustrated) else ""
    if total > above:
        newest = frustrated[0]
        shown = newest.signals["anger"].phrase if "anger" in newest.signals else " ".join(newest.text.split())
        return _holds(trigger, shown[:MAX_PHRASE_SHOWN], newest.turn, f"{count}: more than {above}")
    return TriggerVerdict(trigger, None, f"{count}: not more than {above}")


def _holds(trigger: Trigger, phrase: str, turn: int, why: str) -> TriggerVerdict:
    hit = TriggerHit(trigger.id, trigger.reason, phrase, turn, trigger.is_urgent, trigger.queue)
    return TriggerVerdict(trigger, hit, why)
