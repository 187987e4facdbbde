"""Whether a release decides a judged case rightly: true, false, or null where nobody's word tells.

Belongs here: laying a decision beside what people said of an earlier one. Does not belong here: deciding
(``replay_cases``), whether two texts say the same (``same_words``), effects.

What people judged is the judge; nothing is guessed. In this order:

1. the same said again is judged as before;
2. a customer who needed a person must get one, and one who did not must not;
3. where the category was the matter and nobody said more, the category decides;
4. words or entries that people gave as right decide: the first entry's answer must say them;
5. what was right stays right with an answer that says the same.

People judge at a moment. An answer that was right in May and outdated since June, as most later reviews of the same content
say, is no measure any more: such a case says nothing about what is said instead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import as_list
from assets.retrain_agent.updates.same_words import SameWords
from assets.retrain_agent.updates.waiting_changes import Version

ESCALATE, ASK, DRAFT = "escalate", "ask", "draft"
OUTDATED, NEEDLESS, WRONG_CATEGORY = "outdated", "needless_escalation", "wrong_category"
WORDING = ("tone", "too_long")
"""Reasons of reviews for which the content was right."""
LEAST_OUTDATED = 2
"""Customers whose answer must have been called outdated before earlier praise of the content counts no more."""


@dataclass(frozen=True)
class Said:
    """What a release does with a case. entry_id, content_hash and answer are of the entry that is said or suggested, None
    where none is; reply: the whole words; considered: answers of all entries that were considered, by entry id."""

    action: str
    category_id: str | None
    entry_id: str | None
    content_hash: str | None
    answer: str | None
    reply: str | None
    considered: Mapping[str, str]

    @property
    def asks(self) -> bool:
        """Whether a question is asked back, or suggested to be."""
        return is_question(self.action, self.reply, self.answer)


@dataclass(frozen=True)
class Standard:
    """What cases are judged by beside their own words. answers: answer by entry version, of both releases; outdated: from
    ``outdated_versions``."""

    words: SameWords
    answers: Mapping[Version, str]
    outdated: Collection[Version] = frozenset()


def is_right(case: Mapping[str, Any], said: Said, standard: Standard) -> bool | None:
    """Judge one decision.

    Args:
        case: a row of ``frames.CASE``.
        said: what the release does now.
    """
    is_wrong, needs_person = bool(case["is_wrong"]), _truth(case["should_escalate"])
    if is_wrong and _is_about_category(case):
        return _by_category(case, said)
    if _is_same(case, said, standard):
        return not is_wrong
    if needs_person:
        return said.action == ESCALATE
    return _is_mended(case, said, standard, needs_person) if is_wrong else _stays_right(case, said, standard)


def outdated_versions(cases: pd.DataFrame) -> set[Version]:
    """Entry versions that people call outdated by now: from some moment on at least half of those judged were, of
    ``LEAST_OUTDATED`` customers or more.

    Args:
        cases: ``frames.CASE``.
    """
    has_entry = cases["entry_ids"].map(len).gt(0) & cases["entry_hashes"].map(len).gt(0)
    mine = cases[has_entry].sort_values(["occurred_at", "case_id"], ascending=False)
    seen: dict[Version, tuple[int, int, set[str]]] = {}
    found = set()
    columns = ("entry_ids", "entry_hashes", "is_wrong", "said_reason", "requester_id", "case_id")
    for names, hashes, is_wrong, reason, requester, case in zip(*(mine[one] for one in columns), strict=True):
        version = (str(names[0]), str(hashes[0]))
        count, old, people = seen.get(version, (0, 0, set()))
        if is_wrong and _text(reason) == OUTDATED:
            old, people = old + 1, {*people, _text(requester) or str(case)}
        seen[version] = (count + 1, old, people)
        if 2 * old >= count + 1 and len(people) >= LEAST_OUTDATED:
            found.add(version)
    return found


def words_of(case: Mapping[str, Any]) -> str | None:
    """What a person said would have been right."""
    return _text(case["right_answer"])


def _is_about_category(case: Mapping[str, Any]) -> bool:
    says_more = words_of(case) is not None or bool(as_list(case["right_entry_ids"]))
    is_named = _text(case["said_reason"]) == WRONG_CATEGORY and _text(case["right_category_id"]) is not None
    return is_named and not says_more


def _by_category(case: Mapping[str, Any], said: Said) -> bool | None:
    if said.category_id != _text(case["right_category_id"]):
        return False
    # In the right category, and now handed over: nobody said whether a person is needed.
    return (
        None if said.action == ESCALATE and case["action"] != ESCALATE and not _truth(case["should_escalate"]) else True
    )


def is_question(action: str, reply: str | None, answer: str | None) -> bool:
    """Whether a decision asks back; a draft does where it suggests a question in place of its entry's answer."""
    if action != DRAFT or reply is None or answer is None:
        return action == ASK
    return "?" in reply and _plain(answer) not in _plain(reply)


