"""Who is answered by the agent: drawn by requester, by salted hash, the same on every machine and every day.

Belongs here: the draw and nothing else. Does not belong here: whether it came out even (``realised_share``,
``balance``), which tickets may be answered at all, the kill switch.

A requester's point is SHA-256 over salt and id, read as a number in [0, 1); who lies below the share is in. So the same
requester always gets the same side (sticky), raising the share adds people and moves nobody out, and lowering it lets
go exactly those who would have been added last.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

_SEPARATOR = b"\x1f"


def rollout_points(requester_ids: Iterable[object], salt: str) -> np.ndarray:
    """(n,) numbers in [0, 1), one a requester; NaN where the requester is unknown (null or empty).

    Ids are compared as they are: "Ada" and "ada" are two people, unless the caller makes them one before.

    Raises:
        ValueError: the salt is empty, or an id is not text.
    """
    if not salt:
        raise ValueError("the draw needs a salt: without one every pilot of every desk would draw the same people")
    prefix = salt.encode() + _SEPARATOR
    sha256 = hashlib.sha256
    unknown: list[int] = []
    digests: list[bytes] = []
    nothing = bytes(8)
    for place, requester_id in enumerate(requester_ids):
        if isinstance(requester_id, str) and requester_id:
            digests.append(sha256(prefix + requester_id.encode()).digest()[:8])
        elif _is_unknown(requester_id):
            unknown.append(place)
            digests.append(nothing)
        else:
            raise ValueError(f"requester {requester_id!r} is not text; ids are texts, so that 7 and '7' are one person")
    # 53 bits: what a float holds exactly, so that nobody is rounded up to 1.
    points = (np.frombuffer(b"".join(digests), dtype=">u8").astype(np.uint64) >> np.uint64(11)) / 2.0**53
    points[unknown] = np.nan
    return points


def assign_rollout(requester_ids: Iterable[object], salt: str, share: float) -> np.ndarray:
    """(n,) whether each requester belongs to the rollout; unknown requesters stay with people.

    Args:
        requester_ids: texts, null or empty where nobody knows who asked.
        salt: the pilot's (``PilotFile.assignment_salt``).
        share: of requesters, 0 (stopped) to 1.

    Raises:
        ValueError: the share is not between 0 and 1, the salt is empty, or an id is not text.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share of {share * 100:.6g} % is not possible; give a number between 0 and 1, such as 0.15")
    points = rollout_points(requester_ids, salt)
    with np.errstate(invalid="ignore"):
        return points < share


def _is_unknown(requester_id: object) -> bool:
    # NaN is unequal to itself, and pandas' NA answers no comparison at all: asked by name, without importing pandas.
    if requester_id is None or type(requester_id).__name__ in ("NAType", "NaTType"):
        return True
    return requester_id == "" or (isinstance(requester_id, float) and requester_id != requester_id)
