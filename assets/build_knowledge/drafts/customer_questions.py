"""What each customer asks, in one sentence of their own.

Belongs here: picking the sentence of a ticket that asks or complains, out of greetings, stories and signatures. Does
not belong here: choosing among customers (`phrasings`), improving a wording (`question_wording`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from math import log

import pandas as pd

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.audit_tickets.texts.personal_data import words
from assets.audit_tickets.texts.ticket_texts import ticket_texts
from assets.build_knowledge.drafts.sentences import (
    content_stems,
    count_words,
    has_placeholder,
    is_courtesy,
    repeated_sentences,
    split_sentences,
    strip_greeting,
)

MAX_QUESTION_CHARS = 140
MIN_WORDS, MAX_WORDS = 3, 24
_COMFORTABLE_WORDS = 14
COLUMNS = ["ticket_id", "category_id", "language", "question", "strength"]

_NEVER_LAST = words(
    """
    a an and are at because but by can could for from have how i if in into is my no of on or our that the their there
    these this to was what when where which while who why with without your
    aber als am auf das dass dem den der die ein eine für im in ist mit oder und von wenn zu al con de del el en la
    las los para por que se sin su un una y
    """
)

_ASKS = re.compile(
    r"^(?:and |so |but |ok |also |please |pls |und |y )?(?:how|what|where|when|why|which|who|can|could|may|is|are|do|does|did|"
    r"will|would|should|am i|any way|is there|wie|was|wo|wann|warum|wieso|welche\w*|kann|koennen|gibt es|ist es|muss|"
    r"como|que|donde|cuando|por que|cual|puedo|se puede|hay|tengo que|comment|pourquoi|ou|come|perche|dove)\b"
)
_PROBLEM = re.compile(
    r"\b(?:can(?:'?t|not)|could ?n'?t|wo(?:n'?t|uld ?n'?t)|does ?n'?t|do ?n'?t know|is ?n'?t|not|unable|no longer|never|fails?|failed|failing|"
    r"error|broken|stuck|lost|missing|gone|forgot(?:ten)?|expired|rejected|denied|locked|crash\w*|stopped|disappeared|"
    r"want to|would like|i'?d like|need to|trying to|how to|nicht|kein\w*|geht nicht|fehler|vergessen|weg|moechte|will|"
    r"no (?:puedo|funciona|llega|sincroniza|me|se|aparece)|quiero|queremos|necesito|perd\w+|olvid\w+)\b"
)
_STORY = re.compile(
    r"\b(?:i(?:'ve| have)? (?:already )?(?:tried|wrote|searched|read|checked|restarted|called|asked)|please do ?n'?t|no bot|"
    r"looking forward|as far as i know|last (?:week|month|year|time)|a while ago|excuse|sorry for|fed up|for years|"
    r"colleagues?|my boss|urgent|asap|client|deadline|thank you|thanks|can you help|any (?:help|ideas?)|please (?:help|advise)|"
    r"habe ich|schon|bereits|bitte um|danke|gracias|urgente|ya he)\b"
)


def customer_questions(comments: pd.DataFrame, category_by_ticket: Mapping[str, str]) -> pd.DataFrame:
    """The sentence in which each customer asks.

    Args:
        comments: `redacted_comments`; only tickets of `category_by_ticket` are read.
        category_by_ticket: category_id by ticket_id. Hand in training tickets only.

    Returns:
        Frame [ticket with such a sentence]: ticket_id, category_id, language, question (one sentence without
        greeting or placeholder, at most `MAX_QUESTION_CHARS` characters), strength (how surely it asks).

    A sentence is judged by its form (a question, a complaint, not a story of what was tried) and by how much its words
    belong to the category rather than to the others (log odds over tickets, smoothed).
    """
    mine = comments[comments["ticket_id"].isin(set(category_by_ticket))]
    texts = ticket_texts(mine)
    rows = [
        (ticket_id, str(category_by_ticket[ticket_id]), language, _candidates(text))
        for ticket_id, text, language in zip(texts["ticket_id"], texts["text"], texts["language"], strict=True)
    ]
    repeated = repeated_sentences((ticket, category, sentences) for ticket, category, _, sentences in rows)
    odds = _word_odds([(category, sentences) for _, category, _, sentences in rows])
    found = []
    for ticket_id, category, language, sentences in rows:
        scored = [
            (_strength(sentence, place, odds[category]), -place, sentence)
            for place, sentence in enumerate(sentences)
            if fold(sentence) not in repeated
        ]
        if scored and max(scored)[0] > 0:
            strength, _, sentence = max(scored)
            found.append((ticket_id, category, language, sentence, round(strength, 4)))
    return pd.DataFrame(found, columns=COLUMNS)


def _candidates(text: str) -> list[str]:
    found: list[str] = []
    sentences = split_sentences(text)
    folded = [fold(sentence) for sentence in sentences]
    for sentence in sentences:
        bare = strip_greeting(sentence).strip(" ,;:-")
        mine = fold(bare)
        # A subject is often the message's first words, cut: the whole sentence is the better one.
        if sentence is sentences[0] and any(_begin_alike(mine, other) for other in folded[1:]):
            continue
        if any(
            mine.rstrip(" .?!") in other and len(other) > len(mine) + 6 for other in folded if other != fold(sentence)
        ):
            continue
        if (
            bare
            and len(bare) <= MAX_QUESTION_CHARS
            and MIN_WORDS <= count_words(bare) <= MAX_WORDS
            and content_stems(bare)
            and not has_placeholder(bare)
            and "://" not in bare
            and not is_courtesy(bare)
            and not _is_cut_off(bare)
            and bare not in found
        ):
            found.append(bare)
    return found


def _is_cut_off(sentence: str) -> bool:
    """Whether a subject breaks off: it ends in a word that nothing ends in."""
    return sentence.split()[-1].lower() in _NEVER_LAST


def _begin_alike(subject: str, sentence: str) -> bool:
    first = subject.split()
    return len(first) >= 4 and sentence.split()[:3] == first[:3] and len(sentence) > len(subject)


def _word_odds(rows: list[tuple[str, list[str]]]) -> dict[str, dict[str, float]]:
    """By category: how much likelier a stem is in its tickets than in others, as log odds between 0 and 3."""
    uses: dict[str, Counter[str]] = defaultdict(Counter)
    total: Counter[str] = Counter()
    tickets: Counter[str] = Counter()
    for category, sentences in rows:
        stems = {stem for sentence in sentences for stem in content_stems(sentence)}
        uses[category].update(stems)
        total.update(stems)
        tickets[category] += 1
    everybody = tickets.total()
    odds = {}
    for category, counts in uses.items():
        own, others = tickets[category], everybody - tickets[category]
        odds[category] = {
            stem: min(3.0, max(0.0, log((count + 0.5) / (own + 1)) - log((total[stem] - count + 0.5) / (others + 1))))
            for stem, count in counts.items()
            if count >= 2 or own < 4
        }
    return odds


def _strength(sentence: str, place: int, odds: Mapping[str, float]) -> float:
    folded = fold(sentence)
    stems = set(content_stems(sentence))
    belongs = sum(sorted((odds.get(stem, 0.0) for stem in stems), reverse=True)[:4])
    asks = sentence.rstrip(" )\"'").endswith("?") or bool(_ASKS.match(folded))
    problem = bool(_PROBLEM.search(folded))
    length = count_words(sentence)
    return (
        0.6 * belongs
        + 1.5 * asks
        + 0.9 * problem
        - 0.8 * bool(_STORY.search(folded))
        - 0.12 * max(0, length - _COMFORTABLE_WORDS)
        - 0.5 * (length < 4)
        - 0.08 * min(place, 5)
        - 0.8 * (not asks and not problem)
    )
