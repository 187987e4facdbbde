"""Reading a request's body without letting it grow.

Belongs here: the bound on size and time, and handing on what was read. Does not belong here: what is in it.
"""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import Message, Receive

SECONDS = 30.0
"""A body that takes longer to arrive than this is given up: whoever sends a byte a minute holds nothing open."""


class BodyTooLarge(Exception):
    """A body says that it is larger than allowed, or turned out to be while it was read."""


class BodyTooSlow(Exception):
    """A body did not arrive in time, or its sender went away."""


async def read_body(headers: Headers, receive: Receive, limit: int, *, seconds: float = SECONDS) -> bytes:
    """The whole body, at most ``limit`` bytes.

    Raises:
        BodyTooLarge: by its own account, or after ``limit`` bytes; the rest is not read. BodyTooSlow: see there.
    """
    said = headers.get("content-length", "")
    if said and (not said.isdecimal() or int(said) > limit):
        raise BodyTooLarge
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise BodyTooSlow
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > limit:
                    raise BodyTooLarge
                if not message.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError:
        raise BodyTooSlow from None


def handing_on(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives a body that was read, and then what comes after it."""
    is_given = False

    async def again() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
