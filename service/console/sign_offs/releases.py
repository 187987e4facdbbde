"""All releases on a page: which is current, which was, who signed; making one current, and going back.

Belongs here: the list and the two buttons. Does not belong here: one release in detail (``release_summary``), the work
itself (``activating``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nicegui import ui

from desk.loading import Desk
from ledger.store import Ledger
from service.console import looks
from service.console.frame import Visit, say
from service.console.sign_offs import activating, parts
from service.console.sign_offs.living import Living
from service.console.sign_offs.release_summary import day_of
from service.console.sign_offs.standing import NOBODY, day, listed, role_now, roles_among
from service.identity.account import Role

if TYPE_CHECKING:
    from assets.audit_tickets.vectors.encoder import Encoder

NOTE_CHARS = 2_000
POLL_SECONDS = 0.5


@dataclass(frozen=True)
class Row:
    """One release as the list shows it. ``problem`` is why its folder cannot be read."""

    release_id: str
    data_until: str = ""
    count_entries: int = 0
    built: float = 0.0
    signed_by: tuple[str, ...] = ()
    missing_roles: tuple[str, ...] = ()
    is_current: bool = False
    since: str = ""
    was_current: bool = False
    problem: str = ""


@dataclass(frozen=True)
class Listed:
    """The releases, whether there is one to go back to, the roles that sign them, and which is current (empty: none)."""

    rows: list[Row]
    can_go_back: bool
    signers: list[str]
    current_id: str = ""


def release_rows(desk: Desk, ledger: Ledger) -> list[Row]:
    """The releases of a desk, the last built first."""
    from assets.configure_behavior.releases.saved_release import ReleaseError, read_manifest, release_folders
    from ledger.releases import activations
    from ledger.sign_offs import sign_off_state
    from orchestration.releases import releases_folder, status_file

    made = activations(ledger)
    current = made[-1] if made else None
    was = {one.release_id for one in made[:-1]}
    rows = []
    for folder in release_folders(releases_folder(desk)):
        state = sign_off_state(ledger, "release", folder.name, desk.settings.signers.get("release", []))
        data_until, count, problem = "", 0, ""
        try:
            recipe = read_manifest(folder)["recipe"]
            data_until, count = day_of(str(recipe["as_of"])), len(recipe["entries"])
        except ReleaseError as error:
            problem = str(error)
        status = status_file(folder.parent, folder.name)
        is_current = current is not None and current.release_id == folder.name
        rows.append(
            Row(
                folder.name, data_until, count, status.stat().st_mtime if status.is_file() else 0.0,
                tuple(one.by or NOBODY for one in state.signatures), state.missing_roles, is_current,
                day(current.occurred_at) if is_current and current else "", folder.name in was, problem,
            )
        )  # fmt: skip
    return sorted(rows, key=lambda one: (one.built, one.release_id), reverse=True)


def draw_releases(visit: Visit, only: str = "") -> Living[Listed]:
    """The list of releases with its buttons; ``only`` leaves the others out, on the page of one. To be read anew when one
    was signed."""

    def read() -> Listed:
        from assets.configure_behavior.releases.saved_release import ReleaseError
        from ledger.releases import current_release, releases_before
        from orchestration.releases import folder_of

        desk, ledger = visit.service.desk, visit.service.ledger
        # Before the list: what is confirmed is compared with this, and must not be newer than what was shown.
        current = current_release(ledger)
        rows = release_rows(desk, ledger)
        if only:
            try:
                wanted = folder_of(desk, only).name
            except ReleaseError:  # the part above says so
                wanted = ""
            rows = [one for one in rows if one.release_id == wanted]
        signers = desk.settings.signers.get("release", [])
        return Listed(rows, bool(releases_before(ledger)), signers, current.release_id if current else "")

    def draw(found: Listed) -> None:
        rows = found.rows
        if only and not rows:
            return
        with looks.card("Use it" if only else "All releases"):
            _progress(visit, living.refresh)
            if visit.service.release is not None and (refused := visit.service.release.refused):
                parts.problems("The server does not use the release that was made current:", [refused])
            if not rows:
                looks.text("No release was built yet.", "muted")
                ui.link("Build the next release", "/builds")
                return
            roles = roles_among(visit.account(), found.signers)
            ask = partial(_ask, visit, roles, found.current_id, living.refresh)
            parts.folded(rows, partial(_table, roles, ask), "releases", first=12)
            if found.can_go_back and roles and not only:
                ui.button("Go back to the one before …", icon="undo", on_click=lambda: ask(None)) \
                    .props("outline color=negative")  # fmt: skip
            if not roles:
                looks.text("Making a release current is for approvers who sign releases.", "muted")

    living: Living[Listed] = Living(visit, read, draw)
    return living


def encoder_loader(folder: Path) -> Callable[[], Encoder]:
    """Loads the desk's encoder for a check. Not the one that decides: its tokenizer may not be used by two threads at once."""

    def load() -> Encoder:
        from orchestration.resources import DeskResource, EncoderResource

        return EncoderResource(desk=DeskResource(folder=str(folder))).load()

    return load


