"""Landing: every record lands or is set aside with file, line and reason; counts add up in every layout."""

from __future__ import annotations

import gzip
import hashlib
import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from upath import UPath

from assets.audit_tickets.landing.land_export import land_export, land_export_to_parquet
from assets.audit_tickets.landing.landing_batches import SCHEMAS
from assets.audit_tickets.landing.records import LandingLimits, RejectReason, UnreadableExport
from tests.assets.audit_tickets.landing.sample_exports import (
    EXPORT_ID,
    freshdesk_conversation,
    freshdesk_ticket,
    intercom_contact,
    intercom_conversation,
    land,
    ndjson,
    pack_gzip,
    pack_zip,
    zendesk_page_ticket,
    zendesk_ticket,
)


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_an_account_export_keeps_each_ticket_whole(tmp_path: Path) -> None:
    tickets = [zendesk_ticket(number) for number in range(5)]
    landed = land(write(tmp_path / "tickets.ndjson", ndjson(tickets)))
    assert landed.payloads() == tickets
    row = landed.rows[2]
    assert (row["export_id"], row["source"], row["helpdesk"], row["file"], row["line"]) == (
        EXPORT_ID,
        "desk",
        "zendesk",
        "tickets.ndjson",
        3,
    )
    assert row["ticket_id"] == row["record_id"] == "1002"
    assert row["record_hash"] == hashlib.sha256(row["payload"].encode()).hexdigest()
    assert row["record_updated_at"].isoformat() == "2025-03-03T09:30:00+00:00"


@pytest.mark.parametrize("packing", ["plain", "gz", "zip", "zip of gz", "folder"])
def test_every_packing_lands_the_same(tmp_path: Path, packing: str) -> None:
    content = ndjson([zendesk_ticket(number) for number in range(3)])
    path = {
        "plain": lambda: write(tmp_path / "tickets.ndjson", content),
        "gz": lambda: write(tmp_path / "tickets.ndjson.gz", pack_gzip(content)),
        "zip": lambda: write(tmp_path / "export.zip", pack_zip({"tickets.ndjson": content})),
        "zip of gz": lambda: write(tmp_path / "export.zip", pack_zip({"a/tickets.ndjson.gz": pack_gzip(content)})),
        "folder": lambda: write(tmp_path / "export" / "2025" / "tickets.ndjson", content).parent.parent,
    }[packing]()
    assert land(path).ids() == ["1000", "1001", "1002"]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("tail", ["", "\n"])
def test_pages_give_a_record_an_element(tmp_path: Path, indent: int | None, tail: str) -> None:
    page = {
        "count": 2,
        "after_url": "https://example.org/?[{",
        "tickets": [zendesk_page_ticket(0), zendesk_page_ticket(1)],
        "users": [{"id": 7000, "name": "Robin Falk", "email": "robin@example.org", "role": "end-user"}],
        "metric_sets": [{"id": 1, "ticket_id": 1000, "reopens": 0, "created_at": "2025-03-01T08:00:00Z"}],
        "satisfaction_ratings": [{"id": 2, "ticket_id": 1000, "score": "good", "created_at": "2025-03-01T08:00:00Z"}],
        "comments": [
            {"id": 3, "ticket_id": 1000, "author_id": 9, "public": True, "created_at": "2025-03-01T08:00:00Z"}
        ],
        "organizations": [{"id": 4, "name": "Brindlebase", "domain_names": []}],
        "groups": [{"id": 5, "name": "Support"}],
        "end_of_stream": True,
    }
    landed = land(write(tmp_path / "incremental.json", (json.dumps(page, indent=indent) + tail).encode()))
    assert landed.manifest.landed_by_kind == {
        "comment": 1,
        "metric": 1,
        "organization": 1,
        "rating": 1,
        "ticket": 2,
        "user": 1,
    }
    assert landed.reasons() == ["unused_record"]
    assert landed.manifest.count_defects == 0
    assert [row["ticket_id"] for row in landed.rows if row["record_kind"] != "user"][:3] == ["1000", "1001", "1000"]


def test_pages_one_a_line_and_pages_one_after_the_other(tmp_path: Path) -> None:
    pages = [{"tickets": [zendesk_page_ticket(number)], "groups": [{"id": 1}]} for number in range(3)]
    assert land(write(tmp_path / "a.ndjson", ndjson(pages))).ids() == ["1000", "1001", "1002"]
    after_a_record = ndjson([zendesk_ticket(9), *pages])
    landed = land(write(tmp_path / "b.ndjson", after_a_record))
    assert landed.ids() == ["1009", "1000", "1001", "1002"]
    assert landed.reasons() == ["unused_record"] * 3


