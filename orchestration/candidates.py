"""The month's candidate of a desk: gathered from the lake, learnt anew, judged, and laid beside the other releases.

Belongs here: reading, the order of steps, writing the release's folder and what keeps it back. Does not belong here: learning
and judging (``assets.retrain_agent.candidate``), signing and making current (people, ``releases``).

A candidate that may not take over is built all the same, so that people can look at it; its status says why, and
``understudy release activate`` refuses it for just that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from assets.configure_behavior.releases.build_release import ReleaseParts, assemble, the_decide
from assets.configure_behavior.releases.regression_set import Decide, replay
from assets.pilot_agent.answers.frames import frame_of, typed
from assets.retrain_agent.candidate import label_errors as errors
from assets.retrain_agent.candidate import promotion
from assets.retrain_agent.candidate.holdout_outcomes import Evidence, holdout_outcomes
from assets.retrain_agent.candidate.month_cut import before, corrections_before
from assets.retrain_agent.candidate.refit import Refit, refit
from assets.retrain_agent.candidate.regression_losses import RegressionComparison, compare_regression
from assets.retrain_agent.candidate.review_labels import review_labels, reviewed_before
from assets.retrain_agent.frames import CANDIDATE, CASE, LABEL_ERROR
from assets.retrain_agent.trials.trial_release import Material
from ledger.corrections import category_corrections
from ledger.labels import right_entries
from ledger.releases import activations
from orchestration.incumbent import Incumbent, incumbent_of
from orchestration.release_building import build_parts, gather_parts
from orchestration.resources import DeskResource
from orchestration.trials import material_of

if TYPE_CHECKING:
    from assets.audit_tickets.vectors.encoder import Encoder
    from assets.audit_tickets.vectors.remembered_vectors import RememberedVectors
    from assets.configure_behavior.releases.agent_release import AgentRelease, Encode
    from orchestration.lake import Lake

Progress = Callable[[int, int], None]
STEPS = 6
SHOWN_TO_NOBODY = "control"
"""Mode in which a decision is recorded, and neither sent nor shown."""
CALIBRATION = "calibration"


def build_candidate(
    desk: DeskResource,
    encoder: Encoder,
    *,
    month: str,
    month_end: pd.Timestamp,
    cases: pd.DataFrame,
    red_checks: Iterable[str],
    decide: Decide | None = None,
    on_progress: Progress | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Build and judge the candidate of a month; returns ``frames.CANDIDATE`` and ``frames.LABEL_ERROR`` of all months.

    Args:
        month: YYYY-MM. month_end: the first moment after it, UTC.
        cases: ``judged_answers``.
        red_checks: names of the blocking checks that are red now.
        decide: ``decisions.decide`` by default.
        on_progress: called with (steps done, steps).

    Raises:
        ReleaseError: parts are missing or do not belong together, or the incumbent's folder is not what was built.
        NotMaterialised: a frame was never written.
    """
    step = on_progress or (lambda done, total: None)
    lake = desk.lake
    step(0, STEPS)
    base, whole = gather_parts(desk, encoder), material_of(lake)
    # The month that is under way, and the one that ended last, are built of knowledge as it is now.
    is_newest = month_end >= base.as_of.normalize().replace(day=1)
    as_of = min(month_end, base.as_of)
    # What came at the very moment of the data cut is known; what came at the month's end is not.
    material = before(whole, min(month_end, base.as_of + pd.Timedelta(microseconds=1)), is_newest=is_newest)
    if lacking := _lacking(material, month_end):
        row = promotion.candidate_row(
            month, release_id=None, incumbent_id=None, verdict=promotion.NOT_BUILT, why=[lacking], data_until=as_of
        )
        return _with_month(lake, "candidate_release", row, CANDIDATE, month), _errors_so_far(lake)
    with desk.ledger as ledger:
        made = activations(ledger)
        corrections, named = category_corrections(ledger), right_entries(ledger)
    incumbent = incumbent_of(desk, encoder, made)
    encode = _encode(lake, encoder, material)
    reviews = lake.previous("answer_reviews")
    reviewed = frame_of([], CASE) if reviews is None else reviewed_before(cases, reviews, month_end)
    learnt = _learn(
        base, material, encode, as_of, reviewed,
        corrections_before(corrections, month_end, is_newest=is_newest),
        named if is_newest else named[named["named_at"] < month_end], lake,
    )  # fmt: skip
    step(2, STEPS)
    suggested = _label_errors(lake, learnt, material, encode, month, corrections)
    candidate, recipe = assemble(learnt.parts)
    if incumbent.recipe is not None and not _differences(recipe, incumbent.recipe):
        row = _row(
            month, learnt, incumbent, suggested, material, month_end, release_id=None, verdict=promotion.NOT_BUILT,
            why=["nothing new: what is learnt is what the incumbent knows, in every part"],
        )  # fmt: skip
        encode.forget_others()
        return _with_month(lake, "candidate_release", row, CANDIDATE, month), suggested
    step(3, STEPS)
    if incumbent.release is None:
        comparison, regression = None, None
        why = ["no release is current, so that there is nothing to beat: the first release is people's choice"]
    else:
        comparison, regression = _compare(
            incumbent, candidate, learnt, material, reviewed, _drafted(lake), encode, decide or the_decide()
        )
        why = promotion.promotion_problems(comparison, regression, learnt.parts.behavior, incumbent.holdout_from)
    encode.forget_others()
    step(5, STEPS)
    held = [f"candidate_release: {one}" for one in why]
    report = build_parts(desk, learnt.parts, red_checks, unsigned=True, held=held, decide=decide)
    row = _row(
        month, learnt, incumbent, suggested, material, month_end, release_id=report.built.release_id,
        verdict=promotion.REFUSED if why else promotion.PROMOTABLE,
        why=why or ["better than the incumbent: " + promotion.in_words(comparison)] if comparison else why,
        comparison=comparison, regression=regression,
    )  # fmt: skip
    step(STEPS, STEPS)
    return _with_month(lake, "candidate_release", row, CANDIDATE, month), suggested


