"""The part of the dashboard that shows the pilot's course: weeks, reasons to hand over, shares, and the replay.

Belongs here: laying out published figures. Does not belong here: which metrics there are (``trends``), drawing (``charts``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd
from nicegui import ui

from assets.pilot_agent.report import pilot_tables, pilot_words
from service.console import looks
from service.console.pilot import charts, trends
from service.console.pilot.figures import Live, Published
from service.console.pilot.parts import Part, chart, counts, details, short, table
from service.console.pilot.verdict_view import shadow_note


def draw_course(published: Published) -> None:
    """Rates by week, of a metric that the viewer chooses, and why tickets went to a person."""
    with looks.card("Week by week"):
        metrics = trends.measurable(published.measured)
        if not metrics:
            looks.text(f"Nothing is measured by week yet. {shadow_note(published)}", "text muted")
            return
        names = {metric.name: metric.title.replace("{kind}", published.measured.kind) for metric in metrics}
        chosen = ui.select(names, value=metrics[0].name, label="Figure").props("outlined dense").classes("pilot-choice")
        box = ui.element("div").classes("pilot-group")

        def draw() -> None:
            box.clear()
            with box:
                _weeks(published, next(one for one in metrics if one.name == chosen.value))

        chosen.on_value_change(draw)
        draw()
    if published.escalations:
        with looks.card("Why tickets went to a person"), ui.element("div").classes("pilot-pair"):
            for one in published.escalations:
                with ui.element("div").classes("pilot-group"):
                    _reasons(one)


def _weeks(published: Published, metric: trends.Metric) -> None:
    lines = trends.lines_of(published.measured, metric)
    kind = f" Resolved as registered: {published.measured.kind}." if "{kind}" in metric.name else ""
    counts(f"Unit: tickets. {metric.counts.capitalize()}, with 95 % intervals (Wilson, by requester).{kind}")
    said = " ".join(
        f"{line.name}: {'; '.join(point.says.replace(chr(10), ', ') for point in line.points)}." for line in lines
    )
    chart(charts.by_week(lines, metric.axis), f"{metric.title} by week. {said}")
    with details("Show the figures"):
        rows = [
            (
                line.name, point.week, f"{point.numerator:,} of {point.denominator:,}", f"{point.rate:.1%}",
                f"{100 * point.low:.1f} to {100 * point.high:.1f} %",
            )
            for line in lines
            for point in line.points
        ]  # fmt: skip
        table(f"{metric.title} by week", ("Who", "Week", "Tickets", "Share", "95 % interval"), rows, 3)


def _reasons(one: Mapping[str, Any]) -> None:
    ui.label(one["title"]).classes("strong")
    counts("Unit: tickets; share with its 95 % interval.")
    for row in one["rows"]:
        with ui.element("div").classes("pilot-reason"):
            ui.label(short(row["name"], 200)).classes("text")
            ui.label(f"{row['count']}: {row['rate']} ({row['interval']})").classes("muted small")
    if one["others"]:
        counts(f"And {pilot_words.count(one['others'], 'rarer reason')}.")


def draw_shares(now: Live, at: dt.datetime) -> Part:
    """The share of requesters the agent answers, over time; the part, to be given new figures."""
    return Part(now, lambda part: _shares(part, at), lambda now: (len(now.shares), list(now.stops)))


def _shares(part: Part, at: dt.datetime) -> None:
    shares = part.now.shares
    looks.heading("The agent's share of requesters")
    for category, one in part.now.stops.items():
        name = short(part.now.names.get(category, category))
        why = f": {short(one.reason, 400)}" if one.reason else ""
        looks.text(
            f"{name} was stopped on {pilot_words.moment(one.occurred_at)} by {one.by or 'an erased person'}{why}"
        )
    if not shares:
        looks.text("No share has been given to the agent yet: it answers nobody by itself. The first appears when the rollout begins.",
                   "text muted")  # fmt: skip
        return
    rows = pilot_words.share_changes(shares)
    counts("Unit: share of requesters drawn for the agent, as people set it; from the ledger, this minute.")
    said = "; ".join(f"{row['at']}: {row['what']} at {row['share']}" for row in rows)
    chart(charts.shares_over_time(shares, pd.Timestamp(at)), f"The share over time. {said}", "low")
    with details("Show the figures", part):
        cells = [
            (row["at"], row["what"], row["before"], row["share"], short(row["by"]), short(row["reason"], 400))
            for row in rows
        ]
        table("Changes of the share", ("When", "What", "From", "To", "Who", "Why"), cells)


def draw_replay(published: Published) -> None:
    """What the release would have done with past tickets."""
    with looks.card("Replay: past tickets, nothing was sent"):
        if not published.replay:
            looks.text(
                "No past ticket has been replayed yet. The replay appears after a run with a release.", "text muted"
            )
            return
        counts(f"Unit: {len(published.found.replay):,} past tickets that the release has never seen, laid beside what people did then. It decides "
               "nothing above.")  # fmt: skip
        if len(published.curve):
            ui.label("Wrong among answered, by how much is answered").classes("strong")
            steps = pilot_tables.coverage_rows(published.curve)
            said = "; ".join(f"answering {one['coverage']}: {one['risk']} wrong ({one['interval']})" for one in steps)
            chart(charts.risk_coverage(published.curve), f"Share wrong among answered, by share answered. {said}")
        else:
            looks.text("No past ticket's right answer could be told, so there is no curve.", "text muted")
            steps = []
        with details("Show the figures"):
            if steps:
                head = ("Answered", "Tickets", "Wrong among them", "95 % interval", "Least confidence")
                cells = [
                    [one[name] for name in ("coverage", "answered", "risk", "interval", "threshold")] for one in steps
                ]
                table("Risk and coverage of the replay", head, cells, 4)
            rows = [
                (row["title"], row["means"], row["count"], row["rate"], row["interval"]) for row in published.replay
            ]
            table("Replay, figures", ("Figure", "What is counted", "Tickets", "Share", "95 % interval"), rows, 3)
