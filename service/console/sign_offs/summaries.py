"""What exactly would be signed, drawn for reading: the roadmap's decisions, the behavior, the pilot's plan.

Belongs here: laying out. Does not belong here: words about behavior (``behavior_words``) and plans (``plan_words``), a
release (``release_summary``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from desk.loading import Desk
from service.console import looks
from service.console.sign_offs import parts, plan_words
from service.console.sign_offs.standing import listed
from service.console.sign_offs.subjects import Subject

if TYPE_CHECKING:
    from desk.behavior import BehaviorFile, Trigger
    from desk.pilot import PilotFile
    from ledger.decisions import Decision

BUCKETS = ("automate", "hybrid", "escalate")
BUCKET_WORDS = {
    "automate": "may be answered alone",
    "hybrid": "drafted, a person sends",
    "escalate": "always a person",
}


@dataclass(frozen=True)
class Around:
    """What a reader wants beside the content: names and tickets a month of categories by id, questions of entries by id."""

    names: Mapping[str, str] = field(default_factory=dict)
    volumes: Mapping[str, float] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    company: str = ""
    count_undecided: int = 0


def read_around(desk: Desk, kind: str) -> Around:
    """What stands beside a subject of this kind; what is not in the lake is left out."""
    from orchestration.lake import Lake, NotMaterialised

    names = {one.id: one.name for one in desk.categories}
    volumes: dict[str, float] = {}
    undecided = 0
    if kind == "roadmap":
        columns = ["category_id", "kind", "name", "tickets_per_month", "count_tickets"]
        try:
            rows = Lake(desk.home).read("training_roadmap", columns)
        except NotMaterialised:
            rows = None
        if rows is not None:
            volumes = dict(zip(rows["category_id"], rows["tickets_per_month"].astype(float), strict=True))
            decided = {one.id for one in desk.categories if one.bucket}
            open_rows = rows[(rows["kind"] == "category") & (rows["count_tickets"] > 0)]
            undecided = int((~open_rows["category_id"].isin(decided)).sum())
    questions: dict[str, str] = {}
    if kind == "behavior":
        from orchestration.people.behavior_desk import entry_questions

        questions = entry_questions(desk)
    return Around(names, volumes, questions, desk.settings.company, undecided)


def draw_summary(subject: Subject, around: Around) -> None:
    """What would be signed."""
    if subject.kind == "roadmap":
        _roadmap(subject.content, around)
    elif subject.kind == "behavior":
        _behavior(subject.content, around)
    elif subject.kind == "pilot":
        _plan(subject.content, around)
    else:
        from service.console.sign_offs.release_summary import draw_release

        draw_release(subject, around)


def _roadmap(decisions: Sequence[Decision], around: Around) -> None:
    counts = [f"{sum(one.bucket == name for one in decisions)} {BUCKET_WORDS[name]}" for name in BUCKETS]
    looks.text(f"{len(decisions)} categories are decided: {listed(counts)}.")
    in_order = sorted(
        decisions,
        key=lambda one: (
            BUCKETS.index(one.bucket or "escalate"),
            one.tier or 99,
            -around.volumes.get(one.category_id, 0),
        ),
    )
    parts.folded(in_order, partial(_decisions, around=around), "categories", first=15)


def _decisions(some: Sequence[Decision], around: Around) -> None:
    rows: list[list[parts.Cell]] = []
    for one in some:
        volume = around.volumes.get(one.category_id)
        bucket = one.bucket or ""
        rows.append(
            [
                around.names.get(one.category_id, one.category_id),
                partial(looks.chip, f"{bucket}: {BUCKET_WORDS.get(bucket, '')}", looks.BUCKET_COLOURS.get(bucket, "")),
                str(one.tier or "–"),
                one.owner or "nobody yet",
                "–" if volume is None else f"{volume:,.0f}" if volume >= 1 else "fewer than 1",
            ]
        )
    parts.table(["Category", "Decision", "Tier", "Owner", "Tickets a month"], rows, "Decisions")


def _behavior(behavior: BehaviorFile, around: Around) -> None:
    from assets.configure_behavior.behavior import behavior_words as words

    parts.bullets(words.headline(behavior, around.company))
    if behavior.persona.description:
        looks.text(parts.shown(behavior.persona.description), "quote")
    parts.minor("How it speaks")
    parts.facts(words.tone_in_words(behavior))
    with (
        parts.details(f"{len(behavior.examples)} example replies that set the voice"),
        ui.element("div").classes("stack"),
    ):
        for example in behavior.examples:
            looks.text(parts.shown(example.situation), "strong")
            looks.text(parts.shown(example.customer), "quote")
            looks.text(parts.shown(example.reply), "quote ours")
    parts.minor("How sure it must be")
    parts.facts((name.capitalize(), sentence) for name, sentence in words.confidence_in_words(behavior))
    parts.minor(f"When it hands over whatever the confidence ({len(behavior.triggers)})")
    parts.folded(behavior.triggers, _triggers, "triggers", first=6)
    if behavior.pages:
        parts.minor(f"What a page changes ({len(behavior.pages)})")
        with ui.element("div").classes("stack"):
            for page in behavior.pages:
                with ui.element("div"):
                    looks.text(f"{words.title_of(page.id)}: {page.means}", "strong")
                    looks.text(f"For {words.scope_in_words(page.where)}.", "muted small")
                    parts.bullets(words.page_in_words(page, around.questions))
    if behavior.clarify:
        parts.minor("How it asks back")
        parts.facts((words.title_of(name), _by_language(texts)) for name, texts in behavior.clarify.items())
    parts.minor("What travels to the person who takes over")
    parts.bullets(words.handoff_in_words(behavior))
    if behavior.handoff.message:
        looks.text(parts.shown(_by_language(behavior.handoff.message)), "quote ours")


def _triggers(some: Sequence[Trigger]) -> None:
    from assets.configure_behavior.behavior import behavior_words as words

    with ui.element("div").classes("stack"):
        for one in some:
            with ui.element("div"):
                with ui.element("div").classes("row"):
                    looks.text(words.title_of(one.id), "strong")
                    if one.is_urgent:
                        looks.chip("urgent", "bad")
                    if one.queue:
                        looks.chip(f"goes to {one.queue}")
                looks.text(parts.shown(one.reason))
                looks.text(" ".join(words.trigger_in_words(one)), "muted small")
                heard = [*one.phrases, *one.patterns]
                if heard:
                    with parts.details(f"{len(heard)} phrases and patterns"):
                        parts.bullets(heard)


def _by_language(texts: Mapping[str, str]) -> str:
    from assets.configure_behavior.behavior.behavior_words import language_name

    return "\n".join(f"{language_name(name)}: {text}" for name, text in texts.items())


def _plan(pilot: PilotFile, around: Around) -> None:
    looks.text(f"All of these must hold before the agent of pilot “{pilot.pilot_id}” is given more:", "strong")
    rows = [[plan_words.condition_in_words(one), plan_words.where_in_words(one)] for one in pilot.primary]
    parts.table(["What must hold", "Where"], rows, "Conditions")
    parts.facts(plan_words.facts(pilot, around.names))
    if pilot.baselines:
        with parts.details(f"{len(pilot.baselines)} figures of people from before the pilot"):
            figures = [
                [
                    plan_words.METRICS.get(one.metric, one.metric),
                    around.names.get(one.category_id or "", one.category_id or "all categories"),
                    f"{one.rate:.1f}" if one.metric == "handle_time" else f"{one.rate:.1%}",
                    f"{one.numerator:g} of {one.denominator:,}",
                    f"{one.window_start:%-d %b %Y} to {one.window_end:%-d %b %Y}",
                ]
                for one in pilot.baselines
            ]
            parts.table(["Figure", "Of", "Rate", "Counted", "Between"], figures, "Figures of people")
