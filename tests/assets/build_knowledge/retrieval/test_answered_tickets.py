"""Reading answers from helpers' links."""

import pandas as pd

from assets.build_knowledge.retrieval.answered_tickets import COLUMNS, answered_by_links
from tests.assets.build_knowledge.retrieval.shop_desk import HOST, at

URLS = {name: f"{HOST}/en-us/kb/{name}" for name in ("brakes", "tyres")}


def comment(ticket, role, text, day="2026-01-02", is_public=True):
    return {"ticket_id": ticket, "author_role": role, "is_public": is_public, "created_at": at(day), "text": text}


def answered(*comments, until=None):
    return answered_by_links(pd.DataFrame(list(comments)), URLS, until=until)


def test_only_public_replies_of_staff_answer():
    link = f"{HOST}/kb/brakes"
    found = answered(
        comment("t1", "staff", link),
        comment("t2", "requester", link),
        comment("t3", "bot", link),
        comment("t4", "staff", link, is_public=False),
    )
    assert found["ticket_id"].tolist() == ["t1"]
    assert found["evidence"].tolist() == ["article_link"]


def test_a_reply_after_the_cut_teaches_nothing():
    rows = (
        comment("t1", "staff", f"{HOST}/kb/brakes", "2026-01-05"),
        comment("t1", "staff", f"{HOST}/kb/tyres", "2026-02-01"),
    )
    assert answered(*rows)["entry_id"].tolist() == ["brakes", "tyres"]
    assert answered(*rows, until=at("2026-02-01"))["entry_id"].tolist() == ["brakes"]
    assert answered(*rows, until=at("2026-01-05")).empty


def test_many_links_share_one_tickets_weight_and_the_first_reply_dates_them():
    found = answered(
        comment("t1", "staff", f"{HOST}/kb/brakes {HOST}/kb/tyres", "2026-01-03"),
        comment("t1", "staff", f"{HOST}/kb/tyres", "2026-01-01"),
    )
    assert found["weight"].tolist() == [0.5, 0.5]
    assert found.set_index("entry_id")["answered_at"].to_dict() == {
        "brakes": at("2026-01-03"),
        "tyres": at("2026-01-01"),
    }


def test_no_answers_give_an_empty_frame_of_the_same_shape():
    found = answered(comment("t1", "staff", "no link"))
    assert list(found.columns) == list(COLUMNS)
    assert found.empty
    assert str(found["answered_at"].dt.tz) == "UTC"
