"""Words that customers use more while a change lasts than they did before.

Belongs here: comparing the words of two sets of texts. Does not belong here: what follows from them (``diagnose``).

Method: log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008), on the number of texts that hold
a word, so that one long log counts once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from assets.audit_tickets.categories.stop_words import STOP_WORDS

_TOKEN = re.compile(r"[^\W\d_][^\W\d_'’-]*(?:['’-][^\W\d_]+)*|(?<![\w.])v?\d{1,4}(?:\.\d{1,3}){0,3}(?![\w%])")
_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|<[^<>\s]{1,40}>|\[[^\[\]\n]{1,40}\]|\S+@\S+")
PRIOR_SHARE = 0.1
"""Weight of the prior, in parts of the smaller sample."""
SURE = 2.6
"""Standard errors of the log-odds from which a word is told; one in two hundred is told by chance."""
LEAST_TEXTS = 4
LEAST_SHARE = 0.02
MOST_WORDS = 10


def words_of(text: str, parts: int = 1) -> frozenset[str]:
    """Folded content words and version numbers (their first ``parts`` numbers) of a text."""
    found = set()
    for match in _TOKEN.finditer(_NOT_WORDS.sub(" ", text[:4_000])):
        word = match.group().lower().replace("’", "'")
        if word.lstrip("v")[:1].isdigit():
            numbers = word.lstrip("v").split(".")[:parts]
            while len(numbers) > 1 and not numbers[-1].strip("0"):
                numbers.pop()
            if len(numbers) > 1 or len(numbers[0]) > 1:
                found.add(".".join(numbers))
        elif len(word) > 1 and word not in STOP_WORDS:
            found.add(word)
    return frozenset(found)


def telling_words(
    inside: Sequence[Iterable[str]], before: Sequence[Iterable[str]], at_most: int = MOST_WORDS
) -> list[str]:
    """Words more frequent inside than before, the surest first; empty where there is too little of either.

    Args:
        inside, before: words of each text (``words_of``).
    """
    if len(inside) < LEAST_TEXTS or len(before) < LEAST_TEXTS:
        return []
    now = Counter(word for words in inside for word in set(words))
    then = Counter(word for words in before for word in set(words))
    least = max(LEAST_TEXTS, LEAST_SHARE * len(inside))
    weight = PRIOR_SHARE * min(len(inside), len(before))
    everything = len(inside) + len(before)
    ranked = []
    for word, count in now.items():
        if count < least:
            continue
        prior = max(weight * (count + then[word]) / everything, 0.1)
        yes, no = count + prior, len(inside) - count + weight
        yes_then, no_then = then[word] + prior, len(before) - then[word] + weight
        odds = float(np.log(yes / no) - np.log(yes_then / no_then))
        sure = odds / float(np.sqrt(1 / yes + 1 / yes_then))
        if sure >= SURE:
            ranked.append((-sure, word))
    return [word for _, word in sorted(ranked)[:at_most]]
