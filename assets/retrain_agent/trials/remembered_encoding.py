"""Encoding that remembers within one process: trials ask for the same texts over and over.

Belongs here: remembering over any ``encode``. Does not belong here: remembering between runs
(``audit_tickets.vectors.remembered_vectors``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

Encode = Callable[[Sequence[str]], np.ndarray]


def remembering(encode: Encode, given: Mapping[str, np.ndarray] | None = None) -> Encode:
    """``encode``, asked for each text once; ``given`` are vectors by text that are known already."""
    known: dict[str, np.ndarray] = dict(given or {})

    def remembered(texts: Sequence[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, np.asarray(encode(new), dtype=np.float32), strict=True))
        if not len(texts):
            return np.asarray(encode([]), dtype=np.float32)
        return np.stack([known[text] for text in texts])

    return remembered
