"""Whether a week's release may be offered for signing, in words.

Belongs here: the rule. Does not belong here: building and replaying (``orchestration.micro_updates``), which nobody signs
here: what holds an update keeps it from being made current, and people decide about the rest.

An update is held where a frozen ticket that no change of the week is about is decided otherwise, where more of the tickets
that a change is about break than are mended, and where a blocking check is red. What only crosses a threshold is said and
holds nothing: the same words sent at once or looked at by a person first, or a person in either case. An index that learns a
changed entry moves all scores by a hair, and on another machine by another one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.configure_behavior.releases.regression_set import OUTCOME, decision_differences
from assets.pilot_agent.answers.frames import as_list, frame_of
from assets.retrain_agent.fixes.proposal import REPLY_STYLE
from assets.retrain_agent.frames import UPDATE
from desk.behavior import BehaviorFile

BUILT, HELD, NOTHING = "built", "held", "nothing"
WORDING = ("reply", "suggested_reply")
ANSWER, DRAFT, ESCALATE = "answer", "draft", "escalate"
TRIGGER = "trigger:"
SHOWN = 3

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Judged:
    """held: what keeps an update from being made current, each a sentence; empty where nothing does. said: the rest that
    people should know. Counts as in ``frames.UPDATE``."""

    held: tuple[str, ...]
    said: tuple[str, ...]
    count_affected: int
    count_mended: int
    count_broken: int
    count_regression: int
    count_regression_changed: int


def judge_update(
    changes: pd.DataFrame,
    replayed: pd.DataFrame,
    frozen: tuple[Sequence[Row], Sequence[Row]],
    red_checks: Iterable[str],
    *,
    beside: Collection[str] = (),
    changed_triggers: Collection[str] = (),
) -> Judged:
    """Judge a built update.

    Args:
        changes: ``frames.CHANGE`` of the week. replayed: ``frames.REPLAYED`` of exactly these.
        frozen: the regression set as the current release and the new one decide it (``regression_set.replay``).
        red_checks: names of blocking checks.
        beside: entries that came or left without a change; tickets answered from them are expected to differ.
        changed_triggers: ids of triggers that a change of the week altered.
    """
    held = [f"the check {one} is red" for one in sorted(red_checks)]
    said: list[str] = []
    for change in changes.to_dict("records"):
        mine = replayed[replayed["change_id"] == change["change_id"]]
        mended, broken = _mended_and_broken(mine)
        where = held if broken > mended else said
        where.append(_change_sentence(str(change["change_id"]), mine, mended, broken))
    mended, broken = _mended_and_broken(replayed.drop_duplicates("ticket_id"))
    before, after = frozen
    count, foreign, slight, expected = _frozen(before, after, changes.to_dict("records"), beside, changed_triggers)
    if foreign:
        held.append(
            f"{_tickets(len(foreign), 'frozen')} that no change of the week is about decided otherwise: {_first(foreign)}"
        )
    changed = len(foreign) + len(slight) + expected
    said.append(
        f"{_tickets(count, 'frozen')} replayed: {changed} decided otherwise, {expected} of them as the changes intend"
    )
    if slight:
        said.append(
            f"{_tickets(len(slight), 'frozen')} crossed a threshold by a hair, with the same words or a person in either case: "
            f"{_first(slight)}"
        )
    return Judged(tuple(held), tuple(said), replayed["ticket_id"].nunique(), mended, broken, count, changed)


def update_row(
    week: str,
    incumbent_id: str | None,
    as_of: pd.Timestamp,
    *,
    release_id: str | None = None,
    change_ids: Sequence[str] = (),
    judged: Judged | None = None,
    notes: Sequence[str] = (),
) -> pd.DataFrame:
    """The week's row of ``frames.UPDATE``; without ``judged`` nothing was built."""
    counts: dict[str, Any] = {
        name: getattr(judged, name) if judged else 0 for name in UPDATE if name.startswith("count_")
    }
    why = [*(judged.held if judged else ()), *(judged.said if judged else ()), *notes]
    status = NOTHING if judged is None else HELD if judged.held else BUILT
    row = {
        "week": week, "release_id": release_id, "incumbent_id": incumbent_id, "change_ids": list(change_ids),
        "status": status, "why": why, "built_as_of": as_of, **counts,
    }  # fmt: skip
    return frame_of([row], UPDATE)


def changed_triggers(before: BehaviorFile, after: BehaviorFile) -> set[str]:
    """Ids of triggers that were added, taken out or altered between two specs."""
    mine, theirs = ({one.id: one.model_dump(mode="json") for one in spec.triggers} for spec in (before, after))
    return {name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name)}


