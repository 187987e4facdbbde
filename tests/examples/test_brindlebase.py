"""The sample desk keeps the promises of its README: shapes, shares, planted cases, and reproducible bytes."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import io
import json
import re
import sys
import zipfile
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

DESK = Path(__file__).resolve().parents[2] / "examples" / "brindlebase"
RESERVED = re.compile(r"(^|\.)(example|example\.(org|com|net))$")
MAIL = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"brindlebase_{name}", DESK / "source" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _content(path: Path) -> bytes:
    """What a file holds, whatever the compressor did."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(data)
    if path.suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return b"".join(name.encode() + archive.read(name) for name in archive.namelist())
    return data


def _committed() -> list[Path]:
    """The desk's own files, without what a run or Python left beside them."""
    parts = ["inbox", "help_center", "answer_key", "source"]
    found = [p for p in DESK.iterdir() if p.is_file() and p.suffix in {".yaml", ".csv", ".md"}]
    found += [p for part in parts for p in (DESK / part).rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    return sorted(found)


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_content(DESK / "answer_key" / name).decode())))


@pytest.fixture(scope="module")
def exports() -> dict[str, list[dict[str, Any]]]:
    fresh = DESK / "inbox" / "freshdesk-2026-03"
    found = {f"freshdesk/{p.stem}": json.loads(p.read_text()) for p in sorted(fresh.glob("*.json"))}
    found["zendesk"] = [
        json.loads(line) for line in _content(DESK / "inbox" / "zendesk-2026-05.ndjson.gz").splitlines()
    ]
    found["intercom"] = [
        json.loads(line) for line in _content(DESK / "inbox" / "intercom-2026-05.jsonl.gz").splitlines()
    ]
    with zipfile.ZipFile(DESK / "inbox" / "zendesk-incremental-2026-06.zip") as archive:
        found["pages"] = [json.loads(archive.read(name)) for name in archive.namelist()]
    return found


@pytest.fixture(scope="module")
def ids(exports: dict[str, list[dict[str, Any]]]) -> dict[str, set[str]]:
    newer = {str(t["id"]) for page in exports["pages"] for t in page.get("tickets", [])}
    return {
        "freshdesk": {str(t["id"]) for t in exports["freshdesk/tickets"]},
        "zendesk": {str(t["id"]) for t in exports["zendesk"]} | newer,
        "intercom": {t["id"] for t in exports["intercom"]},
    }


@pytest.fixture(scope="module")
def key() -> list[dict[str, str]]:
    return _rows("tickets.csv.gz")


def test_volume_and_languages(key: list[dict[str, str]]) -> None:
    assert 900 <= len(key) <= 1200
    share = Counter(row["language"] for row in key)
    assert 0.06 <= share["de"] / len(key) <= 0.11
    assert 0.025 <= share["es"] / len(key) <= 0.06
    categories = Counter(row["true_category"] for row in key if row["true_category"])
    assert len(categories) >= 24
    assert min(categories.values()) < 10 < 60 < max(categories.values())


def test_answer_key_and_exports_hold_the_same_tickets(key: list[dict[str, str]], ids: dict[str, set[str]]) -> None:
    for helpdesk, found in ids.items():
        assert {row["ticket_id"] for row in key if row["helpdesk"] == helpdesk} == found
    for row in key:
        if row["duplicate_of"]:
            helpdesk, _, ticket = row["duplicate_of"].partition(":")
            assert ticket in ids[helpdesk]


def test_freshdesk_shape(exports: dict[str, list[dict[str, Any]]]) -> None:
    tickets = {t["id"] for t in exports["freshdesk/tickets"]}
    assert all(
        {"description_text", "status", "source", "custom_fields", "stats"} <= t.keys() and t["status"] in (2, 3, 4, 5)
        for t in exports["freshdesk/tickets"]
    )
    assert all(c["ticket_id"] in tickets and isinstance(c["private"], bool) for c in exports["freshdesk/conversations"])
    assert {r["ratings"]["default_question"] for r in exports["freshdesk/satisfaction_ratings"]} == {
        103,
        -103,
    }


