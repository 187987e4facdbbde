"""The part of the dashboard that shows reviewers' work as it happens.

Belongs here: how tags are shown. Does not belong here: counting them (``report.live_tags``), when to look again (``page``).
"""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from assets.pilot_agent.report.live_tags import Tagged
from assets.pilot_agent.report.pilot_words import count
from assets.pilot_agent.verdict.outcomes import REVIEWS
from service.console import looks
from service.console.pilot import charts, live_words
from service.console.pilot.figures import Live
from service.console.pilot.live_words import MARKS, TAG_WORDS
from service.console.pilot.parts import Part, answers_path, counted, details, short
from service.console.pilot.parts import counts as counts_line

UNKNOWN = "No known category"
CATEGORIES_SHOWN = 8
REASONS_SHOWN = 8
PAIRS_SHOWN = 6


def draw_live(now: Live) -> list[Part]:
    """Put the section on the page; its parts, to be given new figures."""
    parts = [
        Part(now, _tiles, lambda now: bool(now.tags.whole.answers)),
        Part(now, _quality, _quality_shape, "apart"),
    ]
    with ui.element("div").classes("pilot-pair"):
        parts.append(
            Part(now, _objections, lambda now: [name for name, _ in now.tags.reasons[:REASONS_SHOWN]], "apart")
        )
        with ui.element("div").classes("pilot-group"):
            parts.append(
                Part(
                    now,
                    _agreement,
                    lambda now: [(one.first, one.second) for one in now.tags.pairs[:PAIRS_SHOWN]],
                    "apart",
                )
            )
            parts.append(
                Part(now, _reviewers, lambda now: ([one.name for one in now.tags.reviewers], now.tags.days), "apart")
            )
    return parts


def _quality_shape(now: Live) -> object:
    every = (now.tags.whole, *now.tags.categories)
    return [(one.category_id, one.answers, one.answers > one.tagged) for one in every], now.names


def _tiles(part: Part) -> None:
    if not part.now.tags.whole.answers:
        looks.text(
            "There is no answer to tag yet. Answers appear here once the plan is signed, a release is current, and a run has "
            "drafted answers to new tickets.",
            "text muted",
        )
        return
    with ui.element("div").classes("pilot-tiles"):
        _tile(
            part, "Tagged", lambda now: live_words.of(now.tags.whole.tagged, now.tags.whole.answers), live_words.by_mode
        )
        _tile(part, "Correct", live_words.share_correct, live_words.correct_in_full)
        _tile(part, "Reviewers agree", live_words.agreed, live_words.agreed_in_full)
        _tile(part, "Newest tag", lambda now: live_words.last_day(now.tags), live_words.last_in_full)


def _tile(part: Part, title: str, figure: Callable[[Live], str], below: Callable[[Live], str]) -> None:
    with ui.element("div").classes("pilot-tile"):
        ui.label(title).classes("muted small")
        part.text(figure, "figure")
        part.text(below, "text muted small")


def _quality(part: Part) -> None:
    tags = part.now.tags
    if not tags.whole.answers:
        return
    looks.heading("Answer quality by category")
    counts_line(
        "Unit: answers. Where several people tagged one, the most severe tag counts. Every number leads to its answers."
    )
    with ui.element("div").classes("pilot-key").props('aria-hidden="true"'):
        for name in REVIEWS:
            with ui.element("div"):
                ui.element("div").classes(f"swatch {name}")
                ui.label(TAG_WORDS[name])
        with ui.element("div"):
            ui.element("div").classes("swatch interval")
            ui.label("95 % interval of the share correct")
    _row(part, "All answers", lambda now: now.tags.whole, is_whole=True)
    shown, others = tags.categories[:CATEGORIES_SHOWN], tags.categories[CATEGORIES_SHOWN:]
    for one in shown:
        _row(part, _name(part.now, one), _finder(one.category_id))
    if others:
        with (
            details(f"{len(others)} smaller {'category' if len(others) == 1 else 'categories'}", part),
            ui.element("div").classes("pilot-part"),
        ):
            for one in others:
                _row(part, _name(part.now, one), _finder(one.category_id))


def _finder(category_id: str | None) -> Callable[[Live], Tagged]:
    """A category by its id, whatever place it has by now."""
    return lambda now: next(one for one in now.tags.categories if one.category_id == category_id)


def _name(now: Live, one: Tagged) -> str:
    return short(now.names.get(str(one.category_id), str(one.category_id))) if one.category_id else UNKNOWN


