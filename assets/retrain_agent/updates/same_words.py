"""Whether an answer says what somebody's words say.

Belongs here: comparing words with the answers that there are. Does not belong here: whether a decision is right
(``judge_replay``).

Words and answer are as alike as ``same_answers`` asks, and no other answer is clearly more alike: answers of one desk share
many words, so that likeness alone would let the neighbour pass. And they must not give different values for one thing: an
entry that aged ("24 hours" instead of "60 minutes") is nearly word for word what it should be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from assets.build_knowledge.drafts.answer_groups import flat
from assets.build_knowledge.entry_history import MAX_ANSWER_CHARS
from assets.build_knowledge.findings.claims import claims_in, opposed_claims
from assets.build_knowledge.findings.fact_finders import facts_in
from assets.build_knowledge.findings.facts import differing_facts
from assets.build_knowledge.retrieval.same_answers import LEAST, answer_likeness

Encode = Callable[[Sequence[str]], np.ndarray]
CLEARLY = 0.1
"""How much more alike another answer must be for the words to be that one's. Set on the sample desk's key: of 48 right
answers in other words 46 find their entry and one another's, for every value from 0.02 to 0.1."""


class SameWords:
    """Compares every text of ``words`` with every text of ``answers``; texts given to ``says`` must be among them.

    Args:
        answers: what is said on either side, so that both are measured by one rule.
        words: what people said would be right, or what was said and judged right.
    """

    def __init__(self, answers: Iterable[str], words: Iterable[str], encode: Encode) -> None:
        self._answers = {text: place for place, text in enumerate(dict.fromkeys(answers))}
        self._words = {text: place for place, text in enumerate(dict.fromkeys(words))}
        vectors = [
            np.asarray(encode([flat(one)[:MAX_ANSWER_CHARS] for one in texts]), dtype=np.float32)
            if texts
            else np.zeros((0, 1), dtype=np.float32)
            for texts in (self._words, self._answers)
        ]
        self._likeness = answer_likeness([*self._words], vectors[0], [*self._answers], vectors[1])

    def says(self, answer: str, words: str) -> bool:
        """Whether ``answer`` says what ``words`` say."""
        if " ".join(answer.split()) == " ".join(words.split()):
            return True
        row = self._likeness[self._words[words]]
        mine = float(row[self._answers[answer]])
        return mine >= LEAST and mine >= float(row.max()) - CLEARLY and not disagree(answer, words)


def disagree(one: str, other: str) -> bool:
    """Whether two texts give different values for one thing, or say yes and no to one thing."""
    if differing_facts(facts_in(one), facts_in(other)) is not None:
        return True
    return opposed_claims(claims_in(one), claims_in(other)) is not None
