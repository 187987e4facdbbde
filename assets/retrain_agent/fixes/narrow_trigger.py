"""A needless handover's fix, where a trigger called a person: the trigger, made to leave such messages alone.

Belongs here: which change quiets most of the needless handovers without losing a needed one. Does not belong here: needless
handovers that no trigger caused (``needless_handovers``), running triggers (``trigger_messages``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assets.audit_tickets.roadmap.risk_patterns import SIGNALS
from assets.build_knowledge.drafts.proposal import count_phrase
from assets.configure_behavior.triggers.own_phrases import phrase_search
from assets.retrain_agent.fixes.fix import Fix, note, quoted, volume_sentence
from assets.retrain_agent.fixes.proposal import TRIGGER, Proposal
from assets.retrain_agent.fixes.telling_phrases import telling_phrases
from assets.retrain_agent.fixes.training_ground import PatternGround
from assets.retrain_agent.fixes.trigger_messages import (
    Message,
    as_behavior_has_it,
    changed,
    fires,
    keeps_its_promises,
    messages_of,
    samples_of,
)
from desk.behavior import Trigger

LOST_COSTS = 3.0
"""What one needed handover that would be lost weighs, beside one needless that is spared."""
LEAST_SPARED = 0.3
OF_A_CATEGORY = 0.5
"""What leaving a whole category alone weighs beside leaving out words: it hides what is wrong with the words."""
MAX_STEPS = 6


@dataclass(frozen=True)
class _Change:
    trigger: Trigger
    said: str
    quieted: frozenset[int] = frozenset()
    lost: int = 0
    trust: float = 1.0

    @property
    def worth(self) -> float:
        return self.trust * len(self.quieted) - LOST_COSTS * self.lost


def narrow_trigger(found: PatternGround) -> Fix:
    """The trigger as it would be; a note where it cannot be narrowed without losing what it is for."""
    ground = found.ground
    name = found.cell("trigger_id") or ""
    before = next((one for one in ground.behavior.triggers if one.id == name), None)
    if before is None:
        return note(
            f"The trigger {name} is no longer there",
            volume_sentence(found.pattern),
            "Nothing is to be done: it cannot fire.",
        )
    needless = [one for one in messages_of(found.mine) if fires(before, one)]
    if len(needless) == 1:
        return note(
            f"Watch the trigger {name}",
            volume_sentence(found.pattern),
            f"It called a person once for a training message that needed none: {quoted(needless[0].text, 160)}. One message is too "
            "little to narrow a trigger on.",
        )
    if not needless:
        why = (
            "All of these tickets are set aside to measure the agent, so that no words may be drawn."
            if not len(found.mine)
            else "It does not fire on their last message: what it heard stands earlier in the conversation, or was changed since."
        )
        return note(f"Look at the trigger {name}", volume_sentence(found.pattern), why)
    needed = _needed(found, before)
    now, said = before, []
    left = list(range(len(needless)))
    for _ in range(MAX_STEPS):
        best = _best(_candidates(now, needless, left, needed), now, needless, left, needed, found)
        if best is None:
            break
        now, left = best.trigger, [row for row in left if row not in best.quieted]
        said.append(best.said)
        if not left:
            break
    spared = [one for row, one in enumerate(needless) if row not in left]
    if now == before or len(spared) < LEAST_SPARED * len(needless):
        return note(
            f"Decide whether the trigger {name} asks for too much",
            volume_sentence(found.pattern),
            f"“{before.reason}” fires on {count_phrase(len(needless), 'training message', 'training messages')} that needed no "
            f"person, and no words tell them from the {len(needed)} that did. Read the examples together.",
        )
    there = [one.model_dump(mode="json", exclude_defaults=True) for one in now.quiet_on]
    samples = [one for one in samples_of(_telling(spared, before), None, must_fire=False) if one not in there]
    quiet = [one for one in samples if _stays_quiet(now, one, needless)]
    final = changed(now, quiet_on=[*there, *quiet]) or now
    lost = sum(not fires(final, one) for one in needed)
    return Fix(
        TRIGGER,
        Proposal(triggers=(as_behavior_has_it(final),)),
        f"Call a person less often: trigger {name}",
        (
            volume_sentence(found.pattern),
            *said,
            f"On training messages it then leaves alone {len(spared)} of {len(needless)} needless handovers"
            + (
                f" and keeps {len(needed) - lost} of {len(needed)} needed ones."
                if needed
                else "; none of the judged handovers by it was needed."
            ),
            "It still fires on all of its own examples. A change of triggers must be signed.",
        ),
        tuple(dict.fromkeys(one.ticket_id for one in spared)),
    )


def _needed(found: PatternGround, trigger: Trigger) -> list[Message]:
    """Messages that this trigger hands over, rightly, and that nothing else would: no other trigger, and not their category."""
    ground = found.ground
    cases = ground.cases
    fine = ~cases["is_wrong"].fillna(True).astype(bool) & (cases["action"] == "escalate")
    needed = fine | cases["should_escalate"].fillna(False).astype(bool)
    failing = set(found.tickets)
    kept = cases[needed & ~cases["ticket_id"].astype(str).isin(failing)]
    others = [one for one in ground.behavior.triggers if one.id != trigger.id]
    always = {name for name, row in ground.categories.items() if row["bucket"] == "escalate"}
    return [
        one
        for one in messages_of(kept)
        if fires(trigger, one) and one.category_id not in always and not any(fires(other, one) for other in others)
    ]


def _best(
    candidates: Iterator[_Change],
    now: Trigger,
    needless: Sequence[Message],
    left: Sequence[int],
    needed: Sequence[Message],
    found: PatternGround,
) -> _Change | None:
    best: _Change | None = None
    kept = [one for one in needed if fires(now, one)]
    for one in candidates:
        if not keeps_its_promises(one.trigger, now, found.ground.behavior):
            continue
        quieted = frozenset(row for row in left if not fires(one.trigger, needless[row]))
        lost = sum(not fires(one.trigger, message) for message in kept)
        judged = replace(one, quieted=quieted, lost=lost)
        if judged.worth > 0 and (best is None or judged.worth > best.worth):
            best = judged
    return best


def _candidates(
    now: Trigger, needless: Sequence[Message], left: Sequence[int], needed: Sequence[Message]
) -> Iterator[_Change]:
    """What it could listen to no longer, and what could explain a hit away."""
    for kind in ("phrases", "patterns", "signals"):
        values = getattr(now, kind)
        for one in values:
            new = changed(now, **{kind: [other for other in values if other != one]})
            if new is not None:
                what = f"whoever {SIGNALS[one]}" if kind == "signals" else quoted(one)
                yield _Change(new, f"It no longer listens to {what}.")
    inside = [_heard_in(now, needless[row]) for row in left]
    outside = [_heard_in(now, one) for one in needed]
    for phrase in telling_phrases(inside, outside, min(2, len(left)))[:20]:
        if any(phrase_search(one).search(phrase.words) for one in now.phrases):
            continue
        new = changed(now, unless=[*now.unless, phrase.words])
        if new is not None:
            yield _Change(new, f"It leaves out what is said with {quoted(phrase.words)}.")
    if not now.is_urgent:
        yield from _exceptions(now, needless, left)


def _exceptions(now: Trigger, needless: Sequence[Message], left: Sequence[int]) -> Iterator[_Change]:
    """Categories that it could leave alone altogether; never for what is urgent."""
    scope = now.except_for.model_dump(mode="json") if now.except_for is not None else {}
    if any(value for name, value in scope.items() if name != "categories"):
        return
    categories = sorted({one for row in left if (one := needless[row].category_id)})
    for category in categories:
        there = list(scope.get("categories", []))
        if category not in there and category not in now.only_for.categories:
            new = changed(now, except_for={"categories": [*there, category]})
            if new is not None:
                yield _Change(new, f"It leaves messages about {category} alone.", trust=OF_A_CATEGORY)


def _heard_in(trigger: Trigger, message: Message) -> list[str]:
    """The sentences in which the trigger hears something: an explanation counts in the same sentence only."""
    heard = [folded for shown, folded in message.readings[0].sentences if fires(trigger, message.alone(shown))]
    return heard or message.folded


def _telling(spared: Sequence[Message], before: Trigger) -> list[Message]:
    """The messages cut to the sentence on which it fired: that shows what it must leave alone."""
    parts = ((one, one.alone(shown.strip())) for one in spared for shown, _ in one.readings[0].sentences)
    return list({one.ticket_id: alone for one, alone in parts if fires(before, alone)}.values())


def _stays_quiet(trigger: Trigger, sample: dict[str, Any], needless: Sequence[Message]) -> bool:
    probe = replace(
        needless[0].alone(sample["turns"][-1]), context=sample.get("context", {}), category_id=sample.get("category")
    )
    return not fires(trigger, probe)
