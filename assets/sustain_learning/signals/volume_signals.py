"""A change of volume as a row: how large, since when, what customers say, what is behind it.

Belongs here: filling the row. Does not belong here: finding the change (``detect_changes``), judging it (``diagnose``).

Words and examples come from training tickets alone; all tickets are counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from assets.sustain_learning.frames import SHIFT, SPIKE
from assets.sustain_learning.signals.daily_counts import ALL, DailyCounts
from assets.sustain_learning.signals.detect_changes import DOWN, Change
from assets.sustain_learning.signals.diagnose import Diagnosis, Evidence, diagnose
from assets.sustain_learning.signals.named_versions import version_parts
from assets.sustain_learning.signals.same_matters import Matter, members
from assets.sustain_learning.signals.signal_sentences import also_sentence, subject_of, volume_sentence
from assets.sustain_learning.signals.telling_words import telling_words, words_of

BEFORE_DAYS = 56
READ_DAYS = 28
FEW_BEFORE = 30
EXAMPLES = 3
SWITCH_DAYS = 3
QUIET_DAYS = 14
MOST_READ = 1_500


def volume_row(
    matter: Matter,
    counted: DailyCounts,
    tickets: pd.DataFrame,
    day: np.ndarray,
    releases: pd.DataFrame,
    names: Mapping[str, str],
) -> dict[str, Any]:
    """``frames.SUPPORT_SIGNAL`` without id and status.

    Args:
        tickets: of ``customer_tickets``; day: (n,) days since the first, of each.
    """
    change = matter.change
    dimension, value = str(counted.dimension[change.series]), str(counted.value[change.series])
    last = counted.days - 1 if change.end is None else change.end
    counts = counted.counts[change.series, change.start : last + 1]
    expected = _expected(change, counted, change.start, last)
    is_there = expected > 0
    days = max(int(is_there.sum()), 1)
    seen, mean = float(counts[is_there].sum()), float(expected.sum())
    ratio, error = seen / max(mean, 0.5), np.hypot(change.spread, np.sqrt(change.dispersion / max(seen, 1.0)))
    mine = members(tickets, dimension, value)
    read = min(last, change.start + READ_DAYS)
    inside = mine & (day >= change.start) & (day <= read)
    before = mine & (day >= change.start - BEFORE_DAYS) & (day < change.start)
    if (before & tickets["is_train"].to_numpy(dtype=bool)).sum() < FEW_BEFORE:
        before = (day >= change.start - BEFORE_DAYS) & (day < change.start)
    telling, diagnosis = _judge(change, counted, tickets, day, inside, before, releases, dimension, value, read)
    peak = change.start + int(
        np.argmax(np.where(is_there, counts, -1) * change.direction if change.direction > 0 else -counts)
    )
    start, ended = counted.date(change.start), None if change.end is None else counted.date(change.end)
    observed, usual = seen / days, mean / days
    subject = subject_of(dimension, value, names)
    return {
        "change": SHIFT if change.is_shift or change.direction == DOWN else SPIKE, "dimension": dimension, "value": value,
        "started_at": start, "found_at": counted.date(change.found), "peak_at": counted.date(peak), "ended_at": ended,
        "expected_per_day": usual, "observed_per_day": observed, "ratio": ratio,
        "ratio_low": ratio * float(np.exp(-1.96 * error)), "ratio_high": ratio * float(np.exp(1.96 * error)),
        "count_tickets": int(seen), "excess_tickets": seen - mean, "p": min(max(change.p, 0.0), 1.0),
        "diagnosis": diagnosis.diagnosis, "is_explained": diagnosis.is_explained, "release_name": diagnosis.release_name,
        "release_date": diagnosis.release_date, "telling_words": telling,
        "example_ticket_ids": _examples(tickets, inside, telling),
        "sentence": volume_sentence(subject, observed, usual, start, ended, change.is_shift, diagnosis, telling)
        + also_sentence([subject_of(str(counted.dimension[one.series]), str(counted.value[one.series]), names) for one in matter.also]),
    }  # fmt: skip


def _expected(change: Change, counted: DailyCounts, start: int, last: int) -> np.ndarray:
    weekday = (counted.first_day.weekday() + np.arange(start, last + 1)) % 7
    if counted.dimension[change.series] == ALL:
        exposure = counted.coverage(last)[start : last + 1]
        exposure = np.where(exposure < 0.5, 0.0, exposure)
    else:
        exposure = counted.of[change.series, start : last + 1]
    expected: np.ndarray = change.rate * change.season[weekday] * exposure
    return expected


def _judge(
    change: Change, counted: DailyCounts, tickets: pd.DataFrame, day: np.ndarray, inside: np.ndarray, before: np.ndarray,
    releases: pd.DataFrame, dimension: str, value: str, read: int,
) -> tuple[list[str], Diagnosis]:  # fmt: skip
    is_train = tickets["is_train"].to_numpy(dtype=bool)
    texts = tickets["text"].to_numpy(dtype=object)
    now, then = texts[inside & is_train][-MOST_READ:], texts[before & is_train][-MOST_READ:]
    versions = releases["version"].fillna("").astype(str).tolist() if len(releases) else list[str]()
    parts = version_parts(versions)
    telling = telling_words([words_of(one, parts) for one in now], [words_of(one, parts) for one in then])
    is_first = ~tickets["requester_id"].duplicated().to_numpy() & tickets["requester_id"].notna().to_numpy()
    evidence = Evidence(
        dimension, value, counted.date(change.start), counted.date(read), telling, list(now), list(then),
        float(is_first[inside].mean()) if inside.any() else 0.0, float(is_first[before].mean()) if before.any() else 0.0,
        int(inside.sum()), int(before.sum()), _switch(change.start, read, tickets, day, dimension, counted),
    )  # fmt: skip
    return telling, diagnose(evidence, releases)


def _switch(
    start: int, read: int, tickets: pd.DataFrame, day: np.ndarray, dimension: str, counted: DailyCounts
) -> str | None:
    """The helpdesks that came or went as the change began; None where none did, or where only texts are counted."""
    if dimension not in (ALL, "plan", "page", "os") or tickets["source"].isna().all():
        return None
    seen = pd.DataFrame({"source": tickets["source"], "day": day})[day <= max(read, start)]
    spans = seen.groupby("source")["day"].agg(["min", "max", "size"])
    came = spans[(spans["min"] > QUIET_DAYS) & ((spans["min"] - start).abs() <= SWITCH_DAYS)]
    went = spans[((spans["max"] - start).abs() <= SWITCH_DAYS) & (read - spans["max"] >= 1) & (spans["size"] >= 20)]
    return ", ".join([*came.index, *went.index]) if len(came) else None


def _examples(tickets: pd.DataFrame, inside: np.ndarray, telling: list[str]) -> list[str]:
    """Training tickets that say most of the telling words, the earliest first among equals."""
    mine = tickets[inside & tickets["is_train"].to_numpy(dtype=bool)]
    said = [sum(word in text.lower() for word in telling) for text in mine["text"]]
    order = np.argsort(-np.array(said, dtype=int), kind="stable")[:EXAMPLES].tolist()
    return [str(mine["ticket_id"].iloc[at]) for at in order]
