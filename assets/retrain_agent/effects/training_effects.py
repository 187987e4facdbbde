"""What every change did, month by month: the frame ``training_effects``.

Belongs here: which tickets and which time tell of which change, and laying all effects of a month side by side. Does not
belong here: statistics (``paired``, ``differences_in_differences``), verdicts (``judge_effects``), sentences
(``effect_words``).

A change is measured twice. Replayed: the same judged tickets before and after, so that everything else is equal. Live: how
outcomes of its categories moved against categories that nothing was changed in. Live tickets are those drawn for the agent,
whoever answered them in the end; in the shadow weeks nothing was sent, and the other arm never met the change.

The month is that of the release in UTC; for a change that no customer has met yet, that of its acceptance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import SENT_ALONE, as_list, frame_of
from assets.pilot_agent.verdict.outcomes import AI
from assets.retrain_agent.effects.effect import Effect, not_measurable
from assets.retrain_agent.effects.effect_words import say_effect
from assets.retrain_agent.effects.judge_effects import judge_month, live_effect, paired_effect
from assets.retrain_agent.effects.live_window import LiveChange
from assets.retrain_agent.frames import EFFECT

QUALITY, INVOLVEMENT = "answer_quality", "involvement_rate"
LIVE = {
    "resolution_rate": ("is_resolved", True),
    "csat": ("csat_positive", True),
    "false_resolution_rate": ("is_false_resolution", False),
}
"""Column of ``fct_ai_answers`` by metric, and whether more of it is better."""


def training_effects(
    changes: pd.DataFrame, replays: pd.DataFrame, answers: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Measure every change that was replayed or has reached customers.

    Args:
        changes: ``frames.CHANGE``. replays: ``frames.REPLAYED``. answers: ``fct_ai_answers``.
        as_of: when this is looked at; tickets that came later do not count.

    Returns:
        ``frames.EFFECT`` [change x metric x method], by change; each verdict is the one it has among all effects of its
        month.
    """
    rows: list[dict[str, Any]] = [{str(k): v for k, v in row.items()} for row in changes.to_dict("records")]
    released = [row for row in rows if _moment(row["released_at"]) is not None]
    replayed = set(replays["change_id"])
    drawn = answers[answers["arm"].fillna("") == AI]
    months: dict[str, list[tuple[dict[str, Any], Effect]]] = {}
    for row in sorted(rows, key=lambda one: str(one["change_id"])):
        is_released = _moment(row["released_at"]) is not None
        effects: list[Effect] = []
        if is_released or row["change_id"] in replayed:
            effects += _replayed(row, replays[replays["change_id"] == row["change_id"]])
        if is_released:
            effects += _live(row, released, drawn, as_of)
        months.setdefault(_month(row), []).extend((row, one) for one in effects)
    found = [one for month in sorted(months) for one in _month_rows(month, months[month], released)]
    return frame_of(sorted(found, key=lambda one: str(one["change_id"])), EFFECT)


def _replayed(change: Mapping[str, Any], mine: pd.DataFrame) -> Iterator[Effect]:
    name, pair = str(change["change_id"]), mine[["ticket_id", "requester_id"]]
    yield paired_effect(name, QUALITY, pair.assign(before=mine["is_right_before"], after=mine["is_right_after"]))
    alone = {side: mine[f"{side}_action"].isin(SENT_ALONE).astype("boolean") for side in ("before", "after")}
    yield paired_effect(name, INVOLVEMENT, pair.assign(**alone))


def _live(
    change: Mapping[str, Any], released: Sequence[Mapping[str, Any]], drawn: pd.DataFrame, as_of: pd.Timestamp
) -> Iterator[Effect]:
    window = live_change(change, released, set(drawn["category_id"].dropna()))
    for metric, (column, is_better) in LIVE.items():
        if not window.targeted or not window.untouched:
            what = "names no category" if not window.targeted else "leaves no category untouched to compare with"
            why = f"the change {what}" if not window.targeted else f"what was changed in those weeks {what}"
            yield not_measurable(window.change_id, metric, "live", 0, why, higher_is_better=is_better)
            continue
        frame = drawn.rename(columns={column: "outcome"})
        yield live_effect(window, metric, frame, as_of, higher_is_better=is_better)


def live_change(change: Mapping[str, Any], released: Sequence[Mapping[str, Any]], categories: set[str]) -> LiveChange:
    """The window of a change: it ends with a rollback, or when the next change to one of its categories came.

    Args:
        change: a row of ``frames.CHANGE`` that was released. released: all that were.
        categories: those with tickets. Untouched are those that no change of the window is about.
    """
    at, ends = _known_moment(change), _moment(change["ended_at"])
    mine = frozenset(str(one) for one in as_list(change["category_ids"]))
    later = [
        moment
        for other in released
        if other["change_id"] != change["change_id"]
        and (moment := _known_moment(other)) > at
        and mine & set(as_list(other["category_ids"]))
    ]
    ended = min([one for one in (ends, *later) if one is not None], default=None)
    window = LiveChange(str(change["change_id"]), at, mine, frozenset(), ended)
    start = at - pd.Timedelta(days=7 * window.weeks_before)
    end = at + pd.Timedelta(days=7 * window.weeks_after)
    end = end if ended is None else min(end, ended)
    touched: set[str] = set()
    for other in released:
        moments = [_known_moment(other), _moment(other["ended_at"])]
        if any(one is not None and start <= one < end for one in moments):
            touched |= set(as_list(other["category_ids"])) or categories
    return replace(window, untouched=frozenset(categories - touched - mine))


def _month_rows(
    month: str, effects: Sequence[tuple[Mapping[str, Any], Effect]], released: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    judged = judge_month([one for _, one in effects])
    for (change, _), effect in zip(effects, judged, strict=True):
        categories = [str(one) for one in as_list(change["category_ids"])]
        where = ", ".join(f"`{one}`" for one in sorted(categories)) or "all categories"
        yield {
            **{name: getattr(effect, name) for name in EFFECT if hasattr(effect, name)},
            "month": month,
            "sentence": say_effect(effect, _what(change, effect, released), where),
        }


def _what(change: Mapping[str, Any], effect: Effect, released: Sequence[Mapping[str, Any]]) -> str:
    """The change in a few words, with all that its figures cannot be told apart from."""
    said, ended = str(change["title"]), _moment(change["ended_at"])
    said += "" if ended is None else f", taken back or replaced on {ended:%Y-%m-%d}"
    if effect.method == "live":
        together = [
            str(other["change_id"])
            for other in released
            if other["change_id"] != change["change_id"]
            and _moment(other["released_at"]) == _moment(change["released_at"])
            and set(as_list(other["category_ids"])) & set(as_list(change["category_ids"]))
        ]
        return f"{said}, released together with {', '.join(sorted(together))}" if together else said
    return said if _moment(change["released_at"]) is not None else f"{said}, not released yet"


def _month(change: Mapping[str, Any]) -> str:
    at = _moment(change["released_at"]) or _moment(change["accepted_at"])
    return "" if at is None else at.tz_convert("UTC").strftime("%Y-%m")


def _known_moment(change: Mapping[str, Any]) -> pd.Timestamp:
    at = _moment(change["released_at"])
    assert at is not None, "only released changes come here"
    return at


def _moment(value: Any) -> pd.Timestamp | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value)