def test_one_pretty_printed_ticket_a_file(tmp_path: Path) -> None:
    for number in range(2):
        write(tmp_path / "export" / f"{number}.json", json.dumps(zendesk_ticket(number), indent=4).encode())
    write(tmp_path / "export" / "wrapped.json", json.dumps({"ticket": zendesk_page_ticket(7)}).encode())
    assert land(tmp_path / "export").ids() == ["1000", "1001", "1007"]


def test_freshdesk_folder(tmp_path: Path) -> None:
    folder = tmp_path / "freshdesk-2025"
    write(folder / "tickets-1.json", json.dumps([freshdesk_ticket(0), freshdesk_ticket(1)]).encode())
    write(folder / "conversations-1.ndjson", ndjson([freshdesk_conversation(0)]))
    write(
        folder / "satisfaction_ratings.json",
        json.dumps(
            {
                "satisfaction_ratings": [
                    {
                        "id": 1,
                        "ticket_id": 1,
                        "ratings": {"default_question": 103},
                        "created_at": "2025-01-06T00:00:00Z",
                    }
                ]
            }
        ).encode(),
    )
    write(
        folder / "contacts.json", json.dumps([{"id": 400, "name": "Robin Falk", "email": "robin@example.org"}]).encode()
    )
    write(folder / "logo.png", b"\x89PNG")
    write(folder / ".DS_Store", b"x")
    landed = land(folder, "freshdesk")
    assert landed.manifest.landed_by_kind == {"comment": 1, "rating": 1, "ticket": 2, "user": 1}
    assert landed.reasons() == ["unused_file"]
    assert [row["ticket_id"] for row in landed.rows if row["record_kind"] in ("comment", "rating")] == ["1", "1"]


def test_intercom_conversations_and_contacts(tmp_path: Path) -> None:
    folder = tmp_path / "intercom"
    listing = {"type": "conversation.list", "pages": {"page": 1}, "conversations": [intercom_conversation(0)]}
    write(folder / "conversations.json", json.dumps(listing).encode())
    write(
        folder / "people.json", json.dumps({"type": "list", "data": [intercom_contact(1)], "total_count": 1}).encode()
    )
    landed = land(folder, "intercom")
    assert landed.payloads() == [intercom_conversation(0)]
    assert landed.ids("user") == ["c1"]
    assert landed.rows[0]["record_updated_at"].timestamp() == 1_740_003_600


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"id": None}, "missing_id"),
        ({"id": ""}, "missing_id"),
        ({"id": 1.5}, "wrong_type"),
        ({"id": True}, "wrong_type"),
        ({"id": {"x": 1}}, "wrong_type"),
        ({"id": 2**64}, "wrong_type"),
        ({"created_at": None}, "missing_field"),
        ({"created_at": "2024-02-30T00:00:00Z"}, "impossible_date"),
        ({"created_at": "1970-01-01T00:00:00Z"}, "impossible_date"),
        ({"created_at": "2100-01-01T00:00:00Z"}, "impossible_date"),
        ({"updated_at": "yesterday"}, "impossible_date"),
        ({"updated_at": 1_700_000_000}, "wrong_type"),
        ({"tags": "login"}, "wrong_type"),
        ({"tags": [1]}, "wrong_type"),
        ({"subject": ["x"]}, "wrong_type"),
        ({"status": "melted"}, "unknown_value"),
        ({"custom_fields": {"a": 1}}, "wrong_type"),
        ({"requester": {"id": []}}, "wrong_type"),
    ],
)
def test_a_ticket_downstream_could_not_use_is_set_aside(tmp_path: Path, change: dict[str, Any], reason: str) -> None:
    content = b"\n".join(json.dumps(t).encode() for t in (zendesk_ticket(0, **change), zendesk_ticket(1)))
    landed = land(write(tmp_path / "tickets.ndjson", content))
    assert landed.ids() == ["1001"]
    assert landed.reasons() == [reason]
    rejected = landed.rejected[0]
    assert (rejected["file"], rejected["line"], rejected["record_kind"]) == ("tickets.ndjson", 1, "ticket")
    line = content.split(b"\n")[0]
    assert (rejected["raw_bytes"], rejected["raw_sha256"]) == (len(line), hashlib.sha256(line).hexdigest())
    for word in ("Cannot", "Robin", "melted", "yesterday"):
        assert word not in rejected["detail"]


