import numpy as np
import pandas as pd
import pytest

from assets.audit_tickets.categories.intents import (
    AssignmentSettings,
    IntentAssignment,
    assign_intents,
    current_labels,
    example_phrases,
    with_candidates,
)
from tests.assets.audit_tickets.categories.ticket_topics import make_tickets, splits_of, vectors_of
from tests.encoders import HashingEncoder

AS_OF = pd.Timestamp("2026-06-01", tz="UTC")
KNOWN = ["password", "invoice", "import"]


def desk(labelled: float = 1.0, topics: list[str] | None = None, count: int = 60) -> pd.DataFrame:
    tickets = make_tickets(topics or KNOWN, count)
    keep = np.random.default_rng(1).random(len(tickets)) < labelled
    return tickets.assign(label_category_id=tickets["topic"].where(keep, None))


def run(tickets: pd.DataFrame, splits: pd.DataFrame | None = None, **options) -> IntentAssignment:
    chosen = splits_of(tickets) if splits is None else splits
    return assign_intents(tickets, vectors_of(tickets), chosen, as_of=AS_OF, encoder_revision="hashing", **options)


def test_labels_stand_and_the_rest_is_predicted_or_unknown():
    tickets = desk(labelled=0.7, topics=[*KNOWN, "printer"])
    tickets.loc[tickets["topic"] == "printer", "label_category_id"] = None
    frame = run(tickets).frame.merge(tickets[["ticket_id", "topic"]], on="ticket_id")
    assert len(frame) == len(tickets)
    labelled = frame["label_category_id"].notna()
    assert (frame.loc[labelled, "assigned_category_id"] == frame.loc[labelled, "topic"]).all()
    assert set(frame.loc[labelled, "assigned_by"]) == {"label"}
    assert frame.loc[frame["assigned_by"] == "unknown", "assigned_category_id"].isna().all()
    assert frame.loc[frame["assigned_by"] != "unknown", "assigned_category_id"].notna().all()
    printers = frame[frame["topic"] == "printer"]
    assert (printers["assigned_by"] == "unknown").mean() > 0.6
    others = frame[~labelled & (frame["topic"] != "printer") & (frame["assigned_by"] == "model")]
    assert (others["assigned_category_id"] == others["topic"]).mean() > 0.95


def test_what_holdout_tickets_say_changes_nothing_for_the_others():
    tickets = desk()
    splits = splits_of(tickets)
    held = tickets["ticket_id"].isin(splits.loc[splits["split"] == "holdout", "ticket_id"])
    lied = tickets.copy()
    lied.loc[held, "label_category_id"] = "nonsense"
    one, other = run(tickets, splits), run(lied, splits)
    assert one.model.model_version == other.model.model_version
    assert np.array_equal(one.model.coefficients, other.model.coefficients)
    assert one.model.foreign_below == other.model.foreign_below
    assert one.report.cross_fitted == other.report.cross_fitted
    assert one.report.holdout["accuracy"] > 0.9
    assert other.report.holdout["accuracy"] == 0.0


def test_a_label_that_is_clearly_wrong_is_flagged_and_still_counted():
    tickets = desk(count=150)
    at = tickets.index[tickets["topic"] == "invoice"][:3]
    tickets.loc[at, "label_category_id"] = "password"
    frame = run(tickets, settings=AssignmentSettings(doubt_above=0.8)).frame.set_index("ticket_id")
    wrong = frame.loc[tickets.loc[at, "ticket_id"]]
    assert wrong["label_is_doubtful"].all()
    assert (wrong["assigned_category_id"] == "password").all()
    assert frame["label_is_doubtful"].sum() <= 5


def test_example_phrases_teach_a_category_that_no_ticket_is_labelled_with():
    accepted = pd.DataFrame({"category_id": ["printer"], "examples": [[*["printer prints blank pages"] * 4, "label printer paper jam",
                             "print labels on printer", "blank label printer", "printer jam", " "]]})  # fmt: skip
    phrases = example_phrases(accepted)
    assert len(phrases) == 8
    tickets = desk(topics=[*KNOWN, "printer"])
    tickets.loc[tickets["topic"] == "printer", "label_category_id"] = None
    found = run(tickets, phrases=phrases, phrase_vectors=HashingEncoder(128).encode(phrases["text"].tolist()))
    assert "printer" in found.model.categories
    printers = found.frame[found.frame["ticket_id"].isin(tickets.loc[tickets["topic"] == "printer", "ticket_id"])]
    assert (printers["predicted_category_id"] == "printer").mean() > 0.9
    with pytest.raises(ValueError, match="as many vectors"):
        run(tickets, phrases=phrases)


