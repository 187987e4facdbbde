"""From the bytes of one JSON value to the value, tolerant where nothing is lost and strict where something would be.

Belongs here: decoding one value. Does not belong here: finding values in a file (``json_lines``, ``json_documents``).
"""

from __future__ import annotations

import json
from typing import Any

import orjson

from assets.audit_tickets.landing.records import BadRecord, LandingLimits, RejectReason

_DIGITS_TO_ZERO = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER = b"0" * 19  # from here on a whole number may not fit 64 bits, and orjson rounds it
_DENSITY_CHECKED_FROM = 1 << 20


def decode_json(raw: bytes, limits: LandingLimits) -> Any:
    """Decode one JSON value.

    Tolerated: NaN and Infinity (become null), halves of surrogate pairs (become U+FFFD), whole numbers beyond
    64 bits (kept exactly), repeated keys (the last one counts, as in most readers; re-writing the payload makes
    that true downstream too).

    Raises:
        BadRecord: not UTF-8, not JSON, cut off, too deep or holding too many values.
    """
    if len(raw) > _DENSITY_CHECKED_FROM:
        count = raw.count(b",") + raw.count(b"[") + raw.count(b"{")
        if count > limits.max_record_values:
            raise BadRecord(
                RejectReason.RECORD_TOO_LARGE, f"holds about {count} values, more than {limits.max_record_values}"
            )
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        return _decode_exactly(raw, str(error))
    if isinstance(value, dict | list) and _LONG_NUMBER in raw.translate(_DIGITS_TO_ZERO):
        return _decode_exactly(raw, "")
    return value


def _decode_exactly(raw: bytes, first_error: str) -> Any:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRecord(RejectReason.BAD_ENCODING, f"is not UTF-8 text from its byte {error.start + 1}") from None
    try:
        value = json.loads(text, parse_constant=lambda name: None)
    except RecursionError:
        raise BadRecord(RejectReason.NESTED_TOO_DEEP, "objects and lists are nested too deep to be a record") from None
    except json.JSONDecodeError as error:
        if "Recursion limit" in first_error:
            raise BadRecord(
                RejectReason.NESTED_TOO_DEEP, "objects and lists are nested too deep to be a record"
            ) from None
        at_end = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
        reason = RejectReason.TRUNCATED_JSON if at_end else RejectReason.INVALID_JSON
        what = "ends in the middle of a value" if at_end else f"is not valid JSON at its character {error.pos + 1}"
        raise BadRecord(reason, f"{what}: {error.msg}") from None
    except ValueError:
        raise BadRecord(RejectReason.INVALID_JSON, "holds a number of more than 4,300 digits") from None
    return _mend_surrogates(value) if r"\ud" in text.lower() else value


def _mend_surrogates(value: Any) -> Any:
    """Replace lone halves of surrogate pairs, which no UTF-8 store takes; the nesting is known to be bounded."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_mend_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {_mend_surrogates(key): _mend_surrogates(item) for key, item in value.items()}
    return value
