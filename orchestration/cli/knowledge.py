"""``understudy knowledge``: arguments in, words out. What the commands do lives in the modules they call."""

from __future__ import annotations

import datetime as dt
import os
import shlex
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.command import DeskOption, console, fail, knowledge_desk_of, say, show_frame

if TYPE_CHECKING:
    from orchestration.people.knowledge_desk import Reviewer

knowledge: typer.Typer = typer.Typer(
    help="Entries that people own: drafts, acceptance, what is live, and what is wrong with it.", no_args_is_help=True
)

By = Annotated[str, typer.Option(help="Who decides.")]
Role = Annotated[str, typer.Option(help="As which of the roles under 'signers: knowledge' in desk.yaml.")]
Note = Annotated[str, typer.Option(help="Anything worth remembering.")]
Why = Annotated[str, typer.Option("--note", help="Why.")]
CategoryOption = Annotated[str | None, typer.Option(help="Only this category.", show_default=False)]

OwnerOption = Annotated[str | None, typer.Option(help="Only what this owner answers for.", show_default=False)]
QuarterOption = Annotated[
    str | None, typer.Option(help="Such as 2026-Q3; default: the newest audit.", show_default=False)
]


class Output(StrEnum):
    """How ``audit`` prints."""

    table = "table"
    json = "json"


@knowledge.command("draft", epilog="Example: `understudy knowledge draft --category password_reset --write`")
def draft(
    category: CategoryOption = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write them as files with status draft, to be edited.")
    ] = False,
    desk: DeskOption = None,
) -> None:
    """List proposed entries that nobody has decided about yet, or write them as files."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.knowledge_review import open_drafts, write_drafts

        drafts = open_drafts(loaded, category)
        if write:
            say(write_drafts(loaded, drafts))
            console.print(f"{len(drafts):,} drafts. Accept one with: understudy knowledge accept", highlight=False)
        else:
            show_frame(drafts, ["draft_id", "category_id", "question", "conditions", "origin", "why"])


@knowledge.command(
    "accept", epilog='Example: `understudy knowledge accept draft_3f9c0a12b4de --by "Ada Moreno" --role "support lead"`'
)
def accept(
    name: Annotated[str, typer.Argument(metavar="ID", help="A draft or an entry.")],
    by: By,
    role: Role,
    owner: Annotated[str | None, typer.Option(help="Who answers for it from now on.", show_default=False)] = None,
    review_by: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="The day by which it is looked at again; default: as desk.yaml says.",
            show_default=False,
        ),
    ] = None,
    note: Note = "",
    desk: DeskOption = None,
) -> None:
    """Accept a draft or an entry as it stands: writes its file, then signs exactly this content."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.knowledge_review import accept as accept_one

        until = review_by.date() if review_by else None
        say(accept_one(loaded, name, _reviewer(by, role, note), owner=owner, review_by=until))


@knowledge.command(
    "reject",
    epilog='Example: `understudy knowledge reject draft_3f9c0a12b4de --by "Ada Moreno" --role "support lead" '
    '--note "We no longer offer this."`',
)
def reject(
    name: Annotated[str, typer.Argument(metavar="DRAFT", help="The draft.")],
    by: By,
    role: Role,
    note: Why,
    desk: DeskOption = None,
) -> None:
    """Record that a draft is not wanted, and why; it is not offered again."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.knowledge_review import reject as reject_one

        say(reject_one(loaded, name, _reviewer(by, role, note)))


@knowledge.command("edit", epilog="Example: `understudy knowledge edit how-do-i-reset-my-password`")
def edit(
    name: Annotated[str, typer.Argument(metavar="ENTRY", help="Id of the entry, or its file in the knowledge folder.")],
    desk: DeskOption = None,
) -> None:
    """Open an entry in $VISUAL or $EDITOR, and keep the change if it is still an entry. A change unsigns it."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.knowledge_edit import edit as edit_one

        say(edit_one(loaded, name, _open_editor, _ask_again))


@knowledge.command("phrasings", epilog="Example: `understudy knowledge phrasings how-do-i-reset-my-password --write`")
def phrasings(
    name: Annotated[str | None, typer.Argument(metavar="[ENTRY]", help="One entry; default: all.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Add them to the entry's file, which unsigns it.")] = False,
    desk: DeskOption = None,
) -> None:
    """List how customers ask what an entry answers, in words it does not hold yet; from training tickets."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.knowledge_phrasings import add_phrasings, missing_phrasings

        if write:
            if name is None:
                raise fail("name the entry to add phrasings to: understudy knowledge phrasings ENTRY --write")
            say(add_phrasings(loaded, name))
        else:
            found = missing_phrasings(loaded, name)
            show_frame(found, list(found.columns))


@knowledge.command("list", epilog="Example: `understudy knowledge list --category password_reset --not-live`")
def list_entries(
    category: CategoryOption = None,
    not_live: Annotated[bool, typer.Option("--not-live", help="Only entries that are not live, and why.")] = False,
    desk: DeskOption = None,
) -> None:
    """List entries as they stand this minute: live or not, by whom they are owned, and until when they count."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.knowledge_audit import standing

        entries, mistakes = standing(loaded, category, only_not_live=not_live)
        entries["review_by"] = entries["review_by"].dt.strftime("%Y-%m-%d")
        show_frame(entries, list(entries.columns))
        if mistakes:
            console.print("Files that are no entries yet:")
            say(f"  {one}" for one in mistakes)


