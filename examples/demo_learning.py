"""The last part of the demo: what keeps the agent from growing stale, and the month's report.

Nobody decides anything here: what drifted, what is to be audited, which signals came and what is proposed waits for whoever
looks at the console.
"""

from __future__ import annotations

from rich.console import Console

from desk.loading import Desk, load_desk
from examples.demo_pilot import clock_at, pilots_end, say
from orchestration.cli.running import Outcome, run_stages
from orchestration.cli.running_periods import MONTHLY, QUARTERLY, run_report_of
from orchestration.lake import Lake
from orchestration.learning_pages import write_learning_page
from orchestration.pilots import required_pilot

SHOWN = 4


def keep_learning(desk: Desk, console: Console) -> Outcome:
    """Materialise the last stage, draw up the quarter's audit and the month's report, and say what they found."""
    console.rule("learning: feedback, drift, signals, scope", align="left")
    with clock_at(pilots_end(required_pilot(desk))):
        outcome = run_stages(desk, "sustain_learning", console)
        for period in (QUARTERLY, MONTHLY):
            if outcome.succeeded:
                outcome.add(run_report_of(load_desk(desk.folder), period, console))
    if not outcome.succeeded:
        return outcome
    say(_findings(Lake(desk.home)), console)
    console.rule("the month, in a few sentences", align="left")
    say(outcome.said, console)
    say([f"The month to read: {write_learning_page(desk, None)}"], console)
    return outcome


def _findings(lake: Lake) -> list[str]:
    """A few sentences of each part, the ones that matter most."""
    drift = lake.read("knowledge_drift", ["is_drift", "p_adjusted", "sentence"])
    drifted = drift[drift["is_drift"].fillna(False)].sort_values("p_adjusted")
    signals = lake.read("support_signals", ["found_at", "sentence"]).sort_values("found_at", ascending=False)
    proposals = lake.read("scope_proposals", ["sentence"])
    return [
        *drifted["sentence"].head(SHOWN), *signals["sentence"].head(SHOWN), *proposals["sentence"].head(SHOWN),
    ]  # fmt: skip