def test_zendesk_shapes_and_superseding(exports: dict[str, list[dict[str, Any]]]) -> None:
    assert all(t["comments"] and t["requester"]["id"] == t["comments"][0]["author_id"] for t in exports["zendesk"])
    older = {t["id"]: t for t in exports["zendesk"]}
    newer = {t["id"]: t for page in exports["pages"] for t in page.get("tickets", [])}
    both = older.keys() & newer.keys()
    assert len(both) >= 20
    assert newer.keys() - older.keys()
    assert all(newer[i]["updated_at"] > older[i]["updated_at"] for i in both)
    assert any(
        older[i]["satisfaction_rating"]["score"] == "offered"
        and newer[i]["satisfaction_rating"]["score"] in ("good", "bad")
        for i in both
    )
    assert any(older[i]["status"] in ("solved", "closed") and newer[i]["status"] == "open" for i in both) or any(
        m["reopens"] for page in exports["pages"] for m in page.get("metric_sets", [])
    )
    assert all("ticket_id" in c for page in exports["pages"] for c in page.get("comments", []))


def test_intercom_shape(exports: dict[str, list[dict[str, Any]]]) -> None:
    parts = [p for t in exports["intercom"] for p in t["conversation_parts"]["conversation_parts"]]
    assert {p["part_type"] for p in parts} >= {"comment", "note", "assignment", "close"}
    assert any(
        p["author"]["type"] == "bot" and p["author"]["name"] == "Brindle Helper" and p["part_type"] == "comment"
        for p in parts
    )
    assert all(isinstance(t["created_at"], int) and isinstance(t["id"], str) for t in exports["intercom"])


def test_times_are_coherent(exports: dict[str, list[dict[str, Any]]]) -> None:
    for ticket in exports["zendesk"]:
        times = [c["created_at"] for c in ticket["comments"]]
        assert times == sorted(times)
        assert times[0] == ticket["created_at"] <= ticket["updated_at"]
    for chat in exports["intercom"]:
        assert all(p["created_at"] >= chat["created_at"] for p in chat["conversation_parts"]["conversation_parts"])


def test_labels_are_missing_and_wrong_as_promised(
    exports: dict[str, list[dict[str, Any]]], key: list[dict[str, str]]
) -> None:
    topics = [t["custom_fields"]["cf_topic"] for t in exports["freshdesk/tickets"]]
    topics += [next(f["value"] for f in t["custom_fields"] if f["id"] == 4410101) for t in exports["zendesk"]]
    topics += [t["custom_attributes"].get("Topic") for t in exports["intercom"]]
    assert 0.28 <= sum(t in (None, "other", "Other") for t in topics) / len(topics) <= 0.42
    known = yaml.safe_load((DESK / "categories.yaml").read_text())["categories"]
    assert 15 <= len(known) <= 20
    assert all(3 <= len(c["examples"]) <= 6 and c["bucket"] is None for c in known)
    labels = {label for c in known for label in c["labels"]}
    assert labels <= set(topics)
    assert sum(len(c["labels"]) for c in known) == len(labels)
    assert 0.02 <= sum("wrong_label" in row["planted"] for row in key) / len(key) <= 0.05


@pytest.mark.parametrize(
    "case",
    [
        "wrong_label",
        "hidden_html",
        "hidden_injection",
        "mood_furious",
        "mood_distress",
        "mood_person",
        "reopened_late",
        "same_text_protest",
        "same_text_outage",
        "duplicate_same_text",
        "duplicate_reworded",
        "merged",
        "deleted",
        "spam_marked",
        "spam_unmarked",
        "automated_out_of_office",
        "automated_delivery",
        "automated_monitoring",
    ],
)
def test_planted_case_is_there(case: str, key: list[dict[str, str]]) -> None:
    assert sum(case in row["planted"].split(";") for row in key) >= 3


