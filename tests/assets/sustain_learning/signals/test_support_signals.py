"""Signals as rows: ids that stay, diagnoses in words, nothing shown of tickets that must not be, and no alarm without cause."""

import importlib.util

import numpy as np
import pandas as pd
import pytest

from assets.audit_tickets.desk_tables import release_events
from assets.sustain_learning.frames import DIAGNOSES, SUPPORT_SIGNAL
from assets.sustain_learning.signals.segment_rates import higher_rates
from assets.sustain_learning.signals.signal_material import SignalMaterial
from assets.sustain_learning.signals.support_signals import support_signals
from desk.models import ReleaseEvent
from tests.assets.sustain_learning.signals.made_tickets import at, extra_tickets, make_tickets, material

UPDATE = "Crash after the update\nSince Desktop 7.2 the app crashes when I open a board"
RELEASES = [
    ("2025-01-07", "product", "Desktop 7.0", "7.0", "", ""),
    ("2025-04-17", "product", "Desktop 7.2", "7.2", "", "desktop app"),
]


def released():
    """Day 101 is 2025-04-17."""
    return pd.concat([make_tickets(125), extra_tickets(101, 10, 20, UPDATE)], ignore_index=True)


@pytest.fixture(scope="module")
def after_release():
    return support_signals(material(released(), RELEASES), as_of=at(125))


def test_a_release_is_found_named_and_said(after_release):
    everything = after_release[after_release["dimension"] == "all"].iloc[0]
    assert everything["release_name"] == "Desktop 7.2"
    assert everything["is_explained"]
    assert everything["found_at"] <= at(104)
    assert abs((everything["started_at"] - at(101)).days) <= 2
    assert "7.2" in everything["telling_words"]
    assert everything["sentence"].startswith("Tickets in all:")
    assert "Desktop 7.2 of 2025-04-17" in everything["sentence"]
    versions = after_release[after_release["dimension"] == "version"]
    assert versions["value"].tolist() == ["7.2"]
    assert set(after_release["diagnosis"]) <= set(DIAGNOSES)
    assert list(after_release.columns) == list(SUPPORT_SIGNAL)


def test_the_contract_holds_for_what_is_written(after_release):
    import great_expectations as gx

    from expectations.support_signals_contract import expectations

    context = gx.get_context(mode="ephemeral")
    batch = context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b")
    suite = context.suites.add(gx.ExpectationSuite(name="s", expectations=expectations()))
    told = batch.get_batch({"dataframe": after_release}).validate(suite)
    assert told.success, [one.expectation_config.type for one in told.results if not one.success]


def test_ids_stay_while_the_change_goes_on_and_when_late_tickets_move_its_begin(after_release):
    early = support_signals(material(released(), RELEASES), as_of=at(106))
    late = released().drop(index=3)
    again = support_signals(material(late, RELEASES), as_of=at(125), previous=early)
    assert set(early["signal_id"]) <= set(again["signal_id"])
    first = again.set_index("signal_id").loc[early["signal_id"]]
    assert (first["first_seen_as_of"] == at(106)).all()
    assert again["signal_id"].is_unique
    assert set(early["status"]) == {"new"}


def test_words_and_examples_come_from_training_tickets_alone():
    tickets = released()
    is_new = tickets["text"] == UPDATE
    secret = UPDATE.replace("board", "zanzibar")
    tickets["split"] = np.where(is_new & (np.arange(len(tickets)) % 2 == 0), "holdout", "train")
    tickets.loc[tickets["split"] == "holdout", "text"] = secret
    found = support_signals(material(tickets, RELEASES), as_of=at(125))
    held = set(tickets.loc[tickets["split"] == "holdout", "ticket_id"])
    shown = {one for row in found["example_ticket_ids"] for one in row}
    assert shown
    assert not shown & held
    assert "zanzibar" not in " ".join(found["sentence"])
    assert not any("zanzibar" in row for row in found["telling_words"])


def test_an_outage_in_one_matter_is_one_row_that_names_what_else_stands_out():
    text = "Cannot sign in\nThe login page says error 503 and refuses my password"
    tickets = pd.concat([make_tickets(150), extra_tickets(130, 5, 14, text, os="macos")], ignore_index=True)
    found = support_signals(material(tickets), as_of=at(150))
    apart = found[~found["dimension"].isin(["all"]) & found["change"].isin(["spike", "shift"])]
    assert len(apart) == 1
    assert "also make these stand out" in apart["sentence"].iloc[0]


def test_renamed_labels_are_a_taxonomy_change_and_never_a_spike():
    tickets = make_tickets(150)
    late = tickets["created_at"] >= at(120)
    new = tickets["topic"].replace({"login": "access", "invoice": "billing", "export": "billing"})
    tickets = tickets.assign(topic=tickets["topic"].where(~late, new))
    tickets["tags"] = [[one] for one in tickets["topic"]]
    found = support_signals(material(tickets), as_of=at(150))
    assert found["change"].tolist() == ["taxonomy_change"]
    row = found.iloc[0]
    assert (row["dimension"], row["value"], row["diagnosis"], row["started_at"]) == (
        "label",
        "topic",
        "taxonomy_change",
        at(120),
    )
    assert "do not read this as trouble" in row["sentence"]
    assert "“tags”" in row["sentence"]


