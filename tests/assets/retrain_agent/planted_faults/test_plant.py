"""Planting: each fault changes what it is about and nothing else, and what cannot be planted is refused."""

import pandas as pd
import pytest

from assets.build_knowledge.conditions import load_conditions
from assets.retrain_agent.planted_faults.fault import FaultError, read_faults
from assets.retrain_agent.planted_faults.plant import require_plantable
from tests.assets.retrain_agent.planted_faults.small_world import small_planter
from tests.assets.retrain_agent.trials.small_material import decisions


def planted(text, *moments):
    return small_planter().plant(read_faults(text), moments)


def answer_of(found, entry):
    return found.material.live.set_index("entry_id").loc[entry, "answer"]


def test_without_faults_the_release_decides_as_the_known_one():
    planter = small_planter()
    assert decisions(planter.intact().release, planter.material) == decisions(planter.base, planter.material)


def test_a_removed_entry_is_gone_everywhere():
    found = planted("[{kind: remove_entry, entry: invoice-copy}]")
    assert "invoice-copy" not in set(found.material.live["entry_id"]) | set(found.material.aside["entry_id"])
    assert set(found.release.entries) == set(found.release.index.entries) == {"reset-own", "reset-sso"}


def test_a_missed_review_leaves_the_entry_on_file():
    moment = pd.Timestamp("2026-05-20 10:00", tz="UTC")
    found = planted("[{kind: age_entry, entry: invoice-copy, overdue: true}]", moment)
    assert "invoice-copy" not in found.release.entries
    (row,) = found.material.aside.to_dict("records")
    assert row["why_not_live"] == ["its review was due by 2026-05-20"]


def test_an_aged_entry_says_what_was_under_a_hash_of_its_own():
    moment = pd.Timestamp("2026-05-22", tz="UTC")
    found = planted("[{kind: age_entry, entry: invoice-copy, was: {billing history: the archive}}]", moment)
    said = answer_of(found, "invoice-copy")
    assert "the archive" in said
    assert "billing history" not in said
    entry = found.release.entries["invoice-copy"]
    assert entry.answer == said
    assert entry.content_hash == entry.own_hash


def test_people_said_what_was_true_before_the_moment_and_what_is_after():
    material = small_planter().material
    moment = material.comments["created_at"].median()
    found = planted("[{kind: age_entry, entry: invoice-copy, was: {billing history: the archive}}]", moment)
    comments = found.material.comments
    told = comments[comments["text"].str.contains("the archive")]
    still = comments[(comments["author_role"] == "staff") & comments["text"].str.contains("billing history")]
    assert len(told)
    assert (told["created_at"] < moment).all()
    assert (still["created_at"] >= moment).all()
    assert (comments.loc[comments["author_role"] == "requester", "text"] == material.comments.loc[
        material.comments["author_role"] == "requester", "text"]).all()  # fmt: skip


def test_merged_conditions_leave_one_entry_for_all():
    found = planted("[{kind: merge_conditions, entries: [reset-sso, reset-own]}]")
    live = found.material.live.set_index("entry_id")
    assert set(live.index) == {"invoice-copy", "reset-sso"}
    assert load_conditions(live.loc["reset-sso", "conditions"]) == {}
    assert found.release.entries["reset-sso"].conditions == {}


def test_swapped_labels_are_of_training_tickets_and_teach_the_model():
    planter = small_planter()
    found = planted("[{kind: swap_labels, categories: [login, billing], share: 1.0}]")
    before, after = (
        one.tickets.set_index("ticket_id")["label_category_id"] for one in (planter.material, found.material)
    )
    changed = set(after.index[after != before])
    side = planter.material.splits.set_index("ticket_id")["split"]
    assert changed
    assert set(side[list(changed)]) == {"train"}
    assert found.release.intents.model_version != planter.base.intents.model_version
    assert set(found.material.intents["ticket_id"]) == set(planter.material.intents["ticket_id"])
    asked = decisions(planter.base, planter.material), decisions(found.release, planter.material)
    assert [one["category_id"] for one in asked[0]] != [one["category_id"] for one in asked[1]]


def test_triggers_are_removed_narrowed_and_made_too_broad():
    behavior = planted("[{kind: break_trigger, trigger: legal, how: removed}]").behavior
    assert "legal" not in {one.id for one in behavior.triggers}
    narrowed = planted("[{kind: break_trigger, trigger: legal, how: narrowed, change: {only_for: {languages: [de]}}}]")
    assert {one.id: one for one in narrowed.behavior.triggers}["legal"].only_for.languages == ["de"]
    broad = planted("[{kind: break_trigger, trigger: legal, how: too_broad, change: {phrases: [invoice]}}]")
    actions = [one["action"] for one in decisions(broad.release, small_planter().material)]
    assert actions.count("escalate") > [
        one["action"] for one in decisions(small_planter().base, small_planter().material)
    ].count("escalate")


def test_the_known_material_is_left_alone():
    planter = small_planter()
    before = {name: frame.copy() for name, frame in vars(planter.material).items()}
    planted(
        "[{kind: swap_labels, categories: [login, billing]}, {kind: remove_entry, entry: invoice-copy},"
        "{kind: merge_conditions, entries: [reset-sso, reset-own]}]"
    )
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, getattr(planter.material, name))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[{kind: remove_entry, entry: gone}]", "'gone' is no live entry"),
        ("[{kind: swap_labels, categories: [login, weather]}]", "'weather' is no accepted category"),
        ("[{kind: merge_conditions, entries: [reset-own, invoice-copy]}]", "of different categories"),
        ("[{kind: age_entry, entry: invoice-copy, was: {7 days: 3 days}}]", "'7 days' does not stand in its answer"),
        ("[{kind: break_trigger, trigger: weather, how: removed}]", "'weather' is no trigger"),
        ("[{kind: break_trigger, trigger: legal, how: narrowed, change: {signals: [rain]}}]", "Input should be"),
        (
            "[{kind: remove_entry, entry: reset-own}, {kind: merge_conditions, entries: [reset-own, reset-sso]}]",
            "entry reset-own is in 'remove_entry reset-own' already",
        ),
    ],
)
def test_what_cannot_be_planted_is_refused(text, said):
    planter = small_planter()
    with pytest.raises(FaultError) as error:
        require_plantable(read_faults(text), planter.material, planter.base.behavior)
    assert said in str(error.value)
