"""Which answers people are asked to read first, and how long they may be."""

import pandas as pd

from assets.pilot_agent.answers.frames import ANSWER, REVIEW, frame_of
from assets.pilot_agent.report.worth_reading import MAX_CHARS, worth_reading

AT = pd.Timestamp("2026-03-20", tz="UTC")


def answer(name, days=0, **changes):
    fixed = {"answer_id": name, "ticket_id": f"t-{name}", "turn": 1, "mode": "rollout", "action": "answer"}
    return {**dict.fromkeys(ANSWER), **fixed, "created_at": AT + pd.Timedelta(days=days), "question": "?", **changes}


def review(name, tag, by="Ada Moreno", **changes):
    fixed = {"review_id": f"{name}{by}{tag}", "answer_id": name, "reviewer": by, "tag": tag, "reviewed_at": AT}
    return {**dict.fromkeys(REVIEW), **fixed, "is_current": True, **changes}


def order(answers, reviews, **more):
    return [one["answer_id"] for one in worth_reading(frame_of(answers, ANSWER), frame_of(reviews, REVIEW), **more)]


def test_wrong_before_weak_sent_before_drafted_newest_first():
    answers = [
        answer("weak", 9), answer("draft", 8, mode="shadow"), answer("old", 1), answer("new", 5), answer("missed", 0),
        answer("right", 9),
    ]  # fmt: skip
    reviews = [
        review("weak", "needs_improvement"), review("draft", "incorrect"), review("old", "incorrect"),
        review("new", "incorrect"), review("missed", "incorrect", reason="should_have_escalated"), review("right", "correct"),
    ]  # fmt: skip
    assert order(answers, reviews) == ["missed", "new", "old", "draft", "weak"]
    assert order(answers, reviews, shown=2) == ["missed", "new"]


def test_the_most_severe_word_that_stands_counts():
    reviews = [
        review("taken_back", "incorrect", is_current=False), review("taken_back", "correct"),
        review("disputed", "correct"), review("disputed", "incorrect", by="Ravi Sandhu"),
    ]  # fmt: skip
    answers = [answer("taken_back"), answer("disputed")]
    [only] = worth_reading(frame_of(answers, ANSWER), frame_of(reviews, REVIEW))
    assert (only["answer_id"], only["tag"], only["is_disputed"], only["count_reviewers"]) == (
        "disputed",
        "incorrect",
        True,
        2,
    )


def test_what_was_shown_to_nobody_is_not_the_agents_answer():
    assert order([answer("control", mode="control")], [review("control", "incorrect")]) == []


def test_texts_are_bounded_and_turned_the_right_way():
    endless = answer("endless", question="x" * 90_000, reply="word " * 9_000, entry_ids=["e" * 900] * 50)
    turned = answer("turned", -1, question="pay \u202e\u2066\x00\x1b[2J me")
    reviews = [review("endless", "incorrect", comment="c" * 5_000), review("turned", "incorrect")]
    first, second = worth_reading(frame_of([endless, turned], ANSWER), frame_of(reviews, REVIEW))
    assert all(len(first[name]) <= MAX_CHARS + 2 for name in ("question", "reply", "comment"))
    assert len(first["entry_ids"]) == 3
    assert second["question"].isprintable()
