"""What a record must be so that everything downstream can rely on it: ids, times, types. Declared, then checked here.

Belongs here: the shape language and the one engine that checks records against it.
Does not belong here: the shapes of one helpdesk (``zendesk_records`` and its siblings).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from assets.audit_tickets.landing.record_values import (
    ID_WORDS,
    describe,
    is_id,
    is_whole_number,
    read_epoch,
    read_id,
    read_time,
)
from assets.audit_tickets.landing.records import BadRecord, CheckedRecord, NestedReject, Problem, RejectReason


@dataclass(frozen=True, slots=True)
class FieldType:
    """A type a field must have when it is present and not null; ``expected`` completes "expected …"."""

    expected: str
    accepts: Callable[[Any], bool]
    is_closed_list: bool = False


TEXT = FieldType("text", lambda v: isinstance(v, str))
BOOL = FieldType("true or false", lambda v: isinstance(v, bool))
WHOLE_NUMBER = FieldType("a whole number", is_whole_number)
NUMBER = FieldType("a number", lambda v: isinstance(v, int | float) and not isinstance(v, bool))
ID = FieldType(ID_WORDS, is_id)
OBJECT = FieldType("an object", lambda v: isinstance(v, dict))
OBJECTS = FieldType("a list of objects", lambda v: isinstance(v, list) and all(isinstance(item, dict) for item in v))
TEXTS = FieldType("a list of texts", lambda v: isinstance(v, list) and all(isinstance(item, str) for item in v))
LINKED = FieldType("an object with an id", lambda v: isinstance(v, dict) and (v.get("id") is None or is_id(v["id"])))


def one_of(*values: str) -> FieldType:
    """One of a closed list of words."""
    allowed = frozenset(values)
    return FieldType(f"one of {', '.join(values)}", lambda v: isinstance(v, str) and v in allowed, is_closed_list=True)


@dataclass(frozen=True, slots=True)
class RecordShape:
    """What one kind of record must look like.

    ``times`` are rewritten to ISO-8601 Z when they come in another readable form; True marks those that must be
    there. ``is_epoch`` says that times are seconds since 1970 and stay so. ``ticket_id`` names the field that
    links to the ticket and must then be there. ``nested`` are lists of records inside: a bad one is taken out and
    set aside, the record around it lands.
    """

    kind: str
    times: Mapping[str, bool]
    types: Mapping[str, FieldType]
    ticket_id: str | None = None
    is_epoch: bool = False
    nested: tuple[NestedShape, ...] = ()
    updated_from: tuple[str, ...] = ("updated_at", "created_at")


@dataclass(frozen=True, slots=True)
class NestedShape:
    """A list of records inside a record, at ``path`` (one or two keys)."""

    path: tuple[str, ...]
    shape: RecordShape


@dataclass(slots=True)
class _Found:
    record_id: str
    ticket_id: str | None
    times: dict[str, datetime] = field(default_factory=dict)


def check_record(value: dict[str, Any], shape: RecordShape) -> CheckedRecord:
    """Check a record and everything nested in it; bad nested records are removed from ``value`` and returned apart.

    A record updated before it was created is tolerated and marked (clocks of merged systems differ).

    Raises:
        BadRecord: the record itself cannot be used.
    """
    found = _check_own_fields(value, shape)
    rejects = [reject for nested in shape.nested for reject in _check_nested(value, nested, found.record_id)]
    times = found.times
    created, updated = times.get("created_at"), times.get("updated_at")
    return CheckedRecord(
        record_kind=shape.kind,
        record_id=found.record_id,
        ticket_id=found.ticket_id if shape.kind != "ticket" else found.record_id,
        updated_at=next((times[name] for name in shape.updated_from if name in times), None),
        payload=as_json(value),
        is_updated_before_created=bool(created and updated and updated < created),
        nested_rejects=rejects,
    )


def as_json(value: Any) -> bytes:
    """The value as compact JSON in UTF-8, keys in their order.

    Raises:
        BadRecord: nested deeper than the databases downstream can read.
    """
    try:
        return orjson.dumps(value)
    except TypeError as error:
        if "Recursion" in str(error):
            raise _too_deep() from None
        if "Integer" in str(error):  # beyond 64 bits: only the standard library writes it exactly
            import json

            try:
                return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
            except RecursionError:
                raise _too_deep() from None
        raise BadRecord(RejectReason.WRONG_TYPE, "holds a value that JSON cannot express") from None


def _too_deep() -> BadRecord:
    return BadRecord(RejectReason.NESTED_TOO_DEEP, "objects and lists are nested more than 250 deep")


def _check_own_fields(value: dict[str, Any], shape: RecordShape) -> _Found:
    found = _Found(read_id(value.get("id"), "id"), None)
    if shape.ticket_id is not None:
        reason = RejectReason.ORPHAN_COMMENT if shape.kind == "comment" else RejectReason.MISSING_FIELD
        found.ticket_id = read_id(value.get(shape.ticket_id), shape.ticket_id, missing=reason)
    for name, is_needed in shape.times.items():
        given = value.get(name)
        if given is None:
            if is_needed:
                raise BadRecord(RejectReason.MISSING_FIELD, f"{name} is missing")
        elif shape.is_epoch:
            found.times[name], number = read_epoch(given, name)
            if number is not given:
                value[name] = number
        else:
            found.times[name], text = read_time(given, name)
            if text is not given:
                value[name] = text
    for name, expected in shape.types.items():
        given = value.get(name)
        if given is not None and not expected.accepts(given):
            is_unknown = expected.is_closed_list and isinstance(given, str)
            reason = RejectReason.UNKNOWN_VALUE if is_unknown else RejectReason.WRONG_TYPE
            raise BadRecord(reason, f"{name}: expected {expected.expected}, found {describe(given)}")
    return found


def _check_nested(value: dict[str, Any], nested: NestedShape, record_id: str) -> list[NestedReject]:
    holder, name = value, nested.path[-1]
    if len(nested.path) == 2:
        inner = value.get(nested.path[0])
        if isinstance(inner, list):  # some exporters drop the envelope
            inner = value[nested.path[0]] = {name: inner}
        if inner is None:
            return []
        if not isinstance(inner, dict):
            value[nested.path[0]] = None
            return [_set_aside(inner, nested.shape.kind, record_id, _wrong_list(nested.path[0], inner))]
        holder = inner
    items = holder.get(name)
    if items is None:
        return []
    if not isinstance(items, list):
        holder[name] = []
        return [_set_aside(items, nested.shape.kind, record_id, _wrong_list(name, items))]
    rejects: list[NestedReject] = []
    kept = []
    for item in items:
        try:
            if not isinstance(item, dict):
                raise BadRecord(RejectReason.NOT_AN_OBJECT, f"expected an object, found {describe(item)}")
            _check_own_fields(item, nested.shape)
            kept.append(item)
        except BadRecord as error:
            rejects.append(_set_aside(item, nested.shape.kind, record_id, error))
    if rejects:
        holder[name] = kept
    return rejects


def _wrong_list(name: str, value: Any) -> BadRecord:
    return BadRecord(RejectReason.WRONG_TYPE, f"{name}: expected a list of objects, found {describe(value)}")


def _set_aside(item: Any, kind: str, record_id: str, error: BadRecord) -> NestedReject:
    given = item.get("id") if isinstance(item, dict) else None
    return NestedReject(
        record_kind=kind,
        record_id=str(given).strip() if is_id(given) else None,
        problem=Problem(error.reason, f"in ticket {record_id}: {error.detail}"),
        raw=as_json(item),
    )
