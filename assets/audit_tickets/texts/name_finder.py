"""Names of people in a ticket's messages: those the helpdesk knows, and those shown by their place in a letter.

Belongs here: how a name is cut into parts, which parts are safe to replace anywhere, and where a person's name stands
(greeting, sign-off, introduction, title). Does not belong here: the word lists (`name_words`), e-mail addresses.

No model is used: named-entity models need downloaded weights and make mistakes on short, misspelt text that nobody can
predict. What this misses is a third person's name in the middle of a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from assets.audit_tickets.texts.name_words import MID_SENTENCE_WORDS, NOT_A_PERSON, ROLE_WORDS, STRICT_WORDS
from assets.audit_tickets.texts.personal_data import Span, words

MIN_PART_LETTERS = 3
MAX_NAMES = 40

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶŁĽŃŅŇŌŐŒŘŚŞŠŤŪŮŰŲŹŻŽ"
_NAME = rf"(?:[{_UPPER}](?:[^\W\d_]|['’-](?=[^\W\d_])){{1,24}}|[{_UPPER}]\.)"
_NAMES = rf"(?P<name>{_NAME}(?: (?:(?:van|von|de|del|der|la|di|da|dos|zu|bin|al) ){{0,2}}{_NAME}){{0,3}})"
# Plain alternatives that begin with a letter: the regular-expression engine then skips ahead by first letter.
_GREETING_WORD = (
    r"(?:Hi|hi|HI|Hello|hello|HELLO|Hey|hey|Dear|dear|DEAR|Good (?:morning|afternoon|evening)|good (?:morning"
    r"|afternoon|evening)"
    r"|Greetings|Hallo|hallo|HALLO|Liebe[rs]?|liebe[rs]?|Sehr geehrte[rs]?|sehr geehrte[rs]?|Guten (?:Tag|Morgen|Abend)"
    r"|guten (?:Tag|Morgen|Abend)|Moin|moin|Servus|Grüezi|Hola|hola|Estimad[oa]s?|estimad[oa]s?|Querid[oa]s?"
    r"|querid[oa]s?"
    r"|Buen(?:os|as) (?:días|tardes|noches)|buen(?:os|as) (?:días|tardes|noches)|Bonjour|bonjour|Ciao)"
)
_TITLE = r"(?:Mr|Mrs|Ms|Mx|Dr|Prof|Herrn?|Frau|Sr|Sra|Señora?|Srta|Don|Doña|Monsieur|Madame)\.?"
_THANKS_WORD = (
    r"(?:Regards|regards|REGARDS|Wishes|wishes|Sincerely|sincerely|Cheers|cheers|Thanks(?: again| in advance| a lot"
    r"| so much)?"
    r"|thanks(?: again| in advance| a lot| so much)?|THANKS|Thank you(?: so much| very much| in advance)?"
    r"|thank you(?: so much| very much)?"
    r"|Thx|thx|Best|Rgds|rgds|Grüßen?|grüßen?|Gruß|gruß|Gruss|gruss|Grüssen?|grüssen?|MfG|MFG|mfg|LG|VG"
    r"|Danke(?: im [Vv]oraus)?"
    r"|danke(?: im [Vv]oraus)?|Dank(?: im [Vv]oraus)?|Saludos?(?: cordial(?:es)?)?|saludos?(?: cordial(?:es)?)?"
    r"|Atentamente|atentamente"
    r"|Gracias|gracias|Un abrazo|un abrazo|Ciao|Merci|merci|Grazie|grazie|Obrigad[oa]|obrigad[oa]|TIA)"
)
_KNOWN_PLACE = [
    re.compile(rf"{_GREETING_WORD} (?:{_TITLE} )?{_NAMES}(?= ?(?:[,!.:;\n–—-]|$))"),
    re.compile(rf"{_THANKS_WORD}(?!\w) ?[,.!–-]* ?\n{{0,2}} ?[-–—~*]{{0,2}} ?{_NAMES} ?[.!]?(?=\s*(?:\n|$))"),
    re.compile(rf"\b{_TITLE} {_NAMES}"),
    re.compile(
        rf"(?i:\bmy (?:full )?name is|\bmy name[’']s|\bmein name (?:ist|lautet)|\bich hei(?:ß|ss)e|\bme llamo"
        rf"|\bmi nombre es|\bje m'appelle) {_NAMES}"
    ),
]
# A name alone after the last paragraph, with at most two short lines (a role, a company) below it.
_CLOSING_LINE = re.compile(rf"[.!?:)…] *\n\n *[-–—~]{{0,2}} ?{_NAMES}(?:\n[^\n]{{1,50}}){{0,2}}\Z")
_PLACE_BEFORE = (
    rf"(?:(?:^|\n) ?[-–—~*]{{0,2}} ?|{_GREETING_WORD} (?:{_TITLE} )?|{_THANKS_WORD} ?[,.!–-]* ?\n{{0,2}} ?"
    rf"|\b{_TITLE} |@"
    r"|\b(?i:i am|i['’]m|this is|name is|name ist|ich bin|heiße|hier ist|soy|me llamo|nombre es|from|by|for|ask"
    r"|contact|signed|as|als|como|an|von|de|para) )"
)
_DIGIT_OR_UNDERSCORE = re.compile(r"[\d_]")
_SPLIT = re.compile(r"[\s,.()\"“”/|+_-]+")
_PARTICLES = words(
    """
    van von der den del des los las bin ibn zur zum dos das mrs herr frau prof sir
    """
)


def find_placed_names(text: str) -> Iterator[Span]:
    """Find names that stand in a greeting, a sign-off, an introduction or after a title, whoever they belong to."""
    closing = _CLOSING_LINE.search(text)
    if closing and _leading_names(closing.group("name")) == closing.group("name"):
        yield Span(*closing.span("name"), "NAME")
    for pattern in _KNOWN_PLACE:
        match = pattern.search(text)
        while match is not None:
            start = match.start("name")
            named = _leading_names(match.group("name"))
            if named and not (match.start() and text[match.start() - 1].isalnum()):
                yield Span(start, start + len(named), "NAME")
            # Not a name, it may itself be the greeting or thanks before one: "Danke, MfG Hans".
            match = pattern.search(text, match.end("name") if named else start)


def _leading_names(words: str) -> str:
    """Return the words up to the first that is no name."""
    kept: list[str] = []
    for word in words.split(" "):
        if any(piece.strip(".'’") in NOT_A_PERSON for piece in word.lower().split("-")):
            break
        kept.append(word)
    return " ".join(kept)


def find_known_names(text: str, names: Sequence[str]) -> Iterator[Span]:
    """Find the given people's names: in full in any case, parts of three letters and more with a capital.

    A part that is also a word (`MID_SENTENCE_WORDS`, `STRICT_WORDS`), or written small, counts only where a name
    stands.
    """
    for pattern in _patterns(tuple(names)):
        for match in pattern.finditer(text):
            yield Span(*match.span("name"), "NAME")


def name_parts(name: str) -> list[str]:
    """Return the parts of a display name that may be redacted on their own; none where it names a role or a company."""
    cleaned = unicodedata.normalize("NFC", name).strip()
    if "@" in cleaned:
        cleaned = cleaned.partition("@")[0]
    words = [word for word in _SPLIT.split(cleaned) if word]
    if len(words) <= 2 and any(word.lower() in ROLE_WORDS for word in words):
        return []
    return [
        word
        for word in words
        if sum(map(str.isalpha, word)) >= MIN_PART_LETTERS and word.lower() not in _PARTICLES | ROLE_WORDS
    ]


@dataclass
class _Rules:
    """Regular expressions for the forms of a ticket's names, by how sure each form is to mean the person."""

    whole: list[str] = field(default_factory=list)  # full names, in any case, anywhere
    anywhere: list[str] = field(default_factory=list)  # parts that are no words
    mid_sentence: list[str] = field(default_factory=list)  # parts that are also words: with a capital inside a sentence
    placed: list[str] = field(default_factory=list)  # the same, and parts written small: where a name stands

    def add_part(self, part: str) -> None:
        capital = re.escape(part[:1].upper() + part[1:])
        written = _either((capital, re.escape(part), re.escape(part.upper())))
        if part.lower() in STRICT_WORDS:
            self.placed.append(written)
        elif part.lower() in MID_SENTENCE_WORDS:
            self.placed.append(written)
            self.mid_sentence.append(capital)
        elif part.isalpha() and (part[:1].isupper() or part.islower()):
            self.anywhere.append(written if part[:1].isupper() else capital)
            self.placed.append(re.escape(part.lower()))
        else:
            self.anywhere.append(re.escape(part))


