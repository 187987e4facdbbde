"""Thresholds of a desk: for every category and every risk, found or not, with the reason in words.

Belongs here: which categories are certified alone and which together, and the frame ``confidence_thresholds``. Does not
belong here: the procedure that keeps the promise (``certify``), where the calibration tickets come from.

What the promise is about: each row's own statement holds with the stated certainty. A row certified on its category
says: of the answers given in this category, at most ``risk`` are wrong. A row that shares a bound says it of the answers
of all sharing categories together; one of them may be worse and others better. Rows are not corrected for one another:
of twenty statements at 95 %, one may fail. A desk that wants them all to hold together asks for a higher certainty.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import pandas as pd

from assets.configure_behavior.confidence.calibration_labels import SOURCES
from assets.configure_behavior.confidence.certify import (
    Certified,
    certify,
    fewest_answers,
    likeliest_start,
    lower_bound,
    usual_start,
)
from assets.configure_behavior.confidence.thresholds import SharedBy, Threshold, Thresholds
from desk.behavior import Confidence

AUTOMATE = "automate"
ERRORS_TO_BEAR = 2
"""A category stands alone when it has enough tickets to prove the risk with so many of them wrong."""
FEWEST_TO_START = 30
"""Teaching tickets of the same categories that say where a search starts; with fewer, those of all categories do."""
STAYS = "stays a draft for a person"
COLUMNS = ("category_id", "name", "bucket", *(one.name for one in fields(Threshold) if one.name != "category_id"))


def choose_thresholds(
    answers: pd.DataFrame, categories: pd.DataFrame, confidence: Confidence, teaching: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Frame ``confidence_thresholds`` [category x risk].

    Args:
        answers: labelled calibration tickets that did not teach confidence, one row each: category_id (predicted),
            confidence, may_answer (``Evidence.may_answer``), is_wrong, label_source.
        categories: category_id, name, bucket, as decided.
        confidence: the desk's spec: risks, certainty, and whether small categories share a bound.
        teaching: the same columns of the tickets that taught confidence; they say where a search starts.

    Returns:
        ``COLUMNS``: the fields of ``Threshold`` with name and bucket, sorted by category and risk. Categories that are
        not automated get a row saying so. Whether a category stands alone depends on how many calibration tickets may
        be answered in it, never on how many are right. The counts, bound and coverage of a shared row are those of all
        sharing categories.
    """
    rows: list[dict[str, Any]] = []
    decided: list[Any] = categories.drop_duplicates("category_id").sort_values("category_id").to_dict("records")
    open_to_answer = [str(row["category_id"]) for row in decided if row["bucket"] == AUTOMATE]
    search = _Search(open_to_answer, confidence.certainty, teaching)
    for risk in confidence.all_risks:
        together = _sharing(answers, open_to_answer, risk, confidence)
        pool = answers[answers["category_id"].isin(together)]
        shared = search.certify(pool, together, risk) if together else None
        for row in decided:
            category_id = str(row["category_id"])
            own = answers[answers["category_id"] == category_id]
            if row["bucket"] != AUTOMATE:
                found = _not_sought(category_id, str(row["bucket"]), own, risk, confidence.certainty)
            elif category_id in together and shared is not None:
                found = _shared_row(category_id, own, pool, shared, len(together), risk, confidence.certainty)
            else:
                certified = search.certify(own, [category_id], risk)
                found = _own_row(category_id, own, certified, risk, confidence.certainty)
            rows.append({"name": row["name"], "bucket": row["bucket"], **asdict(found)})
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    texts: dict[str, Any] = dict.fromkeys(
        ("category_id", "name", "bucket", "certified_on", "label_source", "why"), "str"
    )
    counts: dict[str, Any] = dict.fromkeys(("count_calibration", "count_answered", "count_wrong"), "int64")
    shares: dict[str, Any] = dict.fromkeys(("risk", "certainty", "threshold", "upper_bound", "coverage"), "float64")
    return frame.astype(texts | counts | shares).sort_values(["category_id", "risk"], kind="stable", ignore_index=True)


def thresholds_of(frame: pd.DataFrame) -> Thresholds:
    """``confidence_thresholds`` as a release carries them."""
    names = [one.name for one in fields(Threshold)]
    rows = []
    for record in frame[names].astype("object").to_dict("records"):
        values: dict[str, Any] = {str(name): None if pd.isna(value) else value for name, value in record.items()}
        rows.append(Threshold(**values))
    return Thresholds(tuple(rows))


@dataclass(frozen=True)
class _Search:
    """Certifying, from where the teaching tickets of the same categories say."""

    category_ids: list[str]
    certainty: float
    teaching: pd.DataFrame | None

    def certify(self, answers: pd.DataFrame, category_ids: list[str], risk: float) -> Certified:
        kept = answers[answers["may_answer"]]
        start = usual_start(risk)
        if self.teaching is not None:
            possible = self.teaching[self.teaching["may_answer"] & self.teaching["category_id"].isin(self.category_ids)]
            own = possible[possible["category_id"].isin(category_ids)]
            told = own if len(own) >= FEWEST_TO_START else possible
            start = likeliest_start(
                told["confidence"].to_numpy(), told["is_wrong"].to_numpy(), len(kept), risk, self.certainty
            )
        return certify(kept["confidence"].to_numpy(), kept["is_wrong"].to_numpy(), risk, self.certainty, start)


