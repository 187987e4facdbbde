"""What every ``understudy review`` command works on: the answers to be judged, what was said of them, and saying more.

Does not belong here: arguments (``review``), files (``review_file``), the terminal's screen (``review_screen``).

Reviews are read from the ledger as they stand this minute, and from the helpdesk as they were last materialised.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orchestration.lake import Lake, NotMaterialised

if TYPE_CHECKING:
    import pandas as pd

    from desk.loading import Desk
    from ledger.reviews import AnswerReview
    from ledger.store import Ledger

SHOWN_CHARS = 120


class ReviewProblem(Exception):
    """Something cannot be reviewed; ``str()`` says why and what to do."""


@dataclass(frozen=True)
class Judged:
    """answers: ``frames.ANSWER``, in shadow and rollout. reviews: ``frames.REVIEW`` of them, with replaced ones."""

    answers: pd.DataFrame
    reviews: pd.DataFrame


def review_roles(desk: Desk) -> list[str]:
    """The roles any one of which may review."""
    return desk.settings.signers["review"]


def open_ledger_of(desk: Desk) -> Ledger:
    """The desk's ledger."""
    from orchestration.resources import DeskResource

    return DeskResource(folder=str(desk.folder)).ledger


def published_answers(desk: Desk) -> pd.DataFrame:
    """``shadow_answers`` as published, the control arm's among them.

    Raises:
        ReviewProblem: there are none yet.
    """
    try:
        return Lake(desk.home).read("shadow_answers")
    except NotMaterialised:
        raise ReviewProblem("there are no answers to review yet. Run: understudy run pilot_agent") from None


def judged(desk: Desk, ledger: Ledger) -> Judged:
    """The answers that people judge, and what they said of them so far.

    Raises:
        ReviewProblem: there are no answers yet.
    """
    from assets.pilot_agent.answers.answer_reviews import reviewable
    from orchestration.pilots import standing_reviews

    answers = published_answers(desk)
    reviews = standing_reviews(desk, ledger, answers)
    return Judged(reviewable(answers), reviews)


def listed(
    desk: Desk, *, category: str | None = None, mode: str | None = None, only_untagged: bool = False
) -> pd.DataFrame:
    """Frame [answer], untagged ones first, then the longest waiting: answer_id, ticket_id, mode, category_id, action,
    asked_at, tags (what was said so far, in words), question, reply.

    Raises:
        ReviewProblem: there are no answers yet, or none of this category.
    """
    from assets.pilot_agent.answers.tag_coverage import tagged

    with open_ledger_of(desk) as ledger:
        found = judged(desk, ledger)
    answers = chosen(desk, found.answers, category, mode)
    is_tagged = answers["answer_id"].isin(tagged(found.reviews)).to_numpy(dtype=bool)
    words = _tags_in_words(found.reviews)
    answers = answers.assign(is_tagged=is_tagged, tags=[words.get(str(one), "") for one in answers["answer_id"]])
    if only_untagged:
        answers = answers[~answers["is_tagged"]]
    answers = answers.sort_values(["is_tagged", "asked_at", "answer_id"], ignore_index=True)
    columns = ["answer_id", "ticket_id", "mode", "category_id", "action", "asked_at", "tags", "question", "reply"]
    return answers[columns]


def queue(
    desk: Desk, by: str, *, category: str | None = None, mode: str | None = None, is_second: bool = False
) -> list[dict[str, Any]]:
    """The answers to show to a reviewer, the longest waiting first: those nobody has tagged, or (``is_second``) those that
    somebody else has tagged and this person has not.

    Raises:
        ReviewProblem: as ``listed``.
    """
    from assets.pilot_agent.answers.tag_coverage import tagged
    from ledger.events import name_key

    with open_ledger_of(desk) as ledger:
        found = judged(desk, ledger)
    answers, done = chosen(desk, found.answers, category, mode), tagged(found.reviews)
    if is_second:
        is_own = [name_key(str(name)) == name_key(by) for name in found.reviews["reviewer"]]
        own = tagged(found.reviews[is_own])
        answers = answers[answers["answer_id"].isin(done - own)]
    else:
        answers = answers[~answers["answer_id"].isin(done)]
    rows: list[Any] = answers.sort_values(["asked_at", "answer_id"]).to_dict("records")
    return rows