@lru_cache(maxsize=4096)
def _patterns(names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    rules = _Rules()
    for name in names[:MAX_NAMES]:
        parts = name_parts(name)
        full = " ".join(unicodedata.normalize("NFC", name).split())
        if " " not in full and "@" not in full and len(full) >= 4 and _DIGIT_OR_UNDERSCORE.search(full):
            rules.whole.append(re.escape(full))  # a user name
        elif parts and len(full) >= MIN_PART_LETTERS:
            _add_whole(full, parts, rules.whole)
        rules.whole += [re.escape(word) for word in full.split() if "-" in word[1:-1] and parts and len(word) >= 6]
        for part in parts:
            for variant in _spellings(part):
                rules.add_part(variant)
    found = []
    if rules.whole:
        found.append(rf"(?<!\w)(?P<name>(?i:{_either(rules.whole)}))(?!\w)")
    if rules.anywhere:
        found.append(rf"(?<![^\W_])(?P<name>{_either(rules.anywhere)}s?)(?![^\W_])")
    if rules.mid_sentence:
        found.append(rf"(?<=[a-z,] )(?P<name>{_either(rules.mid_sentence)})(?=['’]s\b|(?!\w))")
    if rules.placed:
        placed = _either(rules.placed)
        found.append(rf"{_PLACE_BEFORE}(?P<name>{placed})(?= ?(?:[,!.:;)\n–—-]|$|['’]s\b))")
        found.append(rf"(?<!\w)(?P<name>{placed})(?=['’]s (?:account|e-?mail|computer|profile|inbox))")
    return tuple(re.compile(pattern) for pattern in found)


def _add_whole(full: str, parts: list[str], whole: list[str]) -> None:
    if len(parts) == 1 and full.lower() == parts[0].lower():
        return
    flexible = r"\s{1,3}".join(re.escape(word) for word in full.split(" "))
    whole.append(flexible)
    if len(parts) >= 2:
        first, last = _either(_spellings(parts[0])), _either(_spellings(parts[-1]))
        initial = rf"\b{re.escape(parts[0][0])}"
        whole.append(rf"{first}(?:[ ._-]?(?:\w\.|[\w-]{{2,12}}))?[ ._-]{{0,2}}{last}")
        whole.append(rf"{last},? ?{first}|{initial}\. ?{last}|{first} {re.escape(parts[-1][0])}\.")


def _spellings(part: str) -> list[str]:
    """Return the part, and as it is written without its accents (Müller: Mueller, Muller)."""
    german = part.translate({ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss",
                             ord("Ä"): "Ae", ord("Ö"): "Oe", ord("Ü"): "Ue"})  # fmt: skip
    plain = "".join(c for c in unicodedata.normalize("NFD", part) if not unicodedata.combining(c)).replace("ß", "ss")
    return list(dict.fromkeys((part, german, plain)))


def _either(options: Sequence[str]) -> str:
    return "(?:" + "|".join(sorted(set(options), key=lambda option: (-len(option), option))) + ")"
