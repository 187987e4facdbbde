"""Whether conditions hold for a reader, whether two can meet, and what to ask to know.

The form of conditions (``parse_conditions``, ``dump_conditions``, ``load_conditions``) is the desk's, as people write
it: see ``desk.conditions``. A value such as ``>= 60`` of a field such as ``tb_version`` is a range of versions.

Belongs here: the logic of conditions. Does not belong here: their form (``desk.conditions``), finding conditions in
articles (``articles``) or in a ticket's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from assets.build_knowledge.version_ranges import read_range, read_version
from desk.conditions import (
    CLOSED_FIELDS,
    NEGATION,
    OS_VALUES,
    Conditions,
    canonical_value,
    dump_conditions,
    load_conditions,
    parse_conditions,
)

__all__ = [
    "CLOSED_FIELDS",
    "NEGATION",
    "OS_VALUES",
    "Conditions",
    "applies",
    "canonical_value",
    "deciding_fields",
    "dump_conditions",
    "load_conditions",
    "overlap",
    "parse_conditions",
]

_OS_VERSION = re.compile(r"win(?:dows)? ?(xp|vista|7|8\.1|8|10|11)\b")
_UNKNOWN = frozenset(("", "unknown", "none", "null", "n/a", "nan", "?"))


@dataclass(frozen=True)
class _Allowed:
    """What one condition set asks of one field: one of ``only`` (None: anything) and none of ``never``."""

    only: frozenset[str] | None
    never: frozenset[str]


def applies(conditions: Mapping[str, Iterable[str]], context: Mapping[str, object]) -> bool | None:
    """Whether a reader with this context is meant: yes, no, or None where the context lacks a field that decides.

    A field that excludes the reader decides even where others are unknown. A context's ``os`` may be written freely
    (``Windows 10``); where a condition asks for ``os_version`` it is read from there.
    """
    known = _known(context)
    is_open = False
    for field, allowed in _by_field(conditions).items():
        if field not in known:
            is_open = True
            continue
        value = known[field]
        if allowed.only is not None and not any(_matches(value, one) for one in allowed.only):
            return False
        if any(_matches(value, one) for one in allowed.never):
            return False
    return None if is_open else True


def overlap(a: Mapping[str, Iterable[str]], b: Mapping[str, Iterable[str]]) -> bool:
    """Whether one reader can meet both condition sets."""
    first, second = _by_field(a), _by_field(b)
    for field in first.keys() | second.keys():
        left = first.get(field, _Allowed(None, frozenset()))
        right = second.get(field, _Allowed(None, frozenset()))
        never = left.never | right.never
        if left.only is None and right.only is None:
            if field in CLOSED_FIELDS and never >= set(CLOSED_FIELDS[field]):
                return False
            continue
        if left.only is None or right.only is None:
            only = left.only if left.only is not None else right.only
            assert only is not None
            if not only - never:
                return False
        elif not any(_meet(x, y) for x in left.only - never for y in right.only - never):
            return False
    return True


def deciding_fields(conditions: Iterable[Mapping[str, Iterable[str]]]) -> list[str]:
    """Fields to ask a reader for, to know which of these apply: the one that tells most of them apart first."""
    sets = [_by_field(one) for one in conditions]
    fields = {field for one in sets for field in one}
    return sorted(fields, key=lambda field: (-len({one.get(field) for one in sets}), field))


def _by_field(conditions: Mapping[str, Iterable[str]]) -> dict[str, _Allowed]:
    found: dict[str, _Allowed] = {}
    for name, values in conditions.items():
        field = name.removeprefix(NEGATION)
        before = found.get(field, _Allowed(None, frozenset()))
        if name == field:
            found[field] = _Allowed(frozenset(values), before.never)
        else:
            found[field] = _Allowed(before.only, frozenset(values))
    return found


def _known(context: Mapping[str, object]) -> dict[str, str]:
    known = {}
    for name, value in context.items():
        if value is None or value is pd.NA or value is pd.NaT or value != value:
            continue
        field = re.sub(r"[\s-]+", "_", str(name).casefold().strip())
        text = canonical_value(field, value)
        if text not in _UNKNOWN:
            known[field] = text
        if field == "os" and (match := _OS_VERSION.match(" ".join(str(value).casefold().split()))):
            known.setdefault("os_version", f"windows {match[1]}")
    return known


def _matches(value: str, allowed: str) -> bool:
    """Whether a reader's value is the allowed one, or a version within the allowed range."""
    if value == allowed:
        return True
    wanted = read_range(allowed)
    given = (read_range(value) or read_version(value)) if wanted is not None else None
    return wanted is not None and given is not None and wanted.overlaps(given)


def _meet(x: str, y: str) -> bool:
    if x == y:
        return True
    left, right = read_range(x), read_range(y)
    return left is not None and right is not None and left.overlaps(right)
