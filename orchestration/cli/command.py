"""What every command shares: the desk it works on, where it prints, and how it fails.

Does not belong here: any command (``app``, ``knowledge``, ``bench``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from desk.loading import Desk, DeskError, load_desk

console = Console()
errors = Console(stderr=True)

DeskOption = Annotated[
    Path | None,
    typer.Option(
        "--desk", help="Folder of the desk; default: $UNDERSTUDY_DESK, else the sample desk.", show_default=False
    ),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of", help="The moment 'the last 90 days' counts back from, such as 2026-06-01.", show_default=False
    ),
]


def fail(message: str) -> typer.Exit:
    """Print what went wrong for a person and return the exit to raise."""
    errors.print("[bold red]error:[/] ", end="")
    errors.print(message, markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(code=1)


@contextmanager
def desk_of(folder: Path | None) -> Iterator[Desk]:
    """The desk a command works on; its mistakes end the command with what to correct."""
    from orchestration.resources import default_desk_folder

    try:
        yield load_desk(folder or default_desk_folder())
    except DeskError as error:
        raise fail(str(error)) from error
