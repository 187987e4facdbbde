"""Counts of reviewers' words, against counts made by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from assets.pilot_agent.report.live_tags import DAYS_SHOWN, NO_REASON, live_tags
from assets.pilot_agent.verdict.clustered_rates import tally, wilson
from tests.assets.pilot_agent.answers.review_frames import MONDAY, answer, answers, review, reviews

ADA, NOOR = "Ada Moreno", "Noor Haddad"


def small():
    """Four answers of two categories, one that resembles nothing, one that nobody judges."""
    return answers(
        answer("a1"), answer("a2"), answer("a3", category_id="export"), answer("a4", category_id=None),
        answer("a5", mode="control"),
    )  # fmt: skip


def test_tags_are_counted_by_category_and_the_most_severe_counts():
    found = live_tags(
        small(),
        reviews(
            review("a1", "correct"),
            review("a1", "incorrect", by=ADA, reason="outdated"),
            review("a2", "correct"),
            review("a3", "needs_improvement", reason="tone"),
            review("a5", "correct"),
        ),
    )
    assert (found.whole.answers, found.whole.tagged) == (4, 3)
    assert found.whole.by_tag == {"correct": 1, "needs_improvement": 1, "incorrect": 1}
    assert [(one.category_id, one.answers, one.tagged) for one in found.categories] == [
        ("login", 2, 2), ("", 1, 0), ("export", 1, 1),
    ]  # fmt: skip
    assert found.categories[0].by_tag == {"correct": 1, "needs_improvement": 0, "incorrect": 1}
    assert found.reasons == [("outdated", 1), ("tone", 1)]
    assert found.faulty == 2


def test_the_interval_is_wilson_s_on_the_effective_sample():
    rows = [answer(f"a{place}") for place in range(1, 35)]
    said = [review(f"a{place}", "correct" if place <= 29 else "incorrect") for place in range(1, 35)]
    whole = live_tags(answers(*rows), reviews(*said)).whole
    assert (whole.by_tag["correct"], whole.tagged) == (29, 34)
    assert (whole.low, whole.high) == wilson(tally(np.arange(34) < 29, np.arange(34)))
    assert whole.low < 0.6987 < 0.9355 < whole.high  # Wilson (1927) of 29 in 34 tickets that are nobody's repetition


def test_answers_to_one_requester_count_for_less_than_they_are():
    said = [review(f"a{place}", "correct" if place <= 29 else "incorrect") for place in range(1, 35)]
    alone = live_tags(answers(*(answer(f"a{place}") for place in range(1, 35))), reviews(*said)).whole
    shared = answers(*(answer(f"a{place}", requester_id="p1" if place > 17 else "p2") for place in range(1, 35)))
    assert live_tags(shared, reviews(*said)).whole.low < alone.low


def test_nothing_tagged_is_not_measured_and_not_zero():
    found = live_tags(small(), reviews())
    assert math.isnan(found.whole.low)
    assert math.isnan(found.whole.high)
    assert (found.whole.tagged, found.reasons, found.pairs, found.reviewers, found.days) == (0, [], [], [], [])
    assert (found.last_at, found.last_by) == (None, "")
    assert live_tags(answers(), reviews()).whole.answers == 0


def test_only_words_that_stand_count():
    found = live_tags(
        small(), reviews(review("a1", "incorrect", is_current=False), review("a1", "correct"), review("a2", None))
    )
    assert found.whole.by_tag == {"correct": 1, "needs_improvement": 0, "incorrect": 0}
    assert found.reasons == []


def test_a_fault_without_a_reason_is_named_as_such():
    assert live_tags(small(), reviews(review("a1", "incorrect"))).reasons == [(NO_REASON, 1)]


def test_agreement_is_of_answers_that_both_tagged():
    rows = [answer(f"a{place}") for place in range(1, 11)]
    tags = ["correct"] * 5 + ["incorrect"] * 5
    mine = [review(f"a{place}", tag) for place, tag in enumerate(tags, 1)]
    # Ada tags eight of them, and sees one otherwise.
    other = [review(f"a{place}", tag if place > 1 else "incorrect", by=ADA) for place, tag in enumerate(tags[:8], 1)]
    [pair] = live_tags(answers(*rows), reviews(*mine, *other)).pairs
    assert (pair.first, pair.second, pair.answers) == (ADA, NOOR, 8)
    assert pair.observed == pytest.approx(7 / 8)
    # Both: 4 correct, 3 incorrect, 1 quarrel; chance (4 * 5 + 4 * 3) / 64 = 0.5.
    assert pair.kappa == pytest.approx((7 / 8 - 0.5) / 0.5)
    assert pair.low < pair.kappa < pair.high


def test_tags_by_reviewer_and_day_count_every_tag():
    day = pd.Timedelta(days=1)
    found = live_tags(
        small(),
        reviews(
            review("a1", reviewed_at=MONDAY),
            review("a2", "incorrect", reviewed_at=MONDAY + 3 * day),
            review("a1", by=ADA, reviewed_at=MONDAY + 3 * day + pd.Timedelta(hours=2)),
        ),
    )
    assert [f"{one:%Y-%m-%d}" for one in found.days] == ["2026-03-02", "2026-03-05"]
    assert [(one.name, one.total, list(one.by_day)) for one in found.reviewers] == [(NOOR, 2, [1, 1]), (ADA, 1, [0, 1])]
    assert found.reviewers[0].by_tag == {"correct": 1, "needs_improvement": 0, "incorrect": 1}
    assert (found.last_by, found.last_at) == (ADA, MONDAY + 3 * day + pd.Timedelta(hours=2))


def test_the_last_days_on_which_somebody_tagged_are_shown():
    count = DAYS_SHOWN + 5
    rows = [answer(f"a{place}") for place in range(count)]
    said = [review(f"a{place}", reviewed_at=MONDAY + pd.Timedelta(days=2 * place)) for place in range(count)]
    found = live_tags(answers(*rows), reviews(*said))
    assert len(found.days) == DAYS_SHOWN
    assert found.days[-1] == (MONDAY + pd.Timedelta(days=2 * (count - 1))).floor("D")
    assert sum(found.reviewers[0].by_day) == DAYS_SHOWN
    assert found.reviewers[0].total == count
