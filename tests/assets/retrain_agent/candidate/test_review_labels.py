"""Reviews as labels: only of the version that was judged, and harsh where nobody said what is right."""

import pandas as pd
import pytest

from assets.pilot_agent.answers.frames import REVIEW, frame_of
from assets.retrain_agent.candidate.review_labels import review_labels, reviewed_before
from tests.assets.retrain_agent.candidate.cases import AT, case, cases
from tests.assets.retrain_agent.trials.small_material import encode, small_material

SSO = "Your company manages the account, so ask your administrator to change it at the identity provider."


def label(row, side="calibration"):
    frame = review_labels(cases(row), small_material().live, {"zendesk:1": side}, "calibration", encode)
    return None if frame.empty else frame["entry_ids"].iloc[0]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["reset-own"]),
        ({"is_wrong": True, "said_reason": "wrong_answer"}, []),
        ({"is_wrong": True, "said_reason": "tone"}, ["reset-own"]),
        ({"is_wrong": True, "said_reason": "other"}, None),
        ({"is_wrong": True, "said_reason": "should_have_escalated"}, []),
        ({"is_wrong": True, "said_reason": "wrong_condition", "right_answer": SSO}, ["reset-sso"]),
        ({"is_wrong": True, "said_reason": "wrong_answer", "right_entry_ids": ["invoice-copy"]}, ["invoice-copy"]),
        ({"is_wrong": True, "said_reason": "wrong_answer", "right_answer": "We closed the shop for good."}, []),
        ({"action": "escalate", "is_wrong": True, "said_reason": "needless_escalation", "right_answer": SSO}, ["reset-sso"]),
        ({"action": "escalate"}, None),
        ({"entry_hashes": ["hash of an older text"]}, None),
        ({"entry_hashes": ["hash of an older text"], "is_wrong": True, "said_reason": "outdated"}, None),
    ],
)  # fmt: skip
def test_what_a_review_says_of_entries(changes, expected):
    assert label(case(**changes)) == expected


def test_a_review_of_another_side_is_no_label():
    assert label(case(), side="holdout") is None


def test_the_first_message_counts():
    later = case(case_id="later", occurred_at=AT + pd.Timedelta(hours=1), is_wrong=True, said_reason="wrong_answer")
    frame = review_labels(
        cases(later, case()), small_material().live, {"zendesk:1": "calibration"}, "calibration", encode
    )
    assert frame["entry_ids"].tolist() == [["reset-own"]]


def test_reviews_given_later_are_not_known_yet():
    end = AT + pd.Timedelta(days=1)
    rows = [
        {**dict.fromkeys(REVIEW), "answer_id": f"answer-zendesk:{number}", "reviewed_at": at, "is_current": is_current}
        for number, at, is_current in [
            (1, AT, True),
            (2, end, True),
            (3, AT, False),
            (4, AT, True),
            (4, end + pd.Timedelta(days=1), True),
        ]
    ]
    judged = cases(*(case(f"zendesk:{number}") for number in (1, 2, 3, 4)), case("zendesk:5", source="replay"))
    found = reviewed_before(judged, frame_of(rows, REVIEW), end)
    assert found["ticket_id"].tolist() == ["zendesk:1"]
