"""One's own account: what one may do, the password, and where one is signed in.

Does not belong here: other people's accounts (``people``), what an account is (``identity``).
"""

from __future__ import annotations

import datetime as dt

from nicegui import context, ui

from service.console import looks, people_dialogs
from service.console.frame import Visit, page, say
from service.identity.account import Role
from service.identity.passwords import MIN_CHARS
from service.identity.refusals import WrongLogin
from service.identity.sessions import Session

SHOWN = 20


@page("/me", "Your account")
async def me(visit: Visit) -> None:
    """The page."""
    ui.add_css(people_dialogs.STYLE)
    account = visit.account()
    with looks.card("You"):
        with ui.element("div").classes("row"):
            looks.text(account.name, "strong text")
            looks.text(account.login, "muted text")
        with ui.element("div").classes("row"):
            for role in Role:
                if account.may(role):
                    looks.chip(role.replace("_", " "), "note")
            looks.text(
                f"You sign as {', '.join(account.signs_as)}." if account.signs_as else "You sign nothing.", "muted text"
            )
        looks.text("An admin can change this, under People.", "muted small text")
    _password(visit, account.login)
    shown = ui.element("div").classes("people-part")
    await _sessions(visit, shown)


def _password(visit: Visit, login: str) -> None:
    with looks.card("Password"), ui.element("form").classes("people-form") as form:
        # For password managers, which else keep the new password under no name.
        ui.element("input").props('type="text" autocomplete="username" readonly hidden').props["value"] = login
        old = _secret("Old password", "current-password")
        new = _secret(f"New password ({MIN_CHARS} characters or more)", "new-password")
        again = _secret("New password, again", "new-password")
        looks.text("You are then signed out everywhere and sign in with the new one.", "muted small text")
        ui.button("Change password").props('unelevated type="submit"')

    async def change() -> None:
        if new.value != again.value:
            say("The new password was not typed the same twice.", is_good=False)
            return
        step, session_id = visit.service.doors.change_own_password, visit.visitor.session_id
        try:
            await visit.work(step, session_id, old.value, new.value, context.client.ip)
        except WrongLogin:
            say("The old password is not right.", is_good=False)
            return
        ui.navigate.to("/login?changed=1")

    form.on("submit.prevent", lambda: people_dialogs.attempt(visit, change))


def _secret(label: str, autocomplete: str) -> ui.input:
    return ui.input(label, password=True).props(f'outlined autocomplete="{autocomplete}" maxlength="1024"')


async def _sessions(visit: Visit, shown: ui.element) -> None:
    """Show where one is signed in."""
    doors, account = visit.service.doors, visit.account()
    sessions = await visit.work(doors.sessions_of, account.account_id)
    shown.clear()
    with shown, looks.card("Where you are signed in"):
        with ui.element("div").classes("people-list").props('role="list"'):
            for session in sessions[:SHOWN]:
                _line(visit, shown, session)

        async def everywhere() -> None:
            me_now = visit.account()
            await visit.work(doors.sign_out_everywhere, me_now.account_id, by=me_now.name)
            ui.navigate.to("/login?out=1")

        button = ui.button("Sign out everywhere", on_click=lambda: people_dialogs.attempt(visit, everywhere))
        button.props("outline")


def _line(visit: Visit, shown: ui.element, session: Session) -> None:
    is_this = session.session_id == visit.visitor.session_id
    where = f"From {session.address}"
    with ui.element("div").classes("people-line").props('role="listitem"'):
        with ui.element("div").classes("grow"):
            with ui.element("div").classes("row"):
                looks.text(where, "strong text")
                if is_this:
                    looks.chip("this browser", "good")
            ends = visit.service.doors.ends_at(session)
            looks.text(
                f"Since {_moment(session.started_at)}, last used {_moment(session.last_used_at)}, ends {_moment(ends)} at the latest",
                "muted small text",
            )
        if not is_this:

            async def end() -> None:
                me_now = visit.account()
                await visit.work(visit.service.doors.end_session, me_now.account_id, session.session_id, by=me_now.name)
                say("That browser is signed out.")
                await _sessions(visit, shown)

            button = ui.button("Sign out", on_click=lambda: people_dialogs.attempt(visit, end)).props(
                "flat dense no-caps"
            )
            button.props["aria-label"] = f"Sign out: {where}"


def _moment(at: dt.datetime) -> str:
    return f"{at.day} {at:%b, %H:%M} UTC"
