"""Attribution: a failure belongs to the fault whose removal alone mends it, from the moment the fault is there."""

from collections import Counter

import pandas as pd

from assets.retrain_agent.frames import CASE
from assets.retrain_agent.planted_faults.fault import read_faults
from assets.retrain_agent.planted_faults.planted_failures import break_world
from assets.retrain_agent.planted_faults.simulated_reviews import simulated_reviews
from tests.assets.retrain_agent.planted_faults.small_world import AS_OF, small_planter, small_world


def broken(text):
    return break_world(small_planter(), small_world(), read_faults(text))


def causes(found):
    return Counter(None if one is None else found.faults[one].kind for one in found.cause)


def test_the_known_release_is_right_about_most_tickets():
    world = small_world()
    assert sum(world.is_right) > 0.7 * len(world.is_right)
    assert set(world.known["side"]) == {"train", "calibration", "holdout"}


def test_failures_belong_to_their_fault():
    found = broken(
        "[{kind: remove_entry, entry: invoice-copy}, {kind: merge_conditions, entries: [reset-own, reset-sso]}]"
    )
    right = [set(one) for one in small_world().known["right_entry_ids"]]
    for place, cause in enumerate(found.cause):
        if cause is not None:
            assert right[place] & ({"invoice-copy"} if cause == 0 else {"reset-sso"})
    assert causes(found)["remove_entry"] >= 10
    assert causes(found)["merge_conditions"] >= 10
    assert not any(found.is_ambiguous)


def test_what_two_faults_break_alike_belongs_to_neither():
    phrases = "change: {phrases: [invoice]}"
    found = broken(
        "[{kind: remove_entry, entry: invoice-copy}, "
        f"{{kind: break_trigger, trigger: legal, how: too_broad, {phrases}}}]"
    )
    assert any(found.is_ambiguous)
    for place, is_ambiguous in enumerate(found.is_ambiguous):
        if is_ambiguous:
            assert found.cause[place] is None
            assert "invoice" in small_world().known["text"].iloc[place]


def test_a_fault_breaks_nothing_before_its_day():
    day = f"{small_world().known['created_at'].max() + pd.Timedelta(days=1):%Y-%m-%d}"
    found = broken(f"[{{kind: remove_entry, entry: invoice-copy, since: {day}}}]")
    created = small_world().known["created_at"]
    assert causes(found)["remove_entry"] >= 10
    assert not any(found.is_failure(place, created.iloc[place]) for place in range(len(created)))
    cases = simulated_reviews(small_world(), found, small_planter().material, AS_OF)
    by_ticket = cases.set_index("ticket_id")["is_wrong"]
    caused = [str(small_world().known["ticket_id"].iloc[at]) for at, one in enumerate(found.cause) if one is not None]
    assert not by_ticket[caused].any()


def test_reviews_say_what_people_say_and_nothing_of_the_faults():
    found = broken("[{kind: age_entry, entry: invoice-copy, was: {billing history: the archive}}]")
    cases = simulated_reviews(small_world(), found, small_planter().material, AS_OF)
    assert list(cases.columns) == list(CASE)
    assert cases["said_reason"].isna().all()
    assert cases["case_id"].is_unique
    wrong = cases[cases["is_wrong"]]
    created = dict(zip(small_world().known["ticket_id"], small_world().known["created_at"], strict=True))
    planted = [
        str(small_world().known["ticket_id"].iloc[at])
        for at, one in enumerate(found.cause)
        if one is not None and found.is_failure(at, created[small_world().known["ticket_id"].iloc[at]])
    ]
    assert planted
    mine = wrong.set_index("ticket_id").loc[planted]
    assert mine["right_answer"].str.contains("billing history").all()
    assert mine["reply"].str.contains("the archive").all()
    assert cases.loc[~cases["is_wrong"], "right_answer"].isna().all()
    caused = {str(small_world().known["ticket_id"].iloc[at]) for at, one in enumerate(found.cause) if one is not None}
    early = cases[(cases["occurred_at"] < found.moments[0]) & cases["ticket_id"].isin(caused)]
    assert early["reply"].str.contains("the archive").any(), "it was said before, too"
    assert not early["is_wrong"].any(), "and it was right then"


def test_a_needless_handover_is_said_to_be_one():
    found = broken("[{kind: break_trigger, trigger: legal, how: too_broad, change: {phrases: [receipts]}}]")
    cases = simulated_reviews(small_world(), found, small_planter().material, AS_OF)
    handed = cases[cases["is_wrong"] & (cases["action"] == "escalate") & cases["question"].str.contains("receipts")]
    assert len(handed)
    assert not handed["should_escalate"].astype(bool).any()
    assert handed["right_answer"].notna().all()
