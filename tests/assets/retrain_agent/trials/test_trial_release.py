"""A trial changes what is given and nothing else, and learns it as the product does."""

import pandas as pd
import pytest

from assets.retrain_agent.trials.remembered_encoding import remembering
from assets.retrain_agent.trials.trial_release import labelled, learn_categories, trial_release
from tests.assets.configure_behavior.decisions.small_release import behavior
from tests.assets.retrain_agent.trials.small_material import base_release, decisions, encode, small_material


def test_nothing_given_is_the_base_itself():
    assert trial_release(base_release(), small_material(), encode) is base_release()
    assert trial_release(base_release(), small_material(), encode, labels={}) is base_release()


def test_unchanged_material_learnt_anew_decides_as_the_base():
    material = small_material()
    labels = dict(zip(material.intents["ticket_id"], material.intents["assigned_category_id"], strict=True))
    trial = trial_release(
        base_release(), material, encode, live=material.live, labels=labels, behavior=base_release().behavior
    )
    assert trial.index is not base_release().index
    assert trial.intents is not base_release().intents
    assert decisions(trial, material) == decisions(base_release(), material)


def test_an_entry_taken_away_is_not_said_any_more():
    material, base = small_material(), base_release()
    without = material.live[material.live["entry_id"] != "invoice-copy"]
    trial = trial_release(base, material, encode, live=without)
    assert "invoice-copy" in {use["entry_id"] for one in decisions(base, material) for use in one["entries"]}
    assert "invoice-copy" not in {use["entry_id"] for one in decisions(trial, material) for use in one["entries"]}
    assert set(trial.entries) == set(trial.index.entries) == {"reset-own", "reset-sso"}
    assert trial.intents is base.intents
    assert trial.behavior is base.behavior


def test_another_answer_is_said_at_once_and_sureness_stays_the_bases():
    material, base = small_material(), base_release()
    answers = material.live["answer"].where(
        material.live["entry_id"] != "invoice-copy", "Open the payments portal, pick the month and press download."
    )
    trial = trial_release(base, material, encode, live=material.live.assign(answer=answers))
    said = " ".join(str(one["reply"]) for one in decisions(trial, material))
    assert "payments portal" in said
    assert trial.confidence is base.confidence
    assert trial.thresholds is base.thresholds


def test_labels_teach_categories_and_history_anew():
    material, base = small_material(), base_release()
    training = material.intents.merge(material.splits[["ticket_id", "split"]], on="ticket_id")
    mine = training[(training["split"] == "train") & (training["assigned_category_id"] == "billing")]
    trial = trial_release(base, material, encode, labels=dict.fromkeys(mine["ticket_id"], "login"))
    assert trial.intents.categories == ["login"]
    assert set(trial.index.history_ids) < set(base.index.history_ids)
    assert trial.entries is base.entries


def test_labels_outside_the_training_side_teach_nothing():
    material, base = small_material(), base_release()
    held = material.splits.loc[material.splits["split"] != "train", "ticket_id"]
    assert trial_release(base, material, encode, labels=dict.fromkeys(held, "login")) is base


def test_labelled_leaves_the_material_it_was_given_alone():
    material = small_material()
    before = material.tickets.copy()
    changed = labelled(material, {material.tickets["ticket_id"].iloc[0]: "another"})
    pd.testing.assert_frame_equal(material.tickets, before)
    assert changed.tickets["label_category_id"].iloc[0] == "another"
    assert (changed.tickets["label_category_id"].iloc[1:] == before["label_category_id"].iloc[1:]).all()


def test_tickets_that_came_in_since_are_not_part_of_a_change():
    material, base = small_material(), base_release()
    late = material.intents["ticket_id"].iloc[:10]
    from dataclasses import replace

    fewer = replace(material, intents=material.intents[~material.intents["ticket_id"].isin(late)])
    trial = trial_release(base, fewer, encode, live=fewer.live)
    assert not set(trial.index.history_ids) & set(late)


def test_behavior_is_replaced_and_nothing_learnt():
    material, base = small_material(), base_release()
    spec = behavior(triggers=[{"id": "bill", "reason": "bills are ours", "phrases": ["invoice"]}])
    trial = trial_release(base, material, encode, behavior=spec)
    assert trial.index is base.index
    assert trial.release_id != base.release_id
    handed = [one for one in decisions(trial, material) if one["action"] == "escalate"]
    assert len(handed) > len([one for one in decisions(base, material) if one["action"] == "escalate"])


def test_the_same_change_has_the_same_name():
    material, base = small_material(), base_release()
    without = material.live[material.live["entry_id"] != "invoice-copy"]
    first, again = (trial_release(base, material, encode, live=without) for _ in range(2))
    assert first.release_id == again.release_id
    assert first.release_id.startswith("trial_")


def test_a_lent_category_is_kept():
    from dataclasses import replace

    material = small_material()
    one = material.tickets["ticket_id"].iloc[0]
    unlabelled = material.tickets.assign(
        label_category_id=material.tickets["label_category_id"].mask(material.tickets["ticket_id"] == one)
    )
    intents = material.intents.assign(
        label_category_id=material.intents["label_category_id"].mask(material.intents["ticket_id"] == one)
    )
    found = learn_categories(replace(material, tickets=unlabelled, intents=intents), encode, "words").frame
    row = found.set_index("ticket_id").loc[one]
    assert row["assigned_by"] == "label"
    assert row["assigned_category_id"] == material.intents.set_index("ticket_id").loc[one, "assigned_category_id"]


def test_remembering_asks_for_each_text_once():
    asked = []

    def slow(texts):
        asked.extend(texts)
        return encode(texts)

    remembered = remembering(slow, {"known": encode(["known"])[0]})
    first = remembered(["a bill", "known", "a bill"])
    again = remembered(["known", "a bill"])
    assert asked == ["a bill"]
    assert (first[0] == again[1]).all()
    assert remembered([]).shape[0] == 0


@pytest.mark.graph
def test_the_sample_desks_release_learnt_anew_decides_its_regression_set_alike(tmp_path_factory):
    from assets.configure_behavior.decisions.decide import decide
    from assets.configure_behavior.releases.regression_set import OUTCOME, replay
    from orchestration.pilots import release_to_replay
    from orchestration.resources import DeskResource, EncoderResource
    from orchestration.trials import material_of
    from tests.desks import demo_desk

    desk = DeskResource(folder=str(demo_desk(tmp_path_factory)))
    encoders = EncoderResource(desk=desk)
    base, _ = release_to_replay(desk.desk, encoders.load())
    material = material_of(desk.lake)
    known = material.intents[material.intents["assigned_by"] == "label"]
    trial = trial_release(
        base,
        material,
        encoders.knowing(material.texts),
        live=material.live,
        labels=dict(zip(known["ticket_id"], known["assigned_category_id"], strict=True)),
    )
    assert trial.intents.categories == base.intents.categories
    frozen = desk.lake.read("regression_set")
    before, after = (replay(frozen, one, decide) for one in (base, trial))
    assert [[one["decision"][name] for name in OUTCOME if name in one["decision"]] for one in before] == [
        [one["decision"][name] for name in OUTCOME if name in one["decision"]] for one in after
    ]
