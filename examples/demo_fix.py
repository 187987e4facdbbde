"""The end of the demo: a planted failure is found, mended by a micro-update, and the mending is measured.

What was planted: from 23 June 2026 on the fictional company keeps its bills in a payments portal, and the agent goes on
sending people to the old page. A simulated knowledge owner accepts the fix for exactly this; every other fix waits for
whoever looks at the console.
"""

from __future__ import annotations

import datetime as dt

from rich.console import Console
from rich.table import Table

from assets.retrain_agent.fixes.proposal import Proposal
from desk.loading import Desk, load_desk
from examples.brindlebase.source.pilot import NEW_TRUTH
from examples.demo_pilot import clock_at, pilots_end
from examples.simulated_review import BY, OWNER, ROLE, carries
from orchestration.cli.running import Outcome, run_stages
from orchestration.cli.running_periods import run_effects, run_period
from orchestration.lake import Lake
from orchestration.people import fix_desk
from orchestration.people.knowledge_desk import Reviewer, ledger_of
from orchestration.pilots import required_pilot

SHOWN_PATTERNS = 6


def find_and_accept(desk: Desk, console: Console) -> Outcome:
    """Type failures, group them, draw up fixes; accept the one for what was planted, and build the week's release."""
    console.rule("failures: why did it fail, and what would mend it?", align="left")
    end = pilots_end(required_pilot(desk))
    with clock_at(end):
        outcome = run_stages(desk, "retrain_agent", console)
        if not outcome.succeeded:
            return outcome
        show_patterns(desk, console)
        if not accept_planted_fix(desk, end, console):
            return outcome
        console.rule("micro-update: what was accepted, in a release of its own", align="left")
        outcome = run_period(load_desk(desk.folder), "weekly", None, console)
    for line in outcome.said:
        _say(line, console)
    return outcome


def show_effects(desk: Desk, console: Console) -> Outcome:
    """Once the release is current: what the change did."""
    outcome = run_effects(load_desk(desk.folder), console)
    for sentence in outcome.said:
        _say(sentence, console)
    return outcome


def show_patterns(desk: Desk, console: Console) -> None:
    """The patterns that cost most."""
    patterns = Lake(desk.home).read("failure_patterns")
    still_open = patterns[patterns["status"] == "open"]
    worst = still_open.assign(weight=still_open["tickets_per_month"] * still_open["harm"])
    worst = worst.sort_values("weight", ascending=False).head(SHOWN_PATTERNS)
    table = Table("pattern", "failures", "a month", "trend", box=None)
    for row in worst.itertuples():
        table.add_row(str(row.name), str(row.count_failures), f"{row.tickets_per_month:.0f}", str(row.trend))
    console.print(table)
    _say(f"{len(still_open)} patterns in all; each has a fix in the console, to accept or reject.", console)


def accept_planted_fix(desk: Desk, at: dt.datetime, console: Console) -> list[str]:
    """Accept, as a simulated knowledge owner, every open fix that says what is true since the plant; returns change ids."""
    from ledger.fixes import fix_decisions

    with ledger_of(desk) as ledger:
        decided = fix_decisions(ledger)
    before = decided.loc[decided["status"] == "accepted", "change_id"].tolist()
    queue = Lake(desk.home).read("fix_queue")
    changes = []
    for row in queue[queue["status"] == "open"].sort_values("rank").itertuples():
        entries = Proposal.from_json(str(row.proposal)).entries
        is_planted = str(row.category_id) == NEW_TRUTH["category"] and any(
            carries(one.answer, NEW_TRUTH) for one in entries
        )
        if not is_planted:
            continue
        change_id, said = fix_desk.accept(
            desk, str(row.fix_id), Reviewer(BY, ROLE, at, "simulated"), owner=OWNER, shown=str(row.fix_id)
        )  # fmt: skip
        changes.append(change_id)
        _say(f"{BY}: accepted “{row.title}” as {change_id}.", console)
        for line in said:
            _say(line, console)
    return changes or before


def _say(line: str, console: Console) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)
