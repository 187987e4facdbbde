"""``understudy pilot``: write a plan, see what it can show, begin the rollout, change its share, stop it.

Belongs here: arguments in, sentences and tables out. Does not belong here: what must hold (``orchestration.pilots``), the
reckoning (``orchestration.pilot_planning``), reviews (``review``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.command import DeskOption, clean, desk_of, fail, say, show_frame

if TYPE_CHECKING:
    from desk.loading import Desk
    from orchestration.pilot_planning import Reckoned

pilot: typer.Typer = typer.Typer(
    help="The pilot: its plan, what the volume can show, and the share of customers the agent answers.",
    no_args_is_help=True,
)
ByOption = Annotated[str, typer.Option(help="Who decides.")]
RoleOption = Annotated[str, typer.Option(help="As which of the roles under 'signers: pilot' in desk.yaml.")]
SHOWN = (
    "group",
    "metric",
    "against",
    "expected_ai",
    "half_width",
    "registered",
    "testable",
    "power",
    "weeks_needed",
    "is_decidable",
)
TEMPLATE = Path(__file__).parent / "templates" / "pilot.yaml"


@pilot.command("init", epilog="Example: `understudy pilot init --start 2026-09-07`")
def init(
    start: Annotated[str, typer.Option(help="First day of the shadow weeks, such as 2026-09-07.")],
    name: Annotated[str, typer.Option("--id", help="The pilot's id.")] = "first-pilot",
    desk: DeskOption = None,
) -> None:
    """Write a plan to start from; nothing that is there is overwritten."""
    with desk_of(desk) as loaded:
        file = loaded.folder / "pilot.yaml"
        if file.exists():
            raise fail(f"{file} is there already; edit it, or move it away first")
        text = TEMPLATE.read_text(encoding="utf-8").replace("START", start).replace("PILOT_ID", name)
        file.write_text(text, encoding="utf-8")
        with _problems():
            from desk.loading import DeskError, read_pilot

            try:
                read_pilot(file)
            except DeskError:
                file.unlink()
                raise
        say(
            [
                f"{file} is written. What it can show: understudy pilot plan. Figures of people, which it needs before it "
                "is signed: understudy pilot baselines --write. Then sign it: understudy sign-off pilot"
            ]
        )


@pilot.command("plan", epilog="Example: `understudy pilot plan --per-week password_reset=120`")
def plan(
    per_week: Annotated[
        list[str] | None,
        typer.Option(help="Tickets a week expected of a category, as category=number, where history says otherwise."),
    ] = None,
    output: Annotated[str, typer.Option("--format", help="table, json or csv.")] = "table",
    desk: DeskOption = None,
) -> None:
    """Say what the ticket volume can and cannot show with the plan on file, before anyone starts."""
    with desk_of(desk) as loaded, _problems():
        from orchestration.pilot_planning import reckon
        from orchestration.pilots import required_pilot

        found = reckon(loaded, required_pilot(loaded), _volumes(per_week or []))
        if output == "table":
            say([*_basis(found), *found.plan.sentences])
        show_frame(found.plan.frame.round(3), SHOWN, output)


@pilot.command("baselines", epilog="Example: `understudy pilot baselines --weeks 12 --write`")
def show_baselines(
    weeks: Annotated[int, typer.Option(help="How many weeks before the pilot count.", min=2, max=104)] = 12,
    write: Annotated[bool, typer.Option("--write", help="Put them into pilot.yaml; that unsigns it.")] = False,
    desk: DeskOption = None,
) -> None:
    """Count from history how people do, as the block 'baselines' of pilot.yaml."""
    with desk_of(desk) as loaded, _problems():
        import yaml

        from orchestration.pilot_planning import baselines, write_baselines
        from orchestration.pilots import required_pilot

        plan = required_pilot(loaded)
        if write:
            found = write_baselines(loaded, plan, weeks)
            say([f"{len(found)} baselines written into {loaded.folder / 'pilot.yaml'}."])
            return
        rows = [one.model_dump(mode="json", exclude_none=True) for one in baselines(loaded, plan, weeks)]
        print(clean(yaml.safe_dump({"baselines": rows}, sort_keys=False, allow_unicode=True)), end="")


@pilot.command(
    "rollout",
    epilog='Example: `understudy pilot rollout "15 %" --by "Ada Moreno" --role "support lead" --reason "shadow is fine"`',
)
def rollout(
    share: Annotated[str, typer.Argument(help="Share of requesters the agent answers, such as 0.15 or '15 %'.")],
    by: ByOption,
    role: RoleOption,
    reason: Annotated[str, typer.Option(help="Why.")],
    desk: DeskOption = None,
) -> None:
    """Begin the rollout, or raise or lower its share; takes effect at once, and stands in the ledger."""
    with desk_of(desk) as loaded, _problems():
        from orchestration.pilots import change_share

        say(change_share(loaded, share, by=by, role=role, reason=reason))


@pilot.command(
    "stop", epilog='Example: `understudy pilot stop --by "Ada Moreno" --role "support lead" --reason "wrong prices"`'
)
def stop(
    by: ByOption,
    role: RoleOption,
    reason: Annotated[str, typer.Option(help="Why.")],
    category: Annotated[
        str | None, typer.Option(help="Stop this category alone, for as long as the pilot lasts.", show_default=False)
    ] = None,
    desk: DeskOption = None,
) -> None:
    """The kill switch: from now on nothing is sent and every new ticket is people's. Works whatever pilot.yaml says."""
    with desk_of(desk) as loaded, _problems():
        from orchestration.kill_switch import stop_one_category, stop_rollouts

        if category is not None:
            say(stop_one_category(loaded, category, by=by, role=role, reason=reason))
        else:
            say(stop_rollouts(loaded, by=by, role=role, reason=reason))


