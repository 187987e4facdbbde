"""Telling from a file's first bytes whether it holds one JSON record a line, or a list or page over many lines.

Belongs here: that one decision. Does not belong here: reading either form (``json_lines``, ``json_documents``).
"""

from __future__ import annotations

import re
from collections.abc import Collection

HEAD_BYTES = 64 << 10
_QUOTE, _LIST_OPEN, _OBJECT_OPEN = b'"[{'
PLAIN = re.compile(rb'(?:[^"{}\[\]]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+', re.DOTALL)
"""A stretch without brackets outside strings; stops at a string that does not end in the data."""
BLANK = re.compile(rb"[\s\x1e]*+")
SCALAR = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[^\s,\[\]{}":]++', re.DOTALL)
KEY = re.compile(rb'"([^"\\]{0,200})"\s*+:\s*+')


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
        end = _frame_within(head, position) if opener in (b"[", b"{") else _scalar_end(head, position)
        if end is None:
            return False
        position = BLANK.match(head, end).end()  # type: ignore[union-attr]
        if head[position : position + 1] != b",":
            return False
        position = BLANK.match(head, position + 1).end()  # type: ignore[union-attr]
    return False


def _frame_within(data: bytes, start: int) -> int | None:
    depth, position = 0, start
    while True:
        position = PLAIN.match(data, position).end()  # type: ignore[union-attr]
        if position >= len(data) or data[position] == _QUOTE:
            return None
        depth += 1 if data[position] in (_LIST_OPEN, _OBJECT_OPEN) else -1
        position += 1
        if depth == 0:
            return position


def _scalar_end(data: bytes, start: int) -> int | None:
    match = SCALAR.match(data, start)
    return match.end() if match and match.end() < len(data) else None
