"""Blocking work off the event loop, with a bound on how much of it waits.

Belongs here: the waiting line. Does not belong here: the work.
"""

from __future__ import annotations

import asyncio
import functools
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from service.identity.refusals import TooBusy

P = ParamSpec("P")
T = TypeVar("T")


class Line:
    """A few threads and a waiting line of bounded length. May serve several event loops."""

    def __init__(self, name: str, *, at_once: int, waiting: int) -> None:
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix=name)
        self._room, self._inside, self._lock = at_once + waiting, 0, threading.Lock()

    async def run(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``step`` returns. Raises ``TooBusy`` at once when the line is full."""
        with self._lock:
            if self._inside >= self._room:
                raise TooBusy()
            self._inside += 1
        future: Future[T] = self._pool.submit(functools.partial(step, *args, **kwargs))
        future.add_done_callback(self._leave)
        return await asyncio.wrap_future(future)

    def _leave(self, _: Future[Any]) -> None:
        with self._lock:
            self._inside -= 1
