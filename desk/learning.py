"""The ``learning`` block of ``desk.yaml``: when a category has been mastered, when it decays, how long an audit may take, and
who is told of signals.

Does not belong here: how any of it is measured (``assets.sustain_learning``).
"""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Mastered(BaseModel):
    """When the tiers that are automated count as mastered, so that the next is proposed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    resolution_at_least: float = Field(
        default=0.6, gt=0, lt=1, description="lower end of the interval, over the window"
    )
    wrong_at_most: float = Field(default=0.1, gt=0, lt=1, description="upper end of the interval of wrong answers")
    share_of_categories: float = Field(default=0.7, gt=0, le=1, description="of the tier's categories, by volume")
    window_days: int = Field(default=56, ge=14, le=366)


class Decayed(BaseModel):
    """When a category that answers by itself loses that again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wrong_above: float = Field(default=0.15, gt=0, lt=1, description="lower end of the interval of wrong answers")
    window_days: int = Field(default=28, ge=7, le=366)
    at_least: int = Field(default=20, ge=5, description="judged answers; fewer prove nothing")


class Learning(BaseModel):
    """What the platform may propose and take back by itself, and whom it tells."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mastered: Mastered = Mastered()
    decayed: Decayed = Decayed()
    audit_days: int = Field(default=30, ge=1, le=90, description="days an owner has for the quarterly audit")
    alarms_per_month: float = Field(
        default=1.0, gt=0, le=30, description="false alarms about ticket volumes that are bearable, all series together"
    )
    signals_webhook_env: str | None = Field(
        default=None,
        description="environment variable that holds the address new support signals are posted to as JSON",
    )

    @field_validator("signals_webhook_env", mode="after")
    @classmethod
    def _names_a_variable(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[A-Z_][A-Z0-9_]{0,127}", value):
            raise ValueError("must be the name of an environment variable, in capitals, never the address itself")
        return value
