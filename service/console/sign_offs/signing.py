"""Signing what was shown: the question before it, and the refusal where something else stands there by now.

Belongs here: the steps from the button to the ledger. Does not belong here: what is signed (``subjects``), keeping a
signature (``ledger``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from nicegui import ui

from desk.loading import Desk, load_desk
from ledger.errors import SignOffError
from ledger.events import role_key
from ledger.store import Ledger
from orchestration.people.sign_offs import NothingToSign
from service.console import looks
from service.console.frame import Visit, say
from service.console.sign_offs.standing import roles_to_sign
from service.console.sign_offs.subjects import SHOWN_DIGITS, TITLES, Kind, Subject, read_subject, release_subject
from service.identity.account import Account, NotAllowed, Role

NOTE_CHARS = 2_000


class ChangedSinceShown(NothingToSign):
    """What stands there now is not what the person was shown; ``str()`` says so, and nothing was signed."""


@dataclass(frozen=True)
class Shown:
    """What a person has before them: the hash they sign, and of a release the digest of its files."""

    kind: Kind
    digest: str
    files: str | None = None

    @classmethod
    def of(cls, subject: Subject) -> Shown:
        """What is shown of a subject. Raises ``NothingToSign`` where there is nothing."""
        if subject.digest is None:
            raise NothingToSign(subject.nothing)
        return cls(subject.kind, subject.digest, subject.files)


def sign_shown(folder: Path, ledger: Ledger, shown: Shown, account: Account, role: str, note: str) -> list[str]:
    """Sign exactly what was shown; returns what to tell the person.

    Raises:
        ChangedSinceShown: something else stands there by now; nothing was signed.
        NotAllowed: this account may not sign it in this role.
        NothingToSign, PilotError, ReleaseError, DeskError, LedgerError: as the step of its kind says.
    """
    from orchestration.people import sign_offs
    from orchestration.releases import sign_release

    account.require(Role.APPROVER)
    desk = load_desk(folder)
    now = _as_it_is(desk, ledger, shown)
    if now.digest != shown.digest or now.files != shown.files:
        raise _changed(shown)
    if role_key(role) not in {role_key(one) for one in roles_to_sign(account, now)}:
        raise NotAllowed(f"{account.name} may not sign the {TITLES[shown.kind].lower()} as {role}.")
    try:
        if shown.kind == "release":
            return sign_release(desk, shown.digest, account.name, role, note, shown_files=shown.files)
        if shown.kind == "roadmap":
            return sign_offs.sign_roadmap(
                desk, by=account.name, role=role, note=note, accept_proposals=False, shown=shown.digest
            )
        step = sign_offs.sign_behavior if shown.kind == "behavior" else sign_offs.sign_pilot_plan
        return step(desk, by=account.name, role=role, note=note, shown=shown.digest)
    except SignOffError as error:
        if _as_it_is(load_desk(folder), ledger, shown).digest != shown.digest:  # changed between looking and signing
            raise _changed(shown) from error
        raise


def ask_to_sign(visit: Visit, subject: Subject, roles: list[str], on_done: Callable[[str], Awaitable[None]]) -> None:
    """Open the question before a signature.

    Args:
        roles: those this person may sign in.
        on_done: called with words to show on the page (empty after a signature), to draw it anew.
    """
    shown, title = Shown.of(subject), TITLES[subject.kind].lower()
    with ui.dialog() as dialog, ui.card().classes("ask"):
        looks.heading(f"Sign the {title}?")
        looks.text("You sign exactly what you were shown. If it was changed meanwhile, nothing is signed.")
        with ui.element("div").classes("row"):
            looks.text("Version", "muted")
            ui.label(shown.digest[:SHOWN_DIGITS]).classes("mono strong")
        role = ui.select(roles, value=roles[0], label="Sign as").props("outlined").classes("w-full")
        note = ui.textarea("Note (may stay empty)").props(f"outlined autogrow maxlength={NOTE_CHARS}").classes("w-full")

        async def step() -> None:
            account = visit.account(Role.APPROVER)
            try:
                said = await visit.work(
                    sign_shown,
                    visit.service.folder,
                    visit.service.ledger,
                    shown,
                    account,
                    str(role.value),
                    note.value or "",
                )
            except ChangedSinceShown as error:
                dialog.close()
                say(str(error), is_good=False)
                await on_done(str(error))
                return
            dialog.close()
            say("\n".join(said[-2:]))
            await on_done("")

        async def sign() -> None:
            button.disable()
            if not await visit.attempt(step):
                button.enable()

        with ui.element("div").classes("row").style("justify-content:flex-end"):
            ui.button("Cancel", on_click=dialog.close).props("flat")
            button = ui.button(f"Sign version {shown.digest[:SHOWN_DIGITS]}", icon="verified", on_click=sign)
    dialog.open()


def _as_it_is(desk: Desk, ledger: Ledger, shown: Shown) -> Subject:
    return (
        release_subject(desk, ledger, shown.digest)
        if shown.kind == "release"
        else read_subject(desk, ledger, shown.kind)
    )


def _changed(shown: Shown) -> ChangedSinceShown:
    return ChangedSinceShown(
        f"Nothing was signed: the {TITLES[shown.kind].lower()} was changed since you were shown version "
        f"{shown.digest[:SHOWN_DIGITS]}. Below is what stands there now; read it again, then sign."
    )
