"""One fix for every open pattern, ready to review, or a note saying what a person must look into.

Belongs here: which kind of fix goes with which type of failure, and the rows. Does not belong here: drawing a fix up (a module
a kind), ranking and what became of fixes (``fix_queue``), trying them (``apply_proposal``, ``trials``).

Whatever stands in a fix was drawn from training tickets: a pattern whose failures all lie on the other sides gets no words
from them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent import frames
from assets.retrain_agent.fixes.add_phrasings import add_phrasings
from assets.retrain_agent.fixes.category_examples import category_examples
from assets.retrain_agent.fixes.extend_trigger import extend_trigger
from assets.retrain_agent.fixes.fix import MAX_TITLE_CHARS, Fix, note, number_or_none, text_or_none, volume_sentence
from assets.retrain_agent.fixes.missing_or_stale import gap_fix, stale_fix
from assets.retrain_agent.fixes.needless_handovers import needless_handovers
from assets.retrain_agent.fixes.one_change_an_entry import made_to_agree
from assets.retrain_agent.fixes.proposal import NOTE, fix_id
from assets.retrain_agent.fixes.reply_style import reply_style
from assets.retrain_agent.fixes.split_entry import split_entry
from assets.retrain_agent.fixes.training_ground import Encode, PatternGround, ground_of, pattern_ground
from assets.retrain_agent.trials.remembered_encoding import remembering
from desk.behavior import BehaviorFile

if TYPE_CHECKING:
    from assets.retrain_agent.trials.trial_release import Material

OPEN = "open"
_BY_TYPE: Mapping[str, Callable[[PatternGround], Fix | None]] = {
    frames.KNOWLEDGE_GAP: gap_fix,
    frames.STALE_KNOWLEDGE: stale_fix,
    frames.EDGE_CASE_COLLISION: split_entry,
    frames.RETRIEVAL_MISS: add_phrasings,
    frames.INTENT_MISCLASSIFICATION: category_examples,
    frames.MISSED_ESCALATION: extend_trigger,
    frames.NEEDLESS_ESCALATION: needless_handovers,
    frames.TONE_OR_LENGTH: reply_style,
}


def propose_fixes(
    patterns: pd.DataFrame,
    failures: pd.DataFrame,
    cases: pd.DataFrame,
    material: Material,
    behavior: BehaviorFile,
    encode: Encode,
    as_of: pd.Timestamp,
    *,
    earlier_specs: Sequence[BehaviorFile] = (),
    on_progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """``frames.FIX`` with one row an open pattern, status open and no rank.

    Args:
        patterns: ``failure_patterns``; those that are gone get no fix. failures, cases: all sides; only training is read.
        material: the published frames; behavior: the spec in force; earlier_specs: versions of it before (``behavior_spec``), the
            newest first: a trigger that broke is brought back as it was.
        encode: texts to unit vectors; asked for the same texts again and again, remembered within this call.
        as_of: the present, with its time zone; tickets after it do not exist.

    A pattern whose entry was mended since its failures gets no row: nothing is left to do but wait.

    Raises:
        ValueError: ``as_of`` has no time zone.
    """
    if as_of.tzinfo is None:
        raise ValueError("as_of needs a time zone; give UTC, such as pd.Timestamp('2026-01-31', tz='UTC').")
    ground = ground_of(failures, cases, material, behavior, remembering(encode), as_of, earlier_specs)
    drawn: list[tuple[PatternGround, Fix]] = []
    records: list[Any] = patterns[patterns["status"] == OPEN].sort_values("pattern_id").to_dict("records")
    for done, pattern in enumerate(records, start=1):
        found = pattern_ground(pattern, ground)
        fix = _BY_TYPE.get(str(pattern["failure_type"]), _unexplained)(found)
        if fix is not None:
            drawn.append((found, fix))
        if on_progress is not None:
            on_progress(done, len(records))
    agreed = made_to_agree([fix for _, fix in drawn], [_score(found.pattern) for found, _ in drawn], ground)
    rows = [_row(fix, found) for (found, _), fix in zip(drawn, agreed, strict=True)]
    return frame_of(rows, frames.FIX)


def _unexplained(found: PatternGround) -> Fix:
    name = found.ground.name_of(found.right_category)
    return note(
        f"Read these together and say what went wrong: {name}",
        volume_sentence(found.pattern),
        "What is known of these failures does not tell why they happened. A reason in the review, or what would have been right, "
        "tells most.",
    )


def _row(fix: Fix, found: PatternGround) -> dict[str, Any]:
    pattern = found.pattern
    tickets, minutes, harm = (
        number_or_none(pattern[name]) for name in ("tickets_per_month", "minutes_per_month", "harm")
    )
    sources = [] if fix.kind == NOTE else sorted(set(fix.source_ticket_ids))
    title = fix.title if len(fix.title) <= MAX_TITLE_CHARS else fix.title[:MAX_TITLE_CHARS].rsplit(" ", 1)[0] + " …"
    return {
        **dict.fromkeys(frames.FIX),
        "fix_id": fix_id(str(pattern["pattern_id"]), fix.kind, fix.proposal),
        "pattern_id": str(pattern["pattern_id"]),
        "kind": fix.kind,
        "failure_type": str(pattern["failure_type"]),
        "category_id": text_or_none(found.right_category),
        "entry_id": fix.entry_id,
        "title": title,
        "why": " ".join(fix.why),
        "proposal": fix.proposal.to_json(),
        "source_ticket_ids": sources,
        "score": _score(pattern),
        "tickets_per_month": tickets,
        "minutes_per_month": minutes,
        "harm": harm,
        "is_urgent": False,
        "status": OPEN,
        "proposed_as_of": found.ground.as_of,
    }


def _score(pattern: Mapping[str, Any]) -> float:
    """Tickets a month times harm."""
    return (number_or_none(pattern["tickets_per_month"]) or 0.0) * (number_or_none(pattern["harm"]) or 0.0)
