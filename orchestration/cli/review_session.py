"""Reviewing answer by answer: which key does what, and when a review is complete.

Belongs here: the course of a session, with everything it touches handed in. Does not belong here: how an answer looks
(``review_screen``), recording (``review_desk``).

Each review is recorded as soon as it is complete: a session that breaks off loses the answer on the screen, no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.reviews import REASONS, TAGS, AnswerReview
from orchestration.people.review_desk import needs_decision

KEYS = (
    "1 correct · 2 needs improvement · 3 incorrect    a approve · e edit · r reject    "
    "c comment · w right answer · Enter record · s skip · u undo last · q quit"
)
DECISION_KEYS = {"a": "approve", "r": "reject"}
REASON_KEYS = tuple("1234567890")
ENTER = ("\r", "\n")
QUITS = ("q", "\x03", "\x04", "")


@dataclass(frozen=True)
class Hands:
    """What a session sees and does. key: one key, typed-ahead ones dropped where ``fresh``; line: a line of text;
    edit: a longer text (None: left as it was); show: an answer; say: a sentence; record, undo: the ledger."""

    key: Callable[[bool], str]
    line: Callable[[str], str]
    edit: Callable[[str], str | None]
    show: Callable[[Mapping[str, Any], str], None]
    say: Callable[[str], None]
    record: Callable[[AnswerReview], None]
    undo: Callable[[str], None]


@dataclass
class _Pending:
    """What was said of the answer on the screen so far."""

    words: dict[str, str] = field(default_factory=dict)

    def is_complete(self, answer: Mapping[str, Any]) -> bool:
        return "tag" in self.words and ("decision" in self.words or not needs_decision(answer))

    def sentence(self, answer: Mapping[str, Any]) -> str:
        said = ", ".join(
            self.words[name].replace("_", " ") for name in ("tag", "reason", "decision") if name in self.words
        )
        open_parts = [] if "tag" in self.words else ["1, 2 or 3"]
        if needs_decision(answer) and "decision" not in self.words:
            open_parts.append("a, e or r (Enter: none)")
        return f"{said or 'nothing said'}; still: {' and '.join(open_parts)}" if open_parts else said


def review_queue(queue: Sequence[Mapping[str, Any]], hands: Hands) -> int:
    """Go through the answers until the reviewer quits or none is left; returns how many reviews stand."""
    place = 0
    done: list[int] = []
    while place < len(queue):
        answer = queue[place]
        hands.show(answer, f"{place + 1} of {len(queue)}")
        hands.say(KEYS)
        outcome = _review_one(answer, hands, can_undo=bool(done))
        if outcome == "quit":
            break
        if outcome == "undo":
            place = done.pop()
            hands.undo(str(queue[place]["answer_id"]))
            hands.say("The last review was taken back; here it is again.")
            continue
        if outcome == "recorded":
            done.append(place)
        place += 1
    return len(done)


def _review_one(answer: Mapping[str, Any], hands: Hands, *, can_undo: bool) -> str:
    pending = _Pending()
    is_fresh = True
    while True:
        key = hands.key(is_fresh)
        is_fresh = False
        key = key.casefold()
        if key in QUITS:
            return "quit"
        if key == "s":
            return "skipped"
        if key == "u" and can_undo:
            return "undo"
        if key == "u":
            hands.say("Nothing was recorded in this session, so there is nothing to undo.")
            continue
        is_last_word = key in ENTER and "tag" in pending.words
        if not is_last_word and not _take(key, answer, pending, hands):
            hands.say(f"That key does nothing here. {KEYS}")
            continue
        if is_last_word or (pending.is_complete(answer) and key not in ("c", "w")):
            hands.record(AnswerReview(str(answer["answer_id"]), **pending.words))  # type: ignore[arg-type]
            hands.say(f"recorded: {pending.sentence(answer).split('; still')[0]}")
            return "recorded"
        hands.say(pending.sentence(answer))


def _take(key: str, answer: Mapping[str, Any], pending: _Pending, hands: Hands) -> bool:
    """Note what a key says; False for one that says nothing."""
    words = pending.words
    if key in ("1", "2", "3"):
        tag = TAGS[int(key) - 1]
        reason = "" if tag == "correct" else _reason(hands)
        if reason is None:
            hands.say("Not tagged.")
            return True
        words |= {"tag": tag, "reason": reason}
        if not reason:
            words.pop("reason")
        if words["tag"] == "incorrect" and words.get("decision") == "approve":
            words.pop("decision")
            hands.say("Incorrect and approved do not go together: edit or reject it.")
    elif key in DECISION_KEYS:
        if key == "a" and words.get("tag") == "incorrect":
            hands.say("It is tagged incorrect, so it is not sent as it is: edit or reject it.")
            return True
        words["decision"] = DECISION_KEYS[key]
        words.pop("edited_reply", None)
    elif key == "e":
        own = "" if not isinstance(answer["reply"], str) else answer["reply"]
        edited = (hands.edit(own) or "").strip()
        if not edited or edited == own.strip():
            hands.say("Nothing was changed, so nothing is edited.")
            return True
        words |= {"decision": "edit", "edited_reply": edited}
    elif key in ("c", "w"):
        name = "comment" if key == "c" else "right_answer"
        if said := hands.line("Comment: " if key == "c" else "The right answer: ").strip():
            words[name] = said
    else:
        return key in ENTER
    return True


def _reason(hands: Hands) -> str | None:
    """The reason chosen, empty for none; None where the reviewer thought better of the tag."""
    menu = " · ".join(f"{key} {reason.replace('_', ' ')}" for key, reason in zip(REASON_KEYS, REASONS, strict=True))
    hands.say(f"Why? {menu} · Enter no reason · q back")
    while True:
        key = hands.key(False)
        if key in ENTER:
            return ""
        if key.casefold() in QUITS:
            return None
        if key in REASON_KEYS:
            return REASONS[REASON_KEYS.index(key)]
        hands.say("Type the number of a reason, or Enter.")
