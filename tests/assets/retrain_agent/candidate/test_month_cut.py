"""A month knows what lay before its end, and nothing else."""

from dataclasses import replace

import pandas as pd

from assets.retrain_agent.candidate.month_cut import before, corrections_before
from tests.assets.retrain_agent.trials.small_material import small_material


def test_later_tickets_leave_with_everything_that_belongs_to_them():
    whole = small_material()
    until = whole.tickets["created_at"].sort_values().iloc[len(whole.tickets) // 2]
    cut = before(whole, until)
    known = set(cut.tickets["ticket_id"])
    assert known == set(whole.tickets.loc[whole.tickets["created_at"] < until, "ticket_id"])
    assert 0 < len(known) < len(whole.tickets)
    for frame in (cut.intents, cut.splits, cut.texts, cut.comments):
        assert set(frame["ticket_id"]) <= known
        assert set(frame["ticket_id"])


def test_a_reply_written_after_the_end_is_not_known_yet():
    whole = small_material()
    until = whole.tickets["created_at"].max() + pd.Timedelta(minutes=1)
    late = whole.comments.index[whole.comments["author_role"] == "staff"][:3]
    comments = whole.comments.copy()
    comments.loc[late, "created_at"] = until
    cut = before(replace(whole, comments=comments), until)
    assert len(cut.tickets) == len(whole.tickets)
    assert not set(comments.loc[late, "text"]) & set(
        cut.comments.loc[cut.comments["ticket_id"].isin(comments.loc[late, "ticket_id"]), "text"]
    )


def test_the_newest_month_takes_entries_as_they_are_and_an_older_one_those_accepted_by_then():
    end = pd.Timestamp("2026-06-01", tz="UTC")
    whole = small_material()
    accepted = [end - pd.Timedelta(days=1), end, end + pd.Timedelta(days=9)]
    whole = replace(whole, live=whole.live.assign(accepted_at=accepted))
    assert len(before(whole, end).live) == 3
    assert before(whole, end, is_newest=False).live["entry_id"].tolist() == whole.live["entry_id"].tolist()[:1]


def test_corrections_follow_the_same_rule():
    end = pd.Timestamp("2026-06-01", tz="UTC")
    said = pd.DataFrame(
        {"ticket_id": ["a", "b"], "category_id": ["x", "y"], "corrected_at": [end - pd.Timedelta(days=1), end]}
    )
    assert corrections_before(said, end)["ticket_id"].tolist() == ["a", "b"]
    assert corrections_before(said, end, is_newest=False)["ticket_id"].tolist() == ["a"]
