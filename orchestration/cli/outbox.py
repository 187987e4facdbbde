"""``understudy outbox``: arguments in, words out. What the commands do lives in ``outbox_files``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.command import DeskOption, say, show_frame
from orchestration.cli.review import Output, working

if TYPE_CHECKING:
    pass

outbox: typer.Typer = typer.Typer(
    help="Replies to send: list them, hand them to whoever sends them, and record that they were sent.",
    no_args_is_help=True,
)


class Status(StrEnum):
    """Which replies."""

    ready = "ready"
    delivered = "delivered"
    withheld = "withheld"


@outbox.command("list", epilog="Example: `understudy outbox list --status withheld`")
def list_replies(
    status: Annotated[Status | None, typer.Option(help="Only these.", show_default=False)] = None,
    output: Annotated[Output, typer.Option("--format", help="How to print.")] = Output.table,
    desk: DeskOption = None,
) -> None:
    """List replies that are ready, delivered or withheld, as they stand this minute."""
    with working(desk) as loaded:
        from orchestration.cli.outbox_files import outbox_now
        from orchestration.cli.spreadsheet_cells import escaped
        from orchestration.people.review_desk import SHOWN_CHARS

        frame = outbox_now(loaded)
        frame = frame if status is None else frame[frame["status"] == status.value]
        if output is Output.table:
            frame = frame.assign(reply=[" ".join(str(text).split())[:SHOWN_CHARS] for text in frame["reply"]])
        elif output is Output.csv:
            frame = frame.map(lambda value: escaped(value) if isinstance(value, str) else value)
        show_frame(frame, list(frame.columns), output.value)


@outbox.command("export", epilog="Example: `understudy outbox export replies.jsonl`")
def export(
    file: Annotated[
        Path, typer.Argument(help="File to write: .jsonl (texts as they are) or .csv (for a spreadsheet).")
    ],
    desk: DeskOption = None,
) -> None:
    """Write the replies that are ready, with the helpdesk's ticket ids; what a stopped rollout made stays back."""
    with working(desk) as loaded:
        from orchestration.cli.outbox_files import export_outbox

        say(export_outbox(loaded, file))


@outbox.command(
    "delivered", epilog='Example: `understudy outbox delivered replies.jsonl --by "Noor Haddad" --role reviewer`'
)
def delivered(
    file: Annotated[Path, typer.Argument(help="What was exported, or any .jsonl or .csv with answer_id.")],
    by: Annotated[str, typer.Option(help="Who sent them, a person or an adapter.")],
    role: Annotated[str, typer.Option(help="As which of the roles under 'signers: review' in desk.yaml.")],
    desk: DeskOption = None,
) -> None:
    """Record that the replies of a file were sent; what was recorded before is passed over."""
    with working(desk) as loaded:
        from orchestration.cli.outbox_files import record_deliveries

        say(record_deliveries(loaded, file, by=by, role=role))
