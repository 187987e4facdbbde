"""The roadmap as one self-contained HTML page for a support team.

Belongs here: what the template is filled with, and embedding pictures. Does not belong here: rendering, escaping and
the security policy (`pages`), sentences and number formats (`roadmap_words`), drawing (`roadmap_plots`), measuring.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from assets.audit_tickets.pages.self_contained_page import PageTemplates, render_page
from assets.audit_tickets.roadmap import roadmap_plots, roadmap_words
from assets.audit_tickets.roadmap.build_roadmap import RoadmapResult
from assets.audit_tickets.roadmap.roadmap_words import PageSignature, PageSignOff

__all__ = ["PageDesk", "PageSignOff", "PageSignature", "render_roadmap_page"]


@dataclass(frozen=True)
class PageDesk:
    """Whose roadmap it is. A fictional company is said to be one, on every page."""

    company: str
    fictional: bool = False


def render_roadmap_page(result: RoadmapResult, desk: PageDesk, sign_off: PageSignOff | None = None) -> str:
    """The page as one HTML text: no script, no font, image or style from elsewhere.

    Args:
        result: from `build_roadmap`. desk: name and the fictional flag.
        sign_off: the state of the signatures; without one the page says that nothing is decided.
    """
    return render_page(
        PageTemplates("assets.audit_tickets.roadmap", "roadmap.html.j2", "roadmap.css.j2"),
        roadmap_plots.BUCKET_COLOURS,
        desk=desk,
        sign_off=sign_off or PageSignOff(),
        totals=result.totals,
        rules=result.settings.rules,
        top=result.settings.top,
        headline=roadmap_words.headline(result),
        next_steps=roadmap_words.next_steps(result, sign_off or PageSignOff()),
        bot=roadmap_words.bot_in_words(result.totals.bot),
        pictures=_pictures(result),
        rows=[_row(dict(row), result) for row in result.frame.to_dict("records")],
        words=roadmap_words,
    )


def _pictures(result: RoadmapResult) -> list[dict[str, str]]:
    frame, weekly = result.frame, result.weekly
    return [
        {
            "title": title,
            "alt": alt,
            "wide": _data_uri(draw(data, False)),
            "narrow": _data_uri(draw(data, True)),
        }
        for title, alt, draw, data in (
            (
                f"The top {result.settings.top} by volume",
                "Bars of ticket counts by category, coloured by bucket; the table below has the same figures.",
                roadmap_plots.draw_ranked_volumes,
                frame,
            ),
            (
                "Where training pays: many tickets, little complexity (upper left)",
                "Tickets a month against complexity by category; the table below has the same figures.",
                roadmap_plots.draw_volume_by_complexity,
                frame,
            ),
            (
                "Week by week",
                "Tickets a week, stacked by bucket.",
                roadmap_plots.draw_weeks_by_bucket,
                weekly,
            ),
        )
    ]


def _data_uri(figure: Any) -> str:
    svg = roadmap_plots.as_svg(figure).encode("utf-8")
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode("ascii")


def _row(row: dict[Any, Any], result: RoadmapResult) -> dict[str, Any]:
    """A row of the frame with its anchor, its example tickets, and what the template tests for truth."""
    mine = result.examples[result.examples["category_id"] == row["category_id"]]
    digest = hashlib.sha256(str(row["category_id"]).encode("utf-8")).hexdigest()[:12]
    return {
        **row,
        "anchor": f"category-{digest}",
        "examples": mine.to_dict("records"),
        "training_order": None if row["training_order"] is roadmap_words.pd.NA else row["training_order"],
        "tier": None if row["tier"] is roadmap_words.pd.NA else row["tier"],
        "owner": row["owner"] if isinstance(row["owner"], str) else None,
        "decided_bucket": row["decided_bucket"] if isinstance(row["decided_bucket"], str) else None,
    }
