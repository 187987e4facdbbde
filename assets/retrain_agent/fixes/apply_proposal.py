"""A proposal carried out in memory: live entries, spec and labels as they would be.

Belongs here: rows complete enough to learn a release from, and what keeps a proposal from being applied. Does not belong here:
writing files and signing (``orchestration.people``), learning and comparing (``trials``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from assets.retrain_agent.fixes.fix import text_or_none
from assets.retrain_agent.fixes.proposal import Proposal, ProposedEntry
from desk.behavior import BehaviorFile, behavior_content
from desk.conditions import dump_conditions
from desk.entry import Entry
from ledger.entries import semantic_hash

IN_A_TRIAL = "trial"
"""Who accepted an entry that nobody has: it is told from what people signed wherever it turns up."""


class CannotApply(ValueError):
    """A proposal that does not fit what is live; the sentence says what to do."""


def apply_proposal(
    proposal: Proposal,
    live: pd.DataFrame,
    behavior: BehaviorFile,
    labels: Mapping[str, str] | None = None,
    *,
    aside: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, BehaviorFile, dict[str, str]]:
    """What is live, the spec, and the labels of tickets after the proposal; nothing handed in is changed.

    Args:
        live: ``live_entries``. labels: category by ticket that were set right before.
        aside: ``entries_set_aside``. An entry that is not live and names a version is brought back; with this frame that version
            must be among those set aside.

    An entry that already reads as proposed stays as it is, so that two proposals with the same change do not collide.

    Raises:
        CannotApply: an entry is another version now than the one the proposal was drawn up on, an entry is new and its id is taken,
            a setting does not exist, or what comes out is no valid entry or spec.
    """
    after = live
    for entry in proposal.entries:
        after = _with_entry(after, entry, aside)
    changed = with_behavior(proposal, behavior)
    return after, changed, {**(labels or {}), **{one.ticket_id: one.category_id for one in proposal.labels}}


def with_behavior(proposal: Proposal, behavior: BehaviorFile) -> BehaviorFile:
    """The spec with the proposal's triggers and settings; the same object where there are none.

    Raises:
        CannotApply: a setting does not exist, or what comes out is no valid spec.
    """
    from pydantic import ValidationError

    if not proposal.touches_behavior:
        return behavior
    content = behavior_content(behavior)
    given = {str(one["id"]): one for one in proposal.triggers}
    content["triggers"] = [given.pop(str(one["id"]), one) for one in content["triggers"]] + list(given.values())
    for path, value in proposal.settings.items():
        _set(content, path, value)
    try:
        return BehaviorFile.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(one) for one in first["loc"])
        raise CannotApply(
            f"behavior.yaml would not be valid at {place}: {first['msg']}. Change the proposal there."
        ) from error


def proposed_hash(entry: ProposedEntry, base: Mapping[str, Any] | None = None) -> str:
    """The content hash of an entry as proposed; dates of validity are the base's.

    Raises:
        CannotApply: it is no valid entry.
    """
    return semantic_hash(_entry(entry, base).semantic_fields())


def _with_entry(live: pd.DataFrame, entry: ProposedEntry, aside: pd.DataFrame | None) -> pd.DataFrame:
    places = [place for place, name in enumerate(live["entry_id"]) if name == entry.entry_id]
    base = _base(live, entry, aside, bool(places))
    if places and base is not None:
        checked = _entry(entry, base)
        if semantic_hash(checked.semantic_fields()) == base["content_hash"]:
            return live
        if entry.base_hash != base["content_hash"]:
            raise CannotApply(
                f"{entry.entry_id} was changed since this was drawn up, so that the change would undo somebody's work. "
                "Propose fixes anew and look at the one for today's version."
                if entry.base_hash
                else f"There is an entry called {entry.entry_id} already. Give the new one another id."
            )
    row = _row(entry, base, live)
    new = pd.DataFrame([row], columns=list(live.columns))
    kept = live.drop(index=live.index[places])
    joined = pd.concat([kept, new.astype("object")], ignore_index=True) if len(kept) else new
    place = places[0] if places else len(kept)
    order = [*range(place), len(kept), *range(place, len(kept))]
    return _typed_like(joined.iloc[order].reset_index(drop=True), live)


def _base(live: pd.DataFrame, entry: ProposedEntry, aside: pd.DataFrame | None, is_live: bool) -> dict[str, Any] | None:
    """The row that the entry takes the place of: of what is live, else of what was set aside."""
    if is_live:
        there: list[Any] = live[live["entry_id"] == entry.entry_id].to_dict("records")
        return dict(there[0])
    if entry.base_hash is None or aside is None:
        return None
    rows: list[Any] = aside[(aside["entry_id"] == entry.entry_id) & (aside["content_hash"] == entry.base_hash)].to_dict(
        "records"
    )
    if not rows:
        raise CannotApply(
            f"{entry.entry_id} is neither live nor set aside in the version that this was drawn up on. Propose fixes anew."
        )
    return dict(rows[-1])


def _entry(entry: ProposedEntry, base: Mapping[str, Any] | None) -> Entry:
    from pydantic import ValidationError

    dates = {} if base is None else {name: _day(base.get(name)) for name in ("valid_from", "valid_until")}
    if base is not None and entry.base_hash and not base.get("is_in_date", True):
        # Brought back: what ended its validity was its date.
        dates = {"valid_from": dates.get("valid_from"), "valid_until": None}
    try:
        return Entry(
            id=entry.entry_id,
            category=entry.category_id,
            question=entry.question,
            answer=entry.answer,
            conditions=entry.conditions,  # type: ignore[arg-type]
            phrasings=list(entry.phrasings),
            owner=entry.owner,
            sources=entry.sources,  # type: ignore[arg-type]
            status="accepted",
            **dates,  # type: ignore[arg-type]
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise CannotApply(f"{entry.entry_id} would be no valid entry ({first['loc'][-1]}: {first['msg']}).") from error


def _row(entry: ProposedEntry, base: Mapping[str, Any] | None, live: pd.DataFrame) -> dict[str, Any]:
    checked = _entry(entry, base)
    seen = live["last_seen_as_of"].max() if "last_seen_as_of" in live and len(live) else pd.NaT
    row = {
        **dict.fromkeys(live.columns),
        **{name: value for name, value in (base or {}).items() if name in live.columns},
        "entry_id": checked.id,
        "content_hash": semantic_hash(checked.semantic_fields()),
        "category_id": checked.category,
        "question": checked.question,
        "answer": checked.answer,
        "conditions": dump_conditions(checked.conditions),
        "phrasings": list(checked.phrasings),
        "owner": checked.owner or text_or_none((base or {}).get("owner")),
        "sources": json.dumps([one.model_dump() for one in checked.sources], ensure_ascii=False, sort_keys=True),
        "valid_from": checked.valid_from,
        "valid_until": checked.valid_until,
        "status": "accepted",
        "is_current": True,
        "is_accepted": True,
        "accepted_by": IN_A_TRIAL,
        "is_in_date": True,
        "is_file_broken": False,
        "last_seen_as_of": seen,
    }
    row["first_seen_as_of"] = row.get("first_seen_as_of") or seen
    return {name: row.get(name) for name in live.columns}


def _typed_like(frame: pd.DataFrame, live: pd.DataFrame) -> pd.DataFrame:
    made = frame.copy()
    for name, dtype in live.dtypes.items():
        if pd.api.types.is_datetime64_any_dtype(dtype):
            made[name] = pd.to_datetime(made[name], utc=getattr(dtype, "tz", None) is not None).astype(dtype)
        elif dtype != made[name].dtype:
            made[name] = made[name].astype(dtype)
    return made


def _set(content: dict[str, Any], path: str, value: Any) -> None:
    at: Any = content
    *parents, last = path.split(".")
    for name in parents:
        if not isinstance(at, dict) or (name not in at and parents[:2] != ["confidence", "categories"]):
            raise CannotApply(f"behavior.yaml has no setting {path}. Name one that it has, such as reply.max_words.")
        at = at.setdefault(name, {})
    if not isinstance(at, dict):
        raise CannotApply(f"behavior.yaml has no setting {path}. Name one that it has, such as reply.max_words.")
    at[last] = value


def _day(value: Any) -> Any:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()
