"""A decision as a row: what was done, on which entries, by which rules, with which versions.

Belongs here: flattening a ``Decision``. Does not belong here: deciding, and which tickets are decided.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pandas as pd

from assets.configure_behavior.decisions.decision import Decision
from assets.configure_behavior.releases.agent_release import AgentRelease
from desk.behavior import behavior_hash

MAX_ENTRIES = 5
"""Entries a row names: the one the reply rests on first, then those considered."""


def release_facts(release: AgentRelease, as_of: pd.Timestamp) -> dict[str, Any]:
    """The versions that stand on every answer of a release; ``as_of`` is its data cut."""
    return {
        "release_id": release.release_id,
        "release_as_of": as_of,
        "encoder_revision": release.encoder_revision,
        "behavior_hash": behavior_hash(release.behavior),
    }


def decision_row(decision: Decision, versions: dict[str, Any]) -> dict[str, Any]:
    """The columns ``frames.DECISION``. ``versions`` comes from ``release_facts``."""
    handoff = decision.handoff
    suggested = None if handoff is None else handoff.suggested_reply
    is_suggestion = decision.action in ("draft", "escalate")
    used = decision.entries[:MAX_ENTRIES]
    reasons = [asdict(one) for one in decision.reasons]
    return {
        "action": decision.action,
        "category_id": decision.category_id,
        "category_confidence": decision.category_confidence,
        "bucket": decision.bucket,
        "confidence": decision.confidence,
        "threshold": decision.threshold,
        "risk": decision.risk,
        "entry_ids": [one.entry_id for one in used],
        "entry_hashes": [one.content_hash for one in used],
        "reply": suggested if is_suggestion else decision.reply,
        "is_suggestion": is_suggestion,
        "handoff_reason": None if handoff is None else handoff.reason,
        "handoff_queue": None if handoff is None else handoff.queue,
        "is_urgent": handoff is not None and handoff.is_urgent,
        "steps": [one.step for one in decision.reasons],
        "reasons": json.dumps(reasons, ensure_ascii=False),
        **versions,
    }
