"""Who is behind a request with a session.

Belongs here: what the gate hands to pages. Does not belong here: checking cookies (``gate``), keeping sessions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from service.identity.account import Account

IN_SCOPE = "understudy.visitor"
"""Under which a request's scope holds the visitor."""


class SessionEnded(Exception):
    """The session is over: signed out, too old, unused for too long, or the account was closed."""


@dataclass(frozen=True)
class Visitor:
    """A signed-in browser. ``csrf`` goes into every form; ``find`` reads the session anew and counts as its use."""

    session_id: str
    csrf: str = field(repr=False)
    find: Callable[[], Account]

    def account(self) -> Account:
        """The account as it stands this moment.

        Raises:
            SessionEnded: there is no session any more.
        """
        return self.find()
