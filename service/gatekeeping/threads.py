"""Blocking work of the gate off the event loop, with a bound on how much of it waits.

Belongs here: what the waiting line says when it is full. Does not belong here: the queue (``service.waiting``), the work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from service.identity.refusals import TooBusy
from service.waiting import TooManyWaiting, Worker

P = ParamSpec("P")
T = TypeVar("T")


class Line:
    """A few threads and a waiting line of bounded length. May serve several event loops."""

    def __init__(self, name: str, *, at_once: int, waiting: int) -> None:
        self._worker = Worker(name, at_once + waiting, threads=at_once)

    async def run(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``step`` returns. Raises ``TooBusy`` at once when the line is full."""
        try:
            return await self._worker.run(step, *args, **kwargs)
        except TooManyWaiting:
            raise TooBusy() from None
