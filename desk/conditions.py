"""For whom an entry holds: the form of the conditions that people write.

A condition set is ``dict[str, list[str]]``: allowed values by field. Values of one field are alternatives, all fields
must hold, and no fields means everybody. ``not_plan: [legacy]`` excludes a value of ``plan``. Values are casefolded
text, booleans are ``true`` and ``false``, and operating systems have one name each (``OS_VALUES``).

Does not belong here: whether conditions hold for a reader, or overlap (``assets.build_knowledge.conditions``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

NEGATION = "not_"
OS_VALUES = ("android", "ios", "linux", "mac", "windows")
CLOSED_FIELDS: dict[str, tuple[str, ...]] = {"os": OS_VALUES, "sso": ("false", "true")}
"""Fields whose values are all known, so that "not mac" can be said as what remains."""

Conditions = dict[str, list[str]]

_MAX_FIELDS, _MAX_VALUES, _MAX_CHARS = 20, 100, 200
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,60}")
_OS_WORDS = (
    ("mac", re.compile(r"mac(?:os|intosh|\b)|os ?x\b|darwin")),
    ("ios", re.compile(r"ios\b|ipad(?:os)?\b|iphone")),
    ("android", re.compile(r"android")),
    ("windows", re.compile(r"win(?:dows)?(?: ?(?:xp|vista|nt|me|[\d.]+))?\b")),
    ("linux", re.compile(r"(?:gnu/)?linux|ubuntu|debian|fedora")),
)


def parse_conditions(value: Mapping[str, Any] | None) -> Conditions:
    """Bring conditions that a person or an export wrote into their one form; ``None`` and ``{}`` mean everybody.

    Single values stand for lists of one. Fields and values are casefolded, sorted and without repeats; what a closed
    field excludes (``CLOSED_FIELDS``) is said as the values that remain. What this returns, it returns unchanged.

    Raises:
        ValueError: a sentence that names the field and what is wrong with it.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError("conditions must be a mapping from field to values, such as {plan: [pro], os: [windows]}")
    if len(value) > _MAX_FIELDS:
        raise ValueError(f"conditions name {len(value)} fields; at most {_MAX_FIELDS} are allowed")
    found: dict[str, set[str]] = {}
    for name, given in value.items():
        field = _field(name)
        base = field.removeprefix(NEGATION)
        found.setdefault(field, set()).update(_values(base, given))
    return _settle(found)


def dump_conditions(conditions: Mapping[str, Iterable[str]]) -> str:
    """Canonical JSON text: sorted fields, sorted values; ``{}`` for everybody. Equal conditions give equal text."""
    return json.dumps(
        {field: sorted(set(values)) for field, values in conditions.items()},
        sort_keys=True,
        ensure_ascii=False,
        separators=(", ", ": "),
    )


def load_conditions(text: str) -> Conditions:
    """The reverse of ``dump_conditions``; an empty text means everybody.

    Raises:
        ValueError: the text is not JSON, or not conditions.
    """
    if not text.strip():
        return {}
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"conditions are not valid JSON: {error.msg} at character {error.pos + 1}") from None
    return parse_conditions(value)


def canonical_value(field: str, value: object) -> str:
    """One value as conditions write it: casefolded, single spaces, operating systems by their one name."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = " ".join(str(value).casefold().split())
    if field == "os":
        return next((name for name, words in _OS_WORDS if words.match(text)), text)
    if field in CLOSED_FIELDS and set(CLOSED_FIELDS[field]) == {"true", "false"}:
        return {"yes": "true", "1": "true", "no": "false", "0": "false"}.get(text, text)
    return text


def _field(name: object) -> str:
    text = re.sub(r"[\s-]+", "_", str(name).casefold().strip()) if isinstance(name, str) else ""
    if not _FIELD.fullmatch(text) or text == NEGATION:
        raise ValueError(f"condition field {str(name)[:60]!r}: expected a name of letters, digits and _, such as plan")
    return text


def _values(field: str, given: object) -> set[str]:
    items = list(given) if isinstance(given, list | tuple | set | frozenset) else [given]
    if not items:
        raise ValueError(f"condition {field}: names no value; list the values that are meant, or leave the field out")
    if len(items) > _MAX_VALUES:
        raise ValueError(f"condition {field}: lists {len(items)} values; at most {_MAX_VALUES} are allowed")
    found = set()
    for item in items:
        if not isinstance(item, str | bool | int | float):
            kind = "nothing" if item is None else type(item).__name__
            raise ValueError(f"condition {field}: expected texts, numbers or true/false, found {kind}")
        value = canonical_value(field, item)
        if not value or len(value) > _MAX_CHARS:
            raise ValueError(f"condition {field}: a value is empty or longer than {_MAX_CHARS} characters")
        found.add(value)
    return found


def _settle(found: dict[str, set[str]]) -> Conditions:
    """Take exclusions out of what is allowed, and say what closed fields exclude as what remains."""
    for name in [name for name in found if name.startswith(NEGATION)]:
        base = name.removeprefix(NEGATION)
        if base not in found and base in CLOSED_FIELDS:
            found[base] = set(CLOSED_FIELDS[base])
        if base in found:
            found[base] -= found.pop(name)
            if not found[base]:
                raise ValueError(f"condition {base}: every allowed value is also excluded, so that no reader is meant")
    return {field: sorted(found[field]) for field in sorted(found)}
