"""``failure_patterns``: failures that belong together, with an id that stays, a name, what they cost and where they are going.

Belongs here: from groups to rows, and from yesterday's rows to today's. Does not belong here: each step (the modules beside
this one), fixes.

Failures of all sides of the split are counted. The examples are training tickets where there are any: people may read all of
them, but what mends a pattern is drawn from training tickets alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from assets.pilot_agent.answers.frames import as_list, frame_of, typed
from assets.retrain_agent.frames import FAILURE, INTENT_MISCLASSIFICATION, PATTERN, REPLAY, STALE_KNOWLEDGE
from assets.retrain_agent.patterns.pattern_groups import Group, group_failures, said_entry
from assets.retrain_agent.patterns.pattern_harm import harm_of, minutes_per_month
from assets.retrain_agent.patterns.pattern_identity import Known, new_id, same_patterns
from assets.retrain_agent.patterns.pattern_names import customers_sentences, pattern_name, told_apart
from assets.retrain_agent.patterns.pattern_trend import GONE, WINDOW, pattern_trend, requester_days
from assets.retrain_agent.patterns.same_matter import Encode, Matter, centrality, read_matter

OPEN = "open"
EXAMPLES = 5
TRAIN = "train"
_RECENT = 0.3
"""Weight of how new an example is, 0..1 over 56 days, beside its centrality, a cosine."""
_ABOUT = ("category_id", "right_category_id", "entry_id", "target_entry_id", "condition", "trigger_id")


def failure_patterns(
    failures: pd.DataFrame,
    previous: pd.DataFrame | None,
    categories: pd.DataFrame,
    as_of: pd.Timestamp,
    encode: Encode,
    *,
    cases: pd.DataFrame | None = None,
    entries: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Group failures, and recognise the patterns there were.

    Args:
        failures: ``frames.FAILURE``; of those that came twice the last counts, those asked after as_of do not.
        previous: ``frames.PATTERN`` as last published, None the first time.
        categories: ``accepted_categories``: category_id, name.
        encode: texts to unit vectors.
        cases: ``judged_answers``, so that a trend is per judged answer and silence while nobody judged is no news; None: days
            are compared.
        entries: ``live_entries``: entry_id, question, for names; None: customers' words are used.

    Returns:
        ``frames.PATTERN``, open ones first, the most harm a month first. Each failure is in one open or gone row.
        A pattern is gone when it has been silent for longer than chance explains, or when its failures now belong to
        others (then it keeps what it last said).

    Raises:
        KeyError: a column is missing.
    """
    as_of = pd.Timestamp(as_of).tz_convert("UTC")
    rows = _rows(failures, as_of)
    matter = read_matter(rows, encode)
    groups = group_failures(rows, matter)
    judged = None if cases is None else cases.loc[cases["source"] != REPLAY, "occurred_at"]
    names = dict(zip(categories["category_id"].astype(str), categories["name"].astype(str), strict=True))
    questions = (
        {}
        if entries is None
        else dict(zip(entries["entry_id"].astype(str), entries["question"].astype(str), strict=True))
    )
    made = [_counted(group, rows, matter, as_of, judged) for group in groups]
    for group, pattern, asked in zip(groups, made, _asked(groups, rows, matter, encode), strict=True):
        pattern["name"] = pattern_name(pattern, group.key, asked, names, questions, as_of)
    earlier = [] if previous is None else _records(typed(previous, PATTERN))
    was = same_patterns([_known_row(one) for one in earlier], _known_groups(groups, made), encode)
    taken = {str(one["pattern_id"]) for one in earlier}
    order = sorted(range(len(made)), key=lambda place: (made[place]["first_at"] is None, place))
    for place in order:
        pattern, group = made[place], groups[place]
        before = earlier[was[place]] if place in was else None
        if before is None:
            pattern["pattern_id"] = new_id((group.failure_type, *group.key), _earliest_first(pattern, rows), taken)
            pattern["first_seen_as_of"] = as_of
        else:
            pattern["pattern_id"] = before["pattern_id"]
            pattern["first_seen_as_of"] = before["first_seen_as_of"]
            if _is_about_the_same(before, pattern):
                pattern["name"] = before["name"]
        taken.add(str(pattern["pattern_id"]))
    kept = {str(one["pattern_id"]) for one in made}
    gone = [one for one in earlier if str(one["pattern_id"]) not in kept]
    for one in gone:
        one.update(status=GONE, trend=GONE, tickets_per_month=0.0, trend_ratio=None, trend_low=None, trend_high=None)
        one["minutes_per_month"] = 0.0 if one["minutes_per_month"] is not None else None
    return frame_of([[one[name] for name in PATTERN] for one in _ordered(made, names) + gone], PATTERN)


