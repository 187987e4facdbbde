"""``/sign-offs`` and a page for each kind: what would be signed, what changed, who signed, and the button.

Belongs here: the pages' order. Does not belong here: releases made current (``releases``), the rollout (``rollout``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nicegui import ui

from desk.loading import Desk
from ledger.events import EventType
from ledger.releases import current_release
from ledger.signable import signable
from ledger.store import Ledger
from service.console import looks
from service.console.frame import Visit, page, say
from service.console.sign_offs import parts, plan_words
from service.console.sign_offs.category_stops import draw_category_stops
from service.console.sign_offs.changes import Group, plain_changes, release_changes, roadmap_changes
from service.console.sign_offs.living import Living
from service.console.sign_offs.releases import draw_releases
from service.console.sign_offs.rollout import draw_rollout, draw_stop
from service.console.sign_offs.signing import ask_to_sign
from service.console.sign_offs.standing import NOBODY, day, roles_to_sign, standing, whose_turn
from service.console.sign_offs.subjects import (
    ABOUT,
    KINDS,
    SHOWN_DIGITS,
    TITLES,
    Kind,
    Subject,
    read_subject,
    read_subjects,
    release_subject,
)
from service.console.sign_offs.summaries import Around, draw_summary, read_around
from service.identity.account import Role

HISTORY_SHOWN = 60
Again = Callable[[str], Awaitable[None]]
"""Reads and draws the page's part anew, with words above it."""


@dataclass(frozen=True)
class Read:
    """A subject with what stands beside it, and every signature on its kind so far, the newest first."""

    subject: Subject
    around: Around
    history: tuple[tuple[str, str, str, str], ...]
    forbids: tuple[str, ...] = ()
    """Of a release: what keeps it from being made current, its own signatures aside."""
    is_current: bool = False


@page("/sign-offs", "Sign-offs")
async def overview(visit: Visit) -> None:
    """The four things people sign, and how each stands."""
    parts.dress()
    draw_stop(visit)

    def read() -> list[Subject]:
        return read_subjects(visit.service.desk, visit.service.ledger)

    def draw(subjects: list[Subject]) -> None:
        account = visit.account()
        with ui.element("div").classes("two even"):
            for subject in subjects:
                with looks.card(TITLES[subject.kind]):
                    looks.text(ABOUT[subject.kind], "muted")
                    parts.standing_line(standing(subject))
                    turn = whose_turn(account, subject)
                    if turn:
                        looks.text(turn, "strong" if turn.startswith("It is your turn") else "text")
                    is_mine = turn.startswith("It is your turn")
                    words = "Read and sign" if is_mine else "Look at it"
                    ui.link(f"{words}: {TITLES[subject.kind].lower()}", f"/sign-offs/{subject.kind}")
        with looks.card("After entries, behavior or decisions have changed"):
            looks.text("Customers get what changed with the next release: it is built, read, signed and made current.")
            with ui.element("div").classes("row"):
                ui.link("Build the next release", "/builds")
                ui.link("See all releases", "/sign-offs/release")

    Living(visit, read, draw)


def _register(kind: Kind) -> None:
    @page(f"/sign-offs/{kind}", f"{TITLES[kind]}: sign-off")
    async def one_kind(visit: Visit) -> None:
        parts.dress()
        _links()
        if kind == "pilot":
            draw_stop(visit)
            draw_category_stops(visit)
        draw_kind(visit, kind)
        if kind == "pilot":
            draw_rollout(visit)


for _kind in KINDS:
    _register(_kind)


@page("/sign-offs/release/{name}", "Release")
async def one_release(visit: Visit, name: str) -> None:
    """One release, whichever it is."""
    parts.dress()
    _links("/sign-offs/release", "All releases")
    draw_kind(visit, "release", name)


def draw_kind(visit: Visit, kind: Kind, name: str = "") -> None:
    """What would be signed, with its changes, signatures and the button, and of releases the list; ``name`` is of one."""
    said: list[str] = []

    def read() -> Read:
        desk, ledger = visit.service.desk, visit.service.ledger
        subject = release_subject(desk, ledger, name) if name else read_subject(desk, ledger, kind)
        forbids = forbidden(desk, ledger, subject) if kind == "release" and subject.digest else ()
        current = current_release(ledger) if kind == "release" else None
        is_current = current is not None and current.release_id == subject.digest
        return Read(subject, read_around(desk, kind), history(ledger, kind), forbids, is_current)

    def draw(found: Read) -> None:
        for words in said:
            parts.notice(words)
        _draw_subject(visit, found, again)

    async def again(words: str) -> None:
        said[:] = [words] if words else []
        await living.refresh()
        if releases is not None:
            await releases.refresh()

    living = Living(visit, read, draw)
    releases = draw_releases(visit, only=name) if kind == "release" else None


def history(ledger: Ledger, kind: Kind) -> tuple[tuple[str, str, str, str], ...]:
    """Every signature of a kind, the newest first: who, what (with the version), in which role, when."""
    types = [signable(kind).event_type, EventType.SIGN_OFF_WITHDRAWN]
    events = list(ledger.events(event_types=types, subject_kind=kind))[-HISTORY_SHOWN:]
    return tuple(
        (
            ledger.actor_name(event.actor_id) or NOBODY,
            f"{'withdrew' if event.event_type == EventType.SIGN_OFF_WITHDRAWN else 'signed'} {event.subject_hash[:SHOWN_DIGITS]}",
            event.role,
            day(event.occurred_at),
        )
        for event in reversed(events)
    )


