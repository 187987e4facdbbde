"""The ``schedule`` block of ``desk.yaml``: when the weekly and the monthly work begin.

Does not belong here: what that work is (``orchestration.schedules``).
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Schedule(BaseModel):
    """Hours in UTC, so that a change of clocks neither skips a run nor doubles it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hour: int = Field(default=4, ge=0, le=23, description="hour of the day, in UTC, at which the scheduled runs begin")
    weekday: int = Field(default=1, ge=0, le=6, description="day of the weekly micro-update: 0 Sunday, 1 Monday")
