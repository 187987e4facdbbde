"""``understudy release``: build, look at, compare, verify, sign, activate and take back agent releases.

Belongs here: arguments in, tables and sentences out. Does not belong here: building (``orchestration.release_building``),
what may be activated (``orchestration.releases``), one decision explained (``explaining``).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.command import DeskOption, console, desk_of, fail, say
from orchestration.cli.release_views import SHOWN, build_lines, release_rows, releases_table, show_release

if TYPE_CHECKING:
    from assets.audit_tickets.vectors.encoder import Encoder
    from desk.loading import Desk
    from orchestration.release_building import BuildReport

release = typer.Typer(
    help="Agent releases: everything that decides an answer, frozen under the hash of its recipe.", no_args_is_help=True
)


class Output(StrEnum):
    """How a command prints."""

    table = "table"
    json = "json"


ReleaseArgument = Annotated[
    str, typer.Argument(help="First digits of its id, or: current, latest (the last built).", metavar="RELEASE")
]
ByOption = Annotated[str, typer.Option(help="Who decides.")]
RoleOption = Annotated[str, typer.Option(help="As which of the roles that sign releases.")]
NoteOption = Annotated[str, typer.Option(help="Anything worth remembering.")]
FormatOption = Annotated[Output, typer.Option("--format", help="How to print.")]


@release.command("build", epilog="Example: `understudy release build`")
def build(
    unsigned: Annotated[
        bool,
        typer.Option(
            "--unsigned", help="Build it to measure it, whatever is missing; it cannot be activated as long as it is."
        ),
    ] = False,
    desk: DeskOption = None,
) -> None:
    """Freeze what lies in the lake into a release; the same inputs again find it there."""
    with _releases(desk) as loaded:
        say(build_lines(build_release(loaded, unsigned=unsigned, on_progress=_progress())))


@release.command("list", epilog="Example: `understudy release list`")
def list_releases(output: FormatOption = Output.table, desk: DeskOption = None) -> None:
    """The releases of the desk: data cut, size, signatures, and which one is current."""
    with _releases(desk) as loaded:
        rows = release_rows(loaded)
        if output is Output.json:
            print(json.dumps(rows, indent=2))
            return
        if not rows:
            say(["No release was built yet. Run: understudy release build"])
            return
        console.print(releases_table(rows))


@release.command("show", epilog="Example: `understudy release show latest`")
def show(name: ReleaseArgument, output: FormatOption = Output.table, desk: DeskOption = None) -> None:
    """What a release was built from, who signed it, and what keeps it from being activated."""
    with _releases(desk) as loaded:
        from assets.configure_behavior.releases.saved_release import read_release
        from orchestration.releases import activation_problems, folder_of
        from orchestration.resources import DeskResource

        saved = read_release(folder_of(loaded, name))
        with DeskResource(folder=str(loaded.folder)).ledger as ledger:
            problems = activation_problems(loaded, saved, ledger)
        if output is Output.json:
            print(json.dumps({"release_id": saved.release_id, "problems": problems, "recipe": saved.recipe}, indent=2))
            return
        show_release(saved, problems, console)


@release.command("diff", epilog="Example: `understudy release diff current latest`")
def diff(
    old: ReleaseArgument,
    new: Annotated[str, typer.Argument(help="The one to compare it with.", metavar="RELEASE")] = "latest",
    output: FormatOption = Output.table,
    desk: DeskOption = None,
) -> None:
    """What changed from one release to another, in words: answers, entries, thresholds, rules, categories, models."""
    with _releases(desk) as loaded:
        from assets.configure_behavior.releases.diff import diff_releases
        from assets.configure_behavior.releases.saved_release import read_release
        from orchestration.releases import folder_of

        one, other = (read_release(folder_of(loaded, name)) for name in (old, new))
        sentences = diff_releases(one, other)
        if output is Output.json:
            print(json.dumps({"old": one.release_id, "new": other.release_id, "changes": sentences}, indent=2))
            return
        say([f"{one.release_id[:SHOWN]} -> {other.release_id[:SHOWN]}"])
        say(f"  {sentence}" for sentence in sentences or ["nothing differs"])


@release.command("verify", epilog="Example: `understudy release verify current`")
def verify(name: ReleaseArgument, desk: DeskOption = None) -> None:
    """Compute every hash of a release again, and decide its regression set anew."""
    with _releases(desk) as loaded:
        from assets.configure_behavior.releases.verify import verify_release
        from orchestration.releases import folder_of

        folder = folder_of(loaded, name)
        found = verify_release(folder, load_encoder(loaded), on_progress=_progress())
        say(f"note: {note}" for note in found.notes)
        if not found.is_sound:
            raise fail("\n".join([f"release {folder.name[:SHOWN]} is not what it says:", *found.problems]))
        say(
            [
                f"Release {folder.name[:SHOWN]} is whole: every hash fits, {found.count_replayed} replayed decisions agree."
            ]
        )


@release.command("sign", epilog='Example: `understudy release sign latest --by "Ada Moreno" --role "support lead"`')
def sign(name: ReleaseArgument, by: ByOption, role: RoleOption, note: NoteOption = "", desk: DeskOption = None) -> None:
    """Sign a release: the hash of its recipe, and the files it consists of."""
    with _releases(desk) as loaded:
        from orchestration import releases

        say(releases.sign_release(loaded, name, by, role, note))


@release.command(
    "activate", epilog='Example: `understudy release activate latest --by "Ada Moreno" --role "support lead"`'
)
def activate(
    name: ReleaseArgument, by: ByOption, role: RoleOption, note: NoteOption = "", desk: DeskOption = None
) -> None:
    """Make a release current; refused while a signature is missing, a blocking check was red, or it does not verify."""
    with _releases(desk) as loaded:
        from orchestration import releases

        say(releases.activate(loaded, name, load_encoder(loaded), by, role, note))


@release.command("rollback", epilog='Example: `understudy release rollback --by "Ada Moreno" --role "support lead"`')
def rollback(by: ByOption, role: RoleOption, note: NoteOption = "", desk: DeskOption = None) -> None:
    """Make the last valid release before the current one current again, in one step."""
    with _releases(desk) as loaded:
        from orchestration import releases

        say(releases.roll_back(loaded, load_encoder(loaded), by, role, note))


def explain(
    ticket: Annotated[str, typer.Option(help="Id of a ticket, such as zendesk:1001.")],
    release_name: Annotated[
        str, typer.Option("--release", help="First digits of a release's id, or: current, latest.")
    ] = "current",
    output: FormatOption = Output.table,
    desk: DeskOption = None,
) -> None:
    """Replay one decision of a release exactly, and print the whole chain from source record to reply."""
    with _releases(desk) as loaded:
        from orchestration.cli.explaining import explain_ticket, show_chain

        chain = explain_ticket(loaded, ticket, release_name, load_encoder(loaded))
        if output is Output.json:
            print(json.dumps(chain.to_dict(), indent=2, default=str))
            return
        show_chain(chain, console)


def build_release(desk: Desk, *, unsigned: bool, on_progress: Callable[[int, int], None] | None = None) -> BuildReport:
    """Build the release of what lies in the desk's lake, with the checks of its instance as they stand.

    Raises:
        ReleaseError: something is missing; its text says what to do.
    """
    from orchestration.release_building import build_from_lake
    from orchestration.resources import DeskResource

    resource = DeskResource(folder=str(desk.folder))
    return build_from_lake(resource, load_encoder(desk), red_checks(desk), unsigned=unsigned, on_progress=on_progress)


def red_checks(desk: Desk) -> list[str]:
    """The blocking checks of the desk's instance that are red now."""
    import dagster as dg

    from orchestration.check_states import red_blocking_checks
    from orchestration.definitions import defs
    from orchestration.instance import prepare_environment

    prepare_environment(desk)
    with dg.DagsterInstance.get() as instance:
        return red_blocking_checks(instance, defs.resolve_asset_graph())


def load_encoder(desk: Desk) -> Encoder:
    """The encoder the desk names."""
    from orchestration.resources import DeskResource, EncoderResource

    return EncoderResource(desk=DeskResource(folder=str(desk.folder))).load()


@contextmanager
def _releases(folder: Path | None) -> Iterator[Desk]:
    """The desk, with what goes wrong about releases told to a person."""
    from assets.audit_tickets.vectors.encoder_files import EncoderNotFoundError
    from assets.configure_behavior.releases.saved_release import ReleaseError
    from ledger.errors import LedgerError

    with desk_of(folder) as loaded:
        try:
            yield loaded
        except (ReleaseError, LedgerError, EncoderNotFoundError) as error:
            raise fail(str(error)) from error


def _progress() -> Callable[[int, int], None] | None:
    """Tickets decided so far, on one line, where a person watches."""
    if not sys.stderr.isatty():
        return None

    def on_progress(done: int, total: int) -> None:
        end = "\n" if done == total else ""
        sys.stderr.write(f"\rreplaying the regression set: {done} of {total}{end}")
        sys.stderr.flush()

    return on_progress
