"""Sections of an article joined to what answers one question.

Belongs here: which sections belong together, and the answer's text. Does not belong here: which question it is
(`article_drafts`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from assets.build_knowledge.conditions import Conditions, dump_conditions, load_conditions, overlap
from assets.build_knowledge.drafts.proposal import Source
from assets.build_knowledge.drafts.sentences import count_words

MIN_WORDS = 8
MIN_WORDS_BESIDE_LINKS = 14
MAX_CHARS = 2_500
_SMALL_WORDS = 25
"""A lead shorter than this introduces what follows and is no answer by itself."""


_LINK = re.compile(r"\[[^\]\n]*\]\([^)\s]*\)")


@dataclass(frozen=True)
class ArticleUnit:
    """What one article says to one question, for one kind of reader."""

    article_id: str
    title: str
    heading: str
    """The heading it stands under, empty where the article has none."""
    text: str
    conditions: Conditions
    sources: tuple[Source, ...]
    owner: str | None
    url: str | None
    locale: str
    position: int
    """Of its first section within the article."""


def join_sections(articles: pd.DataFrame) -> list[ArticleUnit]:
    """Join the sections of each article that answer one question under one condition.

    Sections under one top heading belong together (a troubleshooting part to its instruction); a short lead joins the
    part after it. Text for some readers only is a unit of its own, into which the text for everybody under the same
    heading is taken, in the article's order: a reader must find the whole answer. Where readers are told apart, what
    is for everybody is no unit by itself.

    Args:
        articles: rows of `help_center_articles` that may be used.
    """
    units: list[ArticleUnit] = []
    for _, sections in articles.sort_values(["article_id", "position"], kind="stable").groupby("article_id", sort=True):
        rows = [{str(name): value for name, value in row.items()} for row in sections.to_dict("records")]
        for part in _parts(rows):
            units += _by_condition(part)
    return units


def join_units(units: Sequence[ArticleUnit]) -> list[ArticleUnit]:
    """Join units of one article that answer one question, in their order: one unit for each kind of reader."""
    special = {dump_conditions(unit.conditions): unit.conditions for unit in units if unit.conditions} or {"{}": {}}
    joined = []
    for conditions in special.values():
        mine = [unit for unit in units if not unit.conditions or unit.conditions == conditions]
        blocks = []
        for place, unit in enumerate(mine):
            show = unit.heading and (place > 0 or len({one.heading for one in mine}) > 1)
            blocks.append(f"**{unit.heading}**\n\n{unit.text}" if show else unit.text)
        joined.append(
            replace(
                mine[0],
                heading=mine[0].heading if len(mine) == 1 else "",
                text=_cut("\n\n".join(blocks)),
                conditions=conditions,
                sources=tuple(dict.fromkeys(source for unit in mine for source in unit.sources)),
            )
        )
    return joined


def _parts(sections: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Sections by top heading, in order; a short lead goes with the first part, a longer one is its own."""
    parts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for section in sections:
        headings = [str(one) for one in _as_list(section["headings"])]
        parts[headings[0] if headings else ""].append(section)
    lead = parts.get("", [])
    if lead and len(parts) > 1 and sum(count_words(str(one["text"])) for one in lead) < _SMALL_WORDS:
        first = next(name for name in parts if name)
        parts[first] = lead + parts[first]
        del parts[""]
    return list(parts.values())


def _by_condition(part: Sequence[dict[str, Any]]) -> list[ArticleUnit]:
    sets: dict[str, Conditions] = {str(one["conditions"]): load_conditions(str(one["conditions"])) for one in part}
    special = [name for name, conditions in sets.items() if conditions]
    units = []
    for name in special or list(sets):
        mine = [
            one
            for one in part
            if str(one["conditions"]) == name
            or not sets[str(one["conditions"])]
            or _includes(sets[str(one["conditions"])], sets[name])
        ]
        units.append(_unit(mine, sets[name]))
    return [unit for unit in units if _says_something(unit.text)]


def _says_something(text: str) -> bool:
    """Whether a text is more than a few words or a pointer to another page."""
    rest = _LINK.sub(" ", text)
    return count_words(rest) >= (MIN_WORDS if rest == text else MIN_WORDS_BESIDE_LINKS)


def _includes(wide: Conditions, narrow: Conditions) -> bool:
    """Whether everybody who meets `narrow` meets `wide`."""
    return overlap(wide, narrow) and all(
        field in narrow and set(narrow[field]) <= set(values) for field, values in wide.items()
    )


def _unit(sections: Sequence[dict[str, Any]], conditions: Conditions) -> ArticleUnit:
    first = sections[0]
    tops = [_as_list(one["headings"]) for one in sections]
    heading = next((str(path[0]) for path in tops if path), "")
    blocks: list[str] = []
    shown: list[str] = []
    for section, path in zip(sections, tops, strict=True):
        below = [str(one) for one in path[1:]]
        if below and below != shown:
            blocks.append(f"**{below[-1]}**")
        shown = below
        blocks.append(str(section["text"]).strip())
    return ArticleUnit(
        article_id=str(first["article_id"]),
        title=str(first["title"]),
        heading=heading,
        text=_cut("\n\n".join(block for block in blocks if block)),
        conditions=conditions,
        sources=tuple(Source("article", str(one["section_id"]), str(one["section_hash"])) for one in sections),
        owner=first["owner"] if isinstance(first.get("owner"), str) else None,
        url=first["url"] if isinstance(first.get("url"), str) else None,
        locale=str(first.get("locale") or ""),
        position=int(first["position"]),
    )


def _cut(text: str) -> str:
    if len(text) <= MAX_CHARS:
        return text
    return text[:MAX_CHARS].rsplit("\n", 1)[0].rstrip()


def _as_list(value: object) -> list[Any]:
    return [] if value is None or isinstance(value, (str, float)) else list(value)  # type: ignore[call-overload]
