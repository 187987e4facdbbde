"""Changing a YAML file without moving what people wrote between its lines.

Belongs here: comments and blank lines, which ``ruamel.yaml`` keeps with the line before them, so that whatever is added at
the end of a block would come after the next block's heading. Does not belong here: what any file says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark
from ruamel.yaml.tokens import CommentToken


def commented(value: Any) -> Any:
    """A plain value as the round-trip loader would have read it; a list within a list stands on one line."""
    if isinstance(value, dict):
        return CommentedMap({name: commented(one) for name, one in value.items()})
    if not isinstance(value, list | tuple):
        return value
    made = CommentedSeq([commented(one) for one in value])
    for one in made:
        if isinstance(one, CommentedSeq):
            one.fa.set_flow_style()
    return made


@contextmanager
def tail_kept(block: Any) -> Iterator[None]:
    """While a block is changed: what stands after its last line stays after what is its last line then."""
    tail = _take_tail(block)
    yield
    if tail:
        _put_tail(block, tail)


def put_items(items: CommentedSeq, was: Sequence[Any], now: Sequence[Any], given: Sequence[Any]) -> None:
    """Give a list other items: those that stay are written as they were, with what people wrote beside them.

    Args:
        was, now: the items before and after, in a form in which equal ones are equal.
        given: those of ``now`` as they are to be written where they are new.
    """
    tail = _take_tail(items)
    written, comments = list(items), dict(items.ca.items)
    from_place = [was.index(one) if one in was else None for one in now]
    while len(items):
        items.pop()
    items.ca.items.clear()
    items.extend(
        commented([new])[0] if place is None else written[place] for new, place in zip(given, from_place, strict=True)
    )
    items.ca.items.update({at: comments[place] for at, place in enumerate(from_place) if place in comments})
    if tail:
        _put_tail(items, tail)


def _take_tail(block: Any) -> str:
    """Take off what stands after a block's last line; a remark on that line itself stays with it."""
    place = _last_line(block)
    if place is None:
        return ""
    node, key, at = place
    kept = node.ca.items.get(key)
    token = kept[at] if kept and len(kept) > at else None
    if token is None or not isinstance(token.value, str):
        return ""
    remark, end, rest = token.value.partition("\n")
    if not rest:
        return ""
    if remark.strip():
        token.value = remark + end
        return "\n" + rest
    kept[at] = None
    if not any(kept):
        del node.ca.items[key]
    return str(end + rest)


def _put_tail(block: Any, tail: str) -> None:
    place = _last_line(block)
    if place is None:
        return
    node, key, at = place
    kept = node.ca.items.setdefault(key, [None, None, None, None] if isinstance(node, CommentedMap) else [None, None])
    if kept[at] is None:
        kept[at] = CommentToken(tail, CommentMark(0), None)
    else:
        kept[at].value = kept[at].value.rstrip("\n") + tail


def _last_line(node: Any) -> tuple[Any, Any, int] | None:
    """Where ``ruamel.yaml`` keeps what comes after a block's last line: mapping or list, key, and place there."""
    found = None
    while isinstance(node, CommentedMap | CommentedSeq) and len(node) and not node.fa.flow_style():
        is_map = isinstance(node, CommentedMap)
        key = list(node)[-1] if is_map else len(node) - 1
        found = (node, key, 2 if is_map else 0)
        node = node[key]
    return found