def _sharing(answers: pd.DataFrame, category_ids: list[str], risk: float, confidence: Confidence) -> list[str]:
    """Categories that share a bound: those with too few calibration tickets, where there is more than one."""
    if not confidence.share_a_bound:
        return []
    enough = fewest_answers(risk, confidence.certainty, ERRORS_TO_BEAR)
    counts = answers.loc[answers["may_answer"], "category_id"].value_counts()
    few = [name for name in category_ids if int(counts.get(name, 0)) < enough]
    return few if len(few) > 1 else []


def _own_row(category_id: str, own: pd.DataFrame, found: Certified, risk: float, certainty: float) -> Threshold:
    possible, needed = int(own["may_answer"].sum()), fewest_answers(risk, certainty)
    if found.threshold is not None:
        why = f"{_counted(found)}: with {certainty:.0%} certainty at most {found.upper_bound:.1%} of its answers are"
    elif possible < needed:
        why = f"{_tickets(possible)}; at least {needed} without an error are needed for {risk:.0%}: {STAYS}"
    else:
        why = f"no safe threshold: {_unsafe(found, possible, risk)}: {STAYS}"
    return _row(category_id, own, found, "category", risk, certainty, why)


def _shared_row(
    category_id: str,
    own: pd.DataFrame,
    pool: pd.DataFrame,
    shared: Certified,
    count: int,
    risk: float,
    certainty: float,
) -> Threshold:
    mine, possible = int(own["may_answer"].sum()), int(pool["may_answer"].sum())
    needed = fewest_answers(risk, certainty)
    if shared.threshold is None:
        few = f"{_tickets(mine)} of its own, {possible} in all {count} categories that share a bound"
        if possible < needed:
            why = f"{few}; at least {needed} without an error are needed for {risk:.0%}: {STAYS}"
        else:
            why = f"{few}; no safe threshold: {_unsafe(shared, possible, risk)}: {STAYS}"
        return _row(category_id, pool, shared, "all", risk, certainty, why)
    answered = own[own["may_answer"] & (own["confidence"] >= shared.threshold)]
    wrong = int(answered["is_wrong"].sum())
    if lower_bound(wrong, len(answered), certainty) > risk:
        why = (
            f"the bound that {count} categories share does not carry it: of its own {len(answered)} calibration answers at "
            f"{shared.threshold:g}, {_wrong(wrong)}, more than chance explains at {risk:.0%}: {STAYS}"
        )
        return _row(category_id, pool, replace(shared, threshold=None), "all", risk, certainty, why)
    why = (
        f"shared by {count} categories that have few calibration tickets each: {_counted(shared)}, and with "
        f"{certainty:.0%} certainty at most {shared.upper_bound:.1%} of all their answers are (its own: {len(answered)} "
        f"answered, {wrong} wrong)"
    )
    return _row(category_id, pool, shared, "all", risk, certainty, why)


def _not_sought(category_id: str, bucket: str, own: pd.DataFrame, risk: float, certainty: float) -> Threshold:
    said = "a person sends every answer" if bucket == "hybrid" else "every message goes to a person"
    why = f"the category is decided as {bucket}: {said}, so no threshold is sought"
    return _row(
        category_id,
        own,
        Certified(None, usual_start(risk), 0, 0, 1.0),
        "category",
        risk,
        certainty,
        why,
        is_sought=False,
    )


def _unsafe(found: Certified, possible: int, risk: float) -> str:
    return (
        f"of {possible} calibration answers {found.count_answered} reach {found.start:g}, {_wrong(found.count_wrong)}, so "
        f"that up to {found.upper_bound:.1%} may be, and {risk:.0%} is allowed"
    )


def _counted(found: Certified) -> str:
    return f"of {found.count_answered} calibration answers at {found.threshold:g}, {_wrong(found.count_wrong)}"


def _wrong(count: int) -> str:
    return f"{count or 'none'} {'is' if count < 2 else 'are'} wrong"


def _tickets(count: int) -> str:
    return f"{count} calibration {'ticket' if count == 1 else 'tickets'} that could be answered"


def _row(
    category_id: str, answers: pd.DataFrame, found: Certified, certified_on: SharedBy, risk: float, certainty: float,
    why: str, is_sought: bool = True,
) -> Threshold:  # fmt: skip
    return Threshold(
        category_id=category_id,
        risk=float(risk),
        certainty=float(certainty),
        threshold=found.threshold,
        certified_on=certified_on,
        count_calibration=len(answers),
        count_answered=found.count_answered,
        count_wrong=found.count_wrong,
        upper_bound=found.upper_bound if is_sought and found.count_answered else None,
        coverage=found.count_answered / len(answers) if found.threshold is not None and len(answers) else 0.0,
        label_source=_sources(answers),
        why=why[0].upper() + why[1:] + ".",
    )


def _sources(answers: pd.DataFrame) -> str:
    """Where the labels come from, in words with counts."""
    counts = answers["label_source"].value_counts()
    if counts.empty:
        return "no labelled calibration ticket"
    return "; ".join(f"{counts[name]} {SOURCES.get(str(name), str(name))}" for name in sorted(counts.index))
