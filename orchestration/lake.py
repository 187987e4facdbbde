"""Where the platform's Parquet lies, and atomic reading and writing of it.

Belongs here: the layout under ``UNDERSTUDY_HOME`` and the rename that keeps readers from half-written files.
Does not belong here: what the frames mean (``assets``), Dagster's view of them (``io_managers``).
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

PARTITIONED = ("raw_tickets", "rejected_records")
PRIVATE = ("raw_tickets", "int_comment_texts")
"""Tables that hold personal data: left out of ``understudy query`` unless asked for."""


class NotMaterialised(LookupError):
    """An asset was read before it was ever written."""


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``file`` that takes its place at the end, or vanishes on an error.

    The temporary name never ends in ``.parquet``, so no glob sees it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
    try:
        yield temporary
        with temporary.open("rb") as handle:
            os.fsync(handle.fileno())
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


@dataclass(frozen=True)
class Lake:
    """The folders under one ``UNDERSTUDY_HOME``."""

    home: Path

    @property
    def folder(self) -> Path:
        return self.home / "lake"

    @property
    def marts(self) -> Path:
        return self.folder / "marts"

    @property
    def private(self) -> Path:
        return self.folder / "private"

    @property
    def vectors(self) -> Path:
        return self.home / "vectors"

    @property
    def models(self) -> Path:
        return self.home / "models"

    @property
    def reports(self) -> Path:
        return self.home / "reports"

    @property
    def ledger_file(self) -> Path:
        return self.home / "ledger" / "ledger.sqlite"

    @property
    def manifests(self) -> Path:
        return self.home / "exports"

    def prepare(self) -> None:
        """Make the folders that others expect to exist."""
        for folder in (
            self.marts,
            self.private,
            self.vectors,
            self.models,
            self.reports,
            self.manifests,
            self.home / "dbt",
        ):
            folder.mkdir(parents=True, exist_ok=True)
        for name in PARTITIONED:
            (self.folder / name).mkdir(exist_ok=True)

    def file(self, name: str) -> Path:
        """The Parquet file of an unpartitioned asset, wherever it is published; may not exist yet."""
        for folder in (self.marts, self.private):
            if (folder / f"{name}.parquet").is_file():
                return folder / f"{name}.parquet"
        return self.folder / f"{name}.parquet"

    def partition_file(self, name: str, partition: str) -> Path:
        return self.folder / name / f"{partition}.parquet"

    def read(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Read an unpartitioned asset as a frame (lists come back as Python lists).

        Raises:
            NotMaterialised: it was never written.
        """
        file = self.file(name)
        if not file.is_file():
            raise NotMaterialised(f"'{name}' has not been materialised yet. Run: understudy run")
        return read_parquet(file, columns)

    def modified_at(self, name: str) -> int | None:
        """When an unpartitioned asset was last written, in nanoseconds; None where it never was."""
        try:
            return self.file(name).stat().st_mtime_ns
        except FileNotFoundError:
            return None

    def previous(self, name: str) -> pd.DataFrame | None:
        """What an asset last wrote, or None: for assets that build on their own past."""
        return read_parquet(self.file(name)) if self.file(name).is_file() else None

    def published(self) -> dict[str, str]:
        """Every published table: name to the Parquet path or glob that DuckDB reads."""
        folders = (self.folder, self.marts, self.private)
        tables = {
            file.stem: str(file)
            for folder in folders
            for file in sorted(folder.glob("*.parquet"))
            if not file.name.startswith("tmp_")  # what DuckDB writes before it renames
        }
        for name in PARTITIONED:
            if any((self.folder / name).glob("*.parquet")):
                tables[name] = str(self.folder / name / "*.parquet")
        return dict(sorted(tables.items()))


def read_parquet(file: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """A Parquet file as a frame; list columns come back as Python lists, times as UTC microseconds."""
    import pyarrow.parquet as pq

    table = pq.read_table(file, columns=columns, partitioning=None)
    frame = table.to_pandas()
    for field in table.schema:
        if str(field.type).startswith(("list", "large_list")):
            frame[field.name] = [None if value is None else list(value) for value in frame[field.name]]
    return frame


def write_parquet(frame: pd.DataFrame, file: Path) -> int:
    """Write a frame atomically; returns the size in bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with replacing(file) as temporary:
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), temporary, compression="zstd")
    return file.stat().st_size
