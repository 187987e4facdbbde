"""Triggers that should have fired, and triggers that should not have."""

from typing import Any

from assets.configure_behavior.triggers.trigger_suite import run_suite
from assets.retrain_agent import frames
from assets.retrain_agent.fixes.apply_proposal import with_behavior
from assets.retrain_agent.fixes.proposal import NOTE, TRIGGER, Proposal
from desk.behavior import BehaviorFile
from tests.assets.retrain_agent.fixes.small_patterns import entry, failure, material, pattern, proposed
from tests.behaviors import behavior

ENTRY = entry("invoice-copy", "invoices", "Where is my invoice?", "Under Settings > Billing.")
FINE = [
    failure(100 + n, f"Where do I find the invoice of month {n}?", category_id="invoices", entry_ids=["invoice-copy"])
    for n in range(8)
]
LAWYER = [
    "If this goes on our lawyer will write to you.",
    "I will take legal action against your company!",
    "You will hear from my lawyer about this.",
]


def fix_of(failures: list[dict], failure_type: str, spec: BehaviorFile, right: list[dict] = FINE, **more: Any) -> dict:
    desk = material([ENTRY], [*failures, *right])
    (row,) = proposed([pattern(failure_type, failures, **more)], failures, desk, right, spec).to_dict("records")
    return row


def missed(texts: list[str], **more: Any) -> list[dict]:
    return [failure(n, text, should_escalate=True, category_id="legal", **more) for n, text in enumerate(texts)]


def needless(texts: list[str], trigger_id: str) -> list[dict]:
    return [
        failure(
            n, text, action="escalate", trigger_id=trigger_id, steps=[f"trigger:{trigger_id}"], category_id="exports"
        )
        for n, text in enumerate(texts)
    ]


def changed(row: dict, spec: BehaviorFile) -> BehaviorFile:
    return with_behavior(Proposal.from_json(row["proposal"]), spec)


def test_a_trigger_that_lost_its_signal_gets_it_back():
    broken = {
        "id": "legal", "reason": "Announces legal steps.", "phrases": ["our legal department"],
        "fires_on": ["If this is not settled our lawyer will write to you."], "quiet_on": ["We run a law firm."],
    }  # fmt: skip
    spec = behavior(broken, {"id": "cancelling", "reason": "Wants to leave.", "signals": ["churn"]})

    row = fix_of(missed(LAWYER), frames.MISSED_ESCALATION, spec)

    after = changed(row, spec)
    assert row["kind"] == TRIGGER
    assert [one.id for one in after.triggers] == ["legal", "cancelling"]
    assert after.triggers[0].signals == ["legal"]
    assert after.triggers[0].phrases == ["our legal department"]
    assert all(one.passed for one in run_suite(after))
    assert "0 of 8 messages" in row["why"]
    assert row["source_ticket_ids"] == ["t000", "t001", "t002"]


def test_a_trigger_that_an_earlier_version_had_comes_back_as_it_was():
    before = behavior(
        {
            "id": "down",
            "reason": "Nothing works.",
            "phrases": ["wheel is spinning", "reconnecting"],
            "queue": "incidents",
        },
        {"id": "cancelling", "reason": "Wants to leave.", "signals": ["churn"]},
    )
    now = behavior({"id": "cancelling", "reason": "Wants to leave.", "signals": ["churn"]})
    failures = missed(["The wheel is spinning all day."])
    desk = material([ENTRY], [*failures, *FINE])

    (row,) = proposed(
        [pattern(frames.MISSED_ESCALATION, failures)], failures, desk, FINE, now, earlier_specs=[before]
    ).to_dict("records")

    back = changed(row, now).triggers[-1]
    assert (back.id, back.phrases, back.queue) == ("down", ["wheel is spinning", "reconnecting"], "incidents")
    assert "brought back" in row["why"]


def test_one_message_is_enough_to_mend_what_is_broken_by_its_own_examples():
    broken = {"id": "legal", "reason": "Legal.", "phrases": ["our legal department"], "fires_on": [LAWYER[2]]}

    assert fix_of(missed(LAWYER[:1]), frames.MISSED_ESCALATION, behavior(broken))["kind"] == TRIGGER


def test_a_limit_that_keeps_a_trigger_from_firing_goes():
    spec = behavior(
        {
            "id": "legal",
            "reason": "Legal.",
            "signals": ["legal"],
            "unless": ["lawyer"],
            "fires_on": ["We will sue you."],
        }
    )

    row = fix_of(missed([LAWYER[0], LAWYER[2]]), frames.MISSED_ESCALATION, spec)

    assert changed(row, spec).triggers[0].unless == []


def test_without_a_trigger_there_is_a_new_one_for_the_signal():
    spec = behavior()

    row = fix_of(missed(LAWYER), frames.MISSED_ESCALATION, spec)

    new = changed(row, spec).triggers[-1]
    assert (new.id, new.signals) == ("legal", ["legal"])
    assert 1 <= len(new.fires_on) <= 3
    assert all(one.turns[0] in LAWYER for one in new.fires_on)