def test_a_bad_comment_leaves_its_ticket_and_is_a_record_of_its_own(tmp_path: Path) -> None:
    ticket = zendesk_ticket(0)
    good = ticket["comments"][0]
    ticket["comments"] = [
        good,
        {"author_id": 9, "created_at": "2025-03-01T09:30:00Z"},
        "hello",
        {**good, "id": 5, "created_at": "never"},
    ]
    landed = land(write(tmp_path / "tickets.ndjson", ndjson([ticket])))
    assert landed.payloads()[0]["comments"] == [good]
    assert [(row["record_kind"], row["record_id"], row["reason"]) for row in landed.rejected] == [
        ("comment", None, "missing_id"),
        ("comment", None, "not_an_object"),
        ("comment", "5", "impossible_date"),
    ]
    assert (landed.manifest.records_read, landed.manifest.nested_records_rejected) == (4, 3)


def test_comments_of_a_wrong_type_leave_the_ticket(tmp_path: Path) -> None:
    landed = land(write(tmp_path / "tickets.ndjson", ndjson([zendesk_ticket(0, comments="none")])))
    assert landed.payloads()[0]["comments"] == []
    assert landed.reasons() == ["wrong_type"]


def test_a_comment_without_ticket_is_an_orphan(tmp_path: Path) -> None:
    comment = {"id": 3, "author_id": 9, "created_at": "2025-03-01T08:00:00Z", "body": "x"}
    assert land(write(tmp_path / "comments.json", json.dumps([comment]).encode())).reasons() == ["orphan_comment"]


def test_times_in_other_forms_become_utc_and_clock_skew_is_tolerated(tmp_path: Path) -> None:
    ticket = zendesk_ticket(0, created_at="2025-03-01 10:00:00.5 +0200", updated_at="2025-02-01T00:00:00")
    landed = land(write(tmp_path / "tickets.ndjson", ndjson([ticket])))
    payload = landed.payloads()[0]
    assert (payload["created_at"], payload["updated_at"]) == ("2025-03-01T08:00:00.500000Z", "2025-02-01T00:00:00Z")
    assert landed.manifest.records_updated_before_created == 1


def test_odd_but_readable_json(tmp_path: Path) -> None:
    raw = orjson.dumps(zendesk_ticket(0))[:-1]
    lines = [
        raw + b',"n":NaN}',
        raw + b',"s":"half \\ud83d"}',
        raw + b',"big":123456789012345678901234567890}',
        raw + b',"status":"solved"}',
        raw + b',"deep":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        raw + b',"deep":' + b"[" * 300 + b"]" * 300 + b"}",
    ]
    landed = land(write(tmp_path / "tickets.ndjson", b"\n".join(lines)))
    first, second, third, fourth = landed.payloads()
    assert (first["n"], second["s"], third["big"]) == (None, "half \ufffd", 123456789012345678901234567890)
    assert (fourth["status"], landed.rows[3]["payload"].count('"status"')) == ("solved", 1)
    assert landed.reasons() == ["nested_too_deep"] * 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    text = ndjson([zendesk_ticket(0), zendesk_ticket(1)]).decode()
    landed = land(write(tmp_path / "tickets.ndjson", text.encode(encoding)))
    assert landed.payloads() == [zendesk_ticket(0), zendesk_ticket(1)]
    assert landed.rejected == []


def test_a_line_in_latin_1_is_set_aside_alone(tmp_path: Path) -> None:
    bad = json.dumps(zendesk_ticket(1, subject="Größe"), ensure_ascii=False).encode("latin-1", "replace")
    content = ndjson([zendesk_ticket(0)]) + bad + b"\n" + ndjson([zendesk_ticket(2)])
    landed = land(write(tmp_path / "tickets.ndjson", content))
    assert (landed.ids(), landed.reasons()) == (["1000", "1002"], ["bad_encoding"])