@pilot.command("status", epilog="Example: `understudy pilot status`")
def status(desk: DeskOption = None) -> None:
    """The plan, its signatures, the shares that were set, and the verdict as last published."""
    with desk_of(desk) as loaded, _problems():
        say(pilot_in_words(loaded))


def pilot_in_words(desk: Desk) -> list[str]:
    """Where the pilot stands, as sentences.

    Raises:
        PilotError: there is no plan.
    """
    from desk.pilot import pilot_hash
    from ledger.autonomy import withdrawn_categories
    from ledger.pilots import category_stops
    from orchestration.lake import Lake
    from orchestration.people.sign_offs import signatures_in_words
    from orchestration.pilots import plan_state
    from orchestration.resources import DeskResource

    found, state, shares = plan_state(desk)
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        stops, withdrawn = category_stops(ledger, found.pilot_id), withdrawn_categories(ledger)
    said = [
        f"Pilot '{found.pilot_id}' (plan {pilot_hash(found)[:12]}): shadow from {found.start}, rollout from "
        f"{found.rollout_start} for {found.rollout_weeks} weeks. {signatures_in_words(state)}"
    ]
    said += [
        f"Share {one.share:.1%} from {one.occurred_at:%Y-%m-%d %H:%M} UTC, by {one.by or 'an erased person'} ({one.role})"
        + (f": {one.reason}" if one.reason else "")
        for one in shares
    ]
    said += [
        f"{one.category_id} stopped from {one.occurred_at:%Y-%m-%d %H:%M} UTC, by {one.by or 'an erased person'} "
        f"({one.role})" + (f": {one.reason}" if one.reason else "")
        for one in stops.values()
    ]
    said += [
        f"{one.category_id} lost its autonomy on {one.occurred_at:%Y-%m-%d}" + (f": {one.reason}" if one.reason else "")
        for one in withdrawn.values()
    ]
    lake = Lake(desk.home)
    if lake.file("shadow_answers").is_file():
        answers = lake.read("shadow_answers", ["pilot_id", "mode"])
        counts = answers.loc[answers["pilot_id"] == found.pilot_id, "mode"].value_counts()
        said.append("Answers: " + (", ".join(f"{count:,} in {mode}" for mode, count in counts.items()) or "none yet"))
    if lake.file("pilot_verdict").is_file():
        verdicts = lake.read("pilot_verdict")
        mine = verdicts[verdicts["pilot_id"] == found.pilot_id]
        said += [f"{row.group}: {str(row.verdict).replace('_', ' ')}. {row.reason}" for row in mine.itertuples()]
    return said


def _volumes(given: list[str]) -> dict[str, float]:
    from orchestration.pilots import PilotError

    found = {}
    for one in given:
        name, _, number = one.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            raise PilotError(f"'{one}' is not category=number, such as password_reset=120") from None
        if not 0 <= found[name.strip()] < float("inf"):
            raise PilotError(f"'{one}': give a number of tickets a week, 0 or more")
    return found


def _basis(found: Reckoned) -> list[str]:
    involved = "as replay shows" if found.is_replayed else "assumed, nothing was replayed yet"
    return [
        f"Reckoned with {found.involvement_rate:.0%} of the agent's tickets answered by it ({involved}), "
        f"{found.csat_response_rate:.0%} rated, and the weekly volumes of history or as given."
    ]


@contextmanager
def _problems() -> Iterator[None]:
    """What may go wrong in any of these commands ends it with the sentence that says what to do."""
    from assets.configure_behavior.releases.saved_release import ReleaseError
    from desk.loading import DeskError
    from ledger.errors import LedgerError
    from orchestration.pilots import PilotError

    try:
        yield
    except (DeskError, LedgerError, PilotError, ReleaseError) as error:
        raise fail(str(error)) from error
