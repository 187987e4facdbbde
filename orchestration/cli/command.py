"""What every command shares: the desk it works on, how it prints, and how it fails.

Does not belong here: any command (``app``, ``knowledge``, ``bench``).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from desk.loading import Desk, DeskError, load_desk

if TYPE_CHECKING:
    import pandas as pd

# What a customer or an export wrote must not steer the terminal it is shown in.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

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


def clean(text: str) -> str:
    """A text whose control characters are shown instead of obeyed."""
    return _CONTROL.sub("�", text)


def say(lines: Iterable[str]) -> None:
    """Print sentences as they are, one a line."""
    for line in lines:
        console.print(clean(line), markup=False, highlight=False, soft_wrap=True)


def show_frame(frame: pd.DataFrame, columns: Sequence[str], output: str = "table") -> None:
    """Print columns of a frame as table, json or csv."""
    import pyarrow as pa

    from orchestration.cli.query import print_answer

    shown = frame[list(columns)]
    if output == "table":
        shown = shown.map(lambda value: clean(value) if isinstance(value, str) else value)
    print_answer(pa.Table.from_pandas(shown, preserve_index=False), output, console, sys.stdout)


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


@contextmanager
def knowledge_desk_of(folder: Path | None) -> Iterator[Desk]:
    """``desk_of`` for commands about entries and fixes: every mistake a person can correct is said and ends the command."""
    from ledger.errors import LedgerError
    from orchestration.people.knowledge_desk import KnowledgeProblem

    with desk_of(folder) as loaded:
        try:
            yield loaded
        except (KnowledgeProblem, LedgerError) as problem:
            raise fail(str(problem)) from problem
        except OSError as problem:
            raise fail(f"{problem.filename or 'a file'}: {problem.strerror or problem}") from problem
