"""Encoders for tests: deterministic, offline, and fast enough to forget."""

import functools
import hashlib
import re
from collections.abc import Callable, Sequence

import numpy as np


class HashingEncoder:
    """Vectors from hashed words and character trigrams: texts that share wording are near each other.

    ``texts_encoded`` lists everything it was ever asked to encode, so that a test can tell what was reused.
    """

    def __init__(self, dimensions: int = 256, name: str = "hashing", seed: int = 0) -> None:
        self.name = name
        self.dimensions = dimensions
        self.seed = seed
        self.revision = f"{name}-{dimensions}-{seed}"
        self.texts_encoded: list[str] = []

    def encode(self, texts: Sequence[str], on_progress: Callable[[int, int], None] | None = None) -> np.ndarray:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            # The empty feature keeps a text without words from becoming a vector of length 0.
            for feature, weight in [("", 0.01), *_features(text)]:
                number = _hash(feature, self.seed)
                vectors[row, number % self.dimensions] += weight if (number >> 32) & 1 else -weight
        self.texts_encoded += texts
        if on_progress is not None:
            on_progress(len(texts), len(texts))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _features(text: str) -> list[tuple[str, float]]:
    words = re.findall(r"\w+", text.casefold())
    trigrams = [padded[at : at + 3] for word in words for padded in [f" {word} "] for at in range(len(padded) - 2)]
    return [(word, 1.0) for word in words] + [(trigram, 0.5) for trigram in trigrams]


@functools.lru_cache(maxsize=200_000)
def _hash(feature: str, seed: int) -> int:
    return int.from_bytes(
        hashlib.blake2b(feature.encode(), digest_size=8, salt=seed.to_bytes(8, "big")).digest(), "big"
    )
