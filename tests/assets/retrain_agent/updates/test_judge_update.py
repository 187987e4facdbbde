"""What keeps a week's release from being offered."""

import pytest

from assets.retrain_agent.updates.judge_update import BUILT, HELD, NOTHING, judge_update, update_row
from tests.assets.retrain_agent.updates.small_frames import ASKED_AT, change, changes, replayed, replays

ALWAYS = {"bucket": "automate", "ask_for": [], "rules": [], "threshold": "reached", "suggested_reply": None}

FIX = change()


def frozen(number=1, entry="e1", action="answer", category="invoice_copy", reply="aa", rules=(), **others) -> dict:
    decision = {**ALWAYS, "action": action, "entry_id": entry, "category_id": category, "reply": reply, "rules": [*rules]}  # fmt: skip
    return {"ticket_id": f"zendesk:{number}", "text": "text", "decision": decision | others}


def judge(before, after, rows=(), made=(FIX,), red=(), **options):
    return judge_update(changes(*made), replays(*rows), ([before], [after]), red, **options)


def test_a_change_that_mends_more_than_it_breaks_is_not_held():
    rows = [replayed(1, False, True), replayed(2, False, True), replayed(3, True, False), replayed(4, True, None)]
    found = judge(frozen(), frozen(), rows)
    assert found.held == ()
    assert (found.count_affected, found.count_mended, found.count_broken) == (4, 2, 1)
    assert found.said[0] == "C-001: 4 judged tickets replayed, 2 mended, 1 broken; of 1 nobody's word tells"


def test_each_change_is_held_to_its_own_tickets():
    rows = [replayed(1, False, True), replayed(2, False, True)]
    rows += [replayed(3, True, False, change_id="C-002")]
    found = judge(frozen(), frozen(), rows, made=(change(1), change(2, entry_ids=["e2"])))
    assert found.held == ("C-002: 1 judged ticket replayed, 0 mended, 1 broken",)


def test_a_change_that_nobody_judged_anything_about_says_so():
    assert "only live tickets will tell" in judge(frozen(), frozen()).said[0]


def test_a_frozen_ticket_of_no_change_holds_the_update_and_is_named():
    found = judge(frozen(entry="e5"), frozen(entry="e6", category="mobile_sync"))
    assert found.count_regression_changed == 1
    assert found.held == (
        "1 frozen ticket that no change of the week is about decided otherwise: "
        "ticket zendesk:1: answered from e5 [invoice_copy] -> answered from e6 [mobile_sync]",
    )


@pytest.mark.parametrize(
    ("after", "made", "options"),
    [
        (frozen(reply="bb"), change(), {}),
        (frozen(entry="e9", reply="bb"), change(), {}),
        (frozen(entry="e9", reply="bb"), change(entry_ids=["e9"]), {}),
        (frozen(action="escalate", entry=None), change(target_ticket_ids=["zendesk:1"], entry_ids=["e7"]), {}),
        (frozen(entry="e9", reply="bb"), change(entry_ids=["e7"]), {"beside": {"e1"}}),
        (frozen(reply="bb"), change(kind="reply_style", entry_ids=[], entry_hashes=[], category_ids=[], behavior_hash="s"), {}),
        (frozen(action="escalate", entry=None, rules=["trigger:legal"]), change(kind="trigger", entry_ids=[], entry_hashes=[], category_ids=[], behavior_hash="s"), {"changed_triggers": {"legal"}}),
        (frozen(action="draft"), change(kind="threshold", entry_ids=[], entry_hashes=[], behavior_hash="s"), {}),
    ],
)  # fmt: skip
def test_what_a_change_is_about_may_be_decided_otherwise(after, made, options):
    found = judge(frozen(), after, made=(made,), **options)
    assert found.held == ()
    assert found.count_regression_changed == 1


def test_another_trigger_or_another_wording_than_the_changes_is_held():
    style = change(kind="reply_style", entry_ids=[], entry_hashes=[], category_ids=[], behavior_hash="s")
    assert judge(frozen(), frozen(action="ask"), made=(style,)).held
    legal = change(kind="trigger", entry_ids=[], entry_hashes=[], category_ids=[], behavior_hash="s")
    fired = frozen(action="escalate", entry=None, rules=["trigger:person"])
    assert judge(frozen(), fired, made=(legal,), changed_triggers={"legal"}).held


@pytest.mark.parametrize("how", [{"action": "ask"}, {"action": "draft", "reply": None, "suggested_reply": "cc"}])
def test_the_same_words_are_no_difference_whichever_entry_is_nearest(how):
    before = frozen(entry="e5", ask_for=["sso"], **how)
    assert judge(before, frozen(entry="e6", ask_for=["sso"], **how)).count_regression_changed == 0
    assert judge(before, frozen(entry="e6", ask_for=["plan"], **how)).held


DRAFTED = frozen(entry="e5", action="draft", reply=None, suggested_reply="aa")
HANDED_OVER = frozen(entry="e5", action="escalate", reply=None, suggested_reply="aa")
UNKNOWN = frozen(entry=None, category=None, action="escalate", reply=None)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (DRAFTED, frozen(entry="e5")),
        (frozen(entry="e5"), DRAFTED),
        (HANDED_OVER, UNKNOWN),
        (UNKNOWN, HANDED_OVER),
        (UNKNOWN, DRAFTED),
    ],
)
def test_what_crosses_a_threshold_by_a_hair_is_said_and_holds_nothing(before, after):
    found = judge(before, after)
    assert found.held == ()
    assert found.count_regression_changed == 1
    assert "crossed a threshold by a hair" in found.said[-1]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (DRAFTED, frozen(entry="e5", reply="bb")),
        (DRAFTED, frozen(entry="e6")),
        (DRAFTED, frozen(entry="e6", action="draft", reply=None, suggested_reply="bb")),
        (HANDED_OVER, frozen(entry="e6", action="escalate", reply=None, suggested_reply="bb")),
        (UNKNOWN, frozen(entry="e5")),
        (frozen(entry="e5"), UNKNOWN),
        (frozen(entry=None, action="escalate", reply=None, rules=["trigger:legal"]), UNKNOWN),
        (frozen(entry=None, action="escalate", reply=None, rules=["trigger:legal"]), DRAFTED),
    ],
)
def test_other_words_other_entries_lost_answers_and_lost_triggers_hold(before, after):
    assert judge(before, after).held


def test_a_frozen_ticket_that_is_gone_is_not_compared():
    assert judge(frozen(1), frozen(2)).count_regression == 0


def test_red_checks_hold_and_the_row_says_it():
    found = judge(frozen(), frozen(), red=["live_entries: knowledge_is_fresh"])
    row = update_row("2026-06-29", "b" * 64, ASKED_AT, release_id="a" * 64, change_ids=["C-001"], judged=found, notes=["a note"])  # fmt: skip
    assert row.loc[0, "status"] == HELD
    assert row.loc[0, "why"][0] == "the check live_entries: knowledge_is_fresh is red"
    assert row.loc[0, "why"][-1] == "a note"
    assert update_row("2026-06-29", "b", ASKED_AT, judged=judge(frozen(), frozen())).loc[0, "status"] == BUILT
    nothing = update_row("2026-06-29", None, ASKED_AT)
    assert (nothing.loc[0, "status"], nothing.loc[0, "count_affected"]) == (NOTHING, 0)