def _counted(
    group: Group, rows: Sequence[Mapping[str, Any]], matter: Matter, as_of: pd.Timestamp, judged: pd.Series | None
) -> dict[str, Any]:
    mine = [rows[row] for row in group.rows]
    times = [one["occurred_at"] for one in mine if one["occurred_at"] is not None]
    requesters = [_requester(one) for one in mine]
    asked = [(one["occurred_at"], who) for one, who in zip(mine, requesters, strict=True)]
    # What a replay gets wrong it gets wrong today, whenever it was asked: that is no history.
    live = [pair for one, pair in zip(mine, asked, strict=True) if one["source"] != REPLAY]
    trend = pattern_trend(live, as_of, judged, may_be_gone=len(live) == len(mine))
    month = [at for at, _ in requester_days(asked) if at > as_of - WINDOW]
    minutes, minutes_source = minutes_per_month(len(month), [one["handle_minutes"] for one in mine])
    pattern = {
        "failure_type": group.failure_type,
        "type_confidence": round(_mean(one["type_confidence"] for one in mine), 4),
        "category_id": _most(one["category_id"] for one in mine),
        "right_category_id": _most(one["right_category_id"] for one in mine),
        "entry_id": _most(said_entry(one) or None for one in mine),
        "target_entry_id": _most(one["target_entry_id"] for one in mine),
        "condition": _most(one["condition"] for one in mine),
        "trigger_id": _most(one["trigger_id"] for one in mine),
        "failure_ids": sorted(str(one["failure_id"]) for one in mine),
        "example_ids": _examples(group, rows, matter, as_of),
        "count_failures": len(mine),
        "count_requesters": len(set(requesters)),
        "count_training": sum(one["side"] == TRAIN for one in mine),
        "first_at": min(times, default=None),
        "last_at": max(times, default=None),
        "tickets_per_month": float(len(month)),
        "minutes_per_month": minutes,
        "minutes_source": minutes_source,
        "trend": trend.word,
        "trend_ratio": trend.ratio,
        "trend_low": trend.low,
        "trend_high": trend.high,
        "harm": round(_mean(harm_of(group.failure_type, one["action"]) for one in mine), 4),
        "status": GONE if trend.word == GONE else OPEN,
        "last_seen_as_of": as_of,
    }
    if group.failure_type == INTENT_MISCLASSIFICATION:
        pattern["category_id"] = group.key[0] or None
    return pattern


def _examples(group: Group, rows: Sequence[Mapping[str, Any]], matter: Matter, as_of: pd.Timestamp) -> list[str]:
    """Up to ``EXAMPLES`` failure ids, training tickets first, then the most central and newest; a customer once."""
    central = centrality(matter.of(group.rows))
    scored = []
    for place, row in enumerate(group.rows):
        one = rows[row]
        age = 1.0 if one["occurred_at"] is None else min(1.0, (as_of - one["occurred_at"]) / (2 * WINDOW))
        score = float(central[place]) + _RECENT * (1 - age)
        scored.append((one["side"] != TRAIN, -round(score, 6), str(one["failure_id"]), _requester(one)))
    found: dict[str, str] = {}
    for _, _, failure_id, requester in sorted(scored):
        found.setdefault(requester, failure_id)
    return list(found.values())[:EXAMPLES]


def _most_central(group: Group, rows: Sequence[Mapping[str, Any]], matter: Matter) -> list[int]:
    """Its rows from training tickets, the most central first."""
    mine = [row for row in group.rows if rows[row]["side"] == TRAIN]
    central = np.round(centrality(matter.of(mine)), 6)
    return [mine[place] for place in np.argsort(-central, kind="stable")]


