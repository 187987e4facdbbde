"""What ``understudy init`` proposes for exports it has not seen before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from upath import UPath

from assets.audit_tickets.landing.export_sniffing import csv_headers, sniff_custom_fields, sniff_kind, suggest_mapping
from desk.mapping import Mapping
from tests.assets.audit_tickets.landing.sample_exports import (
    QUESTION_HEADER,
    freshdesk_conversation,
    freshdesk_ticket,
    intercom_conversation,
    land,
    ndjson,
    pack_gzip,
    question_row,
    zendesk_page_ticket,
    zendesk_ticket,
)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.ndjson", ndjson([zendesk_ticket(0)]), "zendesk"),
        ("a.ndjson.gz", pack_gzip(ndjson([zendesk_ticket(0)])), "zendesk"),
        (
            "a.json",
            json.dumps({"count": 1, "tickets": [zendesk_page_ticket(0), zendesk_page_ticket(1)]}).encode(),
            "zendesk",
        ),
        ("a.json", json.dumps([freshdesk_ticket(0), freshdesk_ticket(1)]).encode(), "freshdesk"),
        ("a.json", json.dumps([freshdesk_conversation(0)]).encode(), "freshdesk"),
        ("a.json", json.dumps({"conversations": [intercom_conversation(0)]}).encode(), "intercom"),
        ("a.csv", f"{QUESTION_HEADER}\n{question_row(1)}".encode(), "generic"),
        ("a.jsonl", ndjson([{"key": 1, "made": "x"}]), "generic"),
        ("a.bin", b"\x00\x01\x02", None),
    ],
)
def test_kind(tmp_path: Path, name: str, content: bytes, kind: str | None) -> None:
    (tmp_path / name).write_bytes(content)
    found, reason = sniff_kind(UPath(tmp_path / name))
    assert found == kind, reason
    assert "Robin" not in reason


def test_custom_fields_are_listed_without_their_values(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_bytes(ndjson([zendesk_ticket(0), zendesk_ticket(1)]))
    (field,) = sniff_custom_fields(UPath(tmp_path / "a.ndjson"), "zendesk")
    assert (field.key, field.title, field.count_records, field.count_distinct_values) == ("1", "Plan", 2, 1)
    (tmp_path / "b.json").write_bytes(json.dumps([freshdesk_ticket(0)]).encode())
    assert [field.key for field in sniff_custom_fields(UPath(tmp_path / "b.json"), "freshdesk")] == [
        "cf_plan",
        "cf_page",
    ]


def test_a_proposed_mapping_reads_the_file_it_was_made_for(tmp_path: Path) -> None:
    path = tmp_path / "questions.csv"
    path.write_text(f"{QUESTION_HEADER}\n{question_row(1)}\n")
    (header,) = csv_headers(UPath(path)).values()
    proposal = suggest_mapping(header)
    assert (proposal.table, proposal.unused) == ("tickets", ("metadata",))
    mapping = Mapping.model_validate({"tickets": {"files": "questions*", "columns": proposal.columns}})
    assert land(path, "generic", mapping=mapping).payloads()[0]["tags"] == ["mail", "other_1"]


def test_a_ticket_reference_makes_comments() -> None:
    proposal = suggest_mapping(["Comment ID", "TicketId", "Created At", "Author", "Body", "Public"])
    assert proposal.table == "comments"
    assert proposal.columns == {
        "id": "Comment ID",
        "ticket_id": "TicketId",
        "created_at": "Created At",
        "author_id": "Author",
        "body_text": "Body",
        "is_public": "Public",
    }


def test_the_real_exports_are_recognised(shared_data: Path) -> None:
    folder = UPath(shared_data / "thunderbird")
    export = folder / "zendesk" / "tickets-2024-03.ndjson.gz"
    assert sniff_kind(export)[0] == "zendesk"
    assert sniff_kind(folder / "native")[0] == "generic"
    assert {"Topic", "Operating system"} <= {field.title for field in sniff_custom_fields(export, "zendesk")}
