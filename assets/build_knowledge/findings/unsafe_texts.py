"""Texts that must not be shown: promises, legal wording, internal names, personal data, secrets.

Belongs here: applying the rules to texts. Does not belong here: the wording (``unsafe_phrases``), the shapes of
personal data (``assets.audit_tickets.texts``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from assets.audit_tickets.texts.redaction import redact
from assets.audit_tickets.texts.secret_finders import find_secrets
from assets.build_knowledge.findings.audit_settings import AuditSettings
from assets.build_knowledge.findings.audited_texts import records
from assets.build_knowledge.findings.finding import Finding, about, quote
from assets.build_knowledge.findings.sentences import plain, sentences_of, without_marks
from assets.build_knowledge.findings.unsafe_phrases import find_internal_note, find_legal_wording, find_promise

_EMAIL = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})@((?:[\w-]+\.)+[A-Za-z]{2,24})")
# Mailboxes of a role, and the names documentation uses for nobody.
_NOBODY = re.compile(
    r"^(?:.*(?:support|no-?reply|release|help|info|sales|contact|hello|hallo|hola|privacy|legal|security|abuse|billing|invoice|accounts?|admin|office|press|team|service|mail|news|"
    r"feedback|jobs|careers|partners?|desk|care|post|webmaster|kontakt|datenschutz|buchhaltung|rechnung|soporte|contacto|orders?|returns?|bounce|notifications?|alerts?|"
    r"import|forms?|inbox|dpo|postmaster|user|example|someone|somebody|anyone|you|your|name|firstname|lastname|username|me|myself|test|john|jane|doe|joe|alice|bob|"
    r"mustermann|person|customer|client|student|address|email|friend|colleague).*|[a-z])$",
    re.IGNORECASE,
)
_PLACEHOLDER_HOST = re.compile(
    r"(?:^|\.)(?:example\.(?:com|net|org)|(?:your|my)[\w-]*\.\w+|domain\.\w+|company\.com|acme\.\w+|email\.com|server\.\w+)$",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"\b(?:for example|for instance|e\.\s?g\.?|example|such as|zum beispiel|z\.\s?b\.|por ejemplo|like this)\b",
    re.IGNORECASE,
)
# A number is somebody's own where the line says so; a hotline is meant to be read.
_OWN_NUMBER = re.compile(
    r"\b(?:mobile|cell(?: ?phone)?|handy\w*|private|privat\w*|direct (?:line|dial)|whatsapp|durchwahl|personal|móvil|particular|home)\b|"
    r"\b(?:call|ask for|contact|ring|reach|text|rufen sie|llama a)\s+[A-ZÄÖÜ][a-zäöüß]+(?:\s+[A-ZÄÖÜ][a-zäöüß]+)?\b"
)
_FIX = {
    "promise": "Say what holds and under which conditions, or take the promise out.",
    "legal_wording": "Say it in plain words, or link the terms; let the legal team confirm.",
    "internal_name": "Take out what is meant for colleagues; name things as customers see them.",
    "personal_data": "Take the person's data out, here and in the article's history.",
    "secret": "Take the secret out, and change it: it has been readable.",
}


def find_unsafe_texts(texts: pd.DataFrame, settings: AuditSettings) -> list[Finding]:
    """Findings of type ``unsafe``, all blocking: one a subject, reason and wording."""
    names = [
        (name, re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.IGNORECASE))
        for name in settings.internal_names
        if name.strip()
    ]
    found: dict[tuple[str, str, str, str], Finding] = {}
    for row in records(texts):
        for reason, words, said in _unsafe(row, names):
            key = (row["subject_kind"], row["subject_id"], reason, words.casefold())
            found.setdefault(key, _finding(row, reason, words, said))
    return list(found.values())


def _unsafe(row: Mapping[str, Any], names: list[tuple[str, re.Pattern[str]]]) -> Iterator[tuple[str, str, str]]:
    """(reason, words, sentence); the words of personal data are its kind, never the data."""
    for said in [str(row["question"]), *(without_marks(sentence.whole) for sentence in sentences_of(row))]:
        if words := find_promise(said):
            yield "promise", words, said
        if words := find_legal_wording(said):
            yield "legal_wording", words, said
        if words := find_internal_note(said):
            yield "internal_name", words, said
        for name, pattern in names:
            if pattern.search(said):
                yield "internal_name", name, said
    yield from _personal(str(row["text"]))


def _personal(text: str) -> Iterator[tuple[str, str, str]]:
    for line in text.splitlines():
        for match in _EMAIL.finditer(line):
            is_example = _PLACEHOLDER_HOST.search(match[2]) or _EXAMPLE.search(_EMAIL.sub(" ", line))
            is_code = line[: match.start()].count("`") % 2 == 1
            if not is_example and not is_code and not _NOBODY.match(match[1]):
                yield "personal_data", "EMAIL", line
        bare = _EMAIL.sub(" ", line)
        for kind in redact(bare).counts:
            if kind in ("NAME", "CARD") or (kind == "PHONE" and _OWN_NUMBER.search(line)):
                yield "personal_data", kind, line
        if any(_looks_secret(plain(bare)[span.start : span.end]) for span in find_secrets(plain(bare))):
            yield "secret", "SECRET", line


def _looks_secret(value: str) -> bool:
    """Tell a credential from the words that stand for one ("Password: your mail password")."""
    return len(value) >= 8 and any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def _finding(row: Mapping[str, Any], reason: str, words: str, said: str) -> Finding:
    what = (
        f"“{words}” in {quote(said)}."
        if reason not in ("personal_data", "secret")
        else f"{quote(said)} holds a {words.lower()}."
    )
    return Finding(
        type="unsafe",
        reason=reason,
        **about(row),
        evidence=what,
        fix=_FIX[reason],
        is_blocking=True,
        key=words.casefold(),
    )
