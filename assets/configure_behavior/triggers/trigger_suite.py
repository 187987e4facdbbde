"""The trigger suite: every trigger's own examples, and whether it does with them what its author wanted.

Belongs here: running the examples a spec ships. Does not belong here: examples from past tickets (``mine_triggers``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assets.configure_behavior.triggers.find_triggers import read_conversation, weigh_trigger
from desk.behavior import BehaviorFile, Sample, Trigger


@dataclass(frozen=True)
class SuiteResult:
    """One example of one trigger. ``why`` is the sentence of the trigger's verdict."""

    trigger_id: str
    turns: tuple[str, ...]
    must_fire: bool
    fired: bool
    phrase: str
    why: str

    @property
    def passed(self) -> bool:
        """Whether it did what it must."""
        return self.fired == self.must_fire

    def __str__(self) -> str:
        shown = " / ".join(" ".join(turn.split()) for turn in self.turns)[:160]
        if self.must_fire:
            return f"trigger '{self.trigger_id}' must fire on “{shown}” and does not: {self.why}"
        return f"trigger '{self.trigger_id}' must not fire on “{shown}” and does: {self.why}"


def run_suite(behavior: BehaviorFile) -> list[SuiteResult]:
    """Every example of every trigger, each weighed by its trigger alone, in the order of the spec."""
    return [
        result
        for trigger in behavior.triggers
        for samples, must_fire in ((trigger.fires_on, True), (trigger.quiet_on, False))
        for result in _results(trigger, samples, must_fire)
    ]


def untried_triggers(behavior: BehaviorFile) -> list[str]:
    """A sentence for each trigger that ships no example of one kind: nobody can know that it works."""
    sentences = []
    for trigger in behavior.triggers:
        missing = [name for name in ("fires_on", "quiet_on") if not getattr(trigger, name)]
        if missing:
            sentences.append(
                f"trigger '{trigger.id}' has no example under {' and '.join(missing)}; add a message or two that it "
                f"must {'and must not ' if len(missing) == 2 else 'not ' if missing == ['quiet_on'] else ''}fire on"
            )
    return sentences


def _results(trigger: Trigger, samples: Sequence[Sample], must_fire: bool) -> list[SuiteResult]:
    found = []
    for sample in samples:
        readings = read_conversation(sample.turns[-1], sample.turns[:-1])
        verdict = weigh_trigger(
            trigger, readings, context=sample.context, category_id=sample.category, language=sample.language
        )
        phrase = verdict.hit.phrase if verdict.hit else ""
        found.append(
            SuiteResult(trigger.id, tuple(sample.turns), must_fire, verdict.hit is not None, phrase, verdict.why)
        )
    return found
