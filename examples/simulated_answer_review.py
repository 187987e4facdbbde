"""A simulated reviewer of the agent's answers on the sample desk: tags them against the answer key.

It stands in for the people who tag answers on a real desk, and is called simulated wherever it leaves a trace. It reads
what the customer would read: the reply has to carry the facts of the right answer, and no other answer's more clearly.
A second one tags a part again and now and then disagrees, so that their agreement can be measured.

Does not belong here: anything a product may rely on. No asset may import this or read the answer key.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pandas as pd

from assets.build_knowledge.drafts.sentences import content_stems
from desk.knowledge import Entry, read_knowledge
from desk.loading import BEHAVIOR_FILE, Desk, read_behavior
from examples.brindlebase.source.pilot import NEW_TRUTH
from examples.simulated_pilot_truth import pilot_truths
from examples.simulated_review import answer_key_entries, carries, entry_id_of
from ledger.reviews import AnswerReview, record_reviews
from orchestration.lake import Lake, NotMaterialised
from orchestration.resources import DeskResource

FIRST, SECOND = "Simulated reviewer", "Simulated second reviewer"
SECOND_SHARE = 0.2
DISAGREE = 0.08
"""Share of its answers that the second reviewer sees one step differently."""
CLOSE = 0.05
"""How much better another answer may fit, in share of words, before the reply counts as that one."""
PART = 0.25
"""Share of the right answer's words from which a reply says a part of it."""
OWN_WORDS_SHARE = 0.8
"""Share of an entry's words that a reply made of it still has, in whatever language."""


@dataclass(frozen=True)
class Judgement:
    """What the key says of one reply. right_answer: None where a person has to decide the case."""

    tag: str
    reason: str | None = None
    right_answer: str | None = None


@dataclass
class AnswersReviewed:
    """What one round came to."""

    tags: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    second: int = 0

    def __str__(self) -> str:
        tags = ", ".join(f"{count} {tag.replace('_', ' ')}" for tag, count in self.tags.most_common())
        decisions = ", ".join(f"{count} {one}" for one, count in sorted(self.decisions.items()))
        said = f"{FIRST}: {self.tags.total()} answers tagged" + (f" ({tags})" if tags else "")
        said += f"; drafts: {decisions}" if decisions else ""
        return said + (f"; {SECOND}: {self.second} tagged again" if self.second else "")


def review_answers(desk: Desk, *, second_share: float = SECOND_SHARE) -> AnswersReviewed:
    """Tag every answer of the simulated pilot that waits for it, and decide on drafts; at the desk's own time.

    Args:
        desk: a copy of the sample desk whose ``shadow_answers`` are published.
        second_share: of the answers that the second reviewer tags as well.
    """
    lake = Lake(desk.home)
    answers = _waiting(lake)
    truths, judge = pilot_truths(desk), Judge(desk)
    done, first, second = AnswersReviewed(), [], []
    for answer in cast("list[dict[str, Any]]", answers.to_dict("records")):
        truth = truths.get(answer["ticket_id"])
        if truth is None:
            continue
        judgement = judge.of(answer, truth)
        review = _review(answer, judgement)
        first.append(review)
        done.tags[review.tag] += 1
        done.decisions.update([review.decision] if review.decision else [])
        if _drawn(answer["answer_id"], "second") < second_share:
            other = _disagreeing(judgement) if _drawn(answer["answer_id"], "disagree") < DISAGREE else judgement
            second.append(AnswerReview(answer["answer_id"], other.tag, other.reason))
    done.second = len(second)
    resource, roles = DeskResource(folder=str(desk.folder)), desk.settings.signers["review"]
    at = resource.as_of(lake.read("fct_tickets", ["created_at", "updated_at"])).to_pydatetime()
    with resource.ledger as ledger:
        for by, reviews in ((FIRST, first), (SECOND, second)):
            if reviews:
                record_reviews(
                    ledger, reviews, by=by, role=roles[0], occurred_at=at, known_roles=roles, source="terminal"
                )
    return done


