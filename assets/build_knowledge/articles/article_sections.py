"""One article to rows of ``help_center_articles``: a row a section, and one for each kind of readers it tells apart.

Belongs here: which pieces of a section make a row. Does not belong here: for whom a piece is (``article_audiences``),
rendering (``article_rendering``), many articles (``read_help_center``).

Blocks that are for some readers as a whole (a paragraph, an item of a bulleted list) become a row of their own, and the
section's other text stays one row for everybody. Where the difference is inside a block or between numbered steps, to
take it out would break the sentence: the section's other text then becomes one row for each kind of reader, as that
reader should see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeVar

from assets.build_knowledge.articles.article_audiences import ArticleAudiences, read_audiences
from assets.build_knowledge.articles.article_outline import Outline, read_outline
from assets.build_knowledge.articles.article_records import Article, ArticleReject, BadArticle, content_hash
from assets.build_knowledge.articles.article_rendering import render_pieces
from assets.build_knowledge.articles.audience_marks import mark_source
from assets.build_knowledge.articles.audiences import EVERYBODY, Audience, both, is_nobody, is_within
from assets.build_knowledge.articles.vocabulary import Vocabulary
from assets.build_knowledge.conditions import dump_conditions

_MAX_KINDS = 48
_Seen = TypeVar("_Seen")
_HEADING_TAIL = re.compile(r"\s*(?:[¶#§]|🔗)+\s*\Z")


@dataclass(frozen=True)
class _Row:
    section: int
    audience: Audience
    pieces: tuple[int, ...]


def cut_article(article: Article, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """The sections of an article in order, each with ``headings``, ``text``, ``links``, ``conditions`` and its hash.

    Raises:
        BadArticle: nothing to read in it, or more than one article may hold.
    """
    outline = read_outline(mark_source(article.body), article.url)
    audiences = read_audiences(outline, article.title, vocabulary, article.conditions)
    rows = [row for section in range(len(outline.headings) + 1) for row in _section_rows(section, outline, audiences)]
    found: list[dict[str, Any]] = []
    seen: set[str] = set()
    shown: dict[str, tuple[list[_Row], list[str], str, list[str]]] = {}
    for row, text, links in _rendered(rows, outline):
        if not _is_only_a_label(text, row):
            headings = _path(row, outline, audiences, article.title)
            shown.setdefault(content_hash([row.section, headings, text]), ([], headings, text, links))[0].append(row)
    for alike, headings, text, links in shown.values():
        kinds = _merged([(row.audience, text) for row in alike])
        for conditions in (one for audience, _ in kinds for one in audiences.universe.to_conditions(audience)):
            written = dump_conditions(conditions)
            section_hash = content_hash([article.title, headings, text, written])
            if section_hash in seen:
                continue
            seen.add(section_hash)
            found.append(
                {
                    "section_id": f"{article.article_id}#{section_hash[:12]}",
                    "headings": headings,
                    "position": len(found) + 1,
                    "text": text,
                    "links": links,
                    "conditions": written,
                    "section_hash": section_hash,
                }
            )
    if not found:
        raise BadArticle(ArticleReject.EMPTY_ARTICLE, "holds no text that a reader would see", article.article_id)
    return found


def _section_rows(section: int, outline: Outline, audiences: ArticleAudiences) -> list[_Row]:
    pieces = [
        n
        for n, piece in enumerate(outline.pieces)
        if piece.section == section
        and piece.is_visible
        and piece.heading is None
        and not is_nobody(audiences.pieces[n])
    ]
    exempt = [n for n in pieces if outline.pieces[n].block in audiences.exempt_blocks]
    others = [n for n in pieces if outline.pieces[n].block not in audiences.exempt_blocks]
    rows = _rows_within(section, audiences.sections[section], others, outline, audiences)
    rows += _rows_within(section, EVERYBODY, exempt, outline, audiences)
    return sorted((row for row in rows if row.pieces), key=lambda row: (row.pieces, _key(row.audience)))


def _rows_within(
    section: int, around: Audience, pieces: list[int], outline: Outline, audiences: ArticleAudiences
) -> list[_Row]:
    units: dict[tuple[str, int], list[int]] = {}
    for n in pieces:
        piece = outline.pieces[n]
        key = ("block", piece.block) if piece.unit is None else ("unit", piece.unit)
        units.setdefault(key, []).append(n)
    base: list[int] = []
    own: dict[str, tuple[Audience, list[int]]] = {}
    for members in units.values():
        said = [audiences.pieces[n] for n in members if outline.pieces[n].is_said] or [around]
        if said[0] != around and all(one == said[0] for one in said):
            own.setdefault(_key(said[0]), (said[0], []))[1].extend(members)
        else:
            base.extend(members)
    kinds = _kinds(sorted(base), around, outline, audiences)
    if kinds is None:
        for n in [n for n in base if audiences.pieces[n] != around]:
            own.setdefault(_key(audiences.pieces[n]), (audiences.pieces[n], []))[1].append(n)
            base.remove(n)
        kinds = [(around, tuple(sorted(base)))]
    rows = [_Row(section, audience, kept) for audience, kept in kinds]
    return rows + [_Row(section, audience, tuple(sorted(members))) for audience, members in own.values()]


def _kinds(
    base: list[int], around: Audience, outline: Outline, audiences: ArticleAudiences
) -> list[tuple[Audience, tuple[int, ...]]] | None:
    """The kinds of readers that see different text, each with its pieces; None where there are too many kinds."""
    distinct = {_key(audiences.pieces[n]): audiences.pieces[n] for n in base if audiences.pieces[n] != around}
    fields = sorted({name for one in distinct.values() for name in one if one[name] != around.get(name)})
    parts = [_parts(name, distinct.values(), around, audiences) for name in fields]
    count = 1
    for part in parts:
        count *= len(part)
    if count > _MAX_KINDS:
        return None
    runs = _alternatives(base, around, outline, audiences)
    found: list[tuple[Audience, tuple[int, ...]]] = []
    for combination in product(*parts):
        reader = both(around, dict(zip(fields, combination, strict=True)))
        kept = tuple(n for n in base if audiences.pieces[n] == around or is_within(reader, audiences.pieces[n]))
        if any(outline.pieces[n].is_said for n in kept):
            found.append((reader, kept))
    served = [one for one in found if _is_served(one[0], runs)] or found
    return _merged(served)


def _parts(
    name: str, distinct: Iterable[Audience], around: Audience, audiences: ArticleAudiences
) -> list[frozenset[str]]:
    """A field's elements, grouped by which of the audiences they are in."""
    elements = around.get(name) or audiences.universe.elements(name)
    allowed = [one[name] for one in distinct if name in one]
    groups: dict[tuple[bool, ...], set[str]] = {}
    for element in sorted(elements):
        groups.setdefault(tuple(element in one for one in allowed), set()).add(element)
    return [frozenset(group) for group in groups.values()]


