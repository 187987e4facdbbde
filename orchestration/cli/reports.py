"""``understudy report``: pages that people read, made from what lies in the lake and who has signed by now."""

from pathlib import Path

from assets.audit_tickets.desk_tables import accepted_categories
from assets.audit_tickets.roadmap.build_roadmap import RoadmapSettings, build_roadmap
from assets.audit_tickets.roadmap.roadmap_page import PageDesk, render_roadmap_page
from assets.audit_tickets.roadmap.roadmap_words import PageSignature, PageSignOff
from desk.loading import Desk
from orchestration.cli.sign_offs import roadmap_decisions, roadmap_signatures
from orchestration.lake import replacing
from orchestration.resources import DeskResource


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
    state = roadmap_signatures(desk)
    sign_off = PageSignOff(
        count_decisions=len(roadmap_decisions(desk)),
        signatures=tuple(
            PageSignature(
                by=one.by or "an erased person", role=one.role, signed_at=one.occurred_at, note=one.note or ""
            )
            for one in state.signatures
        ),
        missing_roles=state.missing_roles,
        content_hash=state.subject_hash,
    )
    page = (output.expanduser() if output else lake.reports / "roadmap.html").absolute()
    with replacing(page) as temporary:
        temporary.write_text(
            render_roadmap_page(result, PageDesk(desk.settings.company, desk.settings.fictional), sign_off),
            encoding="utf-8",
        )
    return page
