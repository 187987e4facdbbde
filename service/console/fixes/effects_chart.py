"""Effects of a change as a forest: a line a metric, its interval, and where "no effect" lies.

Belongs here: placing and drawing them. Does not belong here: judging (``assets.retrain_agent.effects``), the page.

Marks differ in form as well as in colour, and the words beside each line say the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nicegui import ui

from assets.pilot_agent.verdict.pilot_verdict import WORDS
from assets.retrain_agent.effects.effect import Effect
from assets.retrain_agent.effects.effect_words import VERDICT_WORDS, figures
from service.console import looks
from service.console.fixes.words import capitalised
from service.console.knowledge.words import some

METHODS = {"paired": "the same tickets, replayed before and after", "live": "live, against categories it did not touch"}


@dataclass(frozen=True)
class Scale:
    """From where to where the bars reach, in points."""

    low: float
    high: float

    @classmethod
    def over(cls, effects: Sequence[Effect]) -> Scale:
        """Every interval and zero, with a little room at both ends."""
        ends = [0.0, *(100 * one for effect in effects for one in (effect.low, effect.high) if math.isfinite(one))]
        room = max(0.06 * (max(ends) - min(ends)), 0.5)
        return cls(min(ends) - room, max(ends) + room)

    def place(self, share: float) -> float:
        """Where a difference lies, in percent of the bar's width."""
        return round(100 * (100 * share - self.low) / (self.high - self.low), 2)


def form_of(effect: Effect) -> str:
    """good, bad or open."""
    return {"improvement": "good", "worse": "bad"}.get(effect.verdict, "open")


def metric_words(effect: Effect) -> str:
    """What people call the metric."""
    return WORDS.get(effect.metric, effect.metric.replace("_", " "))


def draw_forest(effects: Sequence[Effect]) -> None:
    """One line for each effect that could be measured, under one scale; those that could not are said after it."""
    measured = [one for one in effects if one.is_measured]
    if measured:
        scale = Scale.over(measured)
        for one in measured:
            _line(one, scale)
        with ui.element("div").classes("effect axis").style("border-top:0;padding-top:0"):
            ui.element("div")
            with ui.element("div").classes("effect-ends"):
                ui.label(f"{scale.low:+.0f} points".replace("-", "−"))
                ui.label(f"{scale.high:+.0f} points".replace("-", "−"))
            ui.element("div")
        looks.text("Dashed: no effect. Bars: 95 % intervals. Filled circle: an improvement; diamond: worse; square: no effect shown.", "muted small")  # fmt: skip
    for one in effects:
        if not one.is_measured:
            looks.text(f"{capitalised(metric_words(one))} ({METHODS.get(one.method, one.method)}) cannot be judged: {one.why}", "text muted")  # fmt: skip


def _line(effect: Effect, scale: Scale) -> None:
    said = f"{figures(effect)}, {VERDICT_WORDS.get(effect.verdict, effect.verdict)}"
    with ui.element("div").classes("effect"):
        with ui.element("div").classes("name"):
            ui.label(capitalised(metric_words(effect))).classes("strong")
            better = "" if effect.higher_is_better else "; less is better"
            looks.text(f"{METHODS.get(effect.method, effect.method)}, {some(effect.n, 'ticket', 'tickets')}{better}", "muted small")  # fmt: skip
        with ui.element("div").classes("effect-bar") as bar:
            left, right = scale.place(effect.low), scale.place(effect.high)
            ui.element("div").classes("zero").style(f"left:{scale.place(0.0)}%")
            ui.element("div").classes(f"reach {form_of(effect)}").style(f"left:{left}%;width:{round(right - left, 2)}%")
            ui.element("div").classes(f"middle {form_of(effect)}").style(f"left:{scale.place(effect.difference)}%")
        bar.props["role"] = "img"
        bar.props["aria-label"] = f"{metric_words(effect)}: {said}"
        with ui.element("div").classes("says"):
            ui.label(figures(effect))
            looks.text(VERDICT_WORDS.get(effect.verdict, effect.verdict), "muted small")
