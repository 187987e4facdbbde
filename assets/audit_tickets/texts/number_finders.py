"""Numbers that identify a person or an account: cards, bank accounts, IP addresses, order and identity numbers.

Belongs here: numbers proved by a checksum or named by the words before them. Does not belong here: phone numbers
(`contact_finders`), passwords and keys (`secret_finders`).

Checksums: Luhn (ISO/IEC 7812-1), IBAN modulo 97 (ISO 13616 and ISO/IEC 7064), Spanish DNI/NIE letter (modulo 23).
Ticket and bug numbers, versions, error codes and sizes are kept: they identify no one.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from assets.audit_tickets.texts.personal_data import Span, is_inside, lower, url_spans

_CARD = re.compile(r"(?<![\w.+-])[2-6](?:[ -]?\d){12,18}(?![\w]|[.-]\d)")
_CARD_SHAPE = re.compile(
    r"4\d{12}(?:\d{3}(?:\d{3})?)?|5[0-8]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[068]\d{12}|35\d{14}|6\d{15,18}"
)
_IBAN = re.compile(r"(?<![^\W_])[A-Z]{2} ?\d{2}(?:[ .-]?[A-Z0-9]){11,30}", re.IGNORECASE)
_IBAN_BEFORE = re.compile(r"iban\W{0,4}(?:\w+\W{1,2}){0,2}$", re.IGNORECASE)
_COUNTRIES_BY_IBAN_LENGTH = {
    15: "NO",
    16: "BE",
    18: "DK FI FO GL NL",
    19: "MK SI",
    20: "AT BA EE KZ LT LU XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "PT ST",
    26: "IS TR",
    27: "FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HU LB PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU",
    31: "MT SC",
    32: "LC",
}
_IBAN_LENGTHS = {country: length for length, row in _COUNTRIES_BY_IBAN_LENGTH.items() for country in row.split()}
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IPV4 = re.compile(rf"(?<![\w.-])(?:{_OCTET}\.){{3}}{_OCTET}(?!\w|\.\d|-\d)")
_IPV6 = re.compile(
    r"(?<![\w:.])(?:[0-9a-f]{1,4}(?=:)|(?=::))(?::{1,2}[0-9a-f]{0,4}){2,8}(?:%\w{1,15})?(?![\w:])", re.IGNORECASE
)
_MAC = re.compile(r"(?<![\w:-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![\w:-])", re.IGNORECASE)
_VERSION_BEFORE = re.compile(
    r"(?:version\w*|vers?\.?|\bv|release|build|update|firmware|driver|treiber|versión|thunderbird|firefox|chrome"
    r"|chromium"
    r"|outlook|windows|macos|mac os x?|ios|android|safari|edge|office|java|kernel|postgres\w*|mysql|node|rv|beta|esr)"
    r"[\s:(=/]*$",
    re.IGNORECASE,
)
_IP_BEFORE = re.compile(
    r"\b(?:ip|ipv4|address|adresse|dirección|server|host|from|von|desde|ping)\b\W{0,3}\w{0,8}\W{0,3}$", re.IGNORECASE
)
_IS = r"(?:\s+(?:is|was|are|ist|war|lautet|lauten|es|era))?"
_LINK = rf"{_IS}\s*[:#=№]*\s*[\"'(]?"
_NUMBER_WORD = r"(?:numbers?|no\.?|nr\.?|num\.?|n[º°]|id(?:entifier)?|code|ref(?:erence)?\.?(?: (?:number|no\.?))?|#)"
_NAMED = re.compile(
    r"\b(?:"
    rf"(?:order|customer|client|account|acct\.?|member(?:ship)?|invoice|booking|reservation|contract|policy|payment"
    rf"|transaction|subscription|tracking|shipment|patient|student|employee|purchase|receipt|registration|serial)"
    rf"(?:['’]s)?\s*(?:{_NUMBER_WORD}{_LINK}|[:#№]\s*#?)"
    r"|(?:licen[cs]e|product|activation|lizenz\w*|produkt\w*|aktivierungs\w*)[ -]?(?:key|schlüssel|code)" + _LINK
    + rf"|(?:passport|driver['’]?s?\s+licen[cs]e|driving licen[cs]e|identity card|id card|social security"
        rf"|national insurance"
    rf"|ssn|nino|tax(?:payer)? id|(?-i:VAT|TIN|IMEI))\b(?:\s*{_NUMBER_WORD})?{_LINK}"
    r"|(?:bestell|auftrags|kunden|rechnungs|konto|vertrags|mitglieds|buchungs|(?:personal)?ausweis|(?:reise)?pass"
    r"|steuer"
    r"|sozialversicherungs|versicherten|versicherungs|führerschein|sendungs|transaktions|serien|vorgangs|beleg"
    r"|umsatzsteuer|ust)\s?-?\s?(?:nummer|nr\.?|id(?:entifikations)?-?\s?(?:nummer|nr\.?)?|kennzeichen)" + _LINK
    + r"|(?:reisepass|personalausweis|bestellung|rechnung|auftrag)\s*(?:nr\.?|nummer|[:#])" + _LINK
    + r"|(?:n[úu]mero|n[º°o]\.?|núm\.?|id|código|referencia)\s+(?:de(?:l)?\s+(?:la\s+)?|)(?:pedido|cliente|factura"
        r"|cuenta|reserva|contrato"
    r"|pasaporte|seguridad social|socio|seguimiento|transacción|póliza|afiliación|serie)" + _LINK
    + r"|(?:pedido|factura|cliente|reserva)\s*(?:n[º°o]\.?|núm(?:ero|\.)?|[:#])" + _LINK
    + rf"|(?:pasaporte|dni|(?-i:NIE|NIF|CIF))\b(?:\s*(?:n[º°o]\.?|número))?{_LINK}"
    r")(?P<value>[A-Z0-9]+(?:[-/._][A-Z0-9]+)*(?: \d[\dA-Z]*(?:[-/.][A-Z0-9]+)*)*)",
    re.IGNORECASE,
)  # fmt: skip
# Most texts have none of these words near a digit: a plain scan in lower case is ten times faster than `_NAMED`.
_NAMED_GATE = re.compile(
    r"(?:order|customer|client|account|acct|member|invoice|booking|reserv|contract|policy|payment|transac|subscription"
    r"|tracking|shipment|patient|student|employee|purchase|receipt|registration|serial|license|licence|product"
    r"|activation"
    r"|lizenz|produkt|aktivierung|passport|driv|identity|id card|security|insurance|ssn|nino|tax|vat|tin|imei|bestell"
    r"|auftrag|kunden|rechnung|konto|vertrag|mitglied|buchung|ausweis|pass|steuer|sozial|versicher|führerschein|sendung"
    r"|serien|vorgang|beleg|ust|pedido|cliente|factura|cuenta|contrato|pasaporte|seguridad|socio|seguimiento|póliza"
    r"|afiliación|serie|dni|nie|nif|cif)[^\d\n]{0,40}[^\s\d]{0,6}\d"
)
# Numbers that name themselves by a prefix: INV-2024-0012, ORD-118273, RE2024/118.
_PREFIXED = re.compile(
    r"(?<![\w./-])#?(?:INV|INVOICE|ORD|ORDER|PO|SO|RE|RG|RNR|KD|KDNR|CUST|ACCT?|FAC|FACT|FRA|PED|CLI|CONTR?|SUB|RMA|TXN|PAY|BK)"
    r"(?:[-_/# ]?\d{2,}[-_/]\d{2,}(?:[-_/]\d+)*|[-_/#]\d{4,}|\d{5,})(?![\w]|[.-]\d)"
)
_SSN = re.compile(r"(?<![\w.-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-]|\.\d)")
_DNI = re.compile(r"(?<![\w.-])([XYZ]?)[ -]?(\d{7,8}|\d{1,2}\.\d{3}\.\d{3})[ -]?([A-HJ-NP-TV-Z])(?!\w)", re.IGNORECASE)
_NINO = re.compile(r"(?<!\w)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)")


def find_cards(text: str) -> Iterator[Span]:
    """Find payment card numbers: an issuer's shape and a right Luhn digit, outside web addresses."""
    urls = url_spans(text)
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        groups = [len(group) for group in re.split(r"[ -]", match.group())]
        is_grouped = len(groups) == 1 or groups in ([4, 6, 5], [4, 6, 4]) or set(groups[:-1]) == {4}
        if is_grouped and _CARD_SHAPE.fullmatch(digits) and _luhn(digits) and not is_inside(*match.span(), urls):
            yield Span(*match.span(), "CARD")


