"""Sentences of messages, and which of them say nothing: greetings, sign-offs, and what a desk's messages all repeat.

Belongs here: cutting, and telling courtesy from content, in the languages a desk commonly has. Does not belong here:
what a customer asks (`customer_questions`) and what an answer says (`staff_answers`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from assets.audit_tickets.categories.stop_words import STOP_WORDS
from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.audit_tickets.texts.personal_data import PLACEHOLDER

# A mark inside a quotation ends a sentence only where a capital follows: click "Forgot password?" and wait.
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?!\d+[.)]\s)|(?<=[.!?…][\"')\]”“])\s+(?=[^\sa-zäöüß])|\n+")
_WORD = re.compile(r"[^\W\d_]{2,}(?:['’][^\W\d_]+)?")
_RUN_ON = re.compile(
    r"(?<=[a-zé,)]) (?=(?:I|We|My|Our|How|What|Where|Why|Can|Could|Is|Do|Does|The|It|Please|Thanks)\b)"
)
_RUN_ON_MIN_CHARS = 110

_GREETING = re.compile(
    r"^\W*(?:(?:hi|hello|hey|hiya|dear|greetings|good (?:morning|afternoon|evening|day)|to whom it may concern|"
    r"hallo|guten (?:tag|morgen|abend)|moin|servus|sehr geehrte\w*|liebe\w*|hola|buen[oa]s? (?:dias?|días?|tardes|noches)|"
    r"estimad[oa]s?|bonjour|salut|ciao|buongiorno|olá|hej)\b)"
    r"(?:[ ]+(?:again|there|all|everyone|everybody|team|guys|folks|support|sir|madam|or|damen|und|herren|zusammen|equipo|nochmal|"
    r"de nuevo|a todos|\[[A-Z_]+\]))*"
    r"(?:[ ]+(?-i:[A-Z])[\w.'-]+[ ]+(?:team|support)\b)?"
    r"(?:(?:[ ]+(?-i:[A-Z])[\w.'-]+){0,3}(?=\s*[,.!:]))?"
    r"(?:,[ ]*(?:\[[A-Z_]+\]|team|all|equipo|(?-i:[A-Z])[\w.'-]+(?: (?-i:[A-Z])[\w.'-]+)?(?=\s*[,:]))(?=[\s,.!:]))?"
    r"\s*(?:[,.!:;–-]+\s*|$|(?=(?-i:[A-Z])|i\b))",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"^\W*(?:(?:kind|best|warm|many|with)? ?(?:regards|wishes)|best|cheers|sincerely|yours|respectfully|thanks?\b|thank you|"
    r"thx|many thanks|hope (?:that|this|it) helps|let (?:me|us) know|please let (?:me|us) know|looking forward|"
    r"sent from|regards|mit freundlichen|viele gr|beste gr|liebe gr|freundliche gr|vielen dank|danke|mfg|lg\b|"
    r"un (?:cordial )?saludo|saludos|atentamente|gracias|muchas gracias|merci|cordialement|grazie|"
    r"have a (?:nice|great|good)|take care|glad|happy to help|you'?re welcome|any other question|"
    r"feel free|don'?t hesitate|gern geschehen|de nada)\b",
    re.IGNORECASE,
)
_SHORT = 9
REPEATED_MIN_TICKETS = 5
REPEATED_MIN_CATEGORIES = 3


def split_sentences(text: str) -> list[str]:
    """Sentences and lines, outer spaces and list marks gone; a long chat line without stops is cut at capitals."""
    found = []
    for part in _SENTENCE.split(text):
        pieces = (
            _RUN_ON.split(part) if len(part) > _RUN_ON_MIN_CHARS and not re.search(r"[.!?;]", part[:-1]) else [part]
        )
        found += [piece.strip(" \t-*•>–—") for piece in pieces]
    return [sentence for sentence in found if sentence]


def strip_greeting(text: str) -> str:
    """The text without "Hi team," at its start."""
    rest = _GREETING.sub("", text, count=1)
    return rest if rest != text else text


def is_courtesy(sentence: str) -> bool:
    """Whether a sentence only greets, thanks or signs off."""
    bare = strip_greeting(sentence).strip(" .,!?-")
    if not bare:
        return True
    return bool(_SIGN_OFF.match(bare)) and len(bare.split()) <= _SHORT


def is_sign_off(line: str) -> bool:
    """Whether a line begins the end of a message."""
    return bool(_SIGN_OFF.match(line))


def has_placeholder(text: str) -> bool:
    """Whether personal data was taken out of this text."""
    return bool(PLACEHOLDER.search(text))


def content_stems(text: str) -> list[str]:
    """Words that carry meaning, folded and cut to six letters; function words and courtesies left out."""
    words = (word.replace("’", "'") for word in _WORD.findall(text.lower()))
    return [fold(word).replace("'", "")[:6] for word in words if word not in STOP_WORDS]


def count_words(text: str) -> int:
    """Words of two letters and more."""
    return len(_WORD.findall(text))


def repeated_sentences(
    messages: Iterable[tuple[str, str, Sequence[str]]],
) -> set[str]:
    """Folded sentences that a desk repeats whatever the subject, from (ticket_id, category_id, sentences).

    A sentence counts when it stands in at least 5 tickets of at least 3 categories and no category holds half of its
    uses: an answer is given in one category, "Hope that helps" in all.
    """
    seen: set[tuple[str, str]] = set()
    uses: dict[str, Counter[str]] = {}
    for ticket_id, category_id, sentences in messages:
        for sentence in sentences:
            key = fold(sentence)
            if (ticket_id, key) not in seen:
                seen.add((ticket_id, key))
                uses.setdefault(key, Counter())[category_id] += 1
    return {
        key
        for key, counts in uses.items()
        if counts.total() >= REPEATED_MIN_TICKETS
        and len(counts) >= REPEATED_MIN_CATEGORIES
        and max(counts.values()) < 0.5 * counts.total()
    }
