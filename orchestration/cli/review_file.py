"""A CSV of reviews as people fill it in: read whole, every bad row named with its line.

Belongs here: rows to reviews. Does not belong here: recording them (``review_desk``), what contradicts what
(``ledger.reviews``).

Cells are text whatever they look like; an apostrophe that keeps a spreadsheet from running one is taken off.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.cli.spreadsheet_cells import unescaped
from orchestration.people.review_desk import ReviewProblem, not_reviewable

if TYPE_CHECKING:
    import pandas as pd

    from ledger.reviews import AnswerReview

SAID = ("tag", "reason", "comment", "right_answer", "decision", "edited_reply")
COLUMNS = ("answer_id", "ticket_id", *SAID, "reviewer")
MAX_BYTES = 50_000_000


@dataclass(frozen=True)
class FileReview:
    """One row: the line it begins on, who reviews, and what is said."""

    line: int
    by: str
    review: AnswerReview


@dataclass(frozen=True)
class ReviewFile:
    """The rows that say something, and how many say nothing."""

    reviews: list[FileReview]
    count_empty: int


def read_review_file(file: Path, answers: pd.DataFrame, by: str) -> ReviewFile:
    """Read the reviews of a file.

    Args:
        file: CSV in UTF-8, parted by commas, semicolons or tabs: answer_id or ticket_id (its last answer), tag, and as one
            likes reason, comment, right_answer, decision, edited_reply, reviewer. Other columns are ignored.
        answers: ``frames.ANSWER``.
        by: who reviews where the row names nobody.

    Raises:
        ReviewProblem: the file cannot be read, or rows are bad; all of them are named.
    """
    from ledger.errors import LedgerError
    from ledger.events import display_name
    from ledger.reviews import AnswerReview

    last_of, ticket_of = _last_answers(answers), dict(zip(answers["answer_id"], answers["ticket_id"], strict=True))
    found: list[FileReview] = []
    problems: list[str] = []
    count_empty = 0
    for line, row, mistake in _rows(file):
        said = {name: row[name] for name in SAID if row.get(name)}
        if mistake is None and not said:
            count_empty += 1
            continue
        try:
            if mistake is not None:
                raise ReviewProblem(mistake)
            answer_id = _answer_of(row, last_of, ticket_of)
            if "tag" not in said:
                raise ReviewProblem(f"says something of answer {answer_id}, but gives no tag")
            who = display_name(row.get("reviewer") or by)
            found.append(FileReview(line, who, AnswerReview(answer_id, **said)))  # type: ignore[arg-type]
        except (ReviewProblem, LedgerError) as problem:
            problems.append(f"{file}:{line}: {problem}")
    ids = [one.review.answer_id for one in found]
    for one, why in zip(found, not_reviewable(answers, ids), strict=True):
        problems += [f"{file}:{one.line}: {why}"] if why else []
    problems += _quarrels(file, found)
    refuse(problems)
    return ReviewFile(found, count_empty)


def against_ledger(
    file: Path, found: list[FileReview], said_before: Mapping[str, Mapping[str, AnswerReview]]
) -> list[str]:
    """One sentence for each row that contradicts what its reviewer said before.

    Args:
        said_before: reviewer to answer to what stands, by the name as the file spells it.
    """
    from ledger.reviews import contradiction

    problems = []
    for one in found:
        stands = said_before.get(one.by, {}).get(one.review.answer_id)
        if stands is not None and (quarrel := contradiction(stands, one.review)):
            problems.append(
                f"{file}:{one.line}: {one.by} has reviewed answer {one.review.answer_id} before: that makes {quarrel}; "
                "add --replaces if the file is right"
            )
    return problems


def refuse(problems: list[str]) -> None:
    """Raise ``ReviewProblem`` naming them all, if there are any."""
    if problems:
        rows = "1 row is" if len(problems) == 1 else f"{len(problems):,} rows are"
        raise ReviewProblem("\n".join([f"nothing was recorded: {rows} not right", *problems]))


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str], str | None]]:
    """Each row with the line it begins on, its cells, and what is wrong with it as a row."""
    try:
        if file.stat().st_size > MAX_BYTES:
            raise ReviewProblem(f"{file}: is larger than {MAX_BYTES:,} bytes; part it into several files")
        with file.open(encoding="utf-8-sig", newline="") as handle:
            first = handle.readline()
            handle.seek(0)
            yield from _cells(file, csv.reader(handle, delimiter=_delimiter(first), strict=True))
    except OSError as error:
        raise ReviewProblem(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ReviewProblem(f"{file}: is not UTF-8 text (byte {error.start}); save it as CSV in UTF-8") from error


def _cells(file: Path, reader: Iterator[list[str]]) -> Iterator[tuple[int, dict[str, str], str | None]]:
    header: list[str] = []
    line = 1
    while True:
        line = reader.line_num + 1  # type: ignore[attr-defined]
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            raise ReviewProblem(f"{file}:{line}: the row that begins here is no CSV: {error}") from error
        if not header:
            header = _header(file, line, cells)
            continue
        if not any(cell.strip() for cell in cells):
            continue
        row = {name: unescaped(cell.strip()).strip() for name, cell in zip(header, cells, strict=False)}
        is_whole = len(cells) == len(header)
        yield line, row, None if is_whole else f"has {len(cells)} cells; the header names {len(header)}"
    if not header:
        raise ReviewProblem(f"{file}:1: is empty; its first line names the columns, such as answer_id,tag,reason")


def _header(file: Path, line: int, cells: list[str]) -> list[str]:
    header = [cell.strip().casefold() for cell in cells]
    if "tag" not in header or not {"answer_id", "ticket_id"} & set(header):
        raise ReviewProblem(f"{file}:{line}: needs the columns tag and answer_id (or ticket_id) in its first line")
    if twice := sorted({name for name in header if name in COLUMNS and header.count(name) > 1}):
        raise ReviewProblem(f"{file}:{line}: names the column {twice[0]} twice; keep one")
    return header


def _delimiter(header: str) -> str:
    from assets.audit_tickets.landing.csv_rows import find_delimiter

    return find_delimiter(header.encode("utf-8", "replace"), frozenset(COLUMNS))


def _answer_of(row: Mapping[str, str], last_of: Mapping[str, str], ticket_of: Mapping[str, str]) -> str:
    answer_id, ticket_id = row.get("answer_id", ""), row.get("ticket_id", "")
    if answer_id:
        if ticket_id and ticket_of.get(answer_id, ticket_id) != ticket_id:
            raise ReviewProblem(f"answer {answer_id} belongs to ticket {ticket_of[answer_id]}, not to {ticket_id[:80]}")
        return answer_id
    if not ticket_id:
        raise ReviewProblem("names neither an answer nor a ticket")
    if ticket_id not in last_of:
        raise ReviewProblem(f"there is no answer to ticket '{ticket_id[:80]}'")
    return last_of[ticket_id]


def _last_answers(answers: pd.DataFrame) -> dict[str, str]:
    """Ticket to the answer that a review of the ticket means: the last one that people judge."""
    from assets.pilot_agent.answers.answer_reviews import reviewable

    ordered = reviewable(answers).sort_values(["asked_at", "turn", "answer_id"])
    return dict(zip(ordered["ticket_id"], ordered["answer_id"], strict=True))


def _quarrels(file: Path, found: list[FileReview]) -> list[str]:
    from ledger.events import name_key
    from ledger.reviews import contradiction

    problems = []
    first: dict[tuple[str, str], FileReview] = {}
    for one in found:
        earlier = first.setdefault((name_key(one.by), one.review.answer_id), one)
        if quarrel := contradiction(earlier.review, one.review):
            problems.append(
                f"{file}:{one.line}: contradicts line {earlier.line}: {one.by} gives answer {one.review.answer_id} "
                f"{quarrel}; keep one of the two"
            )
    return problems