def _lacking(material: Material, month_end: pd.Timestamp) -> str:
    """Why nothing can be learnt from what lay before the month's end; empty where something can."""
    if material.tickets.empty:
        return f"no ticket came before {month_end:%Y-%m-%d}: there is nothing to learn from"
    if material.live.empty:
        return f"no entry that was accepted before {month_end:%Y-%m-%d} is live: there is nothing to answer with"
    return ""


def _learn(
    base: ReleaseParts,
    material: Material,
    encode: Encode,
    as_of: pd.Timestamp,
    reviewed: pd.DataFrame,
    corrections: pd.DataFrame,
    named: pd.DataFrame,
    lake: Lake,
) -> Refit:
    from assets.configure_behavior.confidence.calibration_labels import join_labels, named_labels

    side = dict(zip(material.splits["ticket_id"], material.splits["split"], strict=True))
    known = set(material.tickets["ticket_id"])
    words = join_labels(
        named_labels(named[named["ticket_id"].isin(known)], material.live, material.splits),
        review_labels(reviewed, material.live, side, CALIBRATION, encode),
    )
    return refit(
        base, material, encode, as_of=as_of, corrections=corrections, members=_members(lake, material, encode), reviewed=words
    )  # fmt: skip


def _members(lake: Lake, material: Material, encode: Encode) -> pd.DataFrame | None:
    """Tickets of candidates that people accepted as a category."""
    import numpy as np

    from assets.audit_tickets.categories.category_proposals import accepted_members
    from assets.audit_tickets.categories.intents import example_phrases

    candidates = lake.previous("category_candidates")
    if candidates is None or candidates.empty:
        return None
    tickets = material.tickets[["ticket_id"]].merge(material.texts, on="ticket_id")
    phrases = example_phrases(material.categories)
    vectors = np.asarray(encode(tickets["text"].fillna("").tolist()), dtype=np.float32)
    return accepted_members(
        candidates, material.categories, tickets, vectors, phrases, np.asarray(encode(phrases["text"].tolist()))
    )


def _compare(
    incumbent: Incumbent,
    candidate: AgentRelease,
    learnt: Refit,
    material: Material,
    reviewed: pd.DataFrame,
    drafted: set[str],
    encode: Encode,
    decide: Decide,
) -> tuple[promotion.Comparison, RegressionComparison]:
    assert incumbent.release is not None
    evidence = Evidence(reviewed, drafted)
    outcomes = holdout_outcomes(
        incumbent.release, candidate, replace(material, intents=learnt.intents.frame), evidence, encode, incumbent.holdout_from
    )  # fmt: skip
    frozen = learnt.parts.regression
    frozen = frozen[frozen["ticket_id"].isin(set(material.tickets["ticket_id"]))]
    was, became = (
        replay(frozen, replace(release, encode=encode), decide) for release in (incumbent.release, candidate)
    )
    regression = compare_regression(
        was, became, right=learnt.known_right, live=candidate.entries,
        triggers={one.id for one in learnt.parts.behavior.triggers},
    )  # fmt: skip
    return promotion.compare(outcomes), regression


