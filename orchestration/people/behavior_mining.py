"""``understudy behavior check --mine``: triggers over the desk's past, and the outcome kept for the page.

Belongs here: reading the frames, and the file that remembers what was mined. Does not belong here: mining
(``assets.configure_behavior.triggers.mine_triggers``), printing (``behavior``).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.behavior import BehaviorFile, behavior_hash
from desk.loading import Desk
from orchestration.lake import Lake, replacing

if TYPE_CHECKING:
    import pandas as pd

    from assets.configure_behavior.triggers.mine_triggers import MinedTriggers

FILE = "mined_triggers.json"
FACTS = ("plan", "page", "os", "sso")


def mine(desk: Desk, behavior: BehaviorFile, on_progress: Callable[[int, int], None] | None = None) -> MinedTriggers:
    """Try the triggers on past tickets, and keep the outcome for the page of this very spec.

    Raises:
        NotMaterialised: the audit has not been run.
    """
    from assets.configure_behavior.triggers.mine_triggers import mine_triggers
    from orchestration.resources import DeskResource, EncoderResource

    lake = Lake(desk.home)
    comments, splits, tickets = (lake.read(name) for name in ("redacted_comments", "ticket_splits", "fct_tickets"))
    intents = lake.previous("ticket_intents")
    encoder = EncoderResource(desk=DeskResource(folder=str(desk.folder))).load()
    mined = mine_triggers(
        behavior,
        comments,
        splits,
        ticket_categories=_categories(intents),
        ticket_contexts=_contexts(tickets),
        always_to_people=[category.id for category in desk.categories if category.bucket == "escalate"],
        encode=encoder.encode,
        on_progress=on_progress,
    )
    keep(lake, behavior, mined)
    return mined


def keep(lake: Lake, behavior: BehaviorFile, mined: MinedTriggers) -> Path:
    """Write what was mined beside the reports."""
    file = lake.reports / FILE
    with replacing(file) as temporary:
        content = {"behavior_hash": behavior_hash(behavior), "mined": asdict(mined)}
        temporary.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return file


def kept(lake: Lake, behavior: BehaviorFile) -> MinedTriggers | None:
    """What was mined with this very spec, or None."""
    from assets.configure_behavior.triggers.mine_triggers import MinedTriggers, NearMiss, PastHit, TriggerRate

    file = lake.reports / FILE
    if not file.is_file():
        return None
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if content["behavior_hash"] != behavior_hash(behavior):
        return None
    mined = content["mined"]
    return MinedTriggers(
        mined["count_tickets"],
        mined["count_fired"],
        tuple(TriggerRate(**one) for one in mined["rates"]),
        tuple(PastHit(**one) for one in mined["hits"]),
        tuple(NearMiss(**one) for one in mined["near_misses"]),
    )


def _categories(intents: pd.DataFrame | None) -> dict[str, str]:
    if intents is None:
        return {}
    known = intents[intents["assigned_category_id"].notna()]
    return dict(zip(known["ticket_id"], known["assigned_category_id"].astype(str), strict=True))


def _contexts(tickets: pd.DataFrame) -> dict[str, dict[str, object]]:
    """What the helpdesk's fields say, with the closed lists in their one spelling."""
    found: dict[str, dict[str, object]] = {}
    for row in tickets[["ticket_id", "context", *FACTS]].to_dict("records"):
        facts = json.loads(row["context"]) if isinstance(row["context"], str) else {}
        facts.update({name: row[name] for name in FACTS if isinstance(row[name], str) and row[name]})
        found[str(row["ticket_id"])] = facts
    return found