def test_phrases_that_well_answered_messages_do_not_hold():
    texts = [f"There is a spinning wheel since {n} o'clock and nobody can work, where is the board?" for n in range(4)]
    right = [*FINE, *[failure(200 + n, f"Where is the board of team {n}?", category_id="exports") for n in range(4)]]
    spec = behavior()

    row = fix_of(missed(texts), frames.MISSED_ESCALATION, spec, right)

    new = changed(row, spec).triggers[-1]
    assert new.phrases
    assert not any(phrase in "where is the board" for phrase in new.phrases)
    assert "0 of 12 messages" in row["why"]


def test_a_trigger_is_not_widened_to_what_is_answered_well():
    texts = ["Where do I find the invoice of month 3?", "Where do I find the invoice of month 4?"]

    row = fix_of(missed(texts), frames.MISSED_ESCALATION, behavior())

    assert row["kind"] == NOTE


def test_messages_that_triggers_of_today_catch_need_nothing_more():
    spec = behavior({"id": "legal", "reason": "Legal.", "signals": ["legal"]})

    row = fix_of(missed(LAWYER), frames.MISSED_ESCALATION, spec)

    assert row["kind"] == NOTE
    assert "this is mended" in row["why"]


CANCEL = {
    "id": "cancelling", "reason": "Wants to leave.", "phrases": ["cancel", "the contract"],
    "fires_on": ["Please cancel our subscription."], "quiet_on": ["How do I pay?"],
}  # fmt: skip


def test_a_trigger_leaves_out_what_is_said_with_a_phrase_and_keeps_its_examples():
    texts = [f"How do I cancel the export job number {n}?" for n in range(4)]
    right = [failure(300 + n, f"Please cancel our plan in month {n}", action="escalate") for n in range(4)]
    spec = behavior(CANCEL)

    row = fix_of(needless(texts, "cancelling"), frames.NEEDLESS_ESCALATION, spec, right, trigger_id="cancelling")

    after = changed(row, spec)
    (trigger,) = after.triggers
    assert row["kind"] == TRIGGER
    assert "cancel" in trigger.phrases
    assert trigger.unless or trigger.except_for
    assert all(one.passed for one in run_suite(after))
    assert any(one.turns[0] in texts for one in trigger.quiet_on)
    assert "keeps 4 of 4 needed ones" in row["why"]


def test_a_phrase_that_only_fires_wrongly_is_dropped():
    texts = [f"Who signs the contract template number {n} in our wiki?" for n in range(4)]
    right = [failure(300 + n, f"Please cancel our plan in month {n}", action="escalate") for n in range(4)]
    spec = behavior(CANCEL)

    row = fix_of(needless(texts, "cancelling"), frames.NEEDLESS_ESCALATION, spec, right, trigger_id="cancelling")

    trigger = changed(row, spec).triggers[0]
    assert "the contract" not in trigger.phrases or trigger.unless
    assert "cancel" in trigger.phrases


def test_what_another_trigger_hands_over_too_does_not_keep_a_phrase():
    broad = {
        "id": "data",
        "reason": "Wants data deleted.",
        "phrases": ["delete my data", "android"],
        "fires_on": ["delete my data"],
    }
    spec = behavior(broad, CANCEL)
    texts = [f"The app number {n} on my Android phone does not sync" for n in range(4)]
    right = [failure(300 + n, f"Please cancel our plan {n}. Sent from Android", action="escalate") for n in range(4)]

    row = fix_of(needless(texts, "data"), frames.NEEDLESS_ESCALATION, spec, right, trigger_id="data")

    trigger = changed(row, spec).triggers[0]
    assert trigger.phrases == ["delete my data"]
    assert trigger.except_for is None, "a whole category is not left alone where a word will do"


def test_what_cannot_be_told_from_what_is_needed_is_left_to_people():
    texts = [f"Please cancel our plan in month {n}" for n in range(4)]
    right = [
        failure(300 + n, f"Please cancel our plan in month {5 + n}", action="escalate", category_id="exports")
        for n in range(6)
    ]

    row = fix_of(
        needless(texts, "cancelling"), frames.NEEDLESS_ESCALATION, behavior(CANCEL), right, trigger_id="cancelling"
    )

    assert row["kind"] == NOTE


def test_an_urgent_trigger_never_leaves_a_whole_category_alone():
    urgent = {**CANCEL, "is_urgent": True}
    texts = [f"cancel {word} job" for word in ("alpha", "bravo", "charlie", "delta")]

    row = fix_of(
        needless(texts, "cancelling"), frames.NEEDLESS_ESCALATION, behavior(urgent), [], trigger_id="cancelling"
    )

    assert all(one.except_for is None for one in changed(row, behavior(urgent)).triggers)


def test_one_needless_message_is_watched():
    row = fix_of(
        needless(["How do I cancel the export?"], "cancelling"),
        frames.NEEDLESS_ESCALATION,
        behavior(CANCEL),
        trigger_id="cancelling",
    )

    assert row["kind"] == NOTE
