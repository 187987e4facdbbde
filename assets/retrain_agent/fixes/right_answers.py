"""What would have been right, by people: a reviewer's words, else what people replied in the same ticket.

Belongs here: gathering those words from training failures, keeping personal data and notes among colleagues out of them,
and telling which of them say the same. Does not belong here: what is made of them (``draft_entry``, ``edit_entry``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from assets.audit_tickets.texts.personal_data import PLACEHOLDER
from assets.audit_tickets.texts.redaction import redact
from assets.build_knowledge.drafts.answer_groups import flat, group_answers, typical_answer
from assets.build_knowledge.drafts.merge_proposals import CONTAINED
from assets.build_knowledge.drafts.sentences import content_stems, is_courtesy, split_sentences, strip_greeting
from assets.build_knowledge.drafts.staff_answers import staff_answers
from assets.build_knowledge.retrieval.same_answers import ALIKE_IN_MEANING, LEAST
from assets.retrain_agent.fixes.fix import text_or_none
from assets.retrain_agent.fixes.training_ground import PatternGround
from desk.entry import tidy_answer

MIN_WORDS = 4
SURELY_THE_SAME = 0.6
"""Likeness of a reply to an answer from which its ticket may lend its wording; ``LEAST`` is enough to count it only."""
REVIEW, REPLY = "review", "reply"
_AMONG_COLLEAGUES = re.compile(
    r"\b(?:thank|tell|ask|inform|refer|point|apologi[sz]e to) (?:the|this) (?:customer|requester|client|user)\b|"
    r"\b(?:pass (?:it|this) on|no answer needed|nothing to solve|dem kunden|der kundin|al cliente|a la clienta)\b",
    re.IGNORECASE,
)
_SHARED_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_STANDS_FOR = 0xE100


@dataclass(frozen=True)
class RightAnswers:
    """Right answers of a pattern's training failures.

    rows: [ticket]: ticket_id, answer (Markdown), origin (review or reply), hash (of what was read), answered_at, quality.
    vectors: unit rows in the same order. likeness: (n, n). notes_for_people: what reviewers wrote for colleagues and not for
    customers.
    """

    rows: pd.DataFrame
    vectors: np.ndarray
    likeness: np.ndarray
    notes_for_people: tuple[str, ...] = field(default=())

    def groups(self) -> list[list[int]]:
        """Rows that say the same, the largest group first."""
        return group_answers(self.likeness, LEAST)

    def typical(self, rows: Sequence[int]) -> int:
        """The row whose words stand for these: a reviewer's before a reply, the one most like the others."""
        reviewed = [row for row in rows if self.rows["origin"].iloc[row] == REVIEW]
        pool = reviewed or list(rows)
        return typical_answer(pool, self.likeness, self.rows["quality"].tolist(), self.rows["answered_at"].tolist())

    def count_by_people(self, rows: Sequence[int]) -> int:
        """How many of these a reviewer wrote."""
        return int((self.rows["origin"].iloc[list(rows)] == REVIEW).sum())


def right_answers(found: PatternGround, failures: pd.DataFrame | None = None) -> RightAnswers:
    """The right answers of these training failures (default: all of the pattern's), newest failure first."""
    mine = found.mine if failures is None else failures
    ground = found.ground
    public = public_addresses(found)
    rows, notes, replies = [], [], _replies(found, mine)
    hashes = _first_hashes(found, mine)
    for one in mine.to_dict("records"):
        ticket = str(one["ticket_id"])
        said = text_or_none(one["right_answer"])
        if said and _AMONG_COLLEAGUES.search(said):
            notes.append(said)
            continue
        origin, quality, at, read = REVIEW, 1.0, one["occurred_at"], hashes.get(ticket)
        words = without_personal_data(said, public) if said else ""
        if not _says_something(words) and ticket in replies.index:
            reply: Any = replies.loc[ticket]
            origin, quality, at, read = REPLY, float(reply["quality"]), reply["answered_at"], str(reply["reply_hash"])
            words = without_personal_data(str(reply["answer"]), public)
        if _says_something(words):
            rows.append((ticket, tidy_answer(words), origin, read, at, quality))
    frame = pd.DataFrame(rows, columns=["ticket_id", "answer", "origin", "hash", "answered_at", "quality"])
    vectors = ground.vectors([flat(one) for one in frame["answer"]])
    return RightAnswers(frame, vectors, likeness_of(frame["answer"].tolist(), vectors), tuple(dict.fromkeys(notes)))


