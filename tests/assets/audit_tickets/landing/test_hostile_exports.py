"""Hostile exports: whatever is done to one record or to the file, counts add up and every other record lands."""

from __future__ import annotations

import json
import tempfile
import zlib
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.audit_tickets.landing.records import LandingLimits, UnreadableExport
from tests.assets.audit_tickets.landing.sample_exports import (
    QUESTION_HEADER,
    Landed,
    forum_mapping,
    freshdesk_ticket,
    intercom_conversation,
    land,
    pack_gzip,
    pack_zip,
    question_row,
    zendesk_page_ticket,
    zendesk_ticket,
)

LIMITS = LandingLimits(max_record_bytes=20_000, chunk_bytes=4_096, free_expansion_bytes=1 << 20)
COUNT = 8
MAKERS = {"zendesk": zendesk_ticket, "freshdesk": freshdesk_ticket, "intercom": intercom_conversation}
SECTION = {"zendesk": "tickets", "freshdesk": "tickets", "intercom": "conversations"}
few = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

positions = st.integers(0, 10_000)
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.lists(st.integers(), max_size=3),
    st.just({"id": {"id": []}}),
    st.sampled_from(
        ["0000-00-00T00:00:00Z", "2024-02-30T00:00:00Z", "9999-12-31T23:59:59Z", "1969-12-31T23:59:59Z", "soon"]
    ),
)


def _swap_field(record: dict[str, Any], position: int, value: Any) -> bytes:
    names = sorted(record)
    changed = {**record, names[position % len(names)]: value}
    return json.dumps(changed).encode()


def _drop_field(record: dict[str, Any], position: int) -> bytes:
    names = sorted(record)
    return orjson.dumps({name: value for name, value in record.items() if name != names[position % len(names)]})


def _flip(raw: bytes, position: int, bit: int) -> bytes:
    at = position % len(raw)
    return raw[:at] + bytes([raw[at] ^ (1 << bit)]) + raw[at + 1 :]


def _insert(raw: bytes, position: int, junk: bytes) -> bytes:
    at = position % len(raw)
    return raw[:at] + junk + raw[at:]


@st.composite
def damaged_records(draw: st.DrawFn, record: dict[str, Any]) -> bytes:
    """One record's bytes after something bad happened to them."""
    raw = orjson.dumps(record)
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return raw[: draw(st.integers(0, len(raw) - 1))]
    if kind == 1:
        return _flip(raw, draw(positions), draw(st.integers(0, 7)))
    if kind == 2:
        return _insert(raw, draw(positions), draw(st.binary(min_size=1, max_size=30)))
    if kind == 3:
        return _insert(raw, draw(positions), b"x" * 30_000)
    if kind == 4:
        return _swap_field(record, draw(positions), draw(values))
    if kind == 5:
        return _drop_field(record, draw(positions))
    if kind == 6:
        return raw[:-1] + b',"id":' + orjson.dumps(draw(st.integers(-5, 5))) + b"}"
    if kind == 7:
        return json.dumps({**record, "subject": "Grüße aus Köln"}, ensure_ascii=False).encode("latin-1", "replace")
    if kind == 8:
        return raw[:-1] + b',"deep":' + b"[" * draw(st.sampled_from([300, 2_000, 9_000])) + b"}"
    return raw[:-1] + draw(
        st.sampled_from([b',"n":NaN}', b',"s":"\\ud800"}', b',"z":"\\u0000"}', b',"b":1' + b"0" * 5_000 + b"}"])
    )


def _lay_out(layout: str, section: str, raws: list[bytes]) -> bytes:
    if layout == "lines":
        return b"\n".join(raws) + b"\n"
    if layout == "list":
        return b"[" + b",".join(raws) + b"]"
    return b'{"count":8,"' + section.encode() + b'":[' + b",\n".join(raws) + b'],"next_page":null}'


def _land(content: bytes, name: str, kind: str, **arguments: Any) -> Landed:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return land(path, kind, limits=LIMITS, **arguments)


def _assert_lands_whole(landed: Landed, expected: list[dict[str, Any]]) -> None:
    found = [json.dumps(payload, sort_keys=True) for payload in landed.payloads()]
    for record in expected:
        assert found.count(json.dumps(record, sort_keys=True)) == 1, landed.rejected


def _assert_readable_downstream(landed: Landed) -> None:
    if landed.rows:
        texts = [row["payload"] for row in landed.rows]
        valid = duckdb.execute(
            "select bool_and(json_valid(p)) from (select unnest(?::varchar[]) p)", [texts]
        ).fetchone()
        assert valid == (True,)


