"""Swapped labels are found, and what people have decided is not asked again."""

import numpy as np
import pandas as pd
import pytest

from assets.audit_tickets.categories.intents import assign_intents
from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.candidate.label_errors import AT_MOST, label_errors, out_of_fold, with_decisions
from assets.retrain_agent.frames import LABEL_ERROR
from tests.assets.audit_tickets.categories.ticket_topics import TOPICS, make_tickets, vectors_of

MONTH = "2026-06"


@pytest.fixture(scope="module")
def swapped():
    """Tickets of four topics on all sides, one in twelve labels of the training side swapped; and the swapped ones."""
    tickets = make_tickets(list(TOPICS), 60)
    sides = np.random.default_rng(3).choice(["train", "calibration", "holdout"], len(tickets), p=[0.7, 0.15, 0.15])
    splits = pd.DataFrame({"ticket_id": tickets["ticket_id"], "split": sides, "group_id": tickets["ticket_id"]})
    tickets = tickets.assign(label_category_id=tickets["topic"])
    rng = np.random.default_rng(7)
    places = rng.permutation(len(tickets))[: len(tickets) // 12]
    for place in places:
        others = [one for one in TOPICS if one != tickets["topic"].iloc[place]]
        tickets.loc[place, "label_category_id"] = rng.choice(others)
    model = assign_intents(
        tickets, vectors_of(tickets), splits, as_of=pd.Timestamp("2026-06-01", tz="UTC"), encoder_revision="words"
    ).model
    return tickets, splits, model, set(tickets["ticket_id"].iloc[places])


def test_most_swapped_labels_are_found_and_few_others(swapped):
    tickets, splits, model, wrong = swapped
    found = label_errors(tickets, vectors_of(tickets), splits, model, MONTH)
    training = set(splits.loc[splits["split"] == "train", "ticket_id"])
    planted, named = wrong & training, set(found["ticket_id"])
    assert len(planted) >= 8
    assert len(named & planted) / len(planted) >= 0.8
    assert len(named & planted) / len(named) >= 0.8
    topic = tickets.set_index("ticket_id")["topic"]
    hits = found[found["ticket_id"].isin(planted)]
    assert (hits["suggested_category_id"] == hits["ticket_id"].map(topic)).all()


def test_only_training_tickets_are_suggested_the_worst_first(swapped):
    tickets, splits, model, _ = swapped
    found = label_errors(tickets, vectors_of(tickets), splits, model, MONTH)
    side = splits.set_index("ticket_id")["split"]
    assert set(found["ticket_id"].map(side)) == {"train"}
    assert found["quality"].is_monotonic_increasing
    assert len(found) <= AT_MOST
    assert list(found) == list(LABEL_ERROR)
    assert (found["label_category_id"] != found["suggested_category_id"]).all()


def test_the_order_of_tickets_does_not_matter(swapped):
    tickets, splits, model, _ = swapped
    vectors, back = vectors_of(tickets), np.arange(len(tickets))[::-1]
    one = label_errors(tickets, vectors, splits, model, MONTH)
    other = label_errors(tickets.iloc[back].reset_index(drop=True), vectors[back], splits, model, MONTH)
    pd.testing.assert_frame_equal(
        one.sort_values("ticket_id", ignore_index=True), other.sort_values("ticket_id", ignore_index=True)
    )


def test_a_ticket_does_not_vouch_for_its_own_label(swapped):
    """The chances are of models that had not seen the ticket: a label that stands alone finds no support."""
    tickets, splits, model, wrong = swapped
    mine = tickets[tickets["ticket_id"].isin(wrong)].head(1)
    training = tickets[tickets["ticket_id"].map(splits.set_index("ticket_id")["split"]) == "train"]
    both = pd.concat([training[~training["ticket_id"].isin(wrong)], mine], ignore_index=True)
    given = np.array([model.categories.index(one) for one in both["label_category_id"]])
    chances = out_of_fold(model, both["text"].tolist(), vectors_of(both), given, both["ticket_id"].tolist())
    np.testing.assert_allclose(chances.sum(axis=1), 1)
    assert chances[-1, given[-1]] < 0.5


def test_without_labels_or_with_one_category_there_is_nothing_to_doubt(swapped):
    tickets, splits, model, _ = swapped
    bare = tickets.assign(label_category_id=None)
    assert label_errors(bare, vectors_of(tickets), splits, model, MONTH).empty
    one = tickets.assign(label_category_id="invoice")
    assert label_errors(one, vectors_of(tickets), splits, model, MONTH).empty


def suggestion(ticket_id, month=MONTH, label="invoice", other="import", status="open"):
    return (month, ticket_id, label, other, 0.1, "text", status)


def rows(*some):
    return frame_of(some, LABEL_ERROR)


def test_what_people_said_stands_beside_it_and_is_not_asked_again():
    previous = rows(*(suggestion(name, "2026-05") for name in "abc"))
    found = with_decisions(
        rows(suggestion("a"), suggestion("c"), suggestion("d")), previous, {"a": "import", "b": "invoice"}, MONTH
    )
    status = {(row["month"], row["ticket_id"]): row["status"] for row in found.to_dict("records")}
    assert status == {
        ("2026-05", "a"): "corrected",
        ("2026-05", "b"): "kept",
        (MONTH, "c"): "open",
        (MONTH, "d"): "open",
    }


def test_a_month_built_again_replaces_its_open_suggestions_even_by_none():
    previous = rows(suggestion("a"), suggestion("b"), suggestion("z", "2026-05"))
    found = with_decisions(rows(), previous, {"a": "import"}, MONTH)
    assert sorted(found["ticket_id"]) == ["a", "z"]


def test_a_label_that_was_corrected_in_the_helpdesk_is_no_open_question():
    previous = rows(*(suggestion(name, "2026-05") for name in "abc"))
    found = with_decisions(rows(), previous, {}, MONTH, {"a": "import", "b": "invoice"})
    assert dict(zip(found["ticket_id"], found["status"], strict=True)) == {"a": "corrected", "b": "open", "c": "open"}
