"""An entry file as text: taking it apart with the line of everything, and writing it so that a person's hand stays.

Belongs here: front matter, body, and changing single settings in place. Does not belong here: what an entry may hold
(``entry``), files and folders (``knowledge``).

Every scalar is read as the text that stands there, so that ``version: 7.10`` stays "7.10"; only nothing is nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from desk.entry import Entry, FrontMatter

FENCE = "---"
FIELDS = tuple(FrontMatter.model_fields)
MAX_DEPTH = 8
_WIDE = 2**30
_NOTHING = {"", "~", "null", "Null", "NULL"}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class EntryTextError(ValueError):
    """The text is no entry: the line (1-based), a code, and a sentence with what to do."""

    def __init__(self, line: int, reason: str, detail: str):
        super().__init__(detail)
        self.line, self.reason, self.detail = line, reason, detail


@dataclass(frozen=True)
class EntryText:
    """A text taken apart. ``head + "".join(lines) + tail`` is the text; the answer's words are in ``body``."""

    head: str
    lines: list[str]
    tail: str
    body: str
    values: dict[str, Any]
    places: dict[tuple[Any, ...], int]
    """1-based line of the file, by path to a setting, such as ``("phrasings", 2)``"""
    blocks: dict[str, tuple[int, int | None]]
    """top-level setting → its index in ``lines``, and the column where its value ends if that is on the same line"""

    def line_of(self, place: list[Any]) -> int:
        """The line of a setting, or of the nearest thing around it."""
        for length in range(len(place), 0, -1):
            if tuple(place[:length]) in self.places:
                return self.places[tuple(place[:length])]
        return 1


def take_apart(text: str) -> EntryText:
    """Split a text into front matter and body, and read the front matter.

    Raises:
        EntryTextError: there is no front matter, or it is not plain YAML settings.
    """
    lines = text.split("\n")
    ended = [line + "\n" for line in lines[:-1]] + lines[-1:]
    if lines[0].removeprefix("\ufeff").rstrip() != FENCE:
        raise EntryTextError(
            1, "no_front_matter", "the file does not begin with a line '---'; begin it so, then settings, then '---'"
        )
    close = next((at for at in range(1, len(lines)) if lines[at].rstrip() == FENCE), None)
    if close is None:
        raise EntryTextError(
            1, "broken_front_matter", "the front matter is not closed; put a line '---' between settings and answer"
        )
    front = ended[1:close]
    values, places, blocks = _read("".join(front))
    tail = "".join(ended[close:])
    return EntryText(ended[0], front, tail, "".join(ended[close + 1 :]), values, places, blocks)


def entry_text(entry: Entry, previous: str | None = None) -> str:
    """The text of an entry's file.

    Given what the file held before, only the settings that differ are rewritten: comments, order, quoting and the
    formatting of an unchanged answer stay byte for byte, so that an unchanged entry gives ``previous`` itself.
    """
    if previous is not None:
        changed = _changed_in_place(entry, previous)
        if changed is not None:
            return changed
    front = "".join(f"{line}\n" for name in FIELDS for line in _setting(entry, name, is_new=True))
    return f"{FENCE}\n{front}{FENCE}\n{entry.answer}\n"


def _changed_in_place(entry: Entry, previous: str) -> str | None:
    """``previous`` with what differs, or None where it cannot be changed without writing it anew."""
    try:
        parts = take_apart(previous)
        before = Entry.model_validate({**parts.values, "answer": parts.body})
    except (EntryTextError, ValidationError):
        return None
    newline = "\r\n" if parts.head.endswith("\r\n") else "\n"
    segments = _segments(parts)
    if segments is None:
        return None
    for at, name in enumerate(FIELDS):
        if getattr(before, name) == getattr(entry, name):
            continue
        lines = [line + newline for line in _setting(entry, name, is_new=name not in segments)]
        if name in segments:
            segments[name] = _kept_comment(parts, name, lines, newline) + _after_value(segments[name])
        else:
            segments = _inserted(segments, name, lines, after=FIELDS[:at])
    tail = parts.tail
    if before.answer != entry.answer:
        fence = parts.tail[: len(parts.tail) - len(parts.body)]
        is_blank_below = parts.body[:2].startswith(("\n", "\r\n"))
        tail = f"{fence}{newline if is_blank_below else ''}{entry.answer.replace(chr(10), newline)}{newline}"
    text = parts.head + "".join(line for lines in segments.values() for line in lines) + tail
    return text if _reads_as(text, entry) else None


def _reads_as(text: str, entry: Entry) -> bool:
    try:
        parts = take_apart(text)
        read = Entry.model_validate({**parts.values, "answer": parts.body, "file": entry.file})
    except (EntryTextError, ValidationError):
        return False
    return read == entry


def _segments(parts: EntryText) -> dict[str, list[str]] | None:
    """The lines of each top-level setting, in order; the key "" holds what stands before the first."""
    starts = sorted((line, name) for name, (line, _) in parts.blocks.items())
    lines = [line for line, _ in starts]
    if len(set(lines)) < len(lines) or (parts.values and not starts):
        return None
    ends = [*lines[1:], len(parts.lines)]
    segments = {"": parts.lines[: lines[0] if lines else len(parts.lines)]}
    for (start, name), end in zip(starts, ends, strict=True):
        segments[name] = parts.lines[start:end]
    return segments


def _after_value(lines: list[str]) -> list[str]:
    """Blank lines and comments between a setting and the next one: they stay."""
    end = len(lines)
    while end > 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return lines[end:]


