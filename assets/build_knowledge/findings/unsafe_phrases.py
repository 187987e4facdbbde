"""Wording that must not reach a customer unread: promises without end, legal language, notes meant for the inside.

Belongs here: the patterns, in English, German and Spanish, and what makes them harmless ("we cannot guarantee"). Does
not belong here: personal data and secrets (``unsafe_texts`` asks the redaction rules).
"""

from __future__ import annotations

import re

_GOOD = r"(?:free|keep|kept|price|discount|yours|valid|access|available|updates?|support|store|stored|safe|guarantee\w*|rate|plan|refund\w*|kostenlos|gratis|preis|precio|gültig|válid\w+)"
_LOSS = re.compile(
    r"\b(?:delet\w+|gone|los[et]\w*|remov\w+|eras\w+|disappear\w*|destroy\w*|wip\w+|spin\w*|hang\w*|wait\w*|tak\w+|load\w*|block\w*|ban\w*|gelöscht|verloren|elimin\w+|pierd\w+)\b",
    re.IGNORECASE,
)
_FOR_EVER = re.compile(
    r"\b(?:for ?ever|for (?:your |their |the whole )?life(?:time)?(?! ?cycle)|lifetime (?:access|guarantee|updates|discount|price|licen[cs]e|warranty)|für immer|auf lebenszeit|lebenslang\w*|para siempre|de por vida)\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:no|not|cannot|can't|don't|doesn't|won't|never|without|neither|nor|isn't|aren't|kein\w*|nicht|ohne|nie|sin|nunca|tampoco|unable to|if)\b[^.;:!?]{0,40}$",
    re.IGNORECASE,
)

PROMISES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!to )\bguarantee[sd]?\b(?! (?:that )?you (?:have|are) )",
        r"\b(?:100|hundred) ?(?:%|percent|per cent) (?:\w+ )?(?:safe|secure|uptime|reliable|available|satisfaction|refund\w*|money|risk|guarantee\w*|private|protected)",
        r"\bno questions asked\b|\bohne (?:rückfragen|wenn und aber|angabe von gründen)\b|\bsin preguntas\b",
        r"\brisk[- ]free\b|\bmoney[- ]back guarantee\b|\bgeld-zurück-garantie\b",
        r"\bwe (?:solemnly )?promise\b|\bwir (?:versprechen|garantieren)\b|\b(?:te |le |les )?(?:prometemos|garantizamos)\b",
        r"\b(?:never|nie|nunca) (?:goes|go|going) down\b|\b(?:zero|no) (?:downtime|outages?)\b|\b(?:will|can|could) never (?:lose|be lost|fail|leak|be hacked|break|go up|increase|rise)\b",
        r"\b(?:at any time|whenever you (?:like|want)|always)\b[^.;!?]{0,30}\bfull refunds?\b|\bfull refunds?\b[^.;!?]{0,30}\b(?:at any time|always|no matter|whatever|in any case|in every case)\b",
        r"\b(?:always|forever) (?:be )?(?:free|refunded?)\b|\b(?:free|kostenlos|gratis) for ?ever\b|\bunder (?:all|any) circumstances\b|\bin any event whatsoever\b",
    )
)
LEGAL: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:hereby|hereinafter|hereunder|thereof|notwithstanding|aforementioned|heretofore)\b",
        r"\bindemnif\w+\b|\bhold (?:\w+ )?harmless\b",
        r"\b(?:we|company|provider|vendor|liability)\b[^.;!?]{0,60}\b(?:liable|liability)\b|\b(?:not|be held|fully|legally) (?:be )?(?:liable|legally responsible)\b|\baccepts? (?:full |all |any |no )?liability\b|\blimitation of liability\b",
        r"\bto the (?:fullest|maximum) extent permitted\b|\bas is\b[^.;!?]{0,40}\bwarrant\w+|\bwarrant(?:y|ies) of\b|\bmakes? no (?:warrant\w+|representations?)\b|\bdisclaims?\b",
        r"\b(?:you|customer|user|subscriber)s? (?:hereby |expressly |irrevocably )?waives?\b|\bgoverned by (?:the )?laws? of\b|\bexclusive jurisdiction\b|\bplace of jurisdiction\b|\bforce majeure\b|\bbreach of contract\b",
        r"\blegally (?:binding|entitled|obliged|required to (?:pay|compensate))\b|\b(?:legal|statutory) (?:claims?|right to (?:compensation|damages))\b|\b(?:compensation|damages) (?:claims?|under)\b|\bconstitutes? (?:a )?(?:legal|binding)\b",
        r"\b(?:haftung\w*|haftbar|haften|hiermit|gerichtsstand|schadens?ersatz\w*|gewährleistung\w*|rechtsverbindlich\w*)\b",
        r"\b(?:por la presente|indemniza\w+|responsabilidad (?:legal|civil)|jurisdicción|fuerza mayor|legalmente (?:vinculante|obligad[oa]s?)|daños y perjuicios)\b",
    )
)
INTERNAL: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:internal (?:only|use only|note|notes|wiki|tool|runbook|playbook|document|dashboard)|for internal use|not for customers|do not (?:share|send|show|tell|forward)[^.;!?]{0,30}\b(?:customers?|users?|externally)|don't tell (?:the )?(?:customers?|users?)|agents? only|staff only)\b",
        r"\b(?:nur intern|intern(?:er|e)? (?:hinweis|notiz|verwendung)|nicht an kunden|uso interno|nota interna|solo interno)\b",
        r"\bslack[- ]channel\b[^.;!?]{0,20}#[\w-]+|\b(?:in|ask|ping|post (?:it )?(?:in|to)) #[a-z][\w-]{2,40}\b",
        r"\b(?:https?://)?(?:[\w-]+\.)*(?:intranet|internal|corp|backoffice|staging|jira|confluence)\.[\w-]+\.[a-z]{2,12}\b|\b[\w-]+\.(?:internal|corp|intra|lan)\b(?!\.)",
    )
)


def find_promise(sentence: str) -> str | None:
    """The words of a promise without end or condition, None where a sentence makes none."""
    for pattern in PROMISES:
        for match in pattern.finditer(sentence):
            words = match[0].strip()
            before = sentence[: match.start()]
            if words.casefold().startswith(
                ("no ", "never", "nie", "nunca", "zero", "sin ", "ohne ")
            ) or not _NEGATED.search(before):
                return words
    for match in _FOR_EVER.finditer(sentence):
        if (
            re.search(_GOOD, sentence, re.IGNORECASE)
            and not _LOSS.search(sentence)
            and not _NEGATED.search(sentence[: match.start()])
        ):
            return match[0]
    return None


def find_legal_wording(sentence: str) -> str | None:
    """The words that only a lawyer would write, None where there are none."""
    return next((match[0].strip() for pattern in LEGAL if (match := pattern.search(sentence))), None)


def find_internal_note(sentence: str) -> str | None:
    """The words that show a sentence was meant for colleagues, None where there are none."""
    return next((match[0].strip() for pattern in INTERNAL if (match := pattern.search(sentence))), None)
