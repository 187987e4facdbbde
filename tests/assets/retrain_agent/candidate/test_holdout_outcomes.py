"""Two releases on the same holdout tickets, judged by reviews first and by people's replies else."""

from dataclasses import replace

import pytest

from assets.configure_behavior.confidence.thresholds import Thresholds
from assets.retrain_agent.candidate.holdout_outcomes import (
    DRAFTED,
    LEFT,
    MISLED,
    SETTLED,
    Evidence,
    entries_frame,
    holdout_outcomes,
)
from tests.assets.configure_behavior.decisions.small_release import threshold
from tests.assets.retrain_agent.candidate.cases import case, cases
from tests.assets.retrain_agent.trials.small_material import base_release, encode, small_material

NOTHING = Evidence(cases())


def at(value):
    """The base release, answering from this confidence on; None: never."""
    return replace(
        base_release(), thresholds=Thresholds(tuple(threshold(name, value) for name in ("login", "billing")))
    )


def outcomes(before, after, evidence=NOTHING, since=None, material=None):
    return holdout_outcomes(before, after, material or small_material(), evidence, encode, since)


@pytest.fixture(scope="module")
def cautious_and_bold():
    """A release that leaves everything to people, and one that answers everything."""
    return outcomes(at(None), at(0.0))


def test_every_holdout_ticket_of_the_audit_is_decided_twice(cautious_and_bold):
    made = small_material()
    assert set(cautious_and_bold["ticket_id"]) == set(made.splits.loc[made.splits["split"] == "holdout", "ticket_id"])
    assert not cautious_and_bold["action_before"].eq("answer").any()
    assert cautious_and_bold["action_after"].eq("answer").any()


def test_people_s_replies_judge_answers(cautious_and_bold):
    """The tickets about invoices are answered with the one entry for them."""
    answered = cautious_and_bold[cautious_and_bold["action_after"] == "answer"]
    judged = answered[answered["judged_by"] == "reply"]
    right = judged["question"].str.contains("accountant wants a bill copy")
    assert right.any()
    assert judged.loc[right, "level_after"].eq(SETTLED).all()
    assert judged.loc[right, "level_before"].isin([LEFT, DRAFTED]).all()


def test_a_person_is_right_for_what_no_entry_says(cautious_and_bold):
    cash = cautious_and_bold[cautious_and_bold["question"].str.contains("pay with cash")].iloc[0]
    assert cash["action_before"] == "escalate"
    assert (cash["judged_by"], cash["level_before"]) == ("reply", SETTLED)


def test_the_same_release_twice_is_a_tie():
    found = outcomes(at(0.0), at(0.0))
    judged = found[found["level_before"].notna()]
    assert len(judged)
    assert (judged["level_before"] == judged["level_after"]).all()


def test_only_tickets_after_the_last_promotion_judge():
    made = small_material()
    times = made.tickets.set_index("ticket_id")["created_at"]
    holdout = made.splits.loc[made.splits["split"] == "holdout", "ticket_id"]
    since = times[holdout].sort_values().iloc[len(holdout) // 2]
    found = outcomes(at(0.0), at(0.0), since=since)
    assert set(found["ticket_id"]) == set(holdout[(times[holdout] > since).to_numpy()])
    assert outcomes(at(0.0), at(0.0), since=times.max()).empty


def test_a_reply_that_the_agent_drafted_judges_nothing(cautious_and_bold):
    drafted = set(cautious_and_bold["ticket_id"].iloc[:4])
    found = outcomes(at(None), at(0.0), Evidence(cases(), drafted))
    assert set(found["ticket_id"]) == set(cautious_and_bold["ticket_id"]) - drafted


def test_a_review_goes_before_the_reply(cautious_and_bold):
    """The reply says the answer is right; who reviewed it says that a person was needed."""
    row = cautious_and_bold[cautious_and_bold["question"].str.contains("accountant")].iloc[0]
    said = case(
        row["ticket_id"], side="holdout", entry_ids=["invoice-copy"], entry_hashes=["hash-invoice-copy"], is_wrong=True,
        said_reason="should_have_escalated", should_escalate=True,
    )  # fmt: skip
    found = outcomes(at(None), at(0.0), Evidence(cases(said), {row["ticket_id"]})).set_index("ticket_id")
    mine = found.loc[row["ticket_id"]]
    assert mine["judged_by"] == "review"
    assert mine["level_after"] == MISLED
    assert mine["level_before"] in (SETTLED, LEFT)


def test_the_label_of_a_category_that_always_goes_to_a_person_decides():
    bold = at(0.0)
    always = {**bold.categories, "billing": replace(bold.categories["billing"], bucket="escalate")}
    found = outcomes(bold, replace(bold, categories=always))
    billing = found[found["judged_by"] == "label"]
    assert len(billing)
    answered = billing[billing["action_before"] == "answer"]
    assert len(answered)
    assert answered["level_before"].eq(MISLED).all()
    assert billing.loc[billing["action_after"] == "escalate", "level_after"].eq(SETTLED).all()


def test_entries_are_compared_in_the_versions_of_each_release(cautious_and_bold):
    """What the incumbent says of an entry is judged by the incumbent's words, not by the newest ones."""
    bold = at(0.0)
    stale = replace(bold.entries["invoice-copy"], answer="Write a letter to our archive and wait for six weeks please.")
    old = replace(bold, entries={**bold.entries, "invoice-copy": stale})
    found = outcomes(old, bold)
    mine = found[found["question"].str.contains("accountant wants a bill copy") & (found["action_before"] == "answer")]
    assert len(mine)
    assert mine["level_before"].eq(MISLED).all()
    assert mine["level_after"].eq(SETTLED).all()
    frame = entries_frame(old).set_index("entry_id")
    assert frame.loc["invoice-copy", "answer"] == stale.answer
