"""Whether answers from an entry turn out worse than they did.

Belongs here: comparing judged answers of both windows. Does not belong here: who judged them (``retrain_agent``'s
``judged_answers``), withdrawing a category (``scope``).

Reviewers and customers do not find the same share wrong. Compared are answers judged by one source: the one that judged
most in the window where it judged least.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from assets.pilot_agent.answers.frames import as_list
from assets.retrain_agent.frames import FEEDBACK, HANDOFF, REOPENED, REVIEW
from assets.sustain_learning.drift.looks import EXAMPLES, Look, named
from assets.sustain_learning.drift.shift_test import rate_shift
from assets.sustain_learning.drift.windows import Windows
from assets.sustain_learning.frames import OUTCOME_DRIFT

LEAST_JUDGED = 8
"""In each window."""
LEAST_RISE = 0.1
_SOURCES = (REVIEW, FEEDBACK, HANDOFF, REOPENED)
_ESCALATE = "escalate"


def outcome_drift(
    judged: pd.DataFrame, entries: Mapping[str, Mapping[str, str | None]], windows: Windows
) -> Iterator[Look]:
    """A look at every entry with enough judged answers in both windows.

    Args:
        judged: ``judged_answers``; replay is left out, since nobody lived through it, and so are handovers.
    """
    rows = judged[judged["source"].isin(_SOURCES) & judged["is_wrong"].notna()]
    rows = rows[(rows["action"] != _ESCALATE).fillna(True).to_numpy(dtype=bool)]
    is_recent = windows.is_recent(rows["occurred_at"])
    rows = rows.assign(
        said=_first(rows["entry_ids"]),
        hash=_first(rows["entry_hashes"]),
        is_recent=is_recent,
        wrong=rows["is_wrong"].astype("boolean").fillna(False).astype(bool),
    )[is_recent.notna().to_numpy()]
    rows = rows.sort_values(["occurred_at", "case_id"], kind="stable")
    groups = {str(name): group for name, group in rows.groupby("said", sort=False)}
    for entry_id, entry in entries.items():
        if entry_id not in groups:
            continue
        best: tuple[int, pd.DataFrame, pd.DataFrame] | None = None
        for _, of_source in groups[entry_id].groupby("source", sort=True):
            new = of_source["is_recent"].astype(bool)
            before, now = of_source[~new], of_source[new]
            least = min(len(before), len(now))
            if least >= LEAST_JUDGED and (best is None or least > best[0]):
                best = least, before, now
        if best is not None:
            yield from _look(entry_id, entry, best[1], best[2])


def _look(entry_id: str, entry: Mapping[str, str | None], before: pd.DataFrame, now: pd.DataFrame) -> Iterator[Look]:
    shift = rate_shift(before["wrong"].tolist(), now["wrong"].tolist(), _people(before), _people(now))
    if shift is None:
        return
    name = named(entry_id, entry)
    figures = (
        f"{int(now['wrong'].sum())} of {len(now)} were wrong, before {int(before['wrong'].sum())} of {len(before)}"
    )
    is_renewed = entry["content_hash"] not in set(now["hash"])
    ours = now[now["wrong"] & (now["side"] == "train").fillna(False).to_numpy(dtype=bool) & now["ticket_id"].notna()]
    yield Look(
        OUTCOME_DRIFT,
        entry_id,
        shift,
        shift.effect >= LEAST_RISE,
        f"Answers from {name} turn out worse than they did: {figures}."
        + (" The entry has been changed since, and its answers are still to be judged." if is_renewed else ""),
        f"That answers from {name} turn out worse than they did is not shown: {figures}.",
        entry_id,
        entry["category_id"],
        entry["owner"],
        f"{entry['question']} {entry['answer']}",
        tuple(ours["ticket_id"].astype(str).iloc[::-1].drop_duplicates()[:EXAMPLES]),
    )


def _people(rows: pd.DataFrame) -> list[str | None]:
    return [None if pd.isna(one) else str(one) for one in rows["requester_id"]]


def _first(lists: pd.Series) -> pd.Series:
    """The first of each list, null for none."""
    return pd.Series(
        [next((str(one) for one in as_list(names)), None) for names in lists], index=lists.index, dtype="string"
    )
