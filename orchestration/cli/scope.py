"""``understudy scope``: arguments in, words out. What the commands do lives in ``orchestration.people.scope_desk``."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.command import DeskOption, knowledge_desk_of, say, show_frame

if TYPE_CHECKING:
    from orchestration.people.knowledge_desk import Reviewer

scope: typer.Typer = typer.Typer(
    help="What the agent may answer by itself: what may follow, what was taken back, what may come back.",
    no_args_is_help=True,
)

Name = Annotated[
    str, typer.Argument(metavar="ID", help="The proposal, or the first digits of its id, or its category.")
]
By = Annotated[str, typer.Option(help="Who decides.")]
Role = Annotated[
    str, typer.Option(help="As which role: of 'signers: roadmap' in desk.yaml to widen, of 'pilot' to give back.")
]


class Output(StrEnum):
    """How lists are printed."""

    table = "table"
    json = "json"
    csv = "csv"


OutputOption = Annotated[Output, typer.Option("--format", help="How to print the list.")]


@scope.command("list", epilog="Example: `understudy scope list`")
def list_proposals(
    everything: Annotated[
        bool, typer.Option("--all", help="Also what was rejected, or rests on nothing any more.")
    ] = False,
    output: OutputOption = Output.table,
    desk: DeskOption = None,
) -> None:
    """List what is proposed about the agent's scope, what is on its way, and what lost its autonomy; then how the rest stands."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.scope_desk import notes, proposals

        found = proposals(loaded)
        if not everything:
            found = found[~found["status"].isin(["rejected", "withdrawn"])]
        if output is not Output.table:
            show_frame(found, list(found.columns), output.value)
            return
        found = found.assign(proposal_id=found["proposal_id"].str[:8])
        if len(found):
            show_frame(found, ["proposal_id", "kind", "category_id", "status", "step", "sentence"])
        else:
            say(["Nothing is proposed."])
        say(notes(loaded))


@scope.command("show", epilog="Example: `understudy scope show 3f9c0a12`")
def show(name: Name, desk: DeskOption = None) -> None:
    """Show a proposal: what it rests on, and each step of the way with what to do."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.scope_desk import proposal_lines, proposal_of

        say(proposal_lines(proposal_of(loaded, name)))


@scope.command("accept", epilog='Example: `understudy scope accept 3f9c0a12 --by "Ada Moreno" --role "support lead"`')
def accept(
    name: Name,
    by: By,
    role: Role,
    note: Annotated[str, typer.Option(help="Anything worth remembering.")] = "",
    desk: DeskOption = None,
) -> None:
    """Accept a proposal: writes categories.yaml, so that the roadmap must be signed again, and says what comes next."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.scope_desk import accept as accept_one

        say(accept_one(loaded, name, _reviewer(by, role, note)))


@scope.command(
    "reject",
    epilog='Example: `understudy scope reject 3f9c0a12 --by "Ada Moreno" --role "support lead" --reason "Prices change in May."`',
)
def reject(
    name: Name,
    by: By,
    role: Role,
    reason: Annotated[str, typer.Option(help="Why it is not wanted.")],
    desk: DeskOption = None,
) -> None:
    """Record that a proposal is not wanted, and why; it is not offered again."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.scope_desk import reject as reject_one

        say(reject_one(loaded, name, _reviewer(by, role, ""), reason))


@scope.command(
    "restore",
    epilog='Example: `understudy scope restore invoice_copy --by "Ada Moreno" --role "support lead" --reason "The entry was mended."`',
)
def restore(
    category: Annotated[str, typer.Argument(help="The category that lost its autonomy.")],
    by: By,
    role: Annotated[str, typer.Option(help="As which of the roles under 'signers: pilot' in desk.yaml.")],
    reason: Annotated[str, typer.Option(help="Why it may answer by itself again.")],
    desk: DeskOption = None,
) -> None:
    """Let the agent answer a category by itself again that lost its autonomy."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.scope_desk import restore as restore_one

        say(restore_one(loaded, category, _reviewer(by, role, ""), reason))


def _reviewer(by: str, role: str, note: str) -> Reviewer:
    from orchestration.people.knowledge_desk import Reviewer

    return Reviewer(by, role, dt.datetime.now(dt.UTC), note)