def _mended_and_broken(replayed: pd.DataFrame) -> tuple[int, int]:
    before, after = replayed["is_right_before"], replayed["is_right_after"]
    mended, broken = (~before & after).fillna(False), (before & ~after).fillna(False)
    return int(mended.sum()), int(broken.sum())


def _change_sentence(change_id: str, mine: pd.DataFrame, mended: int, broken: int) -> str:
    if mine.empty:
        return f"{change_id}: no judged ticket is about it, so that only live tickets will tell what it does"
    judged = int((mine["is_right_before"].notna() & mine["is_right_after"].notna()).sum())
    parts = f"{_tickets(len(mine), 'judged')} replayed, {mended} mended, {broken} broken"
    unjudged = len(mine) - judged
    return f"{change_id}: {parts}" + (f"; of {unjudged} nobody's word tells" if unjudged else "")


def _frozen(
    before: Sequence[Row],
    after: Sequence[Row],
    changes: Sequence[Mapping[Any, Any]],
    beside: Collection[str],
    triggers: Collection[str],
) -> tuple[int, list[str], list[str], int]:
    """How many frozen tickets both decided; a sentence for each that differs without a change, those that matter and those
    that do not; and how many differ with a change."""
    now = {row["ticket_id"]: row for row in after}
    both = [(row, now[row["ticket_id"]]) for row in before if row["ticket_id"] in now]
    foreign: list[str] = []
    slight: list[str] = []
    expected = 0
    for was, became in both:
        if _reads_the_same(was, became) or not (sentences := decision_differences([was], [became])):
            continue
        if _is_accounted_for(was, became, changes, beside, triggers):
            expected += 1
        else:
            (slight if _crosses_a_threshold(was["decision"], became["decision"]) else foreign).extend(sentences)
    return len(both), foreign, slight, expected


def _crosses_a_threshold(one: Row, other: Row) -> bool:
    """Whether no customer is told anything else: the same words, sent at once or by a person; or a person in either case, who
    is handed no other entry."""
    if _triggers(one) != _triggers(other):
        return False
    actions = {one["action"], other["action"]}
    if actions == {ANSWER, DRAFT}:
        same = all(one[name] == other[name] for name in ("category_id", "entry_id", "ask_for"))
        return same and _words(one) is not None and _words(one) == _words(other)
    if ESCALATE in actions and actions <= {DRAFT, ESCALATE}:
        return len({one["entry_id"], other["entry_id"]} - {None}) <= 1
    return False


def _triggers(decision: Row) -> set[str]:
    return {rule for rule in decision["rules"] if rule.startswith(TRIGGER)}


def _words(decision: Row) -> str | None:
    return next((decision[name] for name in WORDING if decision[name] is not None), None)


def _first(sentences: Sequence[str]) -> str:
    return "; ".join(sentences[:SHOWN]) + (f"; and {len(sentences) - SHOWN} more" if len(sentences) > SHOWN else "")


def _reads_the_same(was: Row, became: Row) -> bool:
    """Whether the same words are read, such as one question back: which of the entries between which it decides is nearest
    hangs on a hair, and nobody notices."""
    one, other = was["decision"], became["decision"]
    names = [name for name in OUTCOME if name != "entry_id"]
    return any(one[name] is not None for name in WORDING) and all(one.get(name) == other.get(name) for name in names)


def _is_accounted_for(
    was: Row, became: Row, changes: Sequence[Mapping[Any, Any]], beside: Collection[str], triggers: Collection[str]
) -> bool:
    one, other = was["decision"], became["decision"]
    used = {one["entry_id"], other["entry_id"]} - {None}
    if used & set(beside):
        return True
    differing = {name for name in OUTCOME if one.get(name) != other.get(name)}
    fired = {f"trigger:{name}" for name in triggers} & {*one["rules"], *other["rules"]}
    for change in changes:
        if was["ticket_id"] in as_list(change["target_ticket_ids"]) or used & set(as_list(change["entry_ids"])):
            return True
        if not isinstance(change["behavior_hash"], str):
            continue
        if change["kind"] == REPLY_STYLE and differing <= set(WORDING):
            return True
        categories = as_list(change["category_ids"])
        if fired or {one["category_id"], other["category_id"]} & set(categories):
            return True
    return False


def _tickets(count: int, kind: str) -> str:
    return f"{count:,} {kind} ticket{'' if count == 1 else 's'}"
