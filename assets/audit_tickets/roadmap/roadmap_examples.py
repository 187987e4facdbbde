"""Which tickets stand for a category when people read the roadmap.

Belongs here: choosing a few typical, readable, different tickets and their opening words. Does not belong here:
which tickets may be shown at all (`roadmap` passes only tickets outside the holdout).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

EXAMPLES = 3
MAX_EXAMPLE_CHARS = 420
_NEAREST = 40
_TOO_ALIKE = 0.95
_READABLE_CHARS = (40, 1_200)


def opening_texts(redacted_comments: pd.DataFrame) -> pd.DataFrame:
    """Frame indexed by ticket_id: subject and text (redacted) of each ticket's first public requester message."""
    mine = redacted_comments[
        (redacted_comments["author_role"] == "requester") & redacted_comments["is_public"].fillna(False).astype(bool)
    ]
    first = mine.sort_values(["ticket_id", "position"], kind="stable").drop_duplicates("ticket_id")
    texts = first.set_index("ticket_id")[["subject", "text"]].fillna("").astype("str")
    return texts.apply(lambda column: column.str.strip())


def choose_examples(
    ticket_ids: Sequence[str],
    texts: pd.DataFrame,
    vectors: pd.DataFrame | None,
    preferred: Sequence[str] = (),
) -> list[str]:
    """Up to `EXAMPLES` tickets: preferred ones first, then the most typical that differ from those chosen.

    Args:
        ticket_ids: tickets that may be shown.
        texts: from `opening_texts`.
        vectors: frame with ticket_id and vector (unit length), or None.
        preferred: tickets to take before others, where they may be shown.

    Typical is near the mean vector of the category; without vectors, of middling length. Ties fall by ticket_id, so
    that the same input gives the same examples.
    """
    allowed = [t for t in dict.fromkeys(ticket_ids) if t in texts.index]
    lengths = texts.loc[allowed, "text"].str.len() + texts.loc[allowed, "subject"].str.len()
    readable = lengths[(lengths >= _READABLE_CHARS[0]) & (lengths <= _READABLE_CHARS[1])]
    pool = sorted(readable.index if len(readable) else allowed)
    chosen = [t for t in preferred if t in set(allowed)][:EXAMPLES]
    shown = {texts.loc[t, "text"] for t in chosen}
    ranked, matrix = _by_typicality(pool, lengths, vectors)
    alike: list[str] = []
    for ticket_id in ranked:
        if len(chosen) >= EXAMPLES:
            break
        if ticket_id in chosen or texts.loc[ticket_id, "text"] in shown:
            continue
        mine = matrix.get(ticket_id)
        near = [matrix[other] for other in chosen if other in matrix]
        if mine is not None and near and max(float(mine @ other) for other in near) > _TOO_ALIKE:
            alike.append(ticket_id)
            continue
        chosen.append(ticket_id)
        shown.add(texts.loc[ticket_id, "text"])
    return (chosen + alike)[:EXAMPLES]


def _by_typicality(
    pool: list[str], lengths: pd.Series, vectors: pd.DataFrame | None
) -> tuple[list[str], dict[str, np.ndarray]]:
    known = vectors[vectors["ticket_id"].isin(pool)] if vectors is not None else None
    if known is None or known.empty:
        middle = float(lengths.loc[pool].median()) if pool else 0.0
        return sorted(pool, key=lambda t: (abs(float(lengths[t]) - middle), t)), {}
    matrix = dict(zip(known["ticket_id"], np.stack(known["vector"].to_list()).astype(np.float32), strict=True))
    mean = np.mean(list(matrix.values()), axis=0)
    ranked = sorted(matrix, key=lambda t: (-float(matrix[t] @ mean), t))[:_NEAREST]
    rest = sorted(set(pool) - set(matrix))
    return ranked + rest, matrix


def shorten(text: str, limit: int = MAX_EXAMPLE_CHARS) -> str:
    """One paragraph of at most `limit` characters, cut between words."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[:limit].rsplit(" ", 1)[0] + " …"