def test_a_giant_line_is_never_held_in_memory(tmp_path: Path) -> None:
    giant = 24 << 20
    path = tmp_path / "tickets.ndjson.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(ndjson([zendesk_ticket(0)]) + b'{"id":1,"subject":"')
        for _ in range(giant >> 20):
            file.write(b"ha " * ((1 << 20) // 3))
        file.write(b'"}\n' + ndjson([zendesk_ticket(2)]))
    limits = LandingLimits(max_record_bytes=1 << 20, max_expansion=2_000)
    land(write(tmp_path / "first.ndjson", ndjson([zendesk_ticket(0)])))  # so that imports are not measured
    tracemalloc.start()
    landed = land(path, limits=limits)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (landed.ids(), landed.reasons()) == (["1000", "1002"], ["record_too_large"])
    assert landed.rejected[0]["raw_bytes"] > 22 << 20
    assert peak < 12 << 20


def test_a_giant_list_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "tickets.json"
    with path.open("wb") as file:
        file.write(b"[")
        for number in range(6_000):
            file.write((b"," if number else b"") + orjson.dumps(zendesk_ticket(number)))
        file.write(b"]")
    counts = {"raw_tickets": 0, "rejected_records": 0}

    def count(name: str, batch: pa.RecordBatch) -> None:
        counts[name] += batch.num_rows

    tracemalloc.start()
    land_export(
        UPath(path),
        export_id=EXPORT_ID,
        helpdesk_kind="zendesk",
        source="desk",
        on_batch=count,
        limits=LandingLimits(batch_rows=200, chunk_bytes=32 << 10),
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert counts == {"raw_tickets": 6_000, "rejected_records": 0}
    assert peak < path.stat().st_size / 2


def test_a_truncated_gzip_says_where_it_ended(tmp_path: Path) -> None:
    content = ndjson([zendesk_ticket(number) for number in range(400)])
    packed = pack_gzip(content)
    landed = land(write(tmp_path / "tickets.ndjson.gz", packed[: len(packed) // 2]))
    assert 0 < len(landed.rows) < 400
    assert landed.reasons() == ["truncated_file"]
    assert landed.rejected[0]["line"] == len(landed.rows) + 1
    assert "bytes" in landed.rejected[0]["detail"]


def test_a_list_cut_between_records_is_reported(tmp_path: Path) -> None:
    content = b"[" + orjson.dumps(zendesk_ticket(0)) + b"," + orjson.dumps(zendesk_ticket(1))
    landed = land(write(tmp_path / "tickets.json", content))
    assert (landed.ids(), landed.reasons()) == (["1000", "1001"], ["truncated_json"])


def test_bombs_are_stopped(tmp_path: Path) -> None:
    zeros = b"0" * (4 << 20)
    limits = LandingLimits(free_expansion_bytes=1 << 20, max_expansion=50)
    gz = land(write(tmp_path / "tickets.ndjson.gz", pack_gzip(zeros)), limits=limits)
    zipped = land(write(tmp_path / "tickets.zip", pack_zip({"tickets.ndjson": zeros})), limits=limits)
    assert "unreadable_file" in gz.reasons()
    assert zipped.reasons() == ["unreadable_file"]
    assert gz.manifest.unpacked_bytes < 2 << 20


def test_names_inside_a_zip_are_only_labels(tmp_path: Path) -> None:
    path = tmp_path / "inbox" / "export.zip"
    write(
        path,
        pack_zip(
            {
                "../../evil/tickets.ndjson": ndjson([zendesk_ticket(0)]),
                "/etc/tickets.ndjson": ndjson([zendesk_ticket(1)]),
            }
        ),
    )
    before = sorted(tmp_path.rglob("*"))
    assert sorted(land(path).ids()) == ["1000", "1001"]
    assert sorted(tmp_path.rglob("*")) == before


def test_a_zip_in_a_zip_and_a_broken_zip_are_reported(tmp_path: Path) -> None:
    inner = pack_zip({"tickets.ndjson": ndjson([zendesk_ticket(0)])})
    assert land(write(tmp_path / "a.zip", pack_zip({"inner.zip": inner}))).reasons() == ["unreadable_file"]
    assert land(write(tmp_path / "b.zip", inner[: len(inner) // 2])).reasons() == ["unreadable_file"]


def test_a_folder_of_good_and_broken_files_lands_the_good(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    write(folder / "tickets-1.ndjson", ndjson([zendesk_ticket(0)]))
    write(folder / "tickets-2.ndjson.gz", b"\x1f\x8b\x08\x00broken")
    write(folder / "tickets-3.zip", b"PK\x03\x04broken")
    write(folder / "tickets-4.ndjson", ndjson([zendesk_ticket(4)]))
    landed = land(folder)
    assert landed.ids() == ["1000", "1004"]
    assert {row["file"] for row in landed.rejected} == {"tickets-2.ndjson.gz", "tickets-3.zip"}
    assert landed.manifest.files == 4


def test_what_cannot_be_landed_at_all_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnreadableExport, match=r"gone\.ndjson"):
        land(tmp_path / "gone.ndjson")
    path = write(tmp_path / "x.csv", b"a,b\n")
    with pytest.raises(UnreadableExport, match="mapping"):
        land(path, "generic")
    with pytest.raises(UnreadableExport, match="zendesk"):
        land(path, "helpscout")


def test_an_export_that_grows_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "tickets.ndjson", ndjson([zendesk_ticket(0)]))
    with pytest.raises(UnreadableExport, match="changed"):
        land(path, on_progress=lambda done, total: path.write_bytes(ndjson([zendesk_ticket(0), zendesk_ticket(1)])))


def test_progress_ends_at_the_total(tmp_path: Path) -> None:
    path = write(tmp_path / "tickets.ndjson", ndjson([zendesk_ticket(number) for number in range(500)]))
    seen: list[tuple[int, int]] = []
    land(path, on_progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (path.stat().st_size, path.stat().st_size)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_parquet_appears_whole_with_its_manifest_and_the_same_twice(tmp_path: Path) -> None:
    path = write(tmp_path / "tickets.ndjson", ndjson([zendesk_ticket(0), {"id": None}]))
    contents = []
    for _ in range(2):
        manifest = land_export_to_parquet(
            UPath(path),
            raw_tickets=UPath(tmp_path / "lake" / "raw.parquet"),
            rejected_records=UPath(tmp_path / "lake" / "rejected.parquet"),
            export_id=EXPORT_ID,
            helpdesk_kind="zendesk",
            source="desk",
        )
        contents.append((tmp_path / "lake" / "raw.parquet").read_bytes())
    assert contents[0] == contents[1]
    assert sorted(file.name for file in (tmp_path / "lake").iterdir()) == ["raw.parquet", "rejected.parquet"]
    raw = pq.read_table(tmp_path / "lake" / "raw.parquet")
    assert raw.schema.remove_metadata().equals(SCHEMAS["raw_tickets"])
    assert pq.read_schema(tmp_path / "lake" / "rejected.parquet").remove_metadata().equals(SCHEMAS["rejected_records"])
    noted = json.loads(pq.read_metadata(tmp_path / "lake" / "raw.parquet").metadata[b"understudy"])
    assert noted == manifest.to_dict()
    assert (noted["records_read"], raw.num_rows) == (2, 1)


def test_a_failed_landing_leaves_nothing_behind(tmp_path: Path) -> None:
    old = write(tmp_path / "lake" / "raw.parquet", b"the last good one")
    with pytest.raises(UnreadableExport):
        land_export_to_parquet(
            UPath(tmp_path / "gone"),
            raw_tickets=UPath(old),
            rejected_records=UPath(tmp_path / "lake" / "rejected.parquet"),
            export_id=EXPORT_ID,
            helpdesk_kind="zendesk",
            source="desk",
        )
    assert old.read_bytes() == b"the last good one"
    assert [file.name for file in (tmp_path / "lake").iterdir()] == ["raw.parquet"]


def test_an_export_on_another_file_system(tmp_path: Path) -> None:
    path = UPath("memory://inbox/tickets.ndjson.gz")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pack_gzip(ndjson([zendesk_ticket(0)])))
    counts: list[int] = []
    manifest = land_export(
        path,
        export_id=EXPORT_ID,
        helpdesk_kind="zendesk",
        source="desk",
        on_batch=lambda name, batch: counts.append(batch.num_rows),
    )
    assert (manifest.records_landed, counts) == (1, [1])


def test_only_defects_are_counted_as_defects() -> None:
    assert not RejectReason.UNUSED_FILE.is_defect
    assert RejectReason.TRUNCATED_JSON.is_defect


def test_an_encrypted_member_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", pack_zip({"tickets.ndjson": ndjson([zendesk_ticket(0)])}))
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        assert archive.infolist()[0].header_offset == 0
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    landed = land(write(path, bytes(content)))
    assert landed.reasons() == ["unreadable_file"]
    assert "encrypted" in landed.rejected[0]["detail"]


def test_the_real_export_lands_whole(shared_data: Path) -> None:
    path = shared_data / "thunderbird" / "zendesk" / "tickets-2024-03.ndjson.gz"
    landed = land(path)
    with gzip.open(path) as file:
        expected = sum(1 for line in file if line.strip())
    assert (len(landed.rows), landed.rejected) == (expected, [])
