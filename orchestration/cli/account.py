"""``understudy account``: arguments in, words out. What an account is lives in ``service.identity``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.cli.command import DeskOption, fail, say, show_frame
from orchestration.cli.identities import OPERATOR, ByOption, doors_of, new_password, signing_roles
from orchestration.cli.review import Output

if TYPE_CHECKING:
    from service.identity.account import Account

account: typer.Typer = typer.Typer(
    help="Who may sign in to the review console, what they may do there, and as what they sign.", no_args_is_help=True
)

LoginArgument = Annotated[str, typer.Argument(help="The login, such as ada.")]
RolesOption = Annotated[
    list[str] | None,
    typer.Option("--role", help="reviewer, knowledge_owner, approver or admin; may be repeated.", show_default=False),
]
SignsAsOption = Annotated[
    list[str] | None,
    typer.Option("--signs-as", help="A role under 'signers' in desk.yaml; may be repeated.", show_default=False),
]
PasswordFileOption = Annotated[
    Path | None, typer.Option(help="File with the password ('-': standard input); default: asked for.")
]
GenerateOption = Annotated[bool, typer.Option("--generate", help="Make a password up and print it, this once.")]


@account.command(
    "add",
    epilog='Example: `understudy account add ada --name "Ada Moreno" --role admin --role reviewer --by "Ada Moreno"`',
)
def add(
    login: LoginArgument,
    name: Annotated[str, typer.Option(help="The person's name, as the ledger records what they do.")],
    by: ByOption,
    role: RolesOption = None,
    signs_as: SignsAsOption = None,
    password_file: PasswordFileOption = None,
    generate: GenerateOption = False,
    desk: DeskOption = None,
) -> None:
    """Make an account. The first one is made here; admins can add others in the console."""
    _check_signing_roles(desk, signs_as)
    with doors_of(desk) as doors:
        password = new_password(password_file, is_generated=generate)
        made = doors.add_account(login, name, role or [], signs_as or [], password=password, by=by, role=OPERATOR)
        say([f"{made.name} can sign in as {made.login}: {_rights(made)}."])
        if generate:
            say([f"Password, shown this once: {password}"])


@account.command("list", epilog="Example: `understudy account list --format json`")
def list_accounts(
    output: Annotated[Output, typer.Option("--format", help="How to print.")] = Output.table,
    desk: DeskOption = None,
) -> None:
    """List accounts, closed ones last."""
    with doors_of(desk) as doors:
        import pandas as pd

        rows = [
            {
                "login": one.login,
                "name": one.name,
                "roles": ", ".join(sorted(one.roles)),
                "signs_as": ", ".join(one.signs_as),
                "status": "active" if one.is_active else "closed",
                "sessions": len(doors.sessions_of(one.account_id)),
            }
            for one in doors.accounts()
        ]
    columns = ["login", "name", "roles", "signs_as", "status", "sessions"]
    show_frame(pd.DataFrame(rows, columns=columns), columns, output.value)


@account.command(
    "edit", epilog='Example: `understudy account edit ada --role approver --role reviewer --by "Ada Moreno"`'
)
def edit(
    login: LoginArgument,
    by: ByOption,
    name: Annotated[str | None, typer.Option(help="Another name.", show_default=False)] = None,
    new_login: Annotated[str | None, typer.Option(help="Another login.", show_default=False)] = None,
    role: RolesOption = None,
    signs_as: SignsAsOption = None,
    signs_nothing: Annotated[bool, typer.Option("--signs-nothing", help="Take all signing roles away.")] = False,
    reopen: Annotated[bool, typer.Option("--reopen", help="Open a closed account; it needs a new password.")] = False,
    desk: DeskOption = None,
) -> None:
    """Change an account. Roles that are given replace those it had; whoever is signed in has them at their next step."""
    if signs_as and signs_nothing:
        raise fail("Give --signs-as or --signs-nothing, not both.")
    _check_signing_roles(desk, signs_as)
    wanted: dict[str, Any] = {"name": name, "login": new_login, "roles": role or None, "signs_as": signs_as or None}
    wanted |= {"signs_as": []} if signs_nothing else {}
    wanted |= {"is_active": True} if reopen else {}
    changes = {field: value for field, value in wanted.items() if value is not None}
    if not changes:
        raise fail("Nothing to change: give --name, --new-login, --role, --signs-as, --signs-nothing or --reopen.")
    with doors_of(desk) as doors:
        before = doors.account_by_login(login)
        after = doors.edit_account(before.account_id, by=by, role=OPERATOR, **changes)
        say([f"{after.name}, login {after.login}: {_rights(after)}."])
        if after.is_active and not before.is_active:
            say([f"Open again. Give it a password: understudy account password {after.login} --by …"])


@account.command("password", epilog='Example: `understudy account password ada --generate --by "Ada Moreno"`')
def password(
    login: LoginArgument,
    by: ByOption,
    password_file: PasswordFileOption = None,
    generate: GenerateOption = False,
    desk: DeskOption = None,
) -> None:
    """Give an account another password. Whoever is signed in to it is signed out."""
    with doors_of(desk) as doors:
        found = doors.account_by_login(login)
        text = new_password(password_file, is_generated=generate)
        doors.set_password(found.account_id, text, by=by, role=OPERATOR)
        say([f"{found.name} has another password."])
        if generate:
            say([f"Password, shown this once: {text}"])


@account.command("close", epilog='Example: `understudy account close ada --by "Mira Okafor"`')
def close(login: LoginArgument, by: ByOption, desk: DeskOption = None) -> None:
    """Close an account: whoever is signed in to it is signed out at once. What they recorded stays."""
    with doors_of(desk) as doors:
        found = doors.account_by_login(login)
        if not found.is_active:
            raise fail(f"The account of {found.name} is closed already.")
        doors.close_account(found.account_id, by=by, role=OPERATOR)
        say([f"The account of {found.name} is closed."])


def _check_signing_roles(desk: Path | None, wanted: list[str] | None) -> None:
    """End the command for a role in which nothing is signed: it would be found out at the first signature."""
    known = signing_roles(desk)
    unknown = [one for one in wanted or [] if one.strip().casefold() not in {role.casefold() for role in known}]
    if unknown:
        raise fail(f"desk.yaml names no signing role '{unknown[0]}'. It names: {', '.join(known)}.")


def _rights(account: Account) -> str:
    signs = f"signs as {', '.join(account.signs_as)}" if account.signs_as else "signs nothing"
    return f"{', '.join(one.replace('_', ' ') for one in sorted(account.roles))}; {signs}"
