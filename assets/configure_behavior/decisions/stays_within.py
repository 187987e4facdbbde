"""Whether a reply that a language model phrased says only what the entries it cites say.

Belongs here: comparing a reply with entries, sentence by sentence. Does not belong here: asking a model
(``with_language_model``), numbers and links by themselves (``build_knowledge.language_model.support``).

Every sentence must be carried by the cited entries or be one of the spec's own: its numbers, links, names and quoted labels
occur there, most of its content words occur in one or two neighbouring sentences of them, and it does not deny what they
affirm. That is lexical and strict on purpose: a good paraphrase with other words becomes a draft, which costs a person a
look; a wrong sentence in the entry's own words ("before" for "after") is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from assets.audit_tickets.roadmap.risk_patterns import fold
from assets.build_knowledge.drafts.sentences import content_stems, is_courtesy, split_sentences
from assets.build_knowledge.language_model.support import foreign_link, unsupported_number
from assets.configure_behavior.decisions.compose import filled
from assets.configure_behavior.releases.agent_release import ReleaseEntry
from desk.behavior import BehaviorFile

LEAST_SHARED = 0.7
"""Share of a sentence's content words that two neighbouring sentences of an entry must have."""
MAX_SENTENCES = 200

_MARKUP = re.compile(r"<[a-z/!?]|!\[|\b(?:javascript|vbscript|data):\S|\{\{|\}\}", re.IGNORECASE)
_NAME = re.compile(r"(?<=[^\s.!?:>*\"“] )\*{0,2}([A-ZÄÖÜ][\w-]+)")
_LABEL = re.compile(r"\*\*([^*\n]{1,80})\*\*|[“\"]([^”\"\n]{1,80})[”\"]|`([^`\n]{1,80})`")
_DENIAL = re.compile(
    r"\b(?:not|no|never|cannot|without|none|nothing|nobody|nicht|kein\w*|nie|niemals|ohne|nunca|sin|ni)\b|n't\b"
)


def stays_within(reply: str, entries: Sequence[ReleaseEntry], behavior: BehaviorFile) -> list[str]:
    """What a reply says beyond the entries and the spec, a sentence each; empty where it stays within them.

    Args:
        reply: the body of a reply, without greeting and closing.
        entries: those it cites. Their questions count as material as well.
        behavior: its greeting, closing and handoff message may stand in a reply.
    """
    if not entries:
        return ["The reply cites no entry."]
    if not reply.strip():
        return ["The reply is empty."]
    problems = []
    if _MARKUP.search(reply):
        problems.append("The reply holds markup; Markdown without images and HTML is what may be.")
    material = [text for entry in entries for text in (entry.question, entry.answer)]
    spoken = [*material, *_spec_texts(behavior)]
    if (link := foreign_link(reply, spoken)) is not None:
        problems.append(f"“{link[:100]}” is in none of the entries.")
    if (number := unsupported_number(reply, spoken)) is not None:
        problems.append(f"“{number[:60]}” is in none of the entries.")
    known = " ".join(fold(" ".join(spoken)).split())
    passages = _passages(entries)
    own = {fold(text).strip(" .,!") for text in _spec_texts(behavior)}
    sentences = split_sentences(reply)
    for sentence in sentences[:MAX_SENTENCES]:
        if fold(sentence).strip(" .,!") not in own:
            problems += _beyond(sentence, passages, known)
    if len(sentences) > MAX_SENTENCES:
        problems.append(f"The reply has more than {MAX_SENTENCES} sentences.")
    return problems


def _beyond(sentence: str, passages: Sequence[tuple[frozenset[str], bool]], known: str) -> list[str]:
    shown = f"“{sentence[:80]}”"
    for groups in _LABEL.findall(sentence):
        label = next(group for group in groups if group)
        if " ".join(fold(label).split()) not in known:
            return [f"{shown} names “{label}”, which no entry does."]
    for name in _NAME.findall(sentence):
        if not re.search(rf"(?<!\w){re.escape(fold(name))}(?!\w)", known):
            return [f"{shown} names “{name}”, which no entry does."]
    stems = frozenset(content_stems(sentence))
    if not stems:
        if is_courtesy(sentence) or not _DENIAL.search(fold(sentence)):
            return []
        return [f"{shown} denies something, and no entry carries it."]
    shares = [(len(stems & words) / len(stems), denies) for words, denies in passages]
    best = max(share for share, _ in shares)
    if best < LEAST_SHARED:
        return [f"{shown} is carried by no entry."]
    denies = bool(_DENIAL.search(fold(sentence)))
    if all(other != denies for share, other in shares if share >= LEAST_SHARED):
        return [f"{shown} {'denies' if denies else 'affirms'} what the entries {'affirm' if denies else 'deny'}."]
    return []


def _passages(entries: Iterable[ReleaseEntry]) -> list[tuple[frozenset[str], bool]]:
    """Content words of every sentence and every two neighbouring ones of each answer, and whether they deny."""
    found = []
    for entry in entries:
        sentences = split_sentences(entry.answer)
        pieces = [*sentences, *(f"{one} {two}" for one, two in pairwise(sentences))]
        for piece in pieces:
            words = frozenset(content_stems(f"{entry.question} {piece}"))
            found.append((words, bool(_DENIAL.search(fold(piece)))))
    return found


def _spec_texts(behavior: BehaviorFile) -> list[str]:
    return [
        filled(text, behavior, None)
        for texts in (behavior.tone.greeting, behavior.tone.closing, behavior.handoff.message)
        for text in texts.values()
    ]
