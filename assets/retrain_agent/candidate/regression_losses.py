"""Which frozen tickets a candidate decides worse than the incumbent, each in a sentence.

Belongs here: what "worse" means between two runs over the regression set. Does not belong here: running a release over it
(``configure_behavior.releases.regression_set``), listing every difference whether good or bad (``decision_differences``).

A difference is worse where customers would be told something that nobody has said is right, or would no longer be told
what is known to be right although something else is told. In words:

- a trigger handed the ticket over, and the candidate answers: worse whatever it says, unless people took the trigger out;
- it was handed over or asked back for want of certainty, and the candidate answers: worse unless the answer is known right;
- it was answered, and is answered from another entry: worse unless the new answer is known right, or people put the new entry
  in the old one's place (the old is no longer live, the category is the same, and the new answer is not known wrong);
- a draft for a person rested on an entry known right, and now rests on another: worse unless that is known right, too.

Handing over or asking back what was answered is no regression here: nobody is misled. Whether a candidate answers too
little is seen on the holdout. What is known right comes from people's replies and words, on calibration and training
tickets; a person who says of a ticket which entry is right settles it (``understudy calibration name``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assets.configure_behavior.releases.regression_set import OUTCOME, in_words

ANSWER, DRAFT = "answer", "draft"
TRIGGER = "trigger:"


@dataclass(frozen=True)
class RegressionComparison:
    """count_compared: tickets in both runs; count_changed: with another outcome; worse: a sentence for each that is."""

    count_compared: int
    count_changed: int
    worse: tuple[str, ...]


def compare_regression(
    before: Iterable[Mapping[str, Any]],
    after: Iterable[Mapping[str, Any]],
    *,
    right: Mapping[str, Sequence[str]],
    live: Collection[str],
    triggers: Collection[str],
) -> RegressionComparison:
    """Lay two runs over the frozen tickets beside each other.

    Args:
        before, after: rows of ``regression_set.replay`` by the incumbent and the candidate.
        right: the right entries by ticket_id, where known; empty: none is.
        live: ids of the candidate's entries. triggers: ids of the triggers in the candidate's spec.
    """
    now = {row["ticket_id"]: row for row in after}
    compared = changed = 0
    worse: list[str] = []
    for row in before:
        other = now.get(row["ticket_id"])
        if other is None:
            continue
        compared += 1
        was, became = row["decision"], other["decision"]
        if all(was.get(name) == became.get(name) for name in OUTCOME):
            continue
        changed += 1
        ticket = str(row["ticket_id"])
        if why := _why_worse(was, became, right.get(ticket), live, triggers):
            worse.append(f"ticket {ticket}: {in_words(was)} -> {in_words(became)}: {why}")
    return RegressionComparison(compared, changed, tuple(worse))


def _why_worse(
    was: Mapping[str, Any],
    became: Mapping[str, Any],
    right: Sequence[str] | None,
    live: Collection[str],
    triggers: Collection[str],
) -> str:
    """Why a change of outcome is worse; empty where it is not."""
    old, new = was["entry_id"], became["entry_id"]
    is_right = right is not None and new in right
    if became["action"] == ANSWER:
        if was["action"] == ANSWER:
            if old == new or is_right or (_is_replaced(was, became, live) and right is None):
                return ""
            return "another entry answers, and " + ("it is known to be wrong" if right is not None else _unknown())
        if trigger := _trigger_of(was):
            return "" if trigger not in triggers else "a trigger handed it over, and still should"
        if is_right or (was["action"] == DRAFT and old == new):
            return ""
        return "it is answered now, and " + ("that is known to be wrong" if right is not None else _unknown())
    if became["action"] == DRAFT == was["action"] and right is not None and old in right and not is_right:
        return "the draft rested on the right entry"
    return ""


def _is_replaced(was: Mapping[str, Any], became: Mapping[str, Any], live: Collection[str]) -> bool:
    return was["entry_id"] not in live and was["category_id"] == became["category_id"]


def _trigger_of(decision: Mapping[str, Any]) -> str | None:
    found = next((rule for rule in decision["rules"] if rule.startswith(TRIGGER)), None)
    return None if found is None or decision["action"] == ANSWER else found.removeprefix(TRIGGER)


def _unknown() -> str:
    return "nobody has said that it is right"
