"""``understudy report``: pages that people read, made from what lies in the lake and who has signed by now."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.audit_tickets.desk_tables import accepted_categories
from assets.audit_tickets.roadmap.build_roadmap import RoadmapSettings, build_roadmap
from assets.audit_tickets.roadmap.roadmap_page import PageDesk, render_roadmap_page
from assets.audit_tickets.roadmap.roadmap_words import PageSignature, PageSignOff
from desk.loading import Desk
from ledger.sign_offs import SignOffState, sign_off_state
from orchestration.lake import Lake, NotMaterialised, replacing
from orchestration.people.sign_offs import behavior_signatures, roadmap_decisions, roadmap_signatures
from orchestration.resources import DeskResource

if TYPE_CHECKING:
    from assets.pilot_agent.report.pilot_findings import PilotFindings
    from assets.retrain_agent.review_session.session_page import SessionFrames
    from ledger.store import Ledger

PILOT_TABLES = {
    "plan": "pilot_plan",
    "verdict": "pilot_verdict",
    "conditions": "pilot_conditions",
    "notes": "pilot_notes",
    "metrics": "pilot_metrics",
    "answers": "shadow_answers",
    "reviews": "answer_reviews",
    "assignments": "rollout_assignments",
    "replay": "replay_answers",
}
"""The parts of a pilot's findings, and the published tables they are read from."""
SESSION_TABLES = {
    "cases": "judged_answers",
    "failures": "failures",
    "patterns": "failure_patterns",
    "fixes": "fix_queue",
    "changes": "changes",
    "effects": "training_effects",
}
"""The parts of a review session, and the published tables they are read from."""


def write_roadmap_page(desk: Desk, output: Path | None) -> Path:
    """Write the roadmap page with the decisions and signatures as they stand; returns where.

    Raises:
        NotMaterialised: the stage has not been run yet.
    """
    resource = DeskResource(folder=str(desk.folder))
    lake = resource.lake
    published = lake.read("training_roadmap", ["as_of"])  # the page counts back from the moment the roadmap did
    tickets = lake.read("fct_tickets")
    result = build_roadmap(
        tickets,
        lake.read("fct_ticket_comments"),
        lake.read("redacted_comments"),
        lake.read("ticket_intents"),
        lake.read("category_candidates"),
        accepted_categories(desk.categories),
        lake.read("ticket_splits"),
        None,
        RoadmapSettings.of(desk.settings.audit),
        published["as_of"].iloc[0] if len(published) else resource.as_of(tickets),
    )
    sign_off = _page_sign_off(roadmap_signatures(desk), len(roadmap_decisions(desk)))
    html = render_roadmap_page(result, PageDesk(desk.settings.company, desk.settings.fictional), sign_off)
    return _written(html, output, lake.reports / "roadmap.html")


def write_behavior_page(desk: Desk, output: Path | None) -> Path:
    """Write the page of ``behavior.yaml`` as it stands, with its signatures; returns where.

    Raises:
        DeskError: there is no spec, or it has a mistake.
    """
    from assets.configure_behavior.behavior.behavior_page import PageState, render_behavior_page
    from assets.configure_behavior.behavior.diff_behavior import diff_behavior
    from orchestration.people import behavior_mining
    from orchestration.people.behavior_desk import entry_questions, problems_of, required_behavior, signed_before

    behavior = required_behavior(desk)
    lake = DeskResource(folder=str(desk.folder)).lake
    before = signed_before(desk, behavior)
    state = PageState(
        sign_off=_page_sign_off(behavior_signatures(desk, behavior), 1),
        problems=problems_of(desk, behavior),
        changes=diff_behavior(before.content, behavior) if before and before.content is not None else (),
        signed_before=before.subject_hash if before else None,
        mined=behavior_mining.kept(lake, behavior),
        entry_questions=entry_questions(desk),
    )
    html = render_behavior_page(behavior, PageDesk(desk.settings.company, desk.settings.fictional), state)
    return _written(html, output, lake.reports / "behavior.html")


def write_pilot_page(desk: Desk, output: Path | None) -> Path:
    """Write the page of the pilot as far as it is, with the signatures of its plan and the shares so far; returns where.

    Works at any time: what is not in the lake has not happened yet.
    """
    resource = DeskResource(folder=str(desk.folder))
    with resource.ledger as ledger:
        html = pilot_page(desk, ledger)
    return _written(html, output, resource.lake.reports / "pilot.html")


