"""Thresholds as a release carries them: per category and risk, with the bound that certified each.

Belongs here: plain data, looking one up, and its JSON form. Does not belong here: choosing them (``certify``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

SharedBy = Literal["category", "all"]


@dataclass(frozen=True)
class Threshold:
    """One threshold.

    ``threshold`` is the least calibrated confidence at which an answer may be given; None where no safe one was found.
    ``certified_on`` says whether the bound is about this category's answers alone ("category") or about the answers of
    all categories that share it ("all"). ``upper_bound`` is the upper confidence bound of the share of wrong answers
    among those given at the threshold. ``why`` is for people.
    """

    category_id: str
    risk: float
    certainty: float
    threshold: float | None
    certified_on: SharedBy
    count_calibration: int
    count_answered: int
    count_wrong: int
    upper_bound: float | None
    coverage: float
    label_source: str
    why: str


@dataclass(frozen=True)
class Thresholds:
    """All thresholds of a release, by category and risk."""

    rows: tuple[Threshold, ...] = ()
    _by_key: dict[tuple[str, float], Threshold] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._by_key.update({(row.category_id, round(row.risk, 6)): row for row in self.rows})

    def of(self, category_id: str, risk: float) -> Threshold | None:
        """The threshold of a category at a risk; None where none was sought."""
        return self._by_key.get((category_id, round(risk, 6)))

    def to_json(self) -> list[dict[str, Any]]:
        """JSON-ready rows."""
        return [asdict(row) for row in self.rows]

    @classmethod
    def from_json(cls, rows: Iterable[dict[str, Any]]) -> Thresholds:
        """What ``to_json`` gave."""
        return cls(tuple(Threshold(**row) for row in rows))
