"""Telling from a file's first bytes whether it holds one JSON record a line, or a list or page over many lines.

Belongs here: that one decision. Does not belong here: reading either form (``json_lines``, ``json_documents``).
"""

from __future__ import annotations

import re
from collections.abc import Collection

HEAD_BYTES = 64 << 10
_QUOTE, _LIST_OPEN, _OBJECT_OPEN = b'"[{'
BLANK = re.compile(rb"[\s\x1e]*")
KEY = re.compile(rb'"([^"\\]{0,200})"\s*:\s*')
_MARK = re.compile(rb'["{}\[\]]')
_BARE = re.compile(rb'[^\s,\[\]{}":]+')
_BACKSLASH = ord("\\")
# Strings are passed by hand: one pattern for them needs possessive repeats of groups, which Python before 3.11.5 gets
# wrong (gh-106052), so that whole records would seem damaged.


def next_bracket(data: bytes | bytearray, position: int) -> int:
    """Where the next bracket outside a string stands; the quote of a string without end, or the end of the data."""
    while mark := _MARK.search(data, position):
        if data[mark.start()] != _QUOTE:
            return mark.start()
        end = _string_end(data, mark.start())
        if end is None:
            return mark.start()
        position = end
    return len(data)


def scalar_end(data: bytes | bytearray, start: int) -> int | None:
    """Where the string, number or word at ``start`` ends, so far as the data goes; None: no such, or no end yet."""
    if data[start : start + 1] == b'"':
        return _string_end(data, start)
    bare = _BARE.match(data, start)
    return bare.end() if bare else None


def _string_end(data: bytes | bytearray, start: int) -> int | None:
    position = start + 1
    while (quote := data.find(b'"', position)) >= 0:
        before = quote - 1
        while data[before] == _BACKSLASH:
            before -= 1
        if (quote - before) % 2:
            return quote + 1
        position = quote + 1
    return None


def is_document(head: bytes, sections: Collection[str]) -> bool:
    """Whether a file that begins like this is one list, page or spread-out object, rather than one record a line."""
    head = head.lstrip()
    if head[:1] == b"[":
        return True
    if head[:1] == b"{":
        return head.split(b"\n", 1)[0].strip() == b"{" or begins_page(head, sections)
    first_line = head.split(b"\n", 1)[0]
    return any(re.search(rb'"%s"\s*:\s*\[\s*\{' % re.escape(name.encode()), first_line) for name in sections)


def begins_page(head: bytes, sections: Collection[str]) -> bool:
    """A page names a list of records before it names an id of its own."""
    position = BLANK.match(head, 1).end()  # type: ignore[union-attr]
    while key := KEY.match(head, position):
        name, position = key[1].decode("utf-8", "replace"), key.end()
        if name == "id":
            return False
        opener = head[position : position + 1]
        if name in sections and opener in (b"[", b"{"):
            return True
        end = _frame_within(head, position) if opener in (b"[", b"{") else scalar_end(head, position)
        if end is None or end >= len(head):
            return False
        position = BLANK.match(head, end).end()  # type: ignore[union-attr]
        if head[position : position + 1] != b",":
            return False
        position = BLANK.match(head, position + 1).end()  # type: ignore[union-attr]
    return False


def _frame_within(data: bytes, start: int) -> int | None:
    depth, position = 0, start
    while True:
        position = next_bracket(data, position)
        if position >= len(data) or data[position] == _QUOTE:
            return None
        depth += 1 if data[position] in (_LIST_OPEN, _OBJECT_OPEN) else -1
        position += 1
        if depth == 0:
            return position
