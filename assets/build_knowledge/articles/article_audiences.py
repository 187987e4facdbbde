"""For whom each piece of an article is: what its marks, its sentences, its headings and its title say together.

Belongs here: how far each statement reaches. Does not belong here: reading one mark (``audience_marks``) or one
sentence (``audience_phrases``), making rows (``article_sections``).

A statement about its own surroundings ("Pro only", "this page does not apply to …") is itself for everybody: who is
not meant must learn that.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from assets.build_knowledge.articles.article_outline import Outline
from assets.build_knowledge.articles.article_records import MAX_AUDIENCES, ArticleReject, BadArticle
from assets.build_knowledge.articles.audience_marks import count_audiences, read_mark, version_bounds
from assets.build_knowledge.articles.audience_phrases import PhraseReader
from assets.build_knowledge.articles.audiences import EVERYBODY, Audience, Universe, both, is_nobody
from assets.build_knowledge.articles.document_parts import Block, Piece
from assets.build_knowledge.articles.vocabulary import Vocabulary
from assets.build_knowledge.conditions import Conditions

_NO_LEADS = frozenset(("pre", "td", "th", "caption", "figcaption"))


@dataclass
class ArticleAudiences:
    """Audiences by section (its headings and the article taken together), by piece, and by piece's marks alone."""

    universe: Universe
    sections: list[Audience]
    pieces: list[Audience]
    marks: list[Audience]
    exempt_blocks: set[int]


@dataclass
class _Statements:
    article: Audience = field(default_factory=dict)
    sections: dict[int, Audience] = field(default_factory=dict)
    blocks: dict[int, Audience] = field(default_factory=dict)
    exempt_blocks: set[int] = field(default_factory=set)


def read_audiences(
    outline: Outline, title: str, vocabulary: Vocabulary, conditions: Conditions | None = None
) -> ArticleAudiences:
    """Audiences of an article's pieces; ``conditions`` are what its front matter says of the whole article.

    Raises:
        BadArticle: its marks name more kinds of readers than one article may tell apart.
    """
    said = [*outline.source.words, *(one for piece in outline.pieces for one in piece.attributes)]
    if (count := count_audiences(said)) > MAX_AUDIENCES:
        detail = f"marks text for {count} kinds of readers, more than {MAX_AUDIENCES}; split it"
        raise BadArticle(ArticleReject.TOO_MANY_AUDIENCES, detail)
    universe = Universe.of(vocabulary.values, " ".join([title, outline.source.html, *said]))
    universe.bounds = version_bounds(said, vocabulary)
    reader = PhraseReader(vocabulary, universe)
    for words in said:  # first all values must be known, then what each mark leaves out
        read_mark(words, vocabulary, universe)
    marks = {words: read_mark(words, vocabulary, universe) for words in dict.fromkeys(said)}
    statements = _Statements()
    if conditions:
        statements.article = universe.from_conditions(conditions)
    says, is_said = reader.heading(title)
    if is_said:
        statements.article = _narrowed(statements.article, says)
    _read_blocks(outline, reader, statements)
    by_mark = [_marked(piece, outline, marks) for piece in outline.pieces]
    sections = _section_audiences(outline, reader, statements, marks)
    pieces = []
    for piece, mark in zip(outline.pieces, by_mark, strict=True):
        around = EVERYBODY if piece.block in statements.exempt_blocks else sections[piece.section]
        own = statements.blocks.get(piece.block, EVERYBODY)
        pieces.append(both(_narrowed(around, own), mark))
    return ArticleAudiences(universe, sections, pieces, by_mark, statements.exempt_blocks)


def _marked(piece: Piece, outline: Outline, marks: dict[str, Audience]) -> Audience:
    found = EVERYBODY
    for words in (*(outline.source.words[n] for n in piece.marks if n < len(outline.source.words)), *piece.attributes):
        found = both(found, marks[words])
    return found


def _marked_alone(heading: list[int], outline: Outline, marks: dict[str, Audience]) -> Audience:
    """What the marks of a heading alone say, which its section inherits; marks around more reach as far as they do."""
    end = heading[-1] + 1
    after = outline.pieces[end] if end < len(outline.pieces) else None
    found: list[Audience] = []
    for n in heading:
        piece = outline.pieces[n]
        if not piece.is_said:
            continue
        shared = after.attributes if after is not None else ()
        own = [outline.source.words[m] for m in piece.marks if after is None or m not in after.marks]
        own += [words for at, words in enumerate(piece.attributes) if piece.attributes[: at + 1] != shared[: at + 1]]
        audience = EVERYBODY
        for words in own:
            audience = both(audience, marks[words])
        found.append(audience)
    return found[0] if found and all(one == found[0] for one in found) else EVERYBODY


