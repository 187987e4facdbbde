"""The pilot as one self-contained HTML page for support leads and auditors.

Belongs here: what the template is filled with, and the pictures as PNG for asset metadata. Does not belong here:
sentences (``pilot_words``), tables (``pilot_tables``, ``metric_tables``), drawing (``pilot_plots``), rendering, escaping
and the security policy (``audit_tickets.pages``), judging (``verdict``).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from assets.audit_tickets.pages.self_contained_page import PageTemplates, render_page
from assets.audit_tickets.roadmap.roadmap_page import PageDesk
from assets.audit_tickets.roadmap.roadmap_plots import BUCKET_COLOURS, as_png, as_svg
from assets.audit_tickets.roadmap.roadmap_words import PageSignature, PageSignOff
from assets.pilot_agent.answers.replay_metrics import replay_curve
from assets.pilot_agent.report import pilot_plots, pilot_tables, pilot_words
from assets.pilot_agent.report.metric_tables import Measured
from assets.pilot_agent.report.pilot_findings import PLAN_NOTE, PilotFindings, ShownPlan, of_pilot, shown_plan, stage_of
from assets.pilot_agent.report.worth_reading import worth_reading

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "PageDesk",
    "PageSignOff",
    "PageSignature",
    "PilotFindings",
    "drawn_conditions",
    "measured",
    "pilot_pictures",
    "render_pilot_page",
]

TEMPLATES = PageTemplates("assets.pilot_agent.report", "pilot.html.j2", "pilot.css.j2")


def render_pilot_page(findings: PilotFindings, desk: PageDesk) -> str:
    """The page as one HTML text: no script, no font, image or style from elsewhere.

    Whatever has not happened yet is said, and nothing is shown in its place.
    """
    plan = shown_plan(findings.plan)
    found = findings if plan is None else of_pilot(findings, plan)
    stage = stage_of(plan, found.verdict)
    figures = measured(found, plan)
    curve = replay_curve(found.replay)
    return render_page(
        TEMPLATES,
        BUCKET_COLOURS,
        desk=desk,
        found=found,
        plan=plan,
        stage=stage,
        sign_off=found.sign_off,
        steps=pilot_words.steps(stage),
        headline=pilot_words.headline(found, plan, stage),
        problems=pilot_tables.sentences(found.notes, PLAN_NOTE),
        verdicts=pilot_tables.verdict_rows(found),
        changes=pilot_words.share_changes(found.share_changes),
        releases=pilot_tables.releases(found.answers),
        conditions=drawn_conditions(found),
        measured=figures,
        escalation_reasons=pilot_tables.escalation_reasons(found.metrics),
        weekly=_weekly(figures),
        draw=pilot_tables.draw_rows(found.assignments),
        tags=pilot_tables.tag_rows(found),
        review_reasons=pilot_tables.review_reasons(found),
        replay=pilot_tables.replay_rows(found.replay),
        replay_picture=_both_widths(pilot_plots.draw_risk_coverage, curve) if len(curve) else None,
        replay_steps=pilot_tables.coverage_rows(curve),
        answers=worth_reading(found.answers, found.reviews),
        words=pilot_words,
        tables=pilot_tables,
    )


def pilot_pictures(findings: PilotFindings) -> Mapping[str, bytes]:
    """The page's pictures as PNG by name, for asset metadata: each condition, rates by week, the replay's curve."""
    plan = shown_plan(findings.plan)
    found = findings if plan is None else of_pilot(findings, plan)
    drawn = {one["name"]: pilot_plots.draw_condition(one["frame"]) for one in pilot_tables.condition_groups(found)}
    for title, axis, lines in measured(found, plan).weekly():
        drawn[f"{title.lower().replace(' ', '_')}_by_week"] = pilot_plots.draw_weeks(lines, axis)
    if len(curve := replay_curve(found.replay)):
        drawn["replay_risk_coverage"] = pilot_plots.draw_risk_coverage(curve)
    return {name: as_png(figure) for name, figure in drawn.items()}


def drawn_conditions(found: PilotFindings) -> list[dict[str, Any]]:
    """``condition_groups`` of a pilot's rows, each with a ``picture``: the data URIs wide and narrow, and alt in words."""
    return [{**one, "picture": _condition_picture(one)} for one in pilot_tables.condition_groups(found)]


def measured(found: PilotFindings, plan: ShownPlan | None) -> Measured:
    """The published metrics of a pilot's rows, with the kind of resolution its plan registers."""
    pilot = None if plan is None else plan.pilot
    return Measured(found.metrics, None if pilot is None else pilot.resolution_kind)


def _condition_picture(group: Mapping[str, Any]) -> dict[str, str]:
    labels = ", ".join(f"{row['label']} {row['says']}" for row in group["rows"][:8])
    return {
        "alt": f"{group['title']}, each group with its interval and the margin: {labels}. The table below has the same "
        "figures.",
        **_both_widths(pilot_plots.draw_condition, group["frame"]),
    }


def _weekly(figures: Measured) -> list[dict[str, str]]:
    return [
        {
            "title": title,
            "alt": f"{title} by week with 95 % intervals: {' and '.join(name for name, _, frame in lines if len(frame))}. "
            "The table “By week” has the same figures.",
            "picture": _data_uri(pilot_plots.draw_weeks(lines, axis)),
        }
        for title, axis, lines in figures.weekly()
    ]


def _both_widths(draw: Any, frame: Any) -> dict[str, str]:
    return {"wide": _data_uri(draw(frame)), "narrow": _data_uri(draw(frame, compact=True))}


def _data_uri(figure: Figure) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(as_svg(figure).encode("utf-8")).decode("ascii")
