"""Texts that belong to nobody.

Belongs here: the owner's absence. Does not belong here: whether an owner still works here.
"""

from __future__ import annotations

import pandas as pd

from assets.build_knowledge.findings.audited_texts import subjects_of
from assets.build_knowledge.findings.finding import Finding, about

FEW_ARTICLES = 5
"""Of so many articles at least one must name an owner for the others' lack of one to mean anything."""


def find_unowned(texts: pd.DataFrame) -> list[Finding]:
    """Findings of type ``unowned``. An entry without owner is blocked: nobody would hear that it is wrong.

    An article is not: what is drafted from it gets an owner of its own when it is accepted. An export in which no
    article names an owner does not carry owners, and says nothing.
    """
    subjects = subjects_of(texts)
    articles = [row for row in subjects if row["subject_kind"] == "article"]
    has_owners = len(articles) < FEW_ARTICLES or any(row["owner"] is not None for row in articles)
    return [
        Finding(
            type="unowned",
            reason="no_owner",
            **about(row),
            evidence=f"“{row['title']}” names no owner.",
            fix="Name the person or team that answers for this text.",
            is_blocking=row["subject_kind"] == "entry",
        )
        for row in subjects
        if row["owner"] is None and (row["subject_kind"] == "entry" or has_owners)
    ]
