"""Only the training side teaches, and of each category the newest."""

import pandas as pd

from assets.build_knowledge import training_tickets
from assets.build_knowledge.training_tickets import training_questions
from assets.build_knowledge.training_tickets import training_tickets as tickets_to_learn_from

NAMES = ["t1", "t2", "t3", "t4", "t5"]
TICKETS = pd.DataFrame(
    {
        "ticket_id": NAMES,
        "is_in_audit": [True, True, True, False, True],
        "created_at": pd.date_range("2026-01-01", periods=5, tz="UTC"),
    }
)
INTENTS = pd.DataFrame({"ticket_id": NAMES, "assigned_category_id": ["login", "login", "login", "login", None]})
SPLITS = pd.DataFrame({"ticket_id": NAMES, "split": ["train", "train", "holdout", "train", "train"]})


def test_other_sides_and_what_is_left_out_of_the_audit_teach_nothing():
    mine, category = tickets_to_learn_from(TICKETS, INTENTS, SPLITS)
    assert mine["ticket_id"].tolist() == ["t1", "t2", "t5"]
    assert category == {"t1": "login", "t2": "login"}


def test_the_calibration_side_is_had_by_name():
    splits = SPLITS.assign(split=["train", "calibration", "holdout", "calibration", "train"])
    mine, category = tickets_to_learn_from(TICKETS, INTENTS, splits, "calibration")
    assert mine["ticket_id"].tolist() == ["t2"]
    assert category == {"t2": "login"}


def test_the_newest_of_a_category_are_asked(monkeypatch):
    comments = pd.DataFrame(
        {
            "comment_id": [f"c{name}" for name in NAMES],
            "ticket_id": NAMES,
            "position": 1,
            "author_role": "requester",
            "is_public": True,
            "created_at": TICKETS["created_at"],
            "subject": "Login",
            "text": [f"How do I reset my password on machine {name}?" for name in NAMES],
            "language": "en",
            "language_confidence": 1.0,
        }
    )
    every = training_questions(TICKETS, INTENTS, SPLITS, comments)
    assert set(every["ticket_id"]) == {"t1", "t2"}
    monkeypatch.setattr(training_tickets, "MAX_ASKED", 1)
    assert training_questions(TICKETS, INTENTS, SPLITS, comments)["ticket_id"].tolist() == ["t2"]
