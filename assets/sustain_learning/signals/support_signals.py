"""``support_signals``: what happens outside that people should know of, each diagnosed and said in a sentence.

Belongs here: putting changes of volume, changes of labels and segments' rates together as ``frames.SUPPORT_SIGNAL``, with ids
that stay. Does not belong here: finding any of them, or telling anybody (``orchestration.support_signals``).
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd

from assets.pilot_agent.answers.frames import frame_of
from assets.sustain_learning.frames import (
    CHURN_RISK,
    MORE_ESCALATIONS,
    SHIFT,
    SPIKE,
    SUPPORT_SIGNAL,
    TAXONOMY,
    TAXONOMY_CHANGE,
    UNKNOWN,
)
from assets.sustain_learning.signals.change_settings import ChangeSettings
from assets.sustain_learning.signals.customer_risks import leaving_tickets
from assets.sustain_learning.signals.daily_counts import ALL, DIMENSIONS, DailyCounts, count_days
from assets.sustain_learning.signals.detect_changes import detect_changes
from assets.sustain_learning.signals.label_changes import LabelChange, find_label_changes
from assets.sustain_learning.signals.same_matters import same_matters
from assets.sustain_learning.signals.segment_rates import BEFORE, RECENT_DAYS, REFERENCE_DAYS, SegmentRate, higher_rates
from assets.sustain_learning.signals.signal_material import SignalMaterial, customer_tickets
from assets.sustain_learning.signals.signal_sentences import label_sentence, rate_sentence, subject_of
from assets.sustain_learning.signals.text_categories import LEARN_DAYS
from assets.sustain_learning.signals.volume_signals import volume_row

SEGMENTS = ("plan", "language", "page", "os", "category")
NEW_DAYS = 7
SAME_DAYS = 7
"""Days by which the beginning of the same change may move when tickets arrive late."""
LABELS_TOGETHER_DAYS = 3
EXAMPLES = 3


def support_signals(
    material: SignalMaterial,
    *,
    as_of: pd.Timestamp,
    alarms_per_month: float = 1.0,
    previous: pd.DataFrame | None = None,
    settings: ChangeSettings | None = None,
    learn_days: int = LEARN_DAYS,
    seed: int = 0,
) -> pd.DataFrame:
    """Every signal there has been, the newest first.

    Args:
        material: what is known. as_of: the data's present, UTC; the day that is not over is not counted.
        alarms_per_month: of the desk (``desk.settings.learning``): false alarms about volumes, all series together.
        previous: what this function returned before, so that ids stay; rates are as of the run and end when they are gone.
        settings: of the watch. learn_days: from which text groups are formed, where the category model has not judged nearly
            all tickets. seed: of these groups.

    Returns:
        ``frames.SUPPORT_SIGNAL``, empty and typed where there is too little of everything.
    """
    tickets, categories_since = customer_tickets(material, as_of, learn_days, seed)
    values = {name: tickets[name] for name in DIMENSIONS if name != ALL}
    since = {"category": categories_since}
    counted = count_days(tickets["created_at"], values, as_of, since) if len(tickets) else None
    rows: list[dict[str, Any]] = []
    if counted is not None:
        day = ((tickets["created_at"] - counted.first_day).dt.total_seconds() // 86_400).astype(int).to_numpy()
        changes = detect_changes(counted, alarms_per_month, settings)
        for one in same_matters(changes, counted, tickets, day):
            rows.append(volume_row(one, counted, tickets, day, material.releases, material.category_names))
        rows += _label_rows(tickets, day, counted)
        rows += _rate_rows(material, tickets, as_of)
    rows = _with_ids(rows, previous, as_of)
    frame = frame_of([{name: row.get(name) for name in SUPPORT_SIGNAL} for row in rows], SUPPORT_SIGNAL)
    return frame.sort_values(["found_at", "started_at", "signal_id"], ascending=[False, False, True], ignore_index=True)


def signal_id(change: str, dimension: str, value: str, start: pd.Timestamp) -> str:
    """16 hex digits; a spike that stays becomes a shift and is the same signal."""
    kind = SPIKE if change == SHIFT else change
    return hashlib.sha256("|".join([kind, dimension, value, f"{start:%Y-%m-%d}"]).encode()).hexdigest()[:16]


def _label_rows(tickets: pd.DataFrame, day: np.ndarray, counted: DailyCounts) -> list[dict[str, Any]]:
    named = [str(name) for name in tickets if str(name).startswith("label ")]
    systems = {name.removeprefix("label "): tickets[name] for name in named}
    changes = find_label_changes(day, systems, tickets["category"].to_numpy(dtype=object), counted.days)
    rows = []
    told: list[LabelChange] = []
    for change in sorted(changes, key=lambda one: (one.system == "tags", one.start)):
        if any(abs(change.start - one.start) <= LABELS_TOGETHER_DAYS for one in told):
            continue
        also = [o.system for o in changes if o is not change and abs(o.start - change.start) <= LABELS_TOGETHER_DAYS]
        told.append(change)
        start = counted.date(change.start)
        found = min(
            [
                change.found,
                *(o.found for o in changes if o.system in also and abs(o.start - change.start) <= LABELS_TOGETHER_DAYS),
            ]
        )
        inside = (day >= change.start) & (day <= change.found) & tickets["is_train"].to_numpy(dtype=bool)
        rows.append(
            {
                "change": TAXONOMY, "dimension": "label", "value": change.system, "started_at": start,
                "found_at": counted.date(max(found, change.start)), "peak_at": start, "ended_at": start,
                "count_tickets": change.count_tickets, "diagnosis": TAXONOMY_CHANGE, "is_explained": True,
                "telling_words": list(change.born[:10]), "example_ticket_ids": tickets.loc[inside, "ticket_id"].head(EXAMPLES).tolist(),
                "sentence": label_sentence(change, also, start),
            }
        )  # fmt: skip
    return rows


def _rate_rows(material: SignalMaterial, tickets: pd.DataFrame, as_of: pd.Timestamp) -> list[dict[str, Any]]:
    rows = []
    segments = {name: tickets[name] for name in SEGMENTS}
    read = tickets[tickets["created_at"] > as_of - pd.Timedelta(days=RECENT_DAYS + REFERENCE_DAYS)]
    leaving = tickets["ticket_id"].map(leaving_tickets(read)).astype("boolean")
    found = higher_rates(leaving, tickets["created_at"], tickets["requester_id"], segments, as_of)
    what = "speak of leaving or of money back"
    rows += [_rate_row(CHURN_RISK, one, what, tickets, leaving, material, as_of) for one in _one_each(found)]
    handed, answered = _handed_over(material, tickets)
    given = {name: tickets[name] for name in SEGMENTS}
    found = higher_rates(handed, tickets["created_at"], tickets["requester_id"], given, as_of)
    rows += [_rate_row(MORE_ESCALATIONS, one, answered, tickets, handed, material, as_of) for one in _one_each(found)]
    return rows


def _handed_over(material: SignalMaterial, tickets: pd.DataFrame) -> tuple[pd.Series, str]:
    """Whether each ticket was handed to a person by the agent; where it has answered too little, whether it took people more
    than one reply."""
    answers = material.answers
    if answers is not None and len(answers):
        first = answers.sort_values(["asked_at", "answer_id"]).drop_duplicates("ticket_id")
        handed = first.set_index(first["ticket_id"].astype(str))["action"].eq("escalate").astype("boolean")
        known = tickets["ticket_id"].map(handed).astype("boolean")
        if known.notna().sum() >= 200:
            return known, "tickets were handed to a person"
    mine = material.tickets
    if "count_staff_replies" not in mine:
        return pd.Series(pd.NA, index=tickets.index, dtype="boolean"), ""
    replies = pd.Series(mine["count_staff_replies"].to_numpy(dtype=float), index=mine["ticket_id"].astype(str))
    count = tickets["ticket_id"].map(replies[~replies.index.duplicated()])
    return (count > 1).astype("boolean").where(count > 0), "answered tickets took people more than one reply"


def _one_each(found: list[SegmentRate]) -> list[SegmentRate]:
    """One row a segment: against its own past where that is sure too, since that is the news."""
    best: dict[tuple[str, str], SegmentRate] = {}
    for one in found:
        key = (one.dimension, one.value)
        if key not in best or one.against == BEFORE:
            best[key] = one
    return list(best.values())


def _rate_row(
    change: str,
    one: SegmentRate,
    what: str,
    tickets: pd.DataFrame,
    hit: pd.Series,
    material: SignalMaterial,
    as_of: pd.Timestamp,
) -> dict[str, Any]:
    subject = subject_of(one.dimension, one.value, material.category_names)
    others = "in the half year before" if one.against == BEFORE else "of the others"
    inside = hit.fillna(False).to_numpy(dtype=bool) & tickets["is_train"].to_numpy(dtype=bool)
    inside &= (tickets["created_at"] > one.start).to_numpy()
    if one.dimension != ALL:
        inside &= (tickets[one.dimension].astype(str) == one.value).to_numpy()
    return {
        "change": change, "dimension": one.dimension, "value": one.value, "started_at": one.start.normalize(),
        "found_at": as_of.normalize(), "ratio": one.ratio, "ratio_low": one.low, "ratio_high": one.high,
        "count_tickets": one.hits, "excess_tickets": one.hits - one.of * one.other_hits / one.other_of, "p": one.p,
        "diagnosis": UNKNOWN, "is_explained": False, "telling_words": [],
        "example_ticket_ids": tickets.loc[inside, "ticket_id"].tail(EXAMPLES).tolist()[::-1],
        "sentence": rate_sentence(what, f"{subject}, last eight weeks", one.hits, one.of, one.other_hits, one.other_of, others),
    }  # fmt: skip


def _with_ids(rows: list[dict[str, Any]], previous: pd.DataFrame | None, as_of: pd.Timestamp) -> list[dict[str, Any]]:
    """The rows with id, status and first sighting; those of before that are the same keep theirs."""
    before = [] if previous is None else previous.to_dict("records")
    taken: set[str] = set()
    for row in rows:
        same = _same(row, before, taken)
        is_rate = row["change"] in (MORE_ESCALATIONS, CHURN_RISK)
        if same is None:
            row["signal_id"] = signal_id(row["change"], row["dimension"], row["value"], row["started_at"])
            row["first_seen_as_of"] = as_of
        else:
            row["signal_id"], row["first_seen_as_of"] = same["signal_id"], same["first_seen_as_of"]
            if is_rate:  # the weeks move on with the run; the signal began when it was first seen
                row["started_at"], row["found_at"] = same["started_at"], same["found_at"]
        taken.add(str(row["signal_id"]))
        age = as_of - row["found_at"]
        is_over = row.get("ended_at") is not None
        row["status"] = "new" if age <= pd.Timedelta(days=NEW_DAYS) else "over" if is_over else "ongoing"
    gone = [one for one in before if one["change"] in (MORE_ESCALATIONS, CHURN_RISK) and one["signal_id"] not in taken]
    for one in gone:
        ended = one["ended_at"] if pd.notna(one["ended_at"]) else as_of.normalize()
        rows.append({**{str(name): value for name, value in one.items()}, "ended_at": ended, "status": "over"})
    return rows


def _same(row: dict[str, Any], before: list[dict[Any, Any]], taken: set[str]) -> dict[Any, Any] | None:
    kind = {SHIFT: SPIKE}.get(row["change"], row["change"])
    for one in before:
        alike = {SHIFT: SPIKE}.get(one["change"], one["change"]) == kind
        if (
            not alike
            or (one["dimension"], one["value"]) != (row["dimension"], row["value"])
            or one["signal_id"] in taken
        ):
            continue
        if kind in (MORE_ESCALATIONS, CHURN_RISK):
            if pd.isna(one["ended_at"]):
                return one
        elif abs((one["started_at"] - row["started_at"]).days) <= SAME_DAYS:
            return one
    return None