def find_ibans(text: str) -> Iterator[Span]:
    """Find bank account numbers by country length and checksum, or without a right checksum after the word IBAN."""
    for match in _IBAN.finditer(text):
        length = _IBAN_LENGTHS.get(match.group()[:2].upper(), 0)
        if not length:
            continue
        end, seen = match.start(), 0
        while end < match.end() and seen < length:
            seen += text[end].isalnum()
            end += 1
        compact = re.sub(r"[ .-]", "", text[match.start() : end]).upper()
        # Words after "no 116…" can form a right Norwegian checksum; account numbers have eight digits or more.
        if sum(map(str.isdigit, compact)) < 8:
            continue
        is_whole = seen == length and not (end < len(text) and text[end].isdigit())
        before = text[max(0, match.start() - 30) : match.start()]
        if (is_whole and _mod97(compact) == 1) or _IBAN_BEFORE.search(before):
            yield Span(match.start(), end, "IBAN")


def find_ip_addresses(text: str) -> Iterator[Span]:
    """Find IPv4, IPv6 and MAC addresses; loopback, masks and what follows a product or version word are kept."""
    for match in _IPV4.finditer(text) if text.count(".") >= 3 else ():
        before = text[max(0, match.start() - 24) : match.start()]
        value = match.group()
        # 4.5.3.1 is a section of something, and 140.4.0.0 a version or a network: no machine of anybody's.
        is_vague = (len(value) == 7 or value.endswith(".0")) and not _IP_BEFORE.search(before)
        if value.startswith(("127.", "0.", "255.")) or is_vague:
            continue
        if not _VERSION_BEFORE.search(before):
            yield Span(*match.span(), "IP")
    if text.count(":") >= 2:
        for match in _IPV6.finditer(text):
            if _is_ipv6(match.group().partition("%")[0]):
                yield Span(*match.span(), "IP")
        for match in _MAC.finditer(text):
            yield Span(*match.span(), "IP")
    elif text.count("-") >= 5:
        for match in _MAC.finditer(text):
            yield Span(*match.span(), "IP")


