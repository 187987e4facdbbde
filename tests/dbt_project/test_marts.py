"""What the marts say about a desk whose every record is known: one real dbt build, all four helpdesk shapes."""

from __future__ import annotations

from hashlib import sha256

import pandas as pd
import pyarrow.parquet as pq
import pytest

from tests.dbt_project.lakes import BuiltLake
from tests.dbt_project.records import ALL_RECORDS, PERSONAL

DESK_ID = "fictional-desk"


def test_every_ticket_and_comment_lands_once(built: BuiltLake) -> None:
    expected = {f"{record.source}:{record.payload['id']}" for record in ALL_RECORDS if record.kind == "ticket"}
    tickets = built.mart("fct_tickets")
    assert sorted(tickets["ticket_id"]) == sorted(expected)
    assert sorted(built.mart("fct_ticket_comments")["comment_id"]) == [
        "chat:c1#opening",
        "chat:p1",
        "chat:p3",
        "chat:p4",
        "chat:p6",
        "chat:p7",
        "forum:q1#opening",
        "forum:r1",
        "fresh:1#opening",
        "fresh:11",
        "fresh:2#opening",
        "zen:100",
        "zen:101",
        "zen:102",
        "zen:103",
        "zen:2#opening",
        "zen:3#opening",
    ]


def test_superseding_export_keeps_comments_and_changes_the_ticket(built: BuiltLake) -> None:
    ticket = built.ticket("zen:1")
    assert (ticket["status"], list(ticket["tags"])) == ("solved", [])
    assert pd.isna(ticket["topic"])
    assert list(built.comments("zen:1")["comment_id"]) == ["zen:100", "zen:101", "zen:102", "zen:103"]


def test_zendesk_metrics_and_rating_join_their_ticket(built: BuiltLake) -> None:
    ticket = built.ticket("zen:1")
    assert ticket["first_reply_calendar_minutes"] == pytest.approx(90.5)
    assert ticket["full_resolution_calendar_minutes"] == pytest.approx(180)
    assert (ticket["count_reopens"], ticket["reopens_source"]) == (1, "helpdesk")
    assert (ticket["csat"], ticket["csat_offered"]) == ("good", True)
    assert ticket["csat_comment_hash"] == sha256(b"Nice").hexdigest()
    assert bool(ticket["is_one_touch_resolution"])
    counts = ["count_public_comments", "count_requester_comments", "count_staff_replies", "count_internal_notes"]
    assert list(ticket[counts]) == [3, 2, 1, 1]


def test_description_is_the_opening_only_where_no_comment_repeats_it(built: BuiltLake) -> None:
    openings = built.mart("fct_ticket_comments").query("is_opening").set_index("ticket_id")["comment_id"]
    assert openings["zen:1"] == "zen:100"
    assert openings["zen:2"] == "zen:2#opening"
    assert openings["fresh:1"] == "fresh:1#opening"


def test_roles_follow_each_helpdesk(built: BuiltLake) -> None:
    roles = built.mart("fct_ticket_comments").groupby("author_role")["comment_id"].agg(sorted).to_dict()
    assert roles["bot"] == ["chat:p1"]
    assert roles["staff"] == ["chat:p3", "chat:p4", "chat:p7", "forum:r1", "fresh:11", "zen:101", "zen:102"]
    assert sorted(roles) == ["bot", "requester", "staff"]


def test_one_person_in_two_helpdesks_is_one_requester(built: BuiltLake) -> None:
    pseudonym = sha256(f"{DESK_ID}ada@customer.example".encode()).hexdigest()[:16]
    assert built.ticket("zen:1")["requester_id"] == built.ticket("fresh:1")["requester_id"] == pseudonym
    requesters = built.mart("dim_requesters").set_index("requester_id")
    assert list(requesters.loc[pseudonym, "sources"]) == ["fresh", "zen"]
    assert requesters.loc[pseudonym, "count_tickets"] == 3
    by_id_alone = sha256(f"{DESK_ID}forum:nils".encode()).hexdigest()[:16]
    assert built.ticket("forum:q1")["requester_id"] == by_id_alone