def _narrowed(around: Audience, own: Audience) -> Audience:
    """Both together, or the nearer one alone where they exclude each other: then the farther one was misread."""
    narrowed = both(around, own)
    return {**around, **own} if is_nobody(narrowed) else narrowed


def _read_blocks(outline: Outline, reader: PhraseReader, statements: _Statements) -> None:
    order = [n for n, block in enumerate(outline.blocks) if block.pieces]
    texts = {n: outline.text_of(outline.blocks[n].pieces) for n in order}
    labels = {n: reader.label(texts[n]) for n in order if outline.blocks[n].tag not in _NO_LEADS}
    for position, n in enumerate(order):
        block, text = outline.blocks[n], texts[n]
        if block.tag in _NO_LEADS:
            continue
        section = outline.pieces[block.pieces[0]].section
        if whole := reader.about_article(text):
            statements.article = _narrowed(statements.article, whole)
            statements.exempt_blocks.add(n)
            statements.blocks[n] = reader.lead(text)
            continue
        if block.list_id is None and (note := reader.note(text)):
            statements.exempt_blocks.add(n)
            if section == 0:
                statements.article = _narrowed(statements.article, note)
            else:
                statements.sections[section] = _narrowed(statements.sections.get(section, EVERYBODY), note)
            continue
        following = [m for m in order[position + 1 :] if outline.pieces[outline.blocks[m].pieces[0]].section == section]
        bare = reader.bare(text) if block.list_id is None else EVERYBODY
        if "os" in bare:
            for m in [n, *_next_group(following, outline.blocks)]:
                statements.blocks[m] = _narrowed(statements.blocks.get(m, EVERYBODY), bare)
            continue
        own = reader.lead(text) or _contrasted(n, labels, outline.blocks)
        if own:
            reach = [n]
            if (
                text.endswith(":")
                and following
                and outline.blocks[following[0]].root_list not in (None, block.root_list)
            ):
                reach += _next_group(following, outline.blocks)
            for m in reach:
                statements.blocks[m] = _narrowed(statements.blocks.get(m, EVERYBODY), own)


def _next_group(following: list[int], blocks: list[Block]) -> list[int]:
    """The next list as a whole, or the next block."""
    if not following:
        return []
    root = blocks[following[0]].root_list
    if root is None:
        return following[:1]
    return [m for m in following if blocks[m].root_list == root]


def _contrasted(n: int, labels: dict[int, Audience], blocks: list[Block]) -> Audience:
    """A label's audience: a system's always, a plan's only beside another plan's in the same list."""
    own = labels.get(n, EVERYBODY)
    if not own or "sso" in own:
        return EVERYBODY
    if "os" in own:
        return own
    name = next(iter(own))
    beside = [labels[m] for m in labels if m != n and blocks[m].list_id == blocks[n].list_id is not None]
    return own if any(name in other and other[name] != own[name] for other in beside) else EVERYBODY


def _section_audiences(
    outline: Outline, reader: PhraseReader, statements: _Statements, marks: dict[str, Audience]
) -> list[Audience]:
    says: list[Audience] = []
    bare: list[Audience] = []
    parents: list[int | None] = []
    open_sections: list[int] = []
    for number, heading in enumerate(outline.headings):
        while open_sections and outline.headings[open_sections[-1]].level >= heading.level:
            open_sections.pop()
        parents.append(open_sections[-1] if open_sections else None)
        open_sections.append(number)
        text = outline.text_of(heading.pieces)
        audience, is_said = reader.heading(text) if len(text) <= 200 else (EVERYBODY, False)
        marked = _marked_alone(heading.pieces, outline, marks)
        says.append(_narrowed(marked, audience) if is_said else marked)
        bare.append(EVERYBODY if is_said else audience)
    found = [statements.article]
    for number, heading in enumerate(outline.headings):
        own = says[number]
        siblings = [
            m
            for m, other in enumerate(outline.headings)
            if m != number and parents[m] == parents[number] and other.level == heading.level
        ]
        if bare[number] and _addresses(bare[number], [says[m] for m in siblings]):
            own = _narrowed(own, bare[number])
        parent = parents[number]
        around = found[parent + 1] if parent is not None else statements.article
        found.append(_narrowed(_narrowed(around, own), statements.sections.get(number + 1, EVERYBODY)))
    return found


def _addresses(bare: Audience, siblings: list[Audience]) -> bool:
    """Whether a heading that is only a value addresses its readers: a system always, a plan beside a heading that does."""
    name = next(iter(bare))
    return name == "os" or (name != "sso" and any(name in other for other in siblings))