def _row(part: Part, name: str, find: Callable[[Live], Tagged], *, is_whole: bool = False) -> None:
    category = find(part.now).category_id

    def width(tag: str) -> Callable[[Live], str]:
        return lambda now: f"width:{100 * find(now).by_tag[tag] / max(1, find(now).tagged):.2f}%"

    with ui.element("div").classes("pilot-row whole" if is_whole else "pilot-row"):
        ui.label(name).classes("name")
        bar = ui.element("div").classes("pilot-bar")
        part.spoken(bar, lambda now: f"{name}: {live_words.in_words(find(now))}")
        with bar:
            for tag in REVIEWS:
                part.style(ui.element("div").classes(f"piece {tag}"), width(tag))
            part.style(ui.element("div").classes("interval"), lambda now: live_words.whisker(find(now)))
        with ui.element("div").classes("says"):
            part.text(lambda now: live_words.rate(find(now)))
            part.text(lambda now: live_words.interval(find(now)), "muted")
        with ui.element("div").classes("behind"):
            for tag in REVIEWS:
                part.link(_counted(find, tag), answers_path(category, tag=tag))
            part.text(lambda now: f"of {find(now).tagged:,} tagged", "muted")
            if find(part.now).answers > find(part.now).tagged:
                part.link(
                    lambda now: f"{find(now).answers - find(now).tagged:,} not tagged yet",
                    answers_path(category, tag="untagged"),
                )


def _counted(find: Callable[[Live], Tagged], tag: str) -> Callable[[Live], str]:
    return lambda now: f"{MARKS[tag]} {find(now).by_tag[tag]:,} {TAG_WORDS[tag]}"


def _objections(part: Part) -> None:
    tags = part.now.tags
    if not tags.whole.answers:
        return
    looks.heading("What reviewers object to")
    if not tags.reasons:
        counts_line(
            "Nothing so far: a reason appears with the first answer that is tagged incorrect or needs improvement."
        )
        return
    counts_line("Unit: answers found fault with, by the reason of the most severe tag.")
    for name, _ in tags.reasons[:REASONS_SHOWN]:

        def times(now: Live, name: str = name) -> int:
            return dict(now.tags.reasons)[name]

        def said(now: Live, times: Callable[[Live], int] = times) -> str:
            return f"{times(now):,} of {now.tags.faulty:,}"

        def width(now: Live, times: Callable[[Live], int] = times) -> str:
            return f"width:{100 * times(now) / max(1, now.tags.faulty):.2f}%"

        counted(name.replace("_", " ").capitalize(), said, width, part)
    if (rest := len(tags.reasons) - REASONS_SHOWN) > 0:
        counts_line(f"And {count(rest, 'rarer reason')}.")


def _agreement(part: Part) -> None:
    if not part.now.tags.whole.answers:
        return
    looks.heading("Do reviewers see the same?")
    if not part.now.tags.pairs:
        counts_line(
            "No answer was tagged by two people so far. Agreement appears once a second person tags answers that somebody "
            "else has tagged."
        )
        return
    counts_line(
        "Unit: answers that both tagged. Kappa is agreement beyond chance: 1 is always alike, 0 no better than chance; with "
        "its 95 % interval."
    )
    for place in range(min(PAIRS_SHOWN, len(part.now.tags.pairs))):
        part.text(_pair(place))
    if (rest := len(part.now.tags.pairs) - PAIRS_SHOWN) > 0:
        counts_line(f"And {count(rest, 'other pair')} with fewer answers in common.")


def _pair(place: int) -> Callable[[Live], str]:
    def said(now: Live) -> str:
        one = now.tags.pairs[place]
        return f"{short(one.first)} and {short(one.second)}: {live_words.alike(one)}"

    return said


def _reviewers(part: Part) -> None:
    tags = part.now.tags
    if not tags.reviewers:
        return
    looks.heading("Tags by reviewer and day")
    counts_line(
        f"Unit: tags that stand; an answer that two people tagged counts for both. Days on which somebody tagged, the last {len(tags.days)}."
    )
    part.chart(
        lambda now: charts.tags_by_day(now.tags),
        lambda now: (
            "Tags by day and reviewer. "
            + "; ".join(f"{short(one.name)}: {one.total:,}" for one in now.tags.reviewers[: charts.REVIEWERS_SHOWN])
        ),
        "low",
    )
    with details("Show the figures", part), ui.element("div").classes("scroll") as around:
        around.props["tabindex"] = "0"
        around.props["role"] = "region"
        around.props["aria-label"] = "Tags by reviewer"
        with ui.element("table").classes("table pilot-table"):
            with ui.element("thead"), ui.element("tr"):
                for title in (
                    "Reviewer",
                    *(TAG_WORDS[tag].capitalize() for tag in REVIEWS),
                    "All",
                    *(f"{day:%-d %b}" for day in tags.days),
                ):
                    with ui.element("th").props("scope=col").classes("" if title == "Reviewer" else "number"):
                        ui.label(title)
            with ui.element("tbody"):
                for place, one in enumerate(tags.reviewers):
                    with ui.element("tr"):
                        with ui.element("th").props("scope=row"):
                            ui.label(short(one.name))
                        for read in _cells(place, len(tags.days)):
                            with ui.element("td").classes("number"):
                                part.text(read, "")


def _cells(place: int, days: int) -> list[Callable[[Live], str]]:
    def by_tag(tag: str) -> Callable[[Live], str]:
        return lambda now: f"{now.tags.reviewers[place].by_tag[tag]:,}"

    def by_day(day: int) -> Callable[[Live], str]:
        return lambda now: f"{now.tags.reviewers[place].by_day[day]:,}"

    return [*map(by_tag, REVIEWS), lambda now: f"{now.tags.reviewers[place].total:,}", *map(by_day, range(days))]
