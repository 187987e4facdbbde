"""The command ``understudy``: arguments in, words out. What the commands do lives in the modules they call."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.account import account
from orchestration.cli.behavior import app as behavior
from orchestration.cli.bench import app as bench
from orchestration.cli.calibration import calibration
from orchestration.cli.command import AsOfOption, DeskOption, console, desk_of, fail, say
from orchestration.cli.decide import decide
from orchestration.cli.fix import fix, insight
from orchestration.cli.knowledge import knowledge
from orchestration.cli.outbox import outbox
from orchestration.cli.pilot import pilot
from orchestration.cli.releases import explain, release
from orchestration.cli.review import review
from orchestration.cli.scope import scope
from orchestration.cli.serve import serve
from orchestration.cli.token import token

if TYPE_CHECKING:
    from desk.loading import Desk

app = typer.Typer(
    name="understudy",
    help="Train AI support agents the disciplined way, as one lineage graph.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


class Format(StrEnum):
    """How ``query`` prints."""

    table = "table"
    json = "json"
    csv = "csv"


@app.command(epilog="Example: `understudy init my-desk --inbox ~/exports/zendesk --help-center ~/exports/articles`")
def init(
    desk: Annotated[Path, typer.Argument(help="Folder to make; may exist, and nothing in it is overwritten.")],
    inbox: Annotated[Path | None, typer.Option(help="Folder with helpdesk exports; stays where it is.")] = None,
    help_center: Annotated[
        Path | None, typer.Option(help="Folder with help-center articles; stays where it is.")
    ] = None,
    company: Annotated[str | None, typer.Option(help="Name of the company as reports show it.")] = None,
) -> None:
    """Make a desk around the exports you have."""
    from orchestration.cli.scaffold import ScaffoldError, scaffold

    try:
        made = scaffold(desk, inbox, help_center, company)
    except ScaffoldError as error:
        raise fail(str(error)) from error
    for line in made:
        console.print(line, highlight=False, soft_wrap=True)


PERIODS = ("weekly", "monthly", "quarterly")
EFFECTS = "effects"


@app.command(epilog="Example: `understudy run audit_tickets --desk my-desk`")
def run(
    stage: Annotated[
        str,
        typer.Argument(
            help="A stage such as audit_tickets, or all; weekly for the micro-update, monthly to retrain and report, quarterly for the audit of knowledge, effects to measure what changes did."
        ),
    ] = "all",
    desk: DeskOption = None,
    as_of: AsOfOption = None,
    partition: Annotated[
        str | None,
        typer.Option(help="Of weekly: its Monday; of monthly and quarterly: the first day. Default: as of now."),
    ] = None,
) -> None:
    """Land new exports and materialise a stage, or all of them, with lineage and progress."""
    from orchestration.stages import RUNNABLE

    if stage not in (*RUNNABLE, "all", *PERIODS, EFFECTS):
        raise fail(
            f"no stage '{stage}'. There are: {', '.join(RUNNABLE)}, or all; and {', '.join(PERIODS)} and {EFFECTS}."
        )
    if partition is not None and stage not in PERIODS:
        raise fail(f"'{stage}' has no partitions; --partition goes with {' or '.join(PERIODS)}.")
    if as_of:
        os.environ["UNDERSTUDY_AS_OF"] = as_of
    with desk_of(desk) as loaded:
        from orchestration.cli.running import run_stages
        from orchestration.cli.running_periods import PeriodError, run_due, run_effects, run_period
        from orchestration.cli.status import summarise
        from orchestration.lake import NotMaterialised

        try:
            outcome = (
                run_period(loaded, stage, partition, console)
                if stage in PERIODS
                else run_effects(loaded, console)
                if stage == EFFECTS
                else run_stages(loaded, stage, console)
            )
            if stage == "all" and outcome.succeeded:
                outcome.add(run_due(loaded, console))
        except (PeriodError, NotMaterialised) as error:
            raise fail(str(error)) from error
        for warning in outcome.warnings:
            console.print("[yellow]note:[/] ", end="")
            console.print(warning, markup=False, highlight=False, soft_wrap=True)
        if not outcome.succeeded:
            raise fail("\n".join(outcome.problems))
        say(outcome.said)
        summarise(loaded, console)


@app.command(epilog="Example: `understudy status --desk my-desk`")
def status(desk: DeskOption = None) -> None:
    """What has been landed and materialised, which checks are red, and which sign-offs are missing."""
    with desk_of(desk) as loaded:
        from orchestration.cli.status import show_status

        show_status(loaded, console)


@app.command(
    epilog='Example: `understudy query "select bucket, count(*) from training_roadmap group by 1" --format csv`'
)
def query(
    sql: Annotated[str, typer.Argument(help="One SELECT; `show tables` lists what there is.")],
    output: Annotated[Format, typer.Option("--format", help="How to print the answer.")] = Format.table,
    include_private: Annotated[bool, typer.Option(help="Also offer the tables that hold personal data.")] = False,
    desk: DeskOption = None,
) -> None:
    """Answer SQL over every published asset and mart."""
    with desk_of(desk) as loaded:
        from orchestration.cli.query import QueryError, print_answer
        from orchestration.cli.query import query as answer
        from orchestration.lake import Lake

        try:
            table = answer(Lake(loaded.home), sql, include_private=include_private)
        except QueryError as error:
            raise fail(str(error)) from error
        print_answer(table, output.value, console, sys.stdout)


@app.command(epilog='Example: `understudy ask "How do I cancel?" --context plan=pro --context os=windows`')
def ask(
    question: Annotated[str, typer.Argument(help="What a customer asks.")],
    context: Annotated[
        list[str] | None, typer.Option(help="What is known of the customer, as field=value; may be repeated.")
    ] = None,
    k: Annotated[int, typer.Option("-k", help="How many entries to show.", min=1, max=50)] = 3,
    desk: DeskOption = None,
) -> None:
    """Show which live entry answers a question, for whom, on what sources, and why it was found."""
    with desk_of(desk) as loaded:
        from orchestration.cli.asking import AskError, answer, show_answer

        try:
            found = answer(loaded, question, context or [], k)
        except AskError as error:
            raise fail(str(error)) from error
        show_answer(found, console)


sign_off = typer.Typer(help="Record a person's decision about one exact content.", no_args_is_help=True)
report = typer.Typer(help="Pages that people read.", no_args_is_help=True)
categories = typer.Typer(help="Proposed categories: see them, write them into categories.yaml.", no_args_is_help=True)
ledger = typer.Typer(help="The record of decisions.", no_args_is_help=True)
app.add_typer(sign_off, name="sign-off")
app.add_typer(report, name="report")
app.add_typer(categories, name="categories")
app.add_typer(ledger, name="ledger")

app.command(epilog='Example: `understudy decide "How do I reset my password?" --context sso=true`')(decide)
app.command(epilog="Example: `understudy explain --ticket zendesk:1001`")(explain)
app.command(epilog="Example: `understudy serve --desk my-desk --port 8300`")(serve)

app.add_typer(knowledge, name="knowledge")
app.add_typer(behavior, name="behavior")
app.add_typer(calibration, name="calibration")
app.add_typer(release, name="release")
app.add_typer(pilot, name="pilot")
app.add_typer(review, name="review")
app.add_typer(outbox, name="outbox")
app.add_typer(fix, name="fix")
app.add_typer(insight, name="insight")
app.add_typer(scope, name="scope")
app.add_typer(account, name="account")
app.add_typer(token, name="token")
app.add_typer(bench, name="bench")


SignedBy = Annotated[str, typer.Option("--by", help="Who signs.")]
SignedAs = Annotated[str, typer.Option("--role", help="As which of the roles that must sign.")]
Note = Annotated[str, typer.Option(help="Anything worth remembering.")]


@contextmanager
def _signing(folder: Path | None) -> Iterator[Desk]:
    """The desk of which something is signed; a refusal ends the command."""
    from ledger.errors import LedgerError
    from orchestration.people.sign_offs import NothingToSign
    from orchestration.pilots import PilotError

    with desk_of(folder) as loaded:
        try:
            yield loaded
        except (NothingToSign, PilotError, LedgerError) as error:
            raise fail(str(error)) from error


@sign_off.command("roadmap", epilog='Example: `understudy sign-off roadmap --by "Ada Moreno" --role "support lead"`')
def sign_off_roadmap(
    by: SignedBy,
    role: SignedAs,
    note: Note = "",
    accept_proposals: Annotated[
        bool,
        typer.Option(help="First write the proposed bucket and tier of undecided categories into categories.yaml."),
    ] = False,
    desk: DeskOption = None,
) -> None:
    """Sign the roadmap's decisions: bucket, tier and owner of every category. A changed volume does not unsign them."""
    with _signing(desk) as loaded:
        from orchestration.people.sign_offs import sign_roadmap

        say(sign_roadmap(loaded, by=by, role=role, note=note, accept_proposals=accept_proposals))


