"""The recipe: one hash for the same inputs anywhere, another one for any input that decides."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from assets.configure_behavior.releases.build_release import assemble, confidence_inputs
from assets.configure_behavior.releases.recipe import frame_digest, moment_text, recipe_hash, retrieval_inputs
from ledger.releases import sign_release
from ledger.sign_offs import sign_off_state, signed_content
from ledger.signable import SIGNABLE
from ledger.store import open_ledger
from tests.assets.configure_behavior.decisions.small_release import ENTRIES, behavior
from tests.assets.configure_behavior.releases.small_parts import (
    accepted_categories,
    parts,
    regression_set,
    thresholds_at,
)

SIGNED_AT = dt.datetime(2026, 6, 2, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def base():
    return parts()


@pytest.fixture(scope="module")
def recipe(base):
    return assemble(base)[1]


def the_id(made) -> str:
    return assemble(made)[0].release_id


def test_signing_the_recipe_signs_the_id(recipe, tmp_path):
    release_id = recipe_hash(recipe)
    assert release_id == SIGNABLE["release"].digest(recipe)
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        sign_release(
            ledger, recipe, release_id, "d" * 64,
            by="Mira Okafor", role="support lead", occurred_at=SIGNED_AT, known_roles=["support lead"],
        )  # fmt: skip
        assert sign_off_state(ledger, "release", release_id, ["support lead"]).is_complete
        assert signed_content(ledger, "release", release_id) == recipe


def test_the_order_of_what_is_given_does_not_count(base, recipe):
    shuffled = replace(
        base,
        entries=base.entries.sample(frac=1, random_state=3),
        categories=base.categories.iloc[::-1],
        regression=base.regression.iloc[::-1],
    )
    assert assemble(shuffled)[1] == recipe


@pytest.mark.parametrize(
    "change",
    [
        {"company": "Another"},
        {"as_of": pd.Timestamp("2026-06-01 13:00", tz="UTC")},
        {"categories": accepted_categories().assign(bucket="hybrid")},
        {"behavior": behavior(reply={"min_words": 4, "max_words": 120})},
        {"confidence_version": "confidence_000000000002"},
        {"regression": regression_set().iloc[1:]},
        {"data": {"exports": ["0a1b", "2c3d"]}},
        {"settings": {"languages": ["en"]}},
        {"seeds": {"intents": 1}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_decides_changes_the_id(base, recipe, change):
    assert the_id(replace(base, **change)) != recipe_hash(recipe)


def test_a_changed_answer_changes_the_id(recipe):
    changed = [(*ENTRIES[0][:3], ENTRIES[0][3] + " Ask us if not.", ENTRIES[0][4]), *ENTRIES[1:]]
    other = assemble(parts(changed))[1]
    assert recipe_hash(other) != recipe_hash(recipe)
    assert other["retrieval"] != recipe["retrieval"]


def test_learnt_numbers_do_not_change_the_id(base, recipe):
    """Another processor learns weights that differ in their last bits from the same inputs."""
    index = replace(base.index, combination=replace(base.index.combination, curve=(0.1234, 1.01)))
    index.documents = replace(index.documents, vectors=np.nextafter(index.documents.vectors, 1))
    index.models = replace(index.models, duals=np.nextafter(index.models.duals, 1))
    intents = replace(base.intents, coefficients=np.nextafter(base.intents.coefficients, 1))
    elsewhere = replace(base, index=index, intents=intents, thresholds=thresholds_at(0.3000001))
    assert the_id(elsewhere) == recipe_hash(recipe)


def test_which_past_ticket_an_entry_answered_names_the_index(base):
    models = base.index.models
    answers = models.history.answers.copy()
    answers[0] = np.roll(answers[0], 1)
    other = replace(base.index, models=replace(models, history=replace(models.history, answers=answers)))
    assert retrieval_inputs(other) != retrieval_inputs(base.index)
    stronger = replace(models.history, answers=models.history.answers * np.float32(0.9))
    assert retrieval_inputs(replace(base.index, models=replace(models, history=stronger))) == retrieval_inputs(
        base.index
    )


def test_a_threshold_that_was_sought_is_in_the_recipe(base, recipe):
    fewer = replace(base, thresholds=type(base.thresholds)(base.thresholds.rows[1:]))
    assert the_id(fewer) != recipe_hash(recipe)


def test_confidence_is_named_by_what_it_was_learnt_from(base):
    labels = pd.DataFrame({"ticket_id": ["a", "b"], "entry_ids": [["x"], []], "label_source": ["s", "s"]})
    name = confidence_inputs(labels, base.intents, base.index, base.behavior, {"confidence": 0})
    assert name == confidence_inputs(labels.iloc[::-1], base.intents, base.index, base.behavior, {"confidence": 0})
    other = labels.assign(entry_ids=[["x"], ["y"]])
    assert name != confidence_inputs(other, base.intents, base.index, base.behavior, {"confidence": 0})


def test_rows_have_one_digest_in_any_order_and_fractions_have_none():
    frame = pd.DataFrame({"ticket_id": ["a", "b"], "split": ["train", None], "score": [0.1, 0.2]})
    assert frame_digest(frame, ["ticket_id", "split"]) == frame_digest(frame.iloc[::-1], ["ticket_id", "split"])
    assert frame_digest(frame, ["ticket_id"]) != frame_digest(frame.iloc[:1], ["ticket_id"])
    moved = pd.DataFrame({"ticket_id": ["a", "b"], "split": [None, "train"]})
    assert frame_digest(frame, ["ticket_id", "split"]) != frame_digest(moved, ["ticket_id", "split"])
    with pytest.raises(ValueError, match="fractions"):
        frame_digest(frame, ["ticket_id", "score"])
    with pytest.raises(ValueError, match="missing"):
        frame_digest(frame, ["nothing"])


def test_a_data_cut_is_one_moment_however_it_is_written():
    assert moment_text(pd.Timestamp("2026-06-01 14:00", tz="Europe/Berlin")) == "2026-06-01T12:00:00Z"
    with pytest.raises(ValueError, match="time zone"):
        moment_text(pd.Timestamp("2026-06-01"))
