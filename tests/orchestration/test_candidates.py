"""The month's candidate of a small desk, from the lake to the releases' folder, in good months and bad ones."""

import datetime as dt
import json
from dataclasses import asdict

import pandas as pd
import pytest

from assets.build_knowledge.retrieval.index_files import save_index
from assets.build_knowledge.retrieval.retrieval_index import index_version
from assets.configure_behavior.releases.build_release import build_release
from assets.configure_behavior.releases.saved_release import read_release
from assets.pilot_agent.answers.frames import REVIEW, frame_of
from assets.retrain_agent.checks import candidate_beats_incumbent
from desk.behavior import behavior_content, behavior_hash
from ledger.corrections import correct_categories
from ledger.releases import record_activation
from orchestration.candidates import build_candidate
from orchestration.incumbent import is_outdated
from orchestration.lake import Lake, write_parquet
from orchestration.releases import activation_problems, releases_folder
from orchestration.resources import DeskResource
from tests.assets.configure_behavior.releases.small_parts import thresholds_at
from tests.assets.retrain_agent.candidate.cases import case, cases
from tests.assets.retrain_agent.candidate.small_refit import WordEncoder, as_of, base_parts, material

DESK = """desk_id: small
company: Invented Desk (fictional)
helpdesks: [{name: zendesk, kind: zendesk, exports: "zendesk-*"}]
signers: {roadmap: [support lead], knowledge: [support lead], behavior: [support lead], release: [support lead]}
"""
CATEGORIES = "categories: []\n"
ROLE = "support lead"
NOW = dt.datetime(2026, 6, 2, tzinfo=dt.UTC)


