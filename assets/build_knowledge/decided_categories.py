"""The roadmap with what people have decided since it was built.

Belongs here: laying ``categories.yaml`` over the roadmap. Does not belong here: proposing anything (stage 1).
"""

from __future__ import annotations

import pandas as pd

DECIDED = ("bucket", "tier", "owner")


def decided_roadmap(roadmap: pd.DataFrame, accepted_categories: pd.DataFrame) -> pd.DataFrame:
    """``training_roadmap`` with bucket, tier and owner as ``accepted_categories`` says now.

    A decision made after the roadmap was built counts at once; where people left a bucket open, the roadmap's own
    proposal stays.
    """
    decided = accepted_categories.set_index("category_id")
    frame = roadmap.copy()
    known = frame["category_id"].isin(decided.index)
    for name in DECIDED:
        said = frame["category_id"].map(decided[name])
        fallback = frame["proposed_bucket"] if name == "bucket" else frame[name].where(~known)
        frame[name] = said.where(said.notna(), fallback).astype(frame[name].dtype)
    return frame