def test_impossible_durations_are_unknown_and_counted(built: BuiltLake) -> None:
    ticket = built.ticket("fresh:1")
    assert pd.isna(ticket["full_resolution_calendar_minutes"])
    assert ticket["count_impossible_durations"] == 1
    assert ticket["first_reply_calendar_minutes"] == pytest.approx(45)


def test_chat_is_measured_apart_from_its_bot(built: BuiltLake) -> None:
    ticket = built.ticket("chat:c1")
    assert ticket["first_bot_reply_calendar_minutes"] == pytest.approx(5 / 60)
    assert ticket["first_reply_calendar_minutes"] == pytest.approx(15)
    assert (ticket["count_staff_replies"], ticket["count_bot_replies"]) == (2, 1)
    assert bool(ticket["has_bot_reply"])
    assert not ticket["is_bot_only"]
    assert (ticket["count_reopens"], ticket["reopens_source"]) == (1, "derived")
    assert ticket["full_resolution_calendar_minutes"] == pytest.approx(120)
    assert (ticket["csat_offered"], ticket["csat_score"]) == (True, "3")
    assert pd.isna(ticket["csat"])
    assert (ticket["handle_time_minutes"], ticket["handle_time_source"]) == (12, "helpdesk_field")


def test_context_comes_from_fields_paths_companies_and_mappings(built: BuiltLake) -> None:
    tickets = built.mart("fct_tickets").set_index("ticket_id")
    assert tickets.loc[["zen:1", "fresh:1", "chat:c1"], "plan"].to_list() == ["pro", "legacy", "free"]
    assert (tickets.loc["forum:q1", "os"], tickets.loc["forum:q1", "topic"]) == ("linux", "Folders and views")


def test_labels_come_from_topics_that_say_something(built: BuiltLake) -> None:
    labels = built.mart("fct_tickets").set_index("ticket_id")["label_category_id"]
    assert labels["fresh:1"] == "data_export"
    assert labels["forum:q1"] == "folders_and_views"
    assert labels[["zen:1", "chat:c1"]].isna().all()
    categories = built.mart("dim_categories").set_index("category_id")
    assert sorted(categories.index) == ["data_export", "folders_and_views", "password_reset"]
    assert categories.index[categories["is_accepted"]].to_list() == ["password_reset"]


def test_excluded_tickets_stay_with_their_first_reason(built: BuiltLake) -> None:
    tickets = built.mart("fct_tickets").set_index("ticket_id")
    reasons = tickets["exclusion_reason"].dropna().to_dict()
    assert reasons == {"zen:2": "automated", "zen:3": "deleted", "fresh:2": "spam"}
    assert bool(tickets.loc["zen:3", "is_merged"])
    assert (tickets["is_in_audit"] == tickets["exclusion_reason"].isna()).all()


def test_marts_hold_no_personal_data_and_texts_do(built: BuiltLake) -> None:
    marts = sorted((built.home / "lake/marts").glob("*.parquet"))
    assert [mart.stem for mart in marts] == ["dim_categories", "dim_requesters", "fct_ticket_comments", "fct_tickets"]
    for mart in marts:
        words = pq.read_table(mart).to_pandas().to_csv().lower()
        assert [item for item in PERSONAL if item.lower() in words] == [], mart.name
    private = built.texts().to_csv()
    assert [item for item in PERSONAL if item.lower() not in private.lower()] == ["helen@desk.example"]


def test_texts_carry_the_subject_once(built: BuiltLake) -> None:
    subjects = built.texts().query("ticket_id == 'zen:1'").set_index("comment_id")["subject"].dropna()
    assert subjects.to_dict() == {"zen:100": "Login"}


def test_times_are_utc_microseconds(built: BuiltLake) -> None:
    for name in ("fct_tickets", "fct_ticket_comments"):
        schema = pq.read_schema(built.home / f"lake/marts/{name}.parquet")
        assert str(schema.field("created_at").type) == "timestamp[us, tz=UTC]", name