def pilot_page(desk: Desk, ledger: Ledger) -> str:
    """The page that ``write_pilot_page`` writes."""
    from assets.pilot_agent.report.pilot_page import render_pilot_page

    return render_pilot_page(pilot_findings(desk, ledger), PageDesk(desk.settings.company, desk.settings.fictional))


def pilot_findings(desk: Desk, ledger: Ledger) -> PilotFindings:
    """What the lake holds of the pilot, with the signatures of its plan and its shares as the ledger has them now."""
    from assets.pilot_agent.report.pilot_findings import shown_plan
    from ledger.autonomy import category_holds
    from ledger.pilots import share_changes

    findings = published_findings(desk)
    plan = shown_plan(findings.plan)
    if plan is None:
        return findings
    state = sign_off_state(ledger, "pilot", plan.pilot_hash, desk.settings.signers["pilot"])
    return replace(
        findings,
        sign_off=_page_sign_off(state, 1),
        share_changes=share_changes(ledger, plan.pilot_id),
        stopped_categories=tuple(category_holds(ledger, plan.pilot_id)),
    )


def write_session_page(desk: Desk, month: str | None, output: Path | None) -> Path:
    """Write the agenda of the review session of a month, with what is decided and said by now; returns where.

    Args:
        month: YYYY-MM; None: the last one that is over.

    Raises:
        MonthError: it is none. NotMaterialised: failures were never looked for.
    """
    from assets.retrain_agent.review_session.session_month import SessionMonth
    from assets.retrain_agent.review_session.session_page import render_session_page

    resource = DeskResource(folder=str(desk.folder))
    as_of = resource.as_of(resource.lake.read("fct_tickets", ["updated_at", "created_at"]))
    which = SessionMonth.of(as_of).before if month is None else SessionMonth.read(month)
    shown = PageDesk(desk.settings.company, desk.settings.fictional)
    html = render_session_page(session_frames(desk), which, shown, as_of)
    return _written(html, output, resource.lake.reports / f"review-{which}.html")


def session_frames(desk: Desk) -> SessionFrames:
    """What the last run published of failures and fixes, with decisions and insights as the ledger has them now.

    Raises:
        NotMaterialised: failures were never looked for.
    """
    from assets.pilot_agent.answers.frames import frame_of
    from assets.retrain_agent.frames import FIX
    from assets.retrain_agent.review_session.session_page import SessionFrames
    from ledger.fixes import fix_decisions
    from ledger.insights import insights

    resource = DeskResource(folder=str(desk.folder))
    lake = resource.lake
    try:
        frames = {part: lake.read(name) for part, name in SESSION_TABLES.items()}
    except NotMaterialised as error:
        raise NotMaterialised(
            "failures were not looked for yet, so there is nothing to review. Run: understudy run retrain_agent"
        ) from error
    with resource.ledger as ledger:
        decided, said = fix_decisions(ledger), insights(ledger)
    words = {str(row["fix_id"]): row for row in decided.to_dict("records")}
    rows = [{**row, **_decided(words.get(str(row["fix_id"])))} for row in frames["fixes"].to_dict("records")]
    frames["fixes"] = frame_of(rows, FIX)
    return SessionFrames(**frames, insights=said, category_names={one.id: one.name for one in desk.categories})


def _decided(word: dict[Hashable, Any] | None) -> dict[str, Any]:
    """What the last word on a fix, which may be newer than the queue, says of it."""
    return {} if word is None else {name: word[name] for name in ("status", "change_id", "decided_by", "decided_at")}


def published_findings(desk: Desk) -> PilotFindings:
    """What the last runs published of the pilot (``PILOT_TABLES``); what is not in the lake is empty."""
    from assets.pilot_agent.report.pilot_findings import PilotFindings

    lake = Lake(desk.home)
    there: dict[str, Any] = {
        part: frame for part, name in PILOT_TABLES.items() if (frame := lake.previous(name)) is not None
    }
    return PilotFindings(**there, category_names={one.id: one.name for one in desk.categories})


def _page_sign_off(state: SignOffState, count_decisions: int) -> PageSignOff:
    return PageSignOff(
        count_decisions=count_decisions,
        signatures=tuple(
            PageSignature(
                by=one.by or "an erased person", role=one.role, signed_at=one.occurred_at, note=one.note or ""
            )
            for one in state.signatures
        ),
        missing_roles=state.missing_roles,
        content_hash=state.subject_hash,
    )


def _written(html: str, output: Path | None, default: Path) -> Path:
    page = (output.expanduser() if output else default).absolute()
    with replacing(page) as temporary:
        temporary.write_text(html, encoding="utf-8")
    return page
