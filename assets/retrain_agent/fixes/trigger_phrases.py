"""Phrases for a trigger: what missed messages say and others do not, and which trigger they belong to.

Belongs here: choosing phrases and their trigger. Does not belong here: counting word sequences (``telling_phrases``), other
changes of triggers (``trigger_candidates``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.configure_behavior.triggers.mine_triggers import MIN_SIMILARITY
from assets.configure_behavior.triggers.own_phrases import bounded, shown_and_folded
from assets.retrain_agent.fixes.fix import quoted
from assets.retrain_agent.fixes.telling_phrases import telling_phrases
from assets.retrain_agent.fixes.training_ground import PatternGround
from assets.retrain_agent.fixes.trigger_candidates import WRONG_COSTS, Change
from assets.retrain_agent.fixes.trigger_messages import Message, broken_samples, changed, fires
from desk.behavior import Trigger

MAX_PHRASES = 12
PAST_COUNTS, LEAST_GAIN = 0.25, 1.5
"""What a past message weighs beside a missed one, and what a phrase must be worth."""
OF_ONE_WORD, LEAST_HEARD = 0.6, 2
SHARED_CATEGORY, MOST_PAST = 0.5, 300
BROKEN_AND_NEAR = 0.25
"""Cosine to the examples of a trigger that fails them, from which it is taken for the one that should have fired."""


def with_phrases(
    now: dict[str, Trigger],
    found: PatternGround,
    missed: Sequence[Message],
    left: Sequence[int],
    right: Sequence[Message],
) -> Change | None:
    """Phrases that the rest of the missed messages hold, on the trigger that means nearly the same, or on a new one."""
    ground = found.ground
    texts = ground.material.texts
    rest = texts[~texts["ticket_id"].isin(set(found.tickets))]
    category = found.right_category
    outside = [one.folded for one in right]
    background = [
        [fold(str(text))]
        for ticket, text in zip(rest["ticket_id"].astype(str), rest["text"], strict=True)
        if isinstance(text, str) and ground.labels.get(ticket) != category
    ]
    home = _home(now, found, [missed[row] for row in left])
    # A broken trigger's own examples say what it was for, and past tickets of the same category how others put it: both
    # show which phrases will be said again, and neither alone makes one.
    own = [[fold(turns[-1])] for turns in broken_samples(home, ground.behavior)] if home is not None else []
    own += _past_messages(found, [missed[row] for row in left], {one.ticket_id for one in right})
    inside = [*(missed[row].folded for row in left), *own]
    usual = telling_phrases(inside, [*outside, *background], 2, max(1, len(background) // 300))
    chosen: list[str] = []
    caught: set[int] = set()
    wrongly: set[int] = set()
    while len(chosen) < MAX_PHRASES:
        best, worth = None, 0.0
        for phrase in usual:
            new = phrase.inside - caught
            heard = sum(row < len(left) for row in new)
            taken = {row for row in phrase.outside if row < len(outside)} - wrongly
            beyond = len(phrase.outside) - len(taken)
            # A single word says little out of its place, and one customer's turn of phrase is nobody else's.
            if heard < LEAST_HEARD:
                continue
            trust = 1.0 if " " in phrase.words else OF_ONE_WORD
            gain = heard + PAST_COUNTS * (len(new) - heard) - WRONG_COSTS * len(taken) - PAST_COUNTS * beyond
            if gain >= LEAST_GAIN and trust * gain > worth:
                best, worth = phrase, trust * gain
        if best is None:
            break
        chosen.append(best.words)
        caught |= best.inside
        wrongly |= {row for row in best.outside if row < len(outside)}
    if not chosen:
        return None
    shown = ", ".join(quoted(one) for one in chosen)
    if home is not None and (new_trigger := changed(home, phrases=[*home.phrases, *chosen])) is not None:
        said = f"The trigger {home.id} listens to {shown} as well."
    else:
        new_trigger = Trigger.model_validate(
            {
                "id": _free(f"{category or 'customer'}_to_a_person", now),
                "reason": f"A person decides this about {ground.name_of(category)}.",
                "phrases": chosen,
            }
        )
        said = f"A new trigger listens to {shown}. Say in its reason why a person takes over."
    really = frozenset(row for row in left if fires(new_trigger, missed[row]))
    old = now.get(new_trigger.id)
    costs = frozenset(
        row for row, one in enumerate(right) if fires(new_trigger, one) and not (old is not None and fires(old, one))
    )
    return Change(new_trigger, said, really, costs)


def _past_messages(found: PatternGround, missed: Sequence[Message], answered_well: Collection[str]) -> list[list[str]]:
    """Training messages of the category that most of these are about, folded; none where they share no category."""
    counts = Counter(one.category_id for one in missed if one.category_id)
    if not counts or counts.most_common(1)[0][1] < SHARED_CATEGORY * len(missed):
        return []
    category = counts.most_common(1)[0][0]
    ground = found.ground
    wanted = {one for one, name in ground.labels.items() if name == category} - set(found.tickets) - set(answered_well)
    texts = ground.material.texts
    kept = texts[texts["ticket_id"].isin(wanted)].sort_values("ticket_id").tail(MOST_PAST)
    return [[folded for _, folded in shown_and_folded(bounded(str(text)))] for text in kept["text"]]


def _home(now: dict[str, Trigger], found: PatternGround, messages: Sequence[Message]) -> Trigger | None:
    """The trigger that the pattern or its category names, else a broken one, else the one whose examples mean nearly what these messages do."""
    if (named := now.get(found.cell("trigger_id") or "")) is not None:
        return named
    categories = Counter(one.category_id for one in messages if one.category_id)
    if categories and (of_category := now.get(categories.most_common(1)[0][0])) is not None:
        return of_category
    broken = [one for one in now.values() if broken_samples(one, found.ground.behavior)]
    listening = broken or [one for one in now.values() if (one.signals or one.phrases or one.patterns) and one.fires_on]
    if not listening:
        return None
    vectors = found.ground.vectors([one.text for one in messages])
    near = [
        float(np.median((vectors @ found.ground.vectors([s.turns[-1] for s in one.fires_on]).T).max(axis=1)))
        for one in listening
    ]
    best = int(np.argmax(near))
    least = BROKEN_AND_NEAR if broken else MIN_SIMILARITY
    return listening[best] if near[best] >= least else None


def _free(wanted: str, taken: dict[str, Trigger]) -> str:
    return (
        wanted
        if wanted not in taken
        else next(f"{wanted}_{n}" for n in range(2, 1_000) if f"{wanted}_{n}" not in taken)
    )
