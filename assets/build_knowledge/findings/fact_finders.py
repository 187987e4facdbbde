"""Quantities that a sentence states: durations, money, percentages, sizes, counts, versions and hours of the day.

Belongs here: reading them in English, German and Spanish. Does not belong here: comparing them (``facts``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assets.build_knowledge.findings.facts import Fact, Role
from assets.build_knowledge.findings.sentences import stem

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90,
    "ein": 1, "eine": 1, "einer": 1, "einem": 1, "einen": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6,
    "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "zwölf": 12, "vierzehn": 14, "dreißig": 30,
    "un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
    "diez": 10, "doce": 12, "catorce": 14, "treinta": 30, "an": 1, "a": 1,
}  # fmt: skip
_DIGITS = r"\d{1,3}(?:[.,  ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,3})?"
_SPELLED = "|".join(sorted((word for word in _WORDS if len(word) > 2), key=len, reverse=True))
_NUMBER = rf"(?:{_DIGITS}|\b(?:{_SPELLED})\b)"
_TO = r"\s?(?:-|–|—|to|or|and|bis|oder|a|o)\s?"
_SECONDS = (
    ("second", 1, r"seconds?|secs?|sekunden?|segundos?"),
    ("minute", 60, r"minutes?|mins?|minuten?|minutos?"),
    ("hour", 3600, r"hours?|hrs?|stunden?|horas?"),
    ("day", 86_400, r"days?|tagen?|tage?s?|días?|dias?"),
    ("week", 604_800, r"weeks?|wochen?|semanas?"),
    ("month", 2_629_800, r"months?|monaten?|monate?s?|mes(?:es)?"),
    ("year", 31_557_600, r"years?|jahren?|jahre?s?|años?"),
)
_UNIT = "|".join(pattern for _, _, pattern in _SECONDS)
_DURATION = re.compile(
    rf"(?<![\w.,/])(?P<low>{_NUMBER}|\ban?(?=\s+(?:hour|day|week|month|year|minute))|\b(?:un|una|ein|eine[mnr]?)(?=\s))(?:{_TO}(?P<high>{_NUMBER}))?[\s -]?"
    rf"(?P<business>(?:business|working|werk|arbeits)[\s-]?|calendar\s|full\s|natural\s)?(?P<unit>{_UNIT})\b(?P<after>\s+(?:hábiles|laborables))?",
    re.IGNORECASE,
)
_CURRENCY = {"€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "$": "USD", "usd": "USD", "us$": "USD", "dollar": "USD",
             "dollars": "USD", "£": "GBP", "gbp": "GBP", "pounds": "GBP", "chf": "CHF"}  # fmt: skip
_SIGN = r"(?:US\$|€|\$|£|\b(?:EUR|USD|GBP|CHF)\b)"
_AFTER_SIGN = r"(?:€|\$|£|(?:EUR|USD|GBP|CHF|euros?|dollars?|pounds)\b)"
_MONEY = re.compile(
    rf"(?:(?P<sign>{_SIGN})\s?(?P<one>{_DIGITS})|(?<![\w.,])(?P<two>{_DIGITS})\s?(?P<after>{_AFTER_SIGN}))",
    re.IGNORECASE,
)
_PER_MONTH = re.compile(
    r"[^.;,]{0,40}?(?:per|a|each|every|/|pro|al|por|im|monthly|mensual\w*)\s?(?:month|mo\b|monat\w*|mes)|[^.;,]{0,30}?\b(?:monthly|monatlich)",
    re.IGNORECASE,
)
_PER_YEAR = re.compile(
    r"[^.;,]{0,40}?(?:per|a|each|every|/|pro|al|por|im)\s?(?:year|yr\b|jahr\w*|año)|[^.;,]{0,30}?\b(?:annually|yearly|jährlich|anual\w*)",
    re.IGNORECASE,
)
_PERCENT = re.compile(rf"(?<![\w.,])(?P<low>{_DIGITS})\s?(?:%|per ?cent\b|prozent\b|por ciento\b)", re.IGNORECASE)
_SIZE = re.compile(
    rf"(?<![\w.,])(?P<low>{_DIGITS})\s?(?P<unit>[KMGT])(?:i?B\b|(?:ilo|ega|iga|era)bytes?\b)", re.IGNORECASE
)
_BYTES = {"k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}
_CLOCK = re.compile(
    r"(?<![\d:.])(?P<h>[01]?\d|2[0-4])(?:[:.](?P<m>[0-5]\d))?\s?(?P<half>[ap]\.?m\.?)?\s?(?:-|–|—|to|and|until|till|bis|a|hasta(?: las)?)\s?"
    r"(?P<h2>[01]?\d|2[0-4])(?:[:.](?P<m2>[0-5]\d))?\s?(?P<half2>[ap]\.?m\b\.?|uhr\b|h\b|o'clock\b|(?:CES?T|UTC|GMT|E[SD]T|P[SD]T)\b)?",
    re.IGNORECASE,
)
# A system or program and the version of it that something needs.
_REQUIRES = re.compile(
    r"\b(?:needs?(?! to)|requires?|requirements?|at least|minimum|must have|runs on|benötigt|braucht|mindestens|necesita|requiere)\b",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"(?<![\w-])(?P<name>(?:[A-ZÄÖÜ][a-zA-Z]{2,}|i(?:Pad)?OS|macOS|watchOS|tvOS))\s(?P<number>\d{1,3}(?:\.\d{1,3}){0,2})(?![\w%.,]*\d|\s?(?:%|[KMGT]B|EUR|USD|€))"
)
_NO_PRODUCT = frozenset(
    ("step", "steps", "section", "table", "figure", "page", "level", "option", "version", "chapter", "part", "phase", "day", "week", "free", "pro", "team", "business", "top", "about", "port",
     "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "the", "only", "from", "until", "after", "within", "every",
     "schritt", "seite", "paso", "needs", "requires", "minimum", "over", "than", "more")
)  # fmt: skip
_COUNT = re.compile(
    rf"(?<![\w.,:#/-])(?P<low>\d{{1,3}}(?:[.,]\d{{3}})+|\d+|\b(?:{_SPELLED})\b)(?:{_TO}(?P<high>\d+))?[ -](?P<words>[^\W\d_]{{3,}}(?:[ -][^\W\d_]{{3,}}){{0,2}})",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"\b(?:at least|minimum(?: of)?|(?:more|larger|greater|longer|higher|bigger|older) than|over|no fewer than|no less than|starting (?:at|from)|from|mindestens|ab|über|al menos|mínimo(?: de)?|como mínimo|más de|desde)\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)
_EVERY = re.compile(r"\b(?:every|each|once(?: in| every)?|twice|alle|jede[nrs]?|cada)\s+$", re.IGNORECASE)
_LATER_BOUND = re.compile(
    r"^\s*(?:or more|or longer|or over|and more|or later|minimum|and up|oder mehr|o más|mínimo)\b|^\+", re.IGNORECASE
)
_AGO = re.compile(r"^\s*(?:ago|old|zuvor|alt\b)|^\s*(?:before|after|vor\b|nach\b)\s+(?:that|this)", re.IGNORECASE)
_NOT_COUNTED = re.compile(
    rf"(?:{_UNIT}|january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|märz|mai|juni|juli|oktober|dezember|enero|febrero|"
    r"marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|percent|per|prozent|times?|mal|veces|step|schritte?|paso|of|or|and|in|on|to|the|for|is|are|by|with|at|from|uhr|und|oder|der|die|das|von|"
    r"el|la|los|las|y|de|en|bit|way|thing|things|click|clicks|more|other|others|newer|later|higher|above|new|example|examples|option|options|example|"
    r"bytes?|[kmgt]b|eur|usd|gbp|chf|euros?|dollars?|pounds|business|working|werk\w*|arbeits\w*|calendar|am|pm|cet|utc)\b",
    re.IGNORECASE,
)
_NUMBERED_BEFORE = re.compile(
    r"\b(?:step|steps|version|versions|chapter|page|port|windows|level|no|nr|number|section|article|option|tls|http|python|schritt|paso)\.?\s$",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(r"\b[A-ZÄÖÜ][\w.]*\s$")

MASKS = {
    "duration": "a certain time",
    "money": "a price",
    "percent": "a percentage",
    "size": "a certain size",
    "clock": "opening hours",
}
"""What stands for a value where likeness must not depend on it; a count keeps its noun and stays."""


def facts_in(text: str) -> list[Fact]:
    """The quantities a sentence states, in order, none of them overlapping."""
    taken = bytearray(len(text))
    found: list[Fact] = []
    for finder in (_money, _percents, _sizes, _clocks, _versions, _durations, _counts):
        for fact in finder(text):
            if taken.find(1, fact.start, fact.end) < 0:
                taken[fact.start : fact.end] = b"\1" * (fact.end - fact.start)
                found.append(fact)
    return sorted(found, key=lambda fact: fact.start)


def mask_facts(text: str) -> str:
    """The text with every quantity replaced by its kind, so that likeness does not depend on the values."""
    pieces: list[str] = []
    at = 0
    for fact in facts_in(text):
        if fact.kind in MASKS:
            pieces += [text[at : fact.start], MASKS[fact.kind]]
            at = fact.end
    return "".join(pieces) + text[at:]


def read_number(text: str) -> float | None:
    """``1,500`` and ``1.500`` are 1500, ``9,99`` and ``9.99`` are 9.99, ``two`` is 2."""
    spelled = _WORDS.get(text.casefold().strip())
    if spelled is not None:
        return float(spelled)
    bare = re.sub(r"[  ]", "", text)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", bare):
        return float(re.sub(r"[.,]", "", bare))
    if re.search(r"[.,]\d{3}[.,]", bare):
        bare = re.sub(r"[.,](?=\d{3})", "", bare)
    try:
        return float(bare.replace(",", "."))
    except ValueError:
        return None


def _durations(text: str) -> Iterator[Fact]:
    for match in _DURATION.finditer(text):
        low = read_number(match["low"])
        high = read_number(match["high"]) if match["high"] else low
        if low is None or high is None or _AGO.match(text[match.end() :]):
            continue
        seconds = next(size for _, size, pattern in _SECONDS if re.fullmatch(pattern, match["unit"], re.IGNORECASE))
        is_business = bool(match["after"]) or (match["business"] or "").casefold().strip(" -") in _BUSINESS
        role = _role(text, match.start(), match.end())
        yield Fact(
            "duration", "business" if is_business else "", low * seconds, max(low, high) * seconds,
            role, *match.span(), match[0].strip(),
        )  # fmt: skip


_BUSINESS = frozenset(("business", "working", "werk", "arbeits"))


def _money(text: str) -> Iterator[Fact]:
    for match in _MONEY.finditer(text):
        amount = read_number(match["one"] or match["two"])
        if amount is None:
            continue
        currency = _CURRENCY[(match["sign"] or match["after"]).casefold()]
        after = text[match.end() : match.end() + 60]
        per = "month" if _PER_MONTH.match(after) else "year" if _PER_YEAR.match(after) else ""
        role = _role(text, match.start(), match.end())
        yield Fact("money", currency, amount, amount, role, *match.span(), match[0].strip(), per)


def _percents(text: str) -> Iterator[Fact]:
    for match in _PERCENT.finditer(text):
        amount = read_number(match["low"])
        if amount is not None:
            yield Fact("percent", "", amount, amount, _role(text, match.start(), match.end()), *match.span(), match[0])


def _sizes(text: str) -> Iterator[Fact]:
    for match in _SIZE.finditer(text):
        amount = read_number(match["low"])
        if amount is not None:
            size = amount * _BYTES[match["unit"].casefold()]
            yield Fact("size", "", size, size, _role(text, match.start(), match.end()), *match.span(), match[0])


def _clocks(text: str) -> Iterator[Fact]:
    for match in _CLOCK.finditer(text):
        if not (match["m"] or match["half"] or match["half2"]):
            continue
        opens = _minutes(
            match["h"],
            match["m"],
            match["half"] or (match["half2"] if (match["half2"] or "").lower().startswith("a") else None),
        )
        closes = _minutes(match["h2"], match["m2"], match["half2"])
        # Opening and closing together are the fact: other hours are a contradiction even where they overlap.
        value = opens * 10_000 + closes
        yield Fact("clock", "", value, value, "exact", *match.span(), match[0].strip())


def _versions(text: str) -> Iterator[Fact]:
    if not _REQUIRES.search(text):
        return
    for match in _VERSION.finditer(text):
        name = match["name"].casefold()
        if name not in _NO_PRODUCT:
            value = read_number(".".join(match["number"].split(".")[:2]))
            if value is not None:
                yield Fact("version", name, value, value, "at_least", *match.span("number"), match[0])


def _minutes(hour: str, minute: str | None, half: str | None) -> int:
    value = int(hour) % 12 if half and half.casefold()[0] in "ap" else int(hour)
    if half and half.casefold().startswith("p"):
        value += 12
    return value * 60 + int(minute or 0)


def _counts(text: str) -> Iterator[Fact]:
    for match in _COUNT.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        if _NUMBERED_BEFORE.search(before) or (_NAME_BEFORE.search(before) and len(before.split()) > 1):
            continue
        low = read_number(match["low"])
        high = read_number(match["high"]) if match["high"] else low
        if low is None or high is None or (low == 1 and not match["low"].isdigit()):
            continue
        noun = _counted_noun(match["words"])
        if noun:
            end = match.start("words") + len(match["words"])
            yield Fact(
                "count", noun, low, max(low, high), _role(text, match.start(), match.start("words") - 1),
                match.start(), min(end, match.start("words") + len(match["words"].split()[0])), match[0],
            )  # fmt: skip


def _counted_noun(words: str) -> str:
    """The stem of what is counted: the first word, or the one after an adjective ("10 active boards")."""
    parts = re.split(r"[ -]", words)
    if _NOT_COUNTED.fullmatch(parts[0]):
        return ""
    plural = next((part for part in parts[:2] if part.casefold().endswith(("s", "en", "er")) and len(part) > 3), None)
    return stem(plural or parts[0])


def _role(text: str, start: int, end: int) -> Role:
    before = text[max(0, start - 30) : start]
    if _EVERY.search(before):
        return "every"
    if _AT_LEAST.search(before) or _LATER_BOUND.match(text[end:]):
        return "at_least"
    return "exact"
