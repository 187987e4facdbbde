"""A ticket keeps its split for ever, and nobody stands on two sides."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.audit_tickets.splits.assign_splits import EXCLUDED, SIDES, SplitError, assign_splits
from assets.audit_tickets.splits.split_checks import describe_splits, find_split_leaks, retire_leaking_tickets

AS_OF = pd.Timestamp("2026-03-01", tz="UTC")


def make_tickets(rows):
    """Rows of (ticket_id, requester_id, duplicate_group_id), an hour apart; returns tickets and duplicate groups."""
    frame = pd.DataFrame(rows, columns=["ticket_id", "requester_id", "duplicate_group_id"])
    frame["created_at"] = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(np.arange(len(frame)), unit="h")
    return frame[["ticket_id", "requester_id", "created_at"]], frame[["ticket_id", "duplicate_group_id"]].dropna()


def assign(rows, previous=None, **options):
    tickets, groups = make_tickets(rows)
    return assign_splits(tickets, groups, previous, AS_OF, salt="desk", **options)


def split_of(splits):
    return splits.set_index("ticket_id")["split"].to_dict()


def requester_on(side, salt_tickets=200):
    """A requester whose tickets are drawn to ``side``."""
    splits = split_of(assign([(f"t{n}", f"person {n}", None) for n in range(salt_tickets)]))
    return next(f"person {n}" for n in range(salt_tickets) if splits[f"t{n}"] == side)


def test_requesters_and_near_duplicates_stay_together():
    rows = [(f"t{n}", f"person {n % 40}", f"dup {n // 10}" if n % 5 == 0 else None) for n in range(200)]
    tickets, groups = make_tickets(rows)
    splits = assign(rows)
    assert set(splits["split"]) <= set(SIDES)
    assert splits.merge(tickets).groupby("requester_id")["split"].nunique().max() == 1
    assert splits.merge(groups).groupby("duplicate_group_id")["split"].nunique().max() == 1
    assert find_split_leaks(splits, tickets, groups).empty


def test_shares_are_close_to_those_asked_for():
    splits = assign([(f"t{n}", f"person {n}", None) for n in range(6000)])
    assert splits["split"].value_counts(normalize=True).to_dict() == pytest.approx(
        {"train": 0.70, "calibration": 0.15, "holdout": 0.15}, abs=0.02
    )


def test_shares_can_be_changed():
    splits = assign([(f"t{n}", None, None) for n in range(2000)], shares=(0.5, 0.0, 0.5))
    assert splits["split"].value_counts(normalize=True).to_dict() == pytest.approx(
        {"train": 0.5, "holdout": 0.5}, abs=0.05
    )


def test_another_salt_draws_otherwise():
    tickets, groups = make_tickets([(f"t{n}", None, None) for n in range(50)])
    one = assign_splits(tickets, groups, None, AS_OF, salt="one desk")
    other = assign_splits(tickets, groups, None, AS_OF, salt="another desk")
    assert not one["split"].equals(other["split"])
    assert not set(one["group_id"]) & set(other["group_id"])


def test_a_new_ticket_follows_its_requester_and_says_so():
    for side in SIDES:
        person = requester_on(side)
        before = assign([("a", person, None)])
        after = assign([("a", person, None), ("b", person, None)], before)
        assert split_of(after) == {"a": side, "b": side}
        assert after.set_index("ticket_id").loc["b", "reason"] == "follows its requester"
        assert after["group_id"].nunique() == 1


def test_a_ticket_torn_between_two_sides_is_excluded_and_ties_nobody():
    teacher, judge = requester_on("train"), requester_on("holdout")
    rows = [("a", teacher, "d1"), ("b", judge, None)]
    before = assign(rows)
    rows += [("c", judge, "d1"), ("d", judge, None), ("e", "newcomer", "d1"), ("f", "newcomer", None)]
    after = assign(rows, before).set_index("ticket_id")
    assert after["split"].to_dict() == {
        **{"a": "train", "b": "holdout"},
        **{"c": EXCLUDED, "d": "holdout", "e": "train", "f": "train"},
    }
    assert after.loc["c", "reason"] == "requester is in holdout, near-duplicates are in train"


def test_an_excluded_ticket_stays_excluded():
    teacher, judge = requester_on("train"), requester_on("holdout")
    rows = [("a", teacher, "d1"), ("b", judge, None)]
    before = assign([*rows, ("c", judge, "d1")], assign(rows))
    assert split_of(before)["c"] == EXCLUDED
    tickets, _ = make_tickets([*rows, ("c", judge, None)])
    no_groups = pd.DataFrame(columns=["ticket_id", "duplicate_group_id"])
    pd.testing.assert_frame_equal(assign_splits(tickets, no_groups, before, AS_OF), before)


@pytest.mark.parametrize("unknown", [None, "", np.nan])
def test_tickets_without_requester_are_drawn_one_by_one(unknown):
    splits = assign([(f"t{n}", unknown, None) for n in range(300)])
    assert splits["group_id"].nunique() == 300
    assert set(splits["split"]) == set(SIDES)


def test_a_requester_with_500_tickets_is_on_one_side_and_reported():
    rows = [(f"bulk {n}", "busy person", None) for n in range(500)] + [(f"t{n}", f"p{n}", None) for n in range(2000)]
    tickets, _ = make_tickets(rows)
    splits = assign(rows)
    assert splits[splits["ticket_id"].str.startswith("bulk")]["split"].nunique() == 1
    report = describe_splits(splits, tickets)
    assert report.largest_groups[["count_tickets", "count_requesters"]].to_numpy().tolist() == [[500, 1]]
    assert sum(report.shares.values()) == pytest.approx(1)


def test_tickets_outside_the_audit_get_no_split_and_link_nobody():
    tickets, groups = make_tickets([("spam", "p1", "d"), ("a", requester_on("train"), "d"), ("b", "p1", None)])
    tickets["is_in_audit"] = [False, True, True]
    first = assign_splits(tickets, groups, None, AS_OF, salt="desk")
    assert set(first["ticket_id"]) == {"a", "b"}
    assert first["group_id"].nunique() == 2
    tickets["is_in_audit"] = True
    second = assign_splits(tickets, groups, first, AS_OF, salt="desk")
    assert set(second["ticket_id"]) == {"spam", "a", "b"}
    assert find_split_leaks(second, tickets, groups).empty


def test_a_ticket_that_left_the_audit_still_says_where_its_requester_stands():
    person = requester_on("holdout")
    tickets, groups = make_tickets([("a", person, None), ("b", person, None)])
    tickets["is_in_audit"] = [False, True]
    before = assign([("a", person, None)])
    assert split_of(assign_splits(tickets, groups, before, AS_OF)) == {"a": "holdout", "b": "holdout"}


def test_later_tickets_wait_and_vanished_tickets_keep_their_row():
    tickets, groups = make_tickets([("a", "p", None), ("b", "q", None)])
    early = pd.Timestamp("2026-01-01T00:30", tz="UTC")
    first = assign_splits(tickets, groups, None, early)
    assert first["ticket_id"].tolist() == ["a"]
    second = assign_splits(tickets[tickets["ticket_id"] == "b"], groups, first, AS_OF)
    assert second["assigned_as_of"].tolist() == [early, AS_OF]


def test_no_tickets_give_an_empty_frame_with_all_columns():
    splits = assign([])
    assert splits.columns.tolist() == ["ticket_id", "split", "group_id", "assigned_as_of", "reason"]
    assert str(splits["assigned_as_of"].dtype) == "datetime64[us, UTC]"


def test_leaks_are_found_and_can_be_retired_without_touching_training():
    rows = [("a", "p1", "d"), ("b", "p2", "d"), ("c", "p3", None), ("d", "p3", None), ("e", "p4", None)]
    tickets, groups = make_tickets(rows)
    splits = assign(rows)
    splits["split"] = ["train", "holdout", "calibration", "holdout", "holdout"]
    leaks = find_split_leaks(splits, tickets, groups)
    assert leaks[["kind", "link_id", "ticket_id"]].to_numpy().tolist() == [
        ["near_duplicates", "d", "a"],
        ["near_duplicates", "d", "b"],
        ["requester", "p3", "c"],
        ["requester", "p3", "d"],
    ]
    retired = retire_leaking_tickets(splits, leaks)
    assert retired["split"].tolist() == ["train", EXCLUDED, EXCLUDED, "holdout", "holdout"]
    assert find_split_leaks(retired, tickets, groups).empty
    assert retired["reason"].iloc[1] == "retired from holdout: its near-duplicates stand on two sides"


def test_a_link_that_already_leaks_is_not_made_worse():
    rows = [("a", "p1", None), ("b", "p2", None)]
    before = assign(rows)
    before["split"] = ["train", "holdout"]
    merged = assign([("a", "p1", None), ("b", "p1", None), ("c", "p1", None)], before).set_index("ticket_id")
    assert merged["split"].to_dict() == {"a": "train", "b": "holdout", "c": EXCLUDED}
    assert merged.loc["c", "reason"] == "its requester is already in holdout and in train"


def test_bad_input_is_refused_with_what_is_wrong():
    tickets, groups = make_tickets([("a", "p", None)])
    with pytest.raises(SplitError, match="occurs twice"):
        assign_splits(pd.concat([tickets, tickets]), groups, None, AS_OF)
    with pytest.raises(SplitError, match="add up to 1"):
        assign_splits(tickets, groups, None, AS_OF, shares=(0.7, 0.2, 0.2))
    with pytest.raises(SplitError, match="time zone"):
        assign_splits(tickets, groups, None, AS_OF.tz_localize(None))
    with pytest.raises(SplitError, match="requester_id"):
        assign_splits(tickets.drop(columns="requester_id"), groups, None, AS_OF)


@st.composite
def histories(draw):
    """Tickets of few requesters and few duplicate groups (so that links collide), and the batch each arrives in."""
    size = draw(st.integers(1, 40))
    requesters = draw(st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=size, max_size=size))
    duplicates = draw(st.lists(st.one_of(st.none(), st.none(), st.integers(0, 6)), min_size=size, max_size=size))
    batches = draw(st.lists(st.integers(0, 4), min_size=size, max_size=size))
    rows = [
        (f"t{n:02}", None if who is None else f"p{who}", None if dup is None else f"d{dup}")
        for n, (who, dup) in enumerate(zip(requesters, duplicates, strict=True))
    ]
    return rows, batches


@settings(max_examples=60, deadline=None)
@given(histories(), st.permutations(range(5)))
def test_batches_in_any_order_never_move_a_ticket_and_never_leak(history, order):
    rows, batches = history
    tickets, groups = make_tickets(rows)
    arrived = np.zeros(len(rows), dtype=bool)
    splits = None
    for batch in order:
        arrived |= np.array(batches) == batch
        seen = tickets[arrived]
        previous = splits
        splits = assign_splits(seen, groups[groups["ticket_id"].isin(seen["ticket_id"])], previous, AS_OF, salt="desk")
        assert set(splits["ticket_id"]) == set(seen["ticket_id"])
        assert find_split_leaks(splits, seen, groups).empty
        if previous is not None:
            kept = splits[splits["ticket_id"].isin(previous["ticket_id"])].reset_index(drop=True)
            pd.testing.assert_frame_equal(kept, previous)
    again = assign_splits(tickets, groups, splits, AS_OF, salt="desk")
    pd.testing.assert_frame_equal(again, splits)


@settings(max_examples=15, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(history, random):
    tickets, groups = make_tickets(history[0])
    shuffled = random.sample(range(len(tickets)), len(tickets))
    one = assign_splits(tickets, groups, None, AS_OF)
    pd.testing.assert_frame_equal(assign_splits(tickets.iloc[shuffled], groups[::-1], None, AS_OF), one)
