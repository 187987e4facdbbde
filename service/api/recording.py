"""Writing what the API acknowledges: one thread, one key one event, and nothing said before it is durable.

Belongs here: recording a decision in the mode of that moment, and finding the one a key already made. Does not belong here:
HTTP (``decisions``), the events (``ledger.live``).

One thread suffices: deciding takes some 45 ms, an append 1.5. It takes requests in turn, so that they never wait on each
other's lock, and the mode is asked for right before the append, so that a stop counts for whatever is not recorded yet.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger import chain
from ledger.errors import IdempotencyConflictError, InvalidEventError
from ledger.live import LiveDecision, as_recorded, decision_event, read_decision
from service.api.sending import Sending

if TYPE_CHECKING:
    from assets.configure_behavior.decisions.decision import Decision
    from ledger.store import Ledger

CLIENT = "api client"
"""As what a program acts."""
TOO_LONG = "The conversation is too long to be recorded; send fewer or shorter earlier turns."


class OtherRequest(Exception):
    """A key came back with another request; ``str()`` is for the client."""

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for another request. Use a new key for a new request.")


class WordsErased(Exception):
    """The words of a decision were erased on request; ``str()`` is for the client."""

    def __init__(self) -> None:
        super().__init__("This was decided, and its words were erased since; what was said cannot be repeated.")


@dataclass(frozen=True)
class Recorded:
    """A decision as it stands in the ledger. ``is_replay``: it stood there before; if it was to be sent and may not any more,
    ``words`` say so.
    """

    decision_id: str
    decided_at: dt.datetime
    words: dict[str, Any]
    is_replay: bool


def decision_id_of(token_id: str, key: str) -> str:
    """The id that a client's key stands for; 32 hex digits."""
    return hashlib.sha256(f"understudy.decision\x1f{token_id}\x1f{key}".encode()).hexdigest()[:32]


def event_key(token_id: str, path: str, key: str) -> str | None:
    """The ledger's key of what a client sends to a path under a key of its own: keys of two clients, or paths, are two."""
    return None if not key else f"{token_id}\x1f{path}\x1f{key}"


class DecisionRecord:
    """Records decisions. Every method blocks: call them on the writer's thread."""

    def __init__(self, ledger: Ledger, sending: Sending, clock: Callable[[], dt.datetime]) -> None:
        self._ledger, self._sending, self._clock = ledger, sending, clock

    def earlier(self, decision_id: str, request: Mapping[str, Any]) -> Recorded | None:
        """What a key made before; None where it is new.

        Raises:
            OtherRequest: it was another request. WordsErased: what it said is gone.
        """
        found = read_decision(self._ledger, decision_id)
        return None if found is None else self._again(found, request)

    def record(
        self, decision_id: str, request: Mapping[str, Any], decision: Decision, by: str, *, has_key: bool
    ) -> Recorded:
        """Record a decision; durable when this returns.

        Raises:
            InvalidEventError: too long to be recorded. OtherRequest, WordsErased: another server was first with the key.
            LedgerError: the ledger cannot be written at this moment.
        """
        decided = decision.to_dict()
        mode, sends, why = self._sending.mode(decided, request["requester_id"], request["conversation"])
        decided = _with_reason(decided, why)
        now = self._clock()
        event = decision_event(
            decision_id,
            request=request,
            decision=decided,
            mode=mode,
            sends=sends,
            by=by,
            role=CLIENT,
            occurred_at=now,
            idempotency_key=f"decision:{decision_id}" if has_key else None,
        )
        try:
            words = as_recorded(event)
        except InvalidEventError:
            raise InvalidEventError(TOO_LONG) from None
        try:
            written = self._ledger.append(event)
        except IdempotencyConflictError:
            found = read_decision(self._ledger, decision_id)
            if found is None:
                raise
            return self._again(found, request)
        return Recorded(decision_id, written.occurred_at, words, is_replay=False)

    def _again(self, found: LiveDecision, request: Mapping[str, Any]) -> Recorded:
        words = found.words
        if words is None:
            raise WordsErased
        if chain.canonical_json(words["request"]) != chain.canonical_json(dict(request)):
            raise OtherRequest
        if words["sends"]:
            # Asked again because no answer arrived: what was stopped meanwhile must not go out by the second one.
            mode, sends, why = self._sending.mode(words["decision"], request["requester_id"], request["conversation"])
            held = {**words, "decision": _with_reason(words["decision"], why), "mode": mode, "sends": False}
            words = words if sends else held
        return Recorded(found.decision_id, found.event.occurred_at, words, is_replay=True)


def _with_reason(decided: dict[str, Any], why: str | None) -> dict[str, Any]:
    """What was decided, with the reason why it waits for a person, where there is one."""
    from assets.pilot_agent.answers.draft_answers import HELD

    if why is None:
        return decided
    return {
        **decided,
        "reasons": [*decided["reasons"], {"step": HELD, "sentence": why, "score": None, "threshold": None}],
    }


class OneAtATime:
    """Requests under one key follow each other, so that the second finds what the first made. For one event loop."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def under(self, key: str | None) -> AsyncIterator[None]:
        """Wait for whoever came first under this key; without a key, for nobody."""
        if key is None:
            yield
            return
        lock, users = self._locks.get(key, (asyncio.Lock(), 0))
        self._locks[key] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks.pop(key)
            if users > 1:
                self._locks[key] = (lock, users - 1)
