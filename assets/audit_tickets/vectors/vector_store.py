"""Vectors by (text hash, encoder revision): only new text is encoded, and nothing is encoded twice.

Belongs here: finding what has no vector, encoding it in pieces that survive a kill, reading vectors in a given order.
Does not belong here: text (the store holds hashes only), the encoder (``encoder.py``), the table (``vector_table.py``).

Vectors are derived: a damaged or unwanted table may be deleted and is rebuilt by encoding again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from assets.audit_tickets.vectors.vector_table import PruneReport, VectorStoreError, VectorTable, quotable

if TYPE_CHECKING:
    from assets.audit_tickets.vectors.encoder import Encoder

Progress = Callable[[int, int], None]

# Up to this many vectors, a filter on their hashes beats reading the whole revision.
_FEW = 200


class MissingVectorsError(LookupError):
    """Vectors were asked for that nobody has encoded."""


@dataclass(frozen=True)
class EncodingReport:
    """What one call of :meth:`VectorStore.upsert_missing` did. Counts are distinct texts."""

    encoded: int
    reused: int
    seconds: float
    texts_per_second: float


class VectorStore:
    """Vectors in a LanceDB table under ``uri`` (a folder, or an object-storage address).

    Nothing is created before the first write. Several processes may read and write at once.
    """

    def __init__(self, uri: str | Path, table: str = "ticket_vectors") -> None:
        self._table = VectorTable(uri, table)

    def upsert_missing(
        self, texts: pd.DataFrame, encoder: Encoder, on_progress: Progress | None = None, chunk_size: int = 1024
    ) -> EncodingReport:
        """Encode and store the vectors of those ``texts`` [text_hash, text] that have none in the encoder's revision.

        Every chunk is written as soon as it is encoded: a killed run loses at most ``chunk_size`` texts of work.
        Texts are chunked by length, which keeps padding small, and the chunks are taken in a fixed shuffled order, so
        that the time left can be judged from the share done. ``on_progress`` gets (texts done, texts to encode).

        Raises:
            ValueError: ``texts`` lacks a column or a value, or gives one hash two texts.
            VectorStoreError: the table has other dimensions, is damaged, or the encoder returned no unit vectors.
        """
        started = time.perf_counter()
        texts = _distinct_texts(texts)
        self._refuse_other_dimensions(encoder)
        missing = texts[~texts["text_hash"].isin(self.known_hashes(encoder.revision))]
        missing = missing.iloc[np.lexsort((missing["text_hash"], missing["text"].map(len)))]
        starts = range(0, len(missing), chunk_size)
        encoded = done = 0
        for number in np.random.default_rng(0).permutation(len(starts)):
            chunk = missing.iloc[starts[number] : starts[number] + chunk_size]
            # Another process may have come by while we were at an earlier chunk.
            todo = chunk[~chunk["text_hash"].isin(self.known_hashes(encoder.revision))]
            done += len(chunk) - len(todo)
            if len(todo):
                vectors = encoder.encode(todo["text"].tolist(), _shifted(on_progress, done, len(missing)))
                _refuse_unfit(vectors, len(todo), encoder)
                self._table.insert_new(todo["text_hash"].tolist(), encoder.revision, vectors)
                encoded, done = encoded + len(todo), done + len(todo)
            if on_progress is not None:
                on_progress(done, len(missing))
        if len(starts) > 1:
            self._table.compact()
        seconds = time.perf_counter() - started
        return EncodingReport(encoded, len(texts) - encoded, seconds, encoded / seconds if encoded else 0.0)

    def known_hashes(self, revision: str) -> set[str]:
        """Text hashes that have a vector in ``revision``."""
        rows = self._table.read(["text_hash"], f"encoder_revision = '{quotable(revision)}'")
        return set() if rows is None else set(rows.column("text_hash").to_pylist())

    def stored_hashes(self) -> list[str]:
        """The text hash of every vector there is, over all revisions: a hash stored twice is listed twice."""
        rows = self._table.read(["text_hash"])
        return [] if rows is None else sorted(rows.column("text_hash").to_pylist())

    def count_vectors(self) -> dict[str, int]:
        """Number of vectors per encoder revision."""
        rows = self._table.read(["encoder_revision"])
        if rows is None:
            return {}
        return {row["values"]: row["counts"] for row in rows.column("encoder_revision").value_counts().to_pylist()}

    def load_vectors(self, text_hashes: Sequence[str] | pd.Series, revision: str) -> np.ndarray:
        """Vectors of ``text_hashes`` in ``revision``, in their order (repeats allowed): float32 [n, dimensions].

        Raises:
            MissingVectorsError: some have no vector in that revision.
            VectorStoreError: the table is damaged.
        """
        wanted = pd.Index(text_hashes)
        where = f"encoder_revision = '{quotable(revision)}'"
        if 0 < len(wanted) <= _FEW:
            where += " and text_hash in (" + ", ".join(f"'{quotable(one)}'" for one in wanted.unique()) + ")"
        rows = self._table.read(["text_hash", "vector"], where)
        if rows is None:
            if len(wanted) == 0:
                return np.zeros((0, 0), dtype=np.float32)
            raise MissingVectorsError(f"There is no vector table {self._table.place} yet: encode first.")
        stored = pd.Index(rows.column("text_hash").to_pylist())
        matrix = _matrix(rows.column("vector"))
        if not stored.is_unique:
            first = ~stored.duplicated()
            stored, matrix = stored[first], matrix[first]
        positions = stored.get_indexer(wanted)
        if (positions < 0).any():
            absent = wanted[positions < 0].unique()
            raise MissingVectorsError(
                f"{len(absent)} of {wanted.nunique()} texts have no vector in encoder revision {revision} "
                f"(first: {absent[0]}). Encode them first."
            )
        return matrix[positions]

    def prune(self, keep_hashes: Collection[str], keep_revisions: Collection[str] | None = None) -> PruneReport:
        """Erase, from disk too, all vectors but those of ``keep_hashes`` (and ``keep_revisions``, where given).

        Raises:
            VectorStoreError: a LanceDB tag protects an older version, or the table is damaged.
        """
        return self._table.prune(keep_hashes, keep_revisions)

    def _refuse_other_dimensions(self, encoder: Encoder) -> None:
        stored = self._table.dimensions()
        if stored is not None and stored != encoder.dimensions:
            raise VectorStoreError(
                f"{self._table.place} holds vectors of {stored} dimensions, the encoder {encoder.name} makes "
                f"{encoder.dimensions}. Go back to the former encoder, or delete that folder: vectors are derived and "
                "will be encoded anew."
            )


def _distinct_texts(texts: pd.DataFrame) -> pd.DataFrame:
    absent = {"text_hash", "text"} - set(texts.columns)
    if absent:
        raise ValueError(f"texts lack the columns {sorted(absent)}.")
    texts = texts[["text_hash", "text"]].drop_duplicates()
    if texts.isna().to_numpy().any():
        raise ValueError("texts hold a row without hash or without text.")
    twice = texts["text_hash"][texts["text_hash"].duplicated()]
    if len(twice):
        raise ValueError(f"The hash {twice.iloc[0]} stands for two different texts.")
    return texts


def _refuse_unfit(vectors: np.ndarray, count_texts: int, encoder: Encoder) -> None:
    expected = (count_texts, encoder.dimensions)
    if vectors.shape != expected:
        raise VectorStoreError(f"The encoder {encoder.name} returned an array of {vectors.shape}, not {expected}.")
    lengths = np.linalg.norm(vectors, axis=1)
    if not ((np.abs(lengths - 1) < 1e-3) | (lengths == 0)).all():
        raise VectorStoreError(f"The encoder {encoder.name} returned vectors that are not finite and of length 1.")


def _matrix(column: pa.ChunkedArray) -> np.ndarray:
    size = column.type.list_size
    parts = [chunk.flatten().to_numpy(zero_copy_only=False).reshape(-1, size) for chunk in column.chunks]
    return np.concatenate(parts) if parts else np.zeros((0, size), dtype=np.float32)


def _shifted(on_progress: Progress | None, offset: int, total: int) -> Progress | None:
    if on_progress is None:
        return None
    return lambda done, _: on_progress(offset + done, total)
