"""The roadmap as one self-contained HTML page for a support team.

Belongs here: filling the template, embedding pictures and styles, and the content security policy. Does not belong
here: sentences and number formats (`roadmap_words`), drawing (`roadmap_plots`), measuring.

Names and ticket texts are hostile input: everything is escaped by the template engine, pictures are data URIs, and
the policy allows nothing but them and one style block named by its hash: no script, no network, no form.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

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
    from jinja2 import Environment, StrictUndefined

    sign_off = sign_off or PageSignOff()
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    style = environment.from_string(_template("roadmap.css.j2")).render(colours=roadmap_plots.BUCKET_COLOURS)
    page = environment.from_string(_template("roadmap.html.j2"))
    return page.render(
        style=_Trusted(style),
        policy=_policy(style),
        desk=desk,
        sign_off=sign_off,
        totals=result.totals,
        rules=result.settings.rules,
        top=result.settings.top,
        headline=roadmap_words.headline(result),
        next_steps=roadmap_words.next_steps(result, sign_off),
        bot=roadmap_words.bot_in_words(result.totals.bot),
        pictures=_pictures(result),
        rows=[_row(dict(row), result) for row in result.frame.to_dict("records")],
        words=roadmap_words,
    )


class _Trusted:
    """Our own style sheet, the one text the template may insert unescaped."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __html__(self) -> str:
        return self.text


def _template(name: str) -> str:
    return (files("assets.audit_tickets.roadmap") / "templates" / name).read_text(encoding="utf-8")


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


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
