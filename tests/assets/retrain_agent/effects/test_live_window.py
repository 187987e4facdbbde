"""Which tickets count: each once, in weeks of the same length, when their outcome can be known."""

from dataclasses import replace

import pandas as pd
import pytest

from assets.retrain_agent.effects.live_window import LiveChange, LiveError, lacking, select_tickets, stretches
from tests.assets.retrain_agent.effects.live_outcomes import AS_OF, CHANGE, RELEASED, outcomes, steady


def test_weeks_are_counted_from_the_release_and_both_ends_of_the_window_hold():
    just = 1e-6
    frame = outcomes(
        [("billing", week, 1, 0) for week in (-8 - just, -8, -1, -just, 0, 1 - just, 4 - just, 4)]
        + [("passwords of others", 0, 1, 0)]
    )
    tickets = select_tickets(frame, CHANGE, AS_OF)
    assert tickets.week.tolist() == [-8, -1, -1, 0, 0, 3]
    assert tickets.is_after.tolist() == [False, False, False, True, True, True]
    assert not tickets.is_targeted.any()


def test_a_change_of_clocks_makes_no_week_longer():
    # Clocks went forward in Berlin on 29 March 2026, two weeks after the release: 09:30 UTC is 11:30 there, not 10:30.
    frame = outcomes([("billing", 0, 1, 0)] * 3)
    frame["created_at"] = pd.to_datetime(
        pd.Series(["2026-03-30T10:59:59+02:00", "2026-03-30T11:00:00+02:00", "2026-03-16T10:00:00+01:00"]), utc=True
    ).dt.tz_convert("Europe/Berlin")
    assert select_tickets(frame, CHANGE, AS_OF).week.tolist() == [1, 2, 0]


def test_the_window_of_a_release_that_was_rolled_back_ends_there():
    rolled_back = replace(CHANGE, ended_at=RELEASED + pd.Timedelta(days=12))
    tickets = select_tickets(steady(), rolled_back, AS_OF)
    assert int(tickets.is_after.sum()) == 2 * 3 * 60
    assert tickets.week.max() == 1
    assert len(select_tickets(steady(), replace(CHANGE, ended_at=AS_OF), AS_OF)) == 12 * 3 * 60


def test_late_outcomes_are_left_out_and_counted():
    frame = steady()
    frame.loc[:9, "outcome"] = None
    # Fourteen and a half days after the release, tickets of the last week are too young, known or not.
    tickets = select_tickets(frame, CHANGE, RELEASED + pd.Timedelta(days=14.5))
    assert tickets.n_unknown == 10
    assert tickets.n_young == 3 * 60
    assert tickets.week.max() == 0
    assert len(tickets) == 9 * 3 * 60 - 10


def test_nothing_is_known_of_the_future():
    assert not select_tickets(steady(), CHANGE, RELEASED).is_after.any()


def test_an_export_made_again_counts_no_ticket_twice():
    frame = steady()
    early = frame.head(100).assign(outcome=pd.array([None] * 100, dtype="boolean"))
    once, again = (select_tickets(one, CHANGE, AS_OF) for one in (frame, pd.concat([early, frame, frame.head(50)])))
    assert len(again) == len(once)
    assert again.n_repeated == 150
    assert again.outcome.sum() == once.outcome.sum()


def test_a_known_outcome_is_not_forgotten_and_the_last_one_counts():
    frame = outcomes([("billing", 1, 1, 1)])
    forgot = frame.assign(outcome=pd.array([None, True], dtype="boolean"))
    assert select_tickets(pd.concat([frame, forgot]), CHANGE, AS_OF).outcome.tolist() == [1.0, 1.0]


def test_weeks_without_tickets_join_their_neighbours():
    frame = steady((10, 10), weeks=range(-8, 4))
    week = (frame["created_at"] - RELEASED) / pd.Timedelta(days=7)
    frame = frame[~week.between(-6, -4)]
    tickets = select_tickets(frame, CHANGE, AS_OF)
    assert [sorted(set(tickets.week[part].tolist())) for part in stretches(tickets)] == [[-8, -7], [-4, -3], [-2, -1]]
    frame = steady((30, 30), weeks=range(-3, 4))
    assert len(stretches(select_tickets(frame[:-1], CHANGE, AS_OF))) == 3
    assert not stretches(select_tickets(steady((1, 1)), CHANGE, AS_OF))


def test_what_is_left_at_the_end_goes_to_the_last_stretch():
    tickets = select_tickets(steady((10, 10), weeks=range(-5, 4)), CHANGE, AS_OF)
    assert [sorted(set(tickets.week[part].tolist())) for part in stretches(tickets)] == [[-5, -4], [-3, -2, -1]]


def test_what_a_sample_lacks_is_said():
    assert lacking(select_tickets(steady(), CHANGE, AS_OF)) == []
    assert lacking(select_tickets(steady(), CHANGE, RELEASED)) == [
        "0 targeted after with a known outcome; 50 are needed",
        "0 untouched after with a known outcome; 50 are needed",
    ]
    few = steady().assign(requester_id=lambda one: [f"requester-{place % 19}" for place in range(len(one))])
    assert lacking(select_tickets(few, CHANGE, AS_OF))[0] == "19 requesters targeted before; 20 are needed"
    alike = lacking(select_tickets(steady((60, 0), (58, 2)), CHANGE, AS_OF))
    assert alike == ["only 8 of the targeted tickets differ from the others; 10 are needed"]


def test_what_cannot_be_read_is_refused():
    with pytest.raises(LiveError, match="lack the columns outcome"):
        select_tickets(steady().drop(columns="outcome"), CHANGE, AS_OF)
    with pytest.raises(LiveError, match="has no time zone"):
        select_tickets(steady().assign(created_at=pd.Timestamp("2026-03-01")), CHANGE, AS_OF)
    with pytest.raises(LiveError, match="has no time zone"):
        select_tickets(steady(), CHANGE, pd.Timestamp("2026-05-01"))
    with pytest.raises(LiveError, match="billing cannot be both"):
        LiveChange("C-1", RELEASED, frozenset({"billing"}), frozenset({"billing"}))
    with pytest.raises(LiveError, match="no time zone"):
        LiveChange("C-1", pd.Timestamp("2026-03-16"), frozenset({"a"}), frozenset({"b"}))
    with pytest.raises(LiveError, match="two weeks before"):
        replace(CHANGE, weeks_before=1)
