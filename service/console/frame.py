"""What every page of the console has in common: who is looking, navigation, looks, and how a refusal is said.

Belongs here: the frame around a page. Does not belong here: any page's content, signing in (``identity``).

A page is a function of a ``Visit``. Its actions run after the page was sent, so each calls ``visit.account()`` anew: a
session that ended, or a role that was taken away, is noticed at the click. Work that reads or writes goes through
``visit.work``, on a thread, since the server has one event loop for everybody.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from fastapi import Request
from nicegui import ui
from starlette.responses import RedirectResponse, Response

from service.console import looks
from service.identity.account import Account, NotAllowed, Role
from service.identity.visitor import IN_SCOPE as VISITOR
from service.identity.visitor import SessionEnded, Visitor
from service.service import IN_SCOPE as SERVICE
from service.service import Service

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger("understudy.console")


@dataclass(frozen=True)
class Entry:
    """A line of the navigation."""

    path: str
    title: str
    icon: str
    roles: frozenset[Role]


EVERYBODY = frozenset(Role)
PAGE_SECONDS = 60.0
"""A page that is not drawn by then is given up: NiceGUI's own 3 s are too few while a whole run keeps the machine busy."""
NAVIGATION = (
    Entry("/", "Home", "home", EVERYBODY),
    Entry("/answers", "Answers", "rate_review", EVERYBODY),
    Entry("/knowledge", "Knowledge", "menu_book", EVERYBODY),
    Entry("/fixes", "Fixes", "healing", EVERYBODY),
    Entry("/pilot", "Pilot", "insights", EVERYBODY),
    Entry("/learning", "Learning", "school", EVERYBODY),
    Entry("/sign-offs", "Sign-offs", "verified", EVERYBODY),
    Entry("/people", "People", "group", frozenset({Role.ADMIN})),
)


class PageLeft(asyncio.CancelledError):
    """The page was closed while something was read or written for it. Ends what it would have shown, as a cancelled task
    ends: quietly."""


@dataclass(frozen=True)
class Visit:
    """One page before one person."""

    service: Service
    visitor: Visitor

    def account(self, role: Role | None = None) -> Account:
        """The person as they stand this moment.

        Raises:
            SessionEnded: the session ended or was ended. NotAllowed: they have not got ``role``.
        """
        account = self.visitor.account()
        if role is not None:
            account.require(role)
        return account

    async def work(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run what reads or writes on a thread.

        Raises:
            PageLeft: it was done, and nobody is there any more to be shown what came of it.
        """
        client = ui.context.client
        done = await asyncio.to_thread(step, *args, **kwargs)
        if client.is_deleted:
            raise PageLeft
        return done

    async def attempt(
        self, step: Callable[[], Awaitable[None] | None], tell: Callable[[str], object] | None = None
    ) -> bool:
        """Run an action; what goes wrong is told to the person, in a notice that goes by unless ``tell`` puts it elsewhere.
        Whether it went well."""
        tell = tell or (lambda words: say(words, is_good=False))
        try:
            done = step()
            if inspect.isawaitable(done):
                await done
        except SessionEnded:
            ui.navigate.to("/login?ended=1")
        except _problems() as problem:
            tell(str(problem))
        except Exception:
            log.exception("a page's action failed")
            tell("That did not work, and the mistake is ours. Nothing more was done; the log says what happened.")
        else:
            return True
        return False


def _problems() -> tuple[type[Exception], ...]:
    """What a step refuses in words for a person."""
    from assets.configure_behavior.releases.saved_release import ReleaseError
    from desk.loading import DeskError
    from ledger.errors import LedgerError
    from orchestration.lake import NotMaterialised
    from orchestration.people.behavior_desk import BehaviorProblem
    from orchestration.people.knowledge_desk import KnowledgeProblem
    from orchestration.people.review_desk import ReviewProblem
    from orchestration.people.sign_offs import NothingToSign
    from orchestration.pilots import PilotError
    from service.identity.refusals import IdentityProblem

    return (
        NotAllowed, DeskError, LedgerError, ReleaseError, NotMaterialised, BehaviorProblem, KnowledgeProblem, ReviewProblem, NothingToSign, PilotError,
        IdentityProblem,
    )  # fmt: skip


def page(path: str, title: str, *, role: Role | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a page: ``async def content(visit, **path_and_query_parameters)`` drawn inside the frame.

    Whoever lacks ``role`` is told so instead. Parameters keep their annotations, as FastAPI reads them.
    """

    def register(content: Callable[..., Any]) -> Callable[..., Any]:
        async def draw(request: Request, **parameters: Any) -> Response | None:
            visit = Visit(request.scope[SERVICE], request.scope[VISITOR])
            try:
                account = visit.account()
            except SessionEnded:
                return RedirectResponse("/login?ended=1", status_code=303)
            with _frame(title, path, account, visit):
                if role is not None and not account.may(role):
                    looks.empty(f"This page is for the role {role.replace('_', ' ')}.", icon="lock")
                    return None
                # In place of what is missing: a notice would be gone before it is read, and the page empty.
                await visit.attempt(lambda: content(visit, **parameters), _in_place)
            return None

        own = [one for name, one in inspect.signature(content).parameters.items() if name != "visit"]
        request = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)
        draw.__signature__ = inspect.Signature([request, *own])  # type: ignore[attr-defined]
        draw.__name__ = content.__name__
        ui.page(path, title=f"{title} · Understudy", language="en-US", response_timeout=PAGE_SECONDS)(draw)
        return content

    return register


def _in_place(words: str) -> None:
    with ui.element("div").props("role=alert"):
        looks.empty(words[:2_000], icon="error")


def say(words: str, *, is_good: bool = True) -> None:
    """Tell the person something, as text."""
    ui.notify(words, type="positive" if is_good else "negative", position="top", timeout=4_000 if is_good else 9_000,
              close_button="Close", multi_line=True, classes="said")  # fmt: skip


def _frame(title: str, path: str, account: Account, visit: Visit) -> Any:
    """Header, navigation and the page's main part, which is returned to be filled."""
    looks.dress()
    shown = [one for one in NAVIGATION if one.roles & account.roles]
    # Closed, as far as the server knows: else it would ask each browser, and wait for slow ones.
    drawer = ui.left_drawer(value=False, fixed=True).props("width=200 breakpoint=1023 bordered").classes("nav")
    drawer.props["show-if-above"] = True
    with ui.header(elevated=False).classes("bar"):
        ui.button(icon="menu", on_click=drawer.toggle).props('flat round dense aria-label="Menu"').classes("lt-md")
        ui.label("Understudy").classes("brand")
        ui.label(visit.service.company).classes("company gt-xs")
        ui.space()
        ui.link(account.name, "/me").classes("who")
        # A form of its own, so that signing out needs no script and no other site can do it (see ``identity``).
        ui.html(
            f'<form method="post" action="/logout"><input type="hidden" name="csrf" value="{visit.visitor.csrf}">'
            '<button type="submit" class="sign-out">Sign out</button></form>',
            sanitize=False,
        )
    with drawer, ui.element("nav").props('aria-label="Pages"').classes("w-full"):
        for one in shown:
            here = one.path == path or (one.path != "/" and path.startswith(one.path))
            with (
                ui.link(target=one.path)
                .classes("nav-line here" if here else "nav-line")
                .props('aria-current="page"' if here else "")
            ):
                ui.icon(one.icon).props('aria-hidden="true"')
                ui.label(one.title)
    main = ui.element("main").classes("page").props('id="main"')
    with main:
        ui.element("h1").classes("title").props(f'aria-label="{title}"').add_slot("default", title)
    return main
