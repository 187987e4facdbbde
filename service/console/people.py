"""People: who may sign in, what they may do, and which programs may use the API. For admins.

Belongs here: the page and its list of accounts. Does not belong here: the list of tokens (``people_tokens``), dialogs
(``people_dialogs``), what an account is (``identity``).
"""

from __future__ import annotations

from typing import Any

from nicegui import ui

from service.console import looks, people_dialogs, people_tokens
from service.console.frame import Visit, page, say
from service.identity.account import Account, Role
from service.identity.doors import Doors
from service.identity.passwords import generated_password
from service.identity.refusals import IdentityProblem

ROLES = {
    Role.REVIEWER: "Reviewer: judges drafts and answers",
    Role.KNOWLEDGE_OWNER: "Knowledge owner: accepts and edits entries",
    Role.APPROVER: "Approver: signs releases and plans",
    Role.ADMIN: "Admin: manages people and tokens",
}


@page("/people", "People", role=Role.ADMIN)
async def people(visit: Visit) -> None:
    """The page."""
    ui.add_css(people_dialogs.STYLE)
    listed = ui.element("div").classes("people-part")
    await _draw(visit, listed)
    tokens = ui.element("div").classes("people-part")
    await people_tokens.draw(visit, tokens)


async def _draw(visit: Visit, listed: ui.element) -> None:
    """Show the accounts anew."""
    accounts = await visit.work(visit.service.doors.accounts)
    listed.clear()
    with listed, looks.card():
        with ui.element("div").classes("row spread"):
            looks.heading("Accounts")
            ui.button("Add a person", icon="person_add", on_click=lambda: _ask_to_add(visit, listed)).props(
                "unelevated"
            )
        with ui.element("div").classes("people-list").props('role="list"'):
            for account in accounts:
                _line(visit, listed, account)


def _line(visit: Visit, listed: ui.element, account: Account) -> None:
    with ui.element("div").classes("people-line").props('role="listitem"'):
        with ui.element("div").classes("grow"):
            with ui.element("div").classes("row"):
                looks.text(account.name, "strong text")
                looks.text(account.login, "muted small text")
                if not account.is_active:
                    looks.chip("closed", "bad")
            with ui.element("div").classes("row people-roles"):
                for role in Role:
                    if account.may(role):
                        looks.chip(role.replace("_", " "), "note")
                signs = f"signs as {', '.join(account.signs_as)}" if account.signs_as else "signs nothing"
                looks.text(signs, "muted small text")
        with ui.element("div").classes("row"):
            if account.is_active:
                _small("Edit", account, lambda: _ask_to_edit(visit, listed, account))
                _small("New password", account, lambda: _ask_for_password(visit, listed, account))
                if account.account_id != visit.account().account_id:
                    _small("Close", account, lambda: _ask_to_close(visit, listed, account))
            else:
                _small("Open again", account, lambda: _open_again(visit, listed, account))


def _small(words: str, account: Account, step: object) -> None:
    button = ui.button(words, on_click=step).props("flat dense no-caps")  # type: ignore[arg-type]
    button.props["aria-label"] = f"{words}: {account.name}"


def _signing_roles(visit: Visit, account: Account | None = None) -> dict[str, str]:
    """Roles that desk.yaml's signers name, and those that the account has beyond them."""
    named = [one for roles in visit.service.desk.settings.signers.values() for one in roles]
    return {one: one for one in dict.fromkeys([*named, *(account.signs_as if account else ())])}


def _ask_to_add(visit: Visit, listed: ui.element) -> None:
    with people_dialogs.dialog("Add a person") as dialog:
        name = ui.input("Name").props("outlined autofocus")
        login = ui.input("Login, such as ada").props('outlined autocapitalize="none" spellcheck="false"')
        roles = people_dialogs.choices("May", {str(role): words for role, words in ROLES.items()}, [])
        signs_as = people_dialogs.choices("Signs as", _signing_roles(visit), [])
        looks.text("They get a first password, shown to you once.", "muted small text")

        async def add() -> None:
            admin, password = visit.account(Role.ADMIN), generated_password()
            made = await visit.work(
                visit.service.doors.add_account,
                login.value,
                name.value,
                roles(),
                signs_as(),
                password=password,
                by=admin.name,
            )
            dialog.close()
            _show_password(made, password)
            await _draw(visit, listed)

        people_dialogs.actions(visit, dialog, "Add", add)
    dialog.open()