def _asked(groups: Sequence[Group], rows: Sequence[Mapping[str, Any]], matter: Matter, encode: Encode) -> list[str]:
    """What the training customers of each group ask, in a sentence of one of them; near the right answer where one is known."""
    messages: list[list[tuple[str, str]]] = []
    targets: list[np.ndarray] = []
    for group in groups:
        central = _most_central(group, rows, matter)
        if not central:
            messages.append([])
            targets.append(np.zeros(matter.questions.shape[1]))
            continue
        messages.append([(matter.essences[row], str(rows[row]["language"] or "und")) for row in central])
        answered = [row for row in central if matter.answers[row]]
        mean = matter.answer_vectors[answered].mean(axis=0) if answered else matter.questions[central].mean(axis=0)
        targets.append(mean / (np.linalg.norm(mean) or 1.0))
    return customers_sentences(messages, targets, encode)


def _known_row(one: Mapping[str, Any]) -> Known:
    return Known(frozenset(one["failure_ids"]), _about(one), _is_by_matter(one), str(one["name"] or ""))


def _known_groups(groups: Sequence[Group], made: Sequence[Mapping[str, Any]]) -> list[Known]:
    return [
        Known(frozenset(one["failure_ids"]), _about(one), group.by_matter, str(one["name"]))
        for group, one in zip(groups, made, strict=True)
    ]


def _is_by_matter(one: Mapping[str, Any]) -> bool:
    """Whether an earlier row may be one of several with the same columns; its own group says it for today's."""
    return not (one["target_entry_id"] or one["trigger_id"] or (one["category_id"] and one["right_category_id"]))


def _about(one: Mapping[str, Any]) -> tuple[str, ...]:
    return (str(one["failure_type"]), *(str(one[name] or "") for name in _ABOUT))


def _is_about_the_same(before: Mapping[str, Any], pattern: Mapping[str, Any]) -> bool:
    """Whether an earlier name still fits: a name tells the type, and of some types the category, the entry, the condition, or
    the day from which on it was so, which a late review of an older answer moves."""
    told = ("failure_type", "target_entry_id", "condition", "trigger_id", "right_category_id")
    days = {one["first_at"] and one["first_at"].normalize() for one in (before, pattern)}
    is_same_day = pattern["failure_type"] != STALE_KNOWLEDGE or len(days) == 1
    return bool(before["name"]) and is_same_day and all(before[name] == pattern[name] for name in told)


def _ordered(made: list[dict[str, Any]], category_names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Open ones first, the most harm a month first; names told apart among the new ones and the old."""
    made = sorted(
        made,
        key=lambda one: (
            one["status"] == GONE,
            -one["tickets_per_month"] * one["harm"],
            -one["count_failures"],
            one["pattern_id"],
        ),
    )
    by_age = sorted(range(len(made)), key=lambda place: (made[place]["first_seen_as_of"], place))
    categories = [str(made[place]["right_category_id"] or made[place]["category_id"] or "") for place in by_age]
    apart = told_apart([made[place]["name"] for place in by_age], [category_names.get(one, one) for one in categories])
    for place, name in zip(by_age, apart, strict=True):
        made[place]["name"] = name
    return made


def _earliest_first(pattern: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    mine = set(pattern["failure_ids"])
    return [str(one["failure_id"]) for one in rows if one["failure_id"] in mine]


def _rows(failures: pd.DataFrame, as_of: pd.Timestamp) -> list[dict[str, Any]]:
    """Rows with None where a cell is empty, oldest first, whatever the order they came in."""
    once = typed(failures, FAILURE).drop_duplicates("failure_id", keep="last")
    once = once[once["occurred_at"].isna() | (once["occurred_at"] <= as_of)]
    once = once.sort_values(["occurred_at", "failure_id"], kind="stable", na_position="last")
    return _records(once)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _value(value) for name, value in one.items()} for one in frame.to_dict("records")]


def _value(value: Any) -> Any:
    if isinstance(value, (list, tuple)) or (hasattr(value, "tolist") and not np.isscalar(value)):
        return as_list(value)
    return None if value is None or pd.isna(value) else value


def _requester(one: Mapping[str, Any]) -> str:
    """Who asked; a ticket of nobody is somebody's own."""
    return str(one["requester_id"] or one["ticket_id"] or one["failure_id"])


def _most(values: Iterable[Any]) -> str | None:
    """The commonest that is known, the first by name of equals; None where none is."""
    counts = Counter(str(one) for one in values if one)
    return min(counts, key=lambda one: (-counts[one], one)) if counts else None


def _mean(values: Iterable[Any]) -> float:
    known = [float(one) for one in values if one is not None]
    return sum(known) / len(known) if known else 0.0