def _is_same(case: Mapping[str, Any], said: Said, standard: Standard) -> bool:
    """Whether the customer, or the person who is handed a draft, reads what was judged."""
    if (case["action"] == ESCALATE) != (said.action == ESCALATE) or _asks(case, standard) != said.asks:
        return False
    if said.action == ESCALATE:
        return not case["is_wrong"] or _is_needless(case) or _suggests_the_same(case, said)
    reply = _text(case["reply"])
    if reply is not None and said.reply is not None and _plain(reply) == _plain(said.reply):
        return True
    if said.asks:
        return (reply is None or said.reply is None) and _version_of(case) == (said.entry_id, said.content_hash)
    return _text(case["said_reason"]) not in WORDING and _version_of(case) == (said.entry_id, said.content_hash)


def _suggests_the_same(case: Mapping[str, Any], said: Said) -> bool:
    reply = _text(case["reply"])
    return _version_of(case) == (said.entry_id, said.content_hash) if reply else said.reply is None


def _is_mended(case: Mapping[str, Any], said: Said, standard: Standard, needs_person: bool | None) -> bool | None:
    """What was wrong, and something else is done now."""
    is_known = words_of(case) is not None or bool(as_list(case["right_entry_ids"]))
    if said.action == ESCALATE and (needs_person is False or _is_needless(case)):
        return False
    if not is_known:
        return None
    if said.asks:
        # A question that leads to the right answer is no answer yet.
        leads = any(_is_what_was_right(case, name, one, standard) for name, one in said.considered.items())
        return None if leads else False
    if said.entry_id is None or said.answer is None:
        return False
    if _text(case["said_reason"]) in WORDING and _version_of(case)[0] == said.entry_id:
        return None
    return _is_what_was_right(case, said.entry_id, said.answer, standard)


def _stays_right(case: Mapping[str, Any], said: Said, standard: Standard) -> bool | None:
    """What was right, and something else is done now."""
    version, before = _version_of(case), _answer_of(case, standard)
    says_it = before is not None and said.answer is not None and standard.words.says(said.answer, before)
    if case["action"] == ESCALATE:
        return None
    if said.action == ESCALATE:
        # Of a draft that a person was handed, the same suggestion is as good.
        return case["action"] == DRAFT and says_it
    if _asks(case, standard) or said.asks:
        return None
    if says_it:
        return True
    if words_of(case) is not None or as_list(case["right_entry_ids"]):
        return said.entry_id is not None and _is_what_was_right(case, said.entry_id, said.answer or "", standard)
    return None if before is None or version in standard.outdated else False


def _is_what_was_right(case: Mapping[str, Any], entry_id: str, answer: str, standard: Standard) -> bool:
    words = words_of(case)
    return entry_id in as_list(case["right_entry_ids"]) or (words is not None and standard.words.says(answer, words))


def _is_needless(case: Mapping[str, Any]) -> bool:
    return _text(case["said_reason"]) == NEEDLESS or (
        case["action"] == ESCALATE and _truth(case["should_escalate"]) is False
    )


def _version_of(case: Mapping[str, Any]) -> tuple[str | None, str | None]:
    names, hashes = as_list(case["entry_ids"]), as_list(case["entry_hashes"])
    return (str(names[0]), str(hashes[0])) if names and hashes else (None, None)


def _answer_of(case: Mapping[str, Any], standard: Standard) -> str | None:
    """What the entry of a judged answer said then, where one of the releases still has it."""
    return standard.answers.get(_version_of(case))  # type: ignore[arg-type]


def _asks(case: Mapping[str, Any], standard: Standard) -> bool:
    return is_question(str(case["action"]), _text(case["reply"]), _answer_of(case, standard))


def _truth(value: Any) -> bool | None:
    return None if value is None or pd.isna(value) else bool(value)


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _plain(text: str) -> str:
    return " ".join(text.split())