@sign_off.command("behavior", epilog='Example: `understudy sign-off behavior --by "Ada Moreno" --role "support lead"`')
def sign_off_behavior(by: SignedBy, role: SignedAs, note: Note = "", desk: DeskOption = None) -> None:
    """Sign behavior.yaml as it stands: tone, triggers, confidence, pages and handoff. Any change unsigns it."""
    with _signing(desk) as loaded:
        from orchestration.people.sign_offs import sign_behavior

        say(sign_behavior(loaded, by=by, role=role, note=note))


@sign_off.command("pilot", epilog='Example: `understudy sign-off pilot --by "Ada Moreno" --role "support lead"`')
def sign_off_pilot(by: SignedBy, role: SignedAs, note: Note = "", desk: DeskOption = None) -> None:
    """Sign pilot.yaml as it stands: what is measured, against what, and for how long. Any change unsigns it."""
    with _signing(desk) as loaded:
        from orchestration.people.sign_offs import sign_pilot_plan

        say(sign_pilot_plan(loaded, by=by, role=role, note=note))


@report.command("behavior", epilog="Example: `understudy report behavior --output behavior.html`")
def report_behavior(
    output: Annotated[Path | None, typer.Option(help="Where to write the page; default: in the desk's home.")] = None,
    desk: DeskOption = None,
) -> None:
    """Write the behavior spec as one self-contained HTML page, for the people who approve it."""
    with desk_of(desk) as loaded:
        from orchestration.people.pages import write_behavior_page

        say([f"The behavior to read: {write_behavior_page(loaded, output)}"])


