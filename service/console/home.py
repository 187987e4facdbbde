"""``/``: what waits for this person, most urgent first, and how the desk stands.

Belongs here: the page. Does not belong here: counting (``waiting``), doing any of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from orchestration.last_runs import LastRuns, RedCheck, last_runs
from service.console import looks
from service.console.frame import Visit, page
from service.console.sign_offs import parts
from service.console.sign_offs.living import Living
from service.console.sign_offs.rollout import draw_stop
from service.console.sign_offs.standing import day
from service.console.waiting import (
    Desks,
    Waiting,
    nothing_waits,
    pilot_in_words,
    read_desk,
    release_in_words,
    waiting_for,
)
from service.identity.account import Role

JOBS = {
    "land_exports": "new exports",
    "audit_tickets": "the audit of tickets",
    "build_knowledge": "knowledge",
    "configure_behavior": "thresholds and release",
    "pilot_agent": "the pilot",
    "full_training": "everything",
    "retrain_agent": "failures and fixes",
    "weekly_micro_update": "the week's release",
    "monthly_retrain": "the month's retrain",
    "fixed_knowledge": "knowledge after fixes",
    "effects": "effects of changes",
    "sustain_learning": "what is learnt meanwhile",
    "monthly_learning_report": "the month's report",
    "quarterly_knowledge_audit": "the quarter's audit",
}
CHECKS_SHOWN = 6
STYLE = """
.waits { list-style:none; margin:0; padding:0; display:flex; flex-direction:column; } .wait { display:grid; grid-template-columns:minmax(36px,auto) minmax(0,1fr) auto; gap:12px; align-items:center; padding:12px 0; border-top:1px solid var(--line); } .wait:first-child { border-top:0; padding-top:0; } .wait:last-child { padding-bottom:0; }
.wait .many { font-size:24px; font-weight:650; line-height:1; text-align:left; font-variant-numeric:tabular-nums; } .wait .many.urgent { color:var(--bad); } .wait .go { white-space:nowrap; }
@media (max-width:520px) { .wait { grid-template-columns:44px minmax(0,1fr); } .wait .many { font-size:20px; } .wait .go { grid-column:2; } }
"""


@page("/", "Home")
async def home(visit: Visit) -> None:
    """What waits for this person."""
    parts.dress()
    ui.add_css(STYLE)
    draw_stop(visit)

    def read() -> Desks:
        refused = visit.service.release.refused if visit.service.release is not None else None
        return read_desk(visit.service.desk, visit.service.ledger, refused)

    def draw(desk: Desks) -> None:
        account = visit.account()
        lines = waiting_for(account, desk)
        with looks.card(f"What waits for you, {account.name.split()[0]}"):
            if lines:
                with ui.element("ul").classes("waits"):
                    for one in lines:
                        _line(one)
            else:
                with ui.element("div").classes("row"):
                    ui.icon("check_circle").props('aria-hidden="true"').classes("diff-add")
                    looks.text(nothing_waits(account, desk))
        with looks.card("How it stands"):
            with ui.element("div").classes("stack"):
                looks.text(release_in_words(desk))
                if desk.refused and not account.may(Role.APPROVER):
                    parts.problems("The server does not use the release that was made current:", [desk.refused])
                looks.text(pilot_in_words(desk))
            with ui.element("div").classes("row"):
                ui.link("The pilot's figures", "/pilot")
                ui.link("What the month taught", "/learning")
                ui.link("What is signed", "/sign-offs")
                if account.may(Role.APPROVER):
                    ui.link("Build the next release", "/builds")

    Living(visit, read, draw)
    Living(visit, lambda: last_runs(visit.service.desk), _draw_runs, is_quiet=True)


def _line(one: Waiting) -> None:
    with ui.element("li").classes("wait"):
        if one.count:
            ui.label(f"{one.count:,}").classes("many urgent" if one.is_urgent else "many")
        else:
            name = "priority_high" if one.is_urgent else "edit_note"
            with ui.element("div").classes("many urgent" if one.is_urgent else "many muted"):
                ui.icon(name).props('aria-hidden="true"')
        ui.label(parts.shown(one.words)).style("overflow-wrap:anywhere")
        ui.link(one.action, one.path).classes("go")


def _draw_runs(found: LastRuns | None) -> None:
    with looks.card("The last runs"):
        if found is None:
            looks.text("Nothing was run yet. Put an export into the inbox, then run: understudy run", "muted")
            return
        with ui.element("div").classes("stack"):
            for one in found.runs[:4]:
                with ui.element("div").classes("row"):
                    word, kind = (
                        ("running", "note")
                        if one.ended_at is None
                        else ("went well", "good")
                        if one.succeeded
                        else ("failed", "bad")
                    )
                    looks.chip(word, kind)
                    ended = f", {day(one.ended_at)}" if one.ended_at else ""
                    looks.text(f"{_job(one.job)}{ended}")
        if not found.red_checks:
            looks.text("Every check that ran is green.", "muted")
            return
        blocking = sum(one.is_blocking for one in found.red_checks)
        many = len(found.red_checks)
        forbids = f"{blocking} of them {'forbids' if blocking == 1 else 'forbid'}" if many > 1 else "it forbids"
        parts.minor(
            f"{many} {'check was' if many == 1 else 'checks were'} red when last run"
            f"{f'; {forbids} using the result' if blocking else ''}"
        )
        parts.folded(found.red_checks, _checks, "red checks", first=CHECKS_SHOWN)


def _checks(some: Sequence[RedCheck]) -> None:
    with ui.element("ul").classes("changes"):
        for one in some:
            with ui.element("li"):
                with ui.element("div").classes("row"):
                    looks.chip("forbids" if one.is_blocking else "warns", "bad" if one.is_blocking else "open")
                    looks.text(f"{one.asset.replace('_', ' ')}: not “{one.name.replace('_', ' ')}”")
                why = f": {parts.shown(one.why)[:400]}" if one.why else ""
                looks.text(f"As of {day(one.ran_at)}{why}", "muted small")


def _job(name: str) -> str:
    words = JOBS.get(name, name.replace("_", " "))
    return words[:1].upper() + words[1:]
