"""E-mail addresses and phone numbers in text.

Belongs here: how people and mail programs write them, plainly or disguised. Does not belong here: postal addresses
(`address_finders`), numbers of other kinds (`number_finders`).

Phone numbers are checked against the numbering plans in phonenumbers (Google's libphonenumber). A run of digits is
only a phone number when it is written as one, or when the words before it say so; dates, versions, amounts and
ticket numbers are far more frequent in support.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assets.audit_tickets.texts.personal_data import Span, is_inside, url_spans, words

_LOCAL = r"(?:\"[^\"\n@]{1,60}\"|[^\s<>()\[\]{},;:\"'’‘“”„«»|\\/@=?&!*#^`~$€…]{1,64})"
_LABEL = r"[^\W_](?:[\w-]{0,62}[^\W_])?"
_DOMAIN = rf"(?:{_LABEL}\.)+[^\W\d_](?:[\w-]{{0,61}}[^\W_])"
_MALFORMED = r"(?:[\w-]{1,63}\.)+[^\W\d_]{2,24}"  # such as name@--removed--.com: no address, and safer gone
_EMAIL = re.compile(rf"{_LOCAL}(?:@|%40)(?:{_DOMAIN}|{_MALFORMED}|\[\d{{1,3}}(?:\.\d{{1,3}}){{3}}\])", re.IGNORECASE)
_SPACED_EMAIL = re.compile(rf"(?<![\w@]){_LOCAL} ?@ ?(?:{_LABEL} ?\.)+(?P<tld>[a-z]{{2,24}})\b", re.IGNORECASE)
_AT = r"(?:\s*[\[({<*_-]+\s*(?:at|ät|arroba|@|a)\s*[\])}>*_-]+\s*)"
_DOT = r"(?:\s*[\[({<*_-]+\s*(?:dot|punkt|punto|\.)\s*[\])}>*_-]+\s*|\s+(?:dot|punkt|punto)\s+|\.)"
_BRACKETED = re.compile(
    rf"[^\W_][\w.+-]{{0,63}}(?:{_DOT}\w{{1,40}}){{0,3}}?{_AT}[^\W_][\w-]{{0,60}}(?:{_DOT}[\w-]{{1,60}}){{0,4}}{_DOT}[^\W\d_]{{2,24}}\b",
    re.IGNORECASE,
)
_SPELLED = re.compile(
    r"\b(?P<local>\w[\w+-]{0,63}(?:(?:\.|\s+(?:dot|punkt|punto)\s+)[\w+-]{1,63}){0,4})\s+(?:at|ät|arroba)\s+"
    r"[^\W_][\w-]{0,60}(?:(?:\.|\s+(?:dot|punkt|punto)\s+)[\w-]{1,60}){0,3}\s+(?:dot|punkt|punto)\s+[^\W\d_]{2,24}\b",
    re.IGNORECASE,
)
_FILE_ENDS = frozenset(("png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "ts", "json", "map", "ico"))
_COMMON_TLDS = words(
    """
    com org net edu gov info biz io co me eu uk de es fr it nl be at ch pl pt se no dk fi ie us ca au nz jp br mx
    ar cl ru in cn app dev example test invalid local online email cloud tech
    """
)
_VERBS_BEFORE_AT = frozenset(("look", "looking", "available", "is", "are", "it", "them", "see", "us", "support"))

_RUN = re.compile(r"(?<![\w.,:/@#=&%$€£*\\+-])(?:\+|\(\+?|tel:\+?)?\d(?:[\d ().\-–/]{4,30})\d(?![\w@%])")
_DATE = re.compile(
    r"(?:(?:19|20)\d{2}\s?[-./]\s?\d{1,2}(?:\s?[-./]\s?\d{1,2})?|\d{1,2}\s?[-./]\s?\d{1,2}\s?[-./]\s?(?:(?:19"
    r"|20)\d{2}|\d{2}))"
    r"(?=$|[ \-–/(.])"
)
_YEARS = re.compile(r"(?:19|20)\d{2}(?:\s?[-–/ ]\s?(?:19|20)\d{2})+$")
_DOTTED = re.compile(r"\d+(?:\.\d+)+")
_THOUSANDS = re.compile(r"\d{1,3}(?:[. ]\d{3})+")
_NATIONAL = re.compile(
    r"\(\d{3}\) ?\d{3}[-. ]?\d{4}|(?:1[-. ])?[2-9]\d{2}([-.])\d{3}\1\d{4}|[2-9]\d{2} \d{3}[- ]\d{4}"  # North America
    r"|[679]\d{2}([ -])\d{3}\2\d{3}|[679]\d{2}([ -])\d{2}\3\d{2}\3\d{2}|9\d([ -])\d{3}\4\d{2}\4\d{2}"  # Spain
)
_TRUNK = re.compile(r"\(?0[1-9]\d{1,4}\)?(?:[ /-]{1,3}\d{1,8}){1,5}|0(?:1[567]|7)\d{8,9}|\(0\d{1,5}\) ?\d[\d -]{4,10}")
_TRUNK_REGIONS = ("DE", "GB", "FR", "AT", "CH", "IT", "NL")
_PHONE_WORD = re.compile(
    r"\b(?:(?:tele)?phones?|phone (?:no|number)|tel|tlf|telefon\w*|teléfonos?|telefono|mobile|mobil\w*|móvil|movil|cell"
    r"|cellphone|handy\w*|fax|whatsapp|call(?: me| us| back)?(?: on| at)?|ring(?: me)?|reach (?:me|us)|rückruf\w*"
    r"|ruf\w*"
    r"|anruf\w*|erreich\w+|llám\w+|llamar\w*|llame\w*|text me|sms|dial|durchwahl|landline|festnetz\w*)\b"
    r"[^\d\n]{0,40}$",
    re.IGNORECASE,
)
_OTHER_NUMBER_WORD = re.compile(
    r"(?:order|invoice|ticket|bug|build|version|release|error|code|case|ref(?:erence)?|serial|isbn|sku|kb|rfc|cve|port"
    r"|id|issue|bestell\w*|auftrag\w*|rechnung\w*|kunden\w*|pedido|factura|cliente|fehler\w*|uid|pid|size|line|bytes)"
    r"(?:\s+(?:number|no|nr|num|nummer|code|id|is|was|ist|es))*[\s.:#=()-]*$",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r"\s?(?:bytes?|[kmgt]i?b\b|%|px\b|ms\b|e-?mails?\b|messages?\b|mails?\b|nachrichten\b|mensajes\b|[€$£]|eur\b"
    r"|usd\b|files?\b)",
    re.IGNORECASE,
)


def find_emails(text: str) -> Iterator[Span]:
    """Find e-mail addresses: plain, Unicode, with `%40` or spaces around @, disguised (`anna [at] site dot org`).

    An address that touches other letters is taken with them: better a word too much than a name too little.
    """
    if "@" in text or "%40" in text:
        for match in _EMAIL.finditer(text):
            found = match.group()
            if found.rpartition(".")[2].lower() in _FILE_ENDS:
                continue
            lead = len(found) - len(found.lstrip(".-+%"))
            yield Span(match.start() + lead, match.end(), "EMAIL")
        if " @" in text or "@ " in text or " ." in text:
            for match in _SPACED_EMAIL.finditer(text):
                local = match.group().partition("@")[0]
                # "my @orange.fr address" names a provider, "anna.b @ orange.fr" a person.
                is_provider = local.endswith(" ") and "@ " not in match.group() and local.strip().isalpha()
                if match.group("tld").lower() in _COMMON_TLDS and " " in match.group() and not is_provider:
                    yield Span(*match.span(), "EMAIL")
    if _has_disguise(text):
        for match in _BRACKETED.finditer(text):
            yield Span(*match.span(), "EMAIL")
        for match in _SPELLED.finditer(text):
            if match.group("local").lower() not in _VERBS_BEFORE_AT:
                yield Span(*match.span(), "EMAIL")


def _has_disguise(text: str) -> bool:
    low = text.lower()
    return any(at in low for at in ("at", "ät", "arroba", "@")) and any(
        dot in low for dot in (" dot ", " punkt ", " punto ", "(at", "[at", "{at", "<at", "(ät", "[ät", "( at", "[ at",
                               "(@", "[@", "(arroba", "[arroba", "*at*", "_at_", "-at-", "(a)", "[dot", "(dot")
    )  # fmt: skip


def find_phones(text: str) -> Iterator[Span]:
    """Find phone numbers: international ones, national ones in a usual shape, others after a word such as "call"."""
    urls = url_spans(text)
    for match in _RUN.finditer(text):
        begin, run = match.start(), match.group()
        if is_inside(match.start(), match.end(), urls) and not run.lower().startswith("tel:"):
            continue
        for piece in re.finditer(r"[^ ].*?(?=\s+[/–-]\s+(?=[+(\d])|\s{2,}|$)", run):
            start = begin + piece.start()
            raw = piece.group().rstrip(" ().-–/")
            if _is_phone(raw, text[max(0, start - 60) : start], text[start + len(raw) : start + len(raw) + 16]):
                if raw.lower().startswith("tel:"):
                    start, raw = start + 4, raw[4:]
                if raw.startswith("(") and ")" not in raw:
                    start, raw = start + 1, raw[1:]
                yield Span(start, start + len(raw), "PHONE")


def _is_phone(raw: str, before: str, after: str) -> bool:
    raw = raw.removeprefix("tel:").removeprefix("TEL:")
    digits = re.sub(r"\D", "", raw)
    if not 6 <= len(digits) <= 15 or len(set(digits)) == 1:
        return False
    if re.match(r"\(?\+|00[1-9]", raw):
        return len(digits) >= 8 and _is_possible(re.sub(r"^00", "+", raw.lstrip("(")), None)
    if _DATE.match(raw) or _YEARS.match(raw) or _OTHER_NUMBER_WORD.search(before):
        return False
    if _UNIT_AFTER.match(after):
        return False
    if _NATIONAL.fullmatch(raw):
        return True
    if _TRUNK.fullmatch(raw) and any(_is_valid(raw, region) for region in _TRUNK_REGIONS):
        return True
    if not _PHONE_WORD.search(before):
        return False
    is_version = _DOTTED.fullmatch(raw) is not None and not re.fullmatch(r"\d{2,4}(?:\.\d{2,4}){2,4}", raw)
    return not is_version and len(digits) >= (7 if _THOUSANDS.fullmatch(raw) else 6)


def _is_possible(raw: str, region: str | None) -> bool:
    import phonenumbers

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(raw, region))
    except phonenumbers.NumberParseException:
        return False


def _is_valid(raw: str, region: str) -> bool:
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(raw, region))
    except phonenumbers.NumberParseException:
        return False
