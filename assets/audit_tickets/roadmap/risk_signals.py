"""Risk signals in what customers wrote: what was found, the words that show it, and a weak frustration score.

Belongs here: running the rules over text and summing them up by ticket. Does not belong here: the wording itself
(`risk_patterns*`) and what a share of risky tickets means for a category (`buckets`).

A signal is a reason for a person to look, never a verdict about the customer. The rules are lexical: what is said
without the usual words is missed. `benchmarks/risk_signals.py` measures both kinds of error.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from assets.audit_tickets.roadmap.risk_patterns import (
    ESCALATING_SIGNALS,
    SIGNALS,
    fold,
    holds_a_negation,
    is_negated,
    original_phrase,
    rules_for,
    sentence_around,
)

MAX_CHARS = 6_000
"""Text read per message. A longer one is a pasted log; the request stands at its beginning."""

MIN_LANGUAGE_CONFIDENCE = 0.5
"""Below this, the detected language is not believed and every table is tried."""

MIN_CHARS_FOR_LANGUAGE = 25
"""Detectors guess on shorter text than this."""

_CAPS_WORD = re.compile(r"\b[A-ZÄÖÜÑÁÉÍÓÚ]{4,}\b")
_SHOUTING = re.compile(r"[!?]{3,}|(?:¡¡+)")
_AGAIN = re.compile(
    r"\b(?:still|again|already|yet another|once more|immer noch|schon wieder|wieder nicht|todavia|otra vez|de nuevo)\b"
)
_NO_WORD = re.compile(
    r"\b(?:no (?:answer|reply|response)|ignored|keine (?:antwort|reaktion)|nadie (?:responde|contesta))\b"
)


@dataclass(frozen=True)
class RiskHit:
    """One signal found in one message, with the customer's own words as evidence."""

    signal: str
    phrase: str


def find_risk_signals(text: str, language: str | None = None) -> list[RiskHit]:
    """Find risk signals in one message.

    Args:
        text: what the requester wrote, redacted; the first `MAX_CHARS` characters are read.
        language: ISO 639-1. `None` tries every language; one without a table gets the language-neutral rules.

    Returns:
        At most one hit a signal (its first), in the order of `SIGNALS`.
    """
    shown = text[:MAX_CHARS]
    folded = fold(shown)
    found: dict[str, RiskHit] = {}
    for rule in rules_for(language):
        if rule.signal in found or not any(key in folded for key in rule.keys):
            continue
        for match in rule.pattern.finditer(folded):
            if match.end() == match.start():
                continue
            if rule.unless and rule.unless.search(sentence_around(folded, match.start(), match.end())):
                continue
            if rule.negatable and (is_negated(folded, match.start()) or holds_a_negation(rule, match.group())):
                continue
            found[rule.signal] = RiskHit(rule.signal, original_phrase(shown, match.start(), match.end())[:160])
            break
    return [found[signal] for signal in SIGNALS if signal in found]


def frustration_score(text: str, hits: Iterable[RiskHit] = ()) -> float:
    """A weak score from 0 (calm) to 1: shouting, repetition, complaints about silence, and an `anger` hit.

    Fit for sorting and averaging, not for deciding about one ticket: exclamation marks are also joy, and polite people
    are furious too. Each cue adds to x, and the score is 1 - exp(-x).
    """
    shown = text[:MAX_CHARS]
    folded = fold(shown)
    words = max(1, len(shown.split()))
    capitals = len(_CAPS_WORD.findall(shown))
    cues = 0.6 * min(2, len(_SHOUTING.findall(shown)))
    cues += 0.8 if capitals >= 3 and capitals / words > 0.1 else 0.0
    cues += 0.15 * min(3, len(_AGAIN.findall(folded)))
    cues += 0.4 if _NO_WORD.search(folded) else 0.0
    cues += 1.0 if any(hit.signal == "anger" for hit in hits) else 0.0
    return 1.0 - math.exp(-cues)


def believed_language(text: str, language: object, confidence: object) -> str | None:
    """The language to read a message in: the detected one, or `None` where the detector cannot be trusted."""
    if not isinstance(language, str) or not language or len(text) < MIN_CHARS_FOR_LANGUAGE:
        return None
    if isinstance(confidence, (int, float)) and confidence < MIN_LANGUAGE_CONFIDENCE:
        return None
    return language


def score_risk_signals(
    redacted_comments: pd.DataFrame, on_progress: Callable[[int, int], None] | None = None
) -> pd.DataFrame:
    """Risk signals of every ticket, from the public messages its requester wrote.

    Args:
        redacted_comments: the frame of that name; `subject`, `text`, `author_role`, `is_public`, `language` are read.

    Returns:
        Frame [ticket with a requester message]: ticket_id, one bool column `has_<signal>` a signal, `is_risk` (any of
        `ESCALATING_SIGNALS`), `frustration` (the highest of its messages), `risk_evidence` (JSON {signal: phrase}).
    """
    mine = redacted_comments[
        (redacted_comments["author_role"] == "requester") & redacted_comments["is_public"].fillna(False).astype(bool)
    ]
    evidence: dict[str, dict[str, str]] = {}
    frustration: dict[str, float] = {}
    columns = [mine[name] for name in ("ticket_id", "subject", "text", "language")]
    confidences = mine["language_confidence"] if "language_confidence" in mine else pd.Series(1.0, index=mine.index)
    total = len(mine)
    for done, (ticket_id, subject, body, language, confidence) in enumerate(
        zip(*columns, confidences, strict=True), start=1
    ):
        text = "\n".join(part for part in (subject, body) if isinstance(part, str) and part)
        hits = find_risk_signals(text, believed_language(text, language, confidence))
        known = evidence.setdefault(ticket_id, {})
        for hit in hits:
            known.setdefault(hit.signal, hit.phrase)
        frustration[ticket_id] = max(frustration.get(ticket_id, 0.0), frustration_score(text, hits))
        if on_progress and (done % 2_000 == 0 or done == total):
            on_progress(done, total)
    frame = pd.DataFrame({"ticket_id": pd.Series(list(evidence), dtype="str")})
    for signal in SIGNALS:
        frame[f"has_{signal}"] = [signal in found for found in evidence.values()]
    frame["is_risk"] = [any(signal in found for signal in ESCALATING_SIGNALS) for found in evidence.values()]
    frame["frustration"] = [frustration[ticket_id] for ticket_id in evidence]
    frame["risk_evidence"] = [json.dumps(found, ensure_ascii=False) for found in evidence.values()]
    return frame
