"""``understudy fix`` and ``understudy insight``: arguments in, words out. What they do lives in the modules they call."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.command import DeskOption, knowledge_desk_of, say, show_frame

if TYPE_CHECKING:
    from orchestration.people.knowledge_desk import Reviewer

fix: typer.Typer = typer.Typer(
    help="Fixes that would mend failures: see them, accept or reject them. An accepted one is a change with an id.",
    no_args_is_help=True,
)
insight: typer.Typer = typer.Typer(help="What people saw that no figure shows.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="ID", help="The fix, or the first digits of its id.")]
By = Annotated[str, typer.Option(help="Who decides.")]
Role = Annotated[
    str,
    typer.Option(
        help="As which role: of 'signers: knowledge' in desk.yaml; of 'behavior' where behavior.yaml changes."
    ),
]


class Output(StrEnum):
    """How lists are printed."""

    table = "table"
    json = "json"
    csv = "csv"


OutputOption = Annotated[Output, typer.Option("--format", help="How to print the list.")]


@fix.command("list", epilog="Example: `understudy fix list --urgent`")
def list_fixes(
    category: Annotated[str | None, typer.Option(help="Only of this category.", show_default=False)] = None,
    urgent: Annotated[
        bool, typer.Option("--urgent", help="Only what the weekly micro-update should not miss.")
    ] = False,
    output: OutputOption = Output.table,
    desk: DeskOption = None,
) -> None:
    """List the fixes that wait for a decision, the most harm first."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.fix_desk import open_fixes

        found = open_fixes(loaded)
        if category is not None:
            found = found[found["category_id"].eq(category).fillna(False)]
        if urgent:
            found = found[found["is_urgent"].fillna(False)]
        found = found.assign(fix_id=found["fix_id"].str[:8]) if output is Output.table else found
        found["tickets_per_month"] = found["tickets_per_month"].round(1)
        show_frame(found, ["rank", "fix_id", "title", "kind", "tickets_per_month", "is_urgent"], output.value)


@fix.command("show", epilog="Example: `understudy fix show 3f9c0a12`")
def show(name: Name, desk: DeskOption = None) -> None:
    """Show a fix: what goes wrong with examples, what would change word by word, and what is in the way."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.fix_desk import fix_of
        from orchestration.people.fix_words import fix_lines

        say(fix_lines(loaded, fix_of(loaded, name)))


@fix.command(
    "export", epilog="Example: `understudy fix export 3f9c0a12 fix.yaml`, then edit it and accept it with --file"
)
def export(
    name: Name,
    file: Annotated[Path, typer.Argument(help="Where to write it; an existing file is not overwritten.")],
    desk: DeskOption = None,
) -> None:
    """Write a fix as a file, to be edited and accepted with --file."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.fix_desk import fix_of
        from orchestration.people.fix_files import proposal_text

        found = fix_of(loaded, name)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(proposal_text(found.fix_id, str(found.row["title"]), found.parts.proposal))
        say([f"wrote  {file}", f"Edit it, then: understudy fix accept {found.fix_id[:8]} --file {file}"])


@fix.command("accept", epilog='Example: `understudy fix accept 3f9c0a12 --by "Ada Moreno" --role "support lead"`')
def accept(
    name: Name,
    by: By,
    role: Role,
    owner: Annotated[
        str | None, typer.Option(help="Who answers for its entries from now on.", show_default=False)
    ] = None,
    review_by: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="The day by which its entries are looked at again; default: as desk.yaml says.",
            show_default=False,
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="The fix as you edited it, from `understudy fix export`.", show_default=False)
    ] = None,
    note: Annotated[str, typer.Option(help="Anything worth remembering.")] = "",
    desk: DeskOption = None,
) -> None:
    """Accept a fix: writes its files, signs exactly this content, and gives the change an id."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.fix_desk import accept as accept_one
        from orchestration.people.fix_files import read_proposal

        edited = None if file is None else read_proposal(file)
        until = review_by.date() if review_by else None
        _, said = accept_one(loaded, name, _reviewer(by, role, note), edited=edited, owner=owner, review_by=until)
        say(said)


@fix.command(
    "reject",
    epilog='Example: `understudy fix reject 3f9c0a12 --by "Ada Moreno" --role "support lead" --reason "We say so on purpose."`',
)
def reject(
    name: Name,
    by: By,
    role: Role,
    reason: Annotated[str, typer.Option(help="Why it is not wanted.")],
    desk: DeskOption = None,
) -> None:
    """Record that a fix is not wanted, and why; it is not offered again."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.fix_desk import reject as reject_one

        say(reject_one(loaded, name, _reviewer(by, role, ""), reason))


@insight.command(
    "add",
    epilog='Example: `understudy insight add "Calls about the portal doubled." --by "Ada Moreno" --role "support lead"`',
)
def add(
    text: Annotated[str, typer.Argument(help="What was seen; about the matter, not about a customer.")],
    by: Annotated[str, typer.Option(help="Who says it.")],
    role: Annotated[str, typer.Option(help="As which role: one that reviews answers or decides about fixes.")],
    category: Annotated[str | None, typer.Option(help="What it is about.", show_default=False)] = None,
    month: Annotated[
        str | None,
        typer.Option(help="Of the session in which it was said, such as 2026-05; default: now.", show_default=False),
    ] = None,
    desk: DeskOption = None,
) -> None:
    """Record what somebody saw that no figure shows; it joins the queue of fixes with the next run."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.fix_desk import add_insight

        say(add_insight(loaded, text, category, by, role, month=month))


@insight.command("list", epilog="Example: `understudy insight list --month 2026-05`")
def list_insights(
    month: Annotated[str | None, typer.Option(help="Only of this month, such as 2026-05.", show_default=False)] = None,
    output: OutputOption = Output.table,
    desk: DeskOption = None,
) -> None:
    """List what people said, oldest first."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.fix_desk import said_insights

        found = said_insights(loaded)
        found = found if month is None else found[found["month"] == month]
        found = found.assign(insight_id=found["insight_id"].str[:8]) if output is Output.table else found
        show_frame(found, ["insight_id", "month", "category_id", "text", "said_by"], output.value)


def _reviewer(by: str, role: str, note: str) -> Reviewer:
    from orchestration.people.knowledge_desk import Reviewer

    return Reviewer(by, role, dt.datetime.now(dt.UTC), note)