def test_a_switch_of_helpdesks_is_explained_as_one():
    tickets = make_tickets(150)
    late = tickets["created_at"] >= at(120)
    more = extra_tickets(120, 30, 24, "Calendar feed\nThe calendar feed shows meetings", source="freshdesk")
    moved = tickets.assign(source=tickets["source"].where(~late, "freshdesk"))
    found = support_signals(material(pd.concat([moved, more], ignore_index=True)), as_of=at(150))
    row = found[found["dimension"] == "all"].iloc[0]
    assert (row["diagnosis"], row["is_explained"]) == ("taxonomy_change", True)
    assert found[found["dimension"].isin(["os", "plan", "page"])].empty


def test_one_customer_who_writes_forty_times_is_no_spike():
    flood = extra_tickets(100, 1, 60, UPDATE).assign(requester_id="r-loud")
    found = support_signals(material(pd.concat([make_tickets(125), flood], ignore_index=True)), as_of=at(125))
    assert found.empty


def test_a_desk_of_three_weeks_and_one_without_anything_say_nothing():
    new = support_signals(material(make_tickets(21)), as_of=at(21))
    empty = material(make_tickets(1).head(0))
    none = support_signals(empty, as_of=at(21))
    for frame in (new, none):
        assert frame.empty
        assert list(frame.columns) == list(SUPPORT_SIGNAL)
    one = support_signals(material(make_tickets(5).head(1)), as_of=at(21))
    assert one.empty


def test_bare_columns_and_nulls_are_borne():
    tickets = make_tickets(60).assign(
        plan=None, os=None, topic=None, tags=None, requester_id=None, language=None, text=None
    )
    assert support_signals(material(tickets), as_of=at(60)).empty
    bare = tickets[["ticket_id", "created_at"]]
    nothing = pd.DataFrame({"ticket_id": [], "text": [], "language": []})
    no_splits = pd.DataFrame({"ticket_id": [], "split": []})
    assert support_signals(SignalMaterial(bare, nothing, no_splits, release_events([])), as_of=at(60)).empty


def test_releases_as_the_platform_lands_them_are_read():
    listed = [
        ReleaseEvent(date="2025-04-17", kind="product", name="Desktop 7.2", version="7.2", affects="desktop app;boards")
    ]
    given = material(released())
    known = SignalMaterial(given.tickets, given.texts, given.splits, release_events(listed))
    found = support_signals(known, as_of=at(125))
    assert "Desktop 7.2" in set(found["release_name"].dropna())


def test_segments_that_speak_of_leaving_are_told_with_their_rate_and_end_when_they_no_longer_do():
    tickets = make_tickets(120)
    leaves = (tickets["plan"] == "free") & (tickets.index % 3 == 0)
    tickets.loc[leaves, "text"] = "Please cancel my subscription\nI want to cancel my subscription and get a refund"
    found = support_signals(material(tickets), as_of=at(120))
    row = found[found["change"] == "churn_risk"].set_index("dimension").loc["plan"]
    assert row["value"] == "free"
    assert row["ratio"] > 3
    assert row["ratio_low"] > 1
    assert "speak of leaving" in row["sentence"]
    assert row["status"] == "new"
    later = support_signals(material(make_tickets(120)), as_of=at(127), previous=found)
    over = later.set_index("signal_id").loc[row["signal_id"]]
    assert over["status"] == "over"
    assert over["ended_at"] == at(127)


def test_rates_are_compared_by_requester_and_small_differences_are_no_news():
    n = 400
    created = pd.Series([at(100)] * n)
    plan = pd.Series(["pro"] * 200 + ["free"] * 200)
    hit = pd.Series([one % 2 == 0 for one in range(200)] + [one % 4 == 0 for one in range(200)], dtype="boolean")
    everybody = pd.Series([f"r{one}" for one in range(n)])
    (found,) = higher_rates(hit, created, everybody, {"plan": plan}, at(120))
    assert (found.value, found.hits, found.of, found.other_hits, found.other_of) == ("pro", 100, 200, 50, 200)
    assert found.low > 1
    assert found.p < 0.001
    loud = everybody.where(~((plan == "pro") & hit.astype(bool)), "r-loud")
    assert higher_rates(hit, created, loud, {"plan": plan}, at(120)) == []
    nearly = pd.Series([one % 2 == 0 for one in range(200)] + [one % 9 < 4 for one in range(200)], dtype="boolean")
    assert higher_rates(nearly, created, everybody, {"plan": plan}, at(120)) == []


@pytest.mark.skipif(importlib.util.find_spec("benchmarks") is None, reason="benchmarks are not here")
def test_the_real_rise_of_july_2024_is_found_with_three_months_of_tickets():
    from benchmarks.spikes import RELEASES as FORUM_RELEASES
    from benchmarks.spikes import SHARED
    from tests.assets.sustain_learning.signals.forum_months import forum_months

    if not (SHARED / "thunderbird").is_dir():
        pytest.skip("the public data is not in ../shared/data")
    tickets = forum_months(SHARED, ("2024-05", "2024-06", "2024-07"), "2024-07-21")
    known = material(tickets, [tuple(row) for row in FORUM_RELEASES.head(1).itertuples(index=False)])
    found = support_signals(known, as_of=pd.Timestamp("2024-07-21", tz="UTC"))
    named = found[found["release_name"] == "Thunderbird 128"]
    assert {"all", "version"} <= set(named["dimension"])
    assert named["found_at"].min() <= pd.Timestamp("2024-07-21", tz="UTC")
