"""Changes of triggers that might make one fire: what a broken one lost, limits that go, signals that nobody listened to.

Belongs here: making candidates. Does not belong here: running and choosing them (``extend_trigger``), phrases
(``trigger_phrases``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np

from assets.audit_tickets.roadmap.risk_patterns import SIGNALS
from assets.configure_behavior.triggers.find_triggers import read_conversation
from assets.retrain_agent.fixes.fix import quoted
from assets.retrain_agent.fixes.training_ground import Ground
from assets.retrain_agent.fixes.trigger_messages import Message, broken_samples, changed
from desk.behavior import Scope, Signal, Trigger

WRONG_COSTS = 2.0
"""What one well-answered message that would go to a person weighs, beside one missed that would be caught."""


@dataclass(frozen=True)
class Change:
    """A trigger as it would be. said: a sentence; caught: rows of the missed messages, wrongly: of those answered well."""

    trigger: Trigger
    said: str
    caught: frozenset[int] = frozenset()
    wrongly: frozenset[int] = frozenset()

    @property
    def worth(self) -> float:
        """What it catches, less what it would take away."""
        return len(self.caught) - WRONG_COSTS * len(self.wrongly)


def as_before(
    now: dict[str, Trigger], missed: Sequence[Message], left: Sequence[int], ground: Ground
) -> Iterator[Change]:
    """Triggers as an earlier version of the spec had them, the newest version first: what was lost needs no guessing."""
    for spec in ground.earlier_specs:
        for trigger in spec.triggers:
            there = now.get(trigger.id)
            if there is None:
                yield Change(
                    trigger,
                    f"The trigger {trigger.id} was there in an earlier version of behavior.yaml and is brought back.",
                )
            elif there != trigger:
                yield Change(
                    trigger, f"The trigger {trigger.id} is again as an earlier version of behavior.yaml had it."
                )


def restored(
    now: dict[str, Trigger], missed: Sequence[Message], left: Sequence[int], ground: Ground
) -> Iterator[Change]:
    """Triggers that fail their own examples: with the signals that those examples hold, or without what silences them."""
    for trigger in now.values():
        silent = broken_samples(trigger, ground.behavior)
        if not silent:
            continue
        broken = f"The trigger {trigger.id} no longer fires on {len(silent)} of its own examples"
        held = {
            signal
            for turns in silent
            for reading in read_conversation(turns[-1], turns[:-1])
            for signal in reading.signals
            if signal in get_args(Signal) and signal not in trigger.signals
        }
        for signal in sorted(held):
            if (new := changed(trigger, signals=[*trigger.signals, signal])) is not None:
                yield Change(new, f"{broken}; it listens again to whoever {SIGNALS[signal]}.")
        for change in _without_limits(trigger, missed, left):
            if len(broken_samples(change.trigger, ground.behavior)) < len(silent):
                yield replace(change, said=f"{broken}. {change.said}")


def unlimited(
    now: dict[str, Trigger], missed: Sequence[Message], left: Sequence[int], ground: Ground
) -> Iterator[Change]:
    """Triggers that hear something, without one of the limits that keep them from firing."""
    for trigger in now.values():
        if trigger.signals or trigger.phrases or trigger.patterns or trigger.frustration_above is not None:
            yield from _without_limits(trigger, missed, left)


def _without_limits(trigger: Trigger, missed: Sequence[Message], left: Sequence[int]) -> Iterator[Change]:
    """The trigger without one of its limits."""
    for phrase in trigger.unless:
        if (new := changed(trigger, unless=[one for one in trigger.unless if one != phrase])) is not None:
            yield Change(new, f"The trigger {trigger.id} no longer leaves out what is said with {quoted(phrase)}.")
    if not trigger.only_for.is_everybody:
        yield from _wider(trigger, missed, left)
    if trigger.except_for is not None and (new := changed(trigger, except_for=None)) is not None:
        yield Change(new, f"The trigger {trigger.id} no longer makes exceptions.")
    if trigger.amount_above is not None:
        amounts = [max(one.readings[0].amounts) for row in left if (one := missed[row]).readings[0].amounts]
        below = [one for one in amounts if one <= trigger.amount_above]
        if below and (new := changed(trigger, amount_above=float(np.floor(min(below) * 0.99)))) is not None:
            told = f"from {new.amount_above:g} on, not only from {trigger.amount_above:g}"
            yield Change(new, f"The trigger {trigger.id} holds {told}.")
        if not trigger.fires_without_amount and (new := changed(trigger, fires_without_amount=True)) is not None:
            yield Change(new, f"The trigger {trigger.id} fires where no amount is named, too.")
    if trigger.frustration_above and (new := changed(trigger, frustration_above=trigger.frustration_above - 1)):
        yield Change(new, f"The trigger {trigger.id} fires one frustrated message earlier.")


def _wider(trigger: Trigger, missed: Sequence[Message], left: Sequence[int]) -> Iterator[Change]:
    """A trigger with a scope that has the missed customers in it: one restriction at a time, and none."""
    scope = trigger.only_for
    listens = trigger.signals or trigger.phrases or trigger.patterns or trigger.frustration_above is not None
    if scope.categories:
        more = sorted({one for row in left if (one := missed[row].category_id)} - set(scope.categories))
        for category in more:
            wider = scope.model_dump(mode="json") | {"categories": [*scope.categories, category]}
            if (new := changed(trigger, only_for=wider)) is not None:
                yield Change(new, f"The trigger {trigger.id} holds for {category}, too.")
    for field in ("categories", "languages", "pages", "context", "tenure"):
        if getattr(scope, field) and listens:
            kept = {name: value for name, value in scope.model_dump(mode="json").items() if name != field}
            if (new := changed(trigger, only_for=kept)) is not None:
                yield Change(new, f"The trigger {trigger.id} no longer asks for {field}.")
    if listens and (new := changed(trigger, only_for=Scope().model_dump(mode="json"))) is not None:
        yield Change(new, f"The trigger {trigger.id} holds for everybody.")


def with_signals(
    now: dict[str, Trigger], missed: Sequence[Message], left: Sequence[int], ground: Ground
) -> Iterator[Change]:
    """A trigger of its own for a signal that missed messages hold, or one that listens to it beside what it does."""
    held = Counter(signal for row in left for signal in missed[row].readings[0].signals)
    for signal, count in held.items():
        if signal not in get_args(Signal) or count < 2:
            continue
        name = signal if signal not in now else f"{signal}_told"
        reason = f"The customer {SIGNALS[signal]}."
        yield Change(
            Trigger.model_validate({"id": name, "reason": reason, "signals": [signal]}),
            f"{count} of these customers' messages say it plainly: the customer {SIGNALS[signal]}. No trigger listened to that.",
        )
