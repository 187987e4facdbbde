"""What ``understudy account`` and ``understudy token`` share: the doors of a desk, and asking for a password.

Does not belong here: any command, what accounts and tokens are (``service.identity``).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.command import clean, desk_of, fail

if TYPE_CHECKING:
    from service.identity.doors import Doors

OPERATOR = "operator"
"""As what the ledger records somebody at the terminal."""
MAX_PASSWORD_FILE_BYTES = 4_096

ByOption = Annotated[str, typer.Option("--by", help="Who does this, as the ledger should name them.")]


@contextmanager
def doors_of(folder: Path | None) -> Iterator[Doors]:
    """The doors of a desk; every refusal ends the command with its words and exit code 1."""
    from ledger.errors import LedgerError

    with desk_of(folder) as desk:
        from orchestration.people.review_desk import open_ledger_of
        from service.identity.doors import Doors, doors_location
        from service.identity.refusals import IdentityProblem
        from service.service import utc_now

        try:
            with (
                open_ledger_of(desk) as ledger,
                Doors.open(doors_location(desk), ledger, desk.settings.service, utc_now) as doors,
            ):
                yield doors
        except (IdentityProblem, LedgerError) as problem:
            raise fail(clean(str(problem))) from problem


def signing_roles(folder: Path | None) -> list[str]:
    """Every role that desk.yaml's signers name, each once."""
    with desk_of(folder) as desk:
        return list(dict.fromkeys(role for roles in desk.settings.signers.values() for role in roles))


def new_password(password_file: Path | None, *, is_generated: bool) -> str:
    """A password from a file ('-' is standard input), made up, or asked for twice without showing it."""
    if password_file is not None and is_generated:
        raise fail("Give --password-file or --generate, not both.")
    if is_generated:
        from service.identity.passwords import generated_password

        return generated_password()
    if password_file is not None:
        return _read(password_file)
    return str(typer.prompt("Password (at least 12 characters)", hide_input=True, confirmation_prompt="Again"))


def _read(file: Path) -> str:
    try:
        content = sys.stdin.read(MAX_PASSWORD_FILE_BYTES) if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise fail(f"{file}: cannot be read as a password: {problem}") from problem
    # An editor ends the file with a line break that nobody means as part of the password.
    return content[:MAX_PASSWORD_FILE_BYTES].removesuffix("\n").removesuffix("\r")
