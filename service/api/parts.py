"""What the routes work with, made once for an app, and how a route gets at it.

Belongs here: holding the parts, the token behind a request, scopes. Does not belong here: checking tokens (``gate``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer

from service.api.recording import DecisionRecord, OneAtATime
from service.api.sending import Sending
from service.api.survey_links import SurveyLinks
from service.identity.tokens import IN_SCOPE as TOKEN
from service.identity.tokens import Scope, Token
from service.service import Service
from service.waiting import Worker

# Says in the schema what the gate checks; by itself it refuses nothing.
_BEARER = HTTPBearer(
    auto_error=False, scheme_name="token", description="a token made with `understudy token issue`, by its scopes"
)


MOST_READERS = 32


class ScopeMissing(Exception):
    """A token may not do this; ``str()`` is for the client."""


@dataclass
class Readiness:
    """What was found missing in the ledger when it was last looked at; None before that."""

    at: float = 0.0
    missing: list[str] | None = None


@dataclass(frozen=True)
class Parts:
    """``writer`` is the one thread on which events are written and what they depend on is read. ``reader`` is another, for
    whoever opens a survey: they need no token, and must not fill the line in which decisions wait.
    """

    service: Service
    writer: Worker
    reader: Worker
    record: DecisionRecord
    one_at_a_time: OneAtATime
    surveys: SurveyLinks
    company: str
    readiness: Readiness = field(default_factory=Readiness)

    @classmethod
    def of(cls, service: Service) -> Parts:
        """The parts of an app over a service. Raises ``DeskError``."""
        desk = service.desk
        sending = Sending(service.folder, service.ledger, service.clock)
        return cls(
            service=service,
            writer=Worker("recording", 2 * service.settings.waiting_decisions),
            reader=Worker("surveys", MOST_READERS),
            record=DecisionRecord(service.ledger, sending, service.clock),
            one_at_a_time=OneAtATime(),
            surveys=SurveyLinks(service.secret, service.settings.survey_days, service.clock),
            company=desk.settings.company,
        )

    def close(self) -> None:
        """Finish what was begun, drop what waits."""
        self.writer.close()
        self.reader.close()


async def parts_of(request: Request) -> Parts:
    """The parts of the app a request came to."""
    found: Parts = request.app.state.parts
    return found


ThePartsOfTheApp = Annotated[Parts, Depends(parts_of)]


def with_scope(scope: Scope) -> Any:
    """Behind a parameter's type: the token of the request, which must have this scope; else ``ScopeMissing``."""

    async def token_of(request: Request, _: Annotated[object, Security(_BEARER)] = None) -> Token:
        token: Token = request.scope[TOKEN]
        if scope not in token.scopes:
            raise ScopeMissing(f"The token '{token.name}' lacks the scope {scope}.")
        return token

    return Depends(token_of)
