"""One decision of a release, replayed, with the whole chain from source record to reply.

Belongs here: replaying, and gathering what each link of the chain says, as data. Does not belong here: finding the
ticket's records and the signatures (``orchestration``), printing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from assets.configure_behavior.confidence.thresholds import Threshold
from assets.configure_behavior.decisions.decision import Decision
from assets.configure_behavior.releases.agent_release import AgentRelease, ReleaseEntry
from assets.configure_behavior.releases.build_release import the_decide
from assets.configure_behavior.releases.regression_set import Decide, decision_summary, in_words

MAX_HITS = 5


@dataclass(frozen=True)
class TicketRecord:
    """A ticket as the release meets it.

    ``text`` is redacted; ``records`` are the source records it came from, by ids and hashes alone: export_id, file,
    line, record_kind, record_id, record_hash. ``redactions`` counts what was taken out, by kind.
    """

    ticket_id: str
    text: str
    context: Mapping[str, object]
    split: str | None
    records: Sequence[Mapping[str, Any]] = ()
    redactions: Mapping[str, int] = field(default_factory=dict)
    assigned_category_id: str | None = None


@dataclass(frozen=True)
class Explanation:
    """The chain, link by link.

    ``scores``: what the category model gave: predicted, runner_up, confidence, unknown_score, unknown_reason. ``hits``:
    what retrieval found, with the parts of each score, the nearest document and the past tickets that voted.
    ``threshold``: the row the confidence was compared with. ``entry``: the entry the reply rests on, as frozen.
    ``frozen``: how the decision compares with the one stored in the release, where the ticket is in its regression set.
    """

    ticket: TicketRecord
    decision: Decision
    scores: dict[str, Any]
    triggers: list[dict[str, Any]]
    hits: list[dict[str, Any]]
    threshold: Threshold | None
    entry: ReleaseEntry | None
    frozen: str | None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, in the order of the chain."""
        return {
            "ticket": asdict(self.ticket),
            "scores": self.scores,
            "triggers": self.triggers,
            "hits": self.hits,
            "threshold": asdict(self.threshold) if self.threshold else None,
            "entry": asdict(self.entry) if self.entry else None,
            "decision": self.decision.to_dict(),
            "frozen": self.frozen,
        }


def explain_decision(
    ticket: TicketRecord,
    release: AgentRelease,
    frozen: Mapping[str, Any] | None = None,
    decide: Decide | None = None,
) -> Explanation:
    """Replay what a release does with a ticket's first message, and say what every step of it rests on.

    Args:
        ticket: as the release meets it.
        release: any release that was loaded.
        frozen: the ticket's row in the release's regression set, if it is there: then its frozen text and context are
            replayed, so that the decision is the one that was stored.
        decide: ``decisions.decide`` by default.
    """
    text: str = ticket.text
    context: Mapping[str, object] = ticket.context
    if frozen is not None:
        text, context = str(frozen["text"]), json.loads(frozen["context"])
        ticket = replace(ticket, text=text, context=context)
    decision = (decide or the_decide())(text, [], context, release)
    scores, triggers, hits = _looked_up(text, context, release)
    threshold = None
    if decision.category_id is not None and decision.risk is not None:
        threshold = release.thresholds.of(decision.category_id, decision.risk)
    used = decision.entries[0].entry_id if decision.entries else None
    return Explanation(
        ticket=ticket,
        decision=decision,
        scores=scores,
        triggers=triggers,
        hits=hits,
        threshold=threshold,
        entry=release.entries.get(used) if used else None,
        frozen=None if frozen is None else _compared(frozen["decision"], decision),
    )


def _compared(stored: Mapping[str, Any], decision: Decision) -> str:
    now = decision_summary(decision)
    if now == stored:
        return "the same decision as was stored when the release was built"
    return f"another decision than was stored when the release was built: {in_words(stored)} -> {in_words(now)}"


def _looked_up(
    text: str, context: Mapping[str, object], release: AgentRelease
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """What the models said, by the steps that ``decide`` itself takes."""
    from assets.configure_behavior.decisions.case import look_up
    from assets.configure_behavior.decisions.reading import read_message

    reading = read_message(text, [], context, release.behavior)
    if not reading.text:
        return {}, [], []
    case = look_up(reading, release)
    scores = {
        "predicted": case.predicted,
        "runner_up": case.runner_up,
        "confidence": case.category_confidence,
        "unknown_score": case.unknown_score,
        "unknown_reason": case.unknown_reason,
        "preferred_by": case.preferred_by,
        "context": dict(case.context),
    }
    triggers = [asdict(one) for one in case.triggers]
    hits = []
    for hit in case.found.hits[:MAX_HITS]:
        entry = release.entries[hit.entry_id]
        hits.append({**asdict(hit), "question": entry.question, "category_id": entry.category_id})
    return scores, triggers, hits
