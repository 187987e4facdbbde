"""How often a token may ask, and how often an address may show one that opens nothing.

Belongs here: counting in the memory of the one server. Does not belong here: failed sign-ins, which outlive a restart
(``identity.attempts``).
"""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from service.identity.attempts import network_of

BAD_TOKENS_PER_MINUTE = 30
MOST_STRANGERS = 20_000
"""Addresses that are remembered; with more, all are forgiven: the storage itself never lets go of one."""


class Rates:
    """Requests in the last minute, by token and by address."""

    def __init__(self, requests_per_minute: int) -> None:
        self._of_tokens = MovingWindowRateLimiter(MemoryStorage())
        self._strangers = MemoryStorage()
        self._of_strangers = MovingWindowRateLimiter(self._strangers)
        self._requests = RateLimitItemPerMinute(requests_per_minute)
        self._bad_tokens = RateLimitItemPerMinute(BAD_TOKENS_PER_MINUTE)

    def wait_of_token(self, token_id: str) -> int:
        """Count a request; 0 when it may go on, else the seconds to wait."""
        return _wait(self._of_tokens, self._requests, token_id)

    def wait_of_stranger(self, address: str) -> int:
        """Count a token that opens nothing; 0, or the seconds after which the next is answered as usual."""
        if len(self._strangers.events) >= MOST_STRANGERS:
            self._strangers.reset()
        return _wait(self._of_strangers, self._bad_tokens, network_of(address))


def _wait(limiter: MovingWindowRateLimiter, item: RateLimitItem, key: str) -> int:
    if limiter.hit(item, key):
        return 0
    left = limiter.get_window_stats(item, key).reset_time - time.time()
    return max(1, math.ceil(left))
