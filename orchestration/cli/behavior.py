"""``understudy behavior``: arguments in, words out. What the commands do lives in the modules they call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.loading import Desk, DeskError
from orchestration.cli.command import DeskOption, clean, console, desk_of, errors, fail, say

if TYPE_CHECKING:
    from assets.configure_behavior.triggers.mine_triggers import MinedTriggers
    from desk.behavior import BehaviorFile

app: typer.Typer = typer.Typer(
    help="How the agent speaks and when it steps aside: check the spec, try it, compare versions.", no_args_is_help=True
)

SHOWN_HITS, SHOWN_NEAR = 2, 3


@contextmanager
def _working(folder: Path | None) -> Iterator[Desk]:
    """The desk, with every mistake a person can correct said in words and ended with exit code 1."""
    from ledger.errors import LedgerError
    from orchestration.lake import NotMaterialised
    from orchestration.people.behavior_desk import BehaviorProblem

    with desk_of(folder) as loaded:
        try:
            yield loaded
        except (BehaviorProblem, DeskError, LedgerError, NotMaterialised) as problem:
            raise fail(str(problem)) from problem


@app.command("init", epilog="Example: `understudy behavior init --desk my-desk`")
def init(desk: DeskOption = None) -> None:
    """Write a behavior.yaml to start from; an existing one is left as it is."""
    with _working(desk) as loaded:
        from orchestration.people.behavior_desk import write_starter

        say(write_starter(loaded))


@app.command("check", epilog="Example: `understudy behavior check --mine`")
def check(
    mine: Annotated[
        bool, typer.Option("--mine", help="Also try the triggers on past tickets; holdout tickets are not read.")
    ] = False,
    desk: DeskOption = None,
) -> None:
    """Say what is wrong with behavior.yaml, and try every trigger on its examples. Exit code 1 when something is."""
    with _working(desk) as loaded:
        from assets.configure_behavior.triggers.trigger_suite import run_suite
        from desk.behavior import behavior_hash
        from orchestration.people.behavior_desk import problems_of, required_behavior

        behavior = required_behavior(loaded)
        suite = run_suite(behavior)
        passed = sum(result.passed for result in suite)
        say([f"{loaded.folder / 'behavior.yaml'}: reads well (content {behavior_hash(behavior)[:12]})"])
        say([f"{len(behavior.triggers)} triggers; {passed} of {len(suite)} examples do what they must"])
        problems = problems_of(loaded, behavior)
        if mine:
            _show_mined(loaded, behavior)
        if problems:
            for problem in problems:
                errors.print(clean(f"  {problem}"), markup=False, highlight=False, soft_wrap=True)
            count = "1 thing" if len(problems) == 1 else f"{len(problems)} things"
            raise fail(f"{count} to correct in behavior.yaml")
        say(["Nothing is wrong with it. The page for those who approve it: understudy report behavior"])


@app.command(
    "explain",
    epilog='Example: `understudy behavior explain "I want my 480 euros back" --context plan=pro --category refund_request`',
)
def explain(
    message: Annotated[str, typer.Argument(help="What a customer writes now.")],
    context: Annotated[
        list[str] | None, typer.Option(help="What is known of the customer, as field=value; may be repeated.")
    ] = None,
    category: Annotated[str | None, typer.Option(help="The message's category.", show_default=False)] = None,
    earlier: Annotated[
        list[str] | None, typer.Option(help="What the customer wrote before, oldest first; may be repeated.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Its language, such as en; default: detected.", show_default=False)
    ] = None,
    desk: DeskOption = None,
) -> None:
    """Show which triggers and page rules hold for a message, and why the others do not."""
    with _working(desk) as loaded:
        from assets.configure_behavior.triggers.find_triggers import weigh_triggers
        from assets.configure_behavior.triggers.scopes import why_outside
        from orchestration.cli.asking import AskError, read_context
        from orchestration.people.behavior_desk import BehaviorProblem, required_behavior

        try:
            facts = read_context(context or [])
        except AskError as error:
            raise BehaviorProblem(str(error)) from error
        known_categories = [one.id for one in loaded.categories]
        if category is not None and category not in known_categories:
            raise BehaviorProblem(f"there is no category '{category}' in categories.yaml")
        behavior = required_behavior(loaded)
        spoken = language or _language(message)
        said = {"context": facts, "category_id": category, "language": spoken}
        verdicts = weigh_triggers(message, earlier or [], behavior, **said)  # type: ignore[arg-type]
        fired = sorted((one for one in verdicts if one.hit), key=lambda one: not one.trigger.is_urgent)
        say([f"Language: {spoken or 'not known'}; category: {category or 'not given'}"])
        say([f"{len(fired)} of {len(verdicts)} triggers fire." + (" A person takes over." if fired else "")])
        for one in fired:
            turn = one.hit.turn if one.hit else 0
            back = "" if not turn else f", {turn} message{'s' if turn > 1 else ''} before"
            urgent = " (urgent)" if one.trigger.is_urgent else ""
            queue = one.trigger.queue or behavior.handoff.queues.get(category or "", behavior.handoff.default_queue)
            say([f"  fires  {one.trigger.id}{urgent} → {queue}: {one.why}{back}. {one.trigger.reason}"])
        say(f"  quiet  {one.trigger.id}: {one.why}" for one in verdicts if not one.hit)
        for page in behavior.pages:
            why = why_outside(page.where, **said)  # type: ignore[arg-type]
            say([f"  page   {page.id}: holds. {page.means}" if why is None else f"  page   {page.id}: no, {why}"])


@app.command("diff", epilog="Example: `understudy behavior diff` or `understudy behavior diff before.yaml after.yaml`")
def diff(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="One file to compare with the desk's, or two; default: the last signed version."),
    ] = None,
    desk: DeskOption = None,
) -> None:
    """Say in words what changed in the spec since it was last signed, or between two files."""
    with _working(desk) as loaded:
        from orchestration.people.behavior_desk import changes

        compared, sentences = changes(loaded, files or [])
        say([f"{compared}:", *(f"  {one}" for one in sentences or ["nothing changed"])])


def _show_mined(desk: Desk, behavior: BehaviorFile) -> None:
    from orchestration.people.behavior_mining import mine

    with console.status("trying the triggers on past tickets"):
        mined = mine(desk, behavior)
    say(_mined_lines(mined))


def _mined_lines(mined: MinedTriggers) -> Iterator[str]:
    from assets.configure_behavior.behavior.behavior_words import rate_in_words

    yield (
        f"Tried on {mined.count_tickets:,} past tickets of the training and calibration side: some trigger fires on "
        f"{mined.count_fired:,}."
    )
    for rate in mined.rates:
        yield f"{rate.trigger_id}: {rate_in_words(rate)}"
        for hit in [one for one in mined.hits if one.trigger_id == rate.trigger_id][:SHOWN_HITS]:
            heard = f"“{hit.phrase}” in" if hit.phrase else "in its scope"
            yield f"    fires   {hit.ticket_id}: {heard}: {hit.text[:160]}"
        for near in [one for one in mined.near_misses if one.trigger_id == rate.trigger_id][:SHOWN_NEAR]:
            yield f"    missed? {near.ticket_id} ({near.similarity:.2f}): {near.text[:160]}"
    for near in [one for one in mined.near_misses if one.trigger_id is None]:
        yield f"by category {near.category_id}: {near.ticket_id}: {near.text[:160]}"
    yield "Which of these are right is for you to judge; the page shows them beside each trigger."


def _language(message: str) -> str | None:
    from assets.audit_tickets.texts.language import detect_language

    found, confidence = detect_language(message)
    return found if found and confidence >= 0.5 else None
