"""An effect in one sentence for the people who decided the change.

Belongs here: sentences and number formats. Does not belong here: verdicts (``judge_effects``).
"""

from __future__ import annotations

from assets.pilot_agent.verdict.pilot_verdict import WORDS
from assets.retrain_agent.effects.effect import Effect


def say_effect(effect: Effect, what: str, where: str) -> str:
    """“change C-031 (condition SSO added to password reset): resolution on password_reset +12 points [5, 19]”.

    Args:
        what: the change, in a few words.
        where: the categories it is about.
    """
    change = f"change {effect.change_id} ({what}): "
    metric = f"{WORDS.get(effect.metric, effect.metric.replace('_', ' '))} on {where}"
    if effect.verdict == "not_measurable":
        return f"{change}the effect on {metric} cannot be judged: {effect.why}"
    if effect.n_discordant == 0:
        return f"{change}no effect on {metric}: {effect.why}"
    if effect.verdict == "no_effect_shown":
        return f"{change}no effect shown on {metric}: {figures(effect)}; {effect.why}"
    # Where less is better, or a change did harm, the sign alone could be read wrongly.
    verdict = (
        "" if effect.verdict == "improvement" and effect.higher_is_better else f", {VERDICT_WORDS[effect.verdict]}"
    )
    return f"{change}{metric} {figures(effect)}{verdict}"


VERDICT_WORDS = {
    "improvement": "an improvement",
    "worse": "worse than before",
    "no_effect_shown": "no effect shown",
    "not_measurable": "cannot be judged",
}


def figures(effect: Effect) -> str:
    """“+12 points [5, 19]”; with a decimal where whole points would hide on which side of zero an end lies."""
    numbers = [100 * one for one in (effect.difference, effect.low, effect.high)]
    hides = any(round(one) == 0 and abs(one) >= 0.05 for one in numbers)
    digits = 1 if hides or numbers[2] - numbers[1] < 5 else 0
    middle, low, high = (_number(one, digits) for one in numbers)
    sign = "" if middle.startswith("−") or float(middle) == 0 else "+"
    return f"{sign}{middle} point{'' if middle in ('1', '−1') else 's'} [{low}, {high}]"


def _number(value: float, digits: int) -> str:
    """With a true minus sign, and none before zero."""
    said = f"{value:.{digits}f}"
    return said.removeprefix("-") if float(said) == 0 else said.replace("-", "−")
