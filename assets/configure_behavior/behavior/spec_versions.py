"""Every version of the behavior spec: what is on file now, what was, and which of them people signed.

Belongs here: the frame ``behavior_spec`` [spec version]. Does not belong here: reading the file (``desk``), signatures
(``ledger``), what a difference means (``diff_behavior``).
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pandas as pd

from desk.behavior import BehaviorFile, behavior_content, behavior_hash
from ledger.sign_offs import SignOffState

COLUMNS = (
    "behavior_hash", "content", "is_current", "is_signed", "signed_by", "missing_roles", "count_triggers",
    "count_examples", "first_seen_as_of",
)  # fmt: skip


def spec_versions(
    behavior: BehaviorFile,
    previous: pd.DataFrame | None,
    signatures: Callable[[str], SignOffState],
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """The frame ``behavior_spec``: versions seen before are kept, going back to an earlier text is that version again.

    Args:
        behavior: what is on file now.
        previous: what this function returned the last time, if it did.
        signatures: how the sign-off of a hash stands.
        as_of: the moment it is for (UTC).

    Returns:
        ``COLUMNS``, in the order of first sighting; exactly one row is current.
    """
    current = behavior_hash(behavior)
    rows = (
        []
        if previous is None
        else list(zip(*(previous[n] for n in ("behavior_hash", "content", "first_seen_as_of")), strict=True))
    )
    if current not in {name for name, _, _ in rows}:
        text = json.dumps(behavior_content(behavior), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        rows.append((current, text, as_of))
    found = []
    for name, text, seen in rows:
        state, spec = signatures(name), json.loads(text)
        signed_by = [one.by or "an erased person" for one in state.signatures]
        found.append(
            (name, text, name == current, state.is_complete, signed_by, list(state.missing_roles),
             len(spec["triggers"]), len(spec["examples"]), seen)
        )  # fmt: skip
    frame = pd.DataFrame(found, columns=list(COLUMNS))
    frame["first_seen_as_of"] = pd.to_datetime(frame["first_seen_as_of"], utc=True).astype("datetime64[us, UTC]")
    return frame.astype({"behavior_hash": "str", "content": "str"})


def current_spec(frame: pd.DataFrame) -> BehaviorFile:
    """The spec of ``behavior_spec`` that is on file now, as it was read then."""
    row = frame[frame["is_current"]].iloc[0]
    return BehaviorFile.model_validate_json(row["content"])


def earlier_specs(frame: pd.DataFrame) -> list[BehaviorFile]:
    """The specs of ``behavior_spec`` that are not on file any more, the newest first; one that today's rules refuse is left out."""
    from pydantic import ValidationError

    found = []
    for content in reversed(frame.loc[~frame["is_current"].astype(bool), "content"].tolist()):
        try:
            found.append(BehaviorFile.model_validate_json(content))
        except ValidationError:
            continue
    return found
