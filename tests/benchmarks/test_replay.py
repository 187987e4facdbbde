"""The replay's own arithmetic; the release and its decisions are the product's and tested there."""

import pandas as pd
import pytest

from assets.build_knowledge.drafts.sentences import count_words
from benchmarks.replay import at_thresholds, chosen_to_show, uncertified
from benchmarks.replay_entries import article_entries
from benchmarks.replay_release import build_release, past, right_entries
from orchestration.exported_tickets import ExportedTickets
from tests.encoders import HashingEncoder

CUT = pd.Timestamp("2025-07-01", tz="UTC")
URL = "https://help.example/kb/profiles"


def sections(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Sections of one article: heading, text, conditions."""
    return pd.DataFrame(
        [
            {
                "section_id": f"a#{at}", "article_id": "a", "title": "Profiles", "headings": [heading], "position": at,
                "text": text, "conditions": conditions, "url": URL, "section_hash": "h", "owner": None, "locale": "en",
            }
            for at, (heading, text, conditions) in enumerate(rows)
        ]
    )  # fmt: skip


def replayed(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    names = ["ticket_id", "action", "category_id", "confidence"]
    return pd.DataFrame(rows, columns=names).assign(is_suggestion=[row[1] in ("draft", "escalate") for row in rows])


def test_what_does_not_reach_its_threshold_becomes_a_draft_and_nothing_else_changes():
    replay = replayed(
        ("sure", "answer", "mail", 0.9), ("unsure", "answer", "mail", 0.7), ("no threshold", "answer", "calendar", 0.99),
        ("asks", "ask", "mail", 0.85), ("held", "draft", "mail", 0.95), ("person", "escalate", "mail", 0.95),
    )  # fmt: skip
    found = at_thresholds(replay, {"mail": 0.8, "calendar": None})
    assert found["action"].tolist() == ["answer", "draft", "draft", "ask", "draft", "escalate"]
    assert found["is_suggestion"].tolist() == [False, True, True, False, True, True]


def test_an_uncertified_point_reaches_down_to_where_the_share_wrong_is_last_borne():
    certifying = pd.DataFrame(
        {"confidence": [0.9, 0.8, 0.7, 0.6, 0.99], "is_wrong": [False, True, False, True, True],
         "may_answer": [True, True, True, True, False]}
    )  # fmt: skip
    assert uncertified(certifying, 0.4) == 0.7
    assert uncertified(certifying, 0.0) == 0.9
    assert uncertified(certifying.assign(is_wrong=True), 0.2) is None


def test_answered_ones_are_shown_first_then_the_surest_that_no_rule_holds_back():
    replay = replayed(
        ("a", "answer", "mail", 0.9), ("b", "answer", "mail", 0.5), ("c", "answer", "mail", 0.7), ("d", "draft", "mail", 1.0)
    )  # fmt: skip
    frame = at_thresholds(replay, {"mail": 0.8})
    assert chosen_to_show(frame, replay, 2, seed=0)["ticket_id"].tolist() == ["a", "c"]


def test_readers_whom_an_article_tells_apart_get_an_entry_each_with_their_own_part():
    found = article_entries(
        sections(
            ("Where it is", "The profile lies below the folder that your system keeps for programs.", "{}"),
            ("Where it is", "On Windows it is below AppData, in the folder Roaming.", '{"os": ["windows"]}'),
            ("Where it is", "On a Mac it is below Library, in the folder Thunderbird.", '{"os": ["mac"]}'),
        ),
        {},
        HashingEncoder().encode,
    ).set_index("entry_id")
    assert "AppData" in found.loc["a@windows", "reply"]
    assert "Library" not in found.loc["a@windows", "text"]
    assert "Library" in found.loc["a@mac", "reply"]
    assert found.loc["a@windows", "conditions"] == '{"os": ["windows"]}'
    assert set(found.index) == {"a@windows", "a@mac", "a@android-ios-linux"}


def test_the_reply_is_the_part_customers_asked_for_cut_at_a_line_with_the_way_to_the_rest():
    lines = "\n".join(f"{step}. Open the settings of the calendar and choose what step says." for step in range(40))
    article = sections(
        ("Moving", "Copy the folder of your profile to the other computer with a drive.", "{}"),
        ("Calendar", lines, "{}"),
    )
    asked = {"a": ["my calendar settings are gone, what do I choose in the calendar"]}
    [entry] = article_entries(article, asked, HashingEncoder().encode, 60).to_dict("records")
    assert entry["conditions"] == "{}"
    assert "drive" in entry["text"]
    assert entry["reply"].startswith("Calendar")
    assert "drive" not in entry["reply"]
    assert entry["reply"].endswith(URL)
    assert "It goes on in" in entry["reply"]
    assert count_words(entry["reply"]) < 75


def test_a_linked_article_makes_right_only_the_entries_that_hold_for_the_customer():
    entries = pd.DataFrame(
        {"article_id": ["a", "a"], "entry_id": ["a@mac", "a@windows"],
         "conditions": ['{"os": ["mac"]}', '{"os": ["windows"]}']}
    )  # fmt: skip
    links = pd.DataFrame({"ticket_id": ["t1", "t2", "t3"], "article_id": ["a", "a", "gone"]})
    assert right_entries(links, entries, {"t1": {"os": "windows"}, "t2": {}}) == {
        "t1": ["a@windows"], "t2": ["a@mac", "a@windows"], "t3": [],
    }  # fmt: skip


def test_nothing_from_the_cut_on_is_learnt():
    tickets = pd.DataFrame({"ticket_id": ["old", "new"], "created_at": [CUT - pd.Timedelta("1h"), CUT]})
    late = CUT + pd.Timedelta("1h")
    comments = pd.DataFrame({"ticket_id": ["old", "old"], "created_at": [CUT - pd.Timedelta("1h"), late]})
    before = past(ExportedTickets(tickets, comments), CUT)
    assert before.tickets["ticket_id"].tolist() == ["old"]
    assert len(before.comments) == 1
    for leaking in (ExportedTickets(tickets, before.comments), ExportedTickets(before.tickets, comments)):
        with pytest.raises(ValueError, match="2025-07-01"):
            build_release(leaking, pd.DataFrame(), pd.DataFrame(), HashingEncoder().encode, "hashing", CUT)
