"""One unit of knowledge as people write it: front matter and an answer, and the hash that a signature is about.

Belongs here: the shape of an entry, how its words are tidied, its content hash. Does not belong here: reading and
writing files (``knowledge``, ``entry_text``), who accepted what (``ledger``), which entries are live (``assets``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, field_validator, model_validator

from desk.conditions import parse_conditions
from desk.models import Block, Slug

MAX_ID_CHARS = 63
MAX_QUESTION_CHARS = 500
MAX_PHRASING_CHARS = 1_000
MAX_PHRASINGS = 200

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def tidy_words(text: str) -> str:
    """One line of text in its one form: Unicode NFC, no outer spaces, runs of spaces and line ends made one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def tidy_answer(text: str) -> str:
    """An answer in its one form: Unicode NFC, ``\\n`` line ends, no blank lines around it. Inside nothing changes."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").rstrip().split("\n")
    first = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    return "\n".join(lines[first:])


def _date(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, str) and not _DATE.fullmatch(value.strip()):
        raise ValueError("is not a date; write year, month and day, such as 2026-05-31")
    return value.strip() if isinstance(value, str) else value


def _line(value: Any) -> Any:
    if isinstance(value, Mapping | list):
        raise ValueError("must be one line of text; if it holds a colon, put it in quotes")
    return tidy_words(value) if isinstance(value, str) else value


def _line_or_none(value: Any) -> Any:
    tidy = _line(value)
    return None if tidy == "" else tidy


def _short(value: str) -> str:
    if len(value) > MAX_ID_CHARS:
        raise ValueError(f"must have at most {MAX_ID_CHARS} characters; this one has {len(value)}")
    return value


Date = Annotated[dt.date, BeforeValidator(_date)]
Line = Annotated[str, BeforeValidator(_line)]
LineOrNone = Annotated[str | None, BeforeValidator(_line_or_none)]
_CONDITIONS_SCHEMA = {
    "type": "object",
    "default": {},
    "description": "for whom the answer holds, such as {plan: [pro], sso: [true]}; empty: for everybody",
    "additionalProperties": {
        "anyOf": [
            {"type": ["string", "boolean", "number"]},
            {"type": "array", "items": {"type": ["string", "boolean", "number"]}},
        ]
    },
}


class Source(Block):
    """What an entry was drawn from, with the hash it had then."""

    kind: Literal["article", "ticket", "language_model"]
    id: Line = Field(min_length=1, max_length=500)
    hash: LineOrNone = Field(default=None, max_length=128)


class FrontMatter(Block):
    """The settings above the answer in an entry file, between two lines of ``---``."""

    id: Annotated[Slug, AfterValidator(_short)] = Field(description="never changed: signatures and links name it")
    category: Slug = Field(description="id of a category in categories.yaml")
    question: Line = Field(min_length=1, max_length=MAX_QUESTION_CHARS)
    conditions: Annotated[dict[str, list[str]], WithJsonSchema(_CONDITIONS_SCHEMA)] = Field(default={})
    phrasings: list[Line] = Field(default=[], description="other ways customers ask this")
    owner: LineOrNone = Field(
        default=None, max_length=200, description="who answers for it; without one it is not live"
    )
    reviewed_at: Date | None = None
    review_by: Date | None = Field(default=None, description="the last day it counts as reviewed")
    valid_from: Date | None = Field(default=None, description="the first day the answer is right")
    valid_until: Date | None = Field(default=None, description="the last day the answer is right")
    sources: list[Source] = Field(default=[], description="what it was drawn from")
    status: Literal["draft", "accepted", "retired"] = "draft"
    draft_id: LineOrNone = Field(default=None, max_length=128, description="the draft it came from, if any")

    @field_validator("conditions", mode="before")
    @classmethod
    def _one_form(cls, value: Any) -> Any:
        return parse_conditions(value)

    @field_validator("phrasings", "sources", mode="before")
    @classmethod
    def _nothing_is_an_empty_list(cls, value: Any) -> Any:
        return [] if value is None else value

    @field_validator("phrasings", mode="after")
    @classmethod
    def _each_phrasing_once(cls, value: list[str]) -> list[str]:
        kept = list(dict.fromkeys(one for one in value if one))
        if len(kept) > MAX_PHRASINGS:
            raise ValueError(
                f"lists {len(kept)} phrasings; at most {MAX_PHRASINGS} are allowed. Keep the most different"
            )
        if longest := next((one for one in kept if len(one) > MAX_PHRASING_CHARS), None):
            raise ValueError(f"a phrasing has {len(longest):,} characters; at most {MAX_PHRASING_CHARS:,} are allowed")
        return kept

    @model_validator(mode="after")
    def _dates_are_in_order(self) -> FrontMatter:
        for first, last in (("valid_from", "valid_until"), ("reviewed_at", "review_by")):
            start, end = getattr(self, first), getattr(self, last)
            if start is not None and end is not None and end < start:
                raise ValueError(f"{last} ({end}) lies before {first} ({start}); correct one of the two")
        return self


class Entry(FrontMatter):
    """An entry: front matter, the answer in Markdown, and the file it stands in (empty for one not written yet)."""

    answer: str
    file: str = ""

    @field_validator("answer", mode="after")
    @classmethod
    def _has_words(cls, value: str) -> str:
        tidy = tidy_answer(value)
        if not tidy:
            raise ValueError("the answer is empty; write it below the front matter")
        return tidy

    @property
    def content_hash(self) -> str:
        """SHA-256 over the canonical JSON of the semantic fields; what a signature is bound to."""
        return _sha256(self.semantic_fields())

    def semantic_fields(self) -> dict[str, Any]:
        """The fields whose change unsigns an entry, tidied and JSON-ready."""
        return {
            "question": self.question,
            "answer": self.answer,
            "conditions": self.conditions,
            "phrasings": self.phrasings,
            "category": self.category,
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
        }

    def changed(self, **fields: Any) -> Entry:
        """A copy with other values, checked like a new entry. Raises ``pydantic.ValidationError``."""
        return Entry.model_validate({**self.model_dump(), **fields})


def content_hash(
    *,
    question: str,
    answer: str,
    conditions: Mapping[str, Any],
    phrasings: list[str],
    category: str,
    valid_from: dt.date | str | None = None,
    valid_until: dt.date | str | None = None,
) -> str:
    """The content hash of an entry with these fields (64 hex digits), for drafts and frames that hold no ``Entry``.

    Raises ``pydantic.ValidationError`` when they cannot be an entry's.
    """
    entry = Entry(
        id="any",
        category=category,
        question=question,
        answer=answer,
        conditions=dict(conditions),
        phrasings=list(phrasings),
        valid_from=valid_from,  # type: ignore[arg-type]
        valid_until=valid_until,  # type: ignore[arg-type]
    )
    return entry.content_hash


def _sha256(fields: dict[str, Any]) -> str:
    # The same bytes as the ledger's canonical JSON, which a desk may not import; a test holds the two together.
    body = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(body.encode("utf-8")).hexdigest()