def _kept_comment(parts: EntryText, name: str, lines: list[str], newline: str) -> list[str]:
    """The new lines of a setting, with the comment that stood behind its one-line value."""
    start, column = parts.blocks[name]
    comment = "" if column is None else parts.lines[start][column:].rstrip()
    if comment.lstrip().startswith("#") and len(lines) == 1:
        return [lines[0].rstrip("\r\n") + comment + newline]
    return lines


def _inserted(
    segments: dict[str, list[str]], name: str, lines: list[str], after: tuple[str, ...]
) -> dict[str, list[str]]:
    behind = next((one for one in reversed(after) if one in segments), "")
    found: dict[str, list[str]] = {}
    for one, kept in segments.items():
        found[one] = kept
        if one == behind:
            found[name] = lines
    return found


def _setting(entry: Entry, name: str, *, is_new: bool) -> list[str]:
    """The lines of one setting, as new files have them."""
    value = getattr(entry, name)
    if name == "draft_id" and value is None and is_new:
        return []
    if name == "conditions":
        shown = {key: [{"true": True, "false": False}.get(one, one) for one in ones] for key, ones in value.items()}
        return [f"conditions: {_flow(shown)}"]
    if name == "sources":
        items = [_flow({key: one for key, one in source.model_dump().items() if one is not None}) for source in value]
    elif isinstance(value, list):
        items = [_scalar(one) for one in value]
    else:
        return [f"{name}: {_scalar(value)}"]
    return [f"{name}:", *(f"  - {item}" for item in items)] if items else [f"{name}: []"]


def _scalar(value: Any) -> str:
    return _dump({"_": value})[len("_: ") :]


def _flow(value: Any) -> str:
    return _dump(value, default_flow_style=True)


def _dump(value: Any, **options: Any) -> str:
    text: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, width=_WIDE, sort_keys=False, **options)
    return text.rstrip("\n")


def _read(front: str) -> tuple[dict[str, Any], dict[tuple[Any, ...], int], dict[str, tuple[int, int | None]]]:
    """Values, lines and blocks of the front matter. Lines of the file: the fence is the first, this the second."""
    places: dict[tuple[Any, ...], int] = {}
    blocks: dict[str, tuple[int, int | None]] = {}
    try:
        events = yaml.parse(front, Loader=_Loader)
        values = _Reader(events, places, blocks).document()
    except yaml.MarkedYAMLError as error:
        # A quote that is never closed is found at the end; the line to correct is where it opens.
        is_at_end = "end of stream" in (error.problem or "")
        mark = (error.context_mark if is_at_end else None) or error.problem_mark or error.context_mark
        raise EntryTextError(
            (mark.line if mark else 0) + 2,
            "broken_front_matter",
            f"not valid YAML: {error.problem or error.context}; text with a colon, '#' or a quote in it needs quotes "
            "around it",
        ) from None
    except yaml.YAMLError as error:
        position = getattr(error, "position", 0) or 0
        raise EntryTextError(
            front[:position].count("\n") + 2,
            "broken_front_matter",
            "the front matter holds a character that YAML does not allow; retype that line",
        ) from error
    return values, places, blocks


class _Reader:
    """Plain values from YAML events. Events, unlike nodes, come without recursion, so that depth can be bounded."""

    def __init__(
        self,
        events: Iterator[Any],
        places: dict[tuple[Any, ...], int],
        blocks: dict[str, tuple[int, int | None]],
    ):
        self._events, self._places, self._blocks = events, places, blocks
        self._make: dict[type, Callable[[Any, tuple[Any, ...]], Any]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.SequenceStartEvent: self._sequence,
            yaml.MappingStartEvent: self._mapping,
        }

    def document(self) -> dict[str, Any]:
        values: Any = None
        count = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                count += 1
                if count > 1:
                    raise _broken(event, "only one block of settings is allowed above the answer")
            elif isinstance(event, (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentEndEvent)):
                continue
            else:
                values = self._value(event, ())
        if values is None:
            return {}
        if not isinstance(values, dict):
            raise EntryTextError(2, "broken_front_matter", "expected 'key: value' lines between the lines of '---'")
        return values

    def _next(self) -> Any:
        return next(self._events)

    def _value(self, event: Any, place: tuple[Any, ...]) -> Any:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _broken(event, "'&' and '*' have a meaning in YAML; put the text in quotes")
        if len(place) > MAX_DEPTH:
            raise _broken(event, "settings are nested too deeply")
        if place:
            self._places.setdefault(place, event.start_mark.line + 2)
        return self._make[type(event)](event, place)

    def _scalar(self, event: Any, place: tuple[Any, ...]) -> str | None:
        return None if event.implicit[0] and event.value in _NOTHING else event.value

    def _sequence(self, event: Any, place: tuple[Any, ...]) -> list[Any]:
        items: list[Any] = []
        while not isinstance(one := self._next(), yaml.SequenceEndEvent):
            items.append(self._value(one, (*place, len(items))))
        return items

    def _mapping(self, event: Any, place: tuple[Any, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        key: Any
        value: Any
        while not isinstance(key := self._next(), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent):
                raise _broken(key, "a setting's name must be one word")
            name = key.value
            if name in found:
                raise _broken(key, f"'{name}' is set twice; keep one of the two")
            start: Any = key.start_mark
            self._places[(*place, name)] = start.line + 2
            value = self._next()
            found[name] = self._value(value, (*place, name))
            if not place and not event.flow_style and start.column == 0:
                end: Any = value.end_mark
                is_one_line = isinstance(value, yaml.ScalarEvent) and end.line == start.line
                self._blocks[name] = (start.line, end.column if is_one_line else None)
        return found


def _broken(event: Any, detail: str) -> EntryTextError:
    return EntryTextError(event.start_mark.line + 2, "broken_front_matter", detail)
