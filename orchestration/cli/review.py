"""``understudy review``: arguments in, words out. What the commands do lives in the modules they call."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration.cli.command import DeskOption, clean, console, desk_of, fail, say, show_frame

if TYPE_CHECKING:
    from desk.loading import Desk
    from ledger.reviews import AnswerReview
    from orchestration.cli.review_session import Hands

review: typer.Typer = typer.Typer(
    help="Judge what the agent drafted and sent: tags, reasons, approvals, and what would have been right.",
    no_args_is_help=True,
)


class Mode(StrEnum):
    """Which answers."""

    shadow = "shadow"
    rollout = "rollout"


class Output(StrEnum):
    """How ``list`` prints."""

    table = "table"
    json = "json"
    csv = "csv"


By = Annotated[str, typer.Option(help="Who reviews.")]
Role = Annotated[str, typer.Option(help="As which of the roles under 'signers: review' in desk.yaml.")]
CategoryOption = Annotated[str | None, typer.Option(help="Only this category.", show_default=False)]
ModeOption = Annotated[Mode | None, typer.Option(help="Only drafts (shadow) or what is sent (rollout).")]
LimitOption = Annotated[int | None, typer.Option(min=1, help="At most so many.", show_default=False)]
Replaces = Annotated[
    bool, typer.Option("--replaces", help="A changed mind: what this reviewer said of the answer before is replaced.")
]
TO_FILL = ("tag", "reason", "comment", "right_answer", "decision", "edited_reply")


@contextmanager
def working(folder: Path | None) -> Iterator[Desk]:
    """The desk, with every mistake a person can correct said in words and ended with exit code 1."""
    from ledger.errors import LedgerError
    from orchestration.people.review_desk import ReviewProblem

    with desk_of(folder) as loaded:
        try:
            yield loaded
        except (ReviewProblem, LedgerError) as problem:
            raise fail(clean(str(problem))) from problem


@review.command("list", epilog="Example: `understudy review list --untagged --format csv > answers.csv`")
def list_answers(
    category: CategoryOption = None,
    mode: ModeOption = None,
    untagged: Annotated[bool, typer.Option("--untagged", help="Only answers that nobody has tagged.")] = False,
    limit: LimitOption = None,
    output: Annotated[
        Output, typer.Option("--format", help="How to print; csv is a sheet to fill in and import.")
    ] = Output.table,
    desk: DeskOption = None,
) -> None:
    """List answers to review, untagged ones first, with what was said of them so far."""
    with working(desk) as loaded:
        from orchestration.cli.spreadsheet_cells import escaped
        from orchestration.people.review_desk import SHOWN_CHARS, listed

        frame = listed(loaded, category=category, mode=mode, only_untagged=untagged)
        frame = frame if limit is None else frame.head(limit)
        if output is Output.table:
            frame["question"] = [" ".join(str(text).split())[:SHOWN_CHARS] for text in frame["question"]]
            frame["asked_at"] = frame["asked_at"].dt.strftime("%Y-%m-%d %H:%M")
            show_frame(frame.drop(columns="reply"), [name for name in frame.columns if name != "reply"])
            return
        if output is Output.csv:
            frame = frame.rename(columns={"tags": "tags_so_far"}).assign(**dict.fromkeys(TO_FILL, ""))
            frame = frame.map(lambda value: escaped(value) if isinstance(value, str) else value)
        show_frame(frame, list(frame.columns), output.value)


@review.command("next", epilog='Example: `understudy review next --by "Noor Haddad" --role reviewer`')
def review_next(
    by: By,
    role: Role,
    category: CategoryOption = None,
    mode: ModeOption = None,
    limit: LimitOption = None,
    second: Annotated[
        bool, typer.Option("--second", help="Answers that somebody else tagged and you did not, to see if you agree.")
    ] = False,
    desk: DeskOption = None,
) -> None:
    """Review answer after answer in the terminal, one key each; every review is recorded at once."""
    if not sys.stdin.isatty():
        raise fail(
            "'review next' asks for keys, and nobody is at this terminal. Use 'understudy review tag' for one answer, or "
            "'understudy review import' for a file."
        )
    with working(desk) as loaded:
        from ledger.events import display_name
        from ledger.signable import require_known_role
        from orchestration.cli.review_session import review_queue
        from orchestration.people.review_desk import queue, review_roles

        require_known_role(role, review_roles(loaded), signs="a review")
        display_name(by)
        waiting = queue(loaded, by, category=category, mode=mode, is_second=second)[:limit]
        if not waiting:
            say(["No answer is waiting for you."])
            return
        count = review_queue(waiting, _hands(loaded, by, role))
        say(
            [f"{count} of {len(waiting)} answers reviewed. They count from the next run on: understudy run pilot_agent"]
        )


@review.command(
    "tag",
    epilog="Example: `understudy review tag 3f9c0a12b4de --tag incorrect --reason outdated --decision reject "
    '--by "Noor Haddad" --role reviewer`',
)
def tag(
    answer_id: Annotated[str, typer.Argument(metavar="ANSWER", help="Id of the answer.")],
    by: By,
    role: Role,
    tag: Annotated[str, typer.Option(help="correct, needs_improvement or incorrect.")],
    reason: Annotated[str | None, typer.Option(help="Why, in one of the known words.", show_default=False)] = None,
    comment: Annotated[str | None, typer.Option(help="Anything worth remembering.", show_default=False)] = None,
    right_answer: Annotated[str | None, typer.Option(help="What would have been right.", show_default=False)] = None,
    decision: Annotated[str | None, typer.Option(help="approve, edit or reject.", show_default=False)] = None,
    edited_reply: Annotated[
        str | None, typer.Option(help="With --decision edit: what is sent instead.", show_default=False)
    ] = None,
    replaces: Replaces = False,
    desk: DeskOption = None,
) -> None:
    """Review one answer: tag it, and as one likes approve, edit or reject its draft."""
    with working(desk) as loaded:
        from ledger.reviews import AnswerReview
        from orchestration.people.review_desk import record

        said = AnswerReview(answer_id, tag, reason, comment, right_answer, decision, edited_reply)
        count = record(loaded, [(by, said)], role=role, source="terminal", replaces=replaces)
        words = ", ".join(one.replace("_", " ") for one in (said.tag, said.reason, said.decision) if one)
        say([f"{by} reviewed answer {answer_id}: {words}." if count else f"{by} said so before; nothing was recorded."])


@review.command("import", epilog='Example: `understudy review import answers.csv --by "Noor Haddad" --role reviewer`')
def import_file(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV with answer_id or ticket_id, tag, and as one likes reason, comment, right_answer, decision, "
            "edited_reply, reviewer. Rows that say nothing are passed over."
        ),
    ],
    by: By,
    role: Role,
    replaces: Replaces = False,
    desk: DeskOption = None,
) -> None:
    """Record the reviews of a file, all or none; every row that is not right is named with its line."""
    with working(desk) as loaded:
        from orchestration.cli.review_file import against_ledger, read_review_file, refuse
        from orchestration.people.review_desk import open_ledger_of, published_answers, record

        found = read_review_file(file, published_answers(loaded), by)
        people: dict[str, list[str]] = {}
        for one in found.reviews:
            people.setdefault(one.by, []).append(one.review.answer_id)
        if not replaces:
            from ledger.reviews import standing_reviews

            with open_ledger_of(loaded) as ledger:
                before = {name: standing_reviews(ledger, ids, name) for name, ids in people.items()}
            refuse(against_ledger(file, found.reviews, before))
        reviewed = [(one.by, one.review) for one in found.reviews]
        count = record(loaded, reviewed, role=role, source="csv", replaces=replaces)
        said = [f"{count:,} reviews recorded, by {', '.join(sorted(people)) or 'nobody'}."]
        if len(reviewed) > count:
            said.append(f"{len(reviewed) - count:,} said what was known already.")
        if found.count_empty:
            said.append(f"{found.count_empty:,} rows say nothing and were passed over.")
        say(said)


def _hands(desk: Desk, by: str, role: str) -> Hands:
    """The terminal and the ledger, as a session uses them."""
    import click

    from ledger.reviews import record_reviews, standing_reviews, withdraw_review
    from orchestration.cli.review_screen import show_answer
    from orchestration.cli.review_session import Hands
    from orchestration.lake import Lake
    from orchestration.people.review_desk import open_ledger_of, review_roles

    live = Lake(desk.home).previous("live_entries")
    entries: dict[str, Any] = {} if live is None else {row["entry_id"]: row for row in live.to_dict("records")}
    before: dict[str, AnswerReview | None] = {}

    def who() -> dict[str, Any]:
        return {"by": by, "role": role, "occurred_at": dt.datetime.now(dt.UTC), "known_roles": review_roles(desk)}

    def keep(said: AnswerReview) -> None:
        with open_ledger_of(desk) as ledger:
            before[said.answer_id] = standing_reviews(ledger, [said.answer_id], by).get(said.answer_id)
            record_reviews(ledger, [said], source="terminal", replaces=True, **who())

    def take_back(answer_id: str) -> None:
        earlier = before.pop(answer_id, None)
        with open_ledger_of(desk) as ledger:
            if earlier is None:
                withdraw_review(ledger, answer_id, **who())
            else:
                record_reviews(ledger, [earlier], source="terminal", replaces=True, **who())

    return Hands(
        key=_key,
        line=lambda question: typer.prompt(question.rstrip(": "), default="", show_default=False),
        edit=lambda text: click.edit(text, extension=".md"),
        show=lambda answer, place: show_answer(answer, entries, place, console),
        say=lambda sentence: say([sentence]),
        record=keep,
        undo=take_back,
    )


def _key(fresh: bool) -> str:
    """One key; what was typed before the answer was on the screen is dropped where ``fresh``."""
    import click

    if fresh:
        try:
            import termios
        except ImportError:  # not on Windows
            pass
        else:
            termios.tcflush(sys.stdin, termios.TCIFLUSH)
    try:
        return click.getchar()
    except (KeyboardInterrupt, EOFError):
        return ""
