"""Hostile and broken help centers: one clear error each, every other article unharmed."""

import json
import re
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets.audit_tickets.texts.html_text import html_to_text
from assets.build_knowledge.articles.article_records import BadArticle
from tests.assets.build_knowledge.articles.help_centers import cut, read, write_lines, zendesk

few = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def cut_or_reason(body: str) -> tuple[list[dict[str, Any]], str | None]:
    """The sections of a body, or why it was refused."""
    try:
        return cut(body), None
    except BadArticle as error:
        return [], error.reason


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('{"id": 1, "title": "x", "body": "<p>', "truncated_json"),
        ('{"id": 1, "title": "x" "body": 3}', "invalid_json"),
        ("[1, 2]", "not_an_object"),
        ('"text"', "not_an_object"),
        ('{"id": 1}', "unknown_shape"),
        (json.dumps(zendesk(1, title=None)), "missing_title"),
        (json.dumps(zendesk(1, body={"a": 1})), "wrong_type"),
        (json.dumps(zendesk(1, body=None)), "empty_article"),
        (json.dumps(zendesk(1, updated_at="2026-02-30T00:00:00Z")), "impossible_date"),
        (json.dumps({**zendesk(1), "id": None}), "missing_id"),
        (json.dumps(zendesk(1, body="x" * 10_000_000)), "record_too_large"),
        (json.dumps(zendesk(1, body="x" * 1_500_000)), "record_too_large"),
        (json.dumps(zendesk(1, body="<p>many words</p>" * 20_000)), "record_too_large"),
        (json.dumps(zendesk(1, body="<h2>a</h2><p>b</p>" * 500)), "too_many_sections"),
        ('{"id": 1, "title": "x", "deep": ' + "[" * 5000 + "]" * 5000 + "}", "nested_too_deep"),
    ],
    ids=lambda value: value if len(value) < 30 else None,
)
@pytest.mark.parametrize("layout", ["lines", "page"])
def test_one_bad_article_is_one_error(tmp_path, bad, reason, layout):
    good = [json.dumps(zendesk(number)) for number in (2, 3)]
    if layout == "lines":
        write_lines(tmp_path / "articles.json", [good[0], bad, good[1]])
    else:
        (tmp_path / "articles.json").write_text('{"articles": [' + ",".join([good[0], bad, good[1]]) + "]}")
    center = read(tmp_path)
    assert center.sections["article_id"].tolist() == ["zendesk:2", "zendesk:3"]
    if layout == "lines" and bad != "[1, 2]":
        assert center.rejected["reason"].tolist() == [reason]
        assert center.rejected["line"].tolist() == [2]
    assert len(center.rejected) >= 1
    assert center.report.count_defects == len(center.rejected)


