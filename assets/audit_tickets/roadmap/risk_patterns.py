"""How a risk signal is written down as a rule, and the rules every language shares.

Belongs here: the rule type, the folding of text before matching, negation, and the language-neutral rules.
Does not belong here: the wording of one language (`risk_patterns_en`, `_de`, `_es`) and scoring whole tickets
(`risk_signals`).

A rule is three strings. `keys` are plain words separated by `|`, at least one of which every match contains: looking
for a plain word is some hundred times cheaper than running a pattern, so a pattern runs only where a key occurs.
`pattern` is a regular expression over folded text, in which `~40~` means "up to 40 characters of the same sentence".
`unless` is an expression that, found in the same sentence, explains the hit away ("charge the battery").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

SIGNALS: Mapping[str, str] = {
    "billing_dispute": "contests a charge, an invoice or a price",
    "refund": "asks for money back",
    "legal": "announces legal steps, a complaint to an authority, or makes a formal legal request",
    "distress": "is in emotional distress, bereaved or in hardship",
    "self_harm": "speaks of suicide or self-harm",
    "churn": "wants to cancel, close the account or leave",
    "security_incident": "reports a break-in, phishing, a leak or a vulnerability",
    "press": "is from the press, or threatens to go public",
    "anger": "is angry with the company or its product",
    "asks_for_person": "asks for a human being",
}
"""Every signal and what it claims about the requester."""

ESCALATING_SIGNALS: tuple[str, ...] = (
    "billing_dispute",
    "refund",
    "legal",
    "distress",
    "self_harm",
    "churn",
    "security_incident",
    "press",
)
"""Signals that make a ticket a risk ticket. `anger` and `asks_for_person` only make it a harder one."""

_QUOTES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "\u00a0": " "})
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_POINT_AFTER_DIGIT = re.compile(r"(?<=\d)\.")
_SENTENCE_END = re.compile(r"[.!?\n]")
_CLAUSE_START = re.compile(r"[,;:()\n.!?\u2013\u2014]|\b(?:but|and|aber|und|sondern|pero|sino)\b")
_NEGATION = re.compile(
    r"\b(?:not|no need|never|cannot|(?:do|does|did|is|are|was|were|would|wo|have|has|ca)n'?t|without|nothing|nobody|"
    r"no|rather than|instead of|nicht|kein\w*|nie|niemals|ohne|statt|no quiero|nunca|sin|en vez de|ni)\b"
)
_NOT_A_NEGATION = re.compile(
    r"\b(?:if|unless|until|why|not only|not just|no longer|no idea|wenn|falls|sonst|warum|nicht nur|nicht mehr|"
    r"si no|si|hasta que|por que|no solo)\b"
)
_NEGATION_REACH = 45
_PLAIN_NOT = re.compile(r"\b(?:not|never|nicht|kein\w*|nunca)\b")


@dataclass(frozen=True)
class Rule:
    """One pattern for one signal. `negatable` is false where "not" before the phrase does not undo it."""

    signal: str
    keys: tuple[str, ...]
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    negatable: bool


def fold(text: str) -> str:
    """Lower case, straight quotes, no accents, `ä` as `ae`: people type all of these either way.

    A point after a digit ("30.6.", "49.00") becomes a comma, so that it does not end a sentence.
    """
    folded = _POINT_AFTER_DIGIT.sub(",", text.lower().translate(_QUOTES).translate(_GERMAN))
    if folded.isascii():
        return folded
    return "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))


def original_phrase(text: str, start: int, end: int) -> str:
    """The stretch of `text` whose folded form lies at `start:end` of `fold(text)`; used for evidence people read."""
    first, last, position = None, len(text), 0
    for index, char in enumerate(text):
        if position >= end:
            last = index
            break
        position += len(fold(char))
        if first is None and position > start:
            first = index
    return " ".join(text[first or 0 : last].split())


def sentence_around(folded: str, start: int, end: int) -> str:
    """The sentence of `folded` that holds `start:end`, at most 300 characters to either side."""
    left = 0
    for left_match in _SENTENCE_END.finditer(folded, max(0, start - 300), start):
        left = left_match.end()
    right = _SENTENCE_END.search(folded, end, min(len(folded), end + 300))
    return folded[max(left, start - 300) : right.start() + 1 if right else min(len(folded), end + 300)]


def is_negated(folded: str, start: int) -> bool:
    """Whether the clause before `start` denies what follows ("we do not want a refund").

    "If you do not refund me" and "why have you not refunded me" deny nothing, hence the exceptions.
    """
    clause = folded[max(0, start - _NEGATION_REACH) : start]
    for boundary in list(_CLAUSE_START.finditer(clause))[-1:]:
        clause = clause[boundary.end() :]
    return bool(_NEGATION.search(clause)) and not _NOT_A_NEGATION.search(clause)


def holds_a_negation(rule: Rule, phrase: str) -> bool:
    """Whether the phrase itself denies ("I'm not angry") although the rule's own wording does not ask for a "not"."""
    return bool(_PLAIN_NOT.search(phrase)) and not _PLAIN_NOT.search(rule.pattern.pattern)


