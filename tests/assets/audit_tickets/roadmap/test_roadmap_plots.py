"""Pictures are drawn for any roadmap, hold no text that runs, and label points without covering each other."""

import itertools
import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from assets.audit_tickets.roadmap.roadmap_plots import (
    BUCKET_COLOURS,
    as_png,
    as_svg,
    draw_ranked_volumes,
    draw_volume_by_complexity,
    draw_weeks_by_bucket,
)


def frame(count: int = 15, **changes: object) -> pd.DataFrame:
    rows = [
        {
            "category_id": f"c{i}",
            "name": f"Category number {i}",
            "kind": "candidate" if i == 3 else "category",
            "rank": i + 1,
            "is_top": True,
            "bucket": ["automate", "hybrid", "escalate"][i % 3],
            "count_tickets": 300 - 19 * i,
            "share_of_volume": 0.1,
            "tickets_per_month": 100.0 - 6 * i,
            "complexity": 0.3 + 0.01 * (i % 4),
            **changes,
        }
        for i in range(count)
    ]
    columns = [
        "name",
        "kind",
        "rank",
        "is_top",
        "bucket",
        "count_tickets",
        "share_of_volume",
        "tickets_per_month",
        "complexity",
    ]
    return pd.DataFrame(rows, columns=["category_id", *columns])


def weekly(weeks: int = 12) -> pd.DataFrame:
    starts = pd.date_range("2026-01-05", periods=weeks, freq="7D", tz="UTC")
    return pd.DataFrame(
        [(start, b, i) for i, start in enumerate(starts) for b in BUCKET_COLOURS],
        columns=["week_start", "bucket", "count_tickets"],
    )


@pytest.mark.parametrize("compact", [False, True])
def test_every_picture_is_svg_without_letters_links_or_scripts(compact: bool) -> None:
    for figure in (
        draw_ranked_volumes(frame(), compact),
        draw_volume_by_complexity(frame(), compact),
        draw_weeks_by_bucket(weekly(), compact),
    ):
        svg = as_svg(figure)
        tags = {element.tag.split("}")[-1] for element in ET.fromstring(svg).iter()}
        assert not tags & {"text", "script", "image", "foreignObject", "a"}
        assert as_png(figure).startswith(b"\x89PNG")
        assert len(as_png(figure)) < 80_000


def test_a_picture_is_the_same_bytes_twice() -> None:
    assert as_svg(draw_ranked_volumes(frame())) == as_svg(draw_ranked_volumes(frame()))


def test_hostile_names_are_drawn_and_stay_inert() -> None:
    name = "--> <script>alert(1)</script> $\\frac{1}{0}$ 🙂 名前 \n\x00"
    for draw in (draw_ranked_volumes, draw_volume_by_complexity):
        svg = as_svg(draw(frame(3, name=name)))
        assert "<script" not in svg
        ET.fromstring(svg)


@pytest.mark.parametrize("compact", [False, True])
def test_labels_cover_neither_each_other_nor_a_point(compact: bool) -> None:
    figure = draw_volume_by_complexity(frame(), compact)
    figure.canvas.draw()
    [axes] = figure.axes
    renderer = figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in axes.texts]
    assert len(boxes) >= 10
    assert not [1 for a, b in itertools.combinations(boxes, 2) if a.overlaps(b)]
    points = axes.transData.transform(axes.collections[0].get_offsets())
    assert not [1 for x, y in points for box in boxes if box.contains(x, y)]


def test_nothing_to_draw_is_still_a_picture() -> None:
    for figure in (
        draw_ranked_volumes(frame(0)),
        draw_volume_by_complexity(frame(0)),
        draw_weeks_by_bucket(weekly(0)),
        draw_volume_by_complexity(frame(2, complexity=float("nan"))),
    ):
        assert ET.fromstring(as_svg(figure)).tag.endswith("svg")


def test_colours_differ_in_lightness_for_colour_blind_eyes_and_grey_prints() -> None:
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2

    levels = sorted(lightness(BUCKET_COLOURS[b]) for b in ("automate", "hybrid", "escalate"))
    assert levels[1] - levels[0] > 0.1
    assert levels[2] - levels[1] > 0.1
