"""A recorded decision as a row: what was asked, what was done about it and why, without personal data.

Belongs here: the columns ``frames.LIVE_DECISION``. Does not belong here: reading the ledger (``live_events``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from assets.pilot_agent.answers.decision_rows import decision_row
from assets.pilot_agent.live.frames import LIVE_DECISION
from assets.pilot_agent.live.private_words import Redactor, pseudonym
from assets.pilot_agent.live.recorded_decision import Unreadable, mapping, optional, recorded_decision, text
from ledger.events import Event
from ledger.live import MODES

Versions = Callable[[str], Mapping[str, Any]]
"""release_as_of, encoder_revision and behavior_hash of a release, by its id."""


def live_decision(
    event: Event, by: str | None, words: Mapping[str, Any], redactor: Redactor, desk_id: str, versions: Versions
) -> dict[str, Any]:
    """One row, ``LIVE_DECISION`` but for redactor_version. Empty words were erased.

    Raises:
        Unreadable: the words are not those of a decision.
    """
    row: dict[str, Any] = dict.fromkeys(LIVE_DECISION)
    row |= {"decision_id": event.subject_hash, "sequence": event.sequence, "decided_at": event.occurred_at}
    row |= {"source": by, "is_erased": not words}
    if not words:
        return row
    request, mode = mapping(words.get("request"), "request"), text(words, "mode")
    if mode not in MODES:
        raise Unreadable(f"its mode is none of {', '.join(MODES)}")
    sends = optional(words, "sends", bool)
    if sends is None:
        raise Unreadable("its sends is missing")
    decision = recorded_decision(words.get("decision"))
    made = decision_row(decision, {"release_id": decision.release_id, **versions(decision.release_id)})
    said = json.loads(made["reasons"])
    redacted = [{**one, "sentence": redactor.line(one["sentence"])} for one in said]
    return {
        **row,
        **made,
        "mode": mode,
        "sends": sends,
        "channel": redactor.identifier(optional(request, "channel", str)),
        "ticket_id": redactor.identifier(optional(request, "ticket_id", str)),
        "requester_id": pseudonym(desk_id, optional(request, "requester_id", str)),
        "reply": None if made["reply"] is None else redactor.line(made["reply"]),
        "handoff_reason": None if made["handoff_reason"] is None else redactor.line(made["handoff_reason"]),
        "reasons": json.dumps(redacted, ensure_ascii=False),
        "language": decision.language,
        "question": redactor.words(text(request, "message")),
    }
