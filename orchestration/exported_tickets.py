"""Helpdesk exports to tickets and comments without a desk: for benchmarks on anybody's files.

The same landing, SQL and text reading as in a desk, in a folder that is thrown away. Does not belong here: what is
measured on the tickets.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from glob import glob
from pathlib import Path

import pandas as pd
from upath import UPath

MODELS = ("+fct_tickets", "+fct_ticket_comments", "+int_comment_texts")
Progress = Callable[[str, int, int], None]


class ExportedTicketsError(Exception):
    """The exports cannot be read as tickets; ``str()`` says why and what to do."""


@dataclass(frozen=True)
class ExportedTickets:
    """What exports hold.

    ``tickets``: ticket_id, requester_id, created_at, locale, subject, message (what the requester wrote first),
    context (dict of the fields that were recognised, such as os). ``comments``: ticket_id, comment_id, author_role,
    is_public, created_at, text (links kept).
    """

    tickets: pd.DataFrame
    comments: pd.DataFrame


def read_exported_tickets(pattern: str, on_progress: Progress | None = None) -> ExportedTickets:
    """Read every export that matches a path or glob; Zendesk, Freshdesk, Intercom, or CSV that can be mapped.

    Raises:
        ExportedTicketsError: nothing matches, or what matches holds no tickets.
    """
    from orchestration.cli.scaffold import ScaffoldError, scaffold

    paths = export_paths(pattern)
    with tempfile.TemporaryDirectory(prefix="understudy-") as folder:
        inbox = Path(folder) / "inbox"
        inbox.mkdir()
        for number, path in enumerate(paths):
            name = path.name if len({one.name for one in paths}) == len(paths) else f"{number:04d}-{path.name}"
            (inbox / name).symlink_to(path)
        try:
            scaffold(Path(folder) / "desk", inbox, None, None)
        except ScaffoldError as error:
            raise ExportedTicketsError(f"{pattern}: {error}") from error
        home = Path(folder) / "home"
        _land(Path(folder) / "desk", home, on_progress)
        _run_dbt(home)
        return _read(home, on_progress)


def export_paths(pattern: str) -> list[Path]:
    """Files a path or glob names; a folder stands for what lies in it.

    Raises:
        ExportedTicketsError: there is nothing.
    """
    place = Path(pattern).expanduser()
    found = sorted(place.iterdir()) if place.is_dir() else [Path(one) for one in sorted(glob(str(place)))]
    found = [one.absolute() for one in found if not one.name.startswith(".")]
    if not found:
        raise ExportedTicketsError(f"{pattern}: nothing is there. Give a file, a folder or a quoted glob of exports.")
    return found


def _land(desk_folder: Path, home: Path, on_progress: Progress | None) -> None:
    from assets.audit_tickets.desk_tables import accepted_categories, desk_fields, desk_markers
    from assets.audit_tickets.landing.exports import find_exports, identify_export
    from assets.audit_tickets.landing.land_export import land_export_to_parquet
    from assets.audit_tickets.landing.records import UnreadableExport
    from desk.loading import load_desk
    from orchestration.lake import PARTITIONED, Lake, write_parquet

    desk, lake = load_desk(desk_folder), Lake(home)
    lake.prepare()
    mappings = {helpdesk.name: helpdesk.mapping for helpdesk in desk.settings.helpdesks}
    exports = find_exports(desk.inbox, desk.settings.helpdesks).exports
    landed = 0
    for number, export in enumerate(exports):
        export_id = identify_export(export.path)
        try:
            manifest = land_export_to_parquet(
                export.path,
                **{name: UPath(lake.partition_file(name, export_id)) for name in PARTITIONED},
                export_id=export_id,
                helpdesk_kind=export.helpdesk_kind,
                source=export.source,
                mapping=mappings[export.source],
            )
        except UnreadableExport as error:
            raise ExportedTicketsError(str(error)) from error
        landed += manifest.records_landed
        if on_progress is not None:
            on_progress("reading exports", number + 1, len(exports))
    if not landed:
        raise ExportedTicketsError("no ticket could be read from these files; are they helpdesk exports?")
    for name, frame in (
        ("desk_fields", desk_fields(desk.settings)),
        ("desk_markers", desk_markers(desk.settings)),
        ("accepted_categories", accepted_categories(desk.categories)),
    ):
        write_parquet(frame, lake.file(name))


def _run_dbt(home: Path) -> None:
    from orchestration.dbt import PROJECT, dbt_executable

    environment = {
        **os.environ,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "UNDERSTUDY_HOME": str(home),
        "DBT_TARGET_PATH": str(home / "dbt" / "target"),
        "DBT_LOG_PATH": str(home / "dbt" / "logs"),
    }
    command = [str(dbt_executable()), "--quiet", "--no-use-colors", "run", "--select", *MODELS]
    command += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ExportedTicketsError(f"the tickets could not be put in order:\n{done.stdout[-2000:]}{done.stderr[-500:]}")


def _read(home: Path, on_progress: Progress | None) -> ExportedTickets:
    from assets.audit_tickets.texts.html_text import body_to_text
    from orchestration.lake import Lake

    lake = Lake(home)
    columns = ["ticket_id", "requester_id", "created_at", "locale", "context", "is_spam", "is_deleted"]
    tickets = lake.read("fct_tickets", columns)
    tickets = tickets[~tickets["is_spam"].fillna(False) & ~tickets["is_deleted"].fillna(False)]
    texts = lake.read("int_comment_texts")
    order = lake.read("fct_ticket_comments", ["comment_id", "position"])
    comments = texts.merge(order, on="comment_id").sort_values(["ticket_id", "position"], ignore_index=True)
    bodies = zip(comments["body_html"], comments["body_text"], strict=True)
    read = []
    for number, (html, text) in enumerate(bodies):
        read.append(body_to_text(_text_or_none(html), _text_or_none(text)))
        if on_progress is not None and number % 1000 == 0:
            on_progress("reading messages", number, len(comments))
    comments["text"] = read
    return ExportedTickets(_with_messages(tickets, comments), _comments(comments))


def _with_messages(tickets: pd.DataFrame, comments: pd.DataFrame) -> pd.DataFrame:
    subjects = comments.loc[comments["subject"].notna()].drop_duplicates("ticket_id").set_index("ticket_id")["subject"]
    asked = comments[(comments["author_role"] == "requester") & comments["is_public"].astype(bool)]
    first = asked.drop_duplicates("ticket_id").set_index("ticket_id")["text"]
    frame = tickets[["ticket_id", "requester_id", "created_at", "locale"]].copy()
    frame["subject"] = frame["ticket_id"].map(subjects).fillna("")
    frame["message"] = frame["ticket_id"].map(first).fillna("")
    frame["context"] = pd.Series([_context(text) for text in tickets["context"]], index=frame.index, dtype="object")
    return frame.sort_values("ticket_id", ignore_index=True)


def _comments(comments: pd.DataFrame) -> pd.DataFrame:
    kept = comments[["ticket_id", "comment_id", "author_role", "is_public", "created_at", "text"]].copy()
    kept["created_at"] = pd.to_datetime(kept["created_at"], utc=True)
    return kept.reset_index(drop=True)


def _context(text: object) -> dict[str, str]:
    values = json.loads(text) if isinstance(text, str) and text else {}
    return {str(name): str(value) for name, value in values.items() if isinstance(value, str | bool | int | float)}


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None
