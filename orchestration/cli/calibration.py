"""``understudy calibration``: past tickets whose right answer a person names, so that thresholds rest on it.

Belongs here: choosing the tickets to show, recording what is named. Does not belong here: calibrating
(``assets.configure_behavior.confidence``), how a word is kept (``ledger.labels``).

Naming only tickets that look easy would make the agent look better than it is: the list is every calibration ticket of
a category that may be answered, in an order that has nothing to do with how sure the agent is.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.command import DeskOption, desk_of, fail, say, show_frame
from orchestration.lake import Lake, NotMaterialised
from orchestration.resources import DeskResource

if TYPE_CHECKING:
    import pandas as pd

    from desk.loading import Desk

calibration: typer.Typer = typer.Typer(
    help="Past tickets on which thresholds are certified: say which entry is right where replies do not tell.",
    no_args_is_help=True,
)
COLUMNS = ("ticket_id", "category_id", "label", "entry_ids", "text")


class CalibrationProblem(Exception):
    """Something cannot be named; ``str()`` says why and what to do."""


def tickets_to_name(desk: Desk) -> pd.DataFrame:
    """Frame [calibration ticket of a category that may be answered]: ``COLUMNS``, sorted by ticket.

    ``label`` says where its label comes from (empty: none yet), ``entry_ids`` which entries it says are right.

    Raises:
        CalibrationProblem: the stage before was not run yet.
    """
    lake = Lake(desk.home)
    try:
        intents, texts = lake.read("ticket_intents"), lake.read("ticket_vectors", ["ticket_id", "text"])
        live = lake.read("live_entries", ["entry_id", "content_hash"])
        splits = lake.read("ticket_splits", ["ticket_id", "split"])
    except NotMaterialised as error:
        raise CalibrationProblem(str(error)) from None
    from assets.configure_behavior.confidence.calibration_labels import REVIEW, named_labels
    from ledger.labels import right_entries

    answered = {category.id for category in desk.categories if category.bucket == "automate"}
    calibrates = set(splits.loc[splits["split"] == "calibration", "ticket_id"])
    is_open = intents["predicted_category_id"].isin(answered) & ~intents["is_unknown"].astype(bool)
    frame = intents.loc[is_open & intents["ticket_id"].isin(calibrates), ["ticket_id", "predicted_category_id"]]
    frame = frame.rename(columns={"predicted_category_id": "category_id"}).merge(texts, on="ticket_id")
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        named = named_labels(right_entries(ledger), live, splits).set_index("ticket_id")
    frame["label"] = frame["ticket_id"].map(lambda ticket: REVIEW if ticket in named.index else "")
    frame["entry_ids"] = [
        ", ".join(named.loc[ticket, "entry_ids"]) or "none" if ticket in named.index else ""
        for ticket in frame["ticket_id"]
    ]
    return frame.sort_values("ticket_id", ignore_index=True)[list(COLUMNS)]


def name_tickets(desk: Desk, named: Iterable[tuple[str, list[str]]], by: str, role: str, note: str = "") -> list[str]:
    """Record which entries answer which tickets (none: nothing on file does); all or nothing. Returns what to tell.

    Raises:
        CalibrationProblem: a ticket is not there to be named, or an entry is not live.
        LedgerError: the role may not, or the name is empty.
    """
    from ledger.labels import RightEntry, name_right_entries

    given = list(named)
    known = set(tickets_to_name(desk)["ticket_id"])
    live = Lake(desk.home).read("live_entries", ["entry_id", "content_hash"])
    hashes = dict(zip(live["entry_id"], live["content_hash"], strict=True))
    problems = [
        f"{ticket} is not a calibration ticket of a category that may be answered"
        for ticket, _ in given
        if ticket not in known
    ]
    problems += [
        f"{ticket}: there is no live entry '{name}'" for ticket, names in given for name in names if name not in hashes
    ]
    if problems:
        more = f" (and {len(problems) - 5} more)" if len(problems) > 5 else ""
        raise CalibrationProblem("nothing was recorded: " + "; ".join(problems[:5]) + more)
    with DeskResource(folder=str(desk.folder)).ledger as ledger:
        name_right_entries(
            ledger,
            [RightEntry(ticket, tuple((name, hashes[name]) for name in names)) for ticket, names in given],
            by=by,
            role=role,
            occurred_at=dt.datetime.now(dt.UTC),
            known_roles=desk.settings.signers["knowledge"],
            note=note or None,
        )
    return [f"{by} named the right answer of {len(given)} tickets. Run: understudy run configure_behavior"]


@calibration.command("list", epilog="Example: `understudy calibration list --format csv > tickets.csv`")
def list_tickets(
    output: Annotated[str, typer.Option("--format", help="table, json or csv.")] = "table", desk: DeskOption = None
) -> None:
    """List the calibration tickets of categories that may be answered, and what was named so far."""
    if output not in ("table", "json", "csv"):
        raise fail(f"'{output}' is no way to print; there are table, json and csv")
    with desk_of(desk) as loaded:
        try:
            frame = tickets_to_name(loaded)
        except CalibrationProblem as error:
            raise fail(str(error)) from error
        if output == "table":
            frame["text"] = [" ".join(str(text).split())[:160] for text in frame["text"]]
        show_frame(frame, COLUMNS, output)


@calibration.command(
    "name", epilog='Example: `understudy calibration name labels.csv --by "Ada Moreno" --role "knowledge owner"`'
)
def name(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV with ticket_id and entry_ids: ids parted by commas, or none. Other columns are ignored."
        ),
    ],
    by: Annotated[str, typer.Option(help="Who says so.")],
    role: Annotated[str, typer.Option(help="As which of the roles under 'signers: knowledge' in desk.yaml.")],
    note: Annotated[str, typer.Option(help="Anything worth remembering.")] = "",
    desk: DeskOption = None,
) -> None:
    """Name the right entries of calibration tickets, from a file; rows with empty entry_ids are passed over."""
    from ledger.errors import LedgerError

    with desk_of(desk) as loaded:
        try:
            say(name_tickets(loaded, read_named_tickets(file), by, role, note))
        except (CalibrationProblem, LedgerError) as error:
            raise fail(str(error)) from error


def read_named_tickets(file: Path) -> list[tuple[str, list[str]]]:
    """Tickets with their right entries, as a person wrote them.

    Raises:
        CalibrationProblem: the file is not there, is no CSV in UTF-8, or lacks a column.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            if absent := {"ticket_id", "entry_ids"} - set(reader.fieldnames or []):
                raise CalibrationProblem(f"{file}:1: lacks the column {', '.join(sorted(absent))}")
            rows = [(row["ticket_id"].strip(), (row["entry_ids"] or "").strip()) for row in reader if row["ticket_id"]]
    except OSError as error:
        raise CalibrationProblem(f"{file}: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise CalibrationProblem(f"{file}: is no CSV in UTF-8: {error}") from error
    return [
        (ticket, [] if said.casefold() == "none" else [one.strip() for one in said.split(",") if one.strip()])
        for ticket, said in rows
        if said
    ]
