"""The release answers holdout tickets and is laid beside what people did: a link, an answer, or nothing legible."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pandas as pd

from assets.pilot_agent.answers.frames import REPLAY
from assets.pilot_agent.answers.replay_answers import is_replayed, replay_answers
from tests.assets.build_knowledge.drafts.drafting_frames import AS_OF, Desk
from tests.assets.configure_behavior.decisions.small_release import ENTRIES
from tests.assets.pilot_agent.answers.new_tickets import release

HOST = "https://help.lindwurm.example"
ANSWERS = {name: answer for name, _, _, answer, _ in ENTRIES}
ELSEWHERE = (
    "Cash is welcome in our shop near the harbour on weekdays between nine and noon, please bring small notes with you."
)
STORIES: dict[str, dict[str, Any]] = {
    "link": {"category": "export_data", "asks": "can I download all documents at once", "answer": f"Please see {HOST}/articles/export-all"},
    "same": {"category": "password_reset", "asks": "I forgot my password", "answer": ANSWERS["password-sso"], "sso": "true"},
    "other": {"category": "export_data", "asks": "where is the export button", "answer": ELSEWHERE},
    "nobody": {"category": "mobile_sync", "asks": "sync is stuck", "answer": None, "os": "ios"},
    "wrong": {"category": "password_reset", "asks": "the app does not sync since the update", "answer": ANSWERS["password-standard"], "sso": "false", "os": "android"},
    "hacked": {"category": "security_incident", "asks": "our account was hacked", "answer": "We locked the account and will call you back within the hour today."},
    "silent": {"category": None, "asks": "   ", "answer": None},
}  # fmt: skip


@cache
def desk() -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    """Frames by argument, and ticket id by story; every story is told on the training side too."""
    made, names = Desk(), {}
    for side in ("holdout", "train"):
        for name, story in STORIES.items():
            facts = {key: story[key] for key in ("sso", "os") if key in story}
            found = made.ticket(story["category"], story["asks"], story["answer"], side, **facts)
            names[f"{side}/{name}"] = found
    tickets, intents, splits, comments = made.frames()
    label = {
        names[f"{side}/{name}"]: story["category"] for side in ("holdout", "train") for name, story in STORIES.items()
    }
    tickets["label_category_id"] = tickets["ticket_id"].map(label).astype("string")
    tickets["page"] = None
    first = comments[comments["position"] == 1]
    frames = {
        "tickets": tickets, "intents": intents, "splits": splits, "comments": comments,
        "authors": comments.assign(author_id=comments["author_role"].astype(str) + "-1"),
        "texts": first[["ticket_id", "text"]].reset_index(drop=True),
        "live": live(), "articles": pd.DataFrame(
            [{"article_id": name, "url": f"{HOST}/articles/{name}"} for name in ANSWERS]
        ),
    }  # fmt: skip
    return frames, names


def live(**hashes: str) -> pd.DataFrame:
    rows = [
        {
            "entry_id": name, "content_hash": hashes.get(name.replace("-", "_"), f"hash-{name}"), "category_id": category,
            "question": question, "answer": answer, "conditions": json.dumps(conditions), "phrasings": [],
            "sources": json.dumps([{"kind": "article", "id": name}]),
        }
        for name, category, question, answer, conditions in ENTRIES
    ]  # fmt: skip
    return pd.DataFrame(rows)


def replayed(**changes: Any) -> pd.DataFrame:
    return replay_answers(release=release(), release_as_of=AS_OF, **{**desk()[0], **changes})


@cache
def rows() -> dict[str, pd.Series]:
    frame, names = replayed(), desk()[1]
    by_id = {row["ticket_id"]: row for _, row in frame.iterrows()}
    return {name: by_id[names[f"holdout/{name}"]] for name in STORIES if names[f"holdout/{name}"] in by_id}


def test_the_holdout_side_alone_is_replayed_and_what_says_nothing_is_not():
    frame, (_, names) = replayed(), desk()
    assert list(frame.columns) == list(REPLAY)
    assert set(frame["ticket_id"]) == {names[f"holdout/{name}"] for name in STORIES if name != "silent"}
    assert frame["ticket_id"].is_monotonic_increasing
    assert set(frame["release_id"]) == {release().release_id}
    left = desk()[0]["tickets"].assign(is_in_audit=False)
    assert replayed(tickets=left).empty


def test_a_link_of_people_judges():
    row = rows()["link"]
    assert (row["judged_by"], row["linked_entry_ids"], row["same_answer_ids"]) == ("link", ["export-all"], [])
    assert (row["action"], row["entry_ids"][0]) == ("answer", "export-all")
    assert row["is_entry_right"]
    assert row["is_category_right"]


def test_an_answer_of_people_judges_with_the_variant_for_that_customer():
    row = rows()["same"]
    assert (row["judged_by"], row["same_answer_ids"], row["linked_entry_ids"]) == ("reply", ["password-sso"], [])
    assert row["entry_ids"][0] == "password-sso"
    assert row["is_entry_right"]


def test_an_answer_that_no_entry_gives_makes_every_entry_wrong():
    row = rows()["other"]
    assert (row["judged_by"], row["same_answer_ids"]) == ("reply", [])
    assert row["entry_ids"]
    assert not row["is_entry_right"]


def test_where_nobody_answered_nothing_is_said_of_the_entry():
    row = rows()["nobody"]
    assert (row["judged_by"], row["linked_entry_ids"], row["same_answer_ids"]) == ("none", [], [])
    assert pd.isna(row["is_entry_right"])
    assert row["is_category_right"]


def test_another_entry_and_another_category_than_peoples_are_wrong():
    row = rows()["wrong"]
    assert (row["category_id"], row["label_category_id"]) == ("mobile_sync", "password_reset")
    assert not row["is_category_right"]
    assert row["same_answer_ids"] == ["password-standard"]
    assert not row["is_entry_right"]


def test_what_went_on_to_others_is_a_category_for_people_or_a_second_person():
    assert [name for name, row in rows().items() if row["was_escalated"]] == ["hacked"]
    frames, names = desk()
    two = frames["authors"].copy()
    second = {
        **two[two["author_role"] == "staff"].iloc[0].to_dict(),
        "ticket_id": names["holdout/link"],
        "author_id": "staff-2",
    }
    of_two = replayed(authors=pd.concat([two, pd.DataFrame([second])])).set_index("ticket_id")
    assert of_two.at[names["holdout/link"], "was_escalated"]
    note = replayed(authors=pd.concat([two, pd.DataFrame([{**second, "is_public": False}])])).set_index("ticket_id")
    assert not note.at[names["holdout/link"], "was_escalated"], "a note to a colleague is no answer"


def test_a_ticket_without_a_label_says_nothing_of_the_category():
    frames, names = desk()
    tickets = frames["tickets"].copy()
    tickets.loc[tickets["ticket_id"] == names["holdout/link"], "label_category_id"] = pd.NA
    row = replayed(tickets=tickets).set_index("ticket_id").loc[names["holdout/link"]]
    assert pd.isna(row["label_category_id"])
    assert pd.isna(row["is_category_right"])
    assert not row["was_escalated"]


def test_an_entry_that_changed_since_the_release_is_nothing_to_compare_with():
    row = replayed(live=live(export_all="changed")).set_index("ticket_id").loc[desk()[1]["holdout/link"]]
    assert (row["judged_by"], row["linked_entry_ids"]) == ("none", [])
    assert pd.isna(row["is_entry_right"])


def still(replay: pd.DataFrame, release_id: str | None = None, **changes: Any) -> bool:
    frames = {name: desk()[0][name] for name in ("splits", "tickets", "texts")}
    return is_replayed(replay, release_id or release().release_id, **{**frames, **changes})


def test_a_replay_stands_until_its_release_or_its_tickets_change():
    frame, (frames, names) = replayed(), desk()
    assert still(frame)
    assert not still(frame, "e" * 64)
    assert not still(frame.iloc[:0])
    gone = frames["tickets"][frames["tickets"]["ticket_id"] != names["holdout/other"]]
    assert not still(frame, tickets=gone), "a ticket was erased"
    spam = frames["tickets"].assign(is_in_audit=frames["tickets"]["ticket_id"] != names["holdout/other"])
    assert not still(frame, tickets=spam), "a ticket left the audit"
    assert still(frame, tickets=frames["tickets"].assign(plan="free")), "facts of customers are no reason"


def test_a_holdout_ticket_that_comes_late_is_noticed_however_old_it_is():
    frame, (frames, names) = replayed(), desk()
    for days in (-400, 400):
        moved = frames["splits"].copy()
        moved.loc[moved["ticket_id"] == names["train/other"], "split"] = "holdout"
        at = frames["tickets"]["created_at"] + pd.Timedelta(days=days)
        is_new = frames["tickets"]["ticket_id"] == names["train/other"]
        tickets = frames["tickets"].assign(created_at=frames["tickets"]["created_at"].mask(is_new, at))
        assert not still(frame, splits=moved, tickets=tickets), days
    silent = frames["splits"].copy()
    silent.loc[silent["ticket_id"] == names["train/silent"], "split"] = "holdout"
    assert still(frame, splits=silent), "what says nothing is never replayed"


def test_what_a_pilot_answered_is_no_replay():
    names = desk()[1]
    left = replayed(live_tickets={names["holdout/link"]})
    assert names["holdout/link"] not in set(left["ticket_id"])
    assert len(left) == len(replayed()) - 1
    assert not still(left)
    assert still(left, live_tickets={names["holdout/link"]})
    assert not still(replayed(), live_tickets={names["holdout/link"]})


def test_progress_is_told():
    told: list[tuple[int, int]] = []
    replayed(on_progress=lambda done, whole: told.append((done, whole)))
    assert told[-1] == (6, 6)