def _differences(recipe: dict[str, object], other: dict[str, object]) -> list[str]:
    """Parts of a recipe that decide something and differ; when it was built, and from which exports, does not count."""
    names = ("entries", "categories", "behavior", "intents", "retrieval", "confidence", "encoder")
    return [name for name in names if recipe.get(name) != other.get(name)]


def _encode(lake: Lake, encoder: Encoder, material: Material) -> RememberedVectors:
    """An encoder that knows the vectors of tickets, and remembers every other text for the next month."""
    from assets.audit_tickets.vectors.remembered_vectors import RememberedVectors
    from assets.audit_tickets.vectors.vector_store import VectorStore

    mine, given = material.texts.drop_duplicates("text_hash"), {}
    if (mine["encoder_revision"] == encoder.revision).all():
        vectors = VectorStore(lake.vectors).load_vectors(mine["text_hash"], encoder.revision)
        given = dict(zip(mine["text"], vectors, strict=True))
    return RememberedVectors(encoder, VectorStore(lake.vectors, "candidate_texts"), given=given)


def _drafted(lake: Lake) -> set[str]:
    """Tickets whose reply the agent wrote, or for which people were handed a draft."""
    found: set[str] = set()
    for name in ("shadow_answers", "live_decisions"):
        frame = lake.previous(name)
        if frame is not None:
            found |= set(frame.loc[frame["mode"] != SHOWN_TO_NOBODY, "ticket_id"].dropna())
    return found


def _label_errors(
    lake: Lake, learnt: Refit, material: Material, encode: Encode, month: str, corrections: pd.DataFrame
) -> pd.DataFrame:
    import numpy as np

    audited = material.tickets[material.tickets["is_in_audit"].fillna(False).astype(bool)]
    tickets = audited[["ticket_id", "label_category_id"]].merge(material.texts[["ticket_id", "text"]], on="ticket_id")
    said = {str(one): str(two) for one, two in zip(corrections["ticket_id"], corrections["category_id"], strict=True)}
    corrected = tickets["ticket_id"].map(learnt.corrections)
    judged = tickets.assign(label_category_id=corrected.where(corrected.notna(), tickets["label_category_id"]))
    vectors = np.asarray(encode(judged["text"].fillna("").tolist()), dtype=np.float32)
    found = errors.label_errors(judged, vectors, material.splits, learnt.intents.model, month)
    labelled = tickets.dropna(subset=["label_category_id"])
    labels = dict(zip(labelled["ticket_id"], labelled["label_category_id"], strict=True))
    return errors.with_decisions(found, lake.previous("suggested_label_errors"), said, month, labels)


def _row(
    month: str,
    learnt: Refit,
    incumbent: Incumbent,
    suggested: pd.DataFrame,
    material: Material,
    month_end: pd.Timestamp,
    *,
    release_id: str | None,
    verdict: str,
    why: list[str],
    comparison: promotion.Comparison | None = None,
    regression: RegressionComparison | None = None,
) -> pd.DataFrame:
    return promotion.candidate_row(
        month,
        release_id=release_id,
        incumbent_id=None if incumbent.release is None else incumbent.release.release_id,
        verdict=verdict,
        why=why,
        comparison=comparison,
        regression=regression,
        count_corrections=len(learnt.corrections),
        count_label_errors=int(((suggested["month"] == month) & (suggested["status"] == errors.OPEN)).sum()),
        data_until=min(month_end, learnt.parts.as_of),
        holdout_from=incumbent.holdout_from,
    )


def _with_month(lake: Lake, name: str, row: pd.DataFrame, columns: Mapping[str, str], month: str) -> pd.DataFrame:
    """What stood before with this month's row in place of its earlier one, by month."""
    previous = lake.previous(name)
    kept = frame_of([], columns) if previous is None else typed(previous, columns)
    both = pd.concat([kept[kept["month"] != month], row], ignore_index=True)
    return typed(both.sort_values("month", ignore_index=True), columns)


def _errors_so_far(lake: Lake) -> pd.DataFrame:
    previous = lake.previous("suggested_label_errors")
    return frame_of([], LABEL_ERROR) if previous is None else typed(previous, LABEL_ERROR)
