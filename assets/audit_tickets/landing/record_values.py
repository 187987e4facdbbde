"""Reading single values of a record: ids and times, and naming a value's kind without quoting it.

Belongs here: one value at a time. Does not belong here: which values a record needs (``record_shapes``).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from assets.audit_tickets.landing.records import BadRecord, RejectReason

ID_WORDS = "an id (whole number or short text)"
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
MAX_ID_CHARS = 128
_MAX_INT64 = 2**63 - 1
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?)?\s*(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?", re.ASCII
)


def is_whole_number(value: Any) -> bool:
    """Whether a value is an integer; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_id(value: Any) -> bool:
    """Whether a value can be an id: a 64-bit whole number or a short printable text."""
    if isinstance(value, str):
        return 0 < len(value.strip()) <= MAX_ID_CHARS and value.isprintable()
    return is_whole_number(value) and abs(value) <= _MAX_INT64


def read_id(value: Any, name: str, missing: RejectReason = RejectReason.MISSING_ID) -> str:
    """An id as text.

    Raises:
        BadRecord: absent, empty, or not a scalar.
    """
    if value is None or value == "":
        raise BadRecord(missing, f"{name} is missing")
    if not is_id(value):
        raise BadRecord(RejectReason.WRONG_TYPE, f"{name}: expected {ID_WORDS}, found {describe(value)}")
    return str(value).strip()


def read_time(value: Any, name: str) -> tuple[datetime, str]:
    """A time in UTC and its canonical text. Times without a zone are UTC.

    Raises:
        BadRecord: not text, not a time, or outside 1990 to 2100.
    """
    if not isinstance(value, str):
        raise BadRecord(RejectReason.WRONG_TYPE, f"{name}: expected an ISO-8601 time, found {describe(value)}")
    if len(value) == 20 and value[19] == "Z" and value[10] == "T" and value[4] == "-" and value[13] == ":":
        try:
            time = datetime.fromisoformat(value)
        except ValueError:
            raise _impossible(name) from None
        if EARLIEST <= time < LATEST:
            return time, value
        raise _impossible(name)
    match = _TIME.fullmatch(value.strip())
    if match is None:
        raise _impossible(name)
    day, clock, fraction, zone = match.groups()
    try:
        time = datetime.fromisoformat(f"{day}T{clock or '00:00'}")
        time = time.replace(microsecond=int((fraction or "0").ljust(6, "0")[:6]), tzinfo=_zone(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _impossible(name) from None
    return canonical_time(time, name)


def read_epoch(value: Any, name: str) -> tuple[datetime, int | float]:
    """A time given in seconds since 1970, as UTC time and number; digits in quotes and ISO-8601 are understood.

    Raises:
        BadRecord: neither, or outside 1990 to 2100 (milliseconds land there).
    """
    if isinstance(value, str):
        if not re.fullmatch(r"\d{1,12}(\.\d{1,6})?", value, re.ASCII):
            time, _ = read_time(value, name)
            return time, int(time.timestamp())
        value = float(value) if "." in value else int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadRecord(RejectReason.WRONG_TYPE, f"{name}: expected seconds since 1970, found {describe(value)}")
    try:
        time = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=value)
    except (OverflowError, ValueError):
        raise _impossible(name) from None
    return canonical_time(time, name)[0], value


def canonical_time(time: datetime, name: str) -> tuple[datetime, str]:
    """The UTC time and its ISO-8601 Z text, with microseconds only where there are any.

    Raises:
        BadRecord: outside 1990 to 2100.
    """
    if not EARLIEST <= time < LATEST:
        raise _impossible(name)
    return time, time.isoformat().replace("+00:00", "Z")


def describe(value: Any) -> str:
    """A value's kind in words, never the value: details must hold no customer text."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int):
        return "a whole number" if abs(value) <= _MAX_INT64 else "a number beyond 64 bits"
    if isinstance(value, float):
        return "a decimal number"
    if isinstance(value, str):
        return "a text" if value.strip() else "an empty text"
    return "a list" if isinstance(value, list) else "an object"


def _impossible(name: str) -> BadRecord:
    return BadRecord(RejectReason.IMPOSSIBLE_DATE, f"{name} is not a possible time between 1990 and 2100")


def _zone(text: str | None) -> timezone:
    if text is None or text in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)
