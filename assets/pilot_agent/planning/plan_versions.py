"""Every version of the pilot's plan: what is on file now, what was, which is signed, and which is registered.

Belongs here: the frame ``pilot_plan`` [plan version], and whether the plan on file is the one that runs. Does not belong
here: reading the file (``desk``), signatures and shares (``ledger``).

A plan is registered once its rollout begins: the first share above 0 names the plan's hash. From then on nothing but this
very plan judges the pilot, whatever is signed later.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import pandas as pd

from assets.pilot_agent.answers.frames import PLAN, frame_of
from desk.pilot import PilotFile, pilot_content, pilot_hash
from ledger.pilots import ShareChange
from ledger.sign_offs import SignOffState


def plan_versions(
    pilot: PilotFile | None,
    previous: pd.DataFrame | None,
    signatures: Callable[[str], SignOffState],
    shares: Callable[[str], Sequence[ShareChange]],
    as_of: pd.Timestamp,
    signed_before: PilotFile | None = None,
) -> pd.DataFrame:
    """The frame ``pilot_plan``: ``frames.PLAN``, versions seen before are kept; empty where a desk never had a plan.

    Args:
        pilot: what is on file now. previous: what this function returned the last time.
        signatures: how the sign-off of a hash stands. shares: the shares set for a pilot's id.
        as_of: the clock of the run.
        signed_before: the plan that was last signed in full, where it is not the one on file: a signature given between two
            runs must not be forgotten.
    """
    current = None if pilot is None else pilot_hash(pilot)
    seen: dict[str, tuple[str, pd.Timestamp]] = {}
    if previous is not None:
        names = ("pilot_hash", "content", "first_seen_as_of")
        seen = {name: (text, at) for name, text, at in zip(*(previous[n] for n in names), strict=True)}
    for one in (signed_before, pilot):
        if one is not None and pilot_hash(one) not in seen:
            seen[pilot_hash(one)] = (json.dumps(pilot_content(one), sort_keys=True, ensure_ascii=False), as_of)
    rows = []
    for name, (text, first) in seen.items():
        plan, state = PilotFile.model_validate_json(text), signatures(name)
        changes = list(shares(plan.pilot_id))
        begun = registered_hash(changes)
        start = pd.Timestamp(plan.rollout_start, tz="UTC")
        rows.append(
            {
                "pilot_id": plan.pilot_id,
                "pilot_hash": name,
                "content": text,
                "is_current": name == current,
                "is_signed": state.is_complete,
                "signed_by": [one.by or "an erased person" for one in state.signatures],
                "missing_roles": list(state.missing_roles),
                "first_seen_as_of": first,
                "as_of": as_of,
                "shadow_start": pd.Timestamp(plan.start, tz="UTC"),
                "rollout_start": start,
                "rollout_end": start + pd.Timedelta(weeks=plan.rollout_weeks),
                "settle_days": plan.settle_days,
                "resolution_kind": plan.resolution_kind,
                "registered_hash": begun or (name if state.is_complete else None),
                "share_now": None if begun is None else changes[-1].share,
                "rollout_began": next((one.occurred_at for one in changes if one.share > 0), None),
            }
        )
    return frame_of(rows, PLAN)


def registered_hash(shares: Sequence[ShareChange]) -> str | None:
    """The hash of the plan under which the rollout began; None before it did."""
    return next((one.plan_hash for one in shares if one.share > 0), None)


def registered_plan(plans: pd.DataFrame) -> PilotFile | None:
    """The plan that runs, or would: signed in full and unchanged since the rollout began; None where there is none.

    Args:
        plans: ``pilot_plan``.
    """
    row = current_plan(plans)
    if row is None or not row["is_signed"] or row["registered_hash"] != row["pilot_hash"]:
        return None
    return PilotFile.model_validate_json(row["content"])


def plan_problem(plans: pd.DataFrame) -> str | None:
    """One sentence on why the plan on file may not run; None where it may, or where there is none at all."""
    row = current_plan(plans)
    if row is None:
        return None
    registered, own = row["registered_hash"], row["pilot_hash"]
    if not pd.isna(registered) and registered != own:
        changed = _changes(plans, str(registered), str(own))
        return (
            f"pilot.yaml was changed after the rollout of '{row['pilot_id']}' began under the plan {registered[:12]} (now "
            f"{own[:12]}{changed}). Put the registered plan back, or register the new one under another pilot_id."
        )
    if not row["is_signed"]:
        was_signed = plans[(plans["pilot_id"] == row["pilot_id"]) & plans["is_signed"]]
        if len(was_signed):
            signed = str(was_signed["pilot_hash"].iloc[-1])
            return (
                f"pilot.yaml was changed after it was signed (signed {signed[:12]}, now {own[:12]}"
                f"{_changes(plans, signed, own)}). Sign it again: understudy sign-off pilot, or put it back."
            )
        return (
            f"pilot.yaml is not signed; missing: {', '.join(row['missing_roles'])}. Sign it: understudy sign-off pilot"
        )
    return None


def plan_changes(before: PilotFile, after: PilotFile) -> list[str]:
    """What differs between two plans: "rollout_share: 0.15 -> 0.2", by the path of the setting."""
    old, new = _flat(pilot_content(before)), _flat(pilot_content(after))
    names = sorted(old.keys() | new.keys())
    return [
        f"{name}: {old.get(name, 'nothing')} -> {new.get(name, 'nothing')}"
        for name in names
        if old.get(name) != new.get(name)
    ]


def _changes(plans: pd.DataFrame, before: str, after: str) -> str:
    texts = plans.set_index("pilot_hash")["content"]
    if before not in texts.index:
        return ""
    one, other = (PilotFile.model_validate_json(texts[name]) for name in (before, after))
    return "; " + ", ".join(plan_changes(one, other)[:5])


def current_plan(plans: pd.DataFrame) -> pd.Series | None:
    """The row of ``pilot_plan`` that is on file now; None where no plan is."""
    mine = plans[plans["is_current"].fillna(False).astype(bool)]
    return None if mine.empty else mine.iloc[0]


def _flat(value: object, path: str = "") -> dict[str, object]:
    if isinstance(value, dict):
        return {
            k: v
            for name, part in value.items()
            for k, v in _flat(part, f"{path}.{name}" if path else str(name)).items()
        }
    if isinstance(value, list) and any(isinstance(one, (dict, list)) for one in value):
        return {k: v for place, part in enumerate(value) for k, v in _flat(part, f"{path}[{place}]").items()}
    return {path: value}
