"""The share of customers the agent answers: what it is, changing it, and the stop that always works.

Belongs here: the two cards. Does not belong here: what must hold before a share is raised (``orchestration.pilots``), the
pilot's figures (``pilot``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nicegui import ui

from desk.loading import Desk, DeskError
from desk.pilot import PilotFile
from ledger.pilots import ShareChange, ShareChangedError, current_share, running_pilots, share_changes
from ledger.store import Ledger
from service.console import looks
from service.console.frame import Visit, say
from service.console.sign_offs import parts, share_steps
from service.console.sign_offs.living import Living
from service.console.sign_offs.plan_words import percent
from service.console.sign_offs.standing import NOBODY, day, listed, roles_among
from service.console.sign_offs.subjects import unchanged_plan
from service.identity.account import Role

REASON_CHARS = 2_000
SECONDS_TO_READ = 1.5
"""What was done is said before the page, whose every part may have changed, is loaded anew."""


@dataclass(frozen=True)
class Rollout:
    """``running``: the share by pilot, above 0 only. ``plan`` is None where there is none, or none that can be read."""

    running: dict[str, float]
    plan: PilotFile | None = None
    shares: tuple[ShareChange, ...] = ()
    signers: tuple[str, ...] = ()


def read_rollout(desk: Desk, ledger: Ledger) -> Rollout:
    """How the rollout stands; a broken plan hides nothing of what runs."""
    running = {name: current_share(ledger, name) or 0.0 for name in running_pilots(ledger)}
    try:
        plan = unchanged_plan(desk)
    except DeskError:
        plan = None
    shares = tuple(share_changes(ledger, plan.pilot_id)) if plan else ()
    return Rollout(running, plan, shares, tuple(desk.settings.signers.get("pilot", [])))


def share_in_words(found: Rollout) -> str:
    """One sentence on who answers customers now."""
    if found.running:
        parts_ = [f"{percent(share)} of customers (pilot “{name}”)" for name, share in found.running.items()]
        return f"The agent answers {listed(parts_)} now."
    if any(one.share > 0 for one in found.shares):
        return "The rollout is stopped: the agent answers nobody, and every ticket is people's."
    return "The rollout has not begun: the agent answers nobody by itself."


def draw_stop(visit: Visit) -> None:
    """The red card, as long as a rollout runs; nothing otherwise."""

    def read() -> Rollout:
        return read_rollout(visit.service.desk, visit.service.ledger)

    def draw(found: Rollout) -> None:
        if not found.running:
            return
        account = visit.account()
        roles = roles_among(account, found.signers)
        with looks.card(), ui.element("div").classes("spread"):
            with ui.element("div").classes("row grow").style("min-width:220px"):
                looks.chip("rollout runs", "open")
                looks.text(share_in_words(found))
            if roles:
                ui.button("Stop now …", icon="front_hand", on_click=lambda: _ask_to_stop(visit, roles)) \
                    .props("color=negative")  # fmt: skip
            else:
                looks.text("If something is wrong, tell an approver: they can stop it here at once.", "muted small")

    Living(visit, read, draw, is_quiet=True)


def draw_rollout(visit: Visit) -> None:
    """The share now, changing it, and every share so far."""
    refused: list[str] = []

    def read() -> Rollout:
        return read_rollout(visit.service.desk, visit.service.ledger)

    def draw(found: Rollout) -> None:
        with looks.card("Share of customers"):
            looks.text(share_in_words(found), "strong")
            if refused:
                parts.problems(refused[0], refused[1:])
            roles = roles_among(visit.account(), found.signers)
            if found.plan is None:
                looks.text("There is no plan that can be read, so no share can be set.", "muted")
            elif roles:
                _form(visit, found, found.plan, roles, refused, living.refresh)
            else:
                looks.text("Setting the share is for approvers who sign the pilot.", "muted")
            if found.shares:
                parts.minor("So far")
                rows = [
                    [
                        day(one.occurred_at),
                        percent(one.share) if one.share else "stopped",
                        one.by or NOBODY,
                        one.reason or "",
                    ]
                    for one in reversed(found.shares)
                ]
                parts.table(["From", "Share", "Who", "Why"], rows, "Shares so far")

    living: Living[Rollout] = Living(visit, read, draw)


def refusal_lines(words: str) -> list[str]:
    """A refusal with its reasons, as a heading and a list."""
    first, *rest = words.split("\n")
    return [first[:1].upper() + first[1:], *(line.strip().removeprefix("- ") for line in rest if line.strip())]


def _form(
    visit: Visit, found: Rollout, plan: PilotFile, roles: list[str], refused: list[str], refresh: Callable[[], Any]
) -> None:
    now = found.running.get(plan.pilot_id)
    low, high = plan.share_range.low, plan.share_range.high
    looks.text(f"The plan allows {percent(low)} to {percent(high)}.", "muted")
    with ui.element("div").classes("row").style("align-items:flex-start"):
        share = ui.number("Share in %", value=round((now or plan.rollout_share) * 100, 4), min=0, max=100, step=1) \
            .props("outlined dense").style("width:130px")  # fmt: skip
        role = ui.select(roles, value=roles[0], label="As").props("outlined dense").style("min-width:160px")
        reason = (
            ui.input("Why").props(f"outlined dense maxlength={REASON_CHARS}").classes("grow").style("min-width:200px")
        )

    seen = found.shares[-1].sequence if found.shares else 0

    async def step(wanted: float, as_role: str, why: str) -> None:
        from orchestration.pilots import PilotError

        account = visit.account(Role.APPROVER)
        refused.clear()
        try:
            said = await visit.work(
                share_steps.change_shown_share, visit.service.folder, account, plan.pilot_id, wanted / 100, role=as_role, reason=why,
                seen=seen,
            )  # fmt: skip
        except (PilotError, ShareChangedError) as error:
            refused[:] = refusal_lines(str(error))
            say(refused[0], is_good=False)
            await refresh()
            return
        say(" ".join(said))
        ui.timer(SECONDS_TO_READ, ui.navigate.reload, once=True)

    async def ask() -> None:
        if share.value is None or not (reason.value or "").strip():
            say("Give a share and say why; both stand in the record.", is_good=False)
            return
        # What is confirmed is what the question says, whatever comes from the fields behind it.
        asked = (float(share.value), str(role.value), str(reason.value))
        wanted = asked[0]
        with ui.dialog() as dialog, ui.card().classes("ask"):
            looks.heading(f"Give the agent {wanted:g} % of customers?" if wanted else "Stop the rollout?")
            looks.text(
                "It answers them by itself from now on, each customer always the same way. You can stop it at any time."
                if wanted
                else "This stops the rollout: nothing more is sent."
            )

            async def confirmed() -> None:
                dialog.close()
                await visit.attempt(lambda: step(*asked))

            with ui.element("div").classes("row").style("justify-content:flex-end"):
                ui.button("Cancel", on_click=dialog.close).props("flat")
                ui.button(f"Set {wanted:g} %" if wanted else "Stop now", on_click=confirmed)
        dialog.open()

    ui.button("Change the share …" if now else "Begin the rollout …", on_click=ask)


def _ask_to_stop(visit: Visit, roles: list[str]) -> None:
    with ui.dialog() as dialog, ui.card().classes("ask"):
        looks.heading("Stop the rollout now?")
        looks.text("From this moment nothing more is sent, and every new ticket is people's. What was sent stays sent.")
        role = ui.select(roles, value=roles[0], label="As").props("outlined").classes("w-full")
        reason = ui.input("Why").props(f"outlined maxlength={REASON_CHARS}").classes("w-full")

        async def step() -> None:
            account = visit.account(Role.APPROVER)
            said = await visit.work(
                share_steps.stop_everything, visit.service.folder, account, role=str(role.value),
                reason=reason.value or "",
            )  # fmt: skip
            dialog.close()
            say(" ".join(said))
            ui.timer(SECONDS_TO_READ, ui.navigate.reload, once=True)

        with ui.element("div").classes("row").style("justify-content:flex-end"):
            ui.button("Cancel", on_click=dialog.close).props("flat")
            ui.button("Stop now", icon="front_hand", on_click=lambda: visit.attempt(step)).props("color=negative")
    dialog.open()
