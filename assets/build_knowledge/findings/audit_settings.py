"""What a desk can set about the content audit, and the thresholds of its detectors.

Belongs here: numbers and lists with their reasons. Does not belong here: anything that reads a text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.build_knowledge.drafts.customer_language import FAR


@dataclass(frozen=True)
class DeprecatedTerm:
    """A name the desk no longer uses: since when, and what to say instead."""

    term: str
    ended: pd.Timestamp | None = None
    instead: str | None = None


@dataclass(frozen=True)
class AuditSettings:
    """Limits of the content audit. Likeness is a cosine of sentence vectors."""

    suspect_after_days: int = 365
    """A text that nobody has touched for longer is suspect until someone verifies it."""
    review_every_days: int = 180
    """How long a review of an entry holds where the entry names no date."""
    deprecated_terms: tuple[DeprecatedTerm, ...] = ()
    internal_names: tuple[str, ...] = ()
    far_from_customers: float = FAR
    """A question with a lower customer-language score is in other words than customers use."""

    @classmethod
    def of(cls, knowledge: Any) -> AuditSettings:
        """What the desk's ``knowledge`` block says; the rest as it is by default."""
        return cls(
            suspect_after_days=knowledge.suspect_after_days,
            review_every_days=knowledge.review_every_days,
            deprecated_terms=tuple(_deprecated_terms(knowledge.deprecated_terms)),
            internal_names=tuple(knowledge.internal_names),
        )


def _deprecated_terms(given: Iterable[Any]) -> Iterable[DeprecatedTerm]:
    for one in given:
        values = one if isinstance(one, Mapping) else {name: getattr(one, name, None) for name in _FIELDS}
        yield DeprecatedTerm(str(values["term"]), utc_day(values.get("ended")), values.get("instead") or None)


def utc_day(value: dt.date | pd.Timestamp | str | None) -> pd.Timestamp | None:
    """A date as a UTC timestamp; None for none."""
    if value is None or pd.isna(value):
        return None
    day = pd.Timestamp(value)
    return day.tz_localize("UTC") if day.tzinfo is None else day.tz_convert("UTC")


_FIELDS = ("term", "ended", "instead")
