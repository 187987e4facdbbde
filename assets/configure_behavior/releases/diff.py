"""What changed from one release to another, in words: entries, thresholds, rules, categories, models, and the answers
that come out otherwise.

Belongs here: comparing two folders. Does not belong here: comparing two specs (``behavior``), deciding anything: the
answers compared are those that each release gave to its regression set when it was built.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assets.configure_behavior.releases.regression_set import decision_differences, other_ways
from assets.configure_behavior.releases.saved_release import SavedRelease
from desk.behavior import BehaviorFile
from ledger.decisions import Decision, diff_decisions

FIELDS = {
    "question": "question",
    "answer": "answer",
    "conditions": "conditions",
    "phrasings": "phrasings",
    "category_id": "category",
    "valid_from": "first valid day",
    "valid_until": "last valid day",
    "owner": "owner",
    "sources": "sources",
}


def diff_releases(old: SavedRelease, new: SavedRelease) -> list[str]:
    """Sentences for everything that differs, what customers notice first; none for one and the same release."""
    return [
        *_answers(old, new),
        *_entries(old.entries, new.entries),
        *_thresholds(old, new),
        *_behavior(old.behavior, new.behavior),
        *_categories(old.categories, new.categories),
        *_versions(old.recipe, new.recipe),
    ]


def _answers(old: SavedRelease, new: SavedRelease) -> Iterator[str]:
    before, after = ({row["ticket_id"] for row in one.regression} for one in (old, new))
    changed = decision_differences(old.regression, new.regression)
    both = len(before & after)
    if changed:
        yield f"answers: {len(changed)} of {both} replayed tickets are decided otherwise"
        yield from (f"answer changed: {one}" for one in changed)
    if others := other_ways(old.regression, new.regression):
        yield f"answers: {len(others)} of {both} replayed tickets are decided the same by other rules"
    for names, words in (
        (after - before, "only the new release replays"),
        (before - after, "only the old release replays"),
    ):
        if names:
            yield f"answers: {len(names)} tickets {words}, so that they cannot be compared"


def _entries(old: Mapping[str, dict[str, Any]], new: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    for name in sorted(new.keys() - old.keys()):
        yield f"entry added: {name} “{new[name]['question']}”"
    for name in sorted(old.keys() - new.keys()):
        yield f"entry removed: {name} “{old[name]['question']}”"
    for name in sorted(old.keys() & new.keys()):
        was, now = old[name], new[name]
        fields = [words for field, words in FIELDS.items() if was.get(field) != now.get(field)]
        if not fields:
            continue
        asked = f"“{was['question']}”"
        if was["question"] != now["question"]:
            asked += f" -> “{now['question']}”"
        unsigned = (
            ""
            if was["content_hash"] == now["content_hash"]
            else f" (content {was['content_hash'][:12]} -> {now['content_hash'][:12]})"
        )
        yield f"entry changed: {name} {asked}: {', '.join(fields)}{unsigned}"


def _thresholds(old: SavedRelease, new: SavedRelease) -> Iterator[str]:
    before, after = ({(row["category_id"], row["risk"]): row for row in one.thresholds} for one in (old, new))
    for key in sorted(before.keys() | after.keys()):
        category, risk = key
        was, now = _threshold(before.get(key)), _threshold(after.get(key))
        if was != now:
            yield f"threshold of {category} at {risk:.0%} risk: {was} -> {now}"
        elif key in before and key in after and _bound(before[key]) != _bound(after[key]):
            yield f"threshold of {category} at {risk:.0%} risk stays at {now}: {_bound(before[key])} -> {_bound(after[key])}"


def _threshold(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "not sought"
    return "no safe one" if row["threshold"] is None else f"{row['threshold']:.3f}"


def _bound(row: Mapping[str, Any]) -> str:
    if row["upper_bound"] is None:
        return f"no bound on {row['count_calibration']} calibration tickets"
    return f"at most {row['upper_bound']:.1%} wrong, on {row['count_answered']} of {row['count_calibration']} calibration tickets"


def _behavior(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    if old == new:
        return []
    from assets.configure_behavior.behavior.diff_behavior import diff_behavior

    sentences = diff_behavior(BehaviorFile.model_validate(old), BehaviorFile.model_validate(new))
    return [f"behavior: {one}" for one in sentences or ["the spec was changed"]]


def _categories(old: Mapping[str, dict[str, Any]], new: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    yield from (f"category {one}" for one in diff_decisions(_decisions(old), _decisions(new)))
    for name in sorted(old.keys() & new.keys()):
        if old[name]["name"] != new[name]["name"]:
            yield f"category {name}: name “{old[name]['name']}” -> “{new[name]['name']}”"


def _decisions(categories: Mapping[str, dict[str, Any]]) -> list[Decision]:
    return [Decision(name, row["bucket"], row["tier"], row["owner"]) for name, row in categories.items()]


def _versions(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    words = {
        "intents": "category model",
        "retrieval": "retrieval index",
        "as_of": "data cut",
        "regression_set": "regression set",
    }
    for name, shown in words.items():
        if old.get(name) != new.get(name):
            yield f"{shown}: {_short(old.get(name))} -> {_short(new.get(name))}"
    for part, shown in (
        ("encoder", "encoder"),
        ("confidence", "confidence"),
        ("settings", "setting"),
        ("seeds", "seed"),
    ):
        yield from _members(old.get(part, {}), new.get(part, {}), shown)
    yield from _members(old["code"]["packages"], new["code"]["packages"], "library")
    if old["code"]["version"] != new["code"]["version"]:
        yield f"code: {_short(old['code']['version'])} -> {_short(new['code']['version'])}"
    yield from _members(old.get("data", {}), new.get("data", {}), "data")


def _members(old: Mapping[str, Any], new: Mapping[str, Any], shown: str) -> Iterator[str]:
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        if was == now:
            continue
        if isinstance(was, list) and isinstance(now, list):
            added, removed = ([one for one in first if one not in second] for first, second in ((now, was), (was, now)))
            parts = [f"{sign}{_short(one)}" for sign, names in (("+", added), ("-", removed)) for one in names]
            yield f"{shown} {name}: {', '.join(parts[:8])}{' …' if len(parts) > 8 else ''}"
        else:
            yield f"{shown} {name}: {_short(was)} -> {_short(now)}"


def _short(value: Any) -> str:
    text = "none" if value is None else str(value)
    return text[:12] if len(text) == 64 else text[:80]
