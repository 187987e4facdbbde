"""Labels that tell two categories apart, and labels that are likely wrong."""

import numpy as np
import pytest

from assets.retrain_agent import frames
from assets.retrain_agent.fixes.label_doubts import doubtful_labels, two_sided_probabilities
from assets.retrain_agent.fixes.proposal import CATEGORY_EXAMPLES, NOTE, Proposal
from tests.assets.retrain_agent.fixes.small_patterns import entry, failure, material, pattern, proposed

ENTRY = entry("reset", "passwords", "How do I reset my password?", "Choose Forgot password on the login page.")
INVOICES = [f"Please send the invoice of month {n} for our tax office" for n in range(30)]
EXPORTS = [f"The export of document {n} to a zip archive stops half way" for n in range(30)]


def labelled(swapped: set[int] = frozenset()) -> dict[str, tuple[str, str]]:
    """Sixty labelled tickets, of which some invoices carry the other label."""
    found = {f"i{n:02d}": ("exports" if n in swapped else "invoices", text) for n, text in enumerate(INVOICES)}
    return found | {f"e{n:02d}": ("exports", text) for n, text in enumerate(EXPORTS)}


def test_failing_tickets_and_their_mislabelled_neighbours_are_set_right():
    swapped = {1, 5, 9}
    failures = [
        failure(
            n,
            f"Our tax office wants the invoice of month {40 + n}",
            category_id="exports",
            right_category_id="invoices",
        )
        for n in range(3)
    ]
    desk = material([ENTRY], failures, labels=labelled(swapped))
    found = pattern(frames.INTENT_MISCLASSIFICATION, failures, category_id="exports", right_category_id="invoices")

    (row,) = proposed([found], failures, desk).to_dict("records")

    labels = Proposal.from_json(row["proposal"]).labels
    assert row["kind"] == CATEGORY_EXAMPLES
    assert {one.ticket_id: (one.category_id, one.was) for one in labels} == {
        **{f"t{n:03d}": ("invoices", None) for n in range(3)},
        **{f"i{n:02d}": ("invoices", "exports") for n in swapped},
    }
    assert [one.ticket_id[0] for one in labels] == ["t"] * 3 + ["i"] * 3, "what people said comes first"
    assert row["source_ticket_ids"] == sorted(one.ticket_id for one in labels)
    assert "Invoices and Exports apart" in row["title"]


def test_a_label_that_all_of_its_like_speak_against_is_not_taught():
    text = "Our tax office wants the invoice of month"
    failures = [
        failure(n, f"{text} {n}", category_id="exports", right_category_id="legal" if n == 4 else "invoices")
        for n in range(5)
    ]
    found = pattern(frames.INTENT_MISCLASSIFICATION, failures, category_id="exports", right_category_id="invoices")

    (row,) = proposed([found], failures, material([ENTRY], failures, labels=labelled())).to_dict("records")

    assert {one.category_id for one in Proposal.from_json(row["proposal"]).labels} == {"invoices"}


def test_the_category_that_people_called_wrong_is_never_the_right_one():
    failures = [failure(n, f"Something {n}", category_id="exports", right_category_id="exports") for n in range(3)]
    found = pattern(frames.INTENT_MISCLASSIFICATION, failures, category_id="exports")

    (row,) = proposed([found], failures, material([ENTRY], failures, labels=labelled())).to_dict("records")

    assert row["kind"] == NOTE


def test_an_answer_that_an_entry_gives_names_the_category():
    failures = [
        failure(n, f"Cannot get in, case {n}", action="escalate", right_answer=ENTRY["answer"], entry_ids=[],
                handoff_reason="it is unclear what the message is about")
        for n in range(3)
    ]  # fmt: skip
    found = pattern(frames.NEEDLESS_ESCALATION, failures)

    (row,) = proposed([found], failures, material([ENTRY], failures, labels=labelled())).to_dict("records")

    assert row["kind"] == CATEGORY_EXAMPLES
    assert {one.category_id for one in Proposal.from_json(row["proposal"]).labels} == {"passwords"}


@pytest.mark.parametrize("seed", range(3))
def test_confident_learning_finds_flipped_labels_and_leaves_the_rest(seed: int):
    rng = np.random.default_rng(seed)
    centres = np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]])
    truth = np.repeat([False, True], 60)
    vectors = centres[truth.astype(int)] + rng.normal(0, 0.15, (120, 4))
    flipped = rng.choice(120, 15, replace=False)
    labels = truth.copy()
    labels[flipped] = ~labels[flipped]

    scores = two_sided_probabilities(vectors, labels, np.ones(120), [str(n) for n in range(120)])
    assert scores is not None
    doubted = np.flatnonzero(doubtful_labels(scores, labels, [False] * 120))

    assert len(set(doubted) & set(flipped)) >= 12
    assert len(set(doubted) - set(flipped)) <= 4


def test_what_people_said_is_not_doubted_and_one_group_cannot_be_held_out():
    scores = np.array([0.9, 0.1, 0.9])
    labels = np.array([False, False, True])

    assert doubtful_labels(scores, labels, [True, False, False]).tolist() == [False, False, False]
    assert doubtful_labels(scores, labels, [False, False, False]).tolist() == [True, False, False]
    assert two_sided_probabilities(np.eye(3), labels, np.ones(3), ["a", "a", "a"]) is None
