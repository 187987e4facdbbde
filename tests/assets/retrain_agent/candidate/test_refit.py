"""Everything is learnt anew from one cut, and holdout tickets shape nothing of it."""

from dataclasses import replace

import pandas as pd
import pytest

from assets.configure_behavior.confidence.calibration_labels import labels_frame
from assets.configure_behavior.releases.build_release import assemble, part_problems
from assets.retrain_agent.candidate.refit import refit
from tests.assets.retrain_agent.candidate.small_refit import as_of, base_parts, learnt, material
from tests.assets.retrain_agent.trials.small_material import encode


def recipe_of(found):
    return assemble(found.parts)[1]


def side(name):
    made = material()
    return set(made.splits.loc[made.splits["split"] == name, "ticket_id"])


def test_what_is_learnt_makes_a_release():
    found = learnt()
    assert part_problems(found.parts) == []
    assert found.parts.as_of == as_of()
    assert found.parts.thresholds.rows
    assert set(found.intents.model.categories) == {"login", "billing"}
    assert set(found.calibration.answers["part"]) == {"teaches confidence", "certifies thresholds"}


def test_the_same_material_gives_the_same_release():
    assert assemble(refit(base_parts(), material(), encode, as_of=as_of()).parts)[1] == recipe_of(learnt())


def test_holdout_tickets_shape_nothing():
    """Whatever stands in holdout tickets, their labels and their replies, the same is learnt."""
    made = material()
    ours = side("holdout")
    assert ours

    def garbled(frame, column, value):
        return frame.assign(**{column: frame[column].mask(frame["ticket_id"].isin(ours), value)})

    other = replace(
        made,
        tickets=garbled(garbled(made.tickets, "label_category_id", "login"), "sso", "true"),
        comments=garbled(made.comments, "text", "Choose forgot password on the login page."),
        texts=garbled(made.texts, "text", "an entirely other question about parrots"),
    )
    found = refit(base_parts(), other, encode, as_of=as_of())
    for name in ("intents", "retrieval", "confidence", "entries"):
        assert recipe_of(found)[name] == recipe_of(learnt())[name]
    assert found.known_right == learnt().known_right


def test_known_right_entries_are_of_tickets_that_may_teach_or_certify():
    assert set(learnt().known_right) <= side("train") | side("calibration")
    assert set(learnt().known_right) & side("calibration")


def test_corrections_of_training_tickets_are_learnt_and_others_are_not():
    made = material()
    label = made.tickets.set_index("ticket_id")["label_category_id"]
    training = sorted(name for name in side("train") if label[name] == "billing")[:6]
    held = sorted(side("holdout") | side("calibration"))
    corrections = pd.DataFrame(
        [(name, "login", "C-001") for name in [*training, *held]], columns=["ticket_id", "category_id", "change_id"]
    )
    found = refit(base_parts(), made, encode, as_of=as_of(), corrections=corrections)
    assert set(found.corrections) == set(training)
    assert found.parts.intents.model_version != learnt().parts.intents.model_version
    assert found.parts.data["corrections"] == ["C-001"]
    alone = refit(
        base_parts(), made, encode, as_of=as_of(), corrections=corrections[~corrections["ticket_id"].isin(held)]
    )
    assert alone.parts.intents.model_version == found.parts.intents.model_version


def test_reviews_of_calibration_tickets_move_what_is_certified():
    names = sorted(side("calibration"))
    reviewed = labels_frame((name, [], "review", 1.0) for name in names)
    found = refit(base_parts(), material(), encode, as_of=as_of(), reviewed=reviewed)
    certified = found.calibration.answers[found.calibration.answers["part"] == "certifies thresholds"]
    assert certified["is_wrong"].all()
    assert found.parts.confidence_version != learnt().parts.confidence_version
    assert not any(one.threshold is not None for one in found.parts.thresholds.rows)


@pytest.mark.parametrize("wrong", ["holdout", "train"])
def test_a_review_of_another_side_is_refused(wrong):
    reviewed = labels_frame([(sorted(side(wrong))[0], [], "review", 1.0)])
    with pytest.raises(ValueError, match=wrong):
        refit(base_parts(), material(), encode, as_of=as_of(), reviewed=reviewed)


@pytest.mark.parametrize("what", ["tickets", "comments"])
def test_what_came_later_is_refused(what):
    made = material()
    frame = getattr(made, what).copy()
    frame.loc[frame.index[0], "created_at"] = as_of() + pd.Timedelta(minutes=1)
    with pytest.raises(ValueError, match="must have been known"):
        refit(base_parts(), replace(made, **{what: frame}), encode, as_of=as_of())
