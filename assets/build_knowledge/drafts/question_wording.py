"""Wordings of questions: a customer's sentence tidied, a heading turned into a question, the best of many chosen.

Belongs here: the form of one question. Does not belong here: how near it is to customers (`customer_language`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.audit_tickets.texts.personal_data import words
from assets.build_knowledge.drafts.sentences import content_stems, count_words, strip_greeting

_SPACES = re.compile(r"\s+")
_LEAD_IN = re.compile(
    r"^(?:(?:ok(?:ay)?|so|and|but|also|well|please|pls|just|quick question|question|(?:a|one) (?:quick )?question|"
    r"(?:i was|just) wondering|hey|hi)\b[\s,:;–-]+)+(?=\w)",
    re.IGNORECASE,
)
_LONE_I = re.compile(r"\bi(?=['’ ]|$)")
_REPEATED_MARK = re.compile(r"([!?.])[!?.]+")
_ENGLISH_QUESTION = re.compile(
    r"^(?:how|what|where|when|why|which|who|can|could|may|is|are|do|does|did|will|would|should|am|isn't|aren't|doesn't|don't|can't)\b"
)
_OTHER_QUESTION = re.compile(
    r"^(?:wie|was|wo|wann|warum|wieso|welche\w*|kann|koennen|gibt|ist|muss|como|que|donde|cuando|por que|cual|puedo|se puede|hay)\b"
)
_IMPERATIVES = words(
    """
    add allow ask attach back block buy cancel change check choose clear close configure confirm connect contact convert copy
    create customize cut delete disable disconnect download edit enable encrypt end exclude export find fix forward get give
    hide import increase install invite join keep leave link lock log make manage merge mark mute move open order organize
    pause pay pin play post prevent print publish put read recover reduce refresh register reinstall remove rename renew
    repair replace report request reset restore restart resume retrieve save schedule search see select send set share show
    sign start stop store subscribe switch sync synchronize tag transfer translate turn undo uninstall unlock unsubscribe
    update upgrade upload use validate verify view work write
    """
)
_POINTS_BACK = re.compile(r"\b(?:it|this|that|them|these|those)\b", re.IGNORECASE)
_TO_FIRST_PERSON = (
    (re.compile(r"\byour(?= (?:team|company|workspace|organisation|organization)\b)"), "our"),
    (re.compile(r"\bYour(?= (?:team|company|workspace|organisation|organization)\b)"), "our"),
    (re.compile(r"\byour\b", re.IGNORECASE), "my"),
    (re.compile(r"\byourself\b", re.IGNORECASE), "myself"),
    (re.compile(r"\bare you\b", re.IGNORECASE), "am I"),
    (re.compile(r"\byou\b", re.IGNORECASE), "I"),
)


def tidy(question: str) -> str:
    """A customer's sentence as one would print it: no lead-in, one closing mark, a capital at the start.

    Words stay the customer's own, misspellings too: phrasings are how people really write.
    """
    text = _SPACES.sub(" ", question).strip(" \t-–—*•,;:")
    letters = [c for c in text if c.isalpha()]
    if len(letters) > 12 and sum(c.isupper() for c in letters) > 0.8 * len(letters):
        text = text.lower()
    if text.count('"') % 2:
        text = text.replace('"', "")
    before, colon, after = text.partition(": ")
    if colon and len(before.split()) <= 5 and _ENGLISH_QUESTION.match(fold(after)):
        text = after
    text = _LEAD_IN.sub("", strip_greeting(text)).strip()
    text = _REPEATED_MARK.sub(r"\1", _LONE_I.sub("I", text)).rstrip(" ,;:-")
    if not text:
        return ""
    if text[-1] in ".!" and looks_like_question(text):
        text = text[:-1] + "?"
    elif text[-1] not in ".!?" and looks_like_question(text):
        text += "?"
    elif text[-1] == "." and not text.endswith("..."):
        text = text[:-1]
    return text[0].upper() + text[1:]


def looks_like_question(text: str) -> bool:
    """Whether a sentence is a question by its mark or its first word (English, German, Spanish)."""
    folded = fold(text)
    return text.rstrip(" )\"'").endswith("?") or bool(_ENGLISH_QUESTION.match(folded) or _OTHER_QUESTION.match(folded))


def title_as_question(title: str, heading: str = "") -> str:
    """A help article's heading as a question; the title speaks where the heading alone would say too little.

    "Reset your password" becomes "How do I reset my password?". What is neither a question nor an instruction stays
    a heading.
    """
    stands = heading and not _POINTS_BACK.search(heading) and (looks_like_question(heading) or _is_instruction(heading))
    best = heading if stands else (title or heading)
    text = _SPACES.sub(" ", best).strip(" .:-")
    if not text:
        return ""
    low = text[0].lower() + text[1:]
    for pattern, word in _TO_FIRST_PERSON:
        low = pattern.sub(word, low)
    if looks_like_question(low):
        if fold(low).startswith("how to "):
            low = "how do I " + low[7:]
        return low[0].upper() + low[1:].rstrip("?") + "?"
    if _is_instruction(text):
        return f"How do I {low}?"
    return text[0].upper() + text[1:]


def _is_instruction(text: str) -> bool:
    found = fold(text).split()
    return len(found) >= 2 and found[0] in _IMPERATIVES


def choose_question(
    questions: Sequence[str], vectors: np.ndarray, strengths: Sequence[float], target: np.ndarray | None = None
) -> str:
    """The customer's sentence that best stands for all of them, tidied; empty when there is none.

    Judged by nearness to the others and to `target` (unit vector of what answers them),
    preferring short sentences that ask, in words that many of the others use too: those are well spelt and general.
    """
    first: dict[str, int] = {}
    for row, question in enumerate(questions):
        first.setdefault(fold(tidy(question)), row)
    rows = [row for row in first.values() if tidy(questions[row])]
    if not rows:
        return ""
    central = np.asarray(vectors[rows] @ vectors[rows].T, dtype=np.float64).mean(axis=1)
    uses = Counter(stem for row in rows for stem in set(content_stems(questions[row])))
    usual = max(2.0, 0.2 * len(rows))
    scores = []
    for place, row in enumerate(rows):
        stems = set(content_stems(questions[row]))
        known = sum(min(1.0, (uses[stem] - 1) / (usual - 1)) for stem in stems) / max(1, len(stems))
        length = count_words(questions[row])
        score = central[place] + 0.35 * known + 0.15 * looks_like_question(tidy(questions[row]))
        score += 0.02 * min(4.0, float(strengths[row])) - 0.03 * max(0, length - 9) - 0.08 * (length < 4)
        score -= 0.06 * (len(stems) < 2)
        if target is not None:
            score += 0.8 * float(vectors[row] @ target)
        scores.append(score)
    return tidy(questions[rows[int(np.argmax(scores))]])