def test_a_ten_megabyte_file_and_wrong_bytes_are_one_error_each(tmp_path):
    (tmp_path / "big.md").write_text("# Big\n\n" + "word " * 2_000_000, encoding="utf-8")
    (tmp_path / "bytes.md").write_bytes(b"# T\n\n\xff\xfe\xfa text")
    (tmp_path / "cut.json.gz").write_bytes(b"\x1f\x8b\x08\x00broken")
    (tmp_path / "good.md").write_text("Text\n", encoding="utf-8")
    write_lines(tmp_path / "good.ndjson", [zendesk(1)])
    center = read(tmp_path)
    assert sorted(center.sections["article_id"]) == ["file:good.md", "zendesk:1"]
    reasons = dict(zip(center.rejected["source_file"], center.rejected["reason"], strict=True))
    assert reasons.keys() == {"big.md", "bytes.md", "cut.json.gz"}
    assert reasons["big.md"] == "record_too_large"
    assert reasons["bytes.md"] == "bad_encoding"


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 50_000 + "x",
        "<ul><li>" * 30_000 + "x",
        "<table><tr><td>" * 20_000 + "x",
        "<b><i>" * 30_000 + "x",
        "<span data-for='win'>" * 30_000 + "x",
        "<span data-for='win'>x</span> " * 8_000,
        "".join(f"<span data-for='v{n}'>x</span>" for n in range(2_000)) + "x",
        "".join(f"<ol><li><span data-for='app{n}'>x</span>y</li></ol>" for n in range(800)),
        "".join(f"<p>a <span data-for='w{n}'>b</span><span data-for='not w{n}'>c</span></p>" for n in range(400)),
        "<a href='" + "x" * 200_000 + "'>x</a>",
        "{for win}" * 30_000 + "x",
        "<!--" * 50_000 + "x",
        "&lt;!--" * 50_000 + "x",
        "<" * 300_000 + "x",
        "x\x00\x00<p>\x00y</p>",
        "<style>" + ".a{" * 50_000 + "</style><p>x</p>",
        "<p>If you " + "are on a " * 30_000 + "</p>",
    ],
    ids=range(17),
)
def test_hostile_markup_is_bounded(body):
    start = time.process_time()
    rows, reason = cut_or_reason(body)
    assert time.process_time() - start < 10
    assert reason in (None, "record_too_large", "too_many_sections", "too_many_audiences", "empty_article")
    assert not any("\x00" in row["text"] or "<script" in row["text"] for row in rows)


@few
@given(
    st.text(alphabet=st.sampled_from("<>/ap=\"' spandatforwi{}!-;#&x0h2l\n\x00\ud800é\ue001\ue004\ue010"), max_size=400)
)
def test_any_body_is_cut_or_refused(body):
    rows, reason = cut_or_reason(body)
    assert reason == (None if rows else "empty_article")
    for row in rows:
        row["text"].encode("utf-8")
        assert row["text"].strip()
        assert not any("\ue000" <= character <= "\uf8ff" for character in row["text"])


MARKED = [
    "<p>",
    "</p>",
    "<ul><li>",
    "</li></ul>",
    "<ol><li>",
    "</li></ol>",
    "<span data-for='win'>",
    "<span data-for='not mac'>",
    "<span data-for='pro'>",
    "<span hidden>",
    "</span>",
    "<h2>",
    "</h2>",
    "alpha ",
    "beta ",
    "On a Mac, ",
    "<table><tr><td>",
    "</td></tr></table>",
]


@few
@given(st.lists(st.sampled_from(MARKED), max_size=25))
def test_no_hidden_word_shows_and_no_plain_word_is_lost(parts):
    body = "".join(parts)
    rows, _ = cut_or_reason(body)
    visible = html_to_text(body)
    shown = " ".join(row["text"] + " ".join(row["headings"]) for row in rows)
    for word in ("alpha", "beta"):
        assert (word in shown) <= (word in visible)
    if "<h2>" not in parts and not any("data-for" in part or "Mac" in part for part in parts):
        assert re.findall(r"\w+", shown) == re.findall(r"\w+", visible)


@few
@given(data=st.data())
def test_a_damaged_record_costs_no_other_article(tmp_path_factory, data):
    records = [json.dumps(zendesk(number)).encode() for number in range(6)]
    victim = data.draw(st.integers(0, 5))
    raw = records[victim]
    at = data.draw(st.integers(0, len(raw) - 1))
    kind = data.draw(st.integers(0, 2))
    if kind == 0:
        records[victim] = raw[:at]
    elif kind == 1:
        records[victim] = raw[:at] + bytes([raw[at] ^ (1 << data.draw(st.integers(0, 7)))]) + raw[at + 1 :]
    else:
        records[victim] = raw[:at] + data.draw(st.binary(min_size=1, max_size=20)) + raw[at:]
    root = tmp_path_factory.mktemp("center")
    (root / "articles.ndjson").write_bytes(b"\n".join(records))
    center = read(root)
    others = {f"zendesk:{number}" for number in range(6) if number != victim}
    assert others <= set(center.sections["article_id"])
