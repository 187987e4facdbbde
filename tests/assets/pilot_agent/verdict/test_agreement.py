"""Cohen's kappa: a published example, and the cases where it says nothing."""

import math

import pytest

from assets.pilot_agent.verdict.agreement import cohens_kappa


def test_the_textbook_table():
    # 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: kappa 0.4.
    first = ["correct"] * 25 + ["incorrect"] * 25
    second = ["correct"] * 20 + ["incorrect"] * 5 + ["correct"] * 10 + ["incorrect"] * 15
    found = cohens_kappa(first, second)
    assert found.kappa == pytest.approx(0.4)
    assert found.observed == pytest.approx(0.7)
    assert found.low < 0.4 < found.high
    assert "50 answers were tagged by both, 70% of them alike: kappa 0.40" in found.sentence


def test_a_near_miss_weighs_half():
    first = ["correct", "incorrect", "correct", "incorrect"] * 5
    near = cohens_kappa(first, ["needs_improvement", "incorrect", "correct", "incorrect"] * 5)
    far = cohens_kappa(first, ["incorrect", "incorrect", "correct", "incorrect"] * 5)
    assert near.weighted_kappa > far.weighted_kappa


def test_never_differing_is_not_certainty():
    tags = ["correct"] * 12 + ["incorrect"] * 8
    found = cohens_kappa(tags, tags)
    assert found.kappa == 1.0
    assert found.high == 1.0
    assert 0.4 < found.low < 0.8


def test_where_kappa_says_nothing_it_says_so():
    assert "kappa says nothing" in cohens_kappa(["correct"] * 9, ["correct"] * 9).sentence
    assert math.isnan(cohens_kappa([], []).kappa)
    assert cohens_kappa([], []).sentence == "No answer was tagged by both reviewers."


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="give one of each an answer"):
        cohens_kappa(["correct"], [])
    with pytest.raises(ValueError, match="unknown tags fine"):
        cohens_kappa(["fine"], ["correct"])
