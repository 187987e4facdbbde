"""Owners, customers' words, and entries that a release touches."""

import pandas as pd

from assets.build_knowledge.findings.audit_settings import AuditSettings
from assets.build_knowledge.findings.customer_wording import find_foreign_wording, score_wording
from assets.build_knowledge.findings.ownership import find_unowned
from assets.build_knowledge.findings.release_changes import past_releases
from assets.build_knowledge.findings.reopened_entries import find_reopened_entries
from tests.assets.build_knowledge.findings.audited import NOW, article, entry, reasons, releases, texts
from tests.encoders import HashingEncoder

DESKTOP = (
    "2026-05-10",
    "product",
    "Desktop 7.2",
    "7.2",
    "Update of the desktop app with a new engine",
    ["desktop app"],
)


def reopened(*rows, event=DESKTOP):
    return reasons(find_reopened_entries(texts(*rows), past_releases(releases(event), NOW), HashingEncoder().encode))


def test_an_entry_without_owner_is_blocked_and_an_article_is_not():
    found = find_unowned(texts(article(owner=None), article("a2"), entry(owner="  "), entry("e2")))
    assert {(one.subject_id, one.is_blocking) for one in found} == {("a1", False), ("e1", True)}


def test_an_export_without_owners_says_nothing():
    nobody = [article(f"a{number}", owner=None) for number in range(6)]
    assert find_unowned(texts(*nobody)) == []
    assert len(find_unowned(texts(*nobody, article("b")))) == 6
    assert len(find_unowned(texts(*nobody, entry(owner=None)))) == 1


def test_wording_is_judged_only_where_a_score_is_given():
    scored = entry(
        "e1",
        "Initiating credential remediation procedures",
        customer_language_score=0.1,
        suggested_question="I forgot my password",
    )
    found = find_foreign_wording(texts(scored, entry("e2", customer_language_score=0.8)), AuditSettings())
    assert reasons(found) == [("far_from_customers", "e1")]
    assert "I forgot my password" in found[0].fix
    assert find_foreign_wording(texts(entry("e1")), AuditSettings()) == []


def test_titles_are_scored_against_what_customers_ask():
    asked = pd.DataFrame(
        {"question": [f"I forgot my password and need a new one {n}" for n in range(8)], "language": "en"}
    )
    frame = texts(
        article("a1", "I forgot my password"),
        article("a2", "Initiating credential remediation procedures"),
        article("a3", "Boards Classic"),
        article("a4", "Kennwort vergessen und neu setzen", locale="de"),
    )
    found = find_foreign_wording(score_wording(frame, asked, HashingEncoder().encode), AuditSettings())
    assert reasons(found) == [("far_from_customers", "a2")]
    assert "forgot my password" in found[0].fix


def test_the_best_section_speaks_for_an_article():
    sections = [
        article("a1", "Set a new password", customer_language_score=0.1),
        article("a1", "Set a new password", section_id="a1#1", customer_language_score=0.9),
    ]
    assert find_foreign_wording(texts(*sections), AuditSettings()) == []


def test_a_release_reopens_the_entries_it_is_about():
    install = entry("e1", "How do I update the desktop app?", "Open the desktop app and press Update.")
    assert reopened(install) == [("release_event", "e1")]
    reset = entry("e2", "How do I reset my password?", "Press Forgot password and open the mail.")
    assert reopened(reset) == []


def test_an_entry_reviewed_after_the_release_has_been_looked_at():
    install = entry("e1", "How do I update the desktop app?", "Press Update.", reviewed_at="2026-05-10")
    assert reopened(install) == []


def test_an_event_to_come_has_not_happened():
    install = entry("e1", "How do I update the desktop app?", "Press Update.")
    assert reopened(install, event=("2026-07-01", *DESKTOP[1:])) == []


def test_one_common_word_in_the_answer_is_not_enough():
    event = ("2026-05-10", "policy", "Privacy notice", "", "Deletion requests go to the privacy team", ["privacy"])
    invite = entry(
        "e1", "How do I invite people?", "Open People and press Invite. Your privacy settings stay as they are."
    )
    assert reopened(invite, event=event) == []


def test_an_entry_near_the_event_is_reopened_unless_for_another_plan():
    event = ("2026-05-10", "policy", "Free upload", "", "Free: uploads of files up to 25 MB", ["upload limit"])
    near = "How big can uploads of files on free be? On free: uploads of files up to 10 MB"
    free = entry("e1", near, "Free: uploads of files up to 10 MB.", conditions='{"plan": ["free"]}')
    pro = entry("e2", near.replace("free", "pro"), "Uploads of files up to 500 MB.", conditions='{"plan": ["pro"]}')
    assert reopened(free, pro, event=event) == [("release_event", "e1")]


def test_articles_are_not_reopened():
    assert reopened(article("a1", "Update the desktop app", "Open the desktop app and press Update.")) == []