@pytest.mark.parametrize("kind", sorted(MAKERS))
@pytest.mark.parametrize("layout", ["lines", "list", "page"])
@few
@given(data=st.data())
def test_a_damaged_record_costs_no_other_record(kind: str, layout: str, data: st.DataObject) -> None:
    records = [MAKERS[kind](number) for number in range(COUNT)]
    raws = [orjson.dumps(record) for record in records]
    victim = data.draw(st.integers(0, COUNT - 1))
    raws[victim] = data.draw(damaged_records(records[victim]))
    landed = _land(_lay_out(layout, SECTION[kind], raws), "export.json", kind)
    _assert_lands_whole(landed, records[:victim] + records[victim + 1 :])
    _assert_readable_downstream(landed)


@few
@given(data=st.data())
def test_several_damaged_records_in_a_page_of_api_tickets(data: st.DataObject) -> None:
    records = [zendesk_page_ticket(number) for number in range(COUNT)]
    raws = [orjson.dumps(record) for record in records]
    victims = data.draw(st.sets(st.integers(0, COUNT - 1), min_size=1, max_size=3))
    for victim in victims:
        raws[victim] = data.draw(damaged_records(records[victim]))
    users = orjson.dumps([{"id": 1, "name": "Robin Falk", "email": "robin@example.org", "role": "end-user"}])
    content = b'{"tickets":[' + b",".join(raws) + b'],"users":' + users + b"}"
    landed = _land(content, "incremental.json", "zendesk")
    _assert_lands_whole(landed, [record for number, record in enumerate(records) if number not in victims])


@pytest.mark.parametrize("layout", ["lines", "list"])
@few
@given(cut=st.integers(0, 100_000), is_packed=st.booleans())
def test_a_file_cut_anywhere_lands_what_came_before(layout: str, cut: int, is_packed: bool) -> None:
    records = [zendesk_ticket(number) for number in range(COUNT)]
    raws = [orjson.dumps(record) for record in records]
    content = _lay_out(layout, "tickets", raws)
    stored = pack_gzip(content) if is_packed else content
    stored = stored[: cut % len(stored)]
    readable = zlib.decompressobj(wbits=31).decompress(stored) if is_packed else stored
    landed = _land(stored, "tickets.ndjson.gz" if is_packed else "tickets.ndjson", "zendesk")
    ends = [content.index(raw) + len(raw) for raw in raws]
    _assert_lands_whole(landed, [record for record, end in zip(records, ends, strict=True) if end <= len(readable)])
    if is_packed and stored:
        assert landed.reasons().count("truncated_file") == 1


@pytest.mark.parametrize("packing", ["gz", "zip"])
@few
@given(position=st.integers(0, 100_000), bit=st.integers(0, 7), cut=st.booleans())
def test_a_damaged_archive_is_never_fatal(packing: str, position: int, bit: int, cut: bool) -> None:
    content = b"\n".join(orjson.dumps(zendesk_ticket(number)) for number in range(COUNT))
    stored = pack_gzip(content) if packing == "gz" else pack_zip({"tickets.ndjson": content})
    broken = stored[: position % len(stored)] if cut else _flip(stored, position, bit)
    try:
        landed = _land(broken, f"export.{packing if packing == 'zip' else 'ndjson.gz'}", "zendesk")
    except UnreadableExport:
        return
    assert landed.manifest.records_read >= (1 if broken else 0)


@few
@given(content=st.binary(max_size=400), kind=st.sampled_from(["zendesk", "freshdesk", "intercom"]))
def test_binary_junk_is_set_aside(content: bytes, kind: str) -> None:
    landed = _land(content, "tickets.json", kind)
    assert landed.rows == []


@few
@given(data=st.data())
def test_a_damaged_csv_row_costs_no_other_row(data: st.DataObject) -> None:
    rows = [question_row(number) for number in range(COUNT)]
    raws = [row.encode() for row in rows]
    victim = data.draw(st.integers(0, COUNT - 1))
    raw = raws[victim]
    kind = data.draw(st.integers(0, 4))
    if kind == 0:
        raw = raw[: data.draw(st.integers(0, len(raw) - 1))]
    elif kind == 1:
        raw = _flip(raw, data.draw(positions), data.draw(st.integers(0, 7)))
    elif kind == 2:
        raw = _insert(
            raw,
            data.draw(positions),
            data.draw(st.sampled_from([b'"', b",", b"\n", b'""', b'","', b"\xff", b"\x00", b'"\n"'])),
        )
    elif kind == 3:
        raw = _insert(raw, data.draw(positions), b"y" * 30_000)
    else:
        raw = data.draw(st.binary(max_size=40))
    raws[victim] = raw
    good = _land_csv([row.encode() for row in rows]).payloads()
    _assert_lands_whole(_land_csv(raws), good[:victim] + good[victim + 1 :])


def _land_csv(raws: list[bytes]) -> Landed:
    content = QUESTION_HEADER.encode() + b"\n" + b"\n".join(raws) + b"\n"
    return _land(content, "questions.csv", "generic", mapping=forum_mapping())
