"""Encoding that remembers: one text is encoded once, here or in the vector store.

Belongs here: looking up before encoding, and forgetting what is no longer asked for. Does not belong here: the encoder,
the store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from assets.audit_tickets.vectors.encoder import Encoder
    from assets.audit_tickets.vectors.vector_store import VectorStore

Progress = Callable[[int, int], None]


class RememberedVectors:
    """A callable texts -> unit vectors, over an encoder; kept in memory, and in a ``store`` where one is given.

    ``given`` are vectors by text that lie elsewhere, such as those of entries: they are neither encoded nor stored.
    """

    def __init__(
        self,
        encoder: Encoder,
        store: VectorStore | None = None,
        on_progress: Progress | None = None,
        given: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        self.encoder = encoder
        self._store = store
        self._on_progress = on_progress
        self._given = dict(given or {})
        self._known: dict[str, np.ndarray] = {}

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of ``texts`` in order, float32 (texts, dimensions); what is new is encoded in one call."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known and text not in self._given]
        if new:
            self._known |= dict(zip(new, self._vectors(new), strict=True))
        if not texts:
            return np.zeros((0, self.encoder.dimensions), dtype=np.float32)
        return np.stack([self._given[text] if text in self._given else self._known[text] for text in texts])

    def forget_others(self) -> int:
        """Erase from the store every vector that was not asked for through this object; returns how many."""
        if self._store is None:
            return 0
        return self._store.prune({text_hash(text) for text in self._known}, {self.encoder.revision}).erased

    def _vectors(self, texts: list[str]) -> np.ndarray:
        if self._store is None:
            return self.encoder.encode(texts, self._on_progress)
        import pandas as pd

        hashes = [text_hash(text) for text in texts]
        frame = pd.DataFrame({"text_hash": hashes, "text": texts})
        self._store.upsert_missing(frame, self.encoder, self._on_progress)
        return self._store.load_vectors(hashes, self.encoder.revision)


def text_hash(text: str) -> str:
    """The name under which a text's vector is stored."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
