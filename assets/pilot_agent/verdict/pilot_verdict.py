"""The verdict as people read it: a row a group, a row a condition, and the reasoning in words.

Belongs here: frames and sentences from what was judged. Does not belong here: judging (``judge_pilot``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.pilot_agent.verdict.clustered_rates import Tally, wilson
from assets.pilot_agent.verdict.conditions import Tested
from assets.pilot_agent.verdict.families import OVER_ALL, SMALL
from assets.pilot_agent.verdict.judge_pilot import judge
from assets.pilot_agent.verdict.judged import Decision, Judged
from assets.pilot_agent.verdict.looks import Look
from assets.pilot_agent.verdict.safety import SafetyStop
from desk.pilot import PilotFile
from desk.pilot_blocks import Target

WORDS = {
    "resolution_rate": "resolution",
    "csat": "CSAT",
    "missed_escalation_rate": "missed escalations",
    "false_resolution_rate": "false resolutions",
    "answer_quality": "correct answers",
    "answer_incorrect_rate": "incorrect answers",
}
VERDICT_WORDS = {
    "expand": "expand",
    "hold": "hold",
    "roll_back": "roll back",
    "keep_collecting": "keep collecting",
}
VERDICT_COLUMNS = (
    "group", "verdict", "is_final", "cause", "judged_as", "after_weeks", "count_answered", "reason", "would_decide",
)  # fmt: skip
CONDITION_COLUMNS = (
    "group", "judged_as", "metric", "kind", "against", "level", "is_tested", "ai_numerator", "ai_denominator", "ai_rate",
    "ai_low", "ai_high", "reference_numerator", "reference_denominator", "reference_rate", "reference_low",
    "reference_high", "difference", "low", "high", "bar", "p_value", "p_needed", "holds", "is_broken",
    "ai_design_effect", "needed_tickets", "sentence",
)  # fmt: skip


@dataclass(frozen=True)
class PilotVerdict:
    """What a pilot's verdict publishes.

    verdicts: ``VERDICT_COLUMNS`` [group], 'over all' first. conditions: ``CONDITION_COLUMNS`` [group x condition];
    differences are agent minus reference, ``bar`` is what the difference must stay on the right side of. looks: every
    registered look that was made, in order; stops: safety rules that were broken; both to be recorded. notes: what was set
    aside.
    """

    pilot_id: str
    as_of: pd.Timestamp
    weeks_passed: int
    weeks_settled: int
    verdicts: pd.DataFrame
    conditions: pd.DataFrame
    looks: tuple[Look, ...]
    stops: tuple[SafetyStop, ...]
    notes: tuple[str, ...]

    @property
    def sentences(self) -> list[str]:
        """The reasoning in words, over all first, then what was set aside."""
        rows = self.verdicts.itertuples()
        said = [f"{_title(str(row.group))}: {VERDICT_WORDS[str(row.verdict)]}. {row.reason}" for row in rows]
        return [*said, *self.notes]

    def verdict_of(self, group: str = OVER_ALL) -> str:
        """The verdict of a category, or over all."""
        return str(self.verdicts.set_index("group").at[group, "verdict"])


def judge_pilot(
    outcomes: pd.DataFrame,
    pilot: PilotFile,
    as_of: pd.Timestamp,
    looks: Sequence[Look] = (),
    categories: Sequence[str] = (),
    stops: Sequence[SafetyStop] = (),
) -> PilotVerdict:
    """Verdict of a pilot against what was registered; arguments and errors as in ``judge_pilot.judge``."""
    judged = judge(outcomes, pilot, as_of, looks, categories, stops)
    names = list(judged.decisions)
    decisions = [judged.decisions[name] for name in sorted(names, key=lambda name: (name != OVER_ALL, name))]
    conditions = [
        _condition_row(one, tested, pilot, is_gate=is_gate)
        for one in decisions
        for is_gate, found in ((False, one.tests), (True, one.gates))
        for tested in found
    ]
    frame = pd.DataFrame(conditions, columns=list(CONDITION_COLUMNS))
    verdicts = pd.DataFrame(
        [_verdict_row(one, judged, pilot, frame) for one in decisions], columns=list(VERDICT_COLUMNS)
    ).astype({"after_weeks": "Int64"})
    return PilotVerdict(
        pilot.pilot_id,
        as_of,
        judged.weeks_passed,
        judged.weeks_settled,
        verdicts,
        frame,
        judged.looks,
        judged.stops,
        judged.notes,
    )


def _condition_row(one: Decision, tested: Tested, pilot: PilotFile, *, is_gate: bool) -> tuple[Any, ...]:
    target, ai, reference = tested.target, tested.ai, tested.reference
    low, high = tested.interval()
    ai_low, ai_high = wilson(ai)
    second: tuple[Any, ...] = (None, None, target.limit, math.nan, math.nan)
    if reference is not None:
        second = (reference.numerator, reference.denominator, reference.rate, *wilson(reference))
    # Figures of a group that was not judged are shown without a test: a p-value there would be a look nobody registered.
    is_tested = one.week is not None and one.cause not in ("recorded", "safety", "nothing_left")
    needed_at = one.gate_alpha if is_gate else one.alpha
    alone_at = one.gate_alpha
    return (
        one.name, OVER_ALL if is_gate else one.judged_as, target.metric, target.kind, target.against,
        target.tested_at, is_tested, ai.numerator, ai.denominator, ai.rate, ai_low, ai_high, *second,
        tested.difference, low, high, _bar(target), tested.p_value if is_tested else math.nan,
        needed_at if is_tested else math.nan, bool(is_tested and tested.p_value <= needed_at),
        bool(is_tested and tested.harm_p_value <= needed_at), ai.design_effect,
        tested.needed(needed_at or pilot.alpha, pilot.power), _condition_sentence(tested, is_tested, needed_at, alone_at),
    )  # fmt: skip


def _condition_sentence(tested: Tested, is_tested: bool, needed_at: float, alone_at: float) -> str:
    target, ai, reference = tested.target, tested.ai, tested.reference
    name = WORDS[target.metric].capitalize() if target.metric != "csat" else "CSAT"
    if not ai.denominator or (reference is not None and not reference.denominator):
        return f"{name}: nothing measured {'in the agent arm' if not ai.denominator else 'to compare with'}."
    low, high = tested.interval()
    seen = f"{name} {_rate(ai)}"
    if reference is None:
        found = f"{seen}, where {target.limit:.1%} is the {'least' if target.higher_is_better else 'most'} allowed"
    else:
        other = "people" if target.against == "control" else "the baseline"
        found = (
            f"{seen} against {_rate(reference)} of {other}: {100 * tested.difference:+.1f} points "
            f"({100 * low:+.1f} to {100 * high:+.1f}), where {100 * _bar(target):+.1f} is the margin"
        )
    if not is_tested:
        return f"{found}."
    if tested.p_value <= needed_at:
        return f"{found}: shown to be good enough."
    if tested.harm_p_value <= needed_at:
        return f"{found}: shown to be worse than that."
    if tested.p_value <= alone_at:
        return f"{found}: shown by itself, but not with the caution that judging several categories needs."
    return f"{found}: not shown either way."


def _verdict_row(one: Decision, judged: Judged, pilot: PilotFile, conditions: pd.DataFrame) -> tuple[Any, ...]:
    weeks = judged.weeks_settled if one.week is None else one.week
    own = conditions[conditions["group"] == one.name]
    return (
        one.name, one.verdict, one.is_final, one.cause, one.judged_as, one.week, _answered(one, judged, weeks),
        _reason(one, judged, pilot, list(own["sentence"])), _would_decide(one, judged, pilot),
    )  # fmt: skip


def _reason(one: Decision, judged: Judged, pilot: PilotFile, sentences: list[str]) -> str:
    words = " ".join(sentences)
    with_others = (
        f"Judged together with {', '.join(name for name in one.members if name != one.name)}, too small alone. "
    )
    together = with_others if one.judged_as == SMALL else ""
    if one.cause == "safety" and one.stop is not None:
        stop = one.stop
        where = "" if stop.group == one.name else f"{_title(stop.group)} broke it: "
        return (
            f"{where}{'After' if not where else 'after'} {stop.week} {_plural(stop.week, 'week')} {WORDS[stop.rule.metric]} {_rate(stop.count)}, where "
            f"{stop.rule.limit:.1%} is allowed (p {_p(stop.p_value)}; {_p(stop.alpha)} was needed): the safety rule ends it."
        )
    if one.cause == "recorded":
        return f"Decided at the look after {one.week} weeks, as recorded."
    if one.cause == "sample":
        return f"Too little to judge: {'; '.join(one.lacking)}."
    if one.cause == "look":
        following = next((week for week in pilot.look_weeks if week > judged.weeks_settled), pilot.rollout_weeks)
        made = f" The look after {judged.look.week} decided nothing here." if judged.look is not None else ""
        lacking = f" So far: {'; '.join(one.lacking)}." if one.lacking else ""
        return (
            f"{judged.weeks_settled} {_plural(judged.weeks_settled, 'week')} of rollout {'has' if judged.weeks_settled == 1 else 'have'} "
            f"known outcomes; the next look is after {following}, as registered.{made}{lacking}"
        )
    led = {
        "shown": "Every condition is shown. ",
        "harm": "A condition is broken by more than its margin. ",
        "nothing_left": "Every category is rolled back. ",
        "harm_over_all": "The whole agent is rolled back. ",
        "gate": "A condition that must hold over all categories is not shown. ",
        "others_rolled_back": "Every condition is shown over all, but a category is rolled back: expand by category. ",
        "held_back": "Its group has shown every condition, but its own figures, shrunk towards the rest, fall short. ",
        "not_shown": "Not every condition is shown. ",
    }[one.cause]
    return f"{together}{led}{words}".strip()


def _would_decide(one: Decision, judged: Judged, pilot: PilotFile) -> str:
    """What sample would decide, for what is not decided for good."""
    if one.verdict not in ("hold", "keep_collecting"):
        return ""
    weeks = judged.weeks_settled if one.week is None else one.week
    if one.cause == "sample" and (until := _until_enough(one, judged, pilot, weeks)):
        return until
    parts: list[str] = []
    for tested, is_gate in [*((each, False) for each in one.tests), *((each, True) for each in one.gates)]:
        needed_at = one.gate_alpha if is_gate else one.alpha
        if one.week is not None and tested.p_value <= needed_at:
            continue
        name, needed = WORDS[tested.target.metric], tested.needed(needed_at or pilot.alpha, pilot.power)
        unit = "ratings" if tested.target.metric == "csat" else "tickets of the agent's arm"
        if math.isnan(needed):
            parts.append(f"{name}: nothing measured yet, so nothing to reckon with")
        elif math.isinf(needed):
            parts.append(
                f"{name}: what was seen lies beyond what is acceptable, and no sample is expected to change that"
            )
        else:
            pace = tested.ai.denominator / max(weeks, 1)
            took = math.ceil(needed / pace)
            parts.append(f"{name}: about {_round(needed):,} {unit}, {took:,} {_plural(took, 'week')} at this pace")
    if not parts:
        return ""
    return ("A pilot registered anew: " if one.is_final else "Expected to decide: ") + "; ".join(parts) + "."


def _until_enough(one: Decision, judged: Judged, pilot: PilotFile, weeks: int) -> str:
    """How long until enough is answered to be judged at all; empty where that is not what lacks. A handful of tickets says
    nothing on what sample would decide."""
    need = pilot.minimum_sample.answered if one.name == OVER_ALL else pilot.categories.min_answered
    have = _answered(one, judged, weeks)
    if have >= need:
        return ""
    if not have:
        return f"{need:,} answered tickets; none was answered yet, so there is no pace to reckon with."
    took = math.ceil(need / have * max(weeks, 1))
    return f"{need:,} answered tickets, to be judged at all: about {took:,} {_plural(took, 'week')} at this pace."


def _answered(one: Decision, judged: Judged, weeks: int) -> int:
    """Tickets the agent answered, of a category or over all."""
    data = judged.counter.data
    which = data.is_ai & data.is_involved & (judged.week_of < weeks)
    if one.name != OVER_ALL:
        which &= data.frame["category_id"].astype(str).to_numpy() == one.name
    return int(which.sum())


def _bar(target: Target) -> float:
    margin = float(target.margin or 0)
    return -margin if target.higher_is_better else margin


def _rate(count: Tally) -> str:
    low, high = wilson(count)
    return f"{count.rate:.1%} ({count.numerator:,} of {count.denominator:,}, {100 * low:.1f}–{100 * high:.1f} %)"


def _p(value: float) -> str:
    return f"{value:.2g}" if value >= 1e-4 else "below 0.0001"


def _round(number: float) -> int:
    """Two leading digits: a sample size is no more exact than that."""
    digits = max(0, len(str(int(number))) - 2)
    return math.ceil(number / 10**digits) * 10**digits


def _plural(count: int, word: str) -> str:
    return word if count == 1 else f"{word}s"


def _title(group: str) -> str:
    return "Over all" if group == OVER_ALL else group