def month_of(moment):
    """The month that holds a moment: its name and its end."""
    start = pd.Timestamp(moment).normalize().replace(day=1)
    return f"{start:%Y-%m}", start + pd.offsets.MonthBegin(1)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    for name in ("UNDERSTUDY_HOME", "UNDERSTUDY_AS_OF", "UNDERSTUDY_DESK", "DAGSTER_HOME", "UNDERSTUDY_POSTGRES_URL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "desk.yaml").write_text(DESK)
    (tmp_path / "categories.yaml").write_text(CATEGORIES)
    publish(lake_of(tmp_path))
    return DeskResource(folder=str(tmp_path))


def lake_of(folder):
    lake = Lake(folder / ".understudy")
    lake.prepare()
    return lake


def publish(lake):
    """What earlier stages leave in the lake."""
    made, parts = material(), base_parts()
    parts.intents.save(lake.models / parts.intents.model_version)
    version = index_version(parts.index)
    save_index(parts.index, lake.models / version)
    (lake.models / parts.confidence_version).mkdir(exist_ok=True)
    (lake.models / parts.confidence_version / "confidence_model.json").write_text(
        json.dumps(parts.confidence.to_json())
    )
    tickets = made.tickets.assign(updated_at=as_of())
    spec = {
        "behavior_hash": behavior_hash(parts.behavior),
        "content": json.dumps(behavior_content(parts.behavior)),
        "is_current": True,
    }
    frames = {
        "live_entries": made.live.assign(accepted_at=made.tickets["created_at"].min()),
        "entries_set_aside": made.aside,
        "help_center_articles": made.articles,
        "fct_tickets": tickets,
        "ticket_intents": made.intents.assign(model_version=parts.intents.model_version, input_digest="0a1b"),
        "ticket_splits": made.splits,
        "redacted_comments": made.comments,
        # Of another encoder, so that the texts are encoded here and no store of vectors is asked.
        "ticket_vectors": made.texts.assign(encoder_revision="another"),
        "accepted_categories": made.categories.assign(merged_from=[[], []]),
        "behavior_spec": pd.DataFrame([spec]),
        "confidence_thresholds": pd.DataFrame([asdict(one) for one in parts.thresholds.rows]).assign(
            confidence_version=parts.confidence_version
        ),
        "regression_set": parts.regression,
        "retrieval_index": made.live[["entry_id", "content_hash"]].assign(index_version=version),
    }
    for name, frame in frames.items():
        write_parquet(frame, lake.folder / f"{name}.parquet")


def incumbent(desk, at=0.3):
    """Build a release as it was before everything in the lake, and make it current."""
    first = desk.lake.read("fct_tickets")["created_at"].min()
    parts = base_parts(as_of=first - pd.Timedelta(days=1), thresholds=thresholds_at(at))
    built = build_release(parts, releases_folder(desk.desk))
    activate(desk, built.release_id)
    return built.release_id


def activate(desk, release_id, *, is_rollback=False):
    saved = read_release(releases_folder(desk.desk) / release_id)
    with desk.ledger as ledger:
        record_activation(
            ledger, release_id, by="Ada Moreno", role=ROLE, occurred_at=NOW, known_roles=[ROLE],
            artefacts_digest=saved.artefacts_digest, is_rollback=is_rollback,
        )  # fmt: skip


def build(desk, month=None, judged=None):
    """Build a month's candidate and publish it as the run does; its row, and the suggested label errors."""
    name, end = month or month_of(as_of())
    frame, errors = build_candidate(
        desk, WordEncoder(), month=name, month_end=end, cases=cases() if judged is None else judged, red_checks=[]
    )
    write_parquet(frame, desk.lake.folder / "candidate_release.parquet")
    write_parquet(errors, desk.lake.folder / "suggested_label_errors.parquet")
    return frame[frame["month"] == name].iloc[0], frame, errors


def holdout(desk):
    splits = desk.lake.read("ticket_splits")
    return splits.loc[splits["split"] == "holdout", "ticket_id"].tolist()


def test_a_candidate_is_built_judged_and_kept_back_while_it_is_no_better(desk):
    current = incumbent(desk)
    row, frame, _ = build(desk)
    assert row["verdict"] == "refused"
    assert row["incumbent_id"] == current
    assert 0 < row["count_holdout"] <= len(holdout(desk))
    assert "keep collecting" in " ".join(row["why"])
    saved = read_release(releases_folder(desk.desk) / row["release_id"])
    with desk.ledger as ledger:
        problems = activation_problems(desk.desk, saved, ledger)
    assert any("keep collecting" in one for one in problems)

    again, frame, _ = build(desk)
    assert again["release_id"] == row["release_id"]
    assert len(frame) == 1


def test_before_the_first_release_there_is_nothing_to_beat(desk):
    row, _, _ = build(desk)
    assert row["verdict"] == "refused"
    assert "no release is current" in row["why"][0]
    assert pd.isna(row["incumbent_id"])
    assert (releases_folder(desk.desk) / row["release_id"]).is_dir()


def test_nothing_new_builds_nothing(desk):
    incumbent(desk)
    row, _, _ = build(desk)
    activate(desk, row["release_id"])
    again, _, _ = build(desk)
    assert again["verdict"] == "not_built"
    assert "nothing new" in again["why"][0]
    assert pd.isna(again["release_id"])


def test_a_rollback_brings_the_incumbent_back_and_not_its_holdout_tickets(desk):
    before = incumbent(desk)
    row, _, _ = build(desk)
    activate(desk, row["release_id"])
    activate(desk, before, is_rollback=True)
    again, _, _ = build(desk)
    assert again["incumbent_id"] == before
    assert again["count_holdout"] == 0
    assert "no holdout ticket came since" in again["why"][0]


def test_a_weekly_update_uses_no_holdout_tickets_up(desk):
    incumbent(desk)
    row, _, _ = build(desk)
    activate(desk, row["release_id"])
    write_parquet(pd.DataFrame({"release_id": [row["release_id"]]}), desk.lake.folder / "micro_updates.parquet")
    tickets, splits = desk.lake.read("fct_tickets"), desk.lake.read("ticket_splits")
    gone = set(splits.loc[splits["split"] == "train", "ticket_id"].tolist()[:3])
    write_parquet(tickets[~tickets["ticket_id"].isin(gone)], desk.lake.folder / "fct_tickets.parquet")
    again, _, _ = build(desk)
    assert again["incumbent_id"] == row["release_id"]
    assert again["count_holdout"] > 0


def test_a_month_before_the_first_ticket_builds_nothing(desk):
    incumbent(desk)
    first = desk.lake.read("fct_tickets")["created_at"].min()
    row, _, errors = build(desk, month_of(first.replace(day=1) - pd.Timedelta(days=1)))
    assert row["verdict"] == "not_built"
    assert "no ticket came before" in row["why"][0]
    assert errors.empty


def test_reviews_of_calibration_tickets_count_where_they_were_given_by_then(desk):
    incumbent(desk)
    plain, _, _ = build(desk)
    splits = desk.lake.read("ticket_splits")
    names = splits.loc[splits["split"] == "calibration", "ticket_id"].tolist()[:12]
    wrong = cases(
        *(case(name, is_wrong=True, said_reason="wrong_answer", right_answer="Something else.") for name in names)
    )
    end = month_of(as_of())[1]
    reviewed = {}
    for name, at in (("in time", end - pd.Timedelta(days=1)), ("late", end)):
        rows = [
            {
                **dict.fromkeys(REVIEW),
                "answer_id": f"answer-{one}",
                "ticket_id": one,
                "reviewed_at": at,
                "is_current": True,
            }
            for one in names
        ]
        write_parquet(frame_of(rows, REVIEW), desk.lake.folder / "answer_reviews.parquet")
        reviewed[name] = build(desk, judged=wrong)[0]["release_id"]
    assert reviewed["late"] == plain["release_id"]
    assert reviewed["in time"] != plain["release_id"]


def test_corrections_are_learnt_and_counted(desk):
    incumbent(desk)
    plain, _, _ = build(desk)
    splits = desk.lake.read("ticket_splits")
    mine = splits.loc[splits["split"] == "train", "ticket_id"].tolist()[:5]
    with desk.ledger as ledger:
        correct_categories(
            ledger, [(name, "billing") for name in [*mine, *holdout(desk)[:2]]], by="Ada Moreno", role=ROLE, occurred_at=NOW,
            known_roles=[ROLE], change_id="C-001",
        )  # fmt: skip
    row, _, errors = build(desk)
    assert row["count_corrections"] == 5
    assert row["release_id"] != plain["release_id"]
    assert not set(mine) & set(errors.loc[errors["status"] == "open", "ticket_id"])


def test_tickets_that_the_agent_drafted_judge_only_where_they_were_reviewed(desk):
    incumbent(desk)
    shown = pd.DataFrame({"ticket_id": holdout(desk), "mode": "shadow"})
    write_parquet(shown, desk.lake.folder / "shadow_answers.parquet")
    assert build(desk)[0]["count_holdout"] == 0
    write_parquet(shown.assign(mode="control"), desk.lake.folder / "shadow_answers.parquet")
    assert build(desk)[0]["count_holdout"] > 0


def test_a_verdict_is_about_the_release_it_was_compared_with():
    row = pd.Series({"verdict": "promotable", "release_id": "c" * 64, "incumbent_id": "a" * 64})
    assert is_outdated(row, "a" * 64) == ""
    assert is_outdated(row, "c" * 64) == ""
    assert "bbbbbbbbbbbb is current" in is_outdated(row, "b" * 64)
    assert is_outdated(replace_verdict(row, "not_built"), "b" * 64) == ""


def test_a_candidate_that_was_compared_with_another_release_is_no_promotion(desk):
    incumbent(desk)
    row, frame, _ = build(desk)
    good = frame.assign(verdict="promotable", why=[["better"]])
    write_parquet(good, desk.lake.folder / "candidate_release.parquet")
    saved = read_release(releases_folder(desk.desk) / row["release_id"])

    def outdated():
        with desk.ledger as ledger:
            return [one for one in activation_problems(desk.desk, saved, ledger) if "was compared with" in one]

    assert outdated() == []
    assert candidate_beats_incumbent(good, desk=desk).passed
    other = build_release(base_parts(confidence_version="confidence_of_a_week"), releases_folder(desk.desk)).release_id
    activate(desk, other)
    assert len(outdated()) == 1
    check = candidate_beats_incumbent(good, desk=desk)
    assert not check.passed
    assert f"{other[:12]} is current" in check.description
    assert "better" in check.description
    with desk.ledger as ledger:
        went_back = activation_problems(desk.desk, saved, ledger, must_be_live=False)
    assert not any("was compared with" in one for one in went_back), "going back may be the lesser evil"


def replace_verdict(row, verdict):
    return pd.Series({**row, "verdict": verdict})
