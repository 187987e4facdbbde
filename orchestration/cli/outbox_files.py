"""The outbox as it is this minute, the files it is handed over in, and what came of them.

Belongs here: putting the outbox together from the lake and the ledger, writing JSON lines and CSV, reading back what was
delivered. Does not belong here: which reply may go (``assets.pilot_agent.answers.outbox``), arguments (``outbox``).

Nothing published is trusted with whether the rollout runs: its share is read from the ledger at every call.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.cli.spreadsheet_cells import escaped, unescaped
from orchestration.lake import Lake, NotMaterialised, replacing
from orchestration.people.review_desk import ReviewProblem, judged, open_ledger_of, published_answers, review_roles

if TYPE_CHECKING:
    import pandas as pd

    from desk.loading import Desk
    from ledger.store import Ledger

COLUMNS = (
    "answer_id", "ticket_id", "helpdesk", "helpdesk_ticket_id", "mode", "action", "reply", "approved_by", "ready_at",
)  # fmt: skip
FORMATS = (".jsonl", ".csv")
MAX_BYTES = 100_000_000


def outbox_now(desk: Desk) -> pd.DataFrame:
    """``frames.OUTBOX`` with approvals, deliveries and the rollout's share as the ledger has them now.

    Raises:
        ReviewProblem: there are no answers yet.
    """
    with open_ledger_of(desk) as ledger:
        return _outbox(desk, ledger)


def export_outbox(desk: Desk, file: Path) -> list[str]:
    """Write what is ready, one reply a line, in place of what the file held; returns what to tell.

    ``.jsonl`` holds every text as it is. In ``.csv`` a cell that a spreadsheet would run begins with an apostrophe.

    Raises:
        ReviewProblem: there are no answers yet, or the file is neither.
    """
    if file.suffix not in FORMATS:
        raise ReviewProblem(f"'{file.name}' names no format; give a file that ends in {' or '.join(FORMATS)}")
    found = outbox_now(desk)
    ready = _with_helpdesk_ids(desk, found[found["status"] == "ready"])
    rows = [_plain(row) for row in ready[list(COLUMNS)].to_dict("records")]
    try:
        with replacing(file) as temporary, temporary.open("w", encoding="utf-8", newline="") as handle:
            if file.suffix == ".jsonl":
                handle.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            else:
                writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
                writer.writeheader()
                writer.writerows({name: escaped(value or "") for name, value in row.items()} for row in rows)
    except OSError as error:
        raise ReviewProblem(f"{file}: {error.strerror}") from error
    said = [f"{len(rows):,} replies ready to send: {file}"]
    if count := int((found["status"] == "withheld").sum()):
        said.append(
            f"{count:,} replies are withheld: the rollout is stopped, they were rejected, a person answered first, or the customer wrote again."
        )
    if rows:
        said.append(f"Once they are sent, say so: understudy outbox delivered {file}")
    return said


def record_deliveries(desk: Desk, file: Path, *, by: str, role: str) -> list[str]:
    """Record that the replies of a file were sent, all or none; returns what to tell.

    Of a line answer_id is needed; reply, where it is there, is kept as what was sent.

    Raises:
        ReviewProblem: the file cannot be read, or names an answer that is not there. LedgerError: the role may not.
    """
    from assets.pilot_agent.answers.frames import CONTROL
    from ledger.deliveries import record_delivery

    sent = _read_sent(file)
    answers = published_answers(desk)
    modes = dict(zip(answers["answer_id"], answers["mode"], strict=True))
    problems = [
        f"{file}:{line}: {f'there is no answer {one[:80]!r}' if one not in modes else f'answer {one} is never sent: control arm'}"
        for line, one, _ in sent
        if modes.get(one, CONTROL) == CONTROL
    ]
    if problems:
        raise ReviewProblem("\n".join(["nothing was recorded", *problems]))
    with open_ledger_of(desk) as ledger:
        before = _outbox(desk, ledger).set_index("answer_id")["status"].to_dict()
        events = record_delivery(
            ledger,
            [one for _, one, _ in sent],
            by=by,
            role=role,
            occurred_at=dt.datetime.now(dt.UTC),
            known_roles=review_roles(desk),
            replies={one: reply for _, one, reply in sent if reply},
        )
    said = [f"{len(events):,} deliveries recorded."]
    if known := len({one for _, one, _ in sent}) - len(events):
        said.append(f"{known:,} were recorded before.")
    odd = sorted({event.subject_hash for event in events if before.get(event.subject_hash) != "ready"})
    if odd:
        more = f" and {len(odd) - 5} more" if len(odd) > 5 else ""
        said.append(f"note: sent although nothing had released them: {', '.join(odd[:5])}{more}")
    return said


def _outbox(desk: Desk, ledger: Ledger) -> pd.DataFrame:
    from assets.pilot_agent.answers.outbox import answered_by_people, outbox
    from ledger.autonomy import category_holds, restored_categories
    from ledger.deliveries import deliveries
    from ledger.pilots import sending_since

    found = judged(desk, ledger)
    comments = Lake(desk.home).previous("fct_ticket_comments")
    answered = {} if comments is None else answered_by_people(comments)
    return outbox(
        found.answers, found.reviews, deliveries(ledger), lambda pilot: sending_since(ledger, pilot), answered,
        lambda pilot: category_holds(ledger, pilot),
        {name: one.occurred_at for name, one in restored_categories(ledger).items()},
    )  # fmt: skip


def _with_helpdesk_ids(desk: Desk, ready: pd.DataFrame) -> pd.DataFrame:
    """The helpdesk's own id of each ticket beside ours: what an adapter asks for."""
    try:
        tickets = Lake(desk.home).read("fct_tickets", ["ticket_id", "source", "helpdesk_ticket_id"])
    except NotMaterialised as error:
        raise ReviewProblem(str(error)) from None
    return ready.merge(tickets.rename(columns={"source": "helpdesk"}), on="ticket_id", how="left")


