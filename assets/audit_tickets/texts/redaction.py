"""Personal data out of text: every finding becomes a placeholder such as `[EMAIL]`.

Belongs here: which finders run, what happens where they disagree, and the version of the whole rule set. Does not
belong here: the rules themselves (`contact_finders`, `number_finders`, `address_finders`, `secret_finders`,
`name_finder`), and frames (`redacted_comments`).

Rules only: the same text gives the same result on every machine, and every miss can be explained. The rules are plain
functions rather than recognisers of presidio-analyzer, whose import loads spaCy and torch (half a gigabyte, seconds)
in every worker for three patterns that would be used; `benchmarks/redaction.py` measures both.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.metadata
import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from assets.audit_tickets.texts.address_finders import find_addresses
from assets.audit_tickets.texts.contact_finders import find_emails, find_phones
from assets.audit_tickets.texts.name_finder import find_known_names, find_placed_names
from assets.audit_tickets.texts.number_finders import find_cards, find_ibans, find_ids, find_ip_addresses
from assets.audit_tickets.texts.personal_data import KINDS, PLACEHOLDER, Span, words
from assets.audit_tickets.texts.secret_finders import find_secrets, find_url_secrets

RULE_MODULES = ("personal_data", "contact_finders", "number_finders", "address_finders", "secret_finders",
                "name_words", "name_finder", "redaction")  # fmt: skip

_DIGIT = re.compile(r"\d")
_PRIORITY = {kind: place for place, kind in enumerate(KINDS)}
_GENERIC_MAILBOXES = words(
    """
    info support admin contact office sales mail hello service help team billing webmaster noreply no-reply test
    user kontakt buero büro post hola soporte contacto email account accounts newsletter
    """
)


@dataclass(frozen=True)
class Redaction:
    """A text without its personal data, and how many pieces of each kind were taken out of it."""

    text: str
    counts: dict[str, int] = field(default_factory=dict)


def redact(text: str, *, names: Sequence[str] = (), emails: Sequence[str] = ()) -> Redaction:
    """Replace personal data in a text by placeholders.

    `names` are display names of people who take part in the ticket (the requester's, authors'); `emails` are their
    addresses, of which the part before the @ is also redacted where it stands alone as a user name. Placeholders are
    never redacted again, and the rules are repeated until they find nothing more, so that `redact(redact(x)) ==
    redact(x)` for the same names and addresses.
    """
    counts: Counter[str] = Counter()
    while spans := _settle(text, _find(text, names, emails)):
        pieces: list[str] = []
        at = 0
        for span in spans:
            pieces += (text[at : span.start], f"[{span.kind}]")
            counts[span.kind] += 1
            at = span.end
        text = "".join(pieces) + text[at:]
    return Redaction(text, {kind: counts[kind] for kind in KINDS if counts[kind]})


def _find(text: str, names: Sequence[str], emails: Sequence[str]) -> Iterator[Span]:
    yield from find_emails(text)
    yield from find_secrets(text)
    yield from find_url_secrets(text)
    if _DIGIT.search(text):
        finders: tuple[Callable[[str], Iterator[Span]], ...] = (
            find_ibans, find_cards, find_ids, find_ip_addresses, find_phones, find_addresses
        )  # fmt: skip
        for finder in finders:
            yield from finder(text)
    elif text.count(":") >= 2:
        yield from find_ip_addresses(text)
    yield from find_known_names(text, names)
    yield from find_placed_names(text)
    low = text.lower()
    for email in emails:
        user = email.partition("@")[0].lower()
        if len(user) < 5 or user in _GENERIC_MAILBOXES or user not in low or user.isdigit():
            continue
        # A mailbox that is one plain word may be a word of the sentence; with a dot or digit it is a user name.
        if user.isalpha() and len(user) < 8:
            continue
        for match in re.finditer(rf"(?<![\w.@-]){re.escape(user)}(?![\w-]|\.\w)", text, re.IGNORECASE):
            yield Span(*match.span(), "NAME")


def _settle(text: str, found: Iterator[Span]) -> list[Span]:
    """Return the spans to replace, in order and apart: of two that overlap the one of the earlier kind stays."""
    taken = bytearray(len(text))  # a mark per character: comparing every pair of spans would be quadratic
    for match in PLACEHOLDER.finditer(text):
        taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    chosen: list[Span] = []
    for span in sorted(set(found), key=lambda span: (_PRIORITY[span.kind], span.start - span.end, span.start)):
        if span.start < span.end and taken.find(1, span.start, span.end) < 0:
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
            chosen.append(span)
    return sorted(chosen)


def rules_version(modules: Sequence[str] = RULE_MODULES, packages: Sequence[str] = ("phonenumbers",)) -> str:
    """Return a hash (16 hex digits) of the source of sibling modules and the versions of packages they use."""
    digest = hashlib.sha256()
    for name in modules:
        digest.update(inspect.getsource(importlib.import_module(f"{__package__}.{name}")).encode())
    for name in packages:
        digest.update(f"{name}=={importlib.metadata.version(name)}".encode())
    return digest.hexdigest()[:16]


def __getattr__(name: str) -> str:
    """Compute `REDACTOR_VERSION` when first asked for: this module must be importable while it is being hashed."""
    if name == "REDACTOR_VERSION":
        version = rules_version()
        globals()[name] = version
        return version
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