def chosen(desk: Desk, answers: pd.DataFrame, category: str | None, mode: str | None) -> pd.DataFrame:
    """The answers of a category and a mode.

    Raises:
        ReviewProblem: nobody knows the category.
    """
    if category is not None:
        from orchestration.people.knowledge_desk import nothing_called

        known = {one.id for one in desk.categories} | set(answers["category_id"].dropna())
        if category not in known:
            raise ReviewProblem(nothing_called(category, "category", sorted(known)))
        answers = answers[answers["category_id"] == category]
    return answers if mode is None else answers[answers["mode"] == mode]


def record(
    desk: Desk, reviewed: Sequence[tuple[str, AnswerReview]], *, role: str, source: str, replaces: bool = False
) -> int:
    """Record reviews of several people, all or none; returns how many were new.

    Raises:
        ReviewProblem: an answer is not there to be reviewed. LedgerError: the ledger refuses.
    """
    from ledger.reviews import record_reviews_by

    require_reviewable(published_answers(desk), [review.answer_id for _, review in reviewed])
    with open_ledger_of(desk) as ledger:
        events = record_reviews_by(
            ledger,
            reviewed,
            role=role,
            occurred_at=dt.datetime.now(dt.UTC),
            known_roles=review_roles(desk),
            source=source,
            replaces=replaces,
        )
    return len(events)


def needs_decision(answer: Mapping[str, Any]) -> bool:
    """Whether a person decides if the reply of a row of ``frames.ANSWER`` goes out: not where the rollout sends it, nor
    where a person takes over."""
    return not is_sent_alone(answer) and answer["action"] != "escalate" and bool(_words(answer["reply"]))


def is_sent_alone(answer: Mapping[str, Any]) -> bool:
    """Whether the rollout sends this row's reply without a person."""
    from assets.pilot_agent.answers.frames import ROLLOUT, SENT_ALONE

    return answer["mode"] == ROLLOUT and answer["action"] in SENT_ALONE


def _words(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def require_reviewable(answers: pd.DataFrame, answer_ids: Sequence[str]) -> None:
    """Refuse ids of no answer, and answers that were shown to nobody. Raises ``ReviewProblem``."""
    problems = [one for one in dict.fromkeys(not_reviewable(answers, answer_ids)) if one is not None]
    if problems:
        more = f" (and {len(problems) - 5} more)" if len(problems) > 5 else ""
        raise ReviewProblem("nothing was recorded: " + "; ".join(problems[:5]) + more)


def not_reviewable(answers: pd.DataFrame, answer_ids: Sequence[str]) -> list[str | None]:
    """For each id why it cannot be reviewed, or None."""
    from assets.pilot_agent.answers.frames import CONTROL

    modes = dict(zip(answers["answer_id"], answers["mode"], strict=True))
    return [
        f"there is no answer '{one[:80]}'"
        if one not in modes
        else f"answer {one} was made for the control arm and shown to nobody, so there is nothing to review"
        if modes[one] == CONTROL
        else None
        for one in answer_ids
    ]


def _tags_in_words(reviews: pd.DataFrame) -> dict[str, str]:
    import pandas as pd

    words: dict[str, list[str]] = {}
    for row in reviews[reviews["is_current"].astype(bool)].itertuples():
        given: list[Any] = [row.tag, row.reason, row.decision]
        said = [str(one).replace("_", " ") for one in given if not pd.isna(one)]
        words.setdefault(str(row.answer_id), []).append(f"{row.reviewer}: {', '.join(said)}")
    return {answer: "; ".join(lines) for answer, lines in words.items()}
