"""Signed links to a survey: whoever holds one may rate one decision, until it ends, and do nothing else.

Belongs here: making and reading them. Does not belong here: the page behind them (``surveys``), the secret
(``service.secret``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

SALT = "understudy.survey"
MAX_TOKEN_CHARS = 400


class ForgedLink(Exception):
    """A link that we never made, or that was changed."""


@dataclass(frozen=True)
class SurveyLink:
    """What stands in a link."""

    decision_id: str
    expires_at: dt.datetime
    has_expired: bool


class SurveyLinks:
    """Makes and reads links with one secret."""

    def __init__(self, secret: str, days: int, clock: Callable[[], dt.datetime]) -> None:
        if not secret:
            raise ValueError("links need a secret to be signed with")
        self._signing = URLSafeSerializer(secret, salt=SALT, signer_kwargs={"digest_method": hashlib.sha256})
        self._lasts, self._clock = dt.timedelta(days=days), clock

    def make(self, decision_id: str) -> tuple[str, dt.datetime]:
        """The token of a link, and when it ends."""
        expires_at = (self._clock() + self._lasts).replace(microsecond=0)
        token = self._signing.dumps([decision_id, int(expires_at.timestamp())])
        return token.decode() if isinstance(token, bytes) else token, expires_at

    def read(self, token: str) -> SurveyLink:
        """What stands in a link. Raises ``ForgedLink``."""
        if len(token) > MAX_TOKEN_CHARS:
            raise ForgedLink
        try:
            decision_id, seconds = self._signing.loads(token)
        except (BadSignature, ValueError, TypeError):
            raise ForgedLink from None
        expires_at = dt.datetime.fromtimestamp(seconds, dt.UTC)
        return SurveyLink(decision_id, expires_at, self._clock() > expires_at)
