"""Everything that may have drifted, looked at once, with false discoveries held over all looks.

Belongs here: gathering the looks, adjusting, telling the same drift from run to run. Does not belong here: any one look.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from assets.build_knowledge.findings.release_changes import Release, past_releases
from assets.pilot_agent.answers.frames import as_list, frame_of
from assets.sustain_learning.drift.answer_drift import answer_drift
from assets.sustain_learning.drift.looks import Look, by_entry, drift_id, event_of, owners_of_categories
from assets.sustain_learning.drift.new_phrasings import new_phrasings
from assets.sustain_learning.drift.outcome_drift import outcome_drift
from assets.sustain_learning.drift.question_drift import embedding_drift, question_drift
from assets.sustain_learning.drift.routed_tickets import routed_tickets
from assets.sustain_learning.drift.share_drift import share_drift
from assets.sustain_learning.drift.shift_test import FALSE_DISCOVERIES, adjusted
from assets.sustain_learning.drift.touched_entries import touched_entries
from assets.sustain_learning.drift.windows import Windows, windows_before
from assets.sustain_learning.frames import DRIFT, NEW_PHRASINGS


def knowledge_drift(
    *,
    tickets: pd.DataFrame,
    intents: pd.DataFrame,
    splits: pd.DataFrame,
    texts: pd.DataFrame,
    vectors: np.ndarray,
    comments: pd.DataFrame,
    live_entries: pd.DataFrame,
    entries: pd.DataFrame,
    knowledge: pd.DataFrame,
    knowledge_vectors: np.ndarray,
    findings: pd.DataFrame,
    judged: pd.DataFrame,
    releases: pd.DataFrame,
    previous: pd.DataFrame | None,
    as_of: pd.Timestamp,
    windows: Windows | None = None,
) -> pd.DataFrame:
    """Look for drift in the four weeks before ``as_of`` against the twelve before them.

    Args:
        tickets: ``fct_tickets``. intents: ``ticket_intents``. splits: ``ticket_splits``. texts: ``ticket_vectors``. vectors:
            (n, d), of its rows. comments: ``redacted_comments``. live_entries: of that name. entries: ``knowledge_entries``,
            for owners of those set aside. knowledge: ``knowledge_vectors``. knowledge_vectors: (m, d), of its rows. findings:
            ``knowledge_findings``. judged: ``judged_answers``. releases: ``release_events``. previous: what the last run
            returned, None for the first. windows: others than ``windows_before(as_of)``; they must end by ``as_of``.

    Returns:
        ``frames.DRIFT``, what has drifted first, then by p_adjusted. Each frame may be empty.

    Raises:
        ValueError: texts and vectors differ in number; windows reach past ``as_of``.
    """
    spans = windows_before(as_of) if windows is None else windows
    if spans.recent_end > as_of:
        raise ValueError(
            f"The recent window ends {spans.recent_end}, after {as_of}: nothing may be seen before it happens."
        )
    events = past_releases(releases, as_of)
    routed = routed_tickets(
        tickets=tickets, intents=intents, splits=splits, texts=texts, vectors=vectors, entries=live_entries,
        knowledge=knowledge, knowledge_vectors=knowledge_vectors, windows=spans,
    )  # fmt: skip
    said, owner_of = by_entry(live_entries), owners_of_categories(live_entries)
    looks = [
        *embedding_drift(routed),
        *share_drift(routed, said, owner_of, spans),
        *question_drift(routed, said),
        *answer_drift(routed, said, comments, tickets),
        *outcome_drift(judged, said, spans),
        *new_phrasings(routed, owner_of),
    ]
    before = _Previous(previous, as_of)
    rows = [*_tested(looks, events, spans, before), *_touched(findings, entries, events, spans, before)]
    rows = list({row["drift_id"]: row for row in rows}.values())
    for row in rows:
        since = before.found(row["drift_id"], row["effect"]) if row["is_drift"] else None
        row["found_as_of"] = as_of if since is None else since
    frame = frame_of([[row[name] for name in DRIFT] for row in rows], DRIFT)
    order = ["is_drift", "p_adjusted", "kind", "drift_id"]
    return frame.sort_values(order, ascending=[False, True, True, True], kind="stable", ignore_index=True)


class _Previous:
    """What the last run said, where it was not of a later moment."""

    def __init__(self, previous: pd.DataFrame | None, as_of: pd.Timestamp) -> None:
        known = pd.DataFrame(columns=list(DRIFT)) if previous is None else previous
        known = known[known["found_as_of"] <= as_of] if len(known) else known
        self._rows = known.to_dict("records")
        self._drifted = {
            str(row["drift_id"]): row for row in self._rows if not pd.isna(row["is_drift"]) and row["is_drift"]
        }

    def found(self, name: str, effect: float | None) -> Any:
        """Since when it has been told as drifted this way without a break; None where it was not."""
        row = self._drifted.get(name)
        if row is None:
            return None
        was = row["effect"]
        is_turned = effect is not None and not pd.isna(was) and was * effect < 0
        return None if is_turned else row["found_as_of"]

    def name_of(self, look: Look) -> str:
        """The id of a group of phrasings is that of the earlier one it shares examples with; others have their subject's."""
        if look.kind == NEW_PHRASINGS:
            shared = [
                (
                    len(set(look.examples) & {str(one) for one in as_list(row["example_ticket_ids"])}),
                    str(row["drift_id"]),
                )
                for row in self._rows
                if row["kind"] == NEW_PHRASINGS
            ]
            most = max(shared, default=(0, ""))
            if most[0]:
                return most[1]
        return drift_id(look.kind, look.subject)


def _tested(
    looks: Sequence[Look], events: Sequence[Release], windows: Windows, before: _Previous
) -> list[dict[str, Any]]:
    p_adjusted = adjusted([look.shift.p for look in looks])
    rows = []
    for look, p in zip(looks, p_adjusted, strict=True):
        is_drift = bool(p <= FALSE_DISCOVERIES) and look.is_enough
        event = event_of(look.about, events, windows) if is_drift and look.about else None
        shift = look.shift
        rows.append(
            {
                **_spans(windows),
                "drift_id": before.name_of(look),
                "kind": look.kind,
                "entry_id": look.entry_id,
                "category_id": look.category_id,
                "owner": look.owner,
                "n_reference": shift.n_reference,
                "n_recent": shift.n_recent,
                "effect": shift.effect,
                "effect_low": shift.low,
                "effect_high": shift.high,
                "effect_is": shift.effect_is,
                "p": shift.p,
                "p_adjusted": float(p),
                "is_drift": is_drift,
                "release_name": None if event is None else event.name,
                "example_ticket_ids": list(look.examples),
                "sentence": (look.drifted if is_drift else look.same)
                + (f" It may go back to {event.label}." if event is not None else ""),
            }
        )  # fmt: skip
    return rows


def _touched(
    findings: pd.DataFrame, entries: pd.DataFrame, events: list[Release], windows: Windows, before: _Previous
) -> list[dict[str, Any]]:
    rows = []
    for found in touched_entries(findings, entries, events, windows.recent_end):
        name = drift_id(found["kind"], found["subject"], f"{found['release_name']} {found['release_date']:%Y-%m-%d}")
        rows.append(
            {
                **dict.fromkeys(DRIFT),
                **_spans(windows),
                **{one: value for one, value in found.items() if one in DRIFT},
                "drift_id": name,
            }
        )
    return rows


def _spans(windows: Windows) -> dict[str, pd.Timestamp]:
    return {
        "reference_start": windows.reference_start,
        "reference_end": windows.reference_end,
        "recent_start": windows.recent_start,
        "recent_end": windows.recent_end,
    }
