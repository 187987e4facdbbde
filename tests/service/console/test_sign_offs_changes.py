"""Changes sorted for people, from the real comparisons."""

from pathlib import Path

from assets.configure_behavior.behavior.diff_behavior import diff_behavior
from assets.pilot_agent.planning.plan_versions import plan_changes
from desk.loading import read_behavior, read_pilot
from ledger.decisions import Decision, diff_decisions
from service.console.sign_offs.changes import (
    ANSWERS,
    BEHAVIOR,
    CATEGORIES,
    ENTRIES,
    INSIDE,
    THRESHOLDS,
    plain_changes,
    release_changes,
    roadmap_changes,
)
from service.console.sign_offs.plan_words import condition_in_words, facts, plan_change_in_words
from tests.desks import SAMPLE

NAMES = {"password_reset": "Password reset", "vat_id": "VAT number"}


def test_a_release_is_told_from_what_customers_notice_to_what_nobody_sees():
    groups = release_changes(
        [
            "code: 111 -> 222",
            "threshold of vat_id at 2% risk stays at no safe one: no bound on 4 calibration tickets -> no bound on 5",
            "threshold of vat_id at 5% risk: 0.810 -> no safe one",
            "category password_reset: bucket automate → hybrid",
            "behavior: reply length, most words: 190 → 160",
            "entry removed: reset-sso “How?”",
            "entry added: vat “Where is my VAT number?”",
            "answers: 2 of 9 replayed tickets are decided otherwise",
            "answer changed: ticket t1: answered from a [vat_id] -> handed over [vat_id]",
        ],
        NAMES,
    )
    assert [one.title for one in groups] == [ANSWERS, ENTRIES, BEHAVIOR, CATEGORIES, THRESHOLDS, INSIDE]
    told = {group.title: [(one.sort, one.words) for one in group.changes] for group in groups}
    assert told[ENTRIES] == [("removed", "reset-sso “How?”"), ("added", "vat “Where is my VAT number?”")]
    assert told[ANSWERS][1] == ("changed", "ticket t1: answered from a [VAT number] → handed over [VAT number]")
    assert [words.split(" ")[0] for _, words in told[INSIDE]] == ["code:", "VAT"]
    assert told[CATEGORIES] == [("changed", "Password reset: bucket automate → hybrid")]
    assert told[THRESHOLDS] == [("changed", "VAT number, 5% wrong allowed: 0.810 → no safe one")]


def test_a_changed_answer_is_told_in_the_customers_words_and_the_entries_questions():
    sentences = [
        "answer changed: ticket zendesk:7 (its text is redacted otherwise): answered from reset-sso [vat_id] -> "
        "drafted for a person from gone [vat_id]",
        "answer changed: ticket zendesk:8: handed over (nearest: reset-sso) [vat_id] -> handed over [no category]",
        "answer changed: ticket zendesk:9: handed over [vat_id] -> answered from reset-sso [vat_id]",
    ]
    asked = {
        "zendesk:7": f"hi: was added -> nothing\n{'long ' * 60}",
        "zendesk:8": "entry added: x”: was removed",
        "zendesk:9": " ",
    }
    (group,) = release_changes(sentences, NAMES, asked, {"reset-sso": "How do I reset?"})
    assert [one.sort for one in group.changes] == ["changed"] * 3
    first, second, third = (one.words for one in group.changes)
    assert first.startswith("“hi: was added → nothing long long")
    assert "zendesk" not in first
    assert first.endswith("…” (its text is redacted otherwise): answered from “How do I reset?” [VAT number] → drafted for a "
                          "person from gone [VAT number]")  # fmt: skip
    assert len(first) < 320
    assert second == (
        "“entry added: x”: was removed”: handed over (nearest: “How do I reset?”) [VAT number] → handed over [no category]"
    )
    assert third == "ticket zendesk:9: handed over [VAT number] → answered from “How do I reset?” [VAT number]"


def test_an_entry_that_is_called_added_is_not_taken_for_an_added_one():
    (group,) = release_changes(["entry changed: x “entry added: y” -> “was removed”: question"], {})
    assert [one.sort for one in group.changes] == ["changed"]


def test_buckets_come_before_owners():
    before = [Decision("password_reset", "automate", 1, "Ada"), Decision("vat_id", "hybrid", None, None)]
    after = [Decision("password_reset", "hybrid", 1, "Ben"), Decision("outage", "escalate", None, None)]
    groups = roadmap_changes(diff_decisions(before, after), NAMES)
    assert [one.title for one in groups] == ["What customers notice: buckets", "Tiers and owners"]
    assert [(one.sort, one.words) for one in groups[0].changes] == [
        ("added", "outage: added (bucket escalate, tier none, owner none)"),
        ("changed", "Password reset: bucket automate → hybrid"),
        ("removed", "VAT number: removed (was bucket hybrid, tier none, owner none)"),
    ]
    assert [one.words for one in groups[1].changes] == ["Password reset: owner Ada → Ben"]


def test_behavior_says_what_was_added_and_removed():
    spec = read_behavior(SAMPLE / "behavior.yaml")
    words = spec.model_dump(mode="json")
    del words["triggers"][0]
    words["tone"]["avoid"].append("obviously")
    words["reply"]["max_words"] = 99
    after = type(spec).model_validate(words)
    (group,) = plain_changes(diff_behavior(spec, after), "How it behaves")
    sorts = {one.words.split(":")[0]: one.sort for one in group.changes}
    assert sorts[f"trigger '{spec.triggers[0].id}' was removed"] == "removed"
    assert sorts["tone, words avoided"] == "added"
    assert sorts["reply length, most words"] == "changed"


def test_a_plan_is_told_in_words_and_not_in_paths(tmp_path: Path):
    text = (SAMPLE / "pilot.yaml").read_text(encoding="utf-8")
    before = read_pilot(SAMPLE / "pilot.yaml")
    (tmp_path / "pilot.yaml").write_text(
        text.replace("rollout_share: 20 %", "rollout_share: 15 %").replace("12 %", "9 %")
    )
    after = read_pilot(tmp_path / "pilot.yaml")
    assert before != after
    told = [plan_change_in_words(one, after) for one in plan_changes(before, after)]
    assert told == [
        "Condition 2 (customers who came back with the same within a week), margin: 12 % → 9 %",
        "Rollout share: 20 % → 15 %",
    ]
    assert condition_in_words(after.primary[0]) == "Resolved tickets: at most 10 points below where people answer"
    assert condition_in_words(after.primary[2]).endswith("at most 6 %")
    assert ("Share of customers", "15 %; may be set between 10 % and 20 %") in facts(after, {})
