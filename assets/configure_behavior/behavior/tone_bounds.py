"""Whether a reply keeps to the spec's tone: cheap measures of length, words and register, each said as a sentence.

Belongs here: measuring one reply. Does not belong here: writing replies (``decisions``), what else a spec must hold
(``behavior_problems``).

What this cannot measure, and people must read for: whether a reply is kind, clear, right, or fits the situation;
irony; grammar; whether its steps are in the right order; whether the formal or the familiar *you* fits the reader. The
lists of contractions, slang and stiff phrases are short and in English, German and Spanish; a reply in another language
is measured by length, avoided words and marks alone. "No problem found" therefore means "within the bounds", not "good".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.configure_behavior.triggers.own_phrases import phrase_search
from desk.behavior import BehaviorFile, Tone

FORMAL_BELOW = 0.35
CONVERSATIONAL_ABOVE = 0.65
BRIEF_BELOW = 0.35
THOROUGH_ABOVE = 0.65
MAX_STEPS_BRIEF = 9
BRIEF_SHARE = 0.75
"""Share of ``max_words`` that a brief voice stays under."""
THOROUGH_SHARE = 0.1
"""Share of ``max_words`` that a thorough voice reaches."""

_WORD = re.compile(r"\w[\w'’.@/-]*")
_STEP = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•])\s+\S", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{[a-z_]{1,30}\}")
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u26ff\u2700-\u27bf]|(?<!\\w)[:;]-?[)(DP](?!\\w)")
_CONTRACTION = re.compile(
    r"\b\w+n't\b|\b(?:i'm|it's|that's|what's|here's|there's|let's|who's)\b|\b(?:i|you|we|they|it|that)'(?:ll|ve|re|d)\b"
)
_SLANG = {
    "en": r"\b(?:hey|guys|folks|gonna|wanna|gotta|kinda|yeah|yep|nope|cool|awesome|dude|oops|lol|btw|asap|no worries|super easy)\b",
    "de": r"\b(?:hey|leute|krass|geil|mega|cool|okidoki|jo|nee|kriegst|kein ding)\b",
    "es": r"\b(?:hey|tio|tia|guay|mola|chulo|vale tio|currar|finde)\b",
}
_STIFF = {
    "en": r"\b(?:dear (?:sir|madam)|to whom it may concern|we regret to inform|please be advised|kindly be advised|pursuant to|herewith|hereby|"
    r"aforementioned|in accordance with|yours faithfully|at your earliest convenience)\b",
    "de": r"\b(?:sehr geehrte\w*|hiermit|bezugnehmend|diesbezueglich|wir bedauern|hochachtungsvoll|seitens|obig\w*|mit vorzueglicher)\b",
    "es": r"\b(?:estimad[oa]s? (?:senor|senora|cliente)\w*|por la presente|lamentamos informarle|atentamente le|a la mayor brevedad|el susodicho)\b",
}


def tone_problems(reply: str, behavior: BehaviorFile, language: str) -> list[str]:
    """What in a reply does not keep to the spec, as sentences; empty where nothing was found.

    Args:
        reply: the whole reply, greeting and closing included.
        behavior: the spec; its ``tone`` and ``reply`` are read.
        language: ISO 639-1 of the reply; others than en, de and es have no register lists.
    """
    return [*_length(reply, behavior), *_words(reply, behavior.tone), *_register(reply, behavior.tone, language)]


def count_words(reply: str) -> int:
    """Words as people count them: an address or ``Settings`` is one, ``>`` and dashes are none."""
    return len(_WORD.findall(reply))


def _length(reply: str, behavior: BehaviorFile) -> Iterator[str]:
    bounds, tone = behavior.reply, behavior.tone
    words, steps = count_words(reply), len(_STEP.findall(reply))
    brief_max = round(bounds.max_words * BRIEF_SHARE)
    thorough_min = max(bounds.min_words, round(bounds.max_words * THOROUGH_SHARE))
    if words < bounds.min_words:
        yield f"It has {words} words; at least {bounds.min_words} are wanted."
    elif words > bounds.max_words:
        yield f"It has {words} words; at most {bounds.max_words} are wanted."
    elif tone.thoroughness < BRIEF_BELOW and words > brief_max:
        yield f"It has {words} words, which is long for a brief voice (up to {brief_max})."
    elif tone.thoroughness > THOROUGH_ABOVE and words < thorough_min:
        yield f"It has {words} words, which is short for a thorough voice (from {thorough_min})."
    if tone.thoroughness < BRIEF_BELOW and steps > MAX_STEPS_BRIEF:
        yield f"It lists {steps} points, which is much for a brief voice (up to {MAX_STEPS_BRIEF})."


def _words(reply: str, tone: Tone) -> Iterator[str]:
    folded = fold(reply)
    for phrase in tone.avoid:
        if _search(phrase).search(folded):
            yield f"It says “{phrase}”, which the spec avoids."
    for word, instead in tone.say_instead.items():
        if _search(word).search(folded):
            yield f"It says “{word}”; the spec says “{instead}” instead."
    if left := _PLACEHOLDER.search(reply):
        yield f"The placeholder {left[0]} was never filled."


def _register(reply: str, tone: Tone, language: str) -> Iterator[str]:
    folded = fold(reply)
    exclamations, emoji = reply.count("!"), _EMOJI.search(reply)
    slang = _found(_SLANG, language, folded)
    if tone.formality < FORMAL_BELOW:
        contraction = _CONTRACTION.search(folded) if language == "en" else None
        for match in filter(None, (contraction, slang)):
            yield f"“{match[0]}” is too conversational for a formal voice."
        if exclamations:
            yield "An exclamation mark is too conversational for a formal voice."
        if emoji:
            yield f"“{emoji[0]}” is too conversational for a formal voice."
        return
    if exclamations > 3:
        yield f"It has {exclamations} exclamation marks, which reads as shouting."
    if tone.formality > CONVERSATIONAL_ABOVE:
        if stiff := _found(_STIFF, language, folded):
            yield f"“{stiff[0]}” is too stiff for a conversational voice."
        return
    if slang:
        yield f"“{slang[0]}” is too conversational for a voice between formal and conversational."
    if emoji:
        yield f"“{emoji[0]}” is too conversational for a voice between formal and conversational."
    if stiff := _found(_STIFF, language, folded):
        yield f"“{stiff[0]}” is too stiff for a voice between formal and conversational."


def _found(lists: dict[str, str], language: str, folded: str) -> re.Match[str] | None:
    pattern = lists.get(language)
    return re.search(pattern, folded) if pattern else None


@lru_cache(maxsize=1_024)
def _search(phrase: str) -> re.Pattern[str]:
    return phrase_search(phrase)
