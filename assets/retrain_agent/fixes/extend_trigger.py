"""A missed escalation's fix: the trigger that should have fired, made to listen to what these customers said.

Belongs here: which change of which trigger catches most of them and least of what was answered well. Does not belong here:
running triggers (``trigger_messages``), phrases (``telling_phrases``), triggers that fire too often (``narrow_trigger``).

Tried in this order, a later one only for what earlier ones leave: a trigger is again as it was; a trigger that no longer does what its own examples ask
for gets back what it lost; a limit that keeps a trigger from firing goes; a signal is listened to; phrases are. Every
candidate is run, and judged by what it does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from assets.build_knowledge.drafts.proposal import count_phrase
from assets.retrain_agent.fixes.fix import Fix, listed, note, volume_sentence
from assets.retrain_agent.fixes.proposal import TRIGGER, Proposal
from assets.retrain_agent.fixes.training_ground import PatternGround
from assets.retrain_agent.fixes.trigger_candidates import Change, as_before, restored, unlimited, with_signals
from assets.retrain_agent.fixes.trigger_messages import (
    Message,
    as_behavior_has_it,
    changed,
    fires,
    keeps_its_promises,
    messages_of,
    samples_of,
)
from assets.retrain_agent.fixes.trigger_phrases import with_phrases
from desk.behavior import Trigger

LEAST_CAUGHT = 0.3
"""Share of the missed messages that a proposal must catch to be worth a signature."""
LEAST_MESSAGES = 2
"""Messages that a change must catch, unless it gives a trigger back what its own examples ask for."""


def extend_trigger(found: PatternGround) -> Fix:
    """The trigger as it would be; a note where nothing that customers wrote tells."""
    ground = found.ground
    behavior = ground.behavior
    missed = messages_of(found.mine)
    name = ground.name_of(found.right_category)
    if not missed:
        return _nothing(
            found, name, "All of these tickets are set aside to measure the agent, so that no words may be drawn."
        )
    right = _answered_well(found)
    before = {one.id: one for one in behavior.triggers}
    now: dict[str, Trigger] = dict(before)
    left = [row for row, one in enumerate(missed) if not any(fires(trigger, one) for trigger in now.values())]
    if not left:
        return _nothing(found, name, "The triggers of today fire on all of these messages: this is mended.")
    said: list[str] = []
    for candidates, least in (
        (as_before, 1),
        (restored, 1),
        (unlimited, LEAST_MESSAGES),
        (with_signals, LEAST_MESSAGES),
    ):
        while left:
            best = _best(candidates(now, missed, left, ground), missed, left, right, now, before, behavior)
            if best is None or len(best.caught) < least:
                break
            now[best.trigger.id] = best.trigger
            said.append(best.said)
            left = [row for row in left if row not in best.caught]
    if len(left) >= 2:
        phrased = with_phrases(now, found, missed, left, right)
        if phrased is not None and phrased.worth > 0 and _is_kept(phrased.trigger, before, behavior):
            now[phrased.trigger.id] = phrased.trigger
            said.append(phrased.said)
            left = [row for row in left if row not in phrased.caught]
    caught = [one for row, one in enumerate(missed) if row not in left]
    if not said or len(caught) < LEAST_CAUGHT * len(missed):
        return _nothing(found, name, _no_words(found, missed))
    triggers = [_with_samples(now[key], before.get(key), caught) for key in now if now[key] != before.get(key)]
    wrongly = [one for one in right if any(fires(trigger, one) for trigger in triggers)]
    shown = [one.id for one in triggers]
    return Fix(
        TRIGGER,
        Proposal(triggers=tuple(as_behavior_has_it(one) for one in triggers)),
        f"Hand over: {triggers[0].reason.rstrip('.')} (trigger {listed(shown)})",
        (
            volume_sentence(found.pattern),
            *said,
            f"On training messages it fires on {len(caught)} of the {len(missed)} that a person should have had, and on "
            f"{len(wrongly)} of {count_phrase(len(right), 'message', 'messages')} that the agent answered well.",
            "A change of triggers must be signed.",
        ),
        tuple(dict.fromkeys(one.ticket_id for one in caught)),
    )


def _answered_well(found: PatternGround) -> list[Message]:
    """Messages that were answered or drafted, and rightly: what no trigger should take away."""
    cases = found.ground.cases
    fine = ~cases["is_wrong"].fillna(True).astype(bool) & ~cases["should_escalate"].fillna(False).astype(bool)
    failing = set(found.tickets)
    kept = cases[fine & (cases["action"] != "escalate") & ~cases["ticket_id"].astype(str).isin(failing)]
    return messages_of(kept)


def _best(
    candidates: Iterator[Change],
    missed: Sequence[Message],
    left: Sequence[int],
    right: Sequence[Message],
    now: dict[str, Trigger],
    before: dict[str, Trigger],
    behavior: Any,
) -> Change | None:
    """The candidate that catches most of what is left, with what it would take away wrongly."""
    judged = []
    for one in candidates:
        caught = frozenset(row for row in left if fires(one.trigger, missed[row]))
        if not caught or not _is_kept(one.trigger, before, behavior):
            continue
        old = now.get(one.trigger.id)
        wrongly = frozenset(
            row
            for row, message in enumerate(right)
            if fires(one.trigger, message) and not (old and fires(old, message))
        )
        judged.append(replace(one, caught=caught, wrongly=wrongly))
    best = max(judged, key=lambda one: one.worth, default=None)
    return best if best is not None and best.worth > 0 else None


def _is_kept(trigger: Trigger, before: dict[str, Trigger], behavior: Any) -> bool:
    return trigger.id not in before or keeps_its_promises(trigger, before[trigger.id], behavior)


def _with_samples(trigger: Trigger, before: Trigger | None, caught: Sequence[Message]) -> Trigger:
    new = [one for one in caught if fires(trigger, one) and not (before is not None and fires(before, one))]
    samples = samples_of(new, trigger, must_fire=True)
    there = [one.model_dump(mode="json", exclude_defaults=True) for one in trigger.fires_on]
    more = [one for one in samples if one not in there]
    return changed(trigger, fires_on=[*there, *more]) or trigger


def _no_words(found: PatternGround, missed: Sequence[Message]) -> str:
    categories = Counter(one.category_id for one in missed if one.category_id)
    if categories:
        category, count = categories.most_common(1)[0]
        if count >= 0.6 * len(missed):
            return (
                f"No words tell these messages from those that are answered well, but {count} of {len(missed)} are about "
                f"{found.ground.name_of(category)}: decide whether that category should always go to a person (categories.yaml)."
            )
    return "No words that these messages share tell them from those that are answered well. Read the examples together."


def _nothing(found: PatternGround, name: str, why: str) -> Fix:
    return note(f"Decide when a person must take over: {name}", volume_sentence(found.pattern), why)
