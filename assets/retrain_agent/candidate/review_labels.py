"""What reviews say about which entry was right, as labels of past tickets.

Belongs here: reading judged answers as labels of entries that are live in just the version that was judged. Does not
belong here: gathering judged answers (``failures.judged_answers``), labels read off replies (``calibration_labels``).

A review is about what was said then. Where the entry has been changed since, "right" or "wrong" is about words that are no
longer there, and says nothing. What a person said would have been right counts as the entries that say it. A wrong answer
without such a word makes every entry wrong: harsh, and it errs on the side of not answering, as for replies that no entry
gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assets.configure_behavior.confidence.calibration_labels import REVIEW as BY_REVIEW
from assets.configure_behavior.confidence.calibration_labels import labels_frame
from assets.pilot_agent.answers.frames import as_list
from assets.retrain_agent.frames import REVIEW
from assets.retrain_agent.updates.judge_replay import words_of
from assets.retrain_agent.updates.same_words import SameWords

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Encode = Callable[[Sequence[str]], "np.ndarray"]
SAYS_AN_ENTRY = ("answer", "draft")
RIGHT_CONTENT = ("tone", "too_long")
"""Reasons under which an answer was tagged although its entry was the right one."""
NEEDS_A_PERSON, NOT_ABOUT_THE_ENTRY = "should_have_escalated", "other"
Version = tuple[str, str]


def reviewed_before(cases: pd.DataFrame, reviews: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """Cases of reviews that were given before ``until``.

    Args:
        cases: ``frames.CASE``.
        reviews: ``answer_reviews``: answer_id, reviewed_at, is_current.

    A case of which any word that counts was given later is left out whole: the case tells what all of them say together.
    """
    mine = cases[cases["source"] == REVIEW]
    current = reviews[reviews["is_current"].fillna(False).astype(bool)]
    late = set(current.loc[current["reviewed_at"] >= until, "answer_id"])
    return mine[mine["answer_id"].isin(set(current["answer_id"]) - late)].reset_index(drop=True)


def review_labels(
    cases: pd.DataFrame, live: pd.DataFrame, side: Mapping[str, str], wanted: str, encode: Encode
) -> pd.DataFrame:
    """Labels of the tickets of one side that were reviewed: ticket_id, entry_ids, label_source, weight; one a ticket.

    Args:
        cases: ``frames.CASE`` of reviews; a ticket's first message is what counts.
        live: ``live_entries``: entry_id, content_hash, answer.
        side: side of the split by ticket_id. wanted: the side that labels are wanted of.
        encode: texts to unit vectors.
    """
    mine = [one for one in first_cases(cases) if side.get(str(one["ticket_id"])) == wanted]
    versions = {
        (str(name), str(content)): str(answer)
        for name, content, answer in zip(live["entry_id"], live["content_hash"], live["answer"], strict=True)
    }
    said = {words for one in mine if (words := words_of(one)) is not None}
    same = SameWords(versions.values(), sorted(said), encode)
    rows = []
    for case in mine:
        right = right_entries_said(case, versions, same)
        if right is not None:
            rows.append((str(case["ticket_id"]), right, BY_REVIEW, 1.0))
    return labels_frame(rows)


def first_cases(cases: pd.DataFrame) -> list[dict[Any, Any]]:
    """The earliest case of each ticket: later ones are about later turns, which no replay asks."""
    ordered = cases.sort_values(["occurred_at", "case_id"], kind="stable")
    return ordered.drop_duplicates("ticket_id").to_dict("records")


def right_entries_said(case: Mapping[Any, Any], versions: Mapping[Version, str], same: SameWords) -> list[str] | None:
    """The entries that were right, by what a person said of the answer; empty: none is; None: nobody said.

    Args:
        case: a row of ``frames.CASE``. versions: answer by (entry id, content hash) of the entries that labels may be about.
        same: knows these answers, and what the person said.
    """
    known, reason, words = {name for name, _ in versions}, _text(case["said_reason"]), words_of(case)
    if case["is_wrong"] and reason == NEEDS_A_PERSON:
        return []
    if named := {str(one) for one in as_list(case["right_entry_ids"])} & known:
        return sorted(named)
    if case["is_wrong"] and words is not None and reason not in RIGHT_CONTENT:
        return sorted({name for (name, _), answer in versions.items() if same.says(answer, words)})
    said = said_version(case)
    if said is None or said not in versions or reason == NOT_ABOUT_THE_ENTRY:
        return None
    return [said[0]] if not case["is_wrong"] or reason in RIGHT_CONTENT else []


def said_version(case: Mapping[Any, Any]) -> Version | None:
    """The entry and its version that was said or drafted; None where none was."""
    entries, hashes = as_list(case["entry_ids"]), as_list(case["entry_hashes"])
    if case["action"] not in SAYS_AN_ENTRY or not entries or not hashes:
        return None
    return str(entries[0]), str(hashes[0])


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