class Judge:
    """Judges replies with the knowledge of one desk at hand."""

    def __init__(self, desk: Desk) -> None:
        self.buckets = {one.id: one.bucket for one in desk.categories}
        entries, _ = read_knowledge(desk.knowledge, self.buckets)
        self.entries: dict[str, Entry] = {one.id: one for one in entries}
        self.questions = {
            text: name
            for name, texts in read_behavior(desk.folder / BEHAVIOR_FILE).clarify.items()
            for text in texts.values()
        }
        """The fact that a question of the agent asks for, by its words."""
        self.rights: dict[str, dict[str, Any]] = {one["id"]: one for one in [*answer_key_entries(), NEW_TRUTH]}
        self._stems = {name: frozenset(content_stems(one["answer"])) for name, one in self.rights.items()}
        self._own_stems = {name: frozenset(content_stems(one.answer)) for name, one in self.entries.items()}
        self._said: dict[str, dict[str, tuple[float, bool]]] = {}

    def of(self, answer: Mapping[str, Any], truth: Mapping[str, Any]) -> Judgement:
        """Judge one decision: ``frames.ANSWER`` columns action, reply, category_id; truth as ``pilot_tickets`` gives it."""
        right = self.rights.get(truth["true_entry"] or "")
        known = None if right is None or truth["should_escalate"] else " ".join(str(right["answer"]).split())
        reply = "" if pd.isna(answer["reply"]) else str(answer["reply"])
        if answer["action"] == "escalate":
            return self._of_handover(truth, known)
        if truth["should_escalate"]:
            return Judgement("incorrect", "should_have_escalated")
        if answer["action"] == "ask" or self.asks_for(reply):
            return self._of_question(answer, truth, known)
        if not reply:
            # A draft without words leaves the person alone with it; wrong is only to have had the answer.
            is_covered = right is not None and entry_id_of(right) in self.entries
            return Judgement("needs_improvement", "missing_step", known) if is_covered else Judgement("correct")
        reason = None if right is None else self._what_is_wrong(reply, right)
        if right is None:
            return Judgement("incorrect", "wrong_answer")
        if reason is None:
            return Judgement("correct")
        return Judgement("needs_improvement" if reason == "missing_step" else "incorrect", reason, known)

    def is_right(self, reply: str, answer: Mapping[str, Any], truth: Mapping[str, Any]) -> bool:
        """Whether words that were sent help this customer: not incorrect, and nobody else's case to answer."""
        return self.of({**answer, "action": "answer", "reply": reply}, truth).tag != "incorrect"

    def asks_for(self, reply: str) -> tuple[str, ...]:
        """The facts that a reply asks for."""
        return tuple(name for text, name in self.questions.items() if text in reply)

    def _of_handover(self, truth: Mapping[str, Any], known: str | None) -> Judgement:
        bucket = self.buckets.get(truth["true_category"])
        if truth["should_escalate"] or bucket not in ("automate", "hybrid"):
            return Judgement("correct")
        return Judgement("needs_improvement", "needless_escalation", known)

    def _of_question(self, answer: Mapping[str, Any], truth: Mapping[str, Any], known: str | None) -> Judgement:
        if answer["category_id"] != truth["true_category"]:
            return Judgement("incorrect", "wrong_category", known)
        if truth["true_entry"] == NEW_TRUTH["id"]:
            return Judgement("incorrect", "outdated", known)
        if not truth["true_condition"]:
            return Judgement("needs_improvement", "other", known)
        return Judgement("correct")

    def _what_is_wrong(self, reply: str, right: Mapping[str, Any]) -> str | None:
        """The reason for which a reply is not the right one; None where it is."""
        name, said = right["id"], self._read(reply)
        fit = {one: share for one, (share, is_said) in said.items() if is_said}
        best = max(fit, key=lambda one: (fit[one], one), default=None)
        if name in fit and fit[best or name] <= fit[name] + CLOSE:
            return None
        other = None if best is None else self.rights[best]
        if other is not None and other["category"] != right["category"]:
            return "wrong_category"
        if name == NEW_TRUTH["id"]:
            return "outdated"
        if other is None:
            return "missing_step" if said[name][0] >= PART else "wrong_answer"
        return "wrong_condition" if other["question"] == right["question"] else "wrong_answer"

    def _read(self, reply: str) -> dict[str, tuple[float, bool]]:
        """Of every right answer of the key, which share of its words a reply has, and whether it says it.

        It does by the facts of the key, or by the words of the reviewed entry, which may be in another language.
        """
        if reply not in self._said:
            stems, found = set(content_stems(reply)), {}
            for name, right in self.rights.items():
                own = self._own_stems.get(entry_id_of(right), frozenset())
                is_entry = bool(own) and len(own & stems) / len(own) >= OWN_WORDS_SHARE
                share = len(self._stems[name] & stems) / len(self._stems[name])
                found[name] = (share, is_entry or (share >= PART and carries(reply, right)))
            self._said[reply] = found
        return self._said[reply]


def _waiting(lake: Lake) -> pd.DataFrame:
    """Answers people are to tag and the first reviewer has not."""
    answers = lake.read("shadow_answers")
    answers = answers[answers["mode"].isin(["shadow", "rollout"])]
    try:
        reviews = lake.read("answer_reviews", ["answer_id", "reviewer"])
    except NotMaterialised:
        return answers
    return answers[~answers["answer_id"].isin(set(reviews.loc[reviews["reviewer"] == FIRST, "answer_id"]))]


def _review(answer: Mapping[str, Any], judgement: Judgement) -> AnswerReview:
    """The judgement as a review, with a decision where a person has to release the words."""
    decision = edited = None
    if answer["mode"] == "shadow" and answer["action"] != "escalate" and not pd.isna(answer["reply"]):
        decision = {"correct": "approve", "needs_improvement": "edit", "incorrect": "reject"}[judgement.tag]
        if decision == "edit":
            edited = judgement.right_answer
            decision = "edit" if edited else "reject"
    return AnswerReview(
        answer["answer_id"], judgement.tag, judgement.reason, right_answer=judgement.right_answer,
        decision=decision, edited_reply=edited,
    )  # fmt: skip


def _disagreeing(judgement: Judgement) -> Judgement:
    """The same one step away."""
    if judgement.tag == "correct":
        return Judgement("needs_improvement", "too_long")
    if judgement.tag == "incorrect":
        return replace(judgement, tag="needs_improvement")
    return Judgement("correct")


def _drawn(answer_id: str, what: str) -> float:
    """A number between 0 and 1 that belongs to this answer."""
    return int(hashlib.sha256(f"{what}/{answer_id}".encode()).hexdigest()[:8], 16) / 16**8
