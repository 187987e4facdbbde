"""What drafts and entries rest on, as their column ``sources`` names it.

Belongs here: reading that column. Does not belong here: choosing sources (``drafts``).
"""

from __future__ import annotations

import json

import pandas as pd


def source_tickets(frame: pd.DataFrame) -> set[str]:
    """Ids of all tickets that drafts or entries (frame with a JSON column ``sources``) name as their sources."""
    return {
        str(source["id"])
        for sources in frame["sources"].dropna()
        for source in json.loads(sources)
        if source.get("kind") == "ticket"
    }
