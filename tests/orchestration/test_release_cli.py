"""``understudy release`` and ``understudy explain`` as a person meets them, from building to taking back."""

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner

from assets.build_knowledge.retrieval.index_files import save_index
from assets.build_knowledge.retrieval.retrieval_index import index_version
from assets.configure_behavior.releases.build_release import release_categories, release_entries
from assets.configure_behavior.releases.recipe import roadmap_digest
from assets.configure_behavior.releases.saved_release import release_folders
from desk.behavior import behavior_content, behavior_hash
from desk.loading import load_desk
from ledger.decisions import Decision
from ledger.knowledge import EntryAcceptance, accept_entries
from ledger.releases import activations
from ledger.sign_offs import record_sign_off, withdraw_sign_off
from ledger.store import open_ledger
from orchestration import releases
from orchestration.cli import releases as cli
from orchestration.lake import Lake, write_parquet
from tests.assets.configure_behavior.decisions.small_release import BUCKETS, ENTRIES
from tests.assets.configure_behavior.releases.small_parts import AS_OF, parts, thresholds_at
from tests.encoders import HashingEncoder

DESK = """desk_id: lindwurm
company: Lindwurm (fictional)
helpdesks: [{name: zendesk, kind: zendesk, exports: "zendesk-*"}]
signers: {roadmap: [support lead], knowledge: [knowledge owner], behavior: [support lead], release: [support lead]}
"""
WHO = ["--by", "Mira Okafor", "--role", "support lead"]
NOW = dt.datetime(2026, 6, 2, tzinfo=dt.UTC)
SIGNER = {"by": "Mira Okafor", "role": "support lead", "occurred_at": NOW, "known_roles": ["support lead"]}

app = typer.Typer()
app.add_typer(cli.release, name="release")
app.command("explain")(cli.explain)


