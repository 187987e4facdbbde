"""The block ``service`` of ``desk.yaml``: where the live side listens and what bounds it.

Does not belong here: accounts and tokens, which are no files of the desk.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ServiceSettings(BaseModel):
    """Everything has a default that is safe on one machine; a deployment behind a proxy names ``public_url``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(default="127.0.0.1", description="address to listen on; 0.0.0.0 for all of the machine's")
    port: int = Field(default=8300, ge=1, le=65_535)
    public_url: str = Field(
        default="",
        description="address under which browsers reach it, such as https://support.example.com; default: as asked",
    )
    session_hours: float = Field(default=12, gt=0, le=24 * 30, description="a login lasts so long at most")
    idle_minutes: float = Field(default=60, gt=0, le=24 * 60, description="a login that is not used ends after so long")
    requests_per_minute: int = Field(default=600, ge=1, description="requests a token may make in a minute")
    body_kilobytes: int = Field(default=256, ge=1, le=4_096, description="a larger request is refused")
    waiting_decisions: int = Field(
        default=64, ge=1, description="decisions that may wait at once; more are refused with 503, to be tried again"
    )
    survey_days: int = Field(default=14, ge=1, le=365, description="a survey link is good for so many days")
    claim_minutes: float = Field(
        default=5,
        gt=0,
        le=60,
        description="a draft that a reviewer has before them is not offered to others for so long",
    )
