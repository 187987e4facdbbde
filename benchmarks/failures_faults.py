"""Faults drawn by chance: what is broken in a world, out of what would do harm there.

Belongs here: drawing. Does not belong here: planting (``assets.retrain_agent.planted_faults``). Whatever finds failures
never sees this.

What is drawn from is what the known release gets right: a fault about an entry that nobody asks for breaks nothing. One
fault of each kind a world, and two more of any kind, each about categories of its own, so that most failures have one
cause.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from assets.build_knowledge.variants import variant_groups
from assets.configure_behavior.decisions.decision import Decision
from assets.configure_behavior.triggers.find_triggers import find_triggers
from assets.retrain_agent.planted_faults.fault import (
    AgeEntry,
    BreakTrigger,
    Fault,
    MergeConditions,
    RemoveEntry,
    SwapLabels,
)
from assets.retrain_agent.planted_faults.known_tickets import asked_of
from assets.retrain_agent.planted_faults.plant import Planter, require_plantable, swapped_labels, with_trigger
from assets.retrain_agent.planted_faults.planted_failures import KnownWorld
from desk.behavior import BehaviorFile, Trigger

EXTRA = 2
LEAST = 6
"""Tickets that a fault has to be about."""
LEAST_HANDED_OVER = 3
"""The same for a trigger: fewer go to a person."""
BROAD_SHARE = 0.5
"""How often a broken trigger is one that fires for too many."""
MOST_BROAD = 40
"""Tickets that a word may stand in for a trigger to listen to it by mistake."""
SHARES = (0.5, 0.6, 0.7)
_NUMBER = re.compile(r"(?<![\w.,-])\d{1,4}(?![\w.,-]|\.\d)")
_PATH = re.compile(r"[A-Z][a-z]+(?: & [a-z]+)? > [A-Z][a-z]+(?: & [a-z]+)?")
_VERDICTS = (("cannot", "can"), ("can't", "can"), ("isn't", "is"), ("aren't", "are"), ("can", "cannot"))
_PLACES = ("Preferences", "Account", "Tools", "Advanced", "Options", "Administration", "Workspace menu", "My profile")


class Draw:
    """What can be broken in one known world, and drawing from it."""

    def __init__(self, planter: Planter, world: KnownWorld) -> None:
        self.planter, self.world = planter, world
        self.behavior = planter.base.behavior
        self.live = planter.material.live.set_index("entry_id", drop=False)
        self.category = self.live["category_id"].to_dict()
        rows = zip(world.known.to_dict("records"), world.decisions, world.is_right, strict=True)
        self.right = [(ticket, decision) for ticket, decision, is_right in rows if is_right]
        self.said = Counter(decision.entries[0].entry_id for _, decision in self.right if decision.action != "escalate")
        self.fired = self._fired()

    def faults(self, seed: int) -> tuple[Fault, ...]:
        """The faults of one world, the same for the same seed."""
        rng = random.Random(f"faults/{seed}")
        kinds: list[Callable[[random.Random], Iterator[Fault]]] = [
            self._removed, self._swapped, self._merged, self._aged, self._broken,
        ]  # fmt: skip
        drawn: list[Fault] = []
        for kind in [*kinds, *rng.choices(kinds, k=EXTRA)]:
            taken = frozenset().union(*(self._about(one) for one in drawn)) if drawn else frozenset()
            for fault in kind(rng):
                if not self._about(fault) & taken:
                    drawn.append(fault)
                    break
        require_plantable(drawn, self.planter.material, self.behavior)
        return tuple(drawn)

    def _about(self, fault: Fault) -> frozenset[str]:
        """What no other fault may be about: categories, or the trigger."""
        if isinstance(fault, SwapLabels):
            return frozenset(fault.categories)
        if isinstance(fault, BreakTrigger):
            return fault.touches
        names = fault.entries if isinstance(fault, MergeConditions) else [fault.entry]
        return frozenset(str(self.category[one]) for one in names)

    def _asked_for(self, rng: random.Random, least: int = LEAST) -> list[str]:
        names = sorted(name for name, count in self.said.items() if count >= least)
        return rng.sample(names, len(names))

    def _removed(self, rng: random.Random) -> Iterator[Fault]:
        for name in self._asked_for(rng):
            yield RemoveEntry(kind="remove_entry", entry=name)

    def _swapped(self, rng: random.Random) -> Iterator[Fault]:
        """Categories of like size, so that each takes from the other."""
        material = self.planter.material
        by_category: Counter[str] = Counter()
        for name, count in self.said.items():
            by_category[str(self.category[name])] += count
        names = sorted(name for name, count in by_category.items() if count >= 2 * LEAST)
        pairs = [(one, other) for one in names for other in names if one < other]
        for one, other in rng.sample(pairs, len(pairs)):
            fault = SwapLabels(
                kind="swap_labels", categories=[one, other], share=rng.choice(SHARES), seed=rng.randrange(10_000)
            )
            moved = Counter(swapped_labels(fault, material).values())
            if len(moved) == 2 and max(moved.values()) <= 3 * min(moved.values()):
                yield fault

    def _merged(self, rng: random.Random) -> Iterator[Fault]:
        groups = sorted({tuple(names) for names in variant_groups(self.planter.material.live).values()})
        for names in rng.sample(groups, len(groups)):
            kept = rng.choice(names)
            gone = [name for name in names if name != kept]
            if gone and sum(self.said[name] for name in gone) >= LEAST:
                yield MergeConditions(kind="merge_conditions", entries=[kept, *gone])

    def _aged(self, rng: random.Random) -> Iterator[Fault]:
        for name in self._asked_for(rng):
            if rng.random() < 0.25:
                yield AgeEntry(kind="age_entry", entry=name, overdue=True)
            elif was := aged_facts(str(self.live.loc[name, "answer"]), rng):
                yield AgeEntry(kind="age_entry", entry=name, was=was)

    def _broken(self, rng: random.Random) -> Iterator[Fault]:
        fewer = rng.sample([self._gone, self._narrowed], 2)
        for way in [self._broad, *fewer] if rng.random() < BROAD_SHARE else [*fewer, self._broad]:
            yield from way(rng)

    def _gone(self, rng: random.Random) -> Iterator[Fault]:
        for name in self._that_fire(rng):
            yield BreakTrigger(kind="break_trigger", trigger=name, how="removed")

    def _narrowed(self, rng: random.Random) -> Iterator[Fault]:
        """The trigger listens to half of what it did, or in one language only, and misses enough by it."""
        triggers = {one.id: one for one in self.behavior.triggers}
        for name in self._that_fire(rng):
            for change in narrower(triggers[name], rng):
                fault = BreakTrigger(kind="break_trigger", trigger=name, how="narrowed", change=change)
                if self._count_missed(fault) >= LEAST_HANDED_OVER:
                    yield fault
                    break

    def _broad(self, rng: random.Random) -> Iterator[Fault]:
        """A trigger listens to an everyday word beside its own."""
        words = self._everyday_words()
        triggers = {one.id: one for one in self.behavior.triggers}
        listening = sorted(name for name, one in triggers.items() if one.phrases and one.amount_above is None)
        for name in rng.sample(listening, len(listening)):
            phrases = [*triggers[name].phrases, rng.choice(words)]
            yield BreakTrigger(kind="break_trigger", trigger=name, how="too_broad", change={"phrases": phrases})

    def _that_fire(self, rng: random.Random) -> list[str]:
        names = sorted(name for name, tickets in self.fired.items() if len(tickets) >= LEAST_HANDED_OVER)
        return rng.sample(names, len(names))

    def _fired(self) -> dict[str, list[tuple[dict[str, Any], Decision]]]:
        """Tickets that one trigger alone hands over, by trigger."""
        found: dict[str, list[tuple[dict[str, Any], Decision]]] = {}
        for ticket, decision in self.right:
            names = {one.step.removeprefix("trigger:") for one in decision.reasons if one.step.startswith("trigger:")}
            category = self.planter.base.categories.get(decision.category_id or "")
            if len(names) == 1 and category is not None and category.bucket != "escalate":
                found.setdefault(names.pop(), []).append((ticket, decision))
        return found

    def _count_missed(self, fault: BreakTrigger) -> int:
        changed: BehaviorFile = with_trigger(self.behavior, fault)
        import pandas as pd

        mine = self.fired[fault.trigger]
        asked = asked_of(pd.DataFrame([ticket for ticket, _ in mine]))
        return sum(
            not find_triggers(
                one.text, [], changed, context=one.context, category_id=decision.category_id, language=decision.language
            )
            for one, (_, decision) in zip(asked, mine, strict=True)
        )

    def _everyday_words(self) -> list[str]:
        """Words that stand in some of the messages that nobody has to take over, and not in too many."""
        answered = [ticket["text"] for ticket, decision in self.right if decision.action != "escalate"]
        counts = Counter(word for text in answered for word in set(re.findall(r"[a-zäöüß]{5,}", text.casefold())))
        return sorted(word for word, count in counts.items() if 2 * LEAST <= count <= MOST_BROAD)


def aged_facts(answer: str, rng: random.Random) -> dict[str, str]:
    """One or two facts of an answer with what they were before: a number, a place, a yes or no."""
    facts: list[tuple[str, str]] = []
    numbers = sorted(set(_NUMBER.findall(answer)))
    for number in numbers:
        if re.search(rf"(?<!\w){number} ?%|(?:error|[Aa]) {number}|in {number}", answer):
            continue  # a percentage, an error's number or a year does not change with time
        values = [str(value) for value in (int(number) * 2, int(number) * 3, int(number) // 2) if value > 1]
        others = [value for value in values if value not in numbers]
        if answer.count(number) == 1 and int(number) > 1 and others:
            true = _within(answer, number, before=1, after=1)
            facts.append((true, true.replace(number, rng.choice(others))))
    for path in sorted({found.group() for found in _PATH.finditer(answer)}):
        menu = path.split(" > ")[0]
        others = [one for one in _PLACES if one not in answer]
        facts.append((path, f"{menu} > {rng.choice(others)}"))
    for yes, no in _VERDICTS:
        if len(re.findall(rf"(?<!\w){yes}(?!\w)", answer)) == 1:
            true = _within(answer, yes, before=2, after=1)
            facts.append((true, true.replace(yes, no)))
            break
    facts = [(true, old) for true, old in facts if answer.count(true) == 1 and true != old]
    rng.shuffle(facts)
    count = rng.choice((1, 2))
    chosen: dict[str, str] = {}
    for true, old in facts:
        if len(chosen) < count and not any(true in one or one in true for one in chosen):
            chosen[true] = old
    return chosen


def narrower(trigger: Trigger, rng: random.Random) -> Iterator[dict[str, Any]]:
    """Ways in which a trigger could fire for fewer."""
    listens = {name: list(getattr(trigger, name)) for name in ("signals", "phrases", "patterns")}
    full: Sequence[str] = [name for name, found in listens.items() if found]
    for name in rng.sample(list(full), len(full)):
        if len(full) > 1:
            yield {name: []}
    for name in full:
        if len(listens[name]) > 1:
            yield {name: sorted(rng.sample(listens[name], len(listens[name]) // 2), key=listens[name].index)}
    if trigger.only_for.is_everybody:
        yield {"only_for": {"languages": [rng.choice(["de", "es"])]}}
        yield {"only_for": {"context": {"plan": ["pro"]}}}


def _within(answer: str, word: str, before: int, after: int) -> str:
    """The word with those beside it, as they stand there: "for 60 minutes" says more of what is meant than "60"."""
    side = r"[^\s>,.;:()]+"
    found = re.search(rf"(?:{side} ){{0,{before}}}(?<!\w){re.escape(word)}(?!\w)(?: {side}){{0,{after}}}", answer)
    return found.group() if found else word
