"""Work off the event loop, by few hands and with a queue that ends.

Belongs here: worker threads with a bounded queue. Does not belong here: what they do (the API decides and records, the
gate reads the account book).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class TooManyWaiting(Exception):
    """The queue is full; ``str()`` is for the client, who should come back in a moment."""


class Worker:
    """Threads that take work from one queue. Safe to call from any thread and event loop; never blocks the caller.

    One thread by default: tokenizers, and the ledger's one writer, cannot do two things at once.
    """

    def __init__(self, name: str, at_most: int, *, threads: int = 1) -> None:
        """``at_most``: pieces of work that may be there at once, those being done among them."""
        self._executor = ThreadPoolExecutor(max_workers=threads, thread_name_prefix=name)
        self._at_most = at_most
        self._lock = threading.Lock()
        self._there = 0

    def submit(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Put work into the queue.

        Raises:
            TooManyWaiting: the queue is full. RuntimeError: the worker was closed.
        """
        with self._lock:
            if self._there >= self._at_most:
                raise TooManyWaiting(
                    f"{self._there} requests are being worked on already, and no more may wait. Try again in a moment."
                )
            self._there += 1
        return self._queue(step, *args, **kwargs)

    def insist(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """``submit`` for the server's own work, which is never refused."""
        with self._lock:
            self._there += 1
        return self._queue(step, *args, **kwargs)

    def _queue(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        try:
            future = self._executor.submit(step, *args, **kwargs)
        except RuntimeError:
            self._left()
            raise
        future.add_done_callback(lambda _: self._left())
        return future

    async def run(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``submit`` and wait for what comes of it. Raises as ``submit`` and as the step."""
        return await asyncio.wrap_future(self.submit(step, *args, **kwargs))

    def close(self) -> None:
        """Finish what was begun, drop what waits."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _left(self) -> None:
        with self._lock:
            self._there -= 1
