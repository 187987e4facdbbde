"""What changed between two versions of a behavior spec, in words.

Belongs here: comparing two specs. Does not belong here: which versions are compared (the ledger's last signed one, a
release's), whether a change is good.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from desk.behavior import BehaviorFile, behavior_content

_PARTS = {
    "persona": "persona",
    "tone": "tone",
    "reply": "reply length",
    "confidence": "confidence",
    "clarify": "clarifying question",
    "handoff": "handoff",
}
_SETTINGS = {
    "amount_above": "amount of money it fires above",
    "fires_without_amount": "firing where no amount is named",
    "frustration_above": "number of frustrated messages it fires above",
    "only_for": "scope",
    "except_for": "exceptions",
    "is_urgent": "urgency",
    "fires_on": "examples it must fire on",
    "quiet_on": "examples it must not fire on",
    "offer_entries": "entries offered",
    "prefer_categories": "preferred categories",
    "hand_over": "handing everybody over",
    "draft_only": "drafting only",
    "say_instead": "words replaced",
    "avoid": "words avoided",
    "min_words": "least words",
    "max_words": "most words",
    "risk_levels": "risks a threshold is sought for",
    "share_a_bound": "sharing one bound",
    "automate": "automate",
    "max_history_messages": "messages of history",
    "default_queue": "default queue",
}
_SHOWN_CHARS = 120


def diff_behavior(before: BehaviorFile | Mapping[str, Any], after: BehaviorFile | Mapping[str, Any]) -> list[str]:
    """One sentence a change, in the order of the spec; empty where nothing changed.

    Args:
        before, after: specs, or their content as ``behavior_content`` gives it and the ledger keeps it.
    """
    old, new = _content(before), _content(after)
    return [*_all_changes(old, new)]


def _content(spec: BehaviorFile | Mapping[str, Any]) -> Mapping[str, Any]:
    return behavior_content(spec) if isinstance(spec, BehaviorFile) else spec


def _all_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in _PARTS:
        yield from _changes(_PARTS[name], old.get(name) or {}, new.get(name) or {})
        if name == "reply":
            yield from _examples(old.get("examples") or [], new.get("examples") or [])
            yield from _named("trigger", old.get("triggers") or [], new.get("triggers") or [])
        if name == "clarify":
            yield from _named("page rule", old.get("pages") or [], new.get("pages") or [])


def _named(kind: str, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    was, now = {one["id"]: one for one in old}, {one["id"]: one for one in new}
    for name in [*was, *(name for name in now if name not in was)]:
        if name not in now:
            yield f"{kind} '{name}' was removed: {_shown(was[name].get('reason') or was[name].get('means'))}"
        elif name not in was:
            yield f"{kind} '{name}' was added: {_shown(now[name].get('reason') or now[name].get('means'))}"
        else:
            yield from _changes(f"{kind} '{name}'", was[name], now[name])
    kept_before, kept_after = [name for name in was if name in now], [name for name in now if name in was]
    if kept_before != kept_after:
        yield f"the order of the {kind}s changed; it is now: {', '.join(now)}"


def _examples(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    was, now = {one["situation"]: one for one in old}, {one["situation"]: one for one in new}
    for name in [*was, *(name for name in now if name not in was)]:
        if name not in now:
            yield f"the example reply “{_short(name)}” was removed"
        elif name not in was:
            yield f"the example reply “{_short(name)}” was added"
        elif was[name] != now[name]:
            yield f"the example reply “{_short(name)}” was rewritten"
    if list(was) != list(now) and was.keys() == now.keys():
        yield "the order of the example replies changed"


def _changes(where: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in [*old, *(name for name in new if name not in old)]:
        was, now = old.get(name), new.get(name)
        if was == now:
            continue
        label = f"{where}, {_SETTINGS.get(name, name.replace('_', ' '))}"
        if isinstance(was, list) and isinstance(now, list):
            yield from _list_changes(label, was, now)
        elif isinstance(was, dict) and isinstance(now, dict):
            yield from _changes(label, was, now)
        else:
            yield f"{label}: {_shown(was)} → {_shown(now)}"


def _list_changes(label: str, was: list[Any], now: list[Any]) -> Iterator[str]:
    added, removed = [one for one in now if one not in was], [one for one in was if one not in now]
    if added:
        yield f"{label}: added {', '.join(_shown(one) for one in added)}"
    if removed:
        yield f"{label}: removed {', '.join(_shown(one) for one in removed)}"
    if not added and not removed:
        yield f"{label}: another order"


def _shown(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict) and "turns" in value:
        return f"“{_short(' / '.join(value['turns']))}”"
    if isinstance(value, dict):
        return (
            _short("; ".join(f"{name} {_shown(one)}" for name, one in value.items() if one not in (None, [], {})))
            or "none"
        )
    if isinstance(value, list):
        return _short(", ".join(_shown(one) for one in value))
    return _short(str(value)) if isinstance(value, int | float) else f"“{_short(str(value))}”"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN_CHARS else f"{flat[: _SHOWN_CHARS - 1].rstrip()}…"
