"""From tickets, articles and findings to drafts: what is drafted, for whom, from what, and what is refused."""

import json

import pandas as pd
import pytest

from assets.build_knowledge.drafts.draft_knowledge import draft_knowledge
from assets.build_knowledge.drafts.draft_settings import DraftSettings
from tests.assets.build_knowledge.drafts.drafting_frames import (
    AS_OF,
    Desk,
    articles,
    decisions,
    embed,
    entries,
    findings,
    roadmap,
    section,
)

RESET = 'Type your e-mail address on the login page, press Continue and click "Forgot password?". The link works for 60 minutes.'
COMPANY = (
    "Your workspace uses single sign-on, so there is no password here. Ask your company IT team for a new one please."
)
EXPORT = "Open Settings, Workspace, Export and press Start. The zip file holds all documents and arrives by mail within a day."
WAYS = [
    "How do I reset my password?",
    "I forgot my password, how do I reset it?",
    "Where can I reset the password?",
    "Password reset does not work",
    "How to reset a forgotten password?",
]


def run(desk, plan, **more):
    tickets, intents, splits, comments = desk.frames()
    given = {
        "articles": articles(),
        "findings": findings(),
        "entries": entries(),
        "decisions": decisions(),
        "settings": DraftSettings(),
    } | more
    return draft_knowledge(plan, tickets, intents, splits, comments, encode=embed, as_of=AS_OF, **given)


def with_sso_and_without():
    desk = Desk()
    for place in range(10):
        way = WAYS[place % len(WAYS)]
        desk.ticket("password", f"Hi,\n{way}", f"Hello,\n\n{RESET}\n\nKind regards\nMara", sso="false", plan="pro")
        desk.ticket("password", f"Hi,\n{way}", f"Hello,\n\n{COMPANY}\n\nKind regards\nMara", sso="true", plan="pro")
    for place in range(5):
        desk.ticket("password", WAYS[place], f"Hi,\n\n{RESET}", sso="false", plan="free")
        desk.ticket("export", "How can I export all documents?", EXPORT, plan="free")
    return desk


def test_one_question_with_two_answers_becomes_two_drafts_under_conditions():
    drafts = run(with_sso_and_without(), roadmap(password="automate")).drafts
    by_condition = {row.conditions: row for row in drafts.itertuples()}
    assert set(by_condition) == {'{"sso": ["false"]}', '{"sso": ["true"]}'}
    assert "Forgot password?" in by_condition['{"sso": ["false"]}'].answer
    assert "company IT" in by_condition['{"sso": ["true"]}'].answer
    assert drafts["question"].nunique() == 1
    assert drafts["question"].iloc[0].endswith("password?")


def test_a_draft_says_why_and_has_no_courtesies():
    drafts = run(with_sso_and_without(), roadmap(password="automate")).drafts
    first = drafts.iloc[0]
    assert "customers asked something like this in 90 days" in first["why"]
    assert "100% of the answers" in first["why"]
    assert not {"Hello", "regards", "Mara"} & set(first["answer"].replace(",", " ").split())
    assert first["suggested_owner"] == "Ines Falk"
    assert first["status"] == "open"
    assert 2 <= len(first["phrasings"]) <= 8


def test_escalate_gets_no_draft():
    result = run(with_sso_and_without(), roadmap(password="escalate", export="hybrid"))
    assert set(result.drafts["category_id"]) == {"export"}
    assert "password" not in set(result.report["category_id"])


def test_only_training_tickets_are_read():
    desk = Desk()
    for way in WAYS:
        desk.ticket("password", way, RESET)
    for split in ("holdout", "calibration", "excluded"):
        for _ in range(6):
            desk.ticket("password", "How do I reset my zebra password?", COMPANY + " Zebra.", split=split)
    drafts = run(desk, roadmap(password="automate")).drafts
    assert len(drafts) == 1
    assert "ebra" not in drafts.drop(columns="drafted_as_of").to_json()
    train = {row["ticket_id"] for row in desk.splits if row["split"] == "train"}
    assert {s["id"] for row in drafts["sources"] for s in json.loads(row)} <= train


def test_tickets_after_the_cut_do_not_exist():
    desk = Desk()
    for way in WAYS:
        desk.ticket("password", way, RESET, days_ago=-3)
    result = run(desk, roadmap(password="automate"))
    assert result.drafts.empty
    assert list(result.report["reason"]) == ["no_answers"]


def test_answers_that_differ_without_a_known_reason_are_refused_and_said():
    desk = Desk()
    other = [
        "Restart the router and wait until all lamps are green again.",
        "Buy the larger plan, then the button appears at the top.",
    ]
    for place in range(12):
        answer = RESET if place % 4 == 0 else f"{other[place % 2]} Number {place} {'abcdefghijkl'[place] * 5}."
        desk.ticket("password", "How do I reset my password?", answer)
    result = run(desk, roadmap(password="automate"), settings=DraftSettings(min_support=3, min_agreement=0.7))
    assert result.drafts.empty
    assert "inconsistent" in set(result.report["reason"])
    assert "answers to questions like theirs say the same" in " ".join(result.report["detail"])


def test_an_answer_that_gave_way_to_another_is_refused():
    desk = Desk()
    old = "Click the blue link Trouble logging in at the very bottom of that page, a mail with further steps arrives."
    for place in range(6):
        desk.ticket("password", "How do I reset my password?", old, days_ago=80 - place)
        desk.ticket("password", "How do I reset my password?", RESET, days_ago=30 - place)
    result = run(desk, roadmap(password="automate"), settings=DraftSettings(min_agreement=0.2))
    assert len(result.drafts) == 1
    assert "Forgot password?" in result.drafts["answer"].iloc[0]
    assert "superseded" in set(result.report["reason"])