def compile_rules(
    table: Mapping[str, Iterable[tuple[str, ...]]], unless: Mapping[str, str] | None = None
) -> tuple[Rule, ...]:
    """Compile a table {signal: [(keys, pattern[, unless[, "fixed"]])]}; `unless` holds guards for a whole signal.

    Raises:
        ValueError: for a signal that does not exist, so that a typing error cannot switch a rule off silently.
    """
    rules: list[Rule] = []
    for signal, rows in table.items():
        if signal not in SIGNALS:
            raise ValueError(f"Unknown risk signal {signal!r}; the signals are: {', '.join(SIGNALS)}.")
        shared = (unless or {}).get(signal, "")
        for row in rows:
            keys, pattern = row[0], row[1]
            guard = "|".join(part for part in (shared, row[2] if len(row) > 2 else "") if part)
            rules.append(
                Rule(
                    signal=signal,
                    keys=tuple(fold(key) for key in keys.split("|")),
                    pattern=_compile(pattern),
                    unless=_compile(guard) if guard else None,
                    negatable=not (len(row) > 3 and row[3] == "fixed") and signal != "self_harm",
                )
            )
    return tuple(rules)


def _compile(source: str) -> re.Pattern[str]:
    expanded = re.sub(r"~(\d+)~", lambda m: r"[^.!?\n]{0," + m.group(1) + "}", fold_pattern(source))
    return re.compile(expanded, re.MULTILINE)


def fold_pattern(source: str) -> str:
    """Fold a pattern's letters as the text is folded, leaving escapes such as `\\W` alone."""
    return "".join(part if part.startswith("\\") else fold(part) for part in re.split(r"(\\.)", source))


NEUTRAL_RULES: tuple[Rule, ...] = compile_rules(
    {
        # Loan words and the commonest wording of neighbouring languages, for text whose language has no table.
        "refund": [
            ("refund", r"\b(?:want|need|please|demand) ~15~refund\b", "policy"),
            ("rembours", r"\bremboursement\b|\bremboursez\b|\brembourser\b", "politique|conditions"),
            ("rimbors|reembolso|restituic", r"\brimborso\b|\breembolso\b|\brestituicao\b", "politica|condizioni"),
            ("terugbetaling|geld terug", r"\bterugbetaling\b|\bgeld terug\b", "beleid|voorwaarden"),
        ],
        "billing_dispute": [("chargeback", r"\bchargeback\b", "field|webhook|integration|report")],
        "legal": [
            ("gdpr|rgpd|dsgvo", r"\b(?:art\w*\.? ?(?:15|17|20|21)) ~12~(?:gdpr|rgpd|dsgvo|avg)\b"),
            ("avocat|avvocato|advogad|advocaat",
             r"\b(?:mon|notre|mio|nostro|meu|nosso|mijn|onze) (?:avocate?|avvocato|advogad[oa]|advocaat)\b"),
            ("justice|legali|processo", r"\b(?:en justice|vie legali|azioni legali|processo judicial)\b"),
        ],
        "churn": [
            ("resili|abonnement", r"\bresilier\b|\bannuler ~12~abonnement\b|\babonnement opzeggen\b"),
            ("disdire|cancelar a", r"\bdisdire\b|\bcancelar (?:a )?(?:minha |nossa )?assinatura\b"),
        ],
        "security_incident": [
            ("hack|pirat", r"\b(?:hacked|hackeada|hackeado|hackerata|hackerato|gehackt|pirate)\b", "logiciel pirate"),
            ("phish", r"\b(?:mail|e-?mail|message|messaggio|mensagem) ~12~phishing\b"),
        ],
        "self_harm": [("suicid", r"\b(?:me suicider|suicidarmi|me suicidar|suicide)\b", "prevention|squad")],
        "anger": [("scandal|honte|vergogna|vergonha", r"\b(?:scandaleux|une honte|vergogna|uma vergonha)\b")],
        "asks_for_person": [
            ("humain|operatore|atendente|persona reale",
             r"\b(?:un humain|un etre humain|un operatore|uma atendente|um atendente|persona reale)\b"),
        ],
    }
)  # fmt: skip


@lru_cache(maxsize=8)
def rules_for(language: str | None) -> tuple[Rule, ...]:
    """The rules to run on text of `language` (ISO 639-1): its own and the neutral ones.

    Without a language, all of them: short messages are often misdetected, and a missed threat costs more.
    """
    from assets.audit_tickets.roadmap.risk_patterns_de import GERMAN_RULES
    from assets.audit_tickets.roadmap.risk_patterns_en import ENGLISH_RULES
    from assets.audit_tickets.roadmap.risk_patterns_es import SPANISH_RULES

    tables = {"en": ENGLISH_RULES, "de": GERMAN_RULES, "es": SPANISH_RULES}
    if language is None:
        return ENGLISH_RULES + GERMAN_RULES + SPANISH_RULES + NEUTRAL_RULES
    return tables.get(language, ()) + NEUTRAL_RULES
