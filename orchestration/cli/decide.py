"""``understudy decide``: what a release would do with a message, and every reason.

Does not belong here: deciding (``assets.configure_behavior.decisions``), how a decision is shown (``deciding``).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.command import DeskOption, console, desk_of, fail
from orchestration.cli.releases import FormatOption, Output, load_encoder

if TYPE_CHECKING:
    from assets.configure_behavior.releases.agent_release import AgentRelease
    from desk.loading import Desk


def decide(
    message: Annotated[
        str, typer.Argument(help="What the customer writes; '' for a customer who only opened the chat.")
    ],
    context: Annotated[
        list[str] | None, typer.Option(help="What is known of the customer, as field=value; may be repeated.")
    ] = None,
    earlier: Annotated[
        list[str] | None,
        typer.Option(help="An earlier turn, oldest first; 'ai: …' was said by the agent, 'agent: …' by a person."),
    ] = None,
    release: Annotated[
        str | None,
        typer.Option(help="First digits of a release's id, or: current, latest. Default: current, else the latest."),
    ] = None,
    output: FormatOption = Output.table,
    desk: DeskOption = None,
) -> None:
    """Decide one message as the agent would: answered, asked back, drafted or handed over, with every reason."""
    with desk_of(desk) as loaded:
        from assets.configure_behavior.decisions.decide import decide as decide_message
        from assets.configure_behavior.releases.saved_release import ReleaseError
        from orchestration.cli.asking import AskError, read_context
        from orchestration.cli.deciding import DecidingError, read_turns, show_decision

        try:
            decision = decide_message(
                message, read_turns(earlier or []), read_context(context or []), read_named(loaded, release)
            )
        except (AskError, DecidingError, ReleaseError) as error:
            raise fail(str(error)) from error
        if output is Output.json:
            print(json.dumps(decision.to_dict(), indent=2, ensure_ascii=False))
        else:
            show_decision(decision, console)


def read_named(desk: Desk, name: str | None) -> AgentRelease:
    """A release by name; without one the current release, else the latest that was built.

    Raises:
        ReleaseError: there is none.
    """
    from assets.configure_behavior.releases.release_files import load_release
    from assets.configure_behavior.releases.saved_release import ReleaseError
    from orchestration.releases import folder_of

    def folder() -> Path:
        if name is not None:
            return folder_of(desk, name)
        try:
            return folder_of(desk, "current")
        except ReleaseError:
            return folder_of(desk, "latest")

    return load_release(folder(), load_encoder(desk))
