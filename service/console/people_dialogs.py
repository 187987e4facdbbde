"""Dialogs of the pages about people and tokens: asking, confirming, and showing a secret once.

Does not belong here: what is asked (``people``, ``people_tokens``, ``me``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from nicegui import context, ui

from service.console import looks
from service.console.frame import Visit, say
from service.identity.refusals import IdentityProblem

STYLE = """
.people-part { display:flex; flex-direction:column; } .people-list { display:flex; flex-direction:column; }
.row.spread { justify-content:space-between; }
.people-line { display:flex; flex-wrap:wrap; gap:6px 16px; align-items:center; padding:12px 0; border-top:1px solid var(--line); }
.people-line .grow { flex:1 1 260px; display:flex; flex-direction:column; gap:6px; } .people-roles { gap:6px; }
.dialog.card { width:460px; max-width:100%; gap:14px; } .choices { display:flex; flex-direction:column; gap:2px; border:0; margin:0; padding:0; }
.choices .q-checkbox { gap:0; flex-wrap:nowrap; padding:2px 0; } .choices .q-checkbox__label { white-space:normal; padding-left:8px; }
.people-part .q-btn__content, .dialog .q-btn__content { gap:0; flex-wrap:nowrap; }
.people-form { display:flex; flex-direction:column; gap:12px; max-width:420px; } .people-form .q-btn { align-self:flex-start; }
.secret { user-select:all; background:var(--ground); border:1px solid var(--line); border-radius:8px; padding:12px; font-size:16px; word-break:break-all; }
"""


@contextmanager
def dialog(title: str) -> Iterator[ui.dialog]:
    """A dialog with a heading, to be filled. It is gone once it is closed, and outlives the list it was opened from."""
    with context.client.content, ui.dialog() as made, ui.element("div").classes("card dialog q-card"):
        made.on("hide", made.delete)
        made.props["aria-label"] = title
        looks.heading(title)
        yield made


def choices(title: str, options: Mapping[str, str], chosen: Iterable[str]) -> Callable[[], list[str]]:
    """Boxes to tick, several at once; a function that says which are ticked."""
    ticked = set(chosen)
    with ui.element("div").classes("choices").props('role="group"') as group:
        group.props["aria-label"] = title
        looks.text(title, "strong small text")
        boxes = {value: ui.checkbox(words, value=value in ticked).props("dense") for value, words in options.items()}
    return lambda: [value for value, box in boxes.items() if box.value]


def actions(visit: Visit, opened: ui.dialog, words: str, step: Callable[[], Awaitable[None]]) -> None:
    """The dialog's two buttons. While the step runs, it cannot be asked for again."""
    with ui.element("div").classes("row"):
        go = ui.button(words).props("unelevated")
        ui.button("Cancel", on_click=opened.close).props("flat")

    async def once() -> None:
        go.disable()
        try:
            await attempt(visit, step)
        finally:
            if not go.is_deleted:
                go.enable()

    go.on_click(once)


async def attempt(visit: Visit, step: Callable[[], Awaitable[None]]) -> None:
    """``visit.attempt``; what the doors refuse is said, too."""

    async def with_refusals() -> None:
        try:
            await step()
        except IdentityProblem as problem:
            say(str(problem), is_good=False)

    await visit.attempt(with_refusals)


def show_once(title: str, words: str, secret: str) -> None:
    """A secret that is kept nowhere, until the dialog is closed."""
    with dialog(title) as opened:
        opened.props("persistent")
        looks.text(words)
        looks.text(secret, "mono secret")
        with ui.element("div").classes("row"):
            ui.button("Copy", icon="content_copy", on_click=lambda: _copy(secret)).props("unelevated")
            ui.button("Done", on_click=opened.close).props("flat")
    opened.open()


def _copy(secret: str) -> None:
    ui.clipboard.write(secret)
    say("Copied.")