def forbidden(desk: Desk, ledger: Ledger, subject: Subject) -> tuple[str, ...]:
    """What keeps a release from being made current before it is verified in whole, its own signatures aside."""
    from assets.configure_behavior.releases.saved_release import artefact_problems
    from orchestration.releases import activation_problems

    saved = subject.content
    found = activation_problems(desk, saved, ledger, verification=artefact_problems(saved.folder))
    return tuple(one for one in found if not one.startswith("the release ("))


def groups_of(subject: Subject, around: Around) -> list[Group]:
    """The changes of a subject in groups, in words."""
    if subject.kind == "release":
        names = {one: str(row.get("name") or one) for one, row in subject.content.categories.items()}
        asked = {str(row["ticket_id"]): str(row["text"]) for row in subject.content.regression}
        entries = {one: str(row["question"]) for one, row in subject.content.entries.items()}
        return release_changes(subject.changes, {**around.names, **names}, asked, entries)
    if subject.kind == "roadmap":
        return roadmap_changes(subject.changes, around.names)
    if subject.kind == "pilot":
        sentences = [plan_words.plan_change_in_words(one, subject.content) for one in subject.changes]
        return plain_changes(sentences, "What is measured, against what, and when")
    return plain_changes(subject.changes, "How it behaves")


def _draw_subject(visit: Visit, found: Read, again: Again) -> None:
    subject, account = found.subject, visit.account()
    title = TITLES[subject.kind]
    with looks.card(f"How the {title.lower()} stands"):
        parts.standing_line(standing(subject))
        if subject.digest:
            with ui.element("div").classes("row"):
                looks.text("Version", "muted")
                ui.label(subject.short).classes("mono")
        if subject.problems:
            parts.problems("Correct this first:", subject.problems)
        if subject.kind == "release" and subject.is_signed and not found.is_current:
            looks.text("Customers get it once it is made current, at the end of this page.", "strong")
        elif turn := whose_turn(account, subject):
            looks.text(turn, "strong")
        _actions(visit, found, again)
    if found.forbids:
        parts.problems("It cannot be made current as things stand:", found.forbids)
    if subject.digest is None or subject.state is None:
        return
    if subject.before is not None:
        what = "the current release" if subject.kind == "release" else "what was last signed"
        with looks.card(f"What changed since {what}"):
            if groups := groups_of(subject, found.around):
                parts.changes(groups)
            else:
                looks.text("Nothing that can be named in words.", "muted")
    with looks.card(f"What {'was' if subject.is_signed else 'would be'} signed"):
        draw_summary(subject, found.around)
    with looks.card("Signatures on this version"):
        parts.signatures(subject.state.signatures)
        if found.history:
            with parts.details(f"All signatures on a {title.lower()} so far ({len(found.history)})"):
                parts.table(["Who", "What", "As", "When"], found.history, "All signatures")


def _actions(visit: Visit, found: Read, again: Again) -> None:
    subject, account = found.subject, visit.account()
    mine = [one for one in roles_to_sign(account, subject) if subject.state and one in subject.state.missing_roles]
    if mine and not subject.problems:
        ui.button("Sign …", icon="verified", on_click=lambda: ask_to_sign(visit, subject, mine, again))
    elif subject.state is not None and not subject.is_signed and not account.may(Role.APPROVER):
        looks.text("You may read this; signing needs the role approver.", "muted")
    if subject.kind == "roadmap" and found.around.count_undecided and account.may(Role.APPROVER):
        _offer_proposals(visit, found.around.count_undecided, again)
    if subject.kind == "release":
        ui.link("Build the next release", "/builds")


def _offer_proposals(visit: Visit, count: int, again: Again) -> None:
    """Writing what the roadmap proposes for undecided categories; signing is another step, about what then stands there."""
    looks.text(f"{count} {'category has' if count == 1 else 'categories have'} tickets and no decision yet.")

    async def step() -> None:
        from orchestration.people.category_file import accept_proposed_buckets

        account = visit.account(Role.APPROVER)
        account.signing_role(visit.service.desk.settings.signers["roadmap"])
        said = await visit.work(lambda: accept_proposed_buckets(visit.service.desk))
        dialog.close()
        say(f"{max(len(said) - 1, 0)} proposed decisions were written. Read them, then sign.")
        await again("")

    with ui.dialog() as dialog, ui.card().classes("ask"):
        looks.heading("Take over what the roadmap proposes?")
        looks.text(
            "Bucket and tier are written into categories.yaml for every category that has none. Nothing is signed by it, "
            "and anybody may still change them there."
        )
        with ui.element("div").classes("row").style("justify-content:flex-end"):
            ui.button("Cancel", on_click=dialog.close).props("flat")
            ui.button("Take them over", on_click=lambda: visit.attempt(step))
    ui.button("Take over the proposals …", on_click=dialog.open).props("outline")


def _links(path: str = "/sign-offs", words: str = "All sign-offs") -> None:
    ui.link(f"← {words}", path)
