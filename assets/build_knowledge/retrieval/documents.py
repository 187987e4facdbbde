"""What an entry is found by: its question, its phrasings and the passages of its answer, as one frame.

Belongs here: cutting articles and entries into documents. Does not belong here: their vectors, or scoring them.

A passage carries the title and headings it stands under: alone, "choose Continue" belongs to everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from assets.build_knowledge.retrieval.article_links import strip_links

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("entry_id", "kind", "text", "conditions")
KINDS = ("question", "phrasing", "passage")
PASSAGE_CHARS = 900
SHORTEST_PASSAGE = 25
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*\)")


def documents_of_articles(sections: pd.DataFrame) -> pd.DataFrame:
    """Documents of help-center articles, an article standing for an entry.

    Args:
        sections: ``help_center_articles``: article_id, title, headings, text, conditions, position and, where known,
            retired_as_of (retired ones are left out).

    Returns:
        ``COLUMNS``, each text of an entry once a condition, in the order of articles and positions.
    """
    if "retired_as_of" in sections:
        sections = sections[sections["retired_as_of"].isna()]
    ordered = sections.sort_values(["article_id", "position"], kind="stable")
    rows: list[tuple[str, str, str, str]] = []
    for article_id, title in ordered.drop_duplicates("article_id")[["article_id", "title"]].itertuples(index=False):
        rows.append((article_id, "question", title, "{}"))
    columns = ("article_id", "title", "headings", "text", "conditions")
    for article_id, title, headings, text, conditions in zip(*(ordered[name] for name in columns), strict=True):
        for passage in passages(text, [title, *headings]):
            rows.append((article_id, "passage", passage, conditions or "{}"))
    return _frame(rows)


def documents_of_entries(entries: pd.DataFrame) -> pd.DataFrame:
    """Documents of knowledge entries: entry_id, question, phrasings, answer, conditions."""
    rows: list[tuple[str, str, str, str]] = []
    columns = ("entry_id", "question", "phrasings", "answer", "conditions")
    for entry_id, question, phrasings, answer, conditions in zip(*(entries[name] for name in columns), strict=True):
        conditions = conditions or "{}"
        rows.append((entry_id, "question", question, conditions))
        rows += [(entry_id, "phrasing", phrasing, conditions) for phrasing in phrasings if phrasing != question]
        rows += [(entry_id, "passage", passage, conditions) for passage in passages(answer, [question])]
    return _frame(rows)


def passages(text: str, headings: Iterable[str]) -> Iterator[str]:
    """Pieces of at most ``PASSAGE_CHARS`` characters, cut between lines where possible, under their headings."""
    head = "\n".join(dict.fromkeys(heading.strip() for heading in headings if heading and heading.strip()))
    for piece in _pieces(without_addresses(text)):
        yield f"{head}\n{piece}" if head else piece


def without_addresses(text: str) -> str:
    """Markdown links as their words, other addresses gone."""
    return strip_links(_LINK.sub(r"\1", text)).strip()


def _pieces(text: str) -> Iterator[str]:
    piece = ""
    for line in text.splitlines():
        while len(line) > PASSAGE_CHARS:
            cut = line.rfind(" ", PASSAGE_CHARS // 2, PASSAGE_CHARS)
            cut = cut if cut > 0 else PASSAGE_CHARS
            piece, line = f"{piece}\n{line[:cut]}".strip(), line[cut:]
            yield piece
            piece = ""
        if piece and len(piece) + len(line) >= PASSAGE_CHARS:
            yield piece
            piece = ""
        piece = f"{piece}\n{line}" if piece else line
    if len(piece.strip()) >= SHORTEST_PASSAGE:
        yield piece.strip()


def _frame(rows: list[tuple[str, str, str, str]]) -> pd.DataFrame:
    import pandas as pd

    kept = [row for row in dict.fromkeys(rows) if row[2] and not row[2].isspace()]
    return pd.DataFrame(kept, columns=list(COLUMNS)).astype("str")
