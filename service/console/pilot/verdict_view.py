"""The part of the dashboard that shows what the last run decided, and how far the pilot is.

Belongs here: laying out what ``report.pilot_words`` and ``report.pilot_tables`` say. Does not belong here: any judgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from assets.pilot_agent.report.pilot_words import count, day
from assets.pilot_agent.verdict.families import OVER_ALL, SMALL
from service.console import looks
from service.console.pilot.figures import Live, Published
from service.console.pilot.parts import Part, answers_path, counts, details, short, table
from service.console.sign_offs.category_stops import PATH as STOPS_PATH

CHIPS = {"expand": "good", "hold": "open", "roll_back": "bad", "keep_collecting": "note"}


def draw_headline(now: Live) -> Part:
    """How far the pilot is, in plain words, and as of when; the part, to be given new figures."""
    return Part(now, _headline, lambda now: (now.steps, now.headline, bool(now.not_judged), now.published.made_at))


def _headline(part: Part) -> None:
    now, published = part.now, part.now.published
    with ui.element("ol").classes("pilot-steps").props('aria-label="How far the pilot is"'):
        for step in now.steps:
            with ui.element("li").classes(step["state"].removeprefix("not ") if step["state"] != "not yet" else ""):
                ui.label(step["title"]).classes("step-title")
                ui.label(step["state"])
    for place, words in enumerate(now.headline):
        looks.text(words, "text pilot-lead" if not place else "text")
    if now.still_answered:
        ui.link("Stop what the verdict takes back", STOPS_PATH)
    for words in published.problems:
        looks.text(words, "text pilot-problem")
    if published.made_at is None:
        if published.plan is not None:
            looks.text(
                "No run has judged the pilot yet. A verdict appears here with the first run after the rollout began.",
                "text muted pilot-stamp",
            )
        return
    with ui.element("div").classes("pilot-stamp waiting" if now.not_judged else "pilot-stamp"):
        plan = published.plan
        data = f", over data up to {plan.as_of:%-d %B %Y, %H:%M} UTC" if plan is not None else ""
        looks.text(
            f"Verdict and conditions are as of the last run, {published.made_at:%-d %B %Y, %H:%M} UTC{data}.",
            "text small",
        )
        if now.not_judged:
            part.text(
                lambda now: (
                    f"{count(now.not_judged, 'review')} came in or changed since: counted under “Live now” already, in the "
                    "verdict with the next run."
                ),
                "text small strong",
            )


def draw_verdicts(published: Published) -> None:
    """Each group's verdict with the registered conditions it rests on, and the conditions as pictures."""
    if not published.verdicts:
        with looks.card("Verdict by category"):
            looks.text(
                "There is no verdict yet. It appears with the first run in which outcomes of the rollout are known.",
                "text muted",
            )
        return
    with looks.card("Verdict by category"):
        counts("Expand: every registered condition is shown. Hold: neither shown good enough nor shown worse. Roll back: shown "
               "worse than its margin, or a safety rule is broken. Keep collecting: too early or too little to say.")  # fmt: skip
        whole = next((row["lead"] for row in published.verdicts if row["is_whole"]), "")
        for row in published.verdicts:
            _verdict(row, "The same as over all." if row["lead"] == whole and not row["is_whole"] else row["lead"])
    with looks.card("Each condition against its margin"):
        counts("Unit: tickets, as drawn. Differences in points, agent minus the other, with 95 % intervals; the shaded ground is "
               "worse than what was registered as acceptable.")  # fmt: skip
        with ui.element("div").classes("pilot-forests"):
            for condition in published.conditions:
                with ui.element("div").classes("pilot-group"):
                    _condition(condition)
        if published.trust:
            with details("How far these figures can be trusted"):
                for words in published.trust:
                    looks.text(words, "text small")


def _verdict(row: Mapping[str, Any], lead: str) -> None:
    with ui.element("div").classes("pilot-verdict"):
        with ui.element("div").classes("pilot-group"):
            ui.label(short(str(row["group"]))).classes("name")
            with ui.element("div"):
                looks.chip(f"{row['mark']} {row['word']}", CHIPS[row["verdict"]])
            ui.label(_after(row)).classes("muted small")
            if row["group_id"] not in (OVER_ALL, SMALL):
                with ui.element("div").classes("small"):
                    ui.link("The answers behind it", answers_path(row["group_id"], is_sent=True))
        with ui.element("div").classes("pilot-group"):
            looks.text(lead)
            if row["results"]:
                with ui.element("ul").classes("pilot-results"):
                    for one in row["results"]:
                        with ui.element("li"):
                            ui.label(one["mark"]).classes(f"mark {one['result']}").props('aria-hidden="true"')
                            ui.label(f"{one['text']}: {one['says']}").classes("text")
            if row["would_decide"]:
                looks.text(f"What would decide: {row['would_decide']}", "text muted small")


def _after(row: Mapping[str, Any]) -> str:
    answered = f"{row['answered']:,} answered {'ticket' if row['answered'] == 1 else 'tickets'}"
    if row["weeks"] is None:
        return answered
    return f"{'decided after' if row['is_final'] else 'after'} {count(row['weeks'], 'week')} of rollout, {answered}"


def _condition(condition: Mapping[str, Any]) -> None:
    ui.label(condition["title"]).props('role="heading" aria-level="3"').classes("strong")
    # Two stand side by side where there is room, so the narrow picture is the right one at every width.
    image = ui.element("img").classes("pilot-forest")
    image.props["src"] = condition["picture"]["narrow"]
    image.props["alt"] = condition["picture"]["alt"]
    with details("Show the figures"):
        rows = [
            (
                short(row["label"]), _figure(row["ai"]), _figure(row["reference"]),
                " ".join(filter(None, (row["difference"], f"({row['interval']})" if row["interval"] else ""))),
                row["bar"], f"{row['p_value']} ({row['p_needed']})", f"{row['mark']} {row['says']}",
            )
            for row in condition["rows"]
        ]  # fmt: skip
        head = ("Group", "Agent", "Compared with", "Difference, points", "Margin", "p (needed)", "Result")
        table(f"{condition['title']}, figures", head, rows)
        if condition["members"]:
            looks.text(f"Small categories: {condition['members']}", "text muted small")


def _figure(one: Mapping[str, str]) -> str:
    return " ".join(filter(None, (one["rate"], f"({one['count']})" if one["count"] else "", one["interval"])))


def shadow_note(published: Published) -> str:
    """What must happen before anything is judged."""
    plan = published.plan
    if plan is None or not plan.is_signed:
        return "Weeks appear once the plan is signed and a run has drafted answers to new tickets."
    return f"Weeks appear with the first run after {day(plan.rollout_start)} in which outcomes of tickets are known."