def likeness_of(answers: Sequence[str], vectors: np.ndarray) -> np.ndarray:
    """Likeness of all pairs, (n, n) in 0..1, as the platform judges whether a reply says what an entry says: the mean of
    word and meaning cosine, and at least ``LEAST`` where a short answer is contained in a long one that means the same."""
    from assets.build_knowledge.drafts.answer_groups import answer_likeness

    if not len(answers):
        return np.zeros((0, 0))
    likeness = answer_likeness(answers, vectors)
    stems = [set(content_stems(flat(one))) for one in answers]
    meaning = vectors @ vectors.T
    for one, other in np.argwhere(np.triu(meaning >= ALIKE_IN_MEANING, 1)):
        shared = len(stems[one] & stems[other]) / max(1, min(len(stems[one]), len(stems[other])))
        if shared >= CONTAINED:
            least = LEAST + 0.2 * shared * (1 - LEAST)
            likeness[one, other] = likeness[other, one] = max(likeness[one, other], least)
    return likeness


def says_what(found: PatternGround, answer: str, others: Sequence[str]) -> np.ndarray:
    """Likeness of one answer to each of the others, (n,)."""
    texts = [answer, *others]
    return likeness_of(texts, found.ground.vectors([flat(one) for one in texts]))[0, 1:]


def answered_so_before(found: PatternGround, category_id: str, answer: str) -> list[str]:
    """Training tickets of a category to which people replied what this answer says: their customers asked it before."""
    replies = found.ground.replies.get(category_id)
    if replies is None:
        return []
    alike = says_what(found, answer, replies["answer"].tolist())
    return [str(one) for one in replies["ticket_id"][alike >= SURELY_THE_SAME]]


def public_addresses(found: PatternGround) -> frozenset[str]:
    """Mail addresses that the desk itself publishes, in entries and help-center articles: no personal data."""
    material = found.ground.material
    texts = [*material.live["answer"], *material.aside["answer"], *material.articles["text"]]
    return frozenset(hit for one in texts if isinstance(one, str) for hit in _SHARED_MAIL.findall(one))


def without_personal_data(text: str, public: frozenset[str] = frozenset()) -> str:
    """The text without greeting, courtesies and every sentence that holds personal data; published addresses stay."""
    kept = text.replace("\r\n", "\n")
    names = sorted(public, key=len, reverse=True)
    for place, address in enumerate(names):
        kept = kept.replace(address, chr(_STANDS_FOR + place))
    kept = redact(kept).text
    lines = []
    for number, line in enumerate(kept.split("\n")):
        sentences = split_sentences(line)
        fine = [one for one in sentences if not PLACEHOLDER.search(one) and not is_courtesy(one)]
        if fine == sentences:
            lines.append(strip_greeting(line) if number == 0 else line)
        elif fine:
            lines.append(" ".join(fine))
    kept = "\n".join(lines)
    for place, address in enumerate(names):
        kept = kept.replace(chr(_STANDS_FOR + place), address)
    return kept.strip()


def _replies(found: PatternGround, mine: pd.DataFrame) -> pd.DataFrame:
    ground = found.ground
    tickets = {str(one): found.right_category or "unknown" for one in mine["ticket_id"]}
    own = ground.material.tickets[ground.material.tickets["ticket_id"].isin(tickets)]
    comments = ground.material.comments[ground.material.comments["ticket_id"].isin(tickets)]
    return staff_answers(comments, own, tickets).set_index("ticket_id")


def _first_hashes(found: PatternGround, mine: pd.DataFrame) -> dict[str, str]:
    """By ticket the hash of what was read, as corrections name it: people's first reply, else the message."""
    comments = found.ground.material.comments
    public = comments["is_public"].fillna(False).astype(bool)
    read = comments[comments["ticket_id"].isin(set(mine["ticket_id"])) & public].sort_values(["ticket_id", "position"])
    by_people = read[read["author_role"] == "staff"]
    hashes: dict[str, str] = {}
    for part in (by_people, read):
        for ticket, one in zip(part["ticket_id"].astype(str), part["text_hash"], strict=True):
            if isinstance(one, str):
                hashes.setdefault(ticket, one)
    return hashes


def _says_something(words: str) -> bool:
    return len(words.split()) >= MIN_WORDS