def test_tickets_of_an_accepted_candidate_get_its_category_and_teach_it():
    tickets = desk(topics=[*KNOWN, "printer"])
    printers = tickets["topic"] == "printer"
    tickets.loc[printers, "label_category_id"] = None
    members = tickets.loc[printers, ["ticket_id"]].head(40).assign(category_id="label_printers")
    found = run(tickets, accepted_members=members)
    frame = found.frame.set_index("ticket_id")
    assert set(frame.loc[members["ticket_id"], "assigned_category_id"]) == {"label_printers"}
    assert set(frame.loc[members["ticket_id"], "assigned_by"]) == {"label"}
    later = frame.loc[tickets.loc[printers, "ticket_id"].tail(20)]
    assert (later["predicted_category_id"] == "label_printers").mean() > 0.9
    assert found.report.count_from_candidates == 40
    # Lent labels are the platform's own guess: they are never what it is measured against.
    assert found.report.holdout["count_tickets"] < (frame["split"] == "holdout").sum()


def test_a_label_that_fell_out_of_use_is_retired():
    tickets = desk(count=60)
    old = tickets["topic"] == "invoice"
    days = np.linspace(70, 300, int(old.sum()))
    tickets.loc[old, "created_at"] = [AS_OF - pd.Timedelta(days=int(day)) for day in days]
    found = run(tickets)
    assert set(found.report.retired) == {"invoice"}
    assert "invoice" not in found.model.categories
    labelled = found.frame[found.frame["label_category_id"] == "invoice"]
    assert (labelled["assigned_category_id"] == "invoice").all()


def test_a_label_that_is_merely_rare_is_not_retired_and_an_old_ticket_does_not_teach():
    tickets = desk(count=20)
    rare = tickets.index[tickets["topic"] == "invoice"]
    tickets.loc[rare, "created_at"] = [AS_OF - pd.Timedelta(days=int(day)) for day in np.linspace(65, 360, len(rare))]
    labels = tickets["label_category_id"].to_numpy(dtype=object)
    everyone = np.ones(len(tickets), dtype=bool)
    assert current_labels(tickets, labels, everyone, AS_OF, AssignmentSettings())[1] == {}
    current, _ = current_labels(tickets, labels, everyone, AS_OF, AssignmentSettings(training_days=100))
    assert 0 < current[rare].sum() < len(rare)


@pytest.mark.parametrize("labelled", [0.0, 1.0])
def test_no_labels_or_no_tickets_at_all_are_no_error(labelled: float):
    tickets = desk(labelled=labelled).head(0 if labelled else 30)
    found = run(tickets)
    assert len(found.frame) == len(tickets)
    assert set(found.frame["assigned_by"]) <= {"unknown"}
    assert found.report.holdout["accuracy"] is None
    assert found.report.as_metadata()["categories_learnt"] == 0


def test_few_calibration_tickets_are_helped_out_by_cross_fitted_ones():
    assert run(desk(count=20)).report.calibrated_on == "calibration and cross-fitted training"
    assert run(desk(count=150)).report.calibrated_on == "calibration"


def test_excluded_tickets_and_those_without_a_split_are_predicted_but_teach_nothing():
    tickets = desk()
    splits = splits_of(tickets)
    splits.loc[splits.index[:20], "split"] = "excluded"
    without = run(tickets[~tickets["ticket_id"].isin(splits["ticket_id"][:20])], splits)
    excluded, missing = run(tickets, splits), run(tickets, splits.iloc[20:])
    assert without.model.model_version == excluded.model.model_version == missing.model.model_version
    assert (excluded.frame["split"] == "excluded").sum() == (missing.frame["split"] == "excluded").sum() == 20


def test_the_same_tickets_in_another_order_give_the_same_frame():
    tickets = desk()
    assert run(tickets).frame.equals(run(tickets.sample(frac=1, random_state=3).reset_index(drop=True)).frame)


def test_candidates_are_only_noted_on_unknown_tickets():
    frame = run(desk(labelled=0.5)).frame
    members = frame[["ticket_id"]].assign(candidate_id="cand_00000000")
    noted = with_candidates(frame, members)
    assert (noted["candidate_id"].notna() == (noted["assigned_by"] == "unknown")).all()


def test_vectors_must_match_the_tickets():
    tickets = desk()
    with pytest.raises(ValueError, match="one vector a ticket"):
        assign_intents(tickets, vectors_of(tickets)[1:], splits_of(tickets), as_of=AS_OF, encoder_revision="x")
