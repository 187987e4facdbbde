"""Failures of which nobody said, legibly, what would have been right: what is left to tell them by.

Belongs here: the helpdesk's category, the reason a reviewer gave, the fact or day that goes with the entry being wrong, and
failures like it that are explained. Does not belong here: tests that read a right answer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from assets.retrain_agent.failures.finding import Finding, in_words
from assets.retrain_agent.failures.past_of_entries import ESCALATE, PastOfEntries
from assets.retrain_agent.failures.sight import Sight
from assets.retrain_agent.failures.who_fails import known_value
from assets.retrain_agent.frames import (
    EDGE_CASE_COLLISION,
    INTENT_MISCLASSIFICATION,
    KNOWLEDGE_GAP,
    MISSED_ESCALATION,
    NEEDLESS_ESCALATION,
    STALE_KNOWLEDGE,
    TONE_OR_LENGTH,
    UNEXPLAINED,
)

OF_REASON: Mapping[str, str] = {
    "wrong_category": INTENT_MISCLASSIFICATION,
    "wrong_condition": EDGE_CASE_COLLISION,
    "outdated": STALE_KNOWLEDGE,
    "missing_step": STALE_KNOWLEDGE,
    "tone": TONE_OR_LENGTH,
    "too_long": TONE_OR_LENGTH,
}
"""What a reviewer's reason points to where nothing else tells; a missing step is mended in the entry that lacks it."""
LEAST_ALIKE = 2
SAID_BY_SOMEBODY = frozenset((MISSED_ESCALATION, NEEDLESS_ESCALATION, TONE_OR_LENGTH))
"""Types that a failure has only because somebody says so of it, so that they are not passed on."""


def by_category(sight: Sight, past: PastOfEntries, case: int, known: set[str]) -> Finding | None:
    """The helpdesk has it under another category than was chosen, and those who ask alike do not speak for what was chosen."""
    row = sight.cases[case]
    label, chosen = row["right_category_id"], row["category_id"]
    if row["action"] == ESCALATE or label is None or chosen is None or label == chosen or label not in known:
        return None
    near = past.category_of_neighbours(case)
    if near is not None and near[0] == chosen:
        return None
    why = f"It was taken for {chosen}; the helpdesk has it under {label}, which the agent knows."
    return Finding(INTENT_MISCLASSIFICATION, 0.6 if near is None else 0.75, (why,), right_category_id=label)


def by_missing_entry(sight: Sight, case: int) -> Finding | None:
    """A person named an entry that is on file no more."""
    names = [one for one in sight.cases[case]["right_entry_ids"] if one not in sight.place]
    if not names or len(names) < len(sight.cases[case]["right_entry_ids"]):
        return None
    return Finding(KNOWLEDGE_GAP, 0.6, (f"What a person named as right, {names[0]}, is not on file.",))


def by_reason(sight: Sight, case: int) -> Finding | None:
    """What the reviewer's reason says; that the category was wrong only where the helpdesk has another."""
    row = sight.cases[case]
    kind = OF_REASON.get(str(row["said_reason"]))
    if kind is None or (kind == INTENT_MISCLASSIFICATION and _is_chosen(row)):
        return None
    sure = {TONE_OR_LENGTH: 0.9, INTENT_MISCLASSIFICATION: 0.7}.get(kind, 0.65)
    said = str(row["said_reason"]).replace("_", " ")
    target = sight.said[case] if kind != INTENT_MISCLASSIFICATION else None
    return Finding(kind, sure, (f"The reviewer's reason: {said}.",), target)


def by_past(sight: Sight, past: PastOfEntries, case: int, unexplained: Sequence[int]) -> Finding | None:
    """A fact, or a day, that goes with the entry being wrong."""
    lead = sight.said[case]
    if lead is None or sight.cases[case]["action"] == ESCALATE:
        return None
    same = [one for one in unexplained if sight.said[one] == lead]
    fact, turn = past.telling_fact(lead, same), past.turning_point(lead, same)
    if fact is not None and (turn is None or fact.p <= turn.p) and fact.covers(sight.contexts[case]):
        a, b, c, d = fact.counts
        why = f"{lead} was wrong for {a} and right for {c} customers with {in_words(fact.condition)}, without for {b} and {d}."
        return Finding(EDGE_CASE_COLLISION, 0.6, (why,), lead, fact.condition)
    if turn is not None:
        why = (
            f"{lead} was right {turn.counts[0]} times until {turn.at:%Y-%m-%d} and wrong {turn.counts[3]} times since."
        )
        return Finding(STALE_KNOWLEDGE, 0.65, (why,), lead)
    return None


class Alike:
    """Failures that are explained, to tell others by: the same entry said to customers of the same category."""

    def __init__(self, sight: Sight, explained: Mapping[int, Finding], fields: Iterable[str]) -> None:
        self._sight = sight
        self._fields = sorted(fields)
        self._found: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
        for case, finding in explained.items():
            if finding.failure_type in SAID_BY_SOMEBODY:
                continue
            for key in self._keys(case):
                self._found[key].append(finding)

    def of(self, case: int) -> Finding | None:
        """What most of those like it are; None without two, or where no type has the majority."""
        for key, what, worth in zip(self._keys(case), self._WHAT, (0.8, 0.75, 0.6), strict=True):
            near = self._found.get(key, [])
            if len(near) < LEAST_ALIKE:
                continue
            kind, count = Counter(one.failure_type for one in near).most_common(1)[0]
            if 2 * count <= len(near):
                continue
            best = max((one for one in near if one.failure_type == kind), key=lambda one: one.confidence)
            why = f"{count} of {len(near)} failures {what} are explained so: {best.evidence[-1]}"
            sure = worth * count / (len(near) + 1)
            return Finding(
                kind, sure, (why,), best.target_entry_id, best.condition, best.trigger_id, best.right_category_id
            )
        return None

    _WHAT = (
        "with the same entry and category and the same known facts",
        "with the same entry and category",
        "of the same category",
    )

    def _keys(self, case: int) -> tuple[tuple[object, ...], ...]:
        row = self._sight.cases[case]
        category = row["right_category_id"] or row["category_id"]
        is_held = row["action"] == ESCALATE
        facts = tuple(known_value(self._sight.contexts[case], one) for one in self._fields)
        chosen = (is_held, category, row["category_id"])
        return (
            ("facts", *chosen, self._sight.said[case], facts),
            ("entry", *chosen, self._sight.said[case]),
            ("category", *chosen),
        )


def unexplained(sight: Sight, case: int) -> Finding:
    """What would tell."""
    row = sight.cases[case]
    if row["right_answer"]:
        wanted = "The right answer is in a language that no entry is written in; say which entry is right."
    elif row["question"] is None:
        wanted = "Its words were erased, so that it counts and cannot be looked into."
    else:
        wanted = "Nobody said what would have been right: a reviewer's right answer, or its entry, would tell."
    return Finding(UNEXPLAINED, 0.3, (wanted,))


def _is_chosen(row: Mapping[str, object]) -> bool:
    """Whether the helpdesk has it under the category that was chosen."""
    return row["right_category_id"] is not None and row["right_category_id"] == row["category_id"]