@knowledge.command("audit", epilog="Example: `understudy knowledge audit --format json`")
def audit(
    output: Annotated[Output, typer.Option("--format", help="How to print the findings.")] = Output.table,
    desk: DeskOption = None,
) -> None:
    """List what is wrong with articles and entries, the most urgent first, with evidence and the fix."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.knowledge_audit import open_findings

        findings = open_findings(loaded)
        if output is Output.json:
            show_frame(findings, list(findings.columns), output.value)
        else:
            show_frame(findings, ["finding_id", "type", "reason", "is_blocking", "subject_id", "evidence", "fix"])


@knowledge.command(
    "verify", epilog='Example: `understudy knowledge verify zendesk:360001002 --by "Ada Moreno" --role "support lead"`'
)
def verify(
    name: Annotated[str, typer.Argument(metavar="ARTICLE", help="Id, address or slug of a help-center article.")],
    by: By,
    role: Role,
    note: Note = "",
    desk: DeskOption = None,
) -> None:
    """Record that an article is right as it stands; a changed article is unverified again."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.knowledge_audit import verify as verify_one

        say(verify_one(loaded, name, _reviewer(by, role, note)))


@knowledge.command(
    "dismiss",
    epilog='Example: `understudy knowledge dismiss find_09ab34cd56ef --by "Ada Moreno" --role "support lead" '
    '--note "Both numbers are right: one is for teams."`',
)
def dismiss(
    name: Annotated[str, typer.Argument(metavar="FINDING", help="The finding.")],
    by: By,
    role: Role,
    note: Why,
    desk: DeskOption = None,
) -> None:
    """Record that a finding is no fault, and why."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.people.knowledge_audit import dismiss as dismiss_one

        say(dismiss_one(loaded, name, _reviewer(by, role, note)))


@knowledge.command("work", epilog='Example: `understudy knowledge work --owner "Ada Moreno"`')
def work(
    owner: OwnerOption = None,
    quarter: QuarterOption = None,
    desk: DeskOption = None,
) -> None:
    """Show the quarterly audit: who has what to do and by when; of one owner with the reasons, the most pressing first."""
    with knowledge_desk_of(desk) as loaded:
        from orchestration.cli.audit_words import overview_lines, owner_lines
        from orchestration.people.audit_work import work as work_now

        listed = work_now(loaded, quarter)
        say(overview_lines(listed) if owner is None else owner_lines(listed, owner))


@knowledge.command(
    "confirm",
    epilog='Examples: `understudy knowledge confirm reset-password 3f9c0a12 --by "Ada Moreno" --role "support lead"`, '
    '`understudy knowledge confirm --quiet --owner "Ada Moreno" --by "Ada Moreno" --role "support lead"`',
)
def confirm(
    by: By,
    role: Role,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="ITEM...", help="Ids of items, or of their entries, articles, categories."),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="All entries of the owner that nothing speaks against; each is shown first.")
    ] = False,
    owner: OwnerOption = None,
    quarter: QuarterOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    note: Note = "",
    desk: DeskOption = None,
) -> None:
    """Record of items of the quarterly audit that somebody looked at them, and that they are right as they stand."""
    if bool(names) == quiet:
        raise fail("name the items to confirm, or all that nothing speaks against: --quiet --owner NAME")
    if quiet and owner is None:
        raise fail("whose? --quiet goes with --owner NAME; who has what to do: understudy knowledge work")
    with knowledge_desk_of(desk) as loaded:
        from orchestration.cli.audit_words import shown_before_confirming
        from orchestration.people.audit_work import chosen
        from orchestration.people.audit_work import confirm as confirm_them

        items = chosen(loaded, names or (), owner=owner, quarter=quarter)
        if not items:
            say(["Nothing is left that nothing speaks against. What is: understudy knowledge work"])
            return
        if quiet and not yes:
            say(shown_before_confirming(items))
            if not sys.stdin.isatty():
                raise fail("nothing was recorded: somebody must say yes. Where these were read: --yes")
            if not typer.confirm(f"Are all {len(items)} right as they stand?", default=False):
                say(["Nothing was recorded."])
                return
        say(confirm_them(loaded, items, _reviewer(by, role, note)))


def _reviewer(by: str, role: str, note: str) -> Reviewer:
    from orchestration.people.knowledge_desk import Reviewer

    return Reviewer(by, role, dt.datetime.now(dt.UTC), note)


def _open_editor(file: Path) -> None:
    from orchestration.people.knowledge_desk import KnowledgeProblem

    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        raise KnowledgeProblem(
            "no editor is named: set EDITOR, such as EDITOR=nano, or edit the file in the desk yourself; "
            "'understudy knowledge list' then says what is wrong with it"
        )
    try:
        done = subprocess.run([*shlex.split(command), str(file)], check=False)
    except (OSError, ValueError) as problem:
        raise KnowledgeProblem(f"the editor '{command}' cannot be started: {problem}") from problem
    if done.returncode:
        raise KnowledgeProblem(f"the editor '{command}' ended with {done.returncode}; the entry is unchanged")


def _ask_again(mistake: str) -> bool:
    if not sys.stdin.isatty():
        return False
    say([mistake])
    return typer.confirm("Edit again?", default=True)
