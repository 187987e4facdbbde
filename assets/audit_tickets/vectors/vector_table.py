"""One LanceDB table of vectors on disk: reading, writing, compacting, and erasing for good.

Belongs here: what LanceDB needs to be safe (locks, retries, erasure) and its errors in words a person can act on.
Does not belong here: which texts to encode and in what order (``vectors.py``).
"""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

KEY = ["text_hash", "encoder_revision"]
_SAFE_KEY = re.compile(r"[0-9A-Za-z_.:-]{1,200}")


class VectorStoreError(RuntimeError):
    """The vector table cannot be used as it is; the message says why and what to do."""


@dataclass(frozen=True)
class PruneReport:
    """Vectors (over all revisions) that stayed and that were erased."""

    kept: int
    erased: int


class VectorTable:
    """Table ``name`` with rows [text_hash, encoder_revision, vector] in folder (or object-storage address) ``uri``.

    Several processes may use one table. Writes and erasure take turns through a lock file beside it; on object
    storage there is no lock, so let nothing else use the table during :meth:`prune`.
    """

    def __init__(self, uri: str | Path, name: str) -> None:
        self.uri = str(uri)
        self.name = name

    @property
    def place(self) -> str:
        """The table's own folder, for messages."""
        return f"{self.uri.rstrip('/')}/{self.name}.lance"

    def dimensions(self) -> int | None:
        """Length of the stored vectors, or None while there is no table."""
        table = self._open()
        return None if table is None else int(table.schema.field("vector").type.list_size)

    def read(self, columns: list[str], where: str | None = None) -> pa.Table | None:
        """Rows of the newest version (in no particular order), or None while there is no table."""
        try:
            return self._read_once(columns, where)
        except VectorStoreError:
            # An erasure may have removed the version that was being read; a damaged table fails again.
            return self._read_once(columns, where)

    def insert_new(self, text_hashes: list[str], revision: str, vectors: np.ndarray) -> None:
        """Add the rows whose key is not there yet; ``vectors`` is float32 [len(text_hashes), dimensions]."""
        size = vectors.shape[1]
        schema = pa.schema(
            [
                pa.field("text_hash", pa.string()),
                pa.field("encoder_revision", pa.string()),
                pa.field("vector", pa.list_(pa.float32(), size)),
            ]
        )
        flat = pa.array(np.ascontiguousarray(vectors, dtype=np.float32).ravel())
        columns = [
            pa.array([quotable(one) for one in text_hashes], pa.string()),
            pa.array([quotable(revision)] * len(text_hashes), pa.string()),
            pa.FixedSizeListArray.from_arrays(flat, size),
        ]
        with self._exclusive(), self._explained():
            table = self._connect().create_table(self.name, schema=schema, exist_ok=True)
            rows = pa.Table.from_arrays(columns, schema=schema)
            table.merge_insert(KEY).when_not_matched_insert_all().execute(rows)

    def compact(self) -> None:
        """Merge the small files of many writes into few. Older versions stay an hour for those still reading them."""
        with self._exclusive():
            table = self._open()
            if table is not None:
                with self._explained():
                    table.optimize(cleanup_older_than=timedelta(hours=1))

    def prune(self, keep_hashes: Collection[str], keep_revisions: Collection[str] | None = None) -> PruneReport:
        """Erase the vectors whose text hash is not in ``keep_hashes``, or whose revision is not in ``keep_revisions``.

        LanceDB's ``delete`` only hides rows. What stays is therefore written anew, as one atomic change, and all older
        versions are removed from disk, also those that an interrupted erasure left behind.

        Raises:
            VectorStoreError: a LanceDB tag protects an older version, so that erasure would be a pretence.
        """
        with self._exclusive():
            table = self._open()
            if table is None:
                return PruneReport(kept=0, erased=0)
            with self._explained():
                tags = sorted(table.tags.list())
                if tags:
                    raise VectorStoreError(
                        f"Nothing was erased: the tags {tags} keep older versions of {self.place}. Delete them first."
                    )
                rows = table.to_arrow()
                stays = _is_in(rows, "text_hash", keep_hashes)
                if keep_revisions is not None:
                    stays &= _is_in(rows, "encoder_revision", keep_revisions)
                kept = int(stays.sum())
                if kept < rows.num_rows:
                    table.add(rows.filter(pa.array(stays)), mode="overwrite")
                with warnings.catch_warnings(action="ignore", category=UserWarning):  # "concurrent readers may fail"
                    table.optimize(cleanup_older_than=timedelta(0), delete_unverified=True)
        return PruneReport(kept=kept, erased=rows.num_rows - kept)

    def _read_once(self, columns: list[str], where: str | None) -> pa.Table | None:
        table = self._open()
        if table is None:
            return None
        with self._explained():
            query = table.search().select(columns).limit(None)
            return (query.where(where) if where else query).to_arrow()

    def _connect(self) -> Any:
        import lancedb

        return lancedb.connect(self.uri)

    def _open(self) -> Any | None:
        """The table, or None while nothing was written yet."""
        if "://" not in self.uri and not Path(self.uri).is_dir():
            return None
        with self._explained():
            try:
                table = self._connect().open_table(self.name)
            except ValueError as error:
                # Also when a first write was killed before its commit: the folder is there, a table is not.
                if "not found" in str(error):
                    return None
                raise
            names = set(table.schema.names)
            if not {*KEY, "vector"} <= names or not pa.types.is_fixed_size_list(table.schema.field("vector").type):
                raise VectorStoreError(
                    f"{self.place} is no vector table of this project: it has columns {sorted(names)}."
                )
            return table

    @contextlib.contextmanager
    def _exclusive(self) -> Iterator[None]:
        if "://" in self.uri:
            yield
            return
        from filelock import FileLock

        Path(self.uri).mkdir(parents=True, exist_ok=True)
        with FileLock(Path(self.uri) / f".{self.name}.lock"):
            yield

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what the storage engine says into where the trouble is and what helps."""
        try:
            yield
        except VectorStoreError:
            raise
        except (RuntimeError, ValueError, OSError, pa.ArrowException) as error:
            said = (str(error).strip().splitlines() or [error.__class__.__name__])[0][:300]
            raise VectorStoreError(
                f"{self.place} cannot be read or written: {said}. If the disk is well and not full, delete that folder "
                "and run again: vectors are derived and will be encoded anew."
            ) from error


def quotable(value: str) -> str:
    """``value`` if it may stand between quotes in a filter.

    Raises:
        ValueError: it holds anything but letters, digits and ``_ . : -``.
    """
    if not _SAFE_KEY.fullmatch(str(value)):
        raise ValueError(f"{value!r} is no hash or revision: letters, digits and _ . : - only.")
    return str(value)


def _is_in(rows: pa.Table, column: str, values: Collection[str]) -> np.ndarray:
    return pd.Index(rows.column(column).to_pylist()).isin(list(values))
