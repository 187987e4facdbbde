"""The same judged tickets under two releases of an invented company."""

from dataclasses import replace

import pytest

from assets.retrain_agent.updates.replay_cases import Step, replay_step, said_by, taught_by
from tests.assets.configure_behavior.decisions.small_release import ENTRIES, behavior, small_release
from tests.assets.retrain_agent.updates.small_frames import ASKED_AT, case, cases, change, changes
from tests.encoders import HashingEncoder

PORTAL = "Sign in to the payments portal with the code mailed to the billing contact and pick the year of the invoice."
STALE = ENTRIES[5][3]
EDITED = [(*one[:3], PORTAL, one[4]) if one[0] == "invoice-standard" else one for one in ENTRIES]
INVOICE = {
    "entry_ids": ["invoice-standard"], "entry_hashes": ["hash-invoice-standard"], "action": "draft",
    "context": '{"plan": "pro"}', "category_id": "invoice_copy",
}  # fmt: skip
OUTDATED = {**INVOICE, "is_wrong": True, "said_reason": "outdated", "right_answer": PORTAL}
FIX = change(entry_ids=["invoice-standard"], entry_hashes=["edited"])


@pytest.fixture(scope="module")
def step() -> Step:
    before, after = small_release(), small_release(entries=EDITED)
    edited = replace(after.entries["invoice-standard"], content_hash="edited")
    return Step(before, replace(after, release_id="a" * 64, entries={**after.entries, "invoice-standard": edited}))


def replay(step, *rows, made=(FIX,)):
    return replay_step(step, changes(*made), cases(*rows), HashingEncoder().encode, ASKED_AT)


def test_what_the_fix_mends_and_what_it_leaves_as_it_was(step):
    frame = replay(
        step,
        case(1, **OUTDATED, question="please send me the invoice for March"),
        case(2, **OUTDATED | {"context": '{"plan": "legacy"}'}, question="where can I download invoices"),
        case(3, category_id="password_reset", question="I forgot my password", entry_ids=["password-standard"]),
    )
    rows = frame.set_index("ticket_id")
    assert rows.index.tolist() == ["zendesk:1"]
    assert rows.loc["zendesk:1", ["before_entry_id", "after_entry_id"]].tolist() == ["invoice-standard"] * 2
    assert rows.loc["zendesk:1", ["is_right_before", "is_right_after"]].tolist() == [False, True]
    assert (frame["before_release_id"] != frame["after_release_id"]).all()


def test_a_target_counts_even_where_another_entry_answers(step):
    legacy = case(2, **OUTDATED | {"context": '{"plan": "legacy"}'}, question="where can I download invoices")
    made = FIX | {"target_ticket_ids": ["zendesk:2"]}
    (row,) = replay(step, legacy, made=(made,)).to_dict("records")
    assert (row["after_entry_id"], row["is_right_after"]) == ("invoice-legacy", False)


def test_tickets_that_taught_the_change_or_a_release_are_left_out(step):
    one = case(1, **OUTDATED, question="please send me the invoice for March")
    assert len(replay(step, one)) == 1
    assert replay(step, one, made=(FIX | {"source_ticket_ids": ["zendesk:1"]},)).empty
    entry = step.after.entries["invoice-standard"]
    drawn = replace(entry, sources=[{"kind": "ticket", "id": "zendesk:1"}, {"kind": "article", "id": "zendesk:9"}])
    after = replace(step.after, entries={**step.after.entries, "invoice-standard": drawn})
    assert taught_by(after) == {"zendesk:1"}
    assert replay(Step(step.before, after), one).empty
    remembered = replace(step.before, index=replace(step.before.index, history_ids=["zendesk:1"]))
    assert replay(Step(remembered, step.after), one).empty


def test_where_categories_were_learnt_anew_only_tickets_that_taught_neither_measure(step):
    from copy import copy

    intents = copy(step.after.intents)
    intents.model_version = "learnt anew"
    other = Step(step.before, replace(step.after, intents=intents))
    rows = [
        case(number, **OUTDATED, side=side, question="please send me the invoice for March")
        for number, side in enumerate(["train", "calibration", "holdout", None], start=1)
    ]
    assert replay(other, *rows)["ticket_id"].tolist() == ["zendesk:3", "zendesk:4"]
    assert len(replay(step, *rows)) == 4, "the same model on both sides favours neither"


def test_of_a_ticket_that_was_judged_twice_the_first_message_counts(step):
    first = case(1, **OUTDATED, question="please send me the invoice for March")
    later = case(5, **OUTDATED | {"is_wrong": False}, question="thank you", ticket_id="zendesk:1")
    frame = replay(step, later, first)
    assert len(frame) == 1
    assert frame.loc[0, "is_right_before"] is not None
    assert not frame.loc[0, "is_right_before"]


def test_nothing_judged_is_an_empty_frame_of_the_same_columns(step):
    frame = replay(step)
    assert frame.empty
    assert frame["is_right_before"].dtype == "boolean"


def test_a_spec_is_about_what_it_decides_otherwise_in_its_categories(step):
    spec = behavior(triggers=[{"id": "money", "reason": "it is about money", "phrases": ["invoice"]}])
    other = Step(step.before, replace(step.before, release_id="c" * 64, behavior=spec))
    made = change(kind="trigger", entry_ids=[], entry_hashes=[], behavior_hash="s")
    right = case(1, **INVOICE, question="please send me the invoice for March")
    (row,) = replay(other, right, made=(made,)).to_dict("records")
    assert (row["before_action"], row["after_action"]) == ("draft", "escalate")
    assert replay(other, right, made=(made | {"category_ids": ["password_reset"]},)).empty


def test_an_escalation_without_a_suggestion_says_no_entry(step):
    from assets.configure_behavior.decisions.decide import decide

    made = decide("our account was hacked", [], {}, step.before)
    said = said_by(made, step.before)
    assert (said.action, said.entry_id, said.answer, said.reply) == ("escalate", None, None, None)
    assert STALE in said_by(decide("where is my invoice", [], {"plan": "pro"}, step.before), step.before).reply
