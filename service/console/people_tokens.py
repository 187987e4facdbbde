"""The tokens by which programs use the API: listing, issuing, revoking. A part of the page People.

Does not belong here: what a token is (``identity.tokens``).
"""

from __future__ import annotations

import datetime as dt

from nicegui import ui

from service.console import looks, people_dialogs
from service.console.frame import Visit, say
from service.identity.account import Role
from service.identity.tokens import KeptToken, Scope

SCOPES = {
    Scope.DECISIONS_WRITE: "Ask for decisions",
    Scope.FEEDBACK_WRITE: "Report feedback",
    Scope.HANDOFFS_WRITE: "Report how handoffs ended",
    Scope.RELEASES_READ: "See which release is current",
}
ENDS = {0: "When it is revoked", 30: "In 30 days", 90: "In 90 days", 365: "In a year"}
SHOWN = 50


async def draw(visit: Visit, listed: ui.element) -> None:
    """Show the tokens anew, good ones first."""
    now = visit.service.clock()
    tokens = sorted(await visit.work(visit.service.doors.tokens), key=lambda one: not one.is_good(now))
    listed.clear()
    with listed, looks.card():
        with ui.element("div").classes("row spread"):
            looks.heading("API tokens")
            ui.button("Issue a token", icon="key", on_click=lambda: _ask_to_issue(visit, listed)).props("unelevated")
        if not tokens:
            looks.text("No program can use the API yet. Issue a token for each that should.", "muted text")
            return
        with ui.element("div").classes("people-list").props('role="list"'):
            for token in tokens[:SHOWN]:
                _line(visit, listed, token, now)
        if len(tokens) > SHOWN:
            looks.text(f"{len(tokens) - SHOWN} older ones are not shown.", "muted small text")


def _line(visit: Visit, listed: ui.element, token: KeptToken, now: dt.datetime) -> None:
    with ui.element("div").classes("people-line").props('role="listitem"'):
        with ui.element("div").classes("grow"):
            with ui.element("div").classes("row"):
                looks.text(token.name, "strong text")
                if token.revoked_at is not None:
                    looks.chip("revoked", "bad")
                elif not token.is_good(now):
                    looks.chip("over", "bad")
            with ui.element("div").classes("row people-roles"):
                for scope in Scope:
                    if scope in token.scopes:
                        looks.chip(SCOPES[scope].lower(), "note")
            looks.text(_history(token), "muted small text")
        if token.is_good(now):
            button = ui.button("Revoke", on_click=lambda: _ask_to_revoke(visit, listed, token)).props(
                "flat dense no-caps"
            )
            button.props["aria-label"] = f"Revoke: {token.name}"


def _history(token: KeptToken) -> str:
    words = f"Issued {_day(token.created_at)} by {token.created_by}"
    if token.revoked_at is not None:
        return f"{words}, revoked {_day(token.revoked_at)}"
    return f"{words}, ends {_day(token.expires_at)}" if token.expires_at else f"{words}, good until revoked"


def _day(moment: dt.datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"


def _ask_to_issue(visit: Visit, listed: ui.element) -> None:
    with people_dialogs.dialog("Issue a token") as dialog:
        name = ui.input("What will use it, such as helpdesk adapter").props("outlined autofocus")
        scopes = people_dialogs.choices("May", {str(scope): words for scope, words in SCOPES.items()}, [])
        ends = ui.select(ENDS, value=365, label="Ends").props("outlined")

        async def issue() -> None:
            admin = visit.account(Role.ADMIN)
            expires = visit.service.clock() + dt.timedelta(days=ends.value) if ends.value else None
            made, secret = await visit.work(visit.service.doors.issue_token, name.value, scopes(), admin.name, expires)
            dialog.close()
            words = f"Put it into the settings of {made.name} now: it is kept nowhere and cannot be shown again."
            people_dialogs.show_once("The new token", words, secret)
            await draw(visit, listed)

        people_dialogs.actions(visit, dialog, "Issue", issue)
    dialog.open()


def _ask_to_revoke(visit: Visit, listed: ui.element, token: KeptToken) -> None:
    with people_dialogs.dialog(f"Revoke the token of {token.name}?") as dialog:
        looks.text("Whatever uses it is refused from now on. This cannot be undone; a new token can be issued.")

        async def revoke() -> None:
            admin = visit.account(Role.ADMIN)
            await visit.work(visit.service.doors.revoke_token, token.token_id, admin.name)
            dialog.close()
            say(f"The token of {token.name} is revoked.")
            await draw(visit, listed)

        people_dialogs.actions(visit, dialog, "Revoke", revoke)
    dialog.open()