def _plain(row: dict[Any, Any]) -> dict[str, str | None]:
    import pandas as pd

    return {
        str(name): None if pd.isna(value) else value.isoformat() if isinstance(value, pd.Timestamp) else str(value)
        for name, value in row.items()
    }


def _read_sent(file: Path) -> list[tuple[int, str, str | None]]:
    """Line, answer and reply of every row."""
    if file.suffix not in FORMATS:
        raise ReviewProblem(f"'{file.name}' names no format; give a file that ends in {' or '.join(FORMATS)}")
    try:
        if file.stat().st_size > MAX_BYTES:
            raise ReviewProblem(f"{file}: is larger than {MAX_BYTES:,} bytes; part it into several files")
        with file.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(_json_rows(file, handle) if file.suffix == ".jsonl" else _csv_rows(file, handle))
    except OSError as error:
        raise ReviewProblem(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ReviewProblem(f"{file}: is not UTF-8 text (byte {error.start})") from error
    if not rows:
        raise ReviewProblem(f"{file}: names no answer, so nothing was recorded")
    return rows


def _json_rows(file: Path, handle: Iterable[str]) -> Iterable[tuple[int, str, str | None]]:
    for line, text in enumerate(handle, start=1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ReviewProblem(f"{file}:{line}: is no JSON: {error}") from error
        if not isinstance(row, dict) or not isinstance(row.get("answer_id"), str):
            raise ReviewProblem(f"{file}:{line}: names no answer_id")
        reply = row.get("reply")
        yield line, row["answer_id"].strip(), reply if isinstance(reply, str) else None


def _csv_rows(file: Path, handle: Iterable[str]) -> Iterable[tuple[int, str, str | None]]:
    reader = csv.DictReader(handle, strict=True)
    line = 1
    try:
        if "answer_id" not in (reader.fieldnames or []):
            raise ReviewProblem(f"{file}:1: lacks the column answer_id")
        line = reader.line_num + 1
        for row in reader:
            if not (row["answer_id"] or "").strip():
                raise ReviewProblem(f"{file}:{line}: names no answer_id")
            reply = row.get("reply")
            yield line, row["answer_id"].strip(), unescaped(reply) if reply else None
            line = reader.line_num + 1
    except csv.Error as error:
        raise ReviewProblem(f"{file}:{line}: the row that begins here is no CSV: {error}") from error
