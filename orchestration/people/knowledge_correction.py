"""The correction of an answer as something to learn from: what it offers for an entry, and whether it may teach.

Belongs here: reading reviews, tickets and the split. Does not belong here: making or changing the entry (``knowledge_new``),
reviewing answers (``review_desk``).

What is learnt from a ticket must never be graded on it: only tickets of the training side may become knowledge. So a
correction of any other ticket's answer is refused, and not merely left without its source: its wording is the leak.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desk.entry import MAX_QUESTION_CHARS
from orchestration.people.knowledge_desk import KnowledgeProblem, ledger_of, nothing_called, published, read_entries

if TYPE_CHECKING:
    import pandas as pd

    from desk.loading import Desk

TRAIN = "train"
ALIKE = 0.85
"""Likeness from which on two answers are taken for the same one."""
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_NOT_A_FACT = frozenset({"page", "first_name", "name", "customer_name"})
"""What is known of a customer and for whom no answer is meant."""


class NotForLearning(KnowledgeProblem):
    """A correction may not become knowledge, because its ticket measures the agent or may come to."""


@dataclass(frozen=True)
class Correction:
    """What a review offers for an entry. Texts are redacted as far as they come from the customer.

    question: a wording to start from. asked: the customer's message. answer: what would have been right, without
    greeting and closing; empty where the reviewer did not say. context: what was known of the customer. source: as
    entries name it. entry_ids: what the answer rested on, the most of it first.
    """

    answer_id: str
    ticket_id: str
    question: str
    phrasings: tuple[str, ...]
    asked: str
    reply: str
    answer: str
    category_id: str | None
    context: dict[str, str]
    source: dict[str, Any]
    entry_ids: tuple[str, ...]
    reviewer: str | None
    tag: str | None
    comment: str | None
    alike: tuple[str, ...] = ()
    """entries that say what the reviewer wrote, nearly word for word"""
    personal_data: tuple[str, ...] = ()
    """kinds of personal data that the reviewer's words seem to hold, such as EMAIL"""


def correction_of(desk: Desk, answer_id: str) -> Correction:
    """What the reviews of an answer offer for an entry.

    Raises:
        NotForLearning: the answer's ticket is not on the training side. KnowledgeProblem: there is no such answer.
    """
    answer = answered(desk, answer_id)
    require_training_ticket(desk, str(answer["ticket_id"]))
    review = _review_of(desk, answer_id)
    words = _given(review.get("right_answer")) or _without_frame(_given(review.get("edited_reply")), answer, desk)
    asked = _given(answer["question"])
    sentence = _asking_sentence(desk, answer)
    return Correction(
        answer_id=answer_id,
        ticket_id=str(answer["ticket_id"]),
        question=sentence[:MAX_QUESTION_CHARS],
        phrasings=(sentence,) if sentence else (),
        asked=asked,
        reply=_given(answer["reply"]),
        answer=words,
        category_id=_given(answer["category_id"]) or None,
        context=_facts(_given(answer["context"])),
        source={"kind": "ticket", "id": str(answer["ticket_id"]), "hash": _source_hash(desk, answer)},
        entry_ids=tuple(str(one) for one in answer["entry_ids"]),
        reviewer=_given(review.get("reviewer")) or None,
        tag=_given(review.get("tag")) or None,
        comment=_given(review.get("comment")) or None,
        alike=_alike(desk, words),
        personal_data=_personal_data(words),
    )


def answered(desk: Desk, answer_id: str) -> dict[str, Any]:
    """The published answer of this id.

    Raises:
        KnowledgeProblem: there is none.
    """
    from orchestration.people.review_desk import ReviewProblem, published_answers

    try:
        answers = published_answers(desk)
    except ReviewProblem as problem:
        raise KnowledgeProblem(str(problem)) from problem
    rows: list[Any] = answers[answers["answer_id"] == answer_id].to_dict("records")
    if not rows:
        raise KnowledgeProblem(nothing_called(answer_id[:80], "answer", []))
    return dict(rows[0])


def require_training_ticket(desk: Desk, ticket_id: str) -> None:
    """Refuse a ticket that may not teach. Raises ``NotForLearning``, with what can be done instead."""
    splits = published(desk, "ticket_splits")
    sides = splits.loc[splits["ticket_id"] == ticket_id, "split"].tolist()
    if not sides:
        raise NotForLearning(
            "It is not decided yet whether this ticket teaches the agent or measures it, so nothing may be learnt from it "
            "for now. That is decided when the ticket is read with the others: understudy run audit_tickets"
        )
    if sides[0] != TRAIN:
        use = {
            "holdout": "It is set aside to measure how good the agent is.",
            "calibration": "It is set aside to set how sure the agent must be.",
        }.get(sides[0], "It hangs together with tickets that measure the agent.")
        raise NotForLearning(
            f"No entry can be made from this ticket. {use} An agent that learnt from it would be graded on what it was "
            "told. If other customers ask the same, their tickets can teach: look at the drafts and the other corrections "
            "of this category. An entry that is wrong can be corrected at any time, without this ticket's words."
        )