def _alternatives(
    base: list[int], around: Audience, outline: Outline, audiences: ArticleAudiences
) -> list[tuple[list[Audience], list[Audience]]]:
    """Texts for different readers side by side, and around whose text they stand.

    A reader of what is around who sees none of them was not thought of, and would read a sentence with a hole in it.
    """
    runs: list[list[int]] = []
    shared: frozenset[str] = frozenset()
    for n in base:
        if not outline.pieces[n].is_said:
            continue
        fields = _fields(n, around, audiences)
        if fields and runs and runs[-1] and shared & fields:
            shared &= fields
            runs[-1].append(n)
        else:
            shared = fields
            runs.append([n] if fields else [])
    found = []
    for run in runs:
        distinct = list({_key(audiences.pieces[n]): audiences.pieces[n] for n in run}.values())
        outer = [a for a in distinct if all(is_within(b, a) for b in distinct)]
        inner = [a for a in distinct if not any(a is b for b in outer)]
        if len(inner) > 1:
            found.append((inner, outer))
    return found


def _is_served(reader: Audience, runs: list[tuple[list[Audience], list[Audience]]]) -> bool:
    return all(
        any(is_within(reader, one) for one in inner) or not all(is_within(reader, one) for one in outer)
        for inner, outer in runs
    )


def _fields(n: int, around: Audience, audiences: ArticleAudiences) -> frozenset[str]:
    return frozenset(name for name, allowed in audiences.pieces[n].items() if allowed != around.get(name))


def _merged(found: list[tuple[Audience, _Seen]]) -> list[tuple[Audience, _Seen]]:
    """Readers who see the same become one kind, as far as that can be said in one field."""
    rows = list(found)
    is_changed = True
    while is_changed:
        is_changed = False
        for i, (a, kept) in enumerate(rows):
            for j in range(i + 1, len(rows)):
                b, other = rows[j]
                names = [name for name in a.keys() | b.keys() if a.get(name) != b.get(name)]
                if kept == other and len(names) == 1 and names[0] in a and names[0] in b:
                    rows[i] = ({**a, names[0]: a[names[0]] | b[names[0]]}, kept)
                    del rows[j]
                    is_changed = True
                    break
            if is_changed:
                break
    return rows


def _rendered(rows: list[_Row], outline: Outline) -> list[tuple[_Row, str, list[str]]]:
    """Render row by row, the first of every section in one go, then the second, and so on."""
    waiting: dict[int, list[_Row]] = {}
    for row in rows:
        waiting.setdefault(row.section, []).append(row)
    texts: dict[int, tuple[str, list[str]]] = {}
    for turn in range(max((len(held) for held in waiting.values()), default=0)):
        taken = [held[turn] for held in waiting.values() if turn < len(held)]
        rendered = render_pieces(outline, [n for row in taken for n in row.pieces])
        for row in taken:
            if row.section in rendered:
                texts[id(row)] = rendered[row.section]
    return [(row, *texts[id(row)]) for row in rows if id(row) in texts]


def _path(row: _Row, outline: Outline, audiences: ArticleAudiences, title: str) -> list[str]:
    """The headings above a row and its own, as its readers see them, without one that only repeats the title."""
    path: list[tuple[int, str]] = []
    for heading in outline.headings[: row.section]:
        while path and path[-1][0] >= heading.level:
            path.pop()
        pieces = [n for n in heading.pieces if not is_nobody(both(audiences.marks[n], row.audience))]
        path.append((heading.level, _HEADING_TAIL.sub("", outline.text_of(pieces))[:300]))
    return [text for level, text in path if text and not (level == 1 and text.casefold() == title.casefold())]


def _is_only_a_label(text: str, row: _Row) -> bool:
    """Whether a row says no more than for whom the text around it is."""
    return len(text) <= 40 and "\n" not in text and text.rstrip().endswith(":") and len(row.pieces) <= 2


def _key(audience: Audience) -> str:
    return content_hash({name: sorted(allowed) for name, allowed in audience.items()})
