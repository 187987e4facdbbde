"""``understudy token``: arguments in, words out. What a token is lives in ``service.identity``."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from orchestration.cli.command import DeskOption, fail, say, show_frame
from orchestration.cli.identities import OPERATOR, ByOption, doors_of
from orchestration.cli.review import Output

token: typer.Typer = typer.Typer(help="What programs show to use the API.", no_args_is_help=True)


@token.command(
    "issue",
    epilog='Example: `understudy token issue "helpdesk adapter" --scope decisions:write --days 365 --by "Ada Moreno"`',
)
def issue(
    name: Annotated[str, typer.Argument(help="What will use it; the ledger records its calls under this name.")],
    by: ByOption,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="decisions:write, feedback:write, handoffs:write or releases:read; may be repeated.",
            show_default=False,
        ),
    ] = None,
    days: Annotated[
        int | None, typer.Option(help="Good for so many days; default: until revoked.", min=1, max=3650)
    ] = None,
    desk: DeskOption = None,
) -> None:
    """Issue a token and print it, this once: only its hash is kept."""
    with doors_of(desk) as doors:
        expires = None if days is None else dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
        made, text = doors.issue_token(name, scope or [], by, expires, role=OPERATOR)
        end = "until it is revoked" if expires is None else f"until {expires:%Y-%m-%d %H:%M} UTC"
        say([f"{made.name} may use {', '.join(sorted(made.scopes))}, {end}.", f"Token, shown this once: {text}"])


@token.command("list", epilog="Example: `understudy token list --format json`")
def list_tokens(
    output: Annotated[Output, typer.Option("--format", help="How to print.")] = Output.table,
    desk: DeskOption = None,
) -> None:
    """List tokens, without their secrets."""
    with doors_of(desk) as doors:
        import pandas as pd

        now = dt.datetime.now(dt.UTC)
        rows = [
            {
                "token_id": one.token_id,
                "name": one.name,
                "scopes": ", ".join(sorted(one.scopes)),
                "status": "good" if one.is_good(now) else "over" if one.revoked_at is None else "revoked",
                "issued": f"{one.created_at:%Y-%m-%d}",
                "by": one.created_by,
                "ends": "" if one.expires_at is None else f"{one.expires_at:%Y-%m-%d}",
            }
            for one in doors.tokens()
        ]
    columns = ["token_id", "name", "scopes", "status", "issued", "by", "ends"]
    show_frame(pd.DataFrame(rows, columns=columns), columns, output.value)


@token.command("revoke", epilog='Example: `understudy token revoke "helpdesk adapter" --by "Ada Moreno"`')
def revoke(
    name: Annotated[str, typer.Argument(help="Its name or its id.")],
    by: ByOption,
    desk: DeskOption = None,
) -> None:
    """End a token for good; a running server refuses it within a second."""
    with doors_of(desk) as doors:
        now = dt.datetime.now(dt.UTC)
        found = [one for one in doors.tokens() if name == one.token_id or (name == one.name and one.is_good(now))]
        if not found:
            raise fail(f"There is no token '{name}' to revoke. List them with: understudy token list")
        gone = doors.revoke_token(found[0].token_id, by, role=OPERATOR)
        say([f"The token {gone.name} is revoked."])
