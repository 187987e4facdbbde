"""An accepted correction reaches the category model through the graph, and the sensors that look for it."""

from __future__ import annotations

import datetime as dt

import dagster as dg
import pandas as pd
import pytest

from assets.audit_tickets.assets import categorised_tickets
from assets.audit_tickets.vectors.vector_store import VectorStore
from assets.pilot_agent.live.live_types import DECIDING_TYPES
from expectations.ticket_intents_contract import expectations
from ledger.corrections import correct_categories
from ledger.events import EventType
from ledger.fixes import FixToAccept, accept_fix
from orchestration.io_managers import LakeIOManager
from orchestration.lake import write_parquet
from orchestration.resources import DeskResource, EncoderResource, ProgressResource
from orchestration.sensors import changed_desk_sensor, changed_knowledge_sensor
from tests.assets.audit_tickets.categories.ticket_topics import make_tickets, splits_of
from tests.encoders import HashingEncoder
from tests.orchestration.fix_lakes import lake_of, ledger_of, make
from tests.orchestration.test_live_side import ticks

WHO = {"by": "Mira Okafor", "role": "knowledge owner", "occurred_at": dt.datetime(2026, 6, 9, tzinfo=dt.UTC), "known_roles": ["knowledge owner"]}  # fmt: skip


@pytest.fixture
def desk(tmp_path, monkeypatch):
    return make(tmp_path, monkeypatch).folder


def learn(folder) -> pd.DataFrame:
    """Materialise ``ticket_intents`` as a run does."""
    resource = DeskResource(folder=str(folder))
    resources = {
        "desk": resource,
        "io_manager": LakeIOManager(desk=resource),
        "encoder": EncoderResource(desk=resource),
        "progress": ProgressResource(),
    }
    upstream = [
        dg.AssetSpec(name) for name in ("fct_tickets", "ticket_vectors", "ticket_splits", "accepted_categories")
    ]
    with dg.DagsterInstance.ephemeral() as instance:
        chosen = ["category_candidates", "ticket_intents"]
        assert dg.materialize(
            [*upstream, categorised_tickets], instance=instance, resources=resources, selection=chosen
        ).success
    return lake_of(folder).read("ticket_intents").set_index("ticket_id")


def publish_tickets(folder) -> pd.DataFrame:
    tickets = make_tickets(["password", "invoice"], 60)
    splits, lake, encoder = splits_of(tickets), lake_of(folder), HashingEncoder(128)
    VectorStore(lake.vectors).upsert_missing(tickets[["text_hash", "text"]], encoder)
    facts = tickets.assign(label_category_id=tickets["topic"], is_in_audit=True, updated_at=tickets["created_at"])
    write_parquet(
        facts[["ticket_id", "label_category_id", "created_at", "updated_at", "is_in_audit"]], lake.file("fct_tickets")
    )
    texts = tickets[["ticket_id", "text", "text_hash", "language"]].assign(encoder_revision=encoder.revision)
    write_parquet(texts, lake.file("ticket_vectors"))
    write_parquet(splits, lake.file("ticket_splits"))
    columns = ["category_id", "name", "examples", "merged_from"]
    write_parquet(pd.DataFrame([], columns=columns), lake.file("accepted_categories"))
    return tickets.merge(splits[["ticket_id", "split"]], on="ticket_id")


def test_a_correction_makes_the_stage_learn_anew_and_of_training_tickets_alone(desk):
    tickets = publish_tickets(desk)
    before = learn(desk)
    invoices = tickets[tickets["topic"] == "invoice"].set_index("split")["ticket_id"]
    taught, measuring = invoices["train"].iloc[0], invoices["holdout"].iloc[0]
    with ledger_of(desk) as ledger:
        correct_categories(ledger, [(measuring, "password")], **WHO)
    assert learn(desk)["input_digest"].equals(before["input_digest"]), "what may not teach changes nothing"
    with ledger_of(desk) as ledger:
        accept_fix(ledger, FixToAccept("ab", "category_examples", "t", "{}", labels=((taught, "password"),)), **WHO)
    after = learn(desk)
    assert set(after["model_version"]) != set(before["model_version"])
    row = after.loc[taught]
    assert (row["assigned_category_id"], row["assigned_by"], row["correction_change_id"]) == (
        "password",
        "correction",
        "C-001",
    )
    assert after.loc[measuring, "assigned_by"] == "label"
    sets = [one for one in expectations() if getattr(one, "column", "") == "assigned_by"]
    assert set(after["assigned_by"]) <= set(sets[0].value_set)


def test_decisions_about_fixes_set_off_what_reads_decisions(desk):
    new = {EventType.FIX_ACCEPTED, EventType.FIX_REJECTED, EventType.INSIGHT_ADDED, EventType.CATEGORY_CORRECTED}
    assert new <= set(DECIDING_TYPES)
    write_parquet(pd.DataFrame({"ticket_id": ["zendesk:1"]}), lake_of(desk).file("fct_tickets"))
    look = ticks(desk)
    for sensor in (changed_knowledge_sensor, changed_desk_sensor):
        assert isinstance(look(sensor), dg.RunRequest), "at first everything is read"
        assert isinstance(look(sensor), dg.SkipReason)
    with ledger_of(desk) as ledger:
        accept_fix(ledger, FixToAccept("ab", "edit_entry", "t", "{}"), **WHO)
    assert isinstance(look(changed_knowledge_sensor), dg.RunRequest)
    assert isinstance(look(changed_desk_sensor), dg.SkipReason), "a fix of an entry teaches no category"
    with ledger_of(desk) as ledger:
        correct_categories(ledger, [("zendesk:1", "billing")], **WHO)
    assert isinstance(look(changed_desk_sensor), dg.RunRequest)
    assert isinstance(look(changed_desk_sensor), dg.SkipReason)
