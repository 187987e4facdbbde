"""The future must not teach, and the answer must not stand in the question."""

import pandas as pd
import pytest

from assets.build_knowledge.retrieval.evaluation import evaluate_retrieval
from assets.build_knowledge.retrieval.index_files import save_index
from assets.build_knowledge.retrieval.past_and_future import article_addresses, split_by_time
from assets.build_knowledge.retrieval.retrieval_index import build_index
from tests.assets.build_knowledge.retrieval.shop_desk import HOST, at, documents, encode, sections, tickets_and_comments

CUT = at("2026-02-01")


def cut(tickets, comments, **options):
    urls, slugs = article_addresses(sections())
    return split_by_time(tickets, comments, urls, slugs, CUT, CUT, **options)


def index_bytes(tickets, comments, folder):
    documents_ = documents().assign(entry_id="zendesk:" + documents()["entry_id"])
    save_index(build_index(documents_, cut(tickets, comments).history, encode), folder)
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()))


def test_tickets_and_replies_after_the_cut_leave_the_index_equal_to_the_last_bit(tmp_path):
    tickets, comments = tickets_and_comments()
    whole = index_bytes(tickets, comments, tmp_path / "whole")
    past_tickets = tickets[tickets["created_at"] < CUT]
    past_comments = comments[comments["created_at"] < CUT]
    assert index_bytes(past_tickets, past_comments, tmp_path / "past") == whole
    # A late reply to an old ticket, and a later ticket, each naming another article.
    late = comments.iloc[[1]].assign(created_at=CUT, text=f"{HOST}/kb/refund")
    assert index_bytes(tickets, pd.concat([comments, late]), tmp_path / "late") == whole


def test_the_same_reply_before_the_cut_does_teach(tmp_path):
    tickets, comments = tickets_and_comments()
    early = comments.iloc[[1]].assign(created_at=CUT - pd.Timedelta(seconds=1), text=f"{HOST}/kb/refund")
    assert index_bytes(tickets, pd.concat([comments, early]), tmp_path / "a") != index_bytes(
        tickets, comments, tmp_path / "b"
    )


def test_no_link_is_left_in_what_is_asked_or_learnt():
    tickets, comments = tickets_and_comments()
    tickets["message"] = (
        f"I read {HOST}/en-us/kb/brakes and [this]({HOST}/kb/tyres) help.bikes.example/kb/lights " + tickets["message"]
    )
    found = cut(tickets, comments)
    for text in [*found.asked["text"], *found.history["text"]]:
        assert "/kb/" not in text
        assert "bikes.example" not in text
        assert "please help" in text


def test_what_is_asked_is_the_subject_and_first_message_alone():
    tickets, comments = tickets_and_comments()
    found = cut(tickets, comments)
    expected = {row.ticket_id: f"{row.subject}\n{row.message}" for row in tickets.itertuples()}
    assert len(found.asked) == 64
    assert all(expected[row.ticket_id] == row.text for row in found.asked.itertuples())


def test_no_ticket_is_on_both_sides_and_none_is_lost():
    tickets, comments = tickets_and_comments()
    found = cut(tickets, comments)
    assert not set(found.asked["ticket_id"]) & set(found.history["ticket_id"])
    assert len(set(found.asked["ticket_id"]) | set(found.history["ticket_id"])) == len(tickets)


def test_a_test_that_begins_before_training_ends_is_refused():
    tickets, comments = tickets_and_comments()
    urls, slugs = article_addresses(sections())
    with pytest.raises(ValueError, match="lies before"):
        split_by_time(tickets, comments, urls, slugs, CUT, CUT - pd.Timedelta(days=1))


def test_returning_people_and_repeated_words_are_marked():
    tickets, comments = tickets_and_comments()
    later = tickets["created_at"] >= CUT
    tickets.loc[later, "subject"] = [
        f"entirely different wording number {n} of many words {n * 7}" for n in range(later.sum())
    ]
    tickets.loc[later, "message"] = [
        f"nothing like it was ever said before {n * 13} in this place {n}" for n in range(later.sum())
    ]
    back, again = tickets.index[later][:2]
    long = "a very long complaint about the bicycle that was written down once and then sent a second time"
    tickets.loc[back, "requester_id"] = tickets.loc[0, "requester_id"]
    tickets.loc[[1, again], "message"] = long
    tickets.loc[[1, again], "subject"] = "same subject"
    found = cut(tickets, comments)
    assert set(found.asked.loc[found.asked["is_familiar"], "ticket_id"]) == set(tickets.loc[[back, again], "ticket_id"])


def test_other_languages_stay_out():
    tickets, comments = tickets_and_comments()
    tickets.loc[tickets["ticket_id"].str.contains("lights"), "locale"] = "de"
    found = cut(tickets, comments)
    assert not found.asked["ticket_id"].str.contains("lights").any()
    assert not found.history["ticket_id"].str.contains("lights").any()
    assert cut(tickets, comments, language=None).asked["ticket_id"].str.contains("lights").any()


def test_evaluation_counts_and_compares():
    tickets, comments = tickets_and_comments()
    report = evaluate_retrieval(tickets, comments, sections(), encode, CUT, CUT)
    assert (report.count_train_tickets, report.count_test_tickets, report.count_articles) == (64, 64, 4)
    assert report.measures["recall_at_1"].value > report.ablation["passages"]["recall_at_1"].value
    assert report.measures["recall_at_1"].value > 0.95
    assert len(report.ranks) == 64
    assert 0 <= report.ece <= 1


def test_evaluation_says_what_is_missing():
    tickets, comments = tickets_and_comments()
    with pytest.raises(ValueError, match="no tickets to measure"):
        evaluate_retrieval(tickets, comments, sections(), encode, CUT, at("2027-01-01"))
    with pytest.raises(ValueError, match="no article has an address"):
        evaluate_retrieval(tickets, comments, sections().drop(columns=["url", "slug"]), encode, CUT, CUT)
