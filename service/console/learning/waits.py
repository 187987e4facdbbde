"""What waits for people on the pages of learning, read cheaply: for the home page and for the first of these pages.

Belongs here: counting. Does not belong here: for whom what is pressing (``waiting``), the pages themselves.

Of the audit it is counted what the last run left open and nobody confirmed since; the audit's own page looks at every item anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.lake import Lake
from service.console.knowledge.words import some

if TYPE_CHECKING:
    from desk.loading import Desk
    from ledger.store import Ledger

AUDIT, SCOPE, SIGNALS, DRIFT = "/learning/audit", "/learning/scope", "/learning/signals", "/learning/drift"


@dataclass(frozen=True)
class WaitingLine:
    """One thing that waits, and where."""

    sentence: str
    path: str


@dataclass(frozen=True)
class LearningWaits:
    """Counts. overdue, open_items: of the newest audit; proposals: to decide; without_autonomy: categories that lost it;
    new_signals: found in the last week."""

    overdue: int = 0
    open_items: int = 0
    proposals: int = 0
    without_autonomy: int = 0
    new_signals: int = 0

    def lines(self) -> list[WaitingLine]:
        """In words, the most pressing first."""
        late = f", {self.overdue:,} overdue" if self.overdue else ""
        told = (
            (
                self.open_items,
                f"{some(self.open_items, 'item', 'items')} of the knowledge audit to look at{late}",
                AUDIT,
            ),
            (
                self.without_autonomy,
                f"{some(self.without_autonomy, 'category has lost its', 'categories have lost their')} autonomy",
                SCOPE,
            ),
            (self.proposals, f"{some(self.proposals, 'proposal', 'proposals')} on what the agent may answer", SCOPE),
            (self.new_signals, some(self.new_signals, "new signal from outside", "new signals from outside"), SIGNALS),
        )
        return [WaitingLine(sentence, path) for count, sentence, path in told if count]


def read_waits(desk: Desk, ledger: Ledger) -> LearningWaits:
    """How much waits now; nothing where the stage was never run."""
    from ledger.autonomy import withdrawn_categories

    lake = Lake(desk.home)
    overdue, open_items = _audit(desk, lake, ledger)
    return LearningWaits(
        overdue=overdue,
        open_items=open_items,
        proposals=_proposals(lake, ledger),
        without_autonomy=len(withdrawn_categories(ledger)),
        new_signals=_new_signals(lake),
    )


def _audit(desk: Desk, lake: Lake, ledger: Ledger) -> tuple[int, int]:
    """Overdue and open items of the newest quarter; what was open when last counted may be overdue by now."""
    from ledger.audits import closed_items
    from orchestration.people.knowledge_audit import desk_clock

    if not lake.file("knowledge_audit").is_file():
        return 0, 0
    items = lake.read("knowledge_audit", ["item_id", "quarter", "status", "due_at"])
    if items.empty:
        return 0, 0
    items = items[items["quarter"] == items["quarter"].max()]
    left = items[items["status"].isin(["open", "overdue"]) & ~items["item_id"].isin(closed_items(ledger)["item_id"])]
    if left.empty:
        return 0, 0
    return int((left["due_at"] < desk_clock(desk)).sum()), len(left)


def _proposals(lake: Lake, ledger: Ledger) -> int:
    """Proposals that people can accept or reject, and have not."""
    from assets.sustain_learning.frames import BACK, WIDEN
    from ledger.autonomy import scope_decisions, withdrawn_categories

    if not lake.file("scope_proposals").is_file():
        return 0
    rows = lake.read("scope_proposals", ["proposal_id", "kind", "category_id", "status"])
    left = rows[(rows["status"] == "proposed") & ~rows["proposal_id"].isin(scope_decisions(ledger)["proposal_id"])]
    back = (left["kind"] == BACK) & left["category_id"].isin(withdrawn_categories(ledger))
    return int(((left["kind"] == WIDEN) | back).fillna(False).sum())


def _new_signals(lake: Lake) -> int:
    if not lake.file("support_signals").is_file():
        return 0
    return int((lake.read("support_signals", ["status"])["status"] == "new").sum())
