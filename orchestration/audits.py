"""The quarterly knowledge audit of a desk: what is read from lake and ledger for it.

Belongs here: gathering frames. Does not belong here: what goes on a list and what closes an item
(``assets.sustain_learning.audit_work``), what people do with it (``people.audit_work``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from assets.sustain_learning.audit_work.audited import Audited
from assets.sustain_learning.audit_work.knowledge_audit import knowledge_audit
from assets.sustain_learning.audit_work.quarter import Quarter
from ledger.audits import closed_items
from ledger.knowledge import audit_decisions

if TYPE_CHECKING:
    from ledger.store import Ledger
    from orchestration.lake import Lake
    from orchestration.resources import DeskResource

READ = {
    "entries": "knowledge_entries", "live": "live_entries", "set_aside": "entries_set_aside", "drafts": "knowledge_drafts",
    "articles": "help_center_articles", "findings": "knowledge_findings", "coverage": "knowledge_coverage",
    "categories": "accepted_categories", "trouble": "entry_trouble", "drift": "knowledge_drift",
}  # fmt: skip
"""The published frames that an audit reads."""


def audit_quarter(desk: DeskResource, quarter_start: pd.Timestamp) -> pd.DataFrame:
    """``frames.AUDIT_ITEM`` of all quarters, with that of one opened or brought up to date.

    Raises:
        ValueError: no ticket has a time, or this is no quarter's first moment.
    """
    lake = desk.lake
    tickets = lake.previous("fct_tickets")
    as_of = desk.as_of(pd.DataFrame() if tickets is None else tickets)
    with desk.ledger as ledger:
        audited = audited_frames(lake, ledger)
    return knowledge_audit(
        Quarter(quarter_start.tz_convert("UTC")),
        audited,
        lake.previous("knowledge_audit"),
        as_of=as_of,
        audit_days=desk.desk.settings.learning.audit_days,
    )


def audited_frames(lake: Lake, ledger: Ledger, **instead: pd.DataFrame) -> Audited:
    """What an audit reads, as published; ``instead``: frames that are known better, by the names of ``Audited``."""
    frames = {name: lake.previous(published) for name, published in READ.items() if name not in instead}
    said = {"closed": closed_items(ledger), "decisions": audit_decisions(ledger)}
    return Audited(**{name: frame for name, frame in frames.items() if frame is not None}, **instead, **said)