def corrections_that_may_teach(desk: Desk, category_id: str | None, limit: int = 10) -> pd.DataFrame:
    """Frame [answer] whose review says what would have been right, on training tickets, the newest first.

    Columns: answer_id, category_id, question, right_answer, reviewed_at.
    """
    from orchestration.people.review_desk import judged

    with ledger_of(desk) as ledger:
        found = judged(desk, ledger)
    splits = published(desk, "ticket_splits")
    may_teach = set(splits.loc[splits["split"] == TRAIN, "ticket_id"])
    said = found.reviews[found.reviews["is_current"].astype(bool)]
    said = said.assign(right_answer=said["right_answer"].fillna(said["edited_reply"]))
    said = said[said["right_answer"].notna() & said["ticket_id"].isin(may_teach)]
    rows = said.merge(found.answers[["answer_id", "category_id", "question"]], on="answer_id")
    if category_id is not None:
        rows = rows[rows["category_id"] == category_id]
    rows = rows.sort_values(["reviewed_at", "answer_id"], ascending=[False, True]).drop_duplicates("answer_id")
    return rows.head(limit)[["answer_id", "category_id", "question", "right_answer", "reviewed_at"]]


def _review_of(desk: Desk, answer_id: str) -> dict[str, Any]:
    """The standing review that says most: one with a right answer before others, then the newest."""
    from orchestration.people.review_desk import judged

    with ledger_of(desk) as ledger:
        reviews = judged(desk, ledger).reviews
    mine = reviews[(reviews["answer_id"] == answer_id) & reviews["is_current"].astype(bool)]
    says = mine["right_answer"].notna().astype(int) * 2 + mine["edited_reply"].notna().astype(int)
    rows: list[Any] = mine.assign(says=says).sort_values(["says", "reviewed_at"]).to_dict("records")
    return dict(rows[-1]) if rows else {}


def _without_frame(reply: str, answer: Mapping[str, Any], desk: Desk) -> str:
    """An edited reply without those paragraphs of the agent's reply that are no part of an entry: greeting and closing."""
    rested_on = {str(one) for one in answer["entry_ids"]}
    known = "\n".join(entry.answer for entry in read_entries(desk)[0] if entry.id in rested_on)
    frame = {one.strip() for one in _PARAGRAPH.split(_given(answer["reply"])) if one.strip() not in known}
    parts = [one.strip() for one in _PARAGRAPH.split(reply.replace("\r\n", "\n"))]
    return "\n\n".join(one for one in parts if one and one not in frame) if frame else reply


def _asking_sentence(desk: Desk, answer: Mapping[str, Any]) -> str:
    """The sentence in which the customer asks, tidied; empty where the message holds none."""
    from assets.build_knowledge.drafts.customer_questions import customer_questions
    from assets.build_knowledge.drafts.question_wording import tidy

    ticket = str(answer["ticket_id"])
    if answer["turn"] == 1 and (read := _read_before(desk, ticket)):
        return tidy(read)
    comments = published(desk, "redacted_comments")
    mine = comments[(comments["ticket_id"] == ticket) & (comments["created_at"] <= answer["asked_at"])]
    found = customer_questions(mine, {ticket: _given(answer["category_id"]) or "unknown"})
    return tidy(str(found["question"].iloc[0])) if len(found) else ""


def _read_before(desk: Desk, ticket: str) -> str:
    """The ticket's question as it was read among those of its category, which says best what belongs to the matter."""
    known = published(desk, "customer_questions")
    found = known.loc[known["ticket_id"] == ticket, "question"].tolist()
    return str(found[0]) if found else ""


def _source_hash(desk: Desk, answer: Mapping[str, Any]) -> str | None:
    """The hash of what was read, as drafts name it: people's first reply to the message, else the message itself."""
    comments = published(desk, "redacted_comments")
    mine = comments[(comments["ticket_id"] == answer["ticket_id"]) & comments["is_public"].astype(bool)]
    mine = mine.sort_values(["created_at", "position"])
    replies = mine[(mine["author_role"] != "requester") & (mine["created_at"] >= answer["asked_at"])]
    asked = mine[(mine["author_role"] == "requester") & (mine["created_at"] <= answer["asked_at"])]
    for part, at in ((replies, 0), (asked, -1)):
        if len(part):
            return str(part["text_hash"].iloc[at])
    return None


def _facts(context: str) -> dict[str, str]:
    """What was known of the customer and an answer may depend on."""
    found = json.loads(context) if context else {}
    return {
        str(name): str(value)
        for name, value in sorted(found.items())
        if str(name) not in _NOT_A_FACT and isinstance(value, str | bool | int | float) and str(value).strip()
    }


def _alike(desk: Desk, words: str) -> tuple[str, ...]:
    """Entries that say the same, the likest first: their wording is what is missing, and not another entry."""
    plain = " ".join(words.casefold().split())[:2_000]
    found = []
    for entry in read_entries(desk)[0] if plain else []:
        matcher = difflib.SequenceMatcher(
            None, plain, " ".join(entry.answer.casefold().split())[:2_000], autojunk=False
        )
        if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE:
            found.append((-matcher.ratio(), entry.id))
    return tuple(name for _, name in sorted(found))


def _personal_data(text: str) -> tuple[str, ...]:
    from assets.audit_tickets.texts.redaction import redact

    return tuple(redact(text).counts)


def _given(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
