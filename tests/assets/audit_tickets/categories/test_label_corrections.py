"""Corrected categories are learnt, of training tickets alone, and make the model refit."""

import numpy as np
import pandas as pd

from assets.audit_tickets.categories.intents import IntentAssignment, assign_intents
from assets.audit_tickets.categories.label_corrections import that_may_teach
from assets.audit_tickets.categories.ticket_categories import frames_digest
from tests.assets.audit_tickets.categories.ticket_topics import make_tickets, splits_of, vectors_of

AS_OF = pd.Timestamp("2026-06-01", tz="UTC")
TICKETS = make_tickets(["password", "invoice", "import"], 90).assign(label_category_id=lambda frame: frame["topic"])
SPLITS = splits_of(TICKETS)


def side(name: str, topic: str | None = None) -> pd.Series:
    ids = TICKETS["ticket_id"] if topic is None else TICKETS.loc[TICKETS["topic"] == topic, "ticket_id"]
    return ids[ids.isin(SPLITS.loc[SPLITS["split"] == name, "ticket_id"])]


def corrected(ids: pd.Series, category: str, change: str | None = "C-001") -> pd.DataFrame:
    return pd.DataFrame({"ticket_id": ids, "category_id": category, "change_id": change, "corrected_by": "Mira Okafor"})


def run(tickets: pd.DataFrame, corrections: pd.DataFrame | None = None) -> IntentAssignment:
    return assign_intents(
        tickets, vectors_of(tickets), SPLITS, as_of=AS_OF, encoder_revision="hashing", corrections=corrections
    )


def test_a_corrected_training_ticket_counts_and_teaches_by_its_correction():
    wrong = side("train", "invoice").head(12)
    swapped = TICKETS.assign(label_category_id=TICKETS["topic"].mask(TICKETS["ticket_id"].isin(wrong), "password"))
    found, right = run(swapped, corrected(wrong, "invoice")), run(TICKETS)
    assert found.model.model_version == right.model.model_version, "as if the helpdesk had said it in the first place"
    assert np.array_equal(found.model.coefficients, right.model.coefficients)
    rows = found.frame.set_index("ticket_id").loc[wrong]
    assert set(rows["assigned_category_id"]) == {"invoice"}
    assert set(rows["assigned_by"]) == {"correction"}
    assert set(rows["label_category_id"]) == {"password"}, "what the helpdesk says stays known"
    assert set(rows["correction_change_id"]) == {"C-001"}
    assert not rows["label_is_doubtful"].any()
    others = found.frame[~found.frame["ticket_id"].isin(wrong)]
    assert others["correction_change_id"].isna().all()
    assert set(others["assigned_by"]) == {"label"}


def test_a_correction_gives_a_category_to_a_ticket_without_a_label():
    ticket = side("train", "invoice").head(1)
    unlabelled = TICKETS.assign(label_category_id=TICKETS["topic"].mask(TICKETS["ticket_id"].isin(ticket)))
    found = run(unlabelled, corrected(ticket, "import"))
    row = found.frame.set_index("ticket_id").loc[ticket.iloc[0]]
    assert (row["assigned_category_id"], row["assigned_by"]) == ("import", "correction")
    assert found.report.count_labelled == len(TICKETS) - 1


def test_corrections_of_tickets_that_measure_change_nothing():
    measuring = pd.concat([side("holdout"), side("calibration"), pd.Series(["desk:unknown"])])
    lies = corrected(measuring, "password", None)
    assert that_may_teach(lies, SPLITS).empty
    one, other = run(TICKETS), run(TICKETS, lies)
    pd.testing.assert_frame_equal(one.frame, other.frame)
    assert one.model.model_version == other.model.model_version


def test_a_correction_makes_the_model_refit_and_what_cannot_teach_does_not():
    before = frames_digest(TICKETS, SPLITS, TICKETS.head(0), "")
    assert frames_digest(TICKETS, SPLITS, TICKETS.head(0), "", corrected(side("holdout"), "password")) == before
    taught = corrected(side("train").head(2), "password")
    after = frames_digest(TICKETS, SPLITS, TICKETS.head(0), "", taught)
    assert after != before
    assert frames_digest(TICKETS, SPLITS, TICKETS.head(0), "", taught.iloc[::-1].assign(corrected_by=None)) == after
    assert frames_digest(TICKETS, SPLITS, TICKETS.head(0), "", taught.assign(category_id="import")) != after
