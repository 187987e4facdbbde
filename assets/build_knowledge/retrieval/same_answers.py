"""Which past tickets were answered by which entry: replies that say what the entry says.

Belongs here: telling which entry a person's reply amounts to. Does not belong here: which tickets may be learnt from
(the caller hands in training tickets only), links in replies (``answered_tickets``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from assets.build_knowledge.conditions import applies, load_conditions
from assets.build_knowledge.retrieval.answered_tickets import COLUMNS, typed

if TYPE_CHECKING:
    import pandas as pd

SAME_ANSWER = "same_answer"
LEAST = 0.5
"""Likeness (mean of word and meaning cosine) from which a reply says what an entry says."""
CONTAINED = 0.6
"""Share of the shorter text's words in the longer one which, alike in meaning, then says the same."""
ALIKE_IN_MEANING = 0.62
AS_GOOD = 0.02
"""Entries this close to the best one share the ticket: nothing tells them apart."""


def answered_by_same_answer(
    answers: pd.DataFrame,
    answer_vectors: np.ndarray,
    entries: pd.DataFrame,
    entry_vectors: np.ndarray,
    contexts: Mapping[str, Mapping[str, object]],
) -> pd.DataFrame:
    """Return answered_tickets [ticket x entry] from what people's replies say.

    Args:
        answers: frame of ``drafts.staff_answers``: ticket_id, category_id, answer, answered_at; training tickets.
        answer_vectors: unit vectors of ``answers['answer']``, (n, d).
        entries: entry_id, category_id, answer, conditions.
        entry_vectors: unit vectors of ``entries['answer']``, (m, d).
        contexts: facts of the customer by ticket_id; an entry that does not hold for a customer did not answer them.

    Returns:
        ``COLUMNS``. Of each ticket the entries of its category that its reply says best, at least ``LEAST`` alike;
        several only where their likeness differs by no more than ``AS_GOOD``. Their weights add up to the likeness.
    """
    import pandas as pd

    likeness = answer_likeness(answers["answer"].tolist(), answer_vectors, entries["answer"].tolist(), entry_vectors)
    conditions = [load_conditions(str(one)) for one in entries["conditions"]]
    categories, names = entries["category_id"].to_numpy(), entries["entry_id"].tolist()
    rows = []
    records = zip(answers["ticket_id"], answers["category_id"], answers["answered_at"], strict=True)
    for place, (ticket_id, category_id, at) in enumerate(records):
        known = contexts.get(ticket_id, {})
        own = [
            one
            for one in np.flatnonzero((categories == category_id) & (likeness[place] >= LEAST))
            if applies(conditions[one], known) is not False
        ]
        if not own:
            continue
        best = max(likeness[place, one] for one in own)
        chosen = [one for one in own if likeness[place, one] >= best - AS_GOOD]
        rows += [(ticket_id, names[one], SAME_ANSWER, float(best) / len(chosen), at) for one in chosen]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return typed(frame).sort_values(["ticket_id", "entry_id"], ignore_index=True)


def answer_likeness(
    answers: Sequence[str], answer_vectors: np.ndarray, entries: Sequence[str], entry_vectors: np.ndarray
) -> np.ndarray:
    """(answers, entries) how alike they are, 0 to 1; vectors are of ``answer_groups.flat`` texts. From ``LEAST`` on an
    answer says what an entry says."""
    import pandas as pd

    from assets.audit_tickets.roadmap.answer_consistency import answer_vectors as words_of
    from assets.build_knowledge.drafts.answer_groups import flat
    from assets.build_knowledge.drafts.sentences import content_stems

    if not answers or not entries:
        return np.zeros((len(answers), len(entries)))
    texts = [flat(one) for one in [*answers, *entries]]
    words = words_of(pd.Series(texts, dtype="str"))
    meaning = np.asarray(answer_vectors @ entry_vectors.T, dtype=np.float64)
    lexical = np.asarray((words[: len(answers)] @ words[len(answers) :].T).todense(), dtype=np.float64)
    likeness = np.clip((lexical + meaning) / 2.0, 0.0, 1.0)
    stems = [set(content_stems(text)) for text in texts]
    for mine, theirs in np.argwhere(meaning >= ALIKE_IN_MEANING):
        one, other = stems[mine], stems[len(answers) + theirs]
        shared = len(one & other) / max(1, min(len(one), len(other)))
        if shared >= CONTAINED:
            likeness[mine, theirs] = max(likeness[mine, theirs], LEAST + 0.2 * shared * (1 - LEAST))
    return likeness
