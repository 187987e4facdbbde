"""``make demo``: the sample desk from exports to a pilot's verdict, a mended failure and the month's report, with simulated people
in the people's place.

Works on a copy of the desk, since reviews write into it. A second demo finds everything reviewed and only brings it up
to date.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from rich.console import Console

from desk.loading import Desk, load_desk
from examples.demo_account import demo_account, how_to_sign_in
from examples.demo_fix import find_and_accept, show_effects
from examples.demo_learning import keep_learning
from examples.demo_pilot import run_pilot
from examples.simulated_labels import name_calibration_tickets
from examples.simulated_review import Review, dismiss_false_findings, review_drafts, verify_right_articles
from orchestration.cli.decide import read_named
from orchestration.cli.deciding import show_decision
from orchestration.cli.releases import load_encoder
from orchestration.cli.running import Outcome, run_stages
from orchestration.cli.status import summarise
from orchestration.people.sign_offs import behavior_signatures, roadmap_signatures, sign_behavior, sign_roadmap
from orchestration.releases import activate, folder_of, sign_release
from orchestration.resources import DeskResource

SAMPLE = Path(__file__).parent / "brindlebase"
DESK_PARTS = ("desk.yaml", "categories.yaml", "behavior.yaml", "pilot.yaml", "releases.csv", "inbox", "help_center")
SIMULATED = "Simulated {role}"
MESSAGES: tuple[tuple[str, dict[str, object]], ...] = (
    ("How do I reset my password?", {"sso": False}),
    ("How do I reset my password?", {}),
    ("How do I cancel?", {"plan": "pro"}),
)
"""Fictional messages whose decisions the demo shows: with the fact that decides, without it, and one for a person."""


def copy_sample_desk(folder: Path) -> Path:
    """The sample desk at ``folder``, without answer key and sources; what is there already is left as it is."""
    if not (folder / "desk.yaml").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        for name in reversed(DESK_PARTS):  # desk.yaml last: it says that the copy is whole
            source = SAMPLE / name
            if source.is_dir():
                shutil.copytree(source, folder / name, dirs_exist_ok=True)
            else:
                shutil.copy2(source, folder / name)
    return folder


def sign(desk: Desk, console: Console) -> None:
    """Sign the roadmap in every role the desk lists, as simulated people."""
    for role in roadmap_signatures(desk).missing_roles:
        name = SIMULATED.format(role=role)
        for line in sign_roadmap(desk, by=name, role=role, note="simulated", accept_proposals=True)[-2:]:
            console.print(line, highlight=False, soft_wrap=True)
        desk = load_desk(desk.folder)


def build_and_review(folder: Path, console: Console) -> Outcome:
    """Materialise the stage, review what it found and drafted, and again, until what is reviewed is live."""
    console.rule("knowledge: what the audit of articles finds, and first drafts", align="left")
    run_stages(load_desk(folder), "build_knowledge", console)  # red at first: nothing is reviewed yet
    _tell(verify_right_articles(load_desk(folder)), console)
    console.rule("knowledge: drafts from what is verified", align="left")
    run_stages(load_desk(folder), "build_knowledge", console)
    _tell(review_drafts(load_desk(folder), write_missing=True), console)
    console.rule("knowledge: what was reviewed becomes live", align="left")
    outcome = run_stages(load_desk(folder), "build_knowledge", console)
    review = dismiss_false_findings(load_desk(folder))
    if review.dismissed_findings:
        _tell(review, console)
        console.rule("knowledge: without what was no fault", align="left")
        outcome = run_stages(load_desk(folder), "build_knowledge", console)
    return outcome


def sign_behavior_spec(desk: Desk, console: Console) -> None:
    """Sign behavior.yaml in every role the desk lists, as simulated people."""
    spec = DeskResource(folder=str(desk.folder)).behavior
    for role in behavior_signatures(desk, spec).missing_roles:
        _say(sign_behavior(desk, by=SIMULATED.format(role=role), role=role, note="simulated")[-2:], console)


def release_agent(desk: Desk, console: Console) -> None:
    """Sign the newest release in every role, and make it current where it is not yet."""
    resource = DeskResource(folder=str(desk.folder))
    newest = folder_of(desk, "latest").name
    for role in resource.signatures("release", newest).missing_roles:
        _say(sign_release(desk, newest, SIMULATED.format(role=role), role, "simulated"), console)
    if not is_current(desk, newest):
        role = desk.settings.signers["release"][0]
        _say(activate(desk, newest, load_encoder(desk), SIMULATED.format(role=role), role, "simulated"), console)


def is_current(desk: Desk, release_id: str) -> bool:
    """Whether this release is the one that decides."""
    from ledger.releases import current_release

    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        current = current_release(ledger)
    return current is not None and current.release_id == release_id


def show_decisions(desk: Desk, console: Console) -> None:
    """Three messages and what the release does with them: one answered, one asked back, one handed over."""
    from assets.configure_behavior.decisions.decide import decide

    release = read_named(desk, "current")
    for message, context in MESSAGES:
        known = ", ".join(f"{name} = {value}" for name, value in context.items()) or "nothing known"
        console.rule(f"“{message}” ({known})", align="left")
        show_decision(decide(message, [], context, release), console)


def main() -> None:
    """Run the demo; exit code 0 only when every blocking check is green at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--desk", type=Path, default=Path("demo"), help="where the copy of the sample desk lies")
    parser.add_argument("--skip-pilot", action="store_true", help="stop at the release")
    options = parser.parse_args()
    folder = copy_sample_desk(options.desk).absolute()
    console = Console()
    is_first = not any((folder / "knowledge").rglob("*.md"))
    outcome = run_stages(load_desk(folder), "audit_tickets" if is_first else "all", console)
    if is_first and outcome.succeeded:
        sign(load_desk(folder), console)
        outcome = build_and_review(folder, console)
        if outcome.succeeded:
            console.rule("behavior: thresholds with a bound, and a release", align="left")
            sign_behavior_spec(load_desk(folder), console)
            _say(name_calibration_tickets(load_desk(folder)), console)
            outcome = run_stages(load_desk(folder), "configure_behavior", console)
    _exit_on(outcome, console)
    release_agent(load_desk(folder), console)
    show_decisions(load_desk(folder), console)
    if not options.skip_pilot:
        outcome = run_pilot(load_desk(folder), console)
        _exit_on(outcome, console)
        outcome = find_and_accept(load_desk(folder), console)
        _exit_on(outcome, console)
        release_agent(load_desk(folder), console)
        console.rule("what the change did", align="left")
        outcome = show_effects(load_desk(folder), console)
        _exit_on(outcome, console)
        outcome = keep_learning(load_desk(folder), console)
        _exit_on(outcome, console)
    desk = load_desk(folder)
    summarise(desk, console)
    _say([how_to_sign_in(desk, demo_account(desk))], console)


def _exit_on(outcome: Outcome, console: Console) -> None:
    """Exit with what went wrong, if anything did."""
    if not outcome.succeeded:
        console.print("\n".join(outcome.problems), style="red", markup=False, soft_wrap=True)
        sys.exit(1)


def _say(lines: list[str], console: Console) -> None:
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True)


def _tell(review: Review, console: Console) -> None:
    console.print(str(review), style="italic", highlight=False, soft_wrap=True)


if __name__ == "__main__":
    main()
