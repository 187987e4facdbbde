"""The decisions of a roadmap: what they are, their hash, and how two sets of them differ in words.

Belongs here: the canonical form of (category, bucket, tier, owner). Does not belong here: signatures
(`sign_offs`), whether a bucket or an owner is a sensible one (the desk's models).
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger import chain
from ledger.errors import DecisionError

if TYPE_CHECKING:
    import pandas as pd

_DOMAIN = "understudy.roadmap.decisions/1"
_FIELDS = ("bucket", "tier", "owner")


@dataclass(frozen=True)
class Decision:
    """What was decided about one category. None, NaN, NA and blank text all mean "not decided".

    Text is normalised (Unicode NFC, outer spaces dropped, runs of spaces made one), the bucket is lower case.
    Raises `DecisionError` for an empty category id or a tier that is not a whole number.
    """

    category_id: str
    bucket: str | None = None
    tier: int | None = None
    owner: str | None = None

    def __post_init__(self) -> None:
        category_id = _words(self.category_id)
        if category_id is None:
            raise DecisionError("A decision names no category; every one needs a category id.")
        bucket = _words(self.bucket)
        object.__setattr__(self, "category_id", category_id)
        object.__setattr__(self, "bucket", None if bucket is None else bucket.lower())
        object.__setattr__(self, "tier", _whole_number(self.tier, category_id))
        object.__setattr__(self, "owner", _words(self.owner))


DecisionLike = Decision | tuple[Any, Any, Any, Any]


def decisions_from_frame(frame: pd.DataFrame, *, bucket_column: str = "bucket") -> list[Decision]:
    """Decisions from rows with `category_id`, `tier`, `owner` and a bucket column (`accepted_categories`, say)."""
    columns = ["category_id", bucket_column, "tier", "owner"]
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise DecisionError(f"Decisions need the columns {', '.join(columns)}; missing: {', '.join(missing)}.")
    return _in_order(frame[columns].itertuples(index=False, name=None))


def decisions_from_content(content: Iterable[Mapping[str, Any]]) -> list[Decision]:
    """Decisions from the snapshot that `decisions_content` made and a sign-off stored."""
    return _in_order((row["category_id"], row["bucket"], row["tier"], row["owner"]) for row in content)


def decisions_content(decisions: Iterable[DecisionLike]) -> list[dict[str, Any]]:
    """The canonical snapshot: one mapping a category, ordered by category id. JSON-ready."""
    return [
        {"category_id": item.category_id, "bucket": item.bucket, "tier": item.tier, "owner": item.owner}
        for item in _in_order(decisions)
    ]


def decision_digest(decisions: Iterable[DecisionLike]) -> str:
    """The hash that is signed: 64 hex digits over (category_id, bucket, tier, owner) and nothing else.

    The order of the list, Unicode spelling, surrounding spaces, and every volume or metric leave it unchanged.
    Raises `DecisionError` when a category is named twice.
    """
    return chain.sha256_hex(f"{_DOMAIN}\n{chain.canonical_json(decisions_content(decisions))}")


def diff_decisions(old: Iterable[DecisionLike], new: Iterable[DecisionLike]) -> list[str]:
    """What changed from `old` to `new`, one sentence a category and field, ordered by category id.

    For example "password_reset: bucket hybrid → automate". Equal digests give no sentence, and conversely.
    """
    before = {item.category_id: item for item in _in_order(old)}
    after = {item.category_id: item for item in _in_order(new)}
    sentences = []
    for category_id in sorted(before.keys() | after.keys()):
        was, now = before.get(category_id), after.get(category_id)
        if was is None and now is not None:
            sentences.append(f"{category_id}: added ({_in_words(now)})")
        elif was is not None and now is None:
            sentences.append(f"{category_id}: removed (was {_in_words(was)})")
        else:
            for field in _FIELDS:
                left, right = getattr(was, field), getattr(now, field)
                if left != right:
                    sentences.append(f"{category_id}: {field} {_or_none(left)} → {_or_none(right)}")
    return sentences


def _in_order(decisions: Iterable[DecisionLike]) -> list[Decision]:
    found: dict[str, Decision] = {}
    for item in decisions:
        decision = item if isinstance(item, Decision) else Decision(*item)
        if decision.category_id in found:
            raise DecisionError(f"The category {decision.category_id!r} is decided twice; keep one of the two.")
        found[decision.category_id] = decision
    return [found[category_id] for category_id in sorted(found)]


def _is_absent(value: Any) -> bool:
    # pandas' NA and NaT are recognised by their class names, so that hashing needs no pandas.
    return (
        value is None
        or type(value).__name__ in {"NAType", "NaTType"}
        or (isinstance(value, float) and math.isnan(value))
    )


def _words(value: Any) -> str | None:
    if _is_absent(value):
        return None
    return " ".join(unicodedata.normalize("NFC", str(value)).split()) or None


def _whole_number(value: Any, category_id: str) -> int | None:
    if _is_absent(value) or (isinstance(value, str) and not value.strip()):
        return None
    try:
        number = int(value)
        is_whole = not isinstance(value, bool) and float(value) == number
    except (TypeError, ValueError, OverflowError):
        is_whole = False
    if not is_whole:
        raise DecisionError(f"The tier of {category_id!r} must be a whole number or nothing, not {value!r}.")
    return number


def _in_words(decision: Decision) -> str:
    return ", ".join(f"{field} {_or_none(getattr(decision, field))}" for field in _FIELDS)


def _or_none(value: Any) -> str:
    return "none" if value is None else str(value)
