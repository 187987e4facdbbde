"""A candidate takes over only where it is shown to be better, and nothing else is worse."""

import math

import pandas as pd

from assets.pilot_agent.answers.frames import frame_of
from assets.retrain_agent.candidate.holdout_outcomes import DRAFTED, LEFT, MISLED, OUTCOME, SETTLED
from assets.retrain_agent.candidate.promotion import (
    PROMOTABLE,
    REFUSED,
    candidate_row,
    compare,
    in_words,
    promotion_problems,
    tickets_to_decide,
)
from assets.retrain_agent.candidate.regression_losses import RegressionComparison
from assets.retrain_agent.frames import CANDIDATE
from desk.behavior import Sample
from tests.assets.configure_behavior.decisions.small_release import behavior

SINCE = pd.Timestamp("2026-06-03", tz="UTC")
FINE = RegressionComparison(40, 3, ())


def outcomes(*levels, people=None):
    """One ticket a pair of levels; each of its own requester unless ``people`` says otherwise."""
    rows = [
        {
            **dict.fromkeys(OUTCOME),
            "ticket_id": f"zendesk:{number}",
            "requester_id": f"p{number}" if people is None else people[number],
            "level_before": before,
            "level_after": after,
        }
        for number, (before, after) in enumerate(levels)
    ]
    return frame_of(rows, OUTCOME)


def problems(frame, regression=FINE, spec=None):
    return promotion_problems(compare(frame), regression, spec or behavior(), SINCE)


def test_a_candidate_that_is_better_on_enough_tickets_may_take_over():
    frame = outcomes(*[(LEFT, SETTLED)] * 12, *[(SETTLED, DRAFTED)] * 2, *[(SETTLED, SETTLED)] * 40)
    found = compare(frame)
    assert (found.gained, found.lost, found.pairs.n) == (12, 2, 54)
    assert found.low > 0
    assert problems(frame) == []


def test_a_tie_keeps_the_incumbent_and_says_so():
    (said,) = problems(outcomes(*[(LEFT, SETTLED)] * 5, *[(SETTLED, LEFT)] * 5, *[(SETTLED, SETTLED)] * 20))
    assert "no better than the incumbent on 30 holdout tickets" in said
    assert "keep collecting" in said
    assert "would show it" not in said


def test_a_small_gain_says_how_many_tickets_would_show_it():
    frame = outcomes(*[(LEFT, SETTLED)] * 9, *[(SETTLED, LEFT)] * 4, *[(SETTLED, SETTLED)] * 87)
    (said,) = problems(frame)
    needed = tickets_to_decide(compare(frame))
    # Connor 1987 by hand: differing pairs 0.13, difference 0.05.
    by_hand = ((1.95996 * math.sqrt(0.13) + 0.84162 * math.sqrt(0.13 - 0.0025)) / 0.05) ** 2
    assert abs(needed - by_hand) <= 1
    assert f"about {needed:,} judged tickets" in said


def test_a_handful_of_gains_is_not_enough():
    assert problems(outcomes(*[(LEFT, SETTLED)] * 5))
    assert tickets_to_decide(compare(outcomes(*[(LEFT, SETTLED)] * 5))) is None


def test_one_requester_with_many_tickets_is_one_witness():
    levels = [(LEFT, SETTLED)] * 12 + [(SETTLED, SETTLED)] * 20
    alone = outcomes(*levels, people=["p"] * 12 + [f"q{number}" for number in range(20)])
    assert problems(outcomes(*levels)) == []
    assert problems(alone)


def test_worse_is_said_to_be_worse():
    (said,) = problems(outcomes(*[(SETTLED, LEFT)] * 15, *[(SETTLED, SETTLED)] * 20))
    assert said.startswith("worse than the incumbent")


def test_gains_do_not_buy_wrong_answers():
    frame = outcomes(*[(LEFT, SETTLED)] * 40, *[(LEFT, MISLED)] * 8, *[(SETTLED, SETTLED)] * 20)
    (said,) = problems(frame)
    assert "tells more customers something wrong: 8" in said


def test_without_tickets_nothing_is_shown():
    assert "no holdout ticket came since" in problems(outcomes())[0]
    assert "review some of them" in problems(outcomes((None, None), (None, SETTLED)))[0]


def test_half_judged_tickets_are_left_out():
    found = compare(outcomes((LEFT, SETTLED), (None, SETTLED), (LEFT, None)))
    assert (found.pairs.n, found.count_unjudged) == (1, 2)


def test_a_worse_frozen_ticket_refuses():
    better = outcomes(*[(LEFT, SETTLED)] * 12)
    (said,) = problems(better, RegressionComparison(40, 3, tuple(f"ticket {number}: worse" for number in range(7))))
    assert "7 of 40 frozen tickets are decided worse" in said
    assert "ticket 4" in said
    assert "and 2 more" in said


def test_a_red_trigger_suite_refuses():
    spec = behavior()
    first = spec.triggers[0]
    broken = spec.model_copy(
        update={
            "triggers": [
                first.model_copy(update={"fires_on": [Sample(turns=["what a lovely day"])]}),
                *spec.triggers[1:],
            ]
        }
    )
    found = problems(outcomes(*[(LEFT, SETTLED)] * 12), spec=broken)
    assert len(found) == 1
    assert found[0].startswith("the trigger suite is red")
    assert first.id in found[0]


def test_what_changed_for_customers_is_said():
    said = in_words(compare(outcomes(*[(MISLED, DRAFTED)] * 3, (SETTLED, DRAFTED), (DRAFTED, SETTLED))))
    assert "3 customers are no longer told something wrong, 0 are newly" in said
    assert "decides 4 better and 1 worse" in said


def test_the_row_has_the_columns_and_nulls_where_nothing_was_compared():
    row = candidate_row("2026-06", release_id=None, incumbent_id=None, verdict=REFUSED, why=["nothing to beat"])
    assert list(row) == list(CANDIDATE)
    assert row["difference"].isna().all()
    assert row["count_holdout"].tolist() == [0]
    full = candidate_row(
        "2026-06", release_id="a", incumbent_id="b", verdict=PROMOTABLE, why=[], comparison=compare(outcomes((LEFT, SETTLED))),
        regression=FINE, holdout_from=SINCE,
    )  # fmt: skip
    assert (full["count_gained"].iloc[0], full["count_regression_changed"].iloc[0]) == (1, 3)