def _table(roles: list[str], ask: Callable[[Row | None], None], rows: list[Row]) -> None:
    def state(row: Row) -> None:
        with ui.element("div").classes("row"):
            if row.problem:
                looks.chip("cannot be read", "bad")
                looks.text(parts.shown(row.problem), "small")
            elif row.is_current:
                looks.chip("current", "good")
                looks.text(f"since {row.since}", "small muted")
            elif row.was_current:
                looks.chip("was current")
            if row.missing_roles:
                looks.chip("to be signed", "open")
                looks.text(f"by {listed(row.missing_roles)}", "small muted")
            elif not row.problem:
                looks.chip("signed", "good")

    def name(row: Row) -> None:
        ui.link(row.release_id[:12], f"/sign-offs/release/{row.release_id}").classes("mono").style("white-space:nowrap")

    def action(row: Row) -> None:
        if row.is_current or row.problem or not roles:
            ui.label("")
        elif row.missing_roles:
            looks.text("sign it first", "muted small")
        else:
            ui.button("Make current …", on_click=lambda: ask(row)).props("dense outline")

    cells: list[list[parts.Cell]] = [
        [partial(name, row), row.data_until, f"{row.count_entries:,}", partial(state, row), partial(action, row)]
        for row in rows
    ]
    parts.table(["Release", "Data until", "Entries", "Stands", "Make current"], cells, "Releases")


def _ask(visit: Visit, roles: list[str], current_id: str, refresh: Callable[[], Any], row: Row | None) -> None:
    with ui.dialog() as dialog, ui.card().classes("ask"):
        if row is None:
            looks.heading("Go back to the release before?")
            looks.text(
                f"Release {current_id[:12]} is current. The last valid one before it answers customers again, as soon as it is checked. Entries "
                "that are no longer live do not hold it back."
            )
        else:
            looks.heading(f"Make release {row.release_id[:12]} current?")
            looks.text(
                f"Its {row.count_entries:,} entries answer customers as soon as it is checked: every file is compared and "
                "the past tickets frozen with it are decided again. That takes seconds."
            )
        role = ui.select(roles, value=roles[0], label="As").props("outlined").classes("w-full")
        note = ui.input("Why (may stay empty)").props(f"outlined maxlength={NOTE_CHARS}").classes("w-full")

        async def step() -> None:
            desk = await visit.work(lambda: visit.service.desk)
            account = visit.account(Role.APPROVER)
            as_role = role_now(account, role.value, desk.settings.signers.get("release", []))
            activating.start_change(
                visit.service.folder, encoder_loader(visit.service.folder), by=account.name, role=as_role,
                note=note.value or "", release_id=row.release_id if row else None, instead_of=current_id,
            )  # fmt: skip
            dialog.close()
            await refresh()

        with ui.element("div").classes("row").style("justify-content:flex-end"):
            ui.button("Cancel", on_click=dialog.close).props("flat")
            words = "Go back" if row is None else f"Make {row.release_id[:12]} current"
            ui.button(words, on_click=lambda: visit.attempt(step)).props("" if row else "color=negative")
    dialog.open()


def _progress(visit: Visit, refresh: Callable[[], Any]) -> None:
    """What a change that runs is at, and what the last one came to."""
    change = activating.change_of(visit.service.folder)
    if change is None:
        return
    if change.state == "running":
        with ui.element("div").classes("notice row").props("role=status"):
            ui.spinner(size="sm")
            words = ui.label(change.in_words).classes("grow")

        async def look() -> None:
            words.set_text(change.in_words)
            if change.state != "running":
                timer.deactivate()
                if change.state == "done":
                    say(change.said[0])
                else:
                    say("The current release stays as it was; the list of releases says why.", is_good=False)
                await refresh()

        timer = ui.timer(POLL_SECONDS, look)
        return
    if change.state == "refused":
        parts.problems(change.said[0][:1].upper() + change.said[0][1:], change.said[1:])
    else:
        parts.notice("\n".join(change.said))

    async def forget() -> None:
        activating.forget(visit.service.folder, change)
        await refresh()

    ui.button("Understood", on_click=forget).props("flat dense")