@report.command("learning", epilog="Example: `understudy report learning --month 2026-06`")
def report_learning(
    month: Annotated[
        str | None,
        typer.Option(help="The month, such as 2026-06; default: the last one reported, else the last that is over."),
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Where to write the page; default: in the desk's home.")] = None,
    desk: DeskOption = None,
) -> None:
    """Write what a month taught as one HTML page: what got better, what worse, and what to decide next."""
    with desk_of(desk) as loaded:
        from assets.retrain_agent.review_session.session_month import MonthError
        from orchestration.lake import NotMaterialised
        from orchestration.learning_pages import write_learning_page

        try:
            page = write_learning_page(loaded, month, output)
        except (MonthError, NotMaterialised, ValueError) as error:
            raise fail(str(error)) from error
        say([f"The month to read: {page}"])


@report.command("pilot", epilog="Example: `understudy report pilot --output pilot.html`")
def report_pilot(
    output: Annotated[Path | None, typer.Option(help="Where to write the page; default: in the desk's home.")] = None,
    desk: DeskOption = None,
) -> None:
    """Write the pilot as one self-contained HTML page: verdict, conditions, metrics, reviews, replay."""
    with desk_of(desk) as loaded:
        from orchestration.people.pages import write_pilot_page

        say([f"The pilot to read: {write_pilot_page(loaded, output)}"])


@report.command("review", epilog="Example: `understudy report review --month 2026-06`")
def report_review(
    month: Annotated[
        str | None,
        typer.Option(help="The month to look back on, such as 2026-06; default: the last one that is over."),
    ] = None,
    output: Annotated[Path | None, typer.Option(help="Where to write the page; default: in the desk's home.")] = None,
    desk: DeskOption = None,
) -> None:
    """Write the agenda of a month's review session as one HTML page: what went wrong, why, and what to decide."""
    with desk_of(desk) as loaded:
        from assets.retrain_agent.review_session.session_month import MonthError
        from orchestration.lake import NotMaterialised
        from orchestration.people.pages import write_session_page

        try:
            page = write_session_page(loaded, month, output)
        except (MonthError, NotMaterialised) as error:
            raise fail(str(error)) from error
        say([f"The session to hold: {page}"])


@report.command("roadmap", epilog="Example: `understudy report roadmap --output roadmap.html`")
def report_roadmap(
    output: Annotated[Path | None, typer.Option(help="Where to write the page; default: in the desk's home.")] = None,
    desk: DeskOption = None,
) -> None:
    """Write the roadmap as one self-contained HTML page."""
    with desk_of(desk) as loaded:
        from orchestration.lake import NotMaterialised
        from orchestration.people.pages import write_roadmap_page

        try:
            page = write_roadmap_page(loaded, output)
        except NotMaterialised as error:
            raise fail(str(error)) from error
        say([f"The roadmap to read: {page}"])


@categories.command("propose", epilog="Example: `understudy categories propose`")
def categories_propose(desk: DeskOption = None) -> None:
    """Write the proposed categories into categories.yaml, for a person to accept, merge, rename or drop."""
    with desk_of(desk) as loaded:
        from orchestration.lake import NotMaterialised
        from orchestration.people.category_file import propose_categories

        try:
            lines = propose_categories(loaded)
        except NotMaterialised as error:
            raise fail(str(error)) from error
        say(lines)


@ledger.command("verify", epilog="Example: `understudy ledger verify`")
def ledger_verify(desk: DeskOption = None) -> None:
    """Walk the hash chain and say whether anything was changed after the fact."""
    with desk_of(desk) as loaded:
        from orchestration.people.sign_offs import verify_ledger

        intact, sentence = verify_ledger(loaded)
        if not intact:
            raise fail(sentence)
        console.print(sentence, markup=False, highlight=False)


@app.command(epilog="Example: `understudy dev --desk my-desk` and open http://127.0.0.1:3000 and http://127.0.0.1:8300")
def dev(
    port: Annotated[int, typer.Option(help="Port of the lineage UI on this machine.")] = 3000,
    console_port: Annotated[
        int | None,
        typer.Option(help="Port of the console and the API; default: as desk.yaml says.", show_default=False),
    ] = None,
    desk: DeskOption = None,
) -> None:
    """Serve the lineage UI, the review console and the API, and run the daemon: schedules, sensors and automation."""
    with desk_of(desk) as loaded:
        from orchestration.instance import lineage_command, prepare_environment
        from orchestration.side_by_side import run_together

        prepare_environment(loaded)
        serving = [str(Path(sys.executable).parent / "understudy"), "serve", "--desk", str(loaded.folder)]
        serving += [] if console_port is None else ["--port", str(console_port)]
        say([f"Lineage UI: http://127.0.0.1:{port}. The console says below where it is. Ctrl-C ends both."])
        raise typer.Exit(run_together([lineage_command(port), serving], Path(__file__).parents[2]))


if __name__ == "__main__":
    app()
