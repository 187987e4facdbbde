"""What came in, went wrong, was changed, was signalled and was proposed in a month.

Belongs here: counting published frames by month. Does not belong here: rates of answers (``month_rates``), the state of
knowledge (``knowledge_then``).

A month that is cut where the data end has fewer of everything: it is not subtracted from a whole one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from assets.pilot_agent.verdict.outcomes import AI, requester_codes, truths
from assets.retrain_agent.frames import FAILURE_TYPES, REPLAY
from assets.sustain_learning.frames import THUMBS
from assets.sustain_learning.report.learning_frames import LearningFrames, Span
from assets.sustain_learning.report.report_rows import ALL, Figure, count_figure, rate_figure

TYPE, KIND, CHANGE, DIAGNOSIS = "type:", "kind:", "change:", "diagnosis:"
REACH = "involvement_of_all_tickets"
WRONG = "failure_rate"
OVER = "over"
OPEN_PROPOSALS = ("proposed", "walking", "ready")


def month_counts(frames: LearningFrames, span: Span) -> list[Figure]:
    """Volume, failures, changes, signals, drift and proposals; of frames that are not there, nothing."""
    return [
        *_volume(frames, span),
        *_failures(frames, span),
        *_changes(frames, span),
        *_signals(frames, span),
        *_proposals(frames, span),
    ]


def _volume(frames: LearningFrames, span: Span) -> Iterator[Figure]:
    if frames.tickets is None:
        return
    tickets = frames.tickets[frames.tickets["is_in_audit"].fillna(False).astype(bool)]
    created = tickets["created_at"]
    yield _flow("tickets", "tickets", created, span)
    days = [span.days(one) for one in (span.month, span.before)]
    counts = [int(part(created).sum()) for part in (span.now, span.then)]
    # The first month of the data may begin in the middle: its days are counted from the first ticket on.
    first = created.min()
    if counts[1] and span.before.holds(created[created == first]).any():
        days[1] = (span.before.end - first) / pd.Timedelta(days=1)
    per_day = [count / day if count and day else math.nan for count, day in zip(counts, days, strict=True)]
    yield count_figure("tickets_a_day", "tickets", per_day[0], per_day[1])
    answers = frames.answers
    if answers is None or answers.empty:
        return
    by_agent = answers[answers["is_involved"].fillna(False).astype(bool) & (answers["arm"] == AI)]
    both = tickets[span.now(created) | span.then(created)]
    codes, _ = requester_codes(both["requester_id"])
    is_now = span.now(both["created_at"]).to_numpy(dtype=bool)
    hits = both["ticket_id"].isin(by_agent["ticket_id"]).to_numpy(dtype=bool)
    yield rate_figure(REACH, ALL, hits, np.ones(len(both), dtype=bool), codes, is_now, None)
    yield _flow("answers_decided", "tickets", answers["created_at"], span)
    yield _flow("answers_sent", "tickets", by_agent["created_at"], span)


def _failures(frames: LearningFrames, span: Span) -> Iterator[Figure]:
    """Wrong among judged answers, and by what went wrong; counted as a review session counts them (``wrong_answers``)."""
    if frames.cases is None or frames.failures is None:
        return
    cases = frames.cases[frames.cases["source"] != REPLAY].drop_duplicates("case_id")
    both = cases[span.now(cases["occurred_at"]) | span.then(cases["occurred_at"])]
    failed = frames.failures[frames.failures["source"] != REPLAY].drop_duplicates("failure_id")
    kinds = both["case_id"].map(failed.set_index("failure_id")["failure_type"].to_dict())
    codes, _ = requester_codes(both["requester_id"])
    is_now = span.now(both["occurred_at"]).to_numpy(dtype=bool)
    counts = np.ones(len(both), dtype=bool)
    yield rate_figure(WRONG, ALL, truths(both["is_wrong"]) == 1, counts, codes, is_now, False)
    for kind in FAILURE_TYPES:
        hits = (kinds == kind).fillna(False).to_numpy(dtype=bool)
        if hits.any():
            yield rate_figure(WRONG, f"{TYPE}{kind}", hits, counts, codes, is_now, False)


def _changes(frames: LearningFrames, span: Span) -> Iterator[Figure]:
    if frames.changes is None:
        return
    yield _flow("changes_accepted", "changes", frames.changes["accepted_at"], span)
    yield _flow("changes_released", "changes", frames.changes["released_at"], span)
    if frames.effects is None:
        return
    mine = changes_of(frames.changes, span)["change_id"]
    for row in frames.effects[frames.effects["change_id"].isin(mine)].to_dict("records"):
        better = None if pd.isna(row["higher_is_better"]) else bool(row["higher_is_better"])
        yield Figure(
            f"effect_on_{row['metric']}", f"{CHANGE}{row['change_id']}:{row['method']}",
            denominator=float(row["n"]) if not pd.isna(row["n"]) else math.nan, difference=float(row["difference"]),
            difference_low=float(row["low"]), difference_high=float(row["high"]), higher_is_better=better,
            sentence=str(row["sentence"]),
        )  # fmt: skip


def changes_of(changes: pd.DataFrame, span: Span) -> pd.DataFrame:
    """Changes that were accepted or went to customers in the month, the oldest first."""
    mine = span.month.holds(changes["accepted_at"]) | span.month.holds(changes["released_at"])
    return changes[mine].sort_values(["accepted_at", "change_id"], kind="stable")


def _signals(frames: LearningFrames, span: Span) -> Iterator[Figure]:
    if frames.signals is not None:
        signals = frames.signals
        yield _flow("feedback_signals", "signals", signals["occurred_at"], span)
        trouble = signals[signals["is_trouble"].fillna(False).astype(bool)]
        yield _flow("trouble_signals", "signals", trouble["occurred_at"], span)
        yield from _by("trouble_signals", "signals", trouble, "kind", KIND, "occurred_at", span)
        yield from _thumbs(signals, span)
    if frames.drift is not None:
        found = frames.drift[frames.drift["is_drift"].fillna(False).astype(bool)]
        yield _flow("drift_found", "findings", found["found_as_of"], span)
        yield from _by("drift_found", "findings", found, "kind", KIND, "found_as_of", span)
    if frames.support is not None:
        yield _flow("support_signals", "signals", frames.support["found_at"], span)
        yield from _by("support_signals", "signals", frames.support, "change", CHANGE, "found_at", span)
        yield from _by("support_signals", "signals", frames.support, "diagnosis", DIAGNOSIS, "found_at", span)
        yield _stock("support_signals_open", "signals", frames.support, "found_at", "ended_at", span)


def _thumbs(signals: pd.DataFrame, span: Span) -> Iterator[Figure]:
    thumbs = signals[(signals["kind"] == THUMBS).fillna(False) & signals["is_positive"].notna()]
    both = thumbs[span.now(thumbs["occurred_at"]) | span.then(thumbs["occurred_at"])]
    if len(both):
        codes, _ = requester_codes(both["requester_id"])
        is_now = span.now(both["occurred_at"]).to_numpy(dtype=bool)
        hits = truths(both["is_positive"]) == 1
        yield rate_figure("thumbs_rate", ALL, hits, np.ones(len(both), dtype=bool), codes, is_now, True)


def _proposals(frames: LearningFrames, span: Span) -> Iterator[Figure]:
    if frames.scope is None:
        return
    yield _flow("scope_proposals", "proposals", frames.scope["proposed_as_of"], span)
    yield from _by("scope_proposals", "proposals", frames.scope, "kind", KIND, "proposed_as_of", span)


def _by(
    metric: str, unit: str, frame: pd.DataFrame, column: str, prefix: str, when: str, span: Span
) -> Iterator[Figure]:
    mine = frame[span.now(frame[when]) | span.then(frame[when])]
    for value in sorted(str(one) for one in mine[column].dropna().unique()):
        part = mine[(mine[column] == value).fillna(False)]
        yield _flow(metric, unit, part[when], span, f"{prefix}{value}")


def _flow(metric: str, unit: str, times: pd.Series, span: Span, cut: str = ALL) -> Figure:
    """How many of something there were in the month and in the one before."""
    return count_figure(
        metric, unit, float(span.now(times).sum()), float(span.then(times).sum()), cut, is_comparable=not span.is_cut
    )


def _stock(metric: str, unit: str, frame: pd.DataFrame, begins: str, ends: str, span: Span) -> Figure:
    """How many were there at the end of the month and of the one before."""
    at: Callable[[pd.Timestamp], float] = lambda moment: float(  # noqa: E731
        ((frame[begins] < moment) & ~(frame[ends] < moment).fillna(False)).fillna(False).sum()
    )
    return count_figure(metric, unit, at(span.end), at(span.month.start), higher_is_better=False)
