"""Which failures come of which planted fault: right under the known release, wrong with the faults, mended without one.

Belongs here: replaying and attributing. Does not belong here: what a reviewer says of the decisions
(``simulated_reviews``), whether detectors find them (``try_detectors``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from assets.configure_behavior.decisions.decision import Decision
from assets.retrain_agent.planted_faults.fault import AgeEntry, Fault
from assets.retrain_agent.planted_faults.known_tickets import Truth, asked_of, is_right, truths_of
from assets.retrain_agent.planted_faults.known_wording import decide_known
from assets.retrain_agent.planted_faults.plant import Planted, Planter
from assets.retrain_agent.planted_faults.right_answers import RightAnswers

EARLY = 0.3
"""Share of the tickets' time after which a fault begins that names no day: before it there are right answers, and after
it enough wrong ones."""
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class KnownWorld:
    """Tickets whose truth is known (``known_tickets.KNOWN``, ``should_escalate`` filled in), decided by the known release."""

    known: pd.DataFrame
    decisions: list[Decision]
    is_right: list[bool]


@dataclass(frozen=True)
class BrokenWorld:
    """The same tickets with faults planted.

    decisions: with all faults, by ticket in the order of ``known``; is_right: of them; cause: number of the one fault whose
    removal alone mends a ticket that was right, None otherwise; is_ambiguous: it was right, is wrong, and no fault alone or
    more than one mends it; before: what was decided of a ticket with a cause before that fault was there.
    """

    faults: tuple[Fault, ...]
    moments: tuple[pd.Timestamp, ...]
    planted: Planted
    answers: RightAnswers
    decisions: list[Decision]
    is_right: list[bool]
    cause: list[int | None]
    is_ambiguous: list[bool]
    before: dict[int, Decision]

    def is_failure(self, place: int, created_at: pd.Timestamp) -> bool:
        """Whether the ticket at this place is a planted failure: its cause was there when it was asked."""
        cause = self.cause[place]
        return cause is not None and created_at >= self.moments[cause]


def know_world(planter: Planter, known: pd.DataFrame, decisions: list[Decision], intact: Planted) -> KnownWorld:
    """The tickets as the known release decides them; ``known`` has its gaps filled (``known_tickets.agreed_with``)."""
    answers = RightAnswers({name: one.answer for name, one in intact.release.entries.items()})
    right = [is_right(*pair, intact.release, answers) for pair in zip(decisions, truths_of(known), strict=True)]
    return KnownWorld(known, decisions, right)


def moments_of(faults: Sequence[Fault], known: pd.DataFrame) -> tuple[pd.Timestamp, ...]:
    """From when each fault is there: its own day, else early in the tickets' time."""
    early = pd.Timestamp(known["created_at"].quantile(EARLY)) if len(known) else pd.Timestamp(0, tz="UTC")  # type: ignore[arg-type]
    return tuple(early if one.since is None else pd.Timestamp(one.since, tz="UTC") for one in faults)


def break_world(
    planter: Planter, world: KnownWorld, faults: Sequence[Fault], on_progress: Progress | None = None
) -> BrokenWorld:
    """Plant the faults, decide every ticket anew, and tell which fault each failure comes from.

    Raises:
        FaultError: a fault cannot be planted here.
    """
    tell = on_progress or (lambda label, done, total: None)
    moments = moments_of(faults, world.known)
    planted = planter.plant(faults, moments)
    answers = right_answers(planter, faults)
    truths, asked = truths_of(world.known), asked_of(world.known)

    def judged(one: Planted, places: Sequence[int], label: str) -> tuple[list[Decision], list[bool]]:
        made = decide_known([asked[at] for at in places], one.release, lambda done, total: tell(label, done, total))
        right = [is_right(made[n], truths[at], one.release, answers) for n, at in enumerate(places)]
        return made, right

    decisions, right = judged(planted, range(len(asked)), "deciding with the faults")
    broken = [at for at in range(len(asked)) if world.is_right[at] and not right[at]]
    mended_by: dict[int, list[int]] = {at: [] for at in broken}
    without: dict[tuple[int, int], Decision] = {}
    for number in range(len(faults)):
        others = [*faults[:number], *faults[number + 1 :]]
        other_moments = [*moments[:number], *moments[number + 1 :]]
        made, again = judged(planter.plant(others, other_moments), broken, f"deciding without {faults[number].name}")
        for at, decision, is_mended in zip(broken, made, again, strict=True):
            if is_mended:
                mended_by[at].append(number)
                without[at, number] = decision
    sole = {at: found[0] for at, found in mended_by.items() if len(found) == 1}
    return BrokenWorld(
        faults=tuple(faults),
        moments=moments,
        planted=planted,
        answers=answers,
        decisions=decisions,
        is_right=right,
        cause=[sole.get(at) for at in range(len(asked))],
        is_ambiguous=[at in mended_by and at not in sole for at in range(len(asked))],
        before={at: without[at, number] for at, number in sole.items()},
    )


def right_answers(planter: Planter, faults: Sequence[Fault]) -> RightAnswers:
    """The known release's answers as truth, with what aged entries say instead."""
    from assets.retrain_agent.planted_faults.plant import aged_text

    answers = {
        name: str(text)
        for name, text in zip(planter.material.live["entry_id"], planter.material.live["answer"], strict=True)
    }
    aged = {
        one.entry: aged_text(answers[one.entry], one)
        for one in faults
        if isinstance(one, AgeEntry) and one.was and one.entry in answers
    }
    return RightAnswers(answers, aged)


def truth_at(world: KnownWorld, place: int) -> Truth:
    """What is known of one ticket."""
    return truths_of(world.known.iloc[[place]])[0]