def _ask_to_edit(visit: Visit, listed: ui.element, account: Account) -> None:
    with people_dialogs.dialog(f"Edit {account.name}") as dialog:
        name = ui.input("Name", value=account.name).props("outlined autofocus")
        login = ui.input("Login", value=account.login).props('outlined autocapitalize="none" spellcheck="false"')
        roles = people_dialogs.choices("May", {str(role): words for role, words in ROLES.items()}, list(account.roles))
        signs_as = people_dialogs.choices("Signs as", _signing_roles(visit, account), account.signs_as)

        async def save() -> None:
            admin, wanted = visit.account(Role.ADMIN), roles()
            if admin.account_id == account.account_id and Role.ADMIN not in wanted:
                say("You cannot take the role admin from yourself: another admin can.", is_good=False)
                return
            changes = {"name": name.value, "login": login.value, "roles": wanted, "signs_as": signs_as()}
            try:
                after = await visit.work(_edit, visit.service.doors, account, admin.name, changes)
            except AccountChanged as changed:
                dialog.close()
                say(str(changed), is_good=False)
            else:
                dialog.close()
                say(f"{after.name} is changed.")
            await _draw(visit, listed)

        people_dialogs.actions(visit, dialog, "Save", save)
    dialog.open()


def _ask_for_password(visit: Visit, listed: ui.element, account: Account) -> None:
    with people_dialogs.dialog(f"A new password for {account.name}?") as dialog:
        looks.text("The old one stops working, and they are signed out everywhere. The new one is shown to you once.")

        async def make() -> None:
            await _give_password(visit, visit.account(Role.ADMIN), account)
            dialog.close()
            await _draw(visit, listed)

        people_dialogs.actions(visit, dialog, "Make a new password", make)
    dialog.open()


def _ask_to_close(visit: Visit, listed: ui.element, account: Account) -> None:
    with people_dialogs.dialog(f"Close the account of {account.name}?") as dialog:
        looks.text("They are signed out at once and cannot sign in again. What they decided stays on record.")

        async def close() -> None:
            admin = visit.account(Role.ADMIN)
            if admin.account_id == account.account_id:
                say("You cannot close your own account: another admin can.", is_good=False)
                return
            await visit.work(visit.service.doors.close_account, account.account_id, by=admin.name)
            dialog.close()
            say(f"The account of {account.name} is closed.")
            await _draw(visit, listed)

        people_dialogs.actions(visit, dialog, "Close the account", close)
    dialog.open()


async def _open_again(visit: Visit, listed: ui.element, account: Account) -> None:
    async def step() -> None:
        admin = visit.account(Role.ADMIN)
        await visit.work(_edit, visit.service.doors, account, admin.name, {"is_active": True})
        await _give_password(visit, admin, account)
        await _draw(visit, listed)

    await people_dialogs.attempt(visit, step)


async def _give_password(visit: Visit, admin: Account, account: Account) -> None:
    password = generated_password()
    await visit.work(visit.service.doors.set_password, account.account_id, password, by=admin.name)
    _show_password(account, password)


def _show_password(account: Account, password: str) -> None:
    words = f"Give it to {account.name} in person or by a safe way. They sign in as {account.login} and can change it under their name."
    people_dialogs.show_once("First password", words, password)


class AccountChanged(IdentityProblem):
    """The account is not what the admin was shown; nothing was saved."""


def _edit(doors: Doors, shown: Account, by: str, changes: dict[str, Any]) -> Account:
    """Save changes to an account as it was shown: a role that another admin took away meanwhile does not come back."""
    if shown not in doors.accounts():
        raise AccountChanged(
            f"Somebody has changed the account of {shown.name} since you opened it, so nothing was saved. Look at it again."
        )
    return doors.edit_account(shown.account_id, by=by, **changes)
