"""What assets are handed: the desk, the lake beneath it, the ledger, the encoder, and a way to show progress."""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
import pandas as pd

from desk.behavior import BehaviorFile
from desk.loading import BEHAVIOR_FILE, Desk, load_desk, load_pilot, read_behavior
from desk.pilot import PilotFile
from orchestration.data_time import data_time
from orchestration.lake import Lake

if TYPE_CHECKING:
    import numpy as np

    from assets.audit_tickets.vectors.encoder import Encoder
    from assets.audit_tickets.vectors.remembered_vectors import RememberedVectors
    from ledger.sign_offs import SignOffState
    from ledger.store import Ledger

ProgressListener = Callable[[str, int, int], None]

DEFAULT_DESK = Path(__file__).parent.parent / "examples" / "brindlebase"

_listener: ProgressListener | None = None


def default_desk_folder() -> str:
    """``UNDERSTUDY_DESK``, else the sample desk that ships with the project."""
    return os.environ.get("UNDERSTUDY_DESK") or str(DEFAULT_DESK)


def given_as_of() -> pd.Timestamp | None:
    """``UNDERSTUDY_AS_OF`` as a moment in UTC, None where it is not set. Raises ValueError for what is no moment."""
    given = os.environ.get("UNDERSTUDY_AS_OF")
    if not given:
        return None
    try:
        stamp = pd.Timestamp(given)
    except ValueError as error:
        raise ValueError(f"'{given[:40]}' is no moment; write one such as 2026-06-01") from error
    return stamp.tz_localize("UTC") if stamp.tz is None else stamp.tz_convert("UTC")


def listen_to_progress(listener: ProgressListener | None) -> None:
    """Route progress of this process to ``listener(label, done, total)`` instead of the log; None undoes it."""
    global _listener
    _listener = listener


class DeskResource(dg.ConfigurableResource):
    """One desk and its home. The files are read anew at every access, so an edit needs no restart."""

    folder: str

    @property
    def desk(self) -> Desk:
        """The desk as its files say now.

        Raises:
            DeskError: a file is wrong; says file, line and fix.
        """
        return load_desk(self.folder)

    @property
    def categories_text(self) -> str:
        """The text of ``categories.yaml`` as people wrote it; empty when there is none."""
        file = Path(self.folder) / "categories.yaml"
        return file.read_text(encoding="utf-8") if file.is_file() else ""

    @property
    def behavior(self) -> BehaviorFile:
        """The behavior spec as its file says now.

        Raises:
            DeskError: the file is wrong, or there is none.
        """
        return read_behavior(Path(self.folder).expanduser().absolute() / BEHAVIOR_FILE)

    @property
    def pilot(self) -> PilotFile | None:
        """The pilot's plan as its file says now; None where there is none.

        Raises:
            DeskError: the file is wrong.
        """
        return load_pilot(self.folder)

    @property
    def lake(self) -> Lake:
        """The lake under the desk's home, its folders made."""
        home = Path(os.environ.get("UNDERSTUDY_HOME") or Path(self.folder) / ".understudy").absolute()
        lake = Lake(home)
        lake.prepare()
        return lake

    @property
    def ledger(self) -> "Ledger":
        """The append-only record of decisions: PostgreSQL when the desk names one, else SQLite in the home."""
        from ledger.store import open_ledger

        return open_ledger(self.desk.postgres_url or self.lake.ledger_file)

    def signatures(self, kind: str, content_hash: str) -> "SignOffState":
        """Who has signed one exact content (a roadmap's, a spec's, a release's), and which required roles are missing."""
        from ledger.sign_offs import sign_off_state

        roles = self.desk.settings.signers.get(kind, [])  # type: ignore[call-overload]
        with self.ledger as ledger:
            return sign_off_state(ledger, kind, content_hash, roles)

    def as_of(self, fct_tickets: pd.DataFrame) -> pd.Timestamp:
        """The clock of a run: ``UNDERSTUDY_AS_OF`` when set, else the time of the data (``data_time``).

        Raises:
            ValueError: there is no record to read a time from.
        """
        given = given_as_of()
        if given is not None:
            return given
        newest = data_time(fct_tickets)
        if pd.isna(newest):
            raise ValueError(
                "no ticket has a time, so 'the last 90 days' means nothing; land an export or give --as-of"
            )
        return newest


class EncoderResource(dg.ConfigurableResource):
    """The sentence encoder the desk names; loaded on first use, since that costs seconds."""

    desk: dg.ResourceDependency[DeskResource]

    def load(self) -> "Encoder":
        """Load the encoder named in ``desk.yaml``."""
        from assets.audit_tickets.vectors.encoder import load_encoder

        choice = self.desk.desk.settings.encoder
        return load_encoder(choice.name, choice.max_tokens, precision=choice.precision)

    def remembering(
        self,
        table: str,
        on_progress: Callable[[int, int], None] | None = None,
        given: "Mapping[str, np.ndarray] | None" = None,
    ) -> "RememberedVectors":
        """The encoder as a callable that keeps vectors in a table of the desk, and takes ``given`` ones as they are."""
        from assets.audit_tickets.vectors.remembered_vectors import RememberedVectors
        from assets.audit_tickets.vectors.vector_store import VectorStore

        return RememberedVectors(self.load(), VectorStore(self.desk.lake.vectors, table), on_progress, given)

    def knowing(self, texts: pd.DataFrame) -> "RememberedVectors":
        """The encoder as a callable that knows the vectors of ``ticket_vectors`` rows and encodes what is new in memory."""
        from assets.audit_tickets.vectors.remembered_vectors import RememberedVectors

        return RememberedVectors(self.load(), given=self.vectors_of(texts))

    def vectors_of(self, texts: pd.DataFrame) -> "dict[str, np.ndarray]":
        """The vectors of ``ticket_vectors`` rows, by text."""
        from assets.audit_tickets.vectors.vector_store import VectorStore

        if texts.empty:
            return {}
        mine = texts.drop_duplicates("text_hash")
        vectors = VectorStore(self.desk.lake.vectors).load_vectors(mine["text_hash"], self.load().revision)
        return dict(zip(mine["text"], vectors, strict=True))


class ProgressResource(dg.ConfigurableResource):
    """Progress with time left: bars where a person watches the terminal, a log line every few seconds elsewhere."""

    seconds_between_lines: float = 10.0

    def __call__(self, label: str, log: dg.DagsterLogManager) -> Callable[[int, int], None]:
        """A callback ``(done, total)`` for one piece of work called ``label``."""
        started = last = time.monotonic()

        def on_progress(done: int, total: int) -> None:
            nonlocal last
            if _listener is not None:
                _listener(label, done, total)
                return
            now = time.monotonic()
            if now - last >= self.seconds_between_lines and 0 < done < total:
                last = now
                left = (now - started) / done * (total - done)
                log.info(f"{label}: {done:,} of {total:,} ({done / total:.0%}), about {left:,.0f} s left")

        return on_progress
