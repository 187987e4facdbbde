"""Postal addresses in text: a street with a number, a postcode in a shape that nothing else has.

Belongs here: English, German and Spanish ways to write them. Rules are cautious: a street needs its kind (Street,
-straße, Calle …), a bare five-digit postcode needs a street or a word before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assets.audit_tickets.texts.personal_data import Span, words

_NAME = r"(?:[A-ZÄÖÜÁÉÍÓÚÑ][\w'’.-]*)"
_CITY = rf"{_NAME}(?:[ -](?:(?:am|an der|im|in|de|del|la|las|los|upon|on|ob der)[ -])?{_NAME}){{0,3}}"
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA"
    "|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY"
)
_UK_POSTCODE = r"(?:GIR 0AA|[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2})"
_CANADA_POSTCODE = r"[ABCEGHJ-NPRSTVXY]\d[A-Z] \d[A-Z]\d"
_TAIL = (
    rf"(?:\s*[,\n]\s*(?:{_CITY}\s*,?\s+)?(?:(?:{_STATES})\s+\d{{5}}(?:-\d{{4}})?|{_UK_POSTCODE}|{_CANADA_POSTCODE})"
    rf"|\s*[,\n]\s*(?:[A-Z]{{1,2}}-)?\d{{4,5}}\s+{_CITY}|\s*,\s*{_CITY}\s*,\s*(?:{_STATES})\b|, {_NAME}(?: {_NAME})?)?"
)
_UNIT = r"(?:\s*,?\s*(?:Apt|Apartment|Suite|Ste|Unit|Flat|Floor|#)\.?\s*\w{1,6}\b)?"
_EN_KIND = (
    "Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Way|Terrace|Close|Crescent|Square|Sq"
    "|Parkway|Pkwy|Highway|Hwy|Circle|Trail|Mews|Row|Walk|Gardens|Grove"
)
_ENGLISH = re.compile(
    rf"(?<![\w.#-])(?:(?:Flat|Apartment|Apt|Unit)\.? \w{{1,5}},? )?\d{{1,5}}[A-Za-z]?(?:-\d{{1,4}})?,? "
    rf"(?:(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.? )?(?P<words>(?:[A-Z][\w'’-]*\.? |\d{{1,3}}(?:st|nd|rd"
    rf"|th) ){{1,4}}?)"
    rf"(?:{_EN_KIND})\b\.?(?! (?:Manager|Ma\w+ager|letter|space))(?: (?:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\b)?"
    rf"{_UNIT}{_TAIL}"
)
_NOT_STREET = words(
    """
    google usb hard external flash network disk tb gb mb c d microsoft one ssd shared cloud proton local the best
    only easy other another same right wrong new next first icloud windows thunderbird
    """
)
_GERMAN_STREET = (
    r"(?:[A-ZÄÖÜ][\wäöüß.-]*[ -]){0,3}?[A-ZÄÖÜ][\wäöüß-]*(?:straße|strasse|str\.|gasse|allee|platz|damm|ufer|chaussee"
    r"|promenade|weg|ring|steig|graben|markt)"
    r"|(?:[A-ZÄÖÜ][\wäöüß.-]+[ -]){1,3}(?:Straße|Strasse|Str\.|Platz|Allee|Weg|Gasse|Ring|Damm|Ufer)"
    r"|(?:Am|An der|An den|Im|In der|Zum|Zur|Auf der|Auf dem|Unter den|Hinter dem) (?:[A-ZÄÖÜ][\wäöüß-]+ ?){1,2}?(?=\d)"
)
_GERMAN = re.compile(
    rf"(?<![\w-])(?:{_GERMAN_STREET})"
    rf"\s?\d{{1,4}}(?:\s?[a-hA-H])?(?:\s?[-–/]\s?\d{{1,4}}[a-h]?)?(?![\w.:%°€]|,\d| ?(?:Uhr|GB|MB|%))"
    rf"(?P<town>\s*[,\n]\s*(?:(?:D|A|CH|DE|AT)-)?\d{{4,5}}\s+{_CITY}|\s+(?:in\s+)?(?:D-)?\d{{5}}\s+{_CITY})?"
)
_GERMAN_VAGUE = re.compile(r"(?:Am|An|Im|In|Zum|Zur|Auf|Unter|Hinter)\b")
_GERMAN_ENDING = re.compile(r"\w+(?:ring|steig|markt|promenade|ufer|graben)\s?\d")
_SPANISH = re.compile(
    rf"(?<!\w)(?:[Cc]alle|C/|[Aa]venida|[Aa]vda\.?|[Aa]v\.|[Pp]laza|Pza\.?|Pl\.|[Pp]aseo|P\.º|[Cc]arrera|[Cc]amino"
    rf"|[Rr]onda|[Tt]ravesía"
    rf"|[Cc]arretera|Ctra\.?|[Gg]lorieta|[Uu]rbanización|Urb\.)\s?(?:(?:de|del|la|las|los|el|de la|de los"
    rf"|de las)\s+){{0,2}}"
    rf"{_NAME}(?:\s+(?:(?:de|del|la|las|los|y|de la)\s+)?{_NAME}){{0,4}}\s*,?\s*(?:n[º°.ú]\w*\.?\s*"
    rf"|#\s?)?\d{{1,4}}(?!\d|[.,]\d)"
    rf"(?:\s?[-–]\s?\d{{1,4}})?(?:\s*,\s*\d{{1,2}}\s?[ºª°]\s?(?:\w{{1,4}}\b)?)?(?:\s*,?\s*(?:piso|portal|puerta"
    rf"|esc\.)\s*\w{{1,4}})*"
    rf"(?:\s*[,\n]\s*\d{{5}}(?:\s+{_CITY})?)?"
)
_POSTCODE_ALONE = re.compile(
    rf"(?<![\w-])(?:{_CITY},? (?:{_STATES}) \d{{5}}(?:-\d{{4}})?|{_UK_POSTCODE}|{_CANADA_POSTCODE})(?![\w-])"
)
_POSTCODE_NAMED = re.compile(
    rf"\b(?:zip(?: ?code)?|post(?:al)? ?code|plz|postleitzahl|código postal|c\.?p\.?)\s*(?:is|ist|es)?\s*[:=]?\s*"
    rf"(?P<code>(?:[A-Z]{{1,2}}-)?\d{{4,5}}(?:-\d{{4}})?(?:\s+{_CITY})?)(?![\w.])"
    rf"|\b(?:wohne in|wohnhaft in|wohnhaft:|vivo en|resido en|live (?:in|at)|address(?: is|:)|adresse(?: ist|:"
    rf"|lautet)|dirección(?: es|:))"
    rf"\s*(?P<town>(?:D-)?\d{{5}}\s+{_CITY})",
    re.IGNORECASE,
)
_PO_BOX = re.compile(
    r"\b(?:P\.? ?O\.? Box|Postfach|Apartado(?: de Correos)?|Apdo\.?)\s*(?:n[º°]\s*)?\d{2,6}\b", re.IGNORECASE
)

# Plain scans that tell whether the costly patterns can match at all; long logs have none of these words.
_ENGLISH_GATE = re.compile(rf"(?:{_EN_KIND})\b")
_GERMAN_GATE = re.compile(
    r"(?:straße|strasse|str\.|Str\.|Straße|Strasse|gasse|Gasse|allee|Allee|platz|Platz|damm|Damm|ufer|Ufer|chaussee"
    r"|promenade|weg|Weg"
    r"|ring|Ring|steig|graben|markt|Am |An de|Im |In der |Zum |Zur |Auf de|Unter den "
    r"|Hinter dem )[^\W\d_ -]{0,30}[ \w-]{0,20}\d"
)
_POSTCODE_GATE = re.compile(r"[A-Z][A-Z\d] \d[\dA-Z]|[A-Z]\d[A-Z\d]{1,2} \d[A-Z]")


def find_addresses(text: str) -> Iterator[Span]:
    """Find streets with their number (and the town after them), and postcodes that stand for themselves."""
    if not any(map(str.isdigit, text)):
        return
    for match in _ENGLISH.finditer(text) if _ENGLISH_GATE.search(text) else ():
        words = match.group("words").lower().replace(".", "").split()
        if words and not _NOT_STREET.intersection(words):
            yield Span(match.start(), match.end(), "ADDRESS")
    for match in _GERMAN.finditer(text) if _GERMAN_GATE.search(text) else ():
        # "Am Montag 3 …" and "Im Juli 2024" look like streets: without a street word the town must follow.
        # Nor is English "monitoring 10" a Ring.
        if match.group("town") or not (_GERMAN_VAGUE.match(match.group()) or _GERMAN_ENDING.match(match.group())):
            yield Span(match.start(), match.end(), "ADDRESS")
    for pattern in (_SPANISH, _PO_BOX, *((_POSTCODE_ALONE,) if _POSTCODE_GATE.search(text) else ())):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "ADDRESS")
    for match in _POSTCODE_NAMED.finditer(text):
        start, end = match.span("code") if match.group("code") else match.span("town")
        yield Span(start, end, "ADDRESS")
