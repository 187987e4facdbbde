"""Whether a live reply goes out by itself: the pilot decides, as it does for tickets that come with an export.

Belongs here: the mode of one decision, from the plan and the shares in force this moment. Does not belong here: what the
modes mean (``pilot_agent.answers.draft_answers``), the draw (``pilot_agent.assignment``), setting a share (the console).

- ``shadow``: a person approves first. Before the rollout; without a plan, or with one that is not the registered one;
  where a person has answered in the conversation; for categories that are not automated, not in the plan's scope, stopped,
  or without their autonomy.
- ``rollout``: the requester was drawn. Answers and questions go out.
- ``control``: the requester was not drawn, is not known, or the rollout is stopped. Nothing goes out.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from desk.loading import DESK_FILES, PILOT_FILE, DeskError, load_desk, load_pilot, look_of
from desk.pilot import PilotFile, pilot_hash
from ledger.autonomy import HOLDING_EVENTS, category_holds
from ledger.events import EventType
from ledger.pilots import ShareChange, share_at, share_changes
from ledger.sign_offs import sign_off_state

if TYPE_CHECKING:
    from ledger.store import Ledger

log = logging.getLogger("understudy.sending")
_TYPES = (
    EventType.ROLLOUT_SHARE_SET,
    *HOLDING_EVENTS,
    EventType.PILOT_SIGNED_OFF,
    EventType.SIGN_OFF_WITHDRAWN,
)


class Ruling(NamedTuple):
    """How one decision is made. sends: the reply goes out by itself; why: the sentence for people where its category is theirs
    again, else None."""

    mode: str
    sends: bool
    why: str | None = None


@dataclass(frozen=True)
class _Standing:
    """The registered plan with its shares; ``plan`` is None where nothing may be sent under any."""

    plan: PilotFile | None
    shares: tuple[ShareChange, ...] = ()
    stopped: Mapping[str, str] = field(default_factory=dict)
    desk_id: str = ""


class Sending:
    """Says of each decision in which mode it is made. Safe for threads; ask off the event loop.

    What it knows is read again as soon as the ledger holds a newer share, signature or withdrawn autonomy, or a file of the desk has changed, so
    that a stop counts for the very next decision. Asking for that costs one index lookup.
    """

    def __init__(self, folder: Path, ledger: Ledger, clock: Callable[[], dt.datetime]) -> None:
        self._folder, self._ledger, self._clock = folder, ledger, clock
        self._lock = threading.Lock()
        self._seen = 0
        self._files: tuple[tuple[int, int, int] | None, ...] = ()
        self._standing: _Standing | None = None

    def mode(
        self, decision: Mapping[str, Any], requester_id: str | None, conversation: Sequence[Mapping[str, Any]]
    ) -> Ruling:
        """How a decision is made this moment.

        Args:
            decision: ``Decision.to_dict()``.
            requester_id: the e-mail address, else ``<helpdesk>:<id>``; None where nobody knows who asks.
            conversation: earlier turns, each with its ``author``.
        """
        from assets.pilot_agent.answers.draft_answers import mode_of, why_held
        from assets.pilot_agent.answers.frames import ROLLOUT, SENT_ALONE, SHADOW

        standing = self._now()
        plan = standing.plan
        if plan is None:
            return Ruling(SHADOW, False)
        arm = _arm(standing, plan, requester_id, self._clock())
        taken = any(turn["author"] == "agent" for turn in conversation)
        mode = mode_of(decision["bucket"], decision["category_id"], arm, plan.categories.ids, taken, standing.stopped)
        why = why_held(decision["bucket"], decision["category_id"], arm, mode, standing.stopped)
        return Ruling(mode, mode == ROLLOUT and decision["action"] in SENT_ALONE, why)

    def _now(self) -> _Standing:
        with self._lock:
            newest = self._seen
            for event in self._ledger.events(event_types=_TYPES, after_sequence=self._seen):
                newest = event.sequence
            files = tuple(look_of(self._folder / name) for name in (PILOT_FILE, *DESK_FILES))
            if self._standing is None or newest != self._seen or files != self._files:
                self._standing = self._read()
                self._seen, self._files = newest, files
            return self._standing

    def _read(self) -> _Standing:
        from assets.pilot_agent.planning.plan_versions import registered_hash

        try:
            desk = load_desk(self._folder)
            plan = load_pilot(self._folder)
        except DeskError as problem:
            log.error("nothing is sent: %s", problem)
            return _Standing(None)
        if plan is None:
            return _Standing(None)
        shares, digest = tuple(share_changes(self._ledger, plan.pilot_id)), pilot_hash(plan)
        state = sign_off_state(self._ledger, "pilot", digest, desk.settings.signers["pilot"])
        begun = registered_hash(shares)
        if begun is not None and (begun != digest or not state.is_complete):
            log.error("nothing is sent: pilot.yaml is not the signed plan under which the rollout began")
        if not state.is_complete or begun not in (None, digest):
            return _Standing(None)
        return _Standing(plan, shares, category_holds(self._ledger, plan.pilot_id), desk.settings.desk_id)


def _arm(standing: _Standing, plan: PilotFile, requester_id: str | None, now: dt.datetime) -> str | None:
    """The arm of a requester now; None before the rollout."""
    from assets.pilot_agent.assignment.assign_rollout import assign_rollout
    from assets.pilot_agent.live.private_words import pseudonym
    from assets.pilot_agent.verdict.outcomes import AI
    from assets.pilot_agent.verdict.outcomes import CONTROL as CONTROL_ARM

    share = share_at(standing.shares, now)
    if share is None:
        return None
    # A stop holds at once, even one that was written with a clock ahead of ours.
    share = 0.0 if standing.shares[-1].share == 0 else share
    is_drawn = assign_rollout([pseudonym(standing.desk_id, requester_id)], plan.assignment_salt, share)[0]
    return AI if is_drawn else CONTROL_ARM
