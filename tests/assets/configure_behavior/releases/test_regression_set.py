"""The regression set: chosen once, never from the holdout, the same whatever the order."""

import json

import pandas as pd
import pytest

from assets.configure_behavior.releases.regression_set import (
    COLUMNS,
    decision_differences,
    decision_summary,
    decisions_digest,
    freeze_regression_set,
    frozen_contexts,
    in_words,
    other_ways,
    replay,
)
from tests.assets.configure_behavior.releases.small_parts import regression_set

CATEGORIES = ("password_reset", "invoice_copy", None)


def desk_frames(count: int = 60, splits=("calibration", "holdout", "train")):
    """Frames of an invented desk: tickets of three kinds, on three sides of the split."""
    ids = [f"zendesk:{number}" for number in range(count)]
    tickets = pd.DataFrame(
        {
            "ticket_id": ids,
            "is_in_audit": [number % 10 != 9 for number in range(count)],
            "plan": ["free" if number % 2 else "pro" for number in range(count)],
            "page": ["/login?token=s3cret#top" if number % 2 else None for number in range(count)],
            "context": [json.dumps({"workspace": f"Workspace {number}"}) for number in range(count)],
        }
    )
    texts = pd.DataFrame({"ticket_id": ids, "text": [f"message {number}" for number in range(count)]})
    sides = pd.DataFrame({"ticket_id": ids, "split": [splits[number // 3 % len(splits)] for number in range(count)]})
    intents = pd.DataFrame(
        {
            "ticket_id": ids,
            "assigned_category_id": pd.array([CATEGORIES[number % 3] for number in range(count)], dtype="string"),
        }
    )
    return tickets, texts, sides, intents


def test_it_is_stratified_and_never_from_the_holdout():
    tickets, texts, sides, intents = desk_frames()
    frame = freeze_regression_set(tickets, texts, sides, intents, per_category=4)
    assert list(frame.columns) == list(COLUMNS)
    assert frame["category_id"].value_counts(dropna=False).tolist() == [4, 4, 4]
    assert set(frame["split"]) == {"calibration"}
    holdout = set(sides.loc[sides["split"] == "holdout", "ticket_id"])
    assert not holdout & set(frame["ticket_id"])
    assert set(frame["ticket_id"]) <= set(tickets.loc[tickets["is_in_audit"], "ticket_id"])


def test_a_category_without_calibration_tickets_takes_training_ones_and_holdout_alone_gives_none():
    frames = desk_frames(splits=("train", "holdout"))
    assert set(freeze_regression_set(*frames)["split"]) == {"train"}
    assert freeze_regression_set(*desk_frames(splits=("holdout", "excluded"))).empty


def test_the_order_of_rows_does_not_count():
    frames = desk_frames()
    shuffled = [frame.sample(frac=1, random_state=5) for frame in frames]
    pd.testing.assert_frame_equal(
        freeze_regression_set(*frames, per_category=3), freeze_regression_set(*shuffled, per_category=3)
    )


def test_the_first_choice_stays_and_new_categories_join():
    tickets, texts, sides, intents = desk_frames()
    first = freeze_regression_set(tickets, texts, sides, intents, per_category=3)
    renamed = intents.assign(assigned_category_id=intents["assigned_category_id"].replace({"invoice_copy": "billing"}))
    second = freeze_regression_set(tickets, texts, sides, renamed, first, per_category=3)
    kept = second[second["ticket_id"].isin(first["ticket_id"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, first)
    assert set(second["category_id"].dropna()) == {"password_reset", "invoice_copy", "billing"}
    third = freeze_regression_set(tickets, texts, sides, renamed, second, per_category=3)
    pd.testing.assert_frame_equal(third, second)


def test_training_tickets_do_not_join_once_all_calibration_tickets_are_chosen():
    tickets, texts, sides, intents = desk_frames(splits=("calibration", "train", "train", "train", "train"))
    first = freeze_regression_set(tickets, texts, sides, intents, per_category=50)
    assert set(first["split"]) == {"calibration"}
    pd.testing.assert_frame_equal(freeze_regression_set(tickets, texts, sides, intents, first, per_category=50), first)


@pytest.mark.parametrize("other", ["holdout", "excluded"])
def test_what_was_erased_or_left_its_side_leaves(other):
    tickets, texts, sides, intents = desk_frames()
    first = freeze_regression_set(tickets, texts, sides, intents, per_category=3)
    erased, moved = first["ticket_id"].iloc[0], first["ticket_id"].iloc[1]
    left = tickets[tickets["ticket_id"] != erased]
    sides = sides.assign(split=sides["split"].where(sides["ticket_id"] != moved, other))
    second = freeze_regression_set(left, texts[texts["ticket_id"] != erased], sides, intents, first, per_category=3)
    assert not {erased, moved} & set(second["ticket_id"])


def test_the_text_follows_redaction():
    tickets, texts, sides, intents = desk_frames()
    first = freeze_regression_set(tickets, texts, sides, intents, per_category=3)
    better = texts.assign(text=[f"{text} [NAME]" for text in texts["text"]])
    second = freeze_regression_set(tickets, better, sides, intents, first, per_category=3)
    assert second["ticket_id"].tolist() == first["ticket_id"].tolist()
    assert all(text.endswith("[NAME]") for text in second["text"])


def test_where_there_is_room_for_few_no_category_is_forgotten():
    frame = freeze_regression_set(*desk_frames(), per_category=5, max_tickets=4)
    assert len(frame) == 4
    assert frame["category_id"].nunique(dropna=False) == 3


def test_contexts_hold_what_many_customers_share_and_the_bare_page():
    tickets, *_ = desk_frames()
    contexts = frozen_contexts(tickets)
    assert contexts["zendesk:1"] == {"plan": "free", "page": "/login"}
    assert contexts["zendesk:2"] == {"plan": "pro"}


def test_every_ticket_is_decided_with_its_context(built):
    rows = {row["ticket_id"]: row for row in built.regression}
    assert list(rows) == regression_set()["ticket_id"].tolist()
    assert rows["zendesk:97"]["decision"]["entry_id"] == "password-sso"
    assert rows["zendesk:97"]["decision"]["action"] == "answer"
    assert rows["zendesk:97"]["decision"]["threshold"] == "reached"
    foreign = rows["zendesk:98"]["decision"]
    assert (foreign["action"], foreign["category_id"], foreign["entry_id"]) == ("escalate", None, None)
    assert foreign["threshold"] == "not_asked"


def test_progress_is_told(built):
    from assets.configure_behavior.decisions.decide import decide

    told = []
    replay(regression_set().head(2), built.release, decide, lambda done, total: told.append((done, total)))
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_differences_in_outcome_are_said_before_and_after():
    def row(ticket, **decision):
        base = {"action": "answer", "category_id": "a", "bucket": "automate", "entry_id": "e", "ask_for": [],
                "rules": ["threshold"], "threshold": "reached", "reply": "1", "suggested_reply": None}  # fmt: skip
        return {"ticket_id": ticket, "text": "t", "decision": {**base, **decision}}

    before = [row("1"), row("2"), row("3"), row("4"), row("5")]
    after = [
        row("1"),
        row("2", action="escalate", rules=["trigger:legal"], reply=None),
        row("3", reply="2"),
        row("4", rules=["other"]),
        row("6"),
    ]
    assert decision_differences(before, after) == [
        "ticket 2: answered from e [a] -> handed over by trigger:legal [a]",
        "ticket 3: answered from e [a], with another reply",
    ]
    assert other_ways(before, after) == ["4"]
    assert decisions_digest(before) != decisions_digest(after)


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        ({"action": "ask", "category_id": "a", "entry_id": "e", "ask_for": ["sso"], "rules": []}, "asked back about sso (nearest: e) [a]"),
        ({"action": "draft", "category_id": None, "entry_id": None, "ask_for": [], "rules": []}, "drafted for a person [no category]"),
    ],
)  # fmt: skip
def test_a_decision_is_said_in_words(decision, said):
    assert in_words(decision) == said


def test_no_score_is_in_a_summary(built):
    from assets.configure_behavior.decisions.decide import decide

    made = decision_summary(decide("I forgot my password", [], {"sso": "true"}, built.release))

    def values(value):
        if isinstance(value, dict):
            return [one for inner in value.values() for one in values(inner)]
        return [one for inner in value for one in values(inner)] if isinstance(value, list) else [value]

    assert not [value for value in values(made) if isinstance(value, float)]
