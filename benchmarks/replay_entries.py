"""Help articles as entries an agent can answer with: one an article, or one for each kind of reader it tells apart.

Belongs here: what of an article a reader on one system is told, and the part of it that makes a reply. Does not belong
here: an entry's category, and who linked what (``replay_release``).

An article is long and a reply is short. Found by is the whole article; answered with is a part of it: from the one nearest
to what customers asked to whom helpers linked the article, before the cut. No person has looked at these entries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from assets.build_knowledge.conditions import OS_VALUES, applies, dump_conditions, load_conditions
from assets.build_knowledge.drafts.article_units import ArticleUnit, join_sections
from assets.build_knowledge.drafts.sentences import count_words

Encode = Callable[[Sequence[str]], np.ndarray]
COLUMNS = ("entry_id", "article_id", "url", "question", "phrasings", "text", "reply", "conditions")
READER = {"os_version": "windows 10", "tb_version": "128"}
"""Who is read for: the version most people had before the cut. What holds for older ones only is left out."""
MAX_REPLY_WORDS = 150
MAX_UNIT_CHARS = 1_000
"""Characters of a part that its vector is made of."""


def article_entries(
    sections: pd.DataFrame, asked: Mapping[str, Sequence[str]], encode: Encode, max_words: int = MAX_REPLY_WORDS
) -> pd.DataFrame:
    """Frame [entry] with ``COLUMNS``, sorted by entry_id.

    Args:
        sections: ``help_center_articles``.
        asked: what customers wrote to whom an article was linked, by article_id; the past alone.
        encode: texts to unit vectors.
        max_words: of a reply, its link left out.

    Returns:
        text is all that the article says to these readers, reply what they are answered with. Articles without a part
        that says something are left out.
    """
    rows = []
    for article_id, mine in sections.sort_values("position", kind="stable").groupby("article_id", sort=True):
        for systems, kept in _readers(mine):
            units = join_sections(kept.assign(conditions="{}"))
            if not units:
                continue
            first = _most_asked(units, asked.get(str(article_id), []), encode)
            title, url = str(kept["title"].iloc[0]), str(kept["url"].iloc[0])
            name = str(article_id) if not systems else f"{article_id}@{'-'.join(systems)}"
            rows.append(
                (
                    name,
                    str(article_id),
                    url,
                    title,
                    list(dict.fromkeys(one.heading for one in units if one.heading and one.heading != title)),
                    "\n\n".join(f"{one.heading}\n{one.text}".strip() for one in units),
                    reply_of(units[first:], title, url, max_words),
                    dump_conditions({"os": list(systems)} if systems else {}),
                )
            )
    return pd.DataFrame(rows, columns=list(COLUMNS)).sort_values("entry_id", ignore_index=True)


def reply_of(units: Sequence[ArticleUnit], title: str, url: str, max_words: int = MAX_REPLY_WORDS) -> str:
    """Parts of an article as a reply: the first, and those after it while they fit, whole lines, with the way to the rest."""
    lines: list[str] = []
    words = 0
    for unit in units:
        head = [unit.heading, ""] if unit.heading and unit.heading != title else []
        for line in [*head, *unit.text.splitlines(), ""]:
            words += count_words(line)
            if words > max_words:
                if not lines or lines == head:
                    lines.append(f"{' '.join(line.split()[:max_words])} …")
                break
            lines.append(line)
        if words > max_words:
            break
    headings = {one.heading for one in units[1:]}
    while lines and (not lines[-1].strip() or lines[-1] in headings or _is_heading(lines[-1])):
        lines.pop()
    said = "\n".join(lines)
    return f"{said}\n\n{'It goes on in' if words > max_words else 'See also'} “{title}”: {url}"


def _is_heading(line: str) -> bool:
    return line.startswith("**") and line.endswith("**")


def _readers(sections: pd.DataFrame) -> list[tuple[tuple[str, ...], pd.DataFrame]]:
    """Kinds of readers by operating system with the sections that hold for them; no system where all read the same."""
    conditions = [load_conditions(str(one)) for one in sections["conditions"]]
    named = {value for one in conditions for value in one.get("os", [])}
    by_sections: dict[tuple[bool, ...], list[str]] = {}
    for system in OS_VALUES:
        holds = tuple(applies(one, {"os": system, **READER}) is True for one in conditions)
        if any(holds):
            by_sections.setdefault(holds, []).append(system)
    if len(by_sections) == 1 and len(next(iter(by_sections.values()))) == len(OS_VALUES):
        return [((), sections[list(next(iter(by_sections)))])]
    # Readers of phones get what is for everybody only from articles that know phones at all.
    phones = {"android", "ios"}
    return [
        (tuple(systems), sections[list(holds)])
        for holds, systems in by_sections.items()
        if not set(systems) <= phones or named & phones
    ]


def _most_asked(units: Sequence[ArticleUnit], asked: Sequence[str], encode: Encode) -> int:
    wanted = np.asarray(encode(list(asked) or [units[0].title])).mean(axis=0)
    told = np.asarray(encode([f"{one.title}\n{one.heading}\n{one.text}"[:MAX_UNIT_CHARS] for one in units]))
    return int(np.argmax(told @ wanted))
