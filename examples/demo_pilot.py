"""The pilot of the demo: weeks of simulated traffic, from the signed plan to the verdict.

Everything a real desk would do is done here by simulated people, customers and reviewers, who say so in the ledger: tickets
arrive as exports, the pipeline drafts, people tag and approve, the rollout begins, customers react. The clock is the
pilot's own.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from desk.loading import Desk, load_desk
from desk.pilot import PilotFile
from examples.simulated_answer_review import review_answers
from examples.simulated_pilot import write_pilot_arrivals, write_pilot_outcomes, write_pilot_replies
from examples.simulated_pilot_truth import weeks_after
from ledger.pilots import current_share
from orchestration.cli.pilot import pilot_in_words
from orchestration.cli.running import Outcome, run_stages
from orchestration.people.pages import write_pilot_page
from orchestration.pilot_planning import reckon, write_baselines
from orchestration.pilots import change_share, required_pilot, sign_pilot
from orchestration.resources import DeskResource

ROLE = "support lead"
SIMULATED = f"Simulated {ROLE}"
CLOCK = "UNDERSTUDY_AS_OF"
BASELINE_WEEKS = 12
DRAFTS = "draft_answers"
"""What is run while the pilot goes on: answers to review. It is counted and judged once, at its end."""
EXPECTED_PER_WEEK = {"password_reset": 290, "invoice_copy": 255}
"""What the fictional company expects in the weeks of rollout, as its pilot.yaml says; history alone decides nothing."""


def run_pilot(desk: Desk, console: Console) -> Outcome:
    """Play the desk's pilot to its end; one that was played before is only brought up to date."""
    pilot = required_pilot(desk)
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        is_played = current_share(ledger, pilot.pilot_id) is not None
    outcome = _at_the_end(desk, pilot, console) if is_played else _play(desk, pilot, console)
    if outcome.succeeded:
        console.rule("the pilot's verdict", align="left")
        say(pilot_in_words(desk), console)
        say([f"The pilot to read: {write_pilot_page(desk, None)}"], console)
    return outcome


def _play(desk: Desk, pilot: PilotFile, console: Console) -> Outcome:
    shadow = range(pilot.shadow_weeks)
    rollout = range(pilot.shadow_weeks, pilot.shadow_weeks + pilot.rollout_weeks)
    console.rule(
        "pilot: what the expected volume can show; the plan is signed, and the shadow weeks are drafted", align="left"
    )
    write_baselines(desk, pilot, BASELINE_WEEKS)
    say(reckon(desk, required_pilot(desk), EXPECTED_PER_WEEK).plan.sentences, console)
    sign_pilot(desk, by=SIMULATED, role=ROLE, note="simulated", occurred_at=_midnight(pilot.start))
    write_pilot_arrivals(desk, shadow)
    outcome = run_stages(load_desk(desk.folder), DRAFTS, console)
    if not outcome.succeeded:
        return outcome
    say([str(review_answers(desk))], console)
    console.rule(f"pilot: the rollout, {pilot.rollout_share:.0%} of requesters", align="left")
    say(
        change_share(
            desk, pilot.rollout_share, by=SIMULATED, role=ROLE, reason="every answer of the shadow weeks is tagged",
            occurred_at=_midnight(pilot.rollout_start),
        ),
        console,
    )  # fmt: skip
    write_pilot_outcomes(desk, shadow, until=_midnight(pilot.rollout_start))
    write_pilot_arrivals(desk, rollout)
    outcome = run_stages(load_desk(desk.folder), DRAFTS, console)
    if not outcome.succeeded:
        return outcome
    asked = write_pilot_replies(desk, rollout)
    console.rule(
        f"pilot: what was sent, and what customers did; {asked} answer what the agent asked back", align="left"
    )
    write_pilot_outcomes(desk, rollout, questions_wait=True)
    say([str(review_answers(desk))], console)
    # On the last day of the rollout: what some tickets come to is not known yet.
    outcome = _run_at(desk, _midnight(pilot.rollout_start + dt.timedelta(weeks=pilot.rollout_weeks)), console, DRAFTS)
    if not outcome.succeeded:
        return outcome
    console.rule("pilot: those who came back, and the last reviews", align="left")
    write_pilot_outcomes(desk, range(pilot.shadow_weeks + pilot.rollout_weeks))
    say([str(review_answers(desk))], console)
    # The next week's tickets came meanwhile. Nobody has looked at their answers: they are what the console shows first.
    write_pilot_arrivals(desk, weeks_after(desk))
    return _at_the_end(desk, pilot, console)


def pilots_end(pilot: PilotFile) -> dt.datetime:
    """The moment when the last outcome is known."""
    # Who came in on the last day may return a week later, and that outcome takes a week to be known as well.
    after = dt.timedelta(weeks=pilot.rollout_weeks, days=2 * pilot.settle_days + 4)
    return _midnight(pilot.rollout_start + after)


@contextmanager
def clock_at(moment: dt.datetime) -> Iterator[None]:
    """The platform's clock, standing at a moment."""
    before = os.environ.get(CLOCK)
    os.environ[CLOCK] = moment.isoformat()
    try:
        yield
    finally:
        os.environ.pop(CLOCK) if before is None else os.environ.update({CLOCK: before})


def _at_the_end(desk: Desk, pilot: PilotFile, console: Console) -> Outcome:
    return _run_at(desk, pilots_end(pilot), console)


def _run_at(desk: Desk, moment: dt.datetime, console: Console, target: str = "pilot_agent") -> Outcome:
    with clock_at(moment):
        return run_stages(load_desk(desk.folder), target, console)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def say(lines: Iterable[str], console: Console) -> None:
    """Print sentences as they are: no markup, no wrapping."""
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def main() -> None:
    """Play the pilot of a desk that the demo left behind; exit code 0 only when every blocking check is green."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--desk", type=Path, default=Path("demo"))
    console = Console()
    outcome = run_pilot(load_desk(parser.parse_args().desk), console)
    say(outcome.problems, console)
    sys.exit(0 if outcome.succeeded else 1)


if __name__ == "__main__":
    main()
