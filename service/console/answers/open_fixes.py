"""From an answer to the open fix of the pattern that it is a failure of.

Belongs here: looking that up for many answers at once. Does not belong here: drawing it (``shown_panel``), the fix itself
(``service.console.fixes``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestration.lake import Lake

if TYPE_CHECKING:
    from desk.loading import Desk
    from ledger.store import Ledger


@dataclass(frozen=True)
class OpenFix:
    """A fix that waits for a decision. pattern: what goes wrong, in words."""

    fix_id: str
    title: str
    pattern: str


def open_fixes_by_answer(desk: Desk, ledger: Ledger) -> dict[str, OpenFix]:
    """Open fixes by the ids of the answers that they would have mended, the first of the ranking where there are several;
    empty where nothing was looked for yet."""
    from orchestration.people.fix_desk import undecided

    lake = Lake(desk.home)
    if not all(lake.file(name).is_file() for name in ("fix_queue", "failure_patterns", "failures")):
        return {}
    queue = lake.read("fix_queue", ["fix_id", "pattern_id", "title", "status", "rank"])
    queue = undecided(queue[queue["pattern_id"].notna()], ledger)
    patterns: list[Any] = lake.read("failure_patterns", ["pattern_id", "name", "failure_ids"]).to_dict("records")
    by_pattern = {str(row["pattern_id"]): row for row in patterns}
    failures = lake.read("failures", ["failure_id", "answer_id"]).dropna()
    answers = dict(zip(failures["failure_id"].astype(str), failures["answer_id"].astype(str), strict=True))
    found: dict[str, OpenFix] = {}
    rows: list[Any] = queue.sort_values("rank", na_position="last").to_dict("records")
    for row in rows:
        pattern = by_pattern.get(str(row["pattern_id"]))
        if pattern is None:
            continue
        fix = OpenFix(str(row["fix_id"]), str(row["title"]), str(pattern["name"]))
        for failure in pattern["failure_ids"] if pattern["failure_ids"] is not None else ():
            if (answer := answers.get(str(failure))) is not None:
                found.setdefault(answer, fix)
    return found
