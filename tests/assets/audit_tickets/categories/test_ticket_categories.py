import pandas as pd
from ruamel.yaml import YAML

from assets.audit_tickets.categories.ticket_categories import TicketCategories, categorise_tickets
from desk.models import CategoriesFile
from tests.assets.audit_tickets.categories.ticket_topics import TOPICS, make_tickets, splits_of, vectors_of
from tests.encoders import HashingEncoder


def run(tickets: pd.DataFrame, text: str, week: int, previous: pd.DataFrame | None = None) -> TicketCategories:
    written = CategoriesFile.model_validate(YAML(typ="safe").load(text) or {}).categories
    columns = ("id", "name", "examples", "merged_from")
    accepted = pd.DataFrame(
        [[getattr(c, name) for name in columns] for c in written], columns=["category_id", *columns[1:]]
    )
    return categorise_tickets(
        tickets, vectors_of(tickets), splits_of(tickets), accepted, HashingEncoder(128).encode,
        as_of=pd.Timestamp("2026-06-01", tz="UTC") + pd.Timedelta(weeks=week), encoder_revision="hashing",
        previous_candidates=previous, categories_text=text,
    )  # fmt: skip


def test_a_candidate_that_a_person_accepts_becomes_a_category_and_takes_new_tickets():
    tickets = make_tickets(list(TOPICS), 60)
    tickets["label_category_id"] = tickets["topic"].where(tickets["topic"] != "printer", None)
    first = run(tickets, "", 0)
    printers = tickets.loc[tickets["topic"] == "printer", "ticket_id"]
    unknown = first.intents[first.intents["candidate_id"].notna()]
    assert unknown["ticket_id"].isin(printers).mean() > 0.9
    assert len(unknown) > 0.5 * len(printers)

    ids = [str(name) for name in first.candidates["candidate_id"]]
    text = f"categories:\n  - id: label_printers\n    name: Label printers\n    merged_from: [{', '.join(ids)}]\n"
    more = make_tickets(["printer"], 20, seed=5, source="new").assign(label_category_id=None)
    second = run(pd.concat([tickets, more], ignore_index=True), text, 1, first.candidates)
    intents = second.intents.set_index("ticket_id")
    assert set(intents.loc[unknown["ticket_id"], "assigned_category_id"]) == {"label_printers"}
    newly = intents.loc[more["ticket_id"]]
    assert (newly["predicted_category_id"] == "label_printers").mean() > 0.9
    assert (newly["assigned_category_id"].fillna("") == "label_printers").mean() > 0.5
    assert set(second.candidates.set_index("candidate_id").loc[ids, "status"]) == {"accepted", "merged"} - (
        {"merged"} if len(ids) == 1 else set()
    )

    third = run(pd.concat([tickets, more], ignore_index=True), text, 2, second.candidates)
    pd.testing.assert_series_equal(third.intents["assigned_category_id"], second.intents["assigned_category_id"])


def test_a_desk_without_any_tickets_or_categories_is_no_error():
    nothing = make_tickets(["printer"], 1).head(0).assign(label_category_id=pd.Series(dtype=object))
    found = run(nothing, "", 0)
    assert found.intents.empty
    assert found.candidates.empty
