"""Expand, hold, roll back or keep collecting: the verdict of a pilot, over all and for every category.

Belongs here: the order in which rules are applied. Does not belong here: the rules themselves (``conditions``, ``looks``,
``families``, ``safety``) and sentences for people (``pilot_verdict``).

The order:

1. A broken safety rule rolls back, at any time.
2. Before the registered week, sample and knowledge of outcomes: keep collecting.
3. At a look, every condition must be shown for itself (intersection-union: no correction between conditions, because all
   must hold). Conditions over all categories are gates at the full chance of error, over the categories that are not
   rolled back: where one truly fails, every expansion is wrong, and it passes with that chance at most. What passes is
   corrected over categories and the whole agent by Holm.
4. Shown to be worse than its margin: roll back, and the whole agent too where what is left beside such categories is.
5. At the last look what is neither is held, with the sample that would decide. Before it: keep collecting.

A category too small for the last look goes on collecting, and is judged, once, in the first later week in which its sample
is there; its part of the chance of error has waited for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd

from assets.pilot_agent.verdict.comparable import comparable
from assets.pilot_agent.verdict.conditions import Tested, examine, harm_p_value
from assets.pilot_agent.verdict.families import OVER_ALL, Group, group_categories, holm, shares
from assets.pilot_agent.verdict.judged import Cause, Decision, Judged, Tests
from assets.pilot_agent.verdict.looks import Look, level
from assets.pilot_agent.verdict.metrics import Counter
from assets.pilot_agent.verdict.minimum_sample import count_answered, lacking
from assets.pilot_agent.verdict.outcomes import OutcomesError
from assets.pilot_agent.verdict.safety import SafetyStop, check_safety
from assets.pilot_agent.verdict.shrinkage import falls_short
from desk.pilot import PilotFile


def judge(
    outcomes: pd.DataFrame,
    pilot: PilotFile,
    as_of: pd.Timestamp,
    looks: Sequence[Look] = (),
    categories: Sequence[str] = (),
    stops: Sequence[SafetyStop] = (),
) -> Judged:
    """Judge a pilot as registered.

    Args:
        outcomes: one row a ticket of the rollout, as ``read_outcomes`` takes it; tickets before the rollout, out of scope
            or of unknown requesters are set aside and counted in ``notes``.
        pilot: the signed plan.
        as_of: up to when the data are known; with time zone.
        looks: looks that were recorded; what they decided stands. stops: safety stops that were recorded.
        categories: categories in scope where the plan names none; else those that occur.

    Raises:
        OutcomesError: the frame cannot be judged.
    """
    return _Judging(outcomes, pilot, as_of, looks, categories, stops).run()


class _Judging:
    """One run through the looks. What is decided is in ``decided``; ``refuted`` holds names whose claim was shown."""

    def __init__(
        self,
        frame: pd.DataFrame,
        pilot: PilotFile,
        as_of: pd.Timestamp,
        looks: Sequence[Look],
        categories: Sequence[str],
        stops: Sequence[SafetyStop],
    ) -> None:
        if as_of.tzinfo is None:
            raise OutcomesError("as_of has no time zone; give a UTC time")
        self.pilot = pilot
        self.recorded = {look.week: look for look in looks}
        self.stopped = {one.group: one for one in stops}
        start = pd.Timestamp(pilot.rollout_start, tz="UTC")
        self.data, self.week_of, self.notes = comparable(frame, pilot, categories)
        self.counter = Counter(self.data)
        named = pilot.categories.ids or list(categories)
        in_scope = sorted(named or set(self.data.frame["category_id"].astype(str)))
        codes = pd.Categorical(self.data.frame["category_id"], categories=in_scope).codes
        self.masks = {name: codes == place for place, name in enumerate(in_scope)}
        self.weights = shares(in_scope)
        day = pd.Timedelta(days=1)
        self.weeks_passed = max(0, int((as_of - start) / (7 * day)))
        self.weeks_settled = max(0, int((as_of - start - pilot.settle_days * day) / (7 * day)))
        self.decided: dict[str, Decision] = {}
        self.refuted: set[str] = set()
        self.final_gates: list[Tested] | None = None
        self.looks: list[Look] = []

    def run(self) -> Judged:
        pilot = self.pilot
        # A stop that was made stands, whatever later tags say.
        self.stops = check_safety(self.counter, self.week_of, self.masks, self.weeks_passed, pilot) | self.stopped
        weeks = pilot.look_weeks
        last = len(weeks) - 1
        later = range(weeks[-1] + 1, self.weeks_settled + 1)
        for number, week in [*enumerate(weeks), *((last, week) for week in later)]:
            if week > self.weeks_settled or self._is_done():
                break
            self._look(week, number, is_last=number == last)
        self.decided |= {name: self._waiting(name) for name in [OVER_ALL, *self.masks] if name not in self.decided}
        self._apply_stops()
        return Judged(
            self.decided, self.weeks_passed, self.weeks_settled, tuple(self.looks), self.notes, self.counter,
            self.week_of, tuple(self.stops.values()),
        )  # fmt: skip

    def _is_done(self) -> bool:
        return all(name in self.decided for name in [OVER_ALL, *self.masks])

    def _look(self, week: int, number: int, *, is_last: bool) -> None:
        pilot, seen = self.pilot, self.week_of < week
        recorded = self.recorded.get(week)
        if recorded is None and lacking(self.counter, seen, pilot):
            return
        overall_open = OVER_ALL not in self.decided
        at = partial(level, tuple(pilot.look_weeks), number)
        gates = self._gates(seen, week)
        groups = [group for group in self._open_groups(seen) if group.is_large_enough]
        tests = {group.name: self._category_tests(seen & self._mask(group), group.members) for group in groups}
        if overall_open:
            tests[OVER_ALL] = self._category_tests(seen, ())
        weights = {group.name: sum(self.weights.get(name, 0.0) for name in group.members) for group in groups}
        weights[OVER_ALL] = self.weights[OVER_ALL]
        if recorded is not None:
            self.final_gates = gates if is_last else self.final_gates
            self._apply_record(recorded, groups, tests, gates, week)
            return
        self._roll_back_harm(groups, tests, gates, weights, at, week, seen)
        gates = self._gates(seen, week)
        if is_last:
            self.final_gates = gates
        gates_hold = all(gate.p_value <= at(pilot.alpha) for gate in gates)
        p_values = {name: max(one.p_value for one in found) for name, found in tests.items() if weights[name] > 0}
        known = {*p_values, *self.refuted}
        covered = {member for group in groups for member in group.members}
        waiting = sum(share for name, share in self.weights.items() if name not in known and name not in covered)
        refuted, needed = holm(p_values, weights, waiting, pilot.alpha, at)
        refuted = refuted if gates_hold else set()
        self.refuted |= {member for group in groups if group.name in refuted for member in group.members}
        self.refuted |= refuted & {OVER_ALL}
        some_rolled_back = self._some_rolled_back(week)
        gate_alpha = at(pilot.alpha)
        for group in groups:
            short = self._held_back(group, seen) if group.name in refuted else set()
            for member in group.members:
                if member in self.decided:
                    continue
                self._conclude(
                    member, group.name in refuted and member not in short, gates_hold, is_last, week,
                    Decision(member, "hold", "held_back" if member in short else "not_shown", week, group.name,
                             group.members, tests[group.name], gates, needed.get(group.name, 0.0), gate_alpha),
                )  # fmt: skip
        if overall_open and OVER_ALL not in self.decided:
            whole = Decision(OVER_ALL, "hold", "not_shown", week, OVER_ALL, (), tests[OVER_ALL], gates)
            whole.alpha, whole.gate_alpha = needed.get(OVER_ALL, 0.0), gate_alpha
            if some_rolled_back and OVER_ALL in refuted:
                whole.cause = "others_rolled_back"
            self._conclude(OVER_ALL, OVER_ALL in refuted and not some_rolled_back, gates_hold, is_last, week, whole)
        if len(self.masks) == 1 and OVER_ALL in self.decided:
            (only,) = self.masks
            whole = self.decided[OVER_ALL]
            self.decided[only] = Decision(**{**whole.__dict__, "name": only, "judged_as": OVER_ALL})
        self.looks.append(Look(week, {name: one.verdict for name, one in self.decided.items()}))

    def _gates(self, seen: np.ndarray, week: int) -> list[Tested]:
        """Conditions over all categories, over those that may still be expanded: one bad category does not end the others."""
        if self.final_gates is not None:
            return self.final_gates
        left = [mask for name, mask in self.masks.items() if name not in self._gone(week)]
        part = seen & np.any(left, axis=0) if left and len(left) < len(self.masks) else seen
        return [
            examine(self.counter, one, part, (), self.pilot) for one in self.pilot.primary if one.tested_at == "overall"
        ]

    def _gone(self, week: int) -> set[str]:
        """Categories rolled back by a look or stopped by a safety rule."""
        gone = {name for name, one in self.decided.items() if one.verdict == "roll_back"}
        return gone | {name for name, stop in self.stops.items() if stop.week <= week}

    def _conclude(self, name: str, is_shown: bool, gates_hold: bool, is_last: bool, week: int, found: Decision) -> None:
        if is_shown:
            found.verdict, found.cause = "expand", "shown"
        elif not is_last:
            return
        elif not gates_hold and found.cause == "not_shown":
            found.cause = "gate"
        self.decided[name] = found

    def _roll_back_harm(
        self,
        groups: list[Group],
        tests: Tests,
        gates: list[Tested],
        weights: dict[str, float],
        at: Callable[[float], float],
        week: int,
        seen: np.ndarray,
    ) -> None:
        """Categories shown to be worse than their margin; then the whole agent, over what is left beside them."""
        alpha = self.pilot.alpha
        for group in groups:
            if weights[group.name] > 0 and harm_p_value(tests[group.name]) <= at(alpha * weights[group.name]):
                for member in group.members:
                    self.decided[member] = Decision(
                        member, "roll_back", "harm", week, group.name, group.members, tests[group.name], gates,
                        at(alpha * weights[group.name]), at(alpha),
                    )  # fmt: skip
        if OVER_ALL in self.decided:
            return
        left = [mask for name, mask in self.masks.items() if name not in self._gone(week)]
        found, over_gates = tests[OVER_ALL], gates
        if left and len(left) < len(self.masks):
            part = seen & np.any(left, axis=0)
            found = self._category_tests(part, ())
            over_gates = [examine(self.counter, one.target, part, (), self.pilot) for one in gates]
        needed = at(alpha * weights[OVER_ALL])
        if left and harm_p_value([*found, *over_gates]) > needed:
            return
        cause: Cause = "harm" if left else "nothing_left"
        whole = Decision(OVER_ALL, "roll_back", cause, week, OVER_ALL, (), found, over_gates, needed, needed)
        self.decided[OVER_ALL] = whole
        for name in self.masks:
            if name not in self.decided or self.decided[name].verdict != "roll_back":
                self.decided[name] = Decision(**{**whole.__dict__, "name": name, "cause": "harm_over_all"})

    def _apply_record(self, look: Look, groups: list[Group], tests: Tests, gates: list[Tested], week: int) -> None:
        group_of = {member: group for group in groups for member in group.members}
        for name, verdict in look.verdicts.items():
            if verdict == "keep_collecting" or name in self.decided or (name not in self.masks and name != OVER_ALL):
                continue
            judged_as = group_of[name].name if name in group_of else OVER_ALL
            found = Decision(name, "hold", "recorded", week, judged_as, (), tests.get(judged_as, []), gates)
            found.verdict = verdict
            self.decided[name] = found
            if verdict == "expand":
                self.refuted.add(name)
        self.looks.append(look)

    def _apply_stops(self) -> None:
        """A broken safety rule overrules everything; broken over all, it ends every category."""
        whole = self.stops.get(OVER_ALL)
        for name in [OVER_ALL, *self.masks]:
            before = self.decided[name]
            if stop := self.stops.get(name) or whole:
                self.decided[name] = Decision(
                    name, "roll_back", "safety", stop.week, stop.group, before.members, before.tests, before.gates,
                    stop=stop,
                )  # fmt: skip
        if self.masks and all(name in self.stops for name in self.masks) and whole is None:
            before = self.decided[OVER_ALL]
            last = max(self.stops[name].week for name in self.masks)
            self.decided[OVER_ALL] = Decision(
                OVER_ALL, "roll_back", "nothing_left", last, OVER_ALL, (), before.tests, before.gates
            )

    def _waiting(self, name: str) -> Decision:
        """What is known of a group nothing was decided about: figures of the weeks so far, without a test."""
        seen = self.week_of < self.weeks_settled
        which = seen if name == OVER_ALL else seen & self.masks[name]
        short = lacking(self.counter, seen, self.pilot)
        if not short and name != OVER_ALL and len(self.masks) > 1:
            need = self.pilot.categories.min_answered
            group = next(one for one in self._open_groups(seen) if name in one.members)
            if not group.is_large_enough:
                where = " in all small categories" if len(group.members) > 1 else ""
                have = count_answered(self.data, seen & self._mask(group))
                short = [f"{have:,} answered tickets{where}; {need:,} are needed"]
        cause: Cause = "sample" if short and self.weeks_settled >= self.pilot.look_weeks[0] else "look"
        return Decision(
            name, "keep_collecting", cause, None, name, () if name == OVER_ALL else (name,),
            self._category_tests(which, () if name == OVER_ALL else (name,)), [], lacking=short,
        )  # fmt: skip

    def _open_groups(self, seen: np.ndarray) -> list[Group]:
        """Groups of the categories that nothing was decided about; none where one category is the whole agent."""
        if len(self.masks) == 1:
            return []
        waiting = {name: mask for name, mask in self.masks.items() if name not in self.decided}
        answered = {name: count_answered(self.data, seen & mask) for name, mask in waiting.items()}
        return group_categories(answered, self.pilot.categories.min_answered)

    def _mask(self, group: Group) -> np.ndarray:
        return np.any([self.masks[name] for name in group.members], axis=0)

    def _category_tests(self, which: np.ndarray, members: Sequence[str]) -> list[Tested]:
        return [
            examine(self.counter, one, which, members, self.pilot)
            for one in self.pilot.primary
            if one.tested_at == "category"
        ]

    def _held_back(self, group: Group, seen: np.ndarray) -> set[str]:
        """Members of a pool that its success does not carry."""
        if self.pilot.categories.small != "shrink" or len(group.members) < 2:
            return set()
        return falls_short(self.counter, seen, self.masks, self.pilot) & set(group.members)

    def _some_rolled_back(self, week: int) -> bool:
        return any(one.verdict == "roll_back" for one in self.decided.values()) or any(
            stop.week <= week for stop in self.stops.values()
        )
