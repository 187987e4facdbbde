"""Which sections of which articles may be drafted from, and why the others may not.

Belongs here: reading open findings for a decision about drafting. Does not belong here: finding anything (`findings`).
"""

from __future__ import annotations

import pandas as pd

STOPS_ALWAYS = frozenset(("stale", "contradiction", "unsafe"))
"""Findings that stop drafting even where they block nothing: the text may be wrong until somebody has looked."""

STOPS_ARTICLE = frozenset(("stale",))
"""Findings about one section that put the whole article in doubt."""

COLUMNS = ["section_id", "article_id", "is_usable", "reason", "why_not"]


def usable_sections(articles: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """Decide for every section whether a draft may rest on it.

    Args:
        articles: `help_center_articles`.
        findings: `knowledge_findings`, current. Verified and dismissed ones are people's word that the text stands.

    Returns:
        Frame [section]: section_id, article_id, is_usable, reason (code of the first thing against it, or null),
        why_not (a sentence, or null).

    An open finding stops a section when it is blocking or of a type in `STOPS_ALWAYS`; about a whole article, or of a
    type in `STOPS_ARTICLE`, it stops all sections. Of a contradiction the sides it blocks are in doubt (the suspect
    one, or the one nobody has verified); where it blocks neither, both are. Sections of articles
    that are gone or whose text is empty give no drafts either.
    """
    against: dict[str, tuple[str, str]] = {}
    for finding in findings.to_dict("records"):
        if finding["status"] != "open" or finding["subject_kind"] != "article":
            continue
        if not (finding["is_blocking"] or finding["type"] in STOPS_ALWAYS):
            continue
        subjects = _in_doubt(finding)
        sentence = f"{str(finding['type']).replace('_', ' ')} ({finding['reason']}): {finding['evidence']}"
        for subject in subjects:
            name = str(subject).split("#")[0] if finding["type"] in STOPS_ARTICLE else str(subject)
            against.setdefault(name, (str(finding["type"]), sentence))
    rows = []
    for section in articles.to_dict("records"):
        found = against.get(section["section_id"]) or against.get(section["article_id"])
        if not _is_missing(section.get("retired_as_of")):
            found = ("gone", "the article is no longer in the help center")
        elif not str(section["text"]).strip():
            found = found or ("empty", "the section has no text")
        rows.append((section["section_id"], section["article_id"], found is None, *(found or (None, None))))
    return pd.DataFrame(rows, columns=COLUMNS)


def _in_doubt(finding: dict) -> list[str]:
    if finding["type"] != "contradiction" or not isinstance(finding.get("other_id"), str):
        return [finding["subject_id"]]
    sides = [(finding["subject_id"], finding["is_blocking"]), (finding["other_id"], finding["is_other_blocked"])]
    return [name for name, is_blocked in sides if is_blocked] or [name for name, _ in sides]


def _is_missing(value: object) -> bool:
    return value is None or value != value or value is pd.NaT
