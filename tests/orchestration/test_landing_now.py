"""An export that was copied into the inbox this very moment is landed by a run that was asked for it."""

from __future__ import annotations

import json

import dagster as dg
from typer.testing import CliRunner

from assets.audit_tickets.assets import landed_exports
from assets.audit_tickets.checks import raw_tickets_contract
from desk.loading import load_desk
from orchestration.cli.app import app
from orchestration.exports import view_settled_inbox
from orchestration.lake import Lake
from orchestration.partitions import exports_partitions
from orchestration.resources import DeskResource, ProgressResource

TICKET = {
    "id": 7, "created_at": "2026-03-02T10:00:00Z", "updated_at": "2026-03-02T11:00:00Z", "subject": "Export", "status": "open",
    "description": "How do I export?", "via": {"channel": "web"}, "tags": [], "custom_fields": [],
    "requester": {"id": 1, "name": "Ada Moreno", "email": "ada@brindlebase.example"}, "assignee": None,
    "comments": [{"id": 70, "author_id": 1, "public": True, "created_at": "2026-03-02T10:00:00Z", "body": "How do I export?"}],
}  # fmt: skip


def test_it_lands(tmp_path, monkeypatch):
    monkeypatch.delenv("UNDERSTUDY_HOME", raising=False)
    CliRunner().invoke(app, ["init", str(tmp_path)])
    (tmp_path / "inbox" / "zendesk-1.ndjson").write_text(json.dumps(TICKET) + "\n", encoding="utf-8")
    lake = Lake(tmp_path / ".understudy")
    lake.prepare()
    (export,) = view_settled_inbox(load_desk(tmp_path), lake).new
    desk = DeskResource(folder=str(tmp_path))
    # Written again while the run was being started: as new as it was at the first look.
    (tmp_path / "inbox" / "zendesk-1.ndjson").touch()
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(str(exports_partitions.name), [export.export_id])
        done = dg.materialize(
            [landed_exports, raw_tickets_contract],
            partition_key=export.export_id,
            instance=instance,
            resources={"desk": desk, "progress": ProgressResource(), "io_manager": dg.mem_io_manager},
            raise_on_error=False,
        )
    assert done.success
    assert lake.partition_file("raw_tickets", export.export_id).is_file()