def test_article_and_tickets_that_say_the_same_become_one_draft_with_both_sources():
    desk = Desk()
    for _ in range(5):
        desk.ticket("export", "How can I export all documents?", EXPORT)
    row = section("zendesk:7", EXPORT, title="Export all documents")
    drafts = run(desk, roadmap(export="hybrid"), articles=articles(row)).drafts
    assert len(drafts) == 1
    assert {source["kind"] for source in json.loads(drafts["sources"].iloc[0])} == {"article", "ticket"}
    assert drafts["origin"].iloc[0] == "article_section"
    assert "agrees with the article" in drafts["why"].iloc[0]


def test_nothing_is_drafted_from_a_flagged_article_until_somebody_verified_it():
    desk = Desk()
    for _ in range(3):
        desk.ticket("export", "How can I export all documents?")
    rows = articles(section("zendesk:7", EXPORT, title="Export all documents"))
    stale = {"type": "stale", "subject_id": "zendesk:7", "is_blocking": False}
    plan = roadmap(export="hybrid")
    assert run(desk, plan, articles=rows, findings=findings(stale)).drafts.empty
    assert len(run(desk, plan, articles=rows, findings=findings(stale | {"status": "verified"})).drafts) == 1


def test_a_category_with_enough_entries_is_left_alone():
    given = entries(*({"entry_id": f"e{n}", "category_id": "export"} for n in range(3)))
    result = run(with_sso_and_without(), roadmap(export="hybrid"), entries=given)
    assert result.drafts.empty
    assert list(result.report["reason"]) == ["has_entries"]


def test_what_an_entry_already_says_is_not_drafted_again():
    given = entries({"category_id": "export", "answer": EXPORT})
    assert run(with_sso_and_without(), roadmap(export="hybrid"), entries=given).drafts.empty


def test_decisions_and_entries_set_the_status():
    desk, plan = with_sso_and_without(), roadmap(export="hybrid")
    first = run(desk, plan).drafts.iloc[0]
    rejected = run(desk, plan, decisions=decisions(**{first["draft_id"]: "rejected"})).drafts
    assert list(rejected["status"]) == ["rejected"]
    taken = entries({"category_id": "export", "answer": EXPORT, "sources": first["sources"]})
    assert list(run(desk, plan, entries=taken).drafts["status"]) == ["accepted"]


def test_ids_survive_one_more_ticket_and_another_order():
    desk, plan = with_sso_and_without(), roadmap(password="automate", export="hybrid")
    before = set(run(desk, plan).drafts["draft_id"])
    desk.ticket("export", "How can I export all documents?", EXPORT, plan="free", days_ago=1)
    for rows in (desk.tickets, desk.comments, desk.splits, desk.intents):
        rows.reverse()
    assert set(run(desk, plan).drafts["draft_id"]) == before


def test_candidates_wait_until_they_are_categories():
    plan = roadmap(export="hybrid").assign(kind="candidate")
    result = run(with_sso_and_without(), plan)
    assert result.drafts.empty
    assert list(result.report["reason"]) == ["not_a_category"]


def test_an_empty_desk_gives_empty_frames_with_their_columns():
    desk = Desk()
    desk.ticket("export", "Hello", split="holdout")
    result = run(desk, roadmap(export="hybrid"))
    assert result.drafts.empty
    assert {"draft_id", "why", "content_hash", "status"} <= set(result.drafts.columns)


def test_a_clock_without_zone_is_refused():
    desk = Desk()
    desk.ticket("export", "How can I export all documents?", EXPORT)
    tickets, intents, splits, comments = desk.frames()
    with pytest.raises(ValueError, match="time zone"):
        draft_knowledge(
            roadmap(export="hybrid"), tickets, intents, splits, comments, articles(), findings(), entries(), decisions(),
            DraftSettings(), embed, pd.Timestamp("2026-06-01"),
        )  # fmt: skip


def test_instructions_for_two_systems_that_share_nearly_every_word_are_kept_apart():
    desk = Desk()
    shared = "Quit the program, delete the folder {} and start the program again; no document gets lost, all are on the server."
    for _ in range(8):
        desk.ticket("crash", "The program crashes at start", shared.format("AppData GPUCache Registry"), os="windows")
        desk.ticket("crash", "The program crashes at start", shared.format("Library Caches Finder"), os="mac")
    drafts = run(desk, roadmap(crash="hybrid")).drafts.set_index("conditions")["answer"]
    assert "GPUCache" in drafts['{"os": ["windows"]}']
    assert "Finder" in drafts['{"os": ["mac"]}']


def test_variants_of_one_article_part_share_a_question_and_hold_their_own_text_only():
    desk = Desk()
    for way in ("The app does not sync", "App not syncing on my phone", "Why does the app not sync?"):
        desk.ticket("sync", way)
    rows = articles(
        section("a:1", "The app must not be put to sleep by the system to sync.", title="The app does not sync"),
        section("a:1", "Allow background refresh for the app to sync.", title="The app does not sync", conditions='{"os": ["ios"]}', position=1),
        section("a:1", "Choose unrestricted battery for the app to sync.", title="The app does not sync", conditions='{"os": ["android"]}', position=2),
    )  # fmt: skip
    drafts = run(desk, roadmap(sync="automate"), articles=rows).drafts
    assert sorted(drafts["conditions"]) == ['{"os": ["android"]}', '{"os": ["ios"]}']
    assert drafts["question"].nunique() == 1
    ios = drafts.set_index("conditions")["answer"]['{"os": ["ios"]}']
    assert "background" in ios
    assert "battery" not in ios
