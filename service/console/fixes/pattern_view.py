"""What goes wrong, as a fix's page shows it: the pattern in figures, and its failures in words.

Belongs here: drawing. Does not belong here: which failures may be shown (``detail``), what would mend them (``proposal_view``).
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from nicegui import ui

from assets.retrain_agent.frames import FAILURE_TYPES
from service.console import looks
from service.console.answers.words import shown
from service.console.fixes import words
from service.console.fixes.detail import Example, FixView
from service.console.fixes.reading import Pattern
from service.console.knowledge import parts
from service.console.knowledge.words import bounded, for_whom, some
from service.console.sign_offs import parts as sign_off_parts

SHOWN_FIRST = 2


def draw_pattern(pattern: Pattern, found: FixView) -> None:
    """What goes wrong, in figures."""
    with looks.card("What goes wrong"):
        looks.text(bounded(pattern.name), "strong")
        with ui.element("div").classes("row"):
            looks.chip(words.failure_type(pattern.failure_type), "open")
            sure = pattern.type_confidence
            looks.text(f"{FAILURE_TYPES.get(pattern.failure_type, '')}{f'; {sure:.0%} sure' if sure is not None else ''}", "text muted small")  # fmt: skip
        parts.pairs(_facts(pattern, found))


def _facts(pattern: Pattern, found: FixView) -> list[tuple[str, str]]:
    def name(category: str | None) -> str:
        return bounded(found.names.get(category or "", category or ""))

    since = (
        f", from {words.day(pattern.first_at)} to {words.day(pattern.last_at)}"
        if pattern.first_at and pattern.last_at
        else ""
    )
    is_right = pattern.right_category_id in (None, pattern.category_id)
    facts = [
        ("Seen", f"{some(pattern.count_failures, 'time', 'times')} by {some(pattern.count_requesters, 'customer', 'customers')}{since}"),
        ("Trend", words.trend_in_words(pattern)),
        ("People's time", pattern.minutes_source or ""),
        ("Category" if is_right else "Taken for", name(pattern.category_id)),
        ("" if is_right and pattern.category_id else "Is about", name(pattern.right_category_id)),
        ("They share", _condition(pattern)),
        ("Trigger", (pattern.trigger_id or "").replace("_", " ")),
    ]  # fmt: skip
    return [(title, bounded(value)) for title, value in facts if title and value]


def _condition(pattern: Pattern) -> str:
    condition = {
        str(field): [str(one) for one in values] if isinstance(values, list) else [str(values)]
        for field, values in pattern.condition.items()
    }
    return for_whom(condition).removeprefix("Only where ") if condition else ""


def draw_examples(found: FixView) -> None:
    """Failures in the words of customers, the agent and whoever judged it."""
    with looks.card("Examples"):
        if not found.examples:
            looks.text("None can be shown in words.", "muted")
        sign_off_parts.folded(found.examples, _example_list, "examples", SHOWN_FIRST)
        if found.count_aside:
            more = "more " if found.examples else ""
            looks.text(
                f"{some(found.count_aside, f'{more}is counted', f'{more}are counted')} and not shown: what happened in tickets "
                "that measure the agent may not be written from.",
                "muted small",
            )


def _example_list(some_examples: Sequence[Example]) -> None:
    for one in some_examples:
        _example(one)


def _example(one: Example) -> None:
    with ui.element("div").classes("fix-example"):
        when = f" · {words.day(one.occurred_at)}" if one.occurred_at else ""
        ui.label(f"The customer asked{when}").classes("muted small")
        looks.text(shown(one.question), "quote")
        ui.label(f"The agent {words.ACTIONS.get(one.action, one.action)}").classes("muted small")
        if one.reply:
            looks.text(shown(one.reply), "quote")
        who = one.said_by or words.SOURCES.get(one.source, one.source.replace("_", " "))
        if one.right_answer:
            ui.label(f"What would have been right, says {shown(who, 120)}").classes("muted small")
            looks.text(shown(one.right_answer), "quote ours")
        else:
            looks.text(f"That it was wrong says {shown(who, 120)}.", "muted small")
        if one.evidence:
            sign_off_parts.bullets([shown(sentence, 600) for sentence in one.evidence[:6]])
        if one.answer_id:
            ui.link("Look at the answer and its reviews", f"/answers?who=all&answer={quote(one.answer_id, safe='')}").classes("small")  # fmt: skip