def understudy(*words: str, code: int = 0) -> str:
    """Run a command; its output, with line breaks of the terminal taken out."""
    done = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def desk(tmp_path, monkeypatch) -> Path:
    for name in ("UNDERSTUDY_HOME", "UNDERSTUDY_AS_OF", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.setenv("UNDERSTUDY_DESK", str(folder))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(cli, "load_encoder", lambda loaded: HashingEncoder())
    monkeypatch.setattr(cli, "red_checks", lambda loaded: [])
    (folder / "desk.yaml").write_text(DESK)
    publish(folder)
    return folder


def lake_of(folder: Path) -> Lake:
    lake = Lake(folder / ".understudy")
    lake.prepare()
    return lake


def write(folder: Path, **frames: pd.DataFrame) -> None:
    for name, frame in frames.items():
        write_parquet(frame, lake_of(folder).folder / f"{name}.parquet")


def publish(folder: Path, **changes) -> None:
    """What three stages leave in the lake."""
    made, lake = parts(**changes), lake_of(folder)
    made.intents.save(lake.models / made.intents.model_version)
    version = index_version(made.index)
    save_index(made.index, lake.models / version)
    (lake.models / made.confidence_version).mkdir(exist_ok=True)
    file = lake.models / made.confidence_version / "confidence_model.json"
    file.write_text(json.dumps(made.confidence.to_json()))
    rows = [
        {**asdict(row), "name": row.category_id, "bucket": BUCKETS[row.category_id]} for row in made.thresholds.rows
    ]
    tickets = made.regression[["ticket_id", "text"]]
    names = tickets["ticket_id"].tolist()
    write(
        folder,
        live_entries=made.entries,
        accepted_categories=made.categories,
        regression_set=made.regression,
        retrieval_index=made.entries[["entry_id", "content_hash"]].assign(index_version=version),
        confidence_thresholds=pd.DataFrame(rows).assign(confidence_version=made.confidence_version),
        behavior_spec=pd.DataFrame(
            [{"behavior_hash": behavior_hash(made.behavior), "content": json.dumps(behavior_content(made.behavior)), "is_current": True}]
        ),
        ticket_intents=made.regression[["ticket_id"]].assign(
            assigned_category_id=made.regression["category_id"], model_version=made.intents.model_version, input_digest="0a1b"
        ),
        ticket_splits=made.regression[["ticket_id", "split"]],
        ticket_vectors=tickets.assign(text_hash="ab"),
        fct_tickets=pd.DataFrame(
            {
                "ticket_id": names, "helpdesk_ticket_id": [name.partition(":")[2] for name in names], "source": "zendesk",
                "updated_at": AS_OF, "created_at": AS_OF, "is_in_audit": True, "plan": None, "context": "{}",
            }
        ),
        redacted_comments=pd.DataFrame({"ticket_id": names, "position": 0, "redactions": '{"NAME": 2}'}),
    )  # fmt: skip
    record = {
        "export_id": "0a1b", "source": "zendesk", "ticket_id": "97", "record_updated_at": AS_OF, "record_kind": "ticket",
        "record_id": "97", "record_hash": "e" * 64, "file": "zendesk-2026.ndjson", "line": 3,
        "payload": '{"requester": "jane@customer.example"}',
    }  # fmt: skip
    pq.write_table(pa.Table.from_pylist([record]), lake.partition_file("raw_tickets", "0a1b"))
    (lake.manifests / "0a1b.json").write_text("{}")


def sign_everything_but_the_release(folder: Path) -> None:
    """Roadmap and behavior signed, every live entry accepted."""
    lake, made = lake_of(folder), parts()
    categories = release_categories(lake.read("accepted_categories"))
    decisions = [Decision(one.category_id, one.bucket, one.tier, one.owner) for one in categories]
    accepted = []
    for one in release_entries(lake.read("live_entries")):
        content = {"question": one.question, "answer": one.answer, "conditions": one.conditions, "phrasings": one.phrasings,
                   "category": one.category_id, "valid_from": None, "valid_until": None}  # fmt: skip
        accepted.append(EntryAcceptance(one.entry_id, content))
    with open_ledger(lake.ledger_file) as ledger:
        record_sign_off(ledger, "roadmap", roadmap_digest(categories), content=decisions, **SIGNER)
        record_sign_off(
            ledger, "behavior", behavior_hash(made.behavior), content=behavior_content(made.behavior), **SIGNER
        )
        reviewer = {**SIGNER, "by": "Tomas Reyl", "role": "knowledge owner", "known_roles": ["knowledge owner"]}
        accept_entries(ledger, accepted, **reviewer)


def ids(folder: Path) -> list[str]:
    return [path.name for path in release_folders(lake_of(folder).home / "releases")]


@pytest.fixture
def signed_desk(desk) -> Path:
    sign_everything_but_the_release(desk)
    return desk


def other_thresholds(folder: Path, at: float | None, version: str) -> None:
    """What a later calibration leaves in the lake."""
    publish(folder, thresholds=thresholds_at(at), confidence_version=version)


def test_an_unsigned_release_is_built_for_measuring_and_never_activated(desk):
    said = understudy("release", "build", code=1)
    assert "roadmap" in said
    assert "behavior spec" in said
    assert "8 entries are (" in said
    assert ids(desk) == []
    said = understudy("release", "build", "--unsigned")
    (release_id,) = ids(desk)
    assert f"Release {release_id[:12]} was built: 8 entries, 6 categories, 8 regression tickets." in said
    assert "not to be activated" in said
    refused = understudy("release", "activate", release_id[:8], *WHO, code=1)
    for missing in (
        "understudy sign-off roadmap",
        "understudy sign-off behavior",
        "understudy knowledge accept",
        "understudy sign-off release",
    ):
        assert missing in refused
    assert "no release is current yet" in understudy("release", "show", "current", code=1)


def test_from_building_to_current(signed_desk):
    understudy("release", "build")
    (release_id,) = ids(signed_desk)
    assert "missing: support lead" in understudy("release", "list")
    assert "lacks the signature of support lead" in understudy("release", "activate", "latest", *WHO, code=1)
    assert "Fully signed." in understudy("release", "sign", release_id[:12], *WHO)
    assert f"Release {release_id[:12]} is current: 8 entries." in understudy("release", "activate", "latest", *WHO)
    assert "is current already" in understudy("release", "activate", "latest", *WHO, code=1)
    (row,) = json.loads(understudy("release", "list", "--format", "json"))
    assert (row["release_id"], row["is_current"], row["signed_by"]) == (release_id, True, ["Mira Okafor"])
    assert "current" in understudy("release", "list")
    assert "Nothing keeps it from being activated" in understudy("release", "show", "current")
    assert "8 replayed decisions agree" in understudy("release", "verify", "current")
    assert "was there already" in understudy("release", "build")


def test_a_role_that_may_not_is_refused_before_anything_is_verified(signed_desk, monkeypatch):
    understudy("release", "build")
    monkeypatch.setattr("orchestration.releases.verify_release", lambda *_: pytest.fail("verified for nothing"))
    for command in (["sign", "latest"], ["activate", "latest"], ["rollback"]):
        assert "intern" in understudy("release", *command, "--by", "Mira Okafor", "--role", "intern", code=1)


def test_a_red_blocking_check_forbids_it_until_it_is_built_again(signed_desk, monkeypatch):
    monkeypatch.setattr(cli, "red_checks", lambda loaded: ["fct_tickets: unique_ticket_id"])
    assert "fct_tickets: unique_ticket_id" in understudy("release", "build", code=1)
    understudy("release", "build", "--unsigned")
    understudy("release", "sign", "latest", *WHO)
    assert "were red when it was built" in understudy("release", "activate", "latest", *WHO, code=1)
    monkeypatch.setattr(cli, "red_checks", lambda loaded: [])
    understudy("release", "build")
    assert len(ids(signed_desk)) == 1
    understudy("release", "activate", "latest", *WHO)


def test_a_folder_without_its_status_is_not_activated(signed_desk):
    understudy("release", "build")
    understudy("release", "sign", "latest", *WHO)
    (release_id,) = ids(signed_desk)
    (lake_of(signed_desk).home / "releases" / f"{release_id}.status.json").unlink()
    assert "not known which checks were red" in understudy("release", "activate", release_id, *WHO, code=1)


def test_files_changed_after_signing_are_refused_even_with_a_manifest_that_fits(signed_desk):
    from assets.configure_behavior.releases.saved_release import file_facts

    understudy("release", "build")
    understudy("release", "sign", "latest", *WHO)
    (release_id,) = ids(signed_desk)
    folder = lake_of(signed_desk).home / "releases" / release_id
    (folder / "confidence.json").write_text(
        (folder / "confidence.json").read_text().replace('"offset": 0.0', '"offset": 0.5')
    )
    assert "not what was built" in understudy("release", "sign", "latest", *WHO, code=1)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["artefacts"]["confidence.json"] = file_facts(folder / "confidence.json")
    (folder / "manifest.json").write_text(json.dumps(manifest))
    refused = understudy("release", "activate", "latest", *WHO, code=1)
    assert "support lead signed other files" in refused


def test_a_withdrawn_acceptance_and_an_entry_that_is_no_longer_live_forbid_it(signed_desk):
    understudy("release", "build")
    understudy("release", "sign", "latest", *WHO)
    lake = lake_of(signed_desk)
    live = lake.read("live_entries")
    write(signed_desk, live_entries=live.iloc[1:])
    assert f"1 entry is ({live['entry_id'][0]}) no longer live" in understudy(
        "release", "activate", "latest", *WHO, code=1
    )
    write(signed_desk, live_entries=live)
    subject = f"{live['entry_id'][0]}:{live['content_hash'][0]}"
    with open_ledger(lake.ledger_file) as ledger:
        withdraw_sign_off(ledger, "knowledge_entry", subject, by="Tomas Reyl", role="knowledge owner", occurred_at=NOW)
    assert "not accepted in this version" in understudy("release", "activate", "latest", *WHO, code=1)


def activate_next(folder: Path, at: float | None, version: str) -> str:
    other_thresholds(folder, at, version)
    understudy("release", "build")
    understudy("release", "sign", "latest", *WHO)
    understudy("release", "activate", "latest", *WHO)
    listed = json.loads(understudy("release", "list", "--format", "json"))
    return next(row["release_id"] for row in listed if row["is_current"])


def test_rolling_back_is_one_step_is_recorded_and_skips_what_is_not_valid(signed_desk):
    assert "no release before" in understudy("release", "rollback", *WHO, code=1)
    first = activate_next(signed_desk, 0.3, "confidence_000000000001")
    second = activate_next(signed_desk, None, "confidence_000000000002")
    third = activate_next(signed_desk, 0.4, "confidence_000000000003")
    assert len({first, second, third}) == 3
    changed = understudy("release", "diff", first[:12], second[:12])
    assert "threshold of password_reset at 5% risk: 0.300 -> no safe one" in changed
    assert "answer changed: ticket zendesk:97" in changed
    said = understudy("release", "rollback", *WHO, "--note", "Wrong answers about invoices.")
    assert f"Release {second[:12]} is current again, instead of {third[:12]}." in said
    (lake_of(signed_desk).home / "releases" / first / "behavior.json").write_text("{}")
    assert f"{first[:12]}: " in understudy("release", "rollback", *WHO, code=1)
    with open_ledger(lake_of(signed_desk).ledger_file) as ledger:
        history = activations(ledger)
    assert [(one.release_id, one.is_rollback) for one in history] == [
        (first, False), (second, False), (third, False), (second, True),
    ]  # fmt: skip
    assert history[-1].note == "Wrong answers about invoices."


def test_two_who_go_back_from_one_release_go_back_one_step(signed_desk):
    first, second, third = (
        activate_next(signed_desk, at, f"confidence_00000000000{number}") for number, at in enumerate((0.3, None, 0.4))
    )
    desk, encoder = load_desk(signed_desk), HashingEncoder()
    who = ("Mira Okafor", "support lead")
    assert f"Release {second[:12]} is current again" in releases.roll_back(desk, encoder, *who, instead_of=third)[0]
    with pytest.raises(releases.CurrentChanged, match=f"release {second[:12]} is current now"):
        releases.roll_back(desk, encoder, *who, instead_of=third)
    with pytest.raises(releases.CurrentChanged):
        releases.activate(desk, first, encoder, *who, instead_of=third)
    with open_ledger(lake_of(signed_desk).ledger_file) as ledger:
        assert [one.release_id for one in activations(ledger)] == [first, second, third, second]
    releases.activate(desk, first, encoder, *who, instead_of=second)


def test_a_rollback_skips_a_damaged_release(signed_desk):
    first = activate_next(signed_desk, 0.3, "confidence_000000000001")
    second = activate_next(signed_desk, None, "confidence_000000000002")
    activate_next(signed_desk, 0.4, "confidence_000000000003")
    (lake_of(signed_desk).home / "releases" / second / "manifest.json").unlink()
    said = understudy("release", "rollback", *WHO)
    assert f"Release {first[:12]} is current again" in said
    assert f"skipped {second[:12]}" in said


def test_verify_names_what_was_changed(signed_desk):
    understudy("release", "build")
    (release_id,) = ids(signed_desk)
    (lake_of(signed_desk).home / "releases" / release_id / "thresholds.json").write_text("[]")
    assert "thresholds.json was changed" in understudy("release", "verify", "latest", code=1)


def test_what_is_missing_in_the_lake_is_said_with_the_command(desk):
    (lake_of(desk).folder / "regression_set.parquet").unlink()
    assert "'regression_set' has not been materialised yet. Run: understudy run" in understudy(
        "release", "build", code=1
    )
    assert "there is no release 'abc'" in understudy("release", "show", "abc", code=1)
    assert "no release was built yet" in understudy("release", "diff", "latest", code=1).lower()


def test_a_decision_is_explained_from_record_to_reply_without_personal_data(signed_desk):
    understudy("release", "build")
    understudy("release", "sign", "latest", *WHO)
    understudy("release", "activate", "latest", *WHO)
    said = understudy("explain", "--ticket", "97")
    for link in (
        "export 0a1b, zendesk-2026.ndjson line 3: ticket 97, sha256 eeeeeeeeeeee",
        "redacted: 2 NAME",
        "| I forgot my password",
        "calibration: calibrates thresholds",
        "password_reset with",
        "password_reset at 5% risk: 0.300",
        "password-sso “How do I reset my password?”",
        "accepted by Tomas Reyl as knowledge owner on 2026-06-02",
        "source: article help:password-sso",
        "release ",
        "signed by Mira Okafor (support lead",
        "activated by Mira Okafor",
        "the same decision as was stored when the release was built",
        "Your company manages the password.",
    ):
        assert link in said
    assert "jane@customer.example" not in said
    chain = json.loads(understudy("explain", "--ticket", "zendesk:97", "--release", "latest", "--format", "json"))
    assert chain["entry"]["entry_id"] == "password-sso"
    assert chain["accepted"]["accepted_by"] == "Tomas Reyl"
    assert [one["kind"] for one in chain["approvals"]] == ["roadmap", "behavior", "release"]
    assert "there is no ticket 'zendesk:4'" in understudy("explain", "--ticket", "zendesk:4000", code=1).replace(
        "4000", "4"
    )


def test_a_ticket_id_that_two_helpdesks_have_is_asked_about(signed_desk):
    understudy("release", "build", "--unsigned")
    tickets = lake_of(signed_desk).read("fct_tickets")
    other = tickets.iloc[[0]].assign(ticket_id="freshdesk:97", helpdesk_ticket_id="97")
    write(signed_desk, fct_tickets=pd.concat([tickets, other], ignore_index=True))
    assert "freshdesk:97" in understudy("explain", "--ticket", "97", "--release", "latest", code=1)


def test_a_desk_without_live_entries_builds_a_release_that_answers_nothing(desk):
    lake = lake_of(desk)
    empty = lake.read("live_entries").iloc[:0]
    write(desk, live_entries=empty, retrieval_index=lake.read("retrieval_index").iloc[:0])
    assert "0 entries, 6 categories" in understudy("release", "build", "--unsigned")
    assert len(ENTRIES) == 8
