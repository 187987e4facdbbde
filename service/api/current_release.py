"""The release that decides: loaded beside the server's other work, and exchanged when another becomes current.

Belongs here: watching the ledger, loading, refusing what is not what was activated, deciding off the event loop. Does not
belong here: activating (``orchestration.releases``), what a decision is (``assets.configure_behavior.decisions``).

A release that cannot be trusted changes nothing: the one before it goes on deciding, and ``refused`` says why. It is tried
again from time to time, since a folder may be put back.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from ledger.errors import LedgerError
from ledger.events import Event, EventType
from ledger.releases import RELEASE, artefact_differences
from service.waiting import Worker

if TYPE_CHECKING:
    from assets.audit_tickets.vectors.encoder import Encoder
    from assets.configure_behavior.decisions.decision import Decision, Turn
    from assets.configure_behavior.releases.agent_release import AgentRelease
    from assets.configure_behavior.releases.saved_release import SavedRelease
    from ledger.store import Ledger

TRY_AGAIN_SECONDS = 20.0
log = logging.getLogger("understudy.release")


class NothingDecides(Exception):
    """No release is ready to decide; ``str()`` says why, for the client."""


@dataclass(frozen=True)
class Deciding:
    """What decides now. ``since``: when it was made current; ``role``: as what somebody did so."""

    release: AgentRelease
    saved: SavedRelease
    since: dt.datetime
    role: str


class CurrentRelease:
    """The current release of a desk, ready to decide. Safe for threads.

    ``refused`` is a sentence where a newer release was made current and cannot be used, else None.
    """

    def __init__(self, folder: Path, ledger: Ledger, *, waiting_decisions: int = 64, poll_seconds: float = 1.0) -> None:
        """Reads nothing yet: see ``start``."""
        self._folder, self._ledger, self._poll_seconds = folder, ledger, poll_seconds
        self._worker = Worker("deciding", waiting_decisions)
        self._deciding: Deciding | None = None
        self._wanted: Event | None = None
        self._encoder: tuple[object, Encoder] | None = None
        self._ended, self._looked = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self.refused: str | None = None

    @property
    def deciding(self) -> Deciding | None:
        """What decides now, as one consistent piece; None where nothing does."""
        return self._deciding

    @property
    def saved(self) -> SavedRelease | None:
        """What the folder of the deciding release says."""
        return None if self._deciding is None else self._deciding.saved

    @property
    def release_id(self) -> str | None:
        """The release that decides."""
        return None if self._deciding is None else self._deciding.saved.release_id

    @property
    def since(self) -> dt.datetime | None:
        """When the deciding release was made current."""
        return None if self._deciding is None else self._deciding.since

    @property
    def is_loading(self) -> bool:
        """Whether it is not known yet if something can decide."""
        return self._thread is not None and not self._looked.is_set()

    def start(self) -> None:
        """Load on a thread, and look for another release from now on. Again: nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="current-release", daemon=True)
            self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait until it is known whether something can decide; False where the time ran out."""
        return self._looked.wait(seconds)

    async def decide(self, message: str, turns: Sequence[Turn], context: Mapping[str, object]) -> Decision:
        """Decide a message by what is current when its turn comes.

        Raises:
            NothingDecides: no release is ready. TooManyWaiting: too many are asked at once.
        """
        self._required()
        return await self._worker.run(self._decide, message, turns, context)

    def close(self) -> None:
        """Stop watching and deciding."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(timeout=60)
        self._worker.close()

    def _decide(self, message: str, turns: Sequence[Turn], context: Mapping[str, object]) -> Decision:
        from assets.configure_behavior.decisions.decide import decide

        return decide(message, turns, context, self._required().release)

    def _required(self) -> Deciding:
        if self._deciding is not None:
            return self._deciding
        if self.is_loading:
            raise NothingDecides("The release is being loaded. Try again in a few seconds.")
        if self.refused is not None:
            raise NothingDecides(
                "The current release cannot be used, so nothing is decided; the server's log says why."
            )
        raise NothingDecides("No release is current yet, so nothing is decided. Make one current in the console.")

    def _watch(self) -> None:
        seen, tried_at = 0, 0.0
        while not self._ended.is_set():
            try:
                newest = self._newest_after(seen)
                if newest is not None:
                    seen, self._wanted = newest.sequence, newest
                is_due = self.refused is not None and time.monotonic() - tried_at >= TRY_AGAIN_SECONDS
                if self._wanted is not None and (newest is not None or is_due):
                    self._take(self._wanted)
                    tried_at = time.monotonic()
                self._looked.set()
            except (LedgerError, SQLAlchemyError) as problem:
                log.warning("the ledger could not be asked which release is current: %s", type(problem).__name__)
            self._ended.wait(self._poll_seconds)

    def _newest_after(self, sequence: int) -> Event | None:
        """The last activation after a place in the ledger: an index lookup that finds nothing, nearly always."""
        types = [EventType.RELEASE_ACTIVATED]
        found = deque(self._ledger.events(event_types=types, subject_kind=RELEASE, after_sequence=sequence), maxlen=1)
        return found[0] if found else None

    def _take(self, activation: Event) -> None:
        """Load what was activated and let it decide; or keep what decides, and say why."""
        from assets.audit_tickets.vectors.encoder import EncoderSettingsError
        from assets.audit_tickets.vectors.encoder_files import EncoderNotFoundError
        from assets.configure_behavior.releases.saved_release import ReleaseError
        from desk.loading import DeskError

        release_id = activation.subject_hash
        try:
            made = self._load(activation)
        except (ReleaseError, DeskError, EncoderNotFoundError, EncoderSettingsError) as problem:
            self._refuse(release_id, str(problem))
        except Exception as problem:  # whatever a damaged folder raises, the release before it goes on
            log.exception("release %s could not be loaded", release_id[:12])
            self._refuse(release_id, f"it cannot be loaded ({type(problem).__name__})")
        else:
            self._deciding, self.refused = made, None
            log.info("release %s decides (%d entries)", release_id[:12], len(made.saved.entries))

    def _refuse(self, release_id: str, why: str) -> None:
        said = f"Release {release_id[:12]} was made current and is not used: {why.rstrip('.')}."
        if said != self.refused:
            goes_on = f"release {self.release_id[:12]} goes on" if self.release_id else "nothing decides"
            log.error("%s Meanwhile %s.", said, goes_on)
        self.refused = said

    def _load(self, activation: Event) -> Deciding:
        """Raises ReleaseError for what is not what was signed and activated."""
        from assets.configure_behavior.releases.recipe import recipe_hash
        from assets.configure_behavior.releases.release_files import load_release
        from assets.configure_behavior.releases.saved_release import ReleaseError, find_release, read_release
        from desk.loading import load_desk

        desk = load_desk(self._folder)
        folder = find_release(desk.home / "releases", activation.subject_hash)
        saved = read_release(folder)
        if not saved.release_id == folder.name == recipe_hash(saved.recipe):
            raise ReleaseError("its recipe does not have its hash: it was changed after it was built")
        words = self._ledger.payload(activation.payload_digest) or {}
        activated = words.get("artefacts")
        if activated is None:  # erased: the signatures know it as well
            roles = desk.settings.signers.get("release", [])
            if problems := artefact_differences(self._ledger, saved.release_id, saved.artefacts_digest, roles):
                raise ReleaseError(problems[0])
        elif activated != saved.artefacts_digest:
            raise ReleaseError("its files are not those that were activated")
        release = load_release(folder, self._encoder_of(desk.settings.encoder))
        # The first decision loads what later ones need; nobody should wait for that, and what breaks here is refused.
        self._worker.insist(_try_out, release).result()
        return Deciding(release, saved, activation.occurred_at, activation.role)

    def _encoder_of(self, choice: object) -> Encoder:
        """Loaded once for all releases: it takes seconds, and changes only with ``desk.yaml``."""
        from assets.audit_tickets.vectors.encoder import load_encoder
        from desk.models import EncoderChoice

        assert isinstance(choice, EncoderChoice)
        if self._encoder is None or self._encoder[0] != choice:
            self._encoder = (choice, load_encoder(choice.name, choice.max_tokens, precision=choice.precision))
        return self._encoder[1]


def _try_out(release: AgentRelease) -> None:
    from assets.configure_behavior.decisions.decide import decide

    decide("How do I change my password?", [], {}, release)
