"""Sentences and headings that say for whom a text is: "On a Mac", "If you are on a legacy plan, …", "Pro only".

Belongs here: the patterns, in English, German and Spanish, over words that the vocabulary gives. Does not belong here:
how far what they say reaches (``article_audiences``), marks in the markup (``audience_marks``).

Careful on purpose: a condition that is not there costs a question, a wrong one hides the answer. A plan's name is read
only where it is capitalised or stands before a noun such as "plan" ("free" and "basic" are words); a system's name
after a capitalised one ("Notes for Android") names a product; what stands before "or newer" is no value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assets.build_knowledge.articles.audiences import EVERYBODY, Audience, Universe
from assets.build_knowledge.articles.vocabulary import Vocabulary
from assets.build_knowledge.conditions import CLOSED_FIELDS

_NOUN = (
    r"(?:plans?|tiers?|editions?|subscriptions?|subscribers?|licen[cs]es?|users?|customers?|accounts?|workspaces?|teams?|"
    r"members?|owners?|admins?|organi[sz]ations?|compan(?:y|ies)|devices?|computers?|machines?|pcs?|laptops?|phones?|"
    r"tablets?|systems?|operating\s+systems?|kund(?:e|en|innen)|nutzer(?:n|innen)?|benutzern?|pl[äa]nen?|tarif(?:e|en|s)?|"
    r"konten|ger[äa]ten?|rechnern?|usuarios?|clientes?|planes|cuentas?|equipos?|dispositivos?|ordenador(?:es)?)"
)
_PLAN_NOUN = r"(?:plans?|tiers?|editions?|subscriptions?|accounts?|workspaces?|customers?|users?|pl[äa]nen?|tarife?n?|kunden|planes|clientes)"
_ARTICLE = r"(?:the|a|an|our|your|any|all|my|dem|den|der|die|das|einem|einen|einer|ein|eine|el|la|los|las|un|una|tu|su|nuestro)"
_AND = r"(?:\s*(?:,\s*(?:and|or|und|oder|y|o)?|/|&|\+|\band\b|\bor\b|\bund\b|\boder\b|\by\b|\bo\b)\s*)"
_ON = r"(?:on|for|in|with|under|using|via|within|auf|unter|mit|für|bei|im|in|beim|am|en|con|para|bajo)"
_IF = r"(?:if|when|where|while|once|wenn|falls|sofern|si|cuando)"
_HOLDS = (
    r"(?:on|use|uses|using|have|has|having|own|run|runs|running|with|through|via|in\s+with|is|are|still\s+on|"
    r"verwende(?:n|t|st)|nutz(?:en|t|st)|haben|hat|hast|auf|mit|im|us[ao]s?|utiliza[ns]?|tienes?|tiene|en|con)"
)
_NOT = re.compile(r"\b(?:not|no|never|without|unless|nicht|kein\w*|ohne|sin|nunca)\b|n['’]t\b", re.IGNORECASE)
_WITHOUT = r"(?:without|outside|except\s+(?:on|for)|ohne|außer|sin|excepto\s+en)"
_WINDOWS_VERSION = r"(?:[ -]?(?:xp|vista|8\.1|7|8|10|11)(?![\w.]))"
_NOT_EXACT = (
    r"(?!\s*(?:\d|or\s+(?:newer|later|older|higher|above|below)|and\s+(?:newer|later|older|above|below)|\+|\s*x\d))"
)


@dataclass(frozen=True)
class Phrases:
    """All patterns of one vocabulary."""

    values: re.Pattern[str]
    bare_list: re.Pattern[str]
    heading: re.Pattern[str]
    heading_end: re.Pattern[str]
    lead: re.Pattern[str]
    without: re.Pattern[str]
    if_lead: re.Pattern[str]
    if_lead_german: re.Pattern[str]
    as_lead: re.Pattern[str]
    label: re.Pattern[str]
    only: re.Pattern[str]
    only_end: re.Pattern[str]
    in_brackets: re.Pattern[str]
    available: re.Pattern[str]
    article: re.Pattern[str]
    article_not: re.Pattern[str]


@lru_cache(maxsize=16)
def _phrases(pattern: str) -> Phrases:
    value = rf"(?<![\w-])(?:{pattern or '(?!)'})(?:{_WINDOWS_VERSION})?{_NOT_EXACT}(?![\w])(?!-(?!{_NOUN}))"
    one = (
        rf"(?:{_ARTICLE}\s+)?(?:{_NOUN}\s+(?:{_ON}|running|that\s+use)\s+(?:{_ARTICLE}\s+)?)?{value}(?:[\s-]+{_NOUN})?"
    )
    many = rf"(?P<list>{one}(?:{_AND}{one}){{0,5}})"
    only = r"(?:only|nur|solo|solamente|exclusively|ausschließlich)"

    def compiled(text: str) -> re.Pattern[str]:
        return re.compile(text, re.IGNORECASE)

    subject = r"(?:this|these|the|diese[rs]?|est[ae])\s+(?:article|page|guide|section|topic|instructions?|steps?|artikel|seite|anleitung|abschnitt|artículo|página|guía|sección)"
    return Phrases(
        values=compiled(rf"(?P<value>{value})(?P<noun>[\s-]+{_PLAN_NOUN}\b)?"),
        bare_list=compiled(rf"\W*{many}\W*"),
        heading=compiled(rf"\W*(?:{only}\s+)?{_ON}\s+{many}(?:\s+{only})?\W*"),
        heading_end=compiled(rf"(?P<before>.*\S)\s+(?P<on>on|for|in|auf|unter|für|en|para)\s+{many}\W*"),
        lead=compiled(rf"\W*(?:{only}\s+)?{_ON}\s+{many}(?:\s+{only})?\s*(?P<stop>[,:;–—]|-\s|\s(?=(?!and\b|or\b|und\b|oder\b)(?-i:[a-zäöüáéíóúñ])))"),
        without=compiled(rf"\W*{_WITHOUT}\s+{many}\s*(?:[,:;]|\s(?=(?-i:[a-z])))"),
        if_lead=compiled(rf"\W*{_IF}\b(?P<fill>[^,.:;!?]{{0,60}}?)\b{_HOLDS}\s+{many}(?P<tail>(?:\s+(?!(?:and|or|und|oder|y|o)\b)[\w-]+){{0,3}}?)\s*(?P<stop>[,:;?.]|\Z)"),
        if_lead_german=compiled(
            rf"\W*(?:wenn|falls|sofern)\b(?P<fill>[^,.:;!?]{{0,60}}?)\s{many}(?P<tail>(?:\s+[\w-]+){{0,2}}?)\s+(?:verwenden|verwendet|verwendest|benutz\w+|nutz\w+|haben|hat|hast|einsetz\w+)\s*(?P<stop>[,:;?.]|\Z)"
        ),
        as_lead=compiled(rf"\W*(?:as|als|como)\s+{many}\s*,?\s+(?=(?-i:[a-z]))"),
        label=compiled(rf"[^\w(]*\(?{many}\)?\s*(?::|\)\s|[–—]\s|\s-\s)"),
        only=compiled(rf"\W*(?:(?:{many}\s+{only})|(?:{only}\s+(?:{_ON}\s+)?{many.replace('?P<list>', '?P<list2>')}))\W*"),
        only_end=compiled(rf".*\((?:{only}\s+(?:{_ON}\s+)?{many}|{many.replace('?P<list>', '?P<list2>')}\s+{only})\)\W*"),
        in_brackets=compiled(rf".*\({many}\)\W*"),
        available=compiled(
            rf"(?:[^.!?:]{{0,80}}\b)?(?:{only}\s+)?(?:available|included|offered|verfügbar|enthalten|disponible)\s+(?:{only}\s+)?(?:{_ON}|to)?\s*:?\s*{many}(?:\s+{only})?\W*"
        ),
        article=compiled(
            rf".*\b{subject}\s+(?:{only}\s+)?(?:applies|apply|is|are|gilt|gelten|es|aplica)\s+(?:{only}\s+)?(?:to|for|für|para|a)?\s*(?:{only}\s+)?(?:{_ON}\s+)?{many}(?P<only>\s+{only})?\W*"
        ),
        article_not=compiled(
            rf"\b{subject}\s+(?:does\s+not|doesn['’]t|do\s+not|don['’]t|is\s+not|isn['’]t|are\s+not|gilt\s+nicht|no\s+se)\s*(?:apply|applicable|for|meant\s+for|für|aplica)?\b(?:\s*(?:to|for|a|para|für)\s+{many})?"
        ),
    )  # fmt: skip


class PhraseReader:
    """Reads sentences for one article: its vocabulary, its universe."""

    def __init__(self, vocabulary: Vocabulary, universe: Universe):
        self._vocabulary = vocabulary
        self._universe = universe
        self._phrases = _phrases(vocabulary.pattern)

    def values_in(self, text: str, *, is_strict: bool = True) -> Audience:
        """The audience of a list of values, read without the words around them; of one field, or nobody's words."""
        found: Audience = {}
        for match in self._phrases.values.finditer(text):
            phrase = match["value"]
            version = re.search(rf"{_WINDOWS_VERSION}\Z", phrase, re.IGNORECASE)
            known = self._vocabulary.look_up(phrase) or (
                self._vocabulary.look_up(phrase[: version.start()]) if version else None
            )
            if known is None:
                continue
            name, value = known
            is_said = name in CLOSED_FIELDS or phrase[:1].isupper() or match["noun"] is not None
            if is_strict and not is_said:
                return {}
            if name == "os" and value == "windows" and version:
                exact = version[0].strip(" -").casefold()
                if exact in self._universe.windows_versions:
                    value = f"windows {exact}"
            found[name] = found.get(name, frozenset()) | self._universe.of_value(name, value)
        return found if len(found) == 1 else {}

    def heading(self, text: str) -> tuple[Audience, bool]:
        """Whom a heading addresses, and whether it says so itself; a bare "Pro" may be what the section is about."""
        if match := self._phrases.bare_list.fullmatch(text):
            return self.values_in(match["list"]), False
        found = EVERYBODY
        if match := self._phrases.heading.fullmatch(text):
            found = self.values_in(match["list"])
        elif conditional := self._if(text, is_whole=True):
            found = conditional
        elif match := self._phrases.only.fullmatch(text) or self._phrases.only_end.fullmatch(text):
            found = self.values_in(match["list"] or match["list2"])
        elif match := self._phrases.in_brackets.fullmatch(text):
            found = self.values_in(match["list"])
            found = found if "os" in found else EVERYBODY  # "(SSO)" is an abbreviation and "(free)" a price
        elif (match := self._phrases.heading_end.fullmatch(text)) and not _is_aside(match["before"], match["on"]):
            found = self.values_in(match["list"])
        return found, bool(found)

    def lead(self, text: str) -> Audience:
        """Whom a paragraph or list item addresses by how it begins."""
        head = text[:300]
        if conditional := self._if(head, is_whole=False):
            return conditional
        if match := self._phrases.without.match(head):
            return self._universe.complement(self.values_in(match["list"])) or EVERYBODY
        if match := self._phrases.lead.match(head) or self._phrases.as_lead.match(head):
            return self.values_in(match["list"])
        if len(text) <= 300 and (match := self._phrases.only_end.fullmatch(text)):
            return self.values_in(match["list"] or match["list2"])
        return EVERYBODY

    def label(self, text: str) -> Audience:
        """Whom a label before the text names: ``Windows: press …``. For plans it may be what the text is about."""
        match = self._phrases.label.match(text[:200])
        return self.values_in(match["list"]) if match else EVERYBODY

    def bare(self, text: str) -> Audience:
        """The values of a text that consists of nothing else, such as a bold line ``macOS:``."""
        match = self._phrases.bare_list.fullmatch(text) if len(text) <= 120 else None
        return self.values_in(match["list"]) if match else EVERYBODY

    def note(self, text: str) -> Audience:
        """Whom a note limits the text around it to: ``Pro only``, ``Available on Pro and Enterprise``."""
        if len(text) > 200:
            return EVERYBODY
        if match := self._phrases.only.fullmatch(text):
            return self.values_in(match["list"] or match["list2"])
        match = self._phrases.available.fullmatch(text)
        return self.values_in(match["list"]) if match else EVERYBODY

    def about_article(self, text: str) -> Audience:
        """Whom a sentence limits the whole article to: ``This article only applies to Windows``."""
        for sentence in re.split(r"(?<=[.!?])\s+", text[:600]):
            if match := self._phrases.article_not.search(sentence):
                values = self.values_in(match["list"]) if match["list"] else self._if(sentence, is_whole=False)
                return self._universe.complement(values) or EVERYBODY
            if match := self._phrases.article.fullmatch(sentence):
                has_only = match["only"] or re.search(r"\b(?:only|nur|solo|appl(?:y|ies))\b", sentence, re.IGNORECASE)
                return self.values_in(match["list"]) if has_only else EVERYBODY
        return EVERYBODY

    def _if(self, text: str, *, is_whole: bool) -> Audience:
        match = self._phrases.if_lead.match(text) or self._phrases.if_lead_german.match(text)
        if match is None or (is_whole and match.end() < len(text.rstrip())):
            return EVERYBODY
        if not is_whole and match["stop"] not in (",", ":", ";"):
            return EVERYBODY
        if re.search(r"\b(?:to|from|than|zu|von|a|de)\s*$", match["fill"], re.IGNORECASE):
            return EVERYBODY
        values = self.values_in(match["list"])
        if _NOT.search(match["fill"]):
            return self._universe.complement(values) or EVERYBODY
        return values


def _is_aside(before: str, preposition: str) -> bool:
    """Whether a heading's last words name an example or a product, not its readers."""
    if re.search(
        r"\b(?:especially|also|even|including|like|than|particularly|and|or|available|from|only)\W*$", before, re.I
    ):
        return True
    last = before.split()[-1]
    return preposition.casefold() in ("for", "für", "para") and last[:1].isupper()
