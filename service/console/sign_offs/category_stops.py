"""Stopping one category of a running rollout, and which ones are stopped.

Belongs here: the card on the page of the pilot's plan, and which categories the verdict takes back while the agent still
answers them. Does not belong here: stopping everything, the share (``rollout``), the verdict itself (``pilot``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nicegui import ui

from desk.loading import Desk
from ledger.autonomy import category_holds
from ledger.pilots import CategoryStop, category_stops
from ledger.store import Ledger
from service.console import looks
from service.console.frame import Visit, say
from service.console.sign_offs import parts, share_steps
from service.console.sign_offs.living import Living
from service.console.sign_offs.rollout import REASON_CHARS, Rollout, read_rollout
from service.console.sign_offs.standing import NOBODY, day, listed, roles_among
from service.identity.account import Role

PATH = "/sign-offs/pilot"
OVER_ALL_TAKEN_BACK = "everything"


@dataclass(frozen=True)
class Stops:
    """How the categories stand. ``choices``: what the agent may still answer alone, names by id; ``stopped``: by category,
    the first stop; ``taken_back``: names of what the verdict takes back and the agent still answers."""

    rollout: Rollout
    choices: Mapping[str, str] = field(default_factory=dict)
    stopped: tuple[CategoryStop, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    taken_back: tuple[str, ...] = ()


def read_stops(desk: Desk, ledger: Ledger, rollout: Rollout) -> Stops:
    """The stops of the pilots that run, else of the one that is planned."""
    names = {one.id: one.name for one in desk.categories}
    plan = rollout.plan
    pilots = list(rollout.running) or ([plan.pilot_id] if plan else [])
    by_pilot = [category_stops(ledger, one) for one in pilots]
    stopped = {category: stop for found in reversed(by_pilot) for category, stop in found.items()}
    if not rollout.running:
        return Stops(rollout, stopped=tuple(stopped.values()), names=names)
    held = [category_holds(ledger, one) for one in pilots]
    everywhere = {name for found in held for name in found if all(name in other for other in held)}
    taken_back = _taken_back(desk, rollout, everywhere)
    wanted = set(plan.categories.ids) if plan and plan.pilot_id in rollout.running else set()
    wanted = (wanted or {one.id for one in desk.categories if one.bucket == "automate"}) | set(taken_back)
    choices = {one: names[one] for one in sorted(wanted, key=lambda one: names.get(one, one)) if one in names}
    choices = {one: words for one, words in choices.items() if one not in everywhere}
    said = tuple(names.get(one, one) for one in taken_back)
    return Stops(rollout, choices, tuple(stopped.values()), names, said)


def taken_back_in_words(names: tuple[str, ...]) -> str:
    """“The verdict takes Login and Export back, and the agent still answers them.”"""
    if OVER_ALL_TAKEN_BACK in names:
        return "The verdict takes everything back, and the agent still answers customers"
    many = "it" if len(names) == 1 else "them"
    return f"The verdict takes {listed(names)} back, and the agent still answers {many}"


def draw_category_stops(visit: Visit) -> None:
    """The card, where a rollout runs or a category was stopped; nothing otherwise."""

    def read() -> Stops:
        desk, ledger = visit.service.desk, visit.service.ledger
        return read_stops(desk, ledger, read_rollout(desk, ledger))

    def draw(found: Stops) -> None:
        if not found.rollout.running and not found.stopped:
            return
        with looks.card("Stop one category"):
            if found.taken_back:
                parts.problems(
                    f"{taken_back_in_words(found.taken_back)}.", ["Stop it here, or the whole rollout above."]
                )
            _offer(visit, found, living)
            if found.stopped:
                parts.minor("Stopped")
                rows = [
                    [found.names.get(one.category_id, one.category_id), day(one.occurred_at), one.by or NOBODY, one.reason or ""]
                    for one in found.stopped
                ]  # fmt: skip
                parts.table(["Category", "Since", "Who", "Why"], rows, "Stopped categories")

    living: Living[Stops] = Living(visit, read, draw, is_quiet=True)


def _offer(visit: Visit, found: Stops, living: Living[Stops]) -> None:
    roles = roles_among(visit.account(), found.rollout.signers)
    if not found.rollout.running:
        looks.text("No rollout runs. Begun again under the same pilot, it leaves out what was stopped.", "muted")
    elif not roles:
        looks.text("Stopping a category is for approvers who sign the pilot.", "muted")
    elif not found.choices:
        looks.text("Nothing is left to be stopped alone.", "muted")
    else:
        looks.text(
            "A stopped category is people's for as long as this pilot lasts: the agent drafts, and a person sends. The rest of "
            "the rollout goes on.",
            "muted",
        )  # fmt: skip
        ui.button("Stop a category …", icon="front_hand", on_click=lambda: _ask(visit, found, roles, living)) \
            .props("outline color=negative")  # fmt: skip


def _ask(visit: Visit, found: Stops, roles: list[str], living: Living[Stops]) -> None:
    with ui.dialog() as dialog, ui.card().classes("ask"):
        looks.heading("Stop which category?")
        looks.text("What of it was not sent yet is withheld. It cannot be begun again in this pilot.")
        category = ui.select(dict(found.choices), label="Category").props("outlined").classes("w-full")
        role = ui.select(roles, value=roles[0], label="As").props("outlined").classes("w-full")
        reason = ui.input("Why").props(f"outlined maxlength={REASON_CHARS}").classes("w-full")

        async def step() -> None:
            if category.value is None:
                say("Choose a category.", is_good=False)
                return
            account, chosen = visit.account(Role.APPROVER), str(category.value)
            said = await visit.work(
                share_steps.stop_category, visit.service.folder, account, chosen, role=str(role.value),
                reason=reason.value or "",
            )  # fmt: skip
            dialog.close()
            say(" ".join(said).replace(f"'{chosen}'", f"“{found.names.get(chosen, chosen)}”"))
            await living.refresh()

        async def stop() -> None:
            button.disable()
            await visit.attempt(step)
            button.enable()

        with ui.element("div").classes("row").style("justify-content:flex-end"):
            ui.button("Cancel", on_click=dialog.close).props("flat")
            button = ui.button("Stop this category", icon="front_hand", on_click=stop).props("color=negative")
    dialog.open()


def _taken_back(desk: Desk, rollout: Rollout, stopped: set[str]) -> list[str]:
    """Ids of categories that the last published verdict of a running pilot takes back and that are not stopped; only
    ``OVER_ALL_TAKEN_BACK`` where it takes back the whole."""
    from assets.pilot_agent.verdict.families import OVER_ALL
    from orchestration.lake import Lake

    verdicts = Lake(desk.home).previous("pilot_verdict")
    if verdicts is None or not rollout.running:
        return []
    bad = verdicts[verdicts["pilot_id"].isin(list(rollout.running)) & (verdicts["verdict"] == "roll_back")]
    groups = {str(one) for one in bad["group"]}
    left = groups - stopped - {OVER_ALL}
    if OVER_ALL in groups and (left or not groups - {OVER_ALL}):
        return [OVER_ALL_TAKEN_BACK]
    return sorted(left)