def test_some_people_wrote_in_two_helpdesks(key: list[dict[str, str]]) -> None:
    where: dict[str, set[str]] = {}
    for row in key:
        where.setdefault(row["person"], set()).add(row["helpdesk"])
    assert sum(len(found) > 1 for found in where.values()) >= 30


def test_every_entry_of_the_key_exists(key: list[dict[str, str]]) -> None:
    entries = {e["id"] for e in yaml.safe_load((DESK / "answer_key" / "entries.yaml").read_text())["entries"]}
    assert {row["true_entry"] for row in key} - {""} <= entries
    pairs = _rows("condition_pairs.csv")
    assert len(pairs) >= 20
    assert all({p["entry_a"], p["entry_b"]} <= entries and json.loads(p["phrasings"]) for p in pairs)


def test_articles_and_their_defects() -> None:
    articles = {
        a["id"]: a for a in map(json.loads, (DESK / "help_center" / "articles.ndjson").read_text().splitlines())
    }
    assert len(articles) >= 30
    defects = _rows("knowledge_defects.csv")
    assert all(int(i) in articles for d in defects for i in d["article_ids"].split(";"))
    assert {d["defect"] for d in defects} >= {
        "stale",
        "contradiction",
        "duplicate",
        "unowned",
        "deprecated_price",
        "dead_link",
        "unsafe",
        "not_customer_language",
    }
    unowned = {int(d["article_ids"]) for d in defects if d["defect"] == "unowned"}
    assert unowned == {i for i, a in articles.items() if a["owner"] is None}


def test_trigger_conversations_have_both_sides() -> None:
    sides = Counter((row["reason"], row["must_escalate"]) for row in _rows("trigger_conversations.csv"))
    for reason in (
        "cancelling",
        "refund_above_limit",
        "legal",
        "security",
        "billing_dispute",
        "distress",
        "frustration",
        "asks_for_person",
        "data_deletion",
    ):
        assert sides[reason, "true"] >= 3
        assert sides[reason, "false"] >= 3


def test_personal_data_stands_word_for_word_in_the_exports(exports: dict[str, list[dict[str, Any]]]) -> None:
    texts = {("freshdesk", str(c["id"])): c["body_text"] for c in exports["freshdesk/conversations"]}
    texts |= {("freshdesk", f"description/{t['id']}"): t["description_text"] for t in exports["freshdesk/tickets"]}
    rows = [r for r in _rows("personal_data.csv.gz") if r["helpdesk"] == "freshdesk"]
    assert {r["type"] for r in _rows("personal_data.csv.gz")} >= {
        "name",
        "email",
        "phone",
        "card",
        "iban",
        "ip",
        "order_id",
        "address",
    }
    for row in rows:
        comment = f"description/{row['ticket_id']}" if row["comment_id"] == "description" else row["comment_id"]
        assert row["string"] in texts["freshdesk", comment]


def test_no_address_outside_reserved_domains() -> None:
    for path in _committed():
        for match in MAIL.finditer(_content(path).decode(errors="replace")) if path.suffix != ".py" else ():
            assert RESERVED.search(match[1]), f"{path.name}: {match[0]}"


def test_history_never_uses_an_opening_of_the_pilot(key: list[dict[str, str]]) -> None:
    used = {row["opening"] for row in key}
    new = list(_module("pilot").pilot_tickets(count=250))
    assert not used & {t["opening"] for t in new}
    assert [t["created_at"] for t in new] == sorted(t["created_at"] for t in new)
    assert {t["planted"] for t in new} == {"good", "bad", "too_small", None}


def test_the_source_gives_the_committed_bytes(tmp_path: Path) -> None:
    _module("generate").generate(tmp_path)
    made = sorted(p for p in tmp_path.rglob("*") if p.is_file())
    assert len(made) >= 13
    for path in made:
        assert _content(path) == _content(DESK / path.relative_to(tmp_path)), path.name


def test_the_desk_is_small() -> None:
    assert sum(p.stat().st_size for p in _committed()) < 4_000_000
