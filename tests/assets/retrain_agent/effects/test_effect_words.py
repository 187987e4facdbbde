"""Effects in words."""

import math

import pytest

from assets.retrain_agent.effects.effect import Effect, not_measurable
from assets.retrain_agent.effects.effect_words import figures, say_effect

WHAT, WHERE = "condition SSO added to password reset", "password_reset"


def effect(difference=0.12, low=0.05, high=0.19, verdict="improvement", why="", discordant=40, **changes) -> Effect:
    return Effect(
        "C-031", changes.pop("metric", "resolution_rate"), "paired", 200, discordant, difference, low, high, 0.001,
        verdict, why, **changes,
    )  # fmt: skip


def test_an_improvement():
    said = "change C-031 (condition SSO added to password reset): resolution on password_reset +12 points [5, 19]"
    assert say_effect(effect(), WHAT, WHERE) == said


def test_harm_and_metrics_of_which_less_is_better_say_so():
    assert say_effect(effect(-0.08, -0.14, -0.03, "worse"), WHAT, WHERE).endswith(
        "−8 points [−14, −3], worse than before"
    )
    fewer = effect(-0.08, -0.14, -0.03, metric="missed_escalation_rate", higher_is_better=False)
    assert say_effect(fewer, WHAT, WHERE).endswith(
        "missed escalations on password_reset −8 points [−14, −3], an improvement"
    )


def test_no_effect():
    none = effect(0.01, -0.03, 0.05, "no_effect_shown", "no more than chance explains (p = 0.612)")
    assert say_effect(none, WHAT, WHERE) == (
        "change C-031 (condition SSO added to password reset): no effect shown on resolution on password_reset: "
        "+1 point [−3, 5]; no more than chance explains (p = 0.612)"
    )
    same = effect(0.0, -0.02, 0.02, "no_effect_shown", "every one of 200 tickets came out as before", 0)
    assert say_effect(same, WHAT, WHERE).endswith(
        "no effect on resolution on password_reset: every one of 200 tickets came out as before"
    )


def test_what_cannot_be_judged_is_said_so():
    nothing = not_measurable("C-4", "csat", "live", 12, "12 targeted after with a known outcome; 50 are needed")
    said = say_effect(nothing, "tone", "billing")
    assert said.startswith("change C-4 (tone): the effect on CSAT on billing cannot be judged: 12 targeted after")
    assert math.isnan(nothing.difference)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((0.12, 0.05, 0.19), "+12 points [5, 19]"),
        ((0.061, 0.004, 0.12), "+6.1 points [0.4, 12.0]"),
        ((0.012, -0.001, 0.03), "+1.2 points [−0.1, 3.0]"),
        ((-0.031, -0.2, 0.14), "−3 points [−20, 14]"),
        ((0.0, -0.06, 0.06), "0 points [−6, 6]"),
        ((-0.0001, -0.06, 0.06), "0 points [−6, 6]"),
    ],
)
def test_figures(numbers, said):
    assert figures(effect(*numbers)) == said