def find_ids(text: str) -> Iterator[Span]:
    """Find order, customer, account, passport, insurance and tax numbers by the words that name them or by checksum."""
    for near in _NAMED_GATE.finditer(lower(text)):
        for match in _NAMED.finditer(text, max(0, near.start() - 20), near.end() + 60):
            start, end = match.span("value")
            value = match.group("value")
            if sum(map(str.isdigit, value)) >= 3 and not _is_other_value(value, text[end : end + 8]):
                yield Span(start, end, "ID")
    urls = url_spans(text)
    for pattern in (_SSN, _NINO, _PREFIXED):
        for match in pattern.finditer(text):
            if not is_inside(*match.span(), urls):
                yield Span(*match.span(), "ID")
    for match in _DNI.finditer(text):
        prefix, number, letter = match.groups()
        digits = number.replace(".", "")
        if len(digits) != (7 if prefix else 8):
            continue
        whole = int((str("XYZ".index(prefix.upper())) if prefix else "") + digits)
        if "TRWAGMYFPDXBNJZSQVHLCKE"[whole % 23] == letter.upper() and not is_inside(*match.span(), urls):
            yield Span(*match.span(), "ID")


def _is_other_value(value: str, after: str) -> bool:
    is_date = re.fullmatch(r"(?:19|20)\d{2}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}", value) is not None
    return (
        is_date or value.lower().startswith("0x") or bool(re.match(r"\s?[%€$£]|[.,]\d{2}\s?(?:[€$£]|eur)", after, re.I))
    )


def _luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _mod97(iban: str) -> int:
    return int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97


def _is_ipv6(value: str) -> bool:
    try:
        address = ipaddress.IPv6Address(value)
    except ValueError:
        return False
    groups = [group for group in value.split(":") if group]
    is_written = len(groups) == 8 or (len(groups) >= 3 and any(map(str.isdigit, value)))
    return is_written and not (address.is_loopback or address.is_unspecified)
