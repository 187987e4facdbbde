"""What is on file when failures are typed: what could have been said, and how the agent is told to behave.

Belongs here: the published frames as one object. Does not belong here: what was said (``judged_answers``).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from desk.behavior import BehaviorFile


@dataclass(frozen=True)
class Known:
    """live: ``live_entries``; aside: ``entries_set_aside``, each with why_not_live; categories: ``accepted_categories``;
    behavior: the spec. They are those of now: what was mended since the answer counts as known."""

    live: pd.DataFrame
    aside: pd.DataFrame
    categories: pd.DataFrame
    behavior: BehaviorFile
