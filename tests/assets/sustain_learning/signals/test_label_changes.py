"""Renamed labels are told from trouble."""

import numpy as np
import pandas as pd

from assets.sustain_learning.signals.label_changes import find_label_changes
from tests.assets.sustain_learning.signals.made_tickets import FIRST, extra_tickets, make_tickets

NEW = {"login": "access", "invoice": "billing", "export": "billing", "mobile": "apps"}


def found(tickets, days=90, text="about", system="topic"):
    day = (tickets["created_at"] - FIRST).dt.days.to_numpy()
    return find_label_changes(day, {system: tickets[system]}, tickets[text].to_numpy(dtype=object), days)


def forum(renamed_on=None):
    tickets = make_tickets(90)
    tickets["about"] = tickets["topic"]
    if renamed_on is not None:
        late = (tickets["created_at"] - FIRST).dt.days >= renamed_on
        tickets["topic"] = tickets["topic"].where(~late, tickets["topic"].replace(NEW))
    return tickets


def test_renamed_and_merged_labels_are_found_within_days_with_where_they_went():
    (change,) = found(forum(60))
    assert change.start == 60
    assert change.found <= 65
    assert set(change.died) == set(NEW)
    assert set(change.born) == {"access", "billing", "apps"}
    assert change.into["login"] == ("access",)
    assert change.into["export"] == ("billing",)
    assert change.texts_moved < 0.1 < 0.3 < change.moved


def test_it_is_found_with_the_past_alone():
    tickets = forum(60)
    (whole,) = found(tickets)
    early = tickets[(tickets["created_at"] - FIRST).dt.days <= whole.found]
    (then,) = found(early, whole.found + 1)
    assert (then.start, then.found) == (whole.start, whole.found)


def test_labels_that_stay_and_trouble_that_comes_are_no_change_of_labels():
    assert found(forum()) == []
    trouble = extra_tickets(60, 20, 60, "error", topic="outage").assign(about="outage")
    assert found(pd.concat([forum(), trouble], ignore_index=True)) == []


def test_customers_who_write_about_other_things_have_other_labels():
    tickets = forum(60)
    tickets["about"] = tickets["topic"]
    assert found(tickets) == []


def test_a_field_that_nobody_fills_in_any_more_was_not_renamed():
    tickets = forum()
    late = (tickets["created_at"] - FIRST).dt.days >= 60
    tickets["topic"] = tickets["topic"].where(~late, None)
    assert found(tickets) == []


def test_lists_of_tags_are_labels_too_and_null_is_none():
    tickets = forum(60)
    tickets["tags"] = [[one, "web"] for one in tickets["topic"]]
    (change,) = found(tickets, system="tags")
    assert change.system == "tags"
    assert change.start == 60
    assert "web" not in (*change.died, *change.born)
    assert found(tickets.assign(tags=None), system="tags") == []
    assert (
        find_label_changes(
            np.zeros(0, dtype=int), {"topic": pd.Series([], dtype="object")}, np.zeros(0, dtype=object), 0
        )
        == []
    )
