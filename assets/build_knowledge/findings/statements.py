"""Sentences that state a quantity, a list, or a plain yes or no, with all that is needed to compare them.

Belongs here: which sentences state something, and what they look like to an encoder and to a comparison of words. Does
not belong here: which two of them belong together (``aligned_sentences``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assets.build_knowledge.findings.claims import Claim, claims_in
from assets.build_knowledge.findings.enumerations import lists_in
from assets.build_knowledge.findings.fact_finders import MASKS, facts_in, mask_facts
from assets.build_knowledge.findings.facts import Fact
from assets.build_knowledge.findings.scopes import Scopes, scopes_in
from assets.build_knowledge.findings.sentences import Sentence, proper_names, sentences_of, stems, without_marks

_EXAMPLE = re.compile(
    r"\b(?:for example|for instance|e\.\s?g\.|zum beispiel|z\.\s?b\.|por ejemplo|p\.\s?ej\.)", re.IGNORECASE
)


@dataclass(frozen=True)
class Statement:
    """A sentence that states something that can be compared, and what is needed to compare it."""

    sentence: Sentence
    facts: tuple[Fact, ...]
    claims: tuple[Claim, ...]
    lists: tuple[frozenset[str], ...] = ()
    plan_names: tuple[str, ...] = ()

    @cached_property
    def masked(self) -> str:
        """The sentence with its lead, values masked: what is encoded."""
        return without_marks(mask_facts(self.sentence.whole))

    @cached_property
    def placed(self) -> str:
        """The same under what its text answers."""
        return f"{self.sentence.row['question']}. {self.masked}"

    @cached_property
    def own_stems(self) -> frozenset[str]:
        """Content words of the sentence and its lead, without its values' units."""
        return frozenset(stems(mask_facts(self.sentence.whole))) - _MASK_STEMS

    @cached_property
    def marks(self) -> frozenset[str]:
        """What else shows the subject, as words do: the plan or device named, and the kind of value given."""
        named = {f"#{member}" for group in ("plan", "device") for member in self.scopes.get(group, ())}
        return frozenset(named | {f"#{fact.kind}" for fact in self.facts if fact.kind != "duration"})

    @cached_property
    def all_stems(self) -> frozenset[str]:
        """Content words of the sentence and of what its text answers."""
        return self.own_stems | frozenset(stems(str(self.sentence.row["question"])))

    @cached_property
    def scopes(self) -> Scopes:
        """For whom or what the sentence speaks."""
        return scopes_in(self.sentence.whole, self.plan_names)

    @cached_property
    def wide_scopes(self) -> Scopes:
        """The same, with what its text answers."""
        return scopes_in(f"{self.sentence.row['question']}. {self.sentence.whole}", self.plan_names)

    @cached_property
    def names(self) -> frozenset[str]:
        """Proper names inside the sentence."""
        return frozenset(proper_names(self.sentence.text))


_MASK_STEMS = frozenset(stems(" ".join(MASKS.values())))


def statements_of(rows: Sequence[Mapping[str, Any]], plan_names: Sequence[str] = ()) -> list[Statement]:
    """The sentences of the texts that state a quantity, a list or a plain yes or no; questions and examples state nothing."""
    found = []
    for row in rows:
        for sentence in sentences_of(row):
            if sentence.text.endswith("?") or _EXAMPLE.search(sentence.whole):
                continue
            facts, claims = tuple(facts_in(sentence.text)), tuple(claims_in(sentence.text))
            lists = tuple(lists_in(sentence.text))
            if facts or claims or lists:
                found.append(Statement(sentence, facts, claims, lists, tuple(plan_names)))
    return found
