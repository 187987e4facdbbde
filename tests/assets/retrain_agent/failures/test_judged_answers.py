"""One row a judged answer, whoever judged it, however often it was exported or said."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import ANSWER, REPLAY, frame_of
from assets.pilot_agent.live.frames import LIVE_DECISION, LIVE_FEEDBACK
from assets.retrain_agent.failures.judged_answers import judged_answers
from assets.retrain_agent.frames import CASE
from tests.assets.pilot_agent.answers.review_frames import MONDAY, answer, answers, review, reviews

TICKET = {
    "label_category_id": "login", "context": '{"plan": "pro"}', "handle_time_minutes": 7.0, "handle_time_proxy_minutes": 20.0,
    "solved_at": pd.NaT, "solved_at_source": None, "is_one_touch_resolution": True, "csat": None, "count_reopens": 0,
}  # fmt: skip
OUTCOME = {
    "is_involved": True, "is_escalated": False, "csat_positive": None, "is_false_resolution": None,
    "is_resolved_confirmed": None,
}  # fmt: skip
REPLY = "Please open the login page, choose Forgot password there and use the newest mail that we have sent you."


def tickets(*names: str, **changes: Any) -> pd.DataFrame:
    return pd.DataFrame([{"ticket_id": name, **TICKET, **changes} for name in names], columns=["ticket_id", *TICKET])


def splits(**side: str) -> pd.DataFrame:
    rows = [(f"zd:{name.removeprefix('zd')}", split) for name, split in side.items()]
    return pd.DataFrame(rows, columns=["ticket_id", "split"])


def outcomes(**by_answer: dict[str, Any]) -> pd.DataFrame:
    rows = [{"answer_id": name, **OUTCOME, **changes} for name, changes in by_answer.items()]
    return pd.DataFrame(rows, columns=["answer_id", *OUTCOME])


def decision(number: int, **changes: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(LIVE_DECISION), "decision_id": f"d{number}", "sequence": number, "decided_at": MONDAY,
        "mode": "rollout", "sends": True, "ticket_id": f"zd:{number}", "action": "answer", "category_id": "login",
        "entry_ids": ["log-in"], "entry_hashes": ["f"], "steps": [], "question": "How?", "reply": "So.", "is_erased": False,
        "release_id": "one", **changes,
    }  # fmt: skip


def feedback(number: int, kind: str | None, sequence: int = 10, **changes: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(LIVE_FEEDBACK), "event_id": f"e{sequence}", "sequence": sequence, "decision_id": f"d{number}",
        "kind": kind, "given_at": MONDAY, "is_erased": False, **changes,
    }  # fmt: skip


def replayed(number: int, **changes: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(REPLAY), "ticket_id": f"zd:{number}", "created_at": MONDAY, "requester_id": f"p{number}",
        "action": "answer", "category_id": "login", "bucket": "automate", "entry_ids": ["log-in"], "entry_hashes": ["f"],
        "steps": [], "question": "How?", "linked_entry_ids": [], "same_answer_ids": [], "was_escalated": False,
        "release_id": "one", **changes,
    }  # fmt: skip


def said_by_staff(number: int, text: str = REPLY) -> dict[str, Any]:
    return {
        "comment_id": f"c{number}", "ticket_id": f"zd:{number}", "position": 2, "author_role": "staff", "is_public": True,
        "created_at": MONDAY + pd.Timedelta(days=1), "text": text, "language": "en", "text_hash": f"t{number}",
    }  # fmt: skip


def judged(**frames: Any) -> pd.DataFrame:
    comments = pd.DataFrame(frames.pop("comments", []), columns=list(said_by_staff(1)))
    given = {
        "answers": answers(), "reviews": reviews(), "outcomes": outcomes(), "decisions": frame_of([], LIVE_DECISION),
        "feedback": frame_of([], LIVE_FEEDBACK), "replay": frame_of([], REPLAY), "tickets": tickets(), "splits": splits(),
        **frames,
    }  # fmt: skip
    return judged_answers(**given, comments=comments)


def live(decisions: list[dict[str, Any]], told: list[dict[str, Any]], **frames: Any) -> pd.DataFrame:
    return judged(decisions=frame_of(decisions, LIVE_DECISION), feedback=frame_of(told, LIVE_FEEDBACK), **frames)


# Reviews.


def test_a_reviewed_answer_brings_all_that_is_known_of_it():
    found = judged(
        answers=answers(answer("a1"), answer("a2")),
        reviews=reviews(review("a1", "incorrect", reason="outdated", right_answer="Sign in at the portal.")),
        tickets=tickets("zd:1", "zd:2"), splits=splits(zd1="holdout"),
    )  # fmt: skip
    assert list(found.columns) == list(CASE)
    assert len(found) == 1, "nobody judged the other one"
    one = found.iloc[0]
    assert (one["source"], one["answer_id"], one["side"], one["is_wrong"]) == ("review", "a1", "holdout", True)
    assert (one["said_reason"], one["right_answer"]) == ("outdated", "Sign in at the portal.")
    assert (one["right_category_id"], one["handle_minutes"]) == ("login", 7.0)
    assert pd.isna(one["should_escalate"])
    assert json.loads(one["context"]) == {}


def test_the_most_severe_of_several_reviewers_counts_and_the_words_of_any_are_kept():
    found = judged(
        answers=answers(answer("a1"), answer("a2")),
        reviews=reviews(
            review("a1", "correct", "Noor Haddad"),
            review("a1", "incorrect", "Ada Moreno", reason="wrong_condition"),
            review("a1", "needs_improvement", "Ida Berg", reason="tone", edited_reply="So: use the portal."),
            review("a2", "incorrect", is_current=False),
            review("a2", "correct", review_id="later"),
        ),
    ).set_index("answer_id")
    assert found["is_wrong"].to_dict() == {"a1": True, "a2": False}
    assert found.loc["a1", "said_reason"] == "wrong_condition"
    assert found.loc["a1", "right_answer"] == "So: use the portal.", "what was sent instead is what is right"


@pytest.mark.parametrize(
    ("reason", "wanted"), [("should_have_escalated", True), ("needless_escalation", False), ("tone", None)]
)
def test_a_reason_that_says_who_should_answer(reason, wanted):
    found = judged(answers=answers(answer("a1")), reviews=reviews(review("a1", "incorrect", reason=reason)))
    said = found["should_escalate"].iloc[0]
    assert (None if pd.isna(said) else bool(said)) is wanted


def test_what_nobody_was_shown_is_no_case():
    shown_to_nobody = answers(answer("a1", mode="control"))
    assert judged(answers=shown_to_nobody, reviews=reviews(review("a1", "incorrect"))).empty


def test_an_answer_exported_twice_is_one_case():
    twice = answers(answer("a1"), answer("a1"), answer("a2"))
    said = reviews(review("a1", "incorrect"), review("a2"))
    once = judged(answers=answers(answer("a1"), answer("a2")), reviews=said, tickets=tickets("zd:1", "zd:2"))
    again = judged(answers=twice, reviews=said, tickets=tickets("zd:1", "zd:2", "zd:1"))
    pd.testing.assert_frame_equal(once, again)
    assert again["case_id"].is_unique


def test_what_a_person_answered_stands_in_for_a_right_answer_that_no_reviewer_gave():
    given = {"reviews": reviews(review("a1", "incorrect")), "tickets": tickets("zd:1"), "comments": [said_by_staff(1)]}
    assert judged(answers=answers(answer("a1")), **given)["right_answer"].iloc[0] == REPLY
    own = judged(answers=answers(answer("a1", reply=f"Hi,\n\n{REPLY}\n\nBea")), **given)
    assert own["right_answer"].isna().all(), "the agent's own draft, sent by a person, says nothing about what is right"
    praised = judged(answers=answers(answer("a1")), **{**given, "reviews": reviews(review("a1"))})
    assert praised["right_answer"].isna().all()


# The live side.


def test_ratings_corrections_and_escalations_are_one_word():
    found = live(
        [decision(n) for n in range(1, 6)],
        [
            feedback(1, "thumbs", is_positive=False),
            feedback(2, "csat", is_positive=True),
            feedback(3, "correction", right_answer="Use the portal.", right_entry_id="portal"),
            feedback(4, "escalation", reason="I want a person"),
            feedback(5, "csat", is_positive=None),
        ],
    ).set_index("answer_id")
    assert found["is_wrong"].to_dict() == {"d1": True, "d2": False, "d3": True, "d4": True}
    assert set(found["source"]) == {"feedback"}
    assert (found.loc["d3", "right_answer"], found.loc["d3", "right_entry_ids"]) == ("Use the portal.", ["portal"])
    assert found["should_escalate"].dropna().to_dict() == {"d4": True}


def test_a_rating_weeks_later_is_a_changed_mind_and_no_second_case():
    early = [feedback(1, "csat", 10, is_positive=True)]
    late = [*early, feedback(1, "csat", 99, is_positive=False, given_at=MONDAY + pd.Timedelta(weeks=6))]
    before, after = live([decision(1)], early), live([decision(1)], late)
    assert (before["is_wrong"].tolist(), after["is_wrong"].tolist()) == ([False], [True])
    assert before["case_id"].tolist() == after["case_id"].tolist()
    assert after["occurred_at"].tolist() == [MONDAY], (
        "a failure is of the day it was asked, not of the day it was rated"
    )


def test_a_handoff_that_was_not_needed():
    found = live(
        [decision(1, action="escalate"), decision(2, action="escalate"), decision(3, action="escalate"), decision(4)],
        [
            feedback(
                1, "handoff", was_needed=False, outcome="resolved", right_answer="Use the portal.", handle_minutes=4.0
            ),
            feedback(2, "handoff", was_needed=True, outcome="resolved"),
            feedback(3, "handoff", outcome="unresolved"),
            feedback(4, "handoff", was_needed=False, outcome="resolved"),
        ],
        tickets=tickets("zd:1"),
    ).set_index("answer_id")
    assert found["is_wrong"].to_dict() == {"d1": True, "d2": False}, "nobody says of the others"
    assert (found.loc["d1", "source"], found.loc["d1", "said_reason"]) == ("handoff", "needless_escalation")
    assert (found.loc["d1", "right_answer"], found.loc["d1", "handle_minutes"]) == ("Use the portal.", 4.0)


def test_a_person_called_after_a_handover_is_what_was_wanted():
    assert live([decision(1, action="escalate")], [feedback(1, "escalation", reason="yes please")]).empty


def test_erased_feedback_says_nothing_and_an_erased_decision_still_counts():
    gone = decision(
        2, is_erased=True, question=None, reply=None, entry_ids=None, steps=None, action=None, ticket_id=None
    )
    found = live(
        [decision(1), gone],
        [
            feedback(1, None, is_erased=True),
            feedback(1, "handoff", 11, is_erased=True),
            feedback(2, "thumbs", is_positive=False),
        ],
    )
    assert found["answer_id"].tolist() == ["d2"]
    assert (found["entry_ids"].iloc[0], found["question"].isna().all()) == ([], True)


# What became of it.


def test_a_return_is_a_failure_and_a_confirmed_solution_is_none():
    found = judged(
        answers=answers(*(answer(f"a{n}", mode="rollout") for n in range(1, 6))),
        outcomes=outcomes(
            a1={"is_false_resolution": True}, a2={"is_resolved_confirmed": True, "is_false_resolution": False},
            a3={"is_false_resolution": True, "is_involved": False}, a4={"csat_positive": False},
            a5={"csat_positive": True, "is_escalated": True},
        ),
    ).set_index("answer_id")  # fmt: skip
    assert found["is_wrong"].to_dict() == {"a1": True, "a2": False, "a4": True}
    assert found["source"].to_dict() == {"a1": "reopened", "a2": "reopened", "a4": "feedback"}


def test_the_surest_source_wins():
    frames = {
        "answers": answers(answer("a1", mode="rollout"), answer("a2", mode="rollout")),
        "outcomes": outcomes(a1={"is_false_resolution": True}, a2={"csat_positive": True, "is_false_resolution": True}),
    }
    found = judged(**frames, reviews=reviews(review("a1", "correct"))).set_index("answer_id")
    assert found["is_wrong"].to_dict() == {"a1": False, "a2": False}
    assert found["source"].to_dict() == {"a1": "review", "a2": "feedback"}


# The replay.


def test_the_replay_is_judged_by_what_people_did():
    found = judged(
        replay=frame_of(
            [
                replayed(1, is_entry_right=False, same_answer_ids=["portal"]), replayed(2, is_entry_right=True, linked_entry_ids=["log-in"]),
                replayed(3, is_entry_right=None), replayed(4, is_entry_right=None, is_category_right=False),
                replayed(1, is_entry_right=False, same_answer_ids=["portal"]),
            ],
            REPLAY,
        ),
        tickets=tickets("zd:1", "zd:2", "zd:3", "zd:4"), comments=[said_by_staff(1)], splits=splits(zd1="holdout"),
    ).set_index("ticket_id")  # fmt: skip
    assert found["is_wrong"].to_dict() == {"zd:1": True, "zd:2": False, "zd:4": True}
    assert (set(found["source"]), found["answer_id"].isna().all()) == ({"replay"}, True)
    assert (found.loc["zd:1", "right_entry_ids"], found.loc["zd:1", "right_answer"]) == (["portal"], REPLY)
    assert (found.loc["zd:1", "side"], found.loc["zd:4", "side"] is pd.NA) == ("holdout", True)


def test_a_replayed_handover_by_a_rule_is_the_desks_own_decision():
    held = {"action": "escalate", "is_entry_right": True, "same_answer_ids": ["log-in"]}
    found = judged(
        replay=frame_of(
            [
                replayed(1, **held, steps=["message", "trigger:leaving"]), replayed(2, **held, bucket="escalate"),
                replayed(3, **held, was_escalated=True), replayed(4, **held, bucket=None), replayed(5, **{**held, "same_answer_ids": []}),
            ],
            REPLAY,
        )
    )  # fmt: skip
    assert found["ticket_id"].tolist() == ["zd:4"]
    assert found["should_escalate"].tolist() == [False]


def test_nothing_judged_is_an_empty_frame_of_the_same_types():
    nothing = judged()
    assert nothing.empty
    full = judged(answers=answers(answer("a1")), reviews=reviews(review("a1", "incorrect")))
    assert dict(nothing.dtypes) == dict(full.dtypes)
    assert judged(answers=frame_of([answer("a1")], ANSWER)).empty, "an answer that nobody judged is no case"
